"""Rows for the pipeline benchmark: make_rows.py csv|jsonl MEGABYTES FILE. Seeded, no real data."""

import csv
import json
import random
import sys

COLUMNS = (
    "id email name phone city country product category price quantity currency rating sentiment "
    "review channel created updated source device notes"
).split()


def rows(seed=7):
    r = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(r.choice(letters) for _ in range(r.randint(2, 9))) for _ in range(4000)]
    texts = [" ".join(r.choice(words) for _ in range(r.randint(8, 40))) for _ in range(20000)]
    first = ["Ann", "Bo", "Cara", "Dan", "Eve", "Finn", "Gil", "Hana"]
    last = ["Roe", "Poe", "Low", "Katz", "Berg", "Silva"]
    number = 0
    while True:
        person = number // 3
        name = f"{first[person % 8]} {last[person % 6]}"
        yield [
            str(number), f"{name.replace(' ', '.').lower()}{person}@mail.example", name,
            f"+1 202 555 {person % 10000:04d}", r.choice(words).title(),
            r.choice(["DE", "US", "FR", "IT"]), r.choice(words), r.choice(words),
            f"{r.random() * 100:.2f}", str(r.randint(1, 9)), "EUR", str(r.randint(1, 5)),
            r.choice(["positive", "negative"]), f"{r.choice(texts)}, {name}",
            r.choice(["web", "store", "phone"]), f"2026-01-{1 + number % 28:02d} 10:11:12",
            f"2026-02-{1 + number % 28:02d}", "export", r.choice(["ios", "android", "desktop"]),
            r.choice(texts)[:60],
        ]
        number += 1


def main():
    kind, limit, path = sys.argv[1], float(sys.argv[2]) * 1e6, sys.argv[3]
    with open(path, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        if kind == "csv":
            writer.writerow(COLUMNS)
        for row in rows():
            if kind == "csv":
                writer.writerow(row)
            else:
                out.write(json.dumps(dict(zip(COLUMNS, row))) + "\n")
            if out.tell() >= limit:
                return


main()
