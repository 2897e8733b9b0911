"""Steps of training beside torch: the programs take turns, and what counts is the ratio of
processor time within a turn.

usage: steps.py TRAINING_SPEED CORETYPE [--cases A,B] [--threads 1,2] [--rounds N] [--compile]

Prints every turn, and ends with one line for each case and number of threads:
`ratio NAME torch/ours = X (lowest–highest) …`; above 1 ours is faster.
"""

import argparse
import os
import statistics
import sys

import peers

# Cases with the steps of one turn. `smollm2-qlora` reads the blocks of the GGUF file where they
# are; torch has no such thing and runs both quantised cases on NF4.
CASES = {
    "minilm-full": 5, "minilm-full-dropout": 5, "minilm-lora": 7, "minilm-freeze4": 9,
    "minilm-infer": 9, "smollm2-full": 2, "smollm2-lora": 3, "smollm2-qlora": 3, "smollm2-nf4": 3,
}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("coretype")
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--compile", action="store_true")
    return parser.parse_args()


def turn(options, case, threads):
    """One run of each."""
    words = ["steps", case, "--threads", str(threads), "--steps", str(CASES[case])]
    ours = peers.run_ours(options.program, options.coretype, words)
    script = os.path.join(os.path.dirname(__file__), "torch_steps.py")
    theirs = peers.run_torch(
        [script, *words[1:], *(["--compile"] if options.compile else [])])
    print("  %-20s %d thread%s: ours %.3f s CPU, %.3f s wall, %d MB; torch %.3f, %.3f, %d MB" % (
        case, threads, "" if threads == 1 else "s", ours["cpu_s"], ours["wall_s"],
        ours["peak_rss_mb"], theirs["cpu_s"], theirs["wall_s"], theirs["peak_rss_mb"]), flush=True)
    return ours, theirs


def ratio(turns, member):
    return sorted(theirs[member] / ours[member] for ours, theirs in turns)


def line(case, threads, turns):
    cpu, wall = ratio(turns, "cpu_s"), ratio(turns, "wall_s")
    text = "ratio %s/%d torch/ours = %.2f (%.2f–%.2f)   wall %.2f, peak memory %.2f" % (
        case, threads, statistics.median(cpu), cpu[0], cpu[-1], statistics.median(wall),
        statistics.median(ratio(turns, "peak_rss_mb")))
    if case == "minilm-freeze4":  # what the frozen layers give is computed once
        first = statistics.median(
            theirs["cpu_s"] / ours["cpu_first_s"] for ours, theirs in turns)
        text += ", while the frozen layers are run %.2f" % first
    return text


def main():
    options = arguments()
    lines = []
    for case in options.cases.split(","):
        for threads in map(int, options.threads.split(",")):
            try:
                turns = [turn(options, case, threads) for _ in range(options.rounds)]
                lines.append(line(case, threads, turns))
            except peers.Failed as error:
                lines.append("left out %s/%d: %s" % (case, threads, error))
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
