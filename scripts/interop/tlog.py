#!/usr/bin/env python3
"""Checks a log folder and an inclusion proof with other people's code.

usage: python tlog.py LOGDIR VKEY PROOFFILE ENTRYFILE

LOGDIR     a folder with `checkpoint` and `tile/…` (c2sp.org/tlog-tiles)
VKEY       the log's verifier key (text), or a file with it
PROOFFILE  a `.tlog-proof` file (c2sp.org/tlog-proof)
ENTRYFILE  the entry that the proof is about, byte for byte

Prints one line per validator, `name version: ok …` or `name version: FAILED …`; the exit status is 1
when one failed. Needs: pip install tlog-scales==0.0.3 pymerkle==7.0.0
"""

import base64
import hashlib
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path


class Mismatch(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Mismatch(what)


class Proof:
    """The proof file, read by hand; the checkpoint in it is left to the validators."""

    def __init__(self, text):
        head, _, self.checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        expect(lines.pop(0) == "c2sp.org/tlog-proof@v1", "the proof's first line")
        if lines and lines[0].startswith("extra "):
            lines.pop(0)
        expect(lines and lines[0].startswith("index "), "the proof's index line")
        self.index = int(lines.pop(0).removeprefix("index "))
        self.path = [base64.b64decode(line, validate=True) for line in lines]


def read_entries(folder, size):
    """All entries of the log, from its bundles."""
    from tlog_scales.backend import LocalBackend
    from tlog_scales.reader import TilesReader

    reader = TilesReader(LocalBackend(folder))
    reader.set_size(size)
    return [reader.get_entry(index) for index in range(size)]


def sample(size):
    """Some sizes and indexes that are worth a look, all of them in a small log."""
    near = {0, 1, 2, 3, 127, 128, 255, 256, 257, 511, 512, 513, size // 2, size - 2, size - 1}
    return range(size) if size <= 64 else sorted(i for i in near if 0 <= i < size)


def check_tlog_scales(folder, vkey, proof, entry):
    from tlog_scales import tiles
    from tlog_scales.backend import LocalBackend
    from tlog_scales.reader import TilesReader
    from tlog_scales.signing import Vkey
    from tlog_scales.tlog import Checkpoint, InclusionProof

    key = Vkey.from_string(vkey)
    expect(key.serialize() == vkey and key.match(Checkpoint.from_text(
        (folder / "checkpoint").read_text()).signatures[0]), "the key id of the verifier key")
    reader = TilesReader(LocalBackend(folder))
    checkpoint = reader.get_checkpoint()
    checkpoint.verify(key)
    size, root = checkpoint.size, checkpoint.root_hash
    expect(reader.calculate_root_hash() == root, "the root over the tiles")
    for index in range(size):
        leaf = tiles.leaf_hash(reader.get_entry(index))
        expect(reader.mth(index, index + 1) == leaf, f"the leaf hash of entry {index}")
    for index in sample(size):
        leaf = tiles.leaf_hash(reader.get_entry(index))
        reader.get_inclusion_proof(index, size).check(leaf, root)
        if index == 0:
            continue  # there is nothing to prove, and tlog-scales has no proof from size 0
        reader.get_consistency_proof(index, size).check(reader.mth(0, index), root)

    proven = Checkpoint.from_text(proof.checkpoint)
    proven.verify(key)
    expect(proven.origin == checkpoint.origin, "the origin in the proof")
    InclusionProof(proof.index, proven.size, proof.path).check(
        tiles.leaf_hash(entry), proven.root_hash)
    if 0 < proven.size <= size:
        reader.get_consistency_proof(proven.size, size).check(proven.root_hash, root)
    return f"{size} entries, proof of entry {proof.index} in size {proven.size}"


def check_tlog_tiles_command(folder, proof, proof_text, entry):
    """The command line of tlog-scales; it takes a path for one only if it begins with / or ./"""
    command = Path(sysconfig.get_path("scripts")) / "tlog-tiles"
    if not command.exists():
        command = Path("tlog-tiles")

    def run(*arguments):
        done = subprocess.run([str(command), *map(str, arguments)], capture_output=True)
        expect(done.returncode == 0, done.stderr.decode().strip().split("\n")[-1])
        return done.stdout

    leaf = run("get-leaf", "--check", folder, proof.index)
    expect(leaf == entry, f"get-leaf {proof.index} gives another entry")
    made = run("gen-proof", folder, proof.index).decode()
    current = (folder / "checkpoint").read_text()
    if proof.checkpoint == current and "\nextra " not in proof_text:
        expect(made == proof_text, "gen-proof gives another proof")
        return "get-leaf --check, gen-proof equal byte for byte"
    return "get-leaf --check, gen-proof (of a later checkpoint)"


def check_pymerkle(folder, proof, entry):
    from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

    lines = (folder / "checkpoint").read_text().split("\n")
    size, root = int(lines[1]), base64.b64decode(lines[2])
    tree = InmemoryTree(algorithm="sha256")
    for each in read_entries(folder, size):
        tree.append_entry(each)
    expect(tree.get_size() == size, "the number of entries")
    expect((tree.get_root() if size else hashlib.sha256(b"").digest()) == root, "the root")
    for index in sample(size):
        if index:
            verify_consistency(
                tree.get_root(index), root, tree.prove_consistency(index, size),
                prior_size=index, later_size=size, algorithm="sha256")

    lines = proof.checkpoint.split("\n")
    size, root = int(lines[1]), base64.b64decode(lines[2])
    expect(tree.get_root(size) == root, "the root in the proof")
    made = tree.prove_inclusion(proof.index + 1, size)
    expect(made.path[1:] == proof.path, "the path in the proof")
    leaf = hashlib.sha256(b"\x00" + entry).digest()
    made.path = [leaf] + proof.path
    verify_inclusion(leaf, root, made, index=proof.index + 1, size=size, algorithm="sha256")
    return f"roots and paths equal, entry {proof.index} in size {size}"


def main():
    if len(sys.argv) != 5:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(sys.argv[1]).resolve()
    vkey = sys.argv[2].strip()
    if "+" not in vkey or Path(vkey).is_file():
        vkey = Path(vkey).read_text().strip()
    entry = Path(sys.argv[4]).read_bytes()
    failed = False
    validators = [
        ("tlog-scales", "tlog-scales", lambda p, _: check_tlog_scales(folder, vkey, p, entry)),
        ("tlog-tiles", "tlog-scales", lambda p, t: check_tlog_tiles_command(folder, p, t, entry)),
        ("pymerkle", "pymerkle", lambda p, _: check_pymerkle(folder, p, entry)),
    ]
    for name, package, validator in validators:
        found = "(missing)"
        try:
            found = version(package)
            text = Path(sys.argv[3]).read_bytes().decode()
            print(f"{name} {found}: ok {validator(Proof(text), text)}")
        except Exception as error:  # every failure of a validator is a finding
            failed = True
            print(f"{name} {found}: FAILED {type(error).__name__}: {error}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
