#!/usr/bin/env python3
"""Repeats one of our LoRA runs with transformers + peft and compares losses and predictions.

usage: parity.py BASE_DIR DATASET.jsonl MODEL_DIR EVENTS.ndjson [--threads N] [--seconds FILE]

BASE_DIR       the base model, as transformers loads it
DATASET.jsonl  `tundish dataset export` of the version that was trained on
MODEL_DIR      `tundish model export` of a run with `--export-batch-order`: it also holds the initial
               weights, the batch order and the predictions on the validation split
EVENTS.ndjson  `tundish train --json` with logging_steps=1 and load_best_model_at_end=false

Weights, order and settings are ours; tokenizer, model, loss, gradients, optimiser and schedule are
theirs. Every step's loss must agree within 1e-3 and 99 % of the predictions must be equal. Prints
one line; fails on a difference. --seconds: also writes CPU and wall seconds of the steps, as JSON.
Needs: torch, transformers, peft.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
import warnings
from importlib.metadata import version

LOSS_TOLERANCE = 1e-3
EQUAL_PREDICTIONS = 0.99
warnings.simplefilter("ignore")


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


class OurRun:
    """What our engine left behind."""

    def __init__(self, dataset, model, events):
        events = read_lines(events)
        started = next(e for e in events if e.get("event") == "started")
        self.labels, self.settings = started["labels"], started["configuration"]
        steps = [e for e in events if e.get("event") == "progress"]
        self.losses = [e["loss"] for e in steps]
        self.rates = [e["learningRate"] for e in steps]
        if [e["step"] for e in steps] != list(range(1, steps[-1]["steps"] + 1)):
            raise ValueError("the events do not hold every step: set logging_steps=1")
        self.texts = {row["_rid"]: row for row in read_lines(dataset)}
        with open(os.path.join(model, "batch_order.json"), encoding="utf-8") as file:
            order = json.load(file)
        self.batches = [
            [order["rids"][row] for row in rows] for epoch in order["epochs"] for rows in epoch
        ][: len(steps)]
        self.predictions = {
            row["rid"]: row["label"]
            for row in read_lines(os.path.join(model, "predictions.jsonl"))
        }
        self.model = model
        dropout = [v for k, v in self.settings.items() if "dropout" in k and v]
        if dropout or self.settings["load_best_model_at_end"]:
            raise ValueError("a run to compare has no dropout and keeps its last weights")

    def initial_adapter(self, base):
        """The model before its first step, as peft loads it."""
        from peft import PeftModel
        from transformers import AutoModelForSequenceClassification as Classifier

        model = Classifier.from_pretrained(
            base, num_labels=len(self.labels), hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0, classifier_dropout=0.0)
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(os.path.join(self.model, "adapter_config.json"), folder)
            shutil.copy(
                os.path.join(self.model, "initial_adapter_model.safetensors"),
                os.path.join(folder, "adapter_model.safetensors"))
            return PeftModel.from_pretrained(model, folder, is_trainable=True)


def optimiser(model, settings, steps):
    """AdamW with decay on all but biases and norms, and transformers' schedule."""
    import torch
    from transformers import get_scheduler

    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]

    def is_plain(name):
        return name.endswith("bias") or "LayerNorm" in name

    adamw = torch.optim.AdamW(
        [{"params": [p for n, p in named if not is_plain(n)],
          "weight_decay": settings["weight_decay"]},
         {"params": [p for n, p in named if is_plain(n)], "weight_decay": 0.0}],
        lr=settings["learning_rate"], betas=(settings["adam_beta1"], settings["adam_beta2"]),
        eps=settings["adam_epsilon"])
    warmup = settings.get("warmup_steps")
    if warmup is None:
        warmup = -int(-settings["warmup_ratio"] * steps // 1)
    return [p for _, p in named], adamw, get_scheduler(
        settings["lr_scheduler_type"], adamw, num_warmup_steps=warmup, num_training_steps=steps)


def train(ours, model, encode):
    """The losses of all steps; each step sees the rows that ours saw."""
    import torch

    number = {label: index for index, label in enumerate(ours.labels)}
    parameters, adamw, schedule = optimiser(model, ours.settings, len(ours.losses))
    losses, rates = [], []
    model.train()
    for rids in ours.batches:
        labels = torch.tensor([number[ours.texts[rid]["label"]] for rid in rids])
        loss = model(**encode(rids), labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, ours.settings["max_grad_norm"])
        rates.append(schedule.get_last_lr()[0])
        adamw.step()
        schedule.step()
        adamw.zero_grad()
        losses.append(loss.item())
    return losses, rates


def predict(ours, model, encode):
    """Their label for each record that ours gave one."""
    import torch

    rids, found = sorted(ours.predictions), []
    model.eval()
    with torch.no_grad():
        for start in range(0, len(rids), 64):
            logits = model(**encode(rids[start:start + 64])).logits
            found += [ours.labels[index] for index in logits.argmax(1).tolist()]
    return dict(zip(rids, found))


def compare(options):
    import torch
    from transformers import AutoTokenizer
    from transformers import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    torch.set_num_threads(options.threads)
    ours = OurRun(options.dataset, options.model, options.events)
    tokenizer = AutoTokenizer.from_pretrained(options.base)
    model = ours.initial_adapter(options.base)

    def encode(rids):
        return tokenizer(
            [ours.texts[rid]["text"] for rid in rids], truncation=True, padding=True,
            max_length=ours.settings["max_length"], return_tensors="pt")

    cpu, wall = time.process_time(), time.perf_counter()
    losses, rates = train(ours, model, encode)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    if options.seconds:
        with open(options.seconds, "w", encoding="utf-8") as file:
            json.dump({"cpu": cpu, "wall": wall, "steps": len(losses)}, file)
    theirs = predict(ours, model, encode)
    off = [abs(a - b) for a, b in zip(losses, ours.losses, strict=True)]
    equal = sum(theirs[rid] == label for rid, label in ours.predictions.items())
    what = "max loss difference %.2g at step %d of %d, %d of %d predictions equal" % (
        max(off), off.index(max(off)) + 1, len(off), equal, len(ours.predictions))
    if max(abs(a - b) for a, b in zip(rates, ours.rates)) > 1e-9:
        raise ValueError("the learning rates differ; " + what)
    if not max(off) <= LOSS_TOLERANCE or equal < EQUAL_PREDICTIONS * len(ours.predictions):
        raise ValueError(what)
    return what


def main():
    parser = argparse.ArgumentParser()
    for name in ("base", "dataset", "model", "events"):
        parser.add_argument(name)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds")
    options = parser.parse_args()
    name = "parity"
    try:
        name = "parity transformers %s + peft %s" % (version("transformers"), version("peft"))
        print("%s: ok %s" % (name, compare(options)))
        return 0
    except Exception as error:  # every failure is a finding
        print("%s: FAILED %s: %s" % (name, type(error).__name__, error))
        return 1


if __name__ == "__main__":
    sys.exit(main())
