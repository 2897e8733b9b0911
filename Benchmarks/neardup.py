#!/usr/bin/env python3
"""Near duplicates beside rensa and datasketch, on one core each, in one run; prints ratios.

usage: Benchmarks/neardup [DOCUMENTS]   (20000)

Texts of about 1.2 kB are generated from a seed: words by Zipf's law, 10 % of them copies of
another with words replaced, so that the true similarity of each planted pair is known exactly.
All three get the same texts in memory, make sketches of 252 places over runs of five words, cut
them into 42 bands of 6, and look for pairs; ours alone then compares the pairs exactly.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import time
from importlib.metadata import version

ROUNDS = 3
BANDS, ROWS, WORDS = 42, 6, 5


def generate(count, seed=11):
    """Texts, and planted pairs (a, b, J)."""
    rng = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = sorted({"".join(rng.choice(letters) for _ in range(rng.randint(2, 10)))
                         for _ in range(30000)})
    rng.shuffle(vocabulary)
    weights = [1 / (rank + 10) for rank in range(len(vocabulary))]
    texts, pairs = [], []
    while len(texts) < count:
        words = rng.choices(vocabulary, weights, k=rng.randint(140, 240))
        texts.append(words)
        if rng.random() < 0.1 and len(texts) < count:
            copy = list(words)
            for _ in range(rng.randint(1, 9)):
                copy[rng.randrange(len(copy))] = rng.choice(vocabulary)
            pairs.append((len(texts) - 1, len(texts), jaccard(words, copy)))
            texts.append(copy)
    return [" ".join(words) for words in texts], pairs


def shingles(words):
    return [" ".join(words[i:i + WORDS]) for i in range(max(1, len(words) - WORDS + 1))]


def jaccard(a, b):
    a, b = set(shingles(a)), set(shingles(b))
    return len(a & b) / len(a | b)


def with_rensa(texts):
    from rensa import RMinHash, RMinHashLSH
    lsh = RMinHashLSH(threshold=0.7, num_perm=BANDS * ROWS, num_bands=BANDS)
    sketches, found = [], []
    for number, text in enumerate(texts):
        sketch = RMinHash(num_perm=BANDS * ROWS, seed=1)
        sketch.update(shingles(text.lower().split()))
        sketches.append(sketch)
        found += [(other, number) for other in lsh.query(sketch)]
        lsh.insert(number, sketch)
    return found


def with_datasketch(texts):
    from datasketch import MinHash, MinHashLSH
    lsh = MinHashLSH(params=(BANDS, ROWS), num_perm=BANDS * ROWS)
    found = []
    for number, text in enumerate(texts):
        sketch = MinHash(num_perm=BANDS * ROWS, seed=1)
        sketch.update_batch([s.encode() for s in shingles(text.lower().split())])
        found += [(other, number) for other in lsh.query(sketch)]
        lsh.insert(number, sketch)
    return found


def recall(found, pairs, low, high):
    wanted = [(a, b) for a, b, j in pairs if low <= j < high]
    return sum(pair in found for pair in wanted), len(wanted)


def main():
    program, work = sys.argv[1], sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 20000
    texts, pairs = generate(count)
    path = os.path.join(work, "texts")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(texts) + "\n")
    size = sum(map(len, texts)) / len(texts)
    print("near duplicates: %d texts of %.0f bytes, %d planted pairs; 42 x 6 on runs of 5 words;"
          " 1 thread each" % (count, size, len(pairs)))
    slow = 4000  # datasketch and rensa see the first texts only, so that the run stays short
    peers = {"rensa": (with_rensa, min(count, 2 * slow)),
             "datasketch": (with_datasketch, min(count, slow))}
    ours, theirs, found = [], {name: [] for name in peers}, {}
    for _ in range(ROUNDS):
        with open(path, "rb") as file:
            answer = subprocess.run([program, path + ".pairs"], check=True, stdin=file,
                                    stdout=subprocess.PIPE, text=True).stdout
        report = json.loads(answer)
        ours.append(report["seconds"] / count)
        for name, (run, some) in peers.items():
            start = time.process_time()
            found[name] = set(run(texts[:some]))
            theirs[name].append((time.process_time() - start) / some)
    with open(path + ".pairs", encoding="utf-8") as file:
        found["tundish"] = {tuple(sorted(map(int, line.split()))) for line in file}
    print("tundish: %.0f documents/s a core (CPU time; %s), phases %s" % (
        1 / statistics.median(ours), "collect, sort, look again, compare",
        " ".join("%.2f s" % s for s in report["phases"][1:])))
    print("tundish with exact neighbours of 200 documents measured: %.0f documents/s; %s" % (
        count / report["secondsMeasured"], json.dumps(report["report"]["measured"])))
    for name in peers:
        ratio = [a / b for a, b in zip(ours, theirs[name])]
        print("tundish takes %.3f of the CPU time of %s %s for a document (%.3f to %.3f)" % (
            statistics.median(ratio), name, version(name), min(ratio), max(ratio)))
    for name, some in [("tundish", count)] + [(n, p[1]) for n, p in peers.items()]:
        cells = []
        for low, high in [(.6, .7), (.7, .8), (.8, .9), (.9, 1.01)]:
            hits, wanted = recall(
                found[name], [p for p in pairs if p[1] < some], low, high)
            cells.append("J %.1f-%.1f: %d of %d" % (low, min(high, 1), hits, wanted))
        print("%s planted pairs found: %s" % (name, ", ".join(cells)))


main()
