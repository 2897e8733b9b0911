"""Real tasks: what our engine reaches, beside what transformers and peft reach by the same rules.

usage: tasks.py TRAINING_SPEED CORETYPE WORK [--cache FOLDER] [--tasks A,B] [--seeds 42,43]
                [--threads N] [--torch]

Prints a table, a row for each task and seed. The column `transformers` holds what they once came to
(seeds 42 and 43; torch 2.13, transformers 5.23, peft 0.21); --torch runs them now, too, on the same
rows in each step.
"""

import argparse
import os
import sys

import peers
import prepare

# Score of each seed: accuracy/macro-F1; F1 of spans; perplexity/token accuracy, before and after.
ANCHORS = {
    "sentiment-head": {42: ".744/.726", 43: ".748/.733"},
    "sentiment-lora": {42: ".888/.883", 43: ".893/.888"},
    "sentiment-freeze4": {42: ".853/.847", 43: ".860/.854"},
    "sentiment-full": {42: ".895/.890", 43: ".895/.890"},
    "banking77-lora": {42: ".856/.850", 43: ".850/.844"},
    "banking77-full": {42: ".914/.914"},
    "wnut17-full": {42: ".468", 43: ".491"},
    "chat-lora": {42: "14.15/.4965 → 12.28/.5123"},
}


def arguments():
    parser = argparse.ArgumentParser()
    for name in ("program", "coretype", "work"):
        parser.add_argument(name)
    parser.add_argument("--cache", default=".cache")
    parser.add_argument("--tasks", default=",".join(ANCHORS))
    parser.add_argument("--seeds", default="42,43")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--torch", action="store_true")
    return parser.parse_args()


def number(value):
    return ("%.3f" % value).removeprefix("0")


def score(scores):
    if "perplexity" in scores:
        def pair(found):
            return "%.2f/%.4f" % (found["perplexity"], found["accuracy"])
        return (pair(scores["before"]) + " → " + pair(scores)).replace("/0.", "/.")
    if "f1" in scores:
        return number(scores["f1"])
    return "%s/%s" % (number(scores["accuracy"]), number(scores["macro_f1"]))


def main():
    options = arguments()
    script = os.path.join(os.path.dirname(__file__), "torch_task.py")
    print("| task | seed | ours | transformers | steps | CPU s | peak MB |%s" % (
        " torch now | CPU s |" if options.torch else ""))
    print("|---|---|---|---|---|---|---|%s" % ("---|---|" if options.torch else ""), flush=True)
    for name in options.tasks.split(","):
        for seed in map(int, options.seeds.split(",")):
            try:
                path = prepare.describe(name, seed, options.work, options.cache)
            except prepare.Missing as missing:
                print("left out %s: %s" % (name, missing))
                break
            words = [path, "--threads", str(options.threads)]
            ours = peers.run_ours(options.program, options.coretype, ["task", *words])
            cells = [
                name, seed, score(ours["scores"]), ANCHORS[name].get(seed, "–"), ours["steps"],
                "%.0f" % ours["cpu_s"], ours["peak_rss_mb"]]
            if options.torch:
                theirs = peers.run_torch([script, *words])
                cells += [score(theirs["scores"]), "%.0f" % theirs["cpu_s"]]
            print("| %s |" % " | ".join(map(str, cells)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
