#!/usr/bin/env python3
"""Loads what we export of every family of models with transformers and peft and compares logits.

usage: families.py EXPORTS FIXTURES

EXPORTS    what Tests/TrainingTests/FamilyExportTests writes: a folder NAME.METHOD for each, with
           `whole/`, `adapter/` and `logits.json`
FIXTURES   Tests/TrainingTests/Fixtures/Families: the bases, and the rows that the logits are of

Every logit must agree within 1e-4. Prints one line; fails on a difference.
Needs: torch, transformers, peft.
"""

import json
import os
import sys
import warnings
from importlib.metadata import version

os.environ.setdefault("HF_HUB_OFFLINE", "1")
warnings.simplefilter("ignore")
TOLERANCE = 1e-4
IGNORED = -100


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return json.load(file)


def model_class(task):
    import transformers

    return {"SEQ_CLS": transformers.AutoModelForSequenceClassification,
            "TOKEN_CLS": transformers.AutoModelForTokenClassification,
            "CAUSAL_LM": transformers.AutoModelForCausalLM}[task]


def logits(model, reference):
    """Those of the rows that have a target, as one list."""
    import torch

    rows = {key: torch.tensor(value) for key, value in reference["batch"].items()}
    labels = rows.pop("labels")
    model.eval()
    with torch.no_grad():
        found = model(**rows).logits
    if reference["task"] == "TOKEN_CLS":
        found = found[labels != IGNORED]
    elif reference["task"] == "CAUSAL_LM":
        found = found[:, :-1][labels[:, 1:] != IGNORED]
    return found.flatten().tolist()


def check(exports, fixtures, folder):
    """The largest difference."""
    from peft import PeftModel

    name = folder.rsplit(".", 1)[0]
    reference = read(fixtures, name, "reference.json")
    wanted = read(exports, folder, "logits.json")["logits"]
    load = model_class(reference["task"]).from_pretrained
    models = [load(os.path.join(exports, folder, "whole"), attn_implementation="eager")]
    adapter = os.path.join(exports, folder, "adapter")
    if os.path.isdir(adapter):
        base = load(os.path.join(fixtures, name), attn_implementation="eager")
        models.append(PeftModel.from_pretrained(base, adapter))
    worst = 0.0
    for model in models:
        found = logits(model, reference)
        worst = max([worst] + [abs(a - b) for a, b in zip(found, wanted, strict=True)])
    if not worst <= TOLERANCE:
        raise ValueError("a logit of %s is off by %.2g" % (folder, worst))
    return len(models), worst


def main():
    exports, fixtures = sys.argv[1:]
    title = "families"
    try:
        from transformers import logging

        logging.set_verbosity_error()
        logging.disable_progress_bar()
        title += " transformers %s + peft %s" % (version("transformers"), version("peft"))
        found = [check(exports, fixtures, folder) for folder in sorted(os.listdir(exports))]
        if len(found) != 4 * len(os.listdir(fixtures)):
            raise ValueError("%d exports are there" % len(found))
        print("%s: ok %d models of %d families and methods, logits within %.1g" % (
            title, sum(count for count, _ in found), len(found), max(w for _, w in found)))
        return 0
    except Exception as error:  # every failure is a finding
        print("%s: FAILED %s: %s" % (title, type(error).__name__, error))
        return 1


if __name__ == "__main__":
    sys.exit(main())
