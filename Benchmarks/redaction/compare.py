#!/usr/bin/env python3
"""Detection beside other tools, on the same texts, in one run, by the same rules of scoring.

    python3 compare.py TUNDISH_SCAN GOLD.jsonl [GOLD.jsonl …]

TUNDISH_SCAN is a command that gets a file name and writes {"id", "spans"} lines, such as
".build/release/tagger-training scan FILE policies/all.yaml" with FILE where the name goes. The others run
when they can be imported: presidio-analyzer (its patterns only, since the language models that it needs for
names are not on PyPI) and datafog-core. Speed is bytes over processor time; ours holds the start of the
process. Install them into a virtual environment of your own:

    python3 -m venv .cache/compare && .cache/compare/bin/pip install presidio-analyzer==2.2.366 datafog-core==0.4.4
"""
import json
import os
import subprocess
import sys


def rows(path):
    return [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]


def gold(row):
    return [(s["start"], s["end"]) for s in row["spans"] if s.get("type", s.get("label")) != "TITLE"]


def titles(row):
    return [(s["start"], s["end"]) for s in row["spans"] if s.get("type", s.get("label")) == "TITLE"]


def merged(spans):
    out = []
    for a, b in sorted(spans):
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    return out


def score(data, predictions):
    """Leak, over-redaction and span F2 (spans of any type, merged where they touch)."""
    leaked = marked = taken = other = found = spans = right = made = 0
    for row, predicted in zip(data, predictions):
        n = len(row["text"])
        mask, truth, out = bytearray(n), bytearray(n), bytearray(n)
        for a, b in gold(row):
            truth[a:b] = b"\1" * (b - a)
        for a, b in titles(row):
            out[a:b] = b"\1" * (b - a)
        for a, b in predicted:
            for k in range(a, min(b, n)):
                if truth[k] or not out[k]:
                    mask[k] = 1
        for k in range(n):
            if truth[k]:
                marked += 1
                leaked += not mask[k]
            else:
                other += 1
                taken += mask[k]
        g, p = gold(row), merged(predicted)
        pairs = sorted(
            (-(min(b, y) - max(a, x)) / (max(b, y) - min(a, x)), i, j)
            for i, (a, b) in enumerate(g) for j, (x, y) in enumerate(p)
            if min(b, y) > max(a, x) and (min(b, y) - max(a, x)) * 2 >= max(b, y) - min(a, x))
        gi, pj = set(), set()
        for _, i, j in pairs:
            if i not in gi and j not in pj:
                gi.add(i), pj.add(j)
        spans, found, made, right = spans + len(g), found + len(gi), made + len(p), right + len(pj)
    r, p = found / max(spans, 1), right / max(made, 1)
    f2 = 5 * p * r / (4 * p + r) if p + r else 0
    return leaked / max(marked, 1), taken / max(other, 1), f2


def tundish(command):
    def run(path, data):
        text = subprocess.run(
            [path if word == "FILE" else word for word in command.split()],
            capture_output=True, text=True, check=True).stdout
        return [[(s["start"], s["end"]) for s in json.loads(line)["spans"]] for line in text.splitlines()]
    return run


def presidio():
    from presidio_analyzer import RecognizerRegistry
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    patterns = [r for r in registry.recognizers if type(r).__mro__[1].__name__ == "PatternRecognizer"]

    def run(path, data):
        out = []
        for row in data:
            spans = []
            for recognizer in patterns:
                for hit in recognizer.analyze(row["text"], recognizer.supported_entities, None) or []:
                    if hit.score >= 0.35:
                        spans.append((hit.start, hit.end))
            out.append(spans)
        return out
    return run


def datafog():
    import datafog_core

    def run(path, data):
        out = []
        for row in data:
            places = [finding.codepoint_range for finding in datafog_core.scan(row["text"])]
            spans = [(place.start, place.end) for place in places]
            out.append(spans)
        return out
    return run


def main():
    systems = [("Tundish", tundish(sys.argv[1]))]
    for name, make in (("Presidio 2.2.366, patterns only", presidio), ("datafog-core 0.4.4", datafog)):
        try:
            systems.append((name, make()))
        except Exception as error:
            print(f"{name}: not run ({type(error).__name__}: {error})", file=sys.stderr)
    print("| text | system | leak | over | span F2 | MB/s |\n|---|---|---|---|---|---|")
    for path in sys.argv[2:]:
        data = rows(path)
        size = sum(len(row["text"].encode()) for row in data)
        for name, run in systems:
            start = os.times()
            predictions = run(path, data)
            end = os.times()
            seconds = sum(end[:4]) - sum(start[:4])
            leak, over, f2 = score(data, predictions)
            title = path.rsplit("/", 1)[-1].removesuffix(".jsonl")
            print(f"| {title} | {name} | {leak:.3f} | {over:.3f} | {f2:.3f} | {size / seconds / 1e6:.3f} |")


if __name__ == "__main__":
    main()
