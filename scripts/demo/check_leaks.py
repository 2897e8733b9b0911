#!/usr/bin/env python3
"""Looks for every planted value in a redacted export.

usage: check_leaks.py PLANTED.json EXPORT.jsonl

A value survives if it stands anywhere in the export, whatever its case, spaces and punctuation.
"""
import json
import re
import sys


def squeeze(text):
    return re.sub(r"[^0-9a-z@]", "", text.lower())


planted = json.load(open(sys.argv[1], encoding="utf-8"))
rows = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            if not name.startswith("_"):
                yield from strings(member)
    elif isinstance(value, list):
        for member in value:
            yield from strings(member)


haystack = "\n".join(squeeze(text) for row in rows for text in strings(row))
survivors = [value for value in planted if squeeze(value) in haystack]
print(f"{len(planted)} planted values, {len(survivors)} survive in {len(rows)} records")
if survivors:
    for value in survivors[:10]:
        print(f"  survives: {value}")
    sys.exit(1)
