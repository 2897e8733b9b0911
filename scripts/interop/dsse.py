#!/usr/bin/env python3
"""Checks one of our provenance envelopes with other people's software.

usage: dsse.py FILE PUBKEY

FILE is a provenance.dsse.json; PUBKEY the signer's Ed25519 key: 64 hex digits, base64 of its 32
bytes, or a vkey (name+keyid+base64(0x01 || key)). Prints one line per validator and fails if one
does. Needs: securesystemslib 1.6, in-toto-attestation 0.9.3, cryptography.
"""

import base64
import hashlib
import json
import sys
from importlib.metadata import version


def public_key(text):
    if len(text) == 64 and all(c in "0123456789abcdef" for c in text.lower()):
        return bytes.fromhex(text)
    raw = base64.b64decode(text.split("+", 2)[2] if text.count("+") >= 2 else text)
    if len(raw) == 33 and raw[0] == 1:
        raw = raw[1:]
    if len(raw) != 32:
        raise SystemExit("dsse.py: PUBKEY is no Ed25519 key")
    return raw


def check_envelope(envelope, key):
    """The signature, and that it stops holding when one bit of the payload is another."""
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import VerificationError
    from securesystemslib.signer import SSlibKey

    keyid = hashlib.sha256(key).hexdigest()
    sslib_key = SSlibKey(keyid, "ed25519", "ed25519", {"public": key.hex()})
    parsed = Envelope.from_dict(envelope)
    accepted = parsed.verify([sslib_key], 1)
    if list(accepted) != [keyid]:
        raise ValueError("accepted keys are " + repr(list(accepted)))
    forged = bytearray(parsed.payload)
    forged[len(forged) // 2] ^= 1
    try:
        Envelope(bytes(forged), parsed.payload_type, parsed.signatures).verify([sslib_key], 1)
    except VerificationError:
        return "signature holds, a changed payload is refused"
    raise ValueError("a changed payload was accepted")


def check_statement(envelope):
    """Statement and predicate against the protobuf definitions."""
    from google.protobuf import json_format
    from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
    from in_toto_attestation.v1.statement import Statement
    import in_toto_attestation.v1.statement_pb2 as statement_pb2

    if envelope["payloadType"] != "application/vnd.in-toto+json":
        raise ValueError("payloadType " + envelope["payloadType"])
    body = json.loads(base64.b64decode(envelope["payload"], validate=True))
    message = json_format.ParseDict(body, statement_pb2.Statement())
    Statement.copy_from_pb(message).validate()
    predicate = json_format.ParseDict(body["predicate"], provenance_pb2.Provenance())
    definition = predicate.build_definition
    if not definition.build_type or not predicate.run_details.builder.id:
        raise ValueError("no build type or builder")
    return "%d subjects, %d dependencies, SLSA provenance v1" % (
        len(message.subject),
        len(definition.resolved_dependencies),
    )


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        envelope = json.load(file)
    key = public_key(sys.argv[2])
    failed = False
    for name, check in (
        ("securesystemslib", lambda: check_envelope(envelope, key)),
        ("in-toto-attestation", lambda: check_statement(envelope)),
    ):
        try:
            print("%s %s: ok (%s)" % (name, version(name), check()))
        except Exception as error:  # a validator may fail in ways of its own
            failed = True
            print("%s: FAILED %s: %s" % (name, type(error).__name__, error))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
