#!/usr/bin/env python3
"""Opens HPKE texts of ours with PyPI `cryptography`, and makes some for us.

usage: python hpke.py FILE      check every element of FILE
       python hpke.py --make    print such a FILE, made by `cryptography`

FILE is a JSON list of {"privateKey", "info", "plaintext", "sealed"}, all in hex; `privateKey` is the
recipient's X25519 key (32 bytes), `sealed` is enc32 ‖ ciphertext ‖ tag16 without associated data.
Suite: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180).

Prints `cryptography VERSION: ok …` or `… FAILED …`; the exit status is 1 on failure.
Needs: pip install 'cryptography>=48'
"""

import json
import os
import sys
from importlib.metadata import version


def suite():
    from cryptography.hazmat.primitives import hpke

    return hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def make():
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    made = []
    for size in (0, 32, 100):
        key, info, plaintext = X25519PrivateKey.generate(), os.urandom(size // 2), os.urandom(size)
        sealed = suite().encrypt(plaintext, key.public_key(), info)
        made.append({
            "privateKey": key.private_bytes_raw().hex(), "info": info.hex(),
            "plaintext": plaintext.hex(), "sealed": sealed.hex(),
        })
    return made


def check(elements):
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    for element in elements:
        key = X25519PrivateKey.from_private_bytes(bytes.fromhex(element["privateKey"]))
        opened = suite().decrypt(
            bytes.fromhex(element["sealed"]), key, bytes.fromhex(element["info"]))
        if opened != bytes.fromhex(element["plaintext"]):
            raise ValueError("opened to another plaintext")
    if not elements:
        raise ValueError("the file holds nothing to open")
    return f"{len(elements)} texts opened"


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    if sys.argv[1] == "--make":
        print(json.dumps(make(), indent=1))
        return 0
    found = "(missing)"
    try:
        found = version("cryptography")
        with open(sys.argv[1], encoding="utf-8") as file:
            print(f"cryptography {found}: ok {check(json.load(file))}")
        return 0
    except Exception as error:  # every failure is a finding
        print(f"cryptography {found}: FAILED {type(error).__name__}: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
