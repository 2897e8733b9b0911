#!/usr/bin/env python3
"""Planted label flips, found by us and by cleanlab from the same out-of-fold probabilities.

usage: labelnoise.py PROGRAM NAME=FILE…   (FILE: lines `label TAB text`)

One label in ten is changed to another one, from a seed. For each data set: how many of the changed
ones are among the labels that seem wrong (recall), how many of those were changed (precision: the
rest are errors of the model, and of the data), and the same of the worst n, n being the number
changed. The models are ours; cleanlab gets their probabilities.
"""

import json
import random
import subprocess
import sys
from importlib.metadata import version

import numpy


def plant(path, seed=5):
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t", 1) for line in file]
    rng, classes, flipped = random.Random(seed), sorted({row[0] for row in rows}), {}
    for number, row in enumerate(rows):
        if rng.random() < 0.1:
            flipped[number] = row[0]
            row[0] = rng.choice([name for name in classes if name != row[0]])
    return rows, flipped


def line(name, found, flipped, extra=""):
    hits = [row for row in found if row in flipped]
    top = [row for row in found[:len(flipped)] if row in flipped]
    print("  %-34s found %5d: recall %.3f, precision %.3f; of the worst %d: %.3f%s" % (
        name, len(found), len(hits) / len(flipped), len(hits) / max(1, len(found)),
        len(flipped), len(top) / len(flipped), extra), flush=True)


def main():
    from cleanlab.filter import find_label_issues
    program = sys.argv[1]
    for argument in sys.argv[2:]:
        name, path = argument.split("=", 1)
        rows, flipped = plant(path)
        done = subprocess.run([program], input="".join("\t".join(row) + "\n" for row in rows),
                              capture_output=True, text=True, check=True)
        report = json.loads(done.stdout)
        classes = report["classes"]
        chances = numpy.array(report["probabilities"]).reshape(-1, len(classes))
        chances /= chances.sum(axis=1, keepdims=True)
        labels, numbers = numpy.array(report["labels"]), report["rows"]
        right = [classes.index(flipped.get(n, rows[n][0])) for n in numbers]
        print("%s: %d records, %d labels, %d changed; the models are right about %.3f of the"
              " true labels; %.1f s of one core" % (
                  name, len(numbers), len(classes), len(flipped),
                  (chances.argmax(axis=1) == numpy.array(right)).mean(), report["seconds"]))
        suggested = dict(zip(report["issues"], report["suggested"]))
        hits = [n for n in report["issues"] if n in flipped]
        mended = sum(suggested[n] == flipped[n] for n in hits) / max(1, len(hits))
        line("tundish", report["issues"], flipped, ", the right label suggested %.3f" % mended)
        for way in ("confident_learning", "prune_by_noise_rate"):
            found = find_label_issues(labels, chances, filter_by=way, n_jobs=1,
                                      return_indices_ranked_by="normalized_margin")
            found = [numbers[index] for index in found]
            same = len(set(found) & set(report["issues"])) / max(
                1, len(set(found) | set(report["issues"])))
            line("cleanlab %s %s" % (version("cleanlab"), way), found, flipped,
                 ", Jaccard with ours %.3f" % same)


main()
