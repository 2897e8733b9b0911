"""Whole runs beside torch: tokenising, training and scoring, with equal batches.

usage: whole.py TRAINING_SPEED CORETYPE WORK [--cache FOLDER] [--cases A,B] [--threads N]
                [--rounds N]

Processor seconds, without the loading of the model and of the libraries. Ends with one line for
each case: `ratio NAME torch/ours = X`; above 1 ours is faster. `sentiment-defaults` gives torch
random batches and dropout, as transformers' Trainer has it if nothing is set, and us what we take
if nothing is set.
"""

import argparse
import os
import statistics
import sys

import peers
import prepare

CASES = {"sentiment-lora": [], "sentiment-defaults": ["--defaults"], "chat-lora": []}


def arguments():
    parser = argparse.ArgumentParser()
    for name in ("program", "coretype", "work"):
        parser.add_argument(name)
    parser.add_argument("--cache", default=".cache")
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    return parser.parse_args()


def turn(options, case):
    """One run of each."""
    name = case.replace("-defaults", "-lora")
    path = prepare.describe(name, 42, options.work, options.cache)
    words = [path, "--threads", str(options.threads)]
    ours = peers.run_ours(options.program, options.coretype, ["task", *words])
    script = os.path.join(os.path.dirname(__file__), "torch_task.py")
    theirs = peers.run_torch([script, *words, *CASES[case]])
    if (ours["train"], ours["tokens"], ours["steps"]) != (
            theirs["train"], theirs["tokens"], theirs["steps"]):
        raise peers.Failed("the two did not see the same: %s, %s" % (ours, theirs))
    for who, run in (("ours", ours), ("torch", theirs)):
        print("  %-18s %-5s %.0f s CPU, %.0f s wall, %d MB, %s" % (
            case, who, run["cpu_s"], run["wall_s"], run["peak_rss_mb"], run["scores"]), flush=True)
    return ours, theirs


def main():
    options = arguments()
    lines = []
    for case in options.cases.split(","):
        try:
            turns = [turn(options, case) for _ in range(options.rounds)]
        except (prepare.Missing, peers.Failed) as error:
            lines.append("left out %s: %s" % (case, error))
            continue
        ratios = [statistics.median(theirs[m] / ours[m] for ours, theirs in turns)
                  for m in ("cpu_s", "wall_s", "peak_rss_mb")]
        lines.append("ratio %s/%d torch/ours = %.2f   wall %.2f, peak memory %.2f" % (
            case, options.threads, *ratios))
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
