#!/usr/bin/env python3
"""Writes the wide held-out set: texts in many styles and languages with the personal data in them marked.

    python3 heldout.py FOLDER [--seed 20261123] [--rows 64]

writes heldout_dev.jsonl (to look at while mending) and heldout_report.jsonl (to report only; split by
template, every other line of a style). Rows: {"text", "spans": [{"start", "end", "type"}], "style",
"language", "template"}; offsets are code points. Nothing of it is ever trained on.
"""
import argparse
import json
import pathlib
import random
import re

import slots

here = pathlib.Path(__file__).parent
OCR = {"l": "1", "O": "0", "o": "0", "I": "l", "e": "c", "m": "rn", "B": "8", "S": "5", "i": "í", "u": "ii", ",": ".", "h": "b"}


def ocr(text, r):
    return "".join(OCR.get(c, c) if r.random() < .035 else ("" if c == " " and r.random() < .02 else c) for c in text)


def templates(path):
    style, lang = None, None
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("## "):
            style, lang = line[3:].split()
            number = 0
        elif line:
            number += 1
            yield style, lang, number, line


def row(style, lang, number, line, r):
    parts = re.split(r"(\{\{|\}\}|\{[a-z]+\})", line.replace("\\n", "\n").replace("\\t", "\t"))
    text, spans = "", []
    noisy = style == "ocr"
    for part in parts:
        label = None
        if part in ("{{", "}}"):
            part = part[0]
        elif part.startswith("{"):
            part, label = slots.fill(part[1:-1], lang, r)
            if style in ("speech", "lowercase"):
                part = part.lower()
            if style == "caps" or part and line.isupper():
                part = part.upper()
        upper = re.sub(r"\{[a-z]+\}", "", line).replace("\\n", "")
        if label and upper.isupper():
            part = part.upper()
        if noisy:
            part = ocr(part, r)
        if label and part:
            spans.append({"start": len(text), "end": len(text) + len(part), "type": label})
        text += part
    return {"text": text, "spans": spans, "style": style, "language": lang, "template": f"{style}-{lang}-{number}"}


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("folder")
    ap.add_argument("--seed", type=int, default=20261123)
    ap.add_argument("--rows", type=int, default=64)
    a = ap.parse_args()
    out = pathlib.Path(a.folder)
    groups = {}
    for style, lang, number, line in [*templates(here / "styles.txt"), *templates(here / "negatives.txt")]:
        groups.setdefault((style, lang), []).append((number, line))
    files = {"dev": [], "report": []}
    for (style, lang), lines in groups.items():
        negative = style.startswith("negative")
        for number, line in lines:
            r = random.Random(f"{a.seed} {style} {lang} {number}")
            count = (6 if "{" in line else 1) if negative else -(-a.rows // len(lines))
            seen = set()
            for _ in range(count):
                made = row(style, lang, number, line, r)
                if made["text"] not in seen:
                    seen.add(made["text"])
                    files["dev" if number % 2 else "report"].append(made)
    for name, rows in files.items():
        text = "".join(json.dumps(x, ensure_ascii=False) + "\n" for x in rows)
        (out / f"heldout_{name}.jsonl").write_text(text, encoding="utf-8")
        print(name, len(rows), "rows,", sum(len(x["spans"]) for x in rows), "spans,",
              sum(x["style"].startswith("negative") for x in rows), "of them hard negatives")


if __name__ == "__main__":
    main()
