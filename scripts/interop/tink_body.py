#!/usr/bin/env python3
"""Opens the body of TND1 objects with Tink (PyPI tink 1.16.1), an implementation that is not ours.

usage: tink_body.py FILE.jsonl

Each line is {"aad", "chunk", "dek", "path", "sha256"}: associated data and key in hex, the sealed
size of a chunk, the object's path relative to the file, and the digest of the plaintext in hex.
The test "objects at chunk boundaries, for Tink to open" of VaultTests writes such a file into the
folder named by TUNDISH_INTEROP_OUT. Prints a verdict; the exit status is 1 unless every object
opens, its digest fits, its commitment is HKDF-SHA256's, and Tink refuses it once altered.
"""

import hashlib
import hmac
import io
import json
import pathlib
import sys

import tink
from tink import cleartext_keyset_handle, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

HEADER = 76
TYPE_URL = "type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey"


def primitive(dek: bytes, chunk: int) -> streaming_aead.StreamingAead:
    """A Tink streaming AEAD for one data-encryption key."""
    key = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(
        version=0,
        key_value=dek,
        params=aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
            ciphertext_segment_size=chunk,
            derived_key_size=32,
            hkdf_hash_type=common_pb2.SHA256,
        ),
    )
    keyset = tink_pb2.Keyset(
        primary_key_id=1,
        key=[
            tink_pb2.Keyset.Key(
                key_data=tink_pb2.KeyData(
                    type_url=TYPE_URL,
                    value=key.SerializeToString(),
                    key_material_type=tink_pb2.KeyData.SYMMETRIC,
                ),
                status=tink_pb2.ENABLED,
                key_id=1,
                output_prefix_type=tink_pb2.RAW,
            )
        ],
    )
    handle = cleartext_keyset_handle.read(tink.BinaryKeysetReader(keyset.SerializeToString()))
    return handle.primitive(streaming_aead.StreamingAead)


def decrypt(aead: streaming_aead.StreamingAead, body: bytes, aad: bytes) -> bytes:
    with aead.new_decrypting_stream(io.BytesIO(body), aad) as stream:
        return stream.read()


def commitment(dek: bytes, aad: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869), empty salt, one block."""
    pseudorandom = hmac.new(bytes(32), dek, hashlib.sha256).digest()
    return hmac.new(pseudorandom, b"tnd1/commit" + aad + b"\x01", hashlib.sha256).digest()


def check(line: dict, folder: pathlib.Path) -> str | None:
    """Why an object fails; None when all is well."""
    sealed = (folder / line["path"]).read_bytes()
    dek, aad = bytes.fromhex(line["dek"]), bytes.fromhex(line["aad"])
    if sealed[:44] != aad[:44]:
        return "the associated data is not the header's"
    if sealed[44:HEADER] != commitment(dek, aad):
        return "the key commitment is not HKDF-SHA256's"
    aead = primitive(dek, line["chunk"])
    try:
        plain = decrypt(aead, sealed[HEADER:], aad)
    except (tink.TinkError, OSError, ValueError) as error:
        return f"Tink does not open it: {error}"
    if hashlib.sha256(plain).hexdigest() != line["sha256"]:
        return "the plaintext is another one"
    altered = sealed[HEADER:-1] + bytes([sealed[-1] ^ 1])
    try:
        decrypt(aead, altered, aad)
    except (tink.TinkError, OSError, ValueError):
        return None
    return "Tink opens it after its last byte was altered"


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    path = pathlib.Path(sys.argv[1])
    streaming_aead.register()
    lines = [json.loads(text) for text in path.read_text().splitlines() if text]
    failures = 0
    for line in lines:
        if reason := check(line, path.parent):
            failures += 1
            print(f"  {line['path']}: {reason}")
    if failures or not lines:
        print(f"tink 1.16.1: FAILED {failures} of {len(lines)} objects")
        return 1
    print(f"tink 1.16.1: ok {len(lines)} objects")
    return 0


if __name__ == "__main__":
    sys.exit(main())
