#!/usr/bin/env python3
"""Loads one of our adapters (or whole models) with transformers and peft and compares logits.

usage: peft_adapter.py BASE_DIR ADAPTER_DIR LOGITS.json
       peft_adapter.py MODEL_DIR - LOGITS.json

LOGITS.json: {"texts": [...], "logits": [[...], ...], "max_length": 128}; instead of logits there
may be "probabilities". Every value must agree within 1e-4. Prints one line; fails on a difference.
Needs: torch, transformers, peft.
"""

import json
import os
import sys
import warnings
from importlib.metadata import version

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
warnings.simplefilter("ignore")
TOLERANCE = 1e-4


def load(base, adapter):
    from transformers import AutoModelForSequenceClassification as Classifier
    from transformers import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    if adapter == "-":
        return Classifier.from_pretrained(base)
    from peft import PeftModel

    with open(os.path.join(adapter, "config.json"), encoding="utf-8") as file:
        labels = json.load(file)["id2label"]
    model = Classifier.from_pretrained(base, num_labels=len(labels))
    return PeftModel.from_pretrained(model, adapter)


def compare(base, adapter, wanted):
    import torch
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(base)
    model = load(base, adapter).eval()
    expected = torch.tensor(wanted.get("logits") or wanted["probabilities"], dtype=torch.float64)
    rows = []
    with torch.no_grad():
        for text in wanted["texts"]:
            batch = tokenizer(
                text, truncation=True, max_length=wanted.get("max_length", 128), return_tensors="pt"
            )
            logits = model(**batch).logits[0].double()
            rows.append(logits if "logits" in wanted else logits.softmax(0))
    found = torch.stack(rows)
    if found.shape != expected.shape:
        raise ValueError("shape %s, ours is %s" % (tuple(found.shape), tuple(expected.shape)))
    worst = (found - expected).abs().max().item()
    agree = int((found.argmax(1) == expected.argmax(1)).sum())
    what = "%d texts, largest difference %.2g, %d equal labels" % (len(rows), worst, agree)
    if not worst <= TOLERANCE:
        raise ValueError(what)
    return what


def main():
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    base, adapter, path = sys.argv[1:]
    name = "transformers" if adapter == "-" else "peft"
    try:
        with open(path, encoding="utf-8") as file:
            wanted = json.load(file)
        print("%s %s: ok (%s)" % (name, version(name), compare(base, adapter, wanted)))
    except Exception as error:  # a validator may fail in ways of its own
        print("%s: FAILED %s: %s" % (name, type(error).__name__, error))
        sys.exit(1)


if __name__ == "__main__":
    main()
