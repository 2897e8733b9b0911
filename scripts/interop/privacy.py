#!/usr/bin/env python3
"""Recomputes the table of the privacy accountant's tests with Opacus.

usage: python privacy.py [TESTFILE]

TESTFILE   PrivacyAccountantTests.swift; by default the one of this repository

Reads the rows between `opacus: begin` and `opacus: end`, `(q, sigma, steps, delta, epsilon)`, and
computes each epsilon again with Opacus' RDP accountant over the orders that the test names. Prints
one line, `opacus version: ok …` or `opacus version: FAILED …`; the exit status is 1 when it failed.
Needs: pip install opacus==1.6.0 (and torch, scipy, opt_einsum, which it imports)
"""

import re
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.simplefilter("ignore")
DEFAULT = Path(__file__).resolve().parents[2] / "Tests/TrainingTests/PrivacyAccountantTests.swift"
NUMBER = r"([-+.0-9e_]+)"
ROW = re.compile(r"\(" + r",\s*".join([NUMBER] * 5) + r"\)")


def rows(path):
    text = Path(path).read_text(encoding="utf-8")
    table = text.split("opacus: begin", 1)[1].split("opacus: end", 1)[0]
    return [tuple(float(cell.replace("_", "")) for cell in row) for row in ROW.findall(table)]


def main():
    from opacus.accountants.analysis import rdp

    orders = [1 + x / 10 for x in range(1, 100)] + list(range(12, 64))
    table = rows(sys.argv[1] if len(sys.argv) > 1 else DEFAULT)
    worst = 0.0
    for q, sigma, steps, delta, epsilon in table:
        spent = rdp.compute_rdp(q=q, noise_multiplier=sigma, steps=int(steps), orders=orders)
        found, _ = rdp.get_privacy_spent(orders=orders, rdp=spent, delta=delta)
        worst = max(worst, abs(found - epsilon) / epsilon)
    name = f"opacus {version('opacus')}"
    if len(table) < 10 or worst > 1e-9:
        print(f"{name}: FAILED {len(table)} rows, the largest difference is {worst:.1e}")
        return 1
    print(f"{name}: ok {len(table)} runs, the same epsilon to {worst:.0e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
