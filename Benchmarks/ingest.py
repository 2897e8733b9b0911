#!/usr/bin/env python3
"""Times the reading of CSV and JSON Lines beside its peers; prints MB/s and ratios.

usage: ingest.py OURS WORK [MEGABYTES]

OURS is the program ingestion-speed. Every reader gets one core and one thread, and the same file
from the page cache; what it takes to load a library is left out. Ours and theirs take turns; a
ratio is the median over the rounds of ours / theirs.
"""

import json
import os
import random
import resource
import statistics
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

ROUNDS = 3
WORDS = ("the delivery was late again and nobody answered my mail so I returned it , really good "
         "value for the price would buy it again Größe passt überhaupt nicht naïve café").split()

# Each prints its seconds of processor time, and the characters of text it saw.
TIMED = """
import sys, time
%s
start = time.process_time()
%s
print(time.process_time() - start, seen)
"""

CSV = {
    "csv of Python": ("import csv", """
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    seen = sum(len(row["text"]) for row in csv.DictReader(file))"""),
    "pandas": ("import pandas", """
seen = int(pandas.read_csv(sys.argv[1], dtype=str, keep_default_na=False)["text"].str.len().sum())"""),
    "duckdb": ("import duckdb\nduckdb.execute('SET threads = 1')", """
seen = sum(len(text) for _, _, text, _ in duckdb.execute(
    "FROM read_csv(?, all_varchar = true)", [sys.argv[1]]).fetchall())"""),
}
JSONL = {
    "json of Python": ("import json", """
with open(sys.argv[1], "rb") as file:
    seen = sum(len(json.loads(line)["text"]) for line in file)"""),
    "orjson": ("import orjson", """
with open(sys.argv[1], "rb") as file:
    seen = sum(len(orjson.loads(line)["text"]) for line in file)"""),
    "pandas": ("import pandas", """
seen = int(pandas.read_json(sys.argv[1], lines=True, dtype=False)["text"].str.len().sum())"""),
    "duckdb": ("import duckdb\nduckdb.execute('SET threads = 1')", """
seen = sum(len(text) for _, _, text, _ in duckdb.execute(
    "FROM read_json(?, format = 'newline_delimited')", [sys.argv[1]]).fetchall())"""),
}


def one_core():
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[-1]})


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=one_core)
    if done.returncode != 0:
        raise RuntimeError((done.stderr or done.stdout).strip().split("\n")[-1])
    return done.stdout


def name_of(peer):
    package = peer.split()[0]
    try:
        return f"{peer} {version(package)}"
    except PackageNotFoundError:
        return None if package in ("orjson", "pandas", "duckdb") else peer


def make(path, form, megabytes):
    rng, number = random.Random(7), 0
    with open(path, "w", encoding="utf-8", newline="") as file:
        if form == "csv":
            file.write("id,email,text,label\n")
        while file.tell() < megabytes * 1_000_000:
            lines = []
            for _ in range(500):
                number += 1
                text = " ".join(rng.choices(WORDS, k=rng.randint(8, 60)))
                if rng.random() < 0.2:
                    text += '\nso they "say"'
                row = [str(number), f"c{number % 9973}@shop.example", text, str(number % 5)]
                if form == "csv":
                    row[2] = '"' + text.replace('"', '""') + '"'
                    lines.append(",".join(row) + "\n")
                else:
                    lines.append(json.dumps(dict(zip(["id", "email", "text", "label"], row)),
                                            ensure_ascii=False) + "\n")
            file.write("".join(lines))
    return os.path.getsize(path) / 1e6


def main():
    ours, work = sys.argv[1], sys.argv[2]
    megabytes = int(sys.argv[3]) if len(sys.argv) > 3 else 100
    for form, peers in [("csv", CSV), ("jsonl", JSONL)]:
        path = os.path.join(work, "data." + form)
        size = make(path, form, megabytes)
        peers = {peer: code for peer, code in peers.items()
                 if name_of(peer) or print(f"{form}: {peer} is not installed, so not compared")}
        rounds, mine = {peer: [] for peer in peers}, []
        for _ in range(ROUNDS):
            own = json.loads(run([ours, path, "text=text,label=label"]))
            mine.append(own["cpu"])
            for peer, (setup, code) in peers.items():
                code = TIMED % (setup, code.strip("\n"))
                seconds = run([sys.executable, "-c", code, path]).strip().split("\n")[-1].split()[0]
                rounds[peer].append(float(seconds))
        print(f"{form}: {size:.0f} MB, {own['rows']} rows; ours "
              f"{size / statistics.median(mine):.0f} MB/s per core, peak {own['peakKiB'] >> 10} MiB")
        for peer, theirs in rounds.items():
            ratios = sorted(own / their for own, their in zip(mine, theirs))
            print(f"{form}: beside {name_of(peer)} ({size / statistics.median(theirs):.0f} MB/s): "
                  f"CPU time {statistics.median(ratios):.2f} of theirs "
                  f"({ratios[0]:.2f} to {ratios[-1]:.2f}, {ROUNDS} rounds)", flush=True)


if __name__ == "__main__":
    main()
