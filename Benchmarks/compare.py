#!/usr/bin/env python3
"""Times Tundish beside its peers and prints ratios; called by Benchmarks/run.

usage: compare.py WORK CASE…   (cases: csv, scan, train)

WORK holds a workspace made by scripts/interop/common. Ours and theirs take turns; a ratio is the
median over the rounds of ours / theirs, so that a busy machine hurts both.
"""

import csv
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version

ROUNDS = 3
HERE = os.path.dirname(os.path.abspath(__file__))


def timed(command, **more):
    """CPU and wall seconds of a command and all that it starts."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, **more)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise RuntimeError((done.stderr or done.stdout).strip().split("\n")[-1])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": cpu, "wall": wall, "output": done.stdout}


def ratio(name, rounds, key="cpu", what="CPU time"):
    values = sorted(ours[key] / theirs[key] for ours, theirs in rounds)
    print("%s: %s %.2f of theirs (%.2f to %.2f, %d rounds)" % (
        name, what, statistics.median(values), values[0], values[-1], len(values)), flush=True)


def has(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def texts(work):
    with open(os.path.join(work, "reviews.csv"), encoding="utf-8", newline="") as file:
        return [row["review"] for row in csv.DictReader(file)]


def case_csv(work):
    """A CSV file of 50 MB with quotes and newlines in fields: read, against read and checked."""
    path, rng, rows = os.path.join(work, "large.csv"), random.Random(7), texts(work)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer, number = csv.writer(file), 0
        writer.writerow(["id", "email", "text", "label"])
        while file.tell() < 50_000_000:
            for _ in range(1000):
                number += 1
                text = rng.choice(rows) + rng.choice(["", "\n", ', "so they say"']) + rng.choice(rows)
                writer.writerow(
                    [number, f"c{number % 9973}@shop.example", text, rng.choice("01")])
    ours = ["tundish", "ingest", "large", path, "--dry-run", "--map", "text=text,label=label",
            "--subject", "email", "--purpose", "bench", "--legal-basis", "contract"]
    peers = {
        f"csv of Python {platform.python_version()}":
            "import csv, sys; print(sum(1 for _ in csv.reader(open(sys.argv[1], newline=''))))",
    }
    if has("pandas"):
        peers[f"pandas {has('pandas')} read_csv"] = (
            "import pandas, sys; print(len(pandas.read_csv(sys.argv[1], dtype=str)))")
    else:
        print("csv: pandas could not be installed, so it is not compared")
    rounds = {name: [] for name in peers}
    for _ in range(ROUNDS):
        mine = timed(ours)
        for name, code in peers.items():
            rounds[name].append((mine, timed([sys.executable, "-c", code, path])))
    for name in peers:
        ratio(f"csv: ingest --dry-run beside {name}", rounds[name])
        ratio(f"csv: ingest --dry-run beside {name}", rounds[name], "wall", "wall time")


SCRUB = """
import json, sys, time
import scrubadub

texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
scrubber = scrubadub.Scrubber(locale="en_US")
list(scrubber.iter_filth("warm up"))
cpu, wall = time.process_time(), time.perf_counter()
found = sum(len(list(scrubber.iter_filth(text))) for text in texts)
print(json.dumps({"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall,
                  "found": found}))
"""


def case_scan(work):
    """The review texts with their signatures, eight times over: personal data found."""
    if not has("scrubadub"):
        print("scan: scrubadub could not be installed, so there is nothing to compare with")
        return
    path = os.path.join(work, "texts.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        for text in texts(work) * 8:
            file.write(json.dumps({"text": text}) + "\n")
    rounds = []
    for _ in range(ROUNDS):
        mine = timed(["tundish", "scan", path, "--policy", "all", "--jsonl"])
        rounds.append((mine, json.loads(timed([sys.executable, "-c", SCRUB, path])["output"])))
    found = sum(len(json.loads(line)["spans"]) for line in mine["output"].split("\n") if line)
    print("scan: %d findings, scrubadub %d" % (found, rounds[-1][1]["found"]))
    ratio(f"scan: scan --policy all beside scrubadub {has('scrubadub')}", rounds)


def case_train(work):
    """LoRA on the reviews, two epochs, one thread each; same weights, rows and settings."""
    base = os.path.join(HERE, "..", ".cache", "models", "minilm")
    dataset = os.path.join(work, "redacted.jsonl")
    rounds = []
    for number in range(ROUNDS):
        name = f"bench{number}"
        folder, seconds = os.path.join(work, name), os.path.join(work, name + ".json")
        mine = timed([
            "tundish", "train", name, "--data", "reviews@3", "--model", "minilm", "--method",
            "lora", "--purpose", "sentiment", "--threads", "1", "--export-batch-order", "--json",
            "--set", "num_train_epochs=2", "--set", "logging_steps=1", "--set",
            "load_best_model_at_end=false", "--set", "eval_strategy=no"])
        with open(os.path.join(work, name + ".ndjson"), "w", encoding="utf-8") as file:
            file.write(mine["output"])
        timed(["tundish", "model", "export", name, folder])
        timed([sys.executable, os.path.join(HERE, "..", "scripts", "interop", "parity.py"), base,
               dataset, folder, file.name, "--threads", "1", "--seconds", seconds])
        with open(seconds, encoding="utf-8") as file:
            rounds.append((mine, json.load(file)))
    ratio("train: LoRA beside transformers %s + peft %s, torch %s" % (
        has("transformers"), has("peft"), has("torch")), rounds)


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


def main():
    work, cases = sys.argv[1], sys.argv[2:]
    print(f"on {processor()}, load {os.getloadavg()[0]:.1f}, OpenBLAS core "
          f"{os.environ.get('OPENBLAS_CORETYPE') or 'its own choice'}")
    failed = False
    for name in cases:
        try:
            {"csv": case_csv, "scan": case_scan, "train": case_train}[name](work)
        except Exception as error:  # the other cases can still be timed
            failed = True
            print(f"{name}: FAILED {type(error).__name__}: {error}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
