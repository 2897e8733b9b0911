"""Turns lines with [[marked]] personal data into JSONL rows: python3 marked.py things-check.txt > rows.jsonl"""

import json
import re
import sys

style = ""
for line in open(sys.argv[1], encoding="utf-8"):
    line = line.rstrip("\n")
    if line.startswith("## ") or not line:
        continue
    if line.startswith("# "):
        style = line[2:]
        continue
    text, spans, at = "", [], 0
    for mark in re.finditer(r"\[\[(.*?)\]\]", line):
        text += line[at : mark.start()]
        spans.append({"start": len(text), "end": len(text) + len(mark[1]), "label": "PERSON"})
        text, at = text + mark[1], mark.end()
    text += line[at:]
    print(json.dumps({"text": text, "spans": spans, "style": style}, ensure_ascii=False))
