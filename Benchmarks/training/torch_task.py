#!/usr/bin/env python3
"""Runs a task of prepare.py with torch, transformers and peft; prints one line of JSON with the
members that `training-speed task` prints.

usage: torch_task.py TASK.json [--threads N] [--defaults]

Tokenizer, model, loss, optimiser and schedule are theirs; the rows of each step are those that our
program wrote to the task's `order`. --defaults: random batches and the model's own dropout instead,
as transformers' Trainer has it if nothing is set.
"""

import argparse
import json
import math
import os
import resource
import sys
import time
import warnings

IGNORED = -100


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("task")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--defaults", action="store_true")
    return parser.parse_args()


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Encoder:
    """Rows into ids and labels; padding comes with the batch."""

    def __init__(self, task, tokenizer):
        self.task, self.tokenizer = task, tokenizer
        self.limit = task["settings"]["max_length"]
        self.number = {label: index for index, label in enumerate(task["labels"])}

    def __call__(self, path, drops=False):
        rows = [getattr(self, self.task["kind"])(row) for row in read_lines(path)]
        if drops and self.task["kind"] == "chat":
            rows = [row for row in rows if any(label != IGNORED for label in row[1])]
        return rows

    def text(self, row):
        ids = self.tokenizer(row["text"], truncation=True, max_length=self.limit)["input_ids"]
        return ids, self.number[row["label"]]

    def words(self, row):
        found = self.tokenizer(
            row["words"], is_split_into_words=True, truncation=True, max_length=self.limit)
        labels, last = [], None
        for word in found.word_ids():
            labels.append(IGNORED if word is None or word == last
                          else self.number[row["labels"][word]])
            last = word
        return found["input_ids"], labels

    def chat(self, row):
        def ids(messages, prompts):
            text = self.tokenizer.apply_chat_template(
                messages, tokenize=False, add_generation_prompt=prompts)
            return self.tokenizer(text, add_special_tokens=False)["input_ids"]
        prompt, whole = ids(row["messages"][:1], True), ids(row["messages"], False)
        # A token that spans prompt and answer is no part of the answer.
        shared = next((i for i, (a, b) in enumerate(zip(prompt, whole)) if a != b), len(prompt))
        labels = [IGNORED] * len(prompt) + whole[len(prompt):]
        if shared < len(prompt):
            labels = [IGNORED] * (shared + 1) + whole[shared + 1:]
        return whole[:self.limit], labels[:self.limit]


def batch(rows, padding):
    import torch

    longest = max(len(ids) for ids, _ in rows)

    def padded(values, filler):
        return torch.tensor([list(v) + [filler] * (longest - len(v)) for v in values])

    mask = padded([[1] * len(ids) for ids, _ in rows], 0)
    labels = [label for _, label in rows]
    return {
        "input_ids": padded([ids for ids, _ in rows], padding), "attention_mask": mask,
        "labels": torch.tensor(labels) if isinstance(labels[0], int) else padded(labels, IGNORED)}


def load(task, defaults):
    import torch
    import transformers

    kind = {"text": "SequenceClassification", "words": "TokenClassification", "chat": "CausalLM"}
    more = {"dtype": torch.float32}
    if task["kind"] != "chat":
        more["num_labels"] = len(task["labels"])
        if not defaults:
            more.update(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    model = getattr(transformers, "AutoModelFor" + kind[task["kind"]]).from_pretrained(
        task["torch_model"], **more)
    if task["kind"] == "chat":
        model.config.use_cache = False
    return adapt(model, task)


def adapt(model, task):
    settings = task["settings"]
    if settings["method"] == "lora":
        from peft import LoraConfig, get_peft_model

        types = {"text": "SEQ_CLS", "words": "TOKEN_CLS", "chat": "CAUSAL_LM"}
        return get_peft_model(model, LoraConfig(
            r=settings["r"], lora_alpha=settings["lora_alpha"], lora_dropout=0.0,
            target_modules=settings["target_modules"], task_type=types[task["kind"]]))
    if settings["method"] == "freeze":
        layers = model.bert.encoder.layer[:settings["freeze_layers"]]
        for part in [model.bert.embeddings, *layers]:
            part.requires_grad_(False)
    elif settings["method"] == "head":
        model.bert.requires_grad_(False)
    return model


def steps(task, count, defaults):
    """The rows of each step."""
    settings = task["settings"]
    if not defaults:
        with open(task["order"], encoding="utf-8") as file:
            return json.load(file)
    import torch

    size, generator = settings["per_device_train_batch_size"], torch.Generator()
    generator.manual_seed(settings["seed"])
    result = []
    for _ in range(settings["num_train_epochs"]):
        order = torch.randperm(count, generator=generator).tolist()
        result += [order[i:i + size] for i in range(0, count, size)]
    return result


def train(model, rows, plan, task, padding):
    import torch
    from transformers import get_linear_schedule_with_warmup

    settings = task["settings"]
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    spared = [n.endswith("bias") or "norm" in n.lower() for n, _ in named]
    adamw = torch.optim.AdamW(
        [{"params": [p for (_, p), s in zip(named, spared) if not s],
          "weight_decay": settings["weight_decay"]},
         {"params": [p for (_, p), s in zip(named, spared) if s], "weight_decay": 0.0}],
        lr=settings["learning_rate"], fused=True)
    schedule = get_linear_schedule_with_warmup(
        adamw, math.ceil(settings["warmup_ratio"] * len(plan)), len(plan))
    model.train()
    loss = None
    for chosen in plan:
        loss = model(**batch([rows[index] for index in chosen], padding)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for _, p in named], settings["max_grad_norm"])
        adamw.step()
        schedule.step()
        adamw.zero_grad()
    return loss.item()


def logits(model, rows, padding, size=64):
    """Rows and logits, rows of similar length together."""
    import torch

    order = sorted(range(len(rows)), key=lambda index: -len(rows[index][0]))
    model.eval()
    with torch.no_grad():
        for start in range(0, len(order), size):
            chosen = order[start:start + size]
            found = batch([rows[index] for index in chosen], padding)
            labels = found.pop("labels")
            yield chosen, model(**found).logits, labels


def score(model, rows, task, padding):
    if task["kind"] == "chat":
        return score_language(model, rows, padding)
    answers = [None] * len(rows)
    for chosen, found, labels in logits(model, rows, padding):
        best = found.argmax(-1)
        for place, index in enumerate(chosen):
            answers[index] = (
                best[place].item() if task["kind"] == "text"
                else best[place][labels[place] != IGNORED].tolist())
    if task["kind"] == "text":
        return score_classes(answers, [label for _, label in rows], len(task["labels"]))
    truth = [[label for label in labels if label != IGNORED] for _, labels in rows]
    return {"f1": span_f1(answers, truth, task["labels"])}


def score_classes(answers, truth, classes):
    f1 = []
    for label in range(classes):
        hits = sum(a == b == label for a, b in zip(answers, truth))
        total = answers.count(label) + truth.count(label)
        f1.append(2 * hits / total if total else 0.0)
    right = sum(a == b for a, b in zip(answers, truth))
    return {"accuracy": right / len(truth), "macro_f1": sum(f1) / classes}


def spans(numbers, labels):
    """As conlleval: B- opens a span, I- goes on with one of its type or opens one."""
    found, kind, start = set(), None, 0
    for place, label in enumerate([labels[n] for n in numbers] + ["O"]):
        mark, _, own = label.partition("-")
        if kind is not None and (mark != "I" or own != kind):
            found.add((kind, start, place))
            kind = None
        if mark != "O" and kind is None:
            kind, start = own, place
    return found


def span_f1(answers, truth, labels):
    pairs = [(spans(a, labels), spans(b, labels)) for a, b in zip(answers, truth)]
    total = sum(len(a) + len(b) for a, b in pairs)
    return 2 * sum(len(a & b) for a, b in pairs) / total if total else 0.0


def score_language(model, rows, padding):
    import torch

    loss, tokens, hits = 0.0, 0, 0
    for _, found, labels in logits(model, rows, padding, size=4):
        found, labels = found[:, :-1].flatten(0, 1), labels[:, 1:].flatten()
        kept = labels != IGNORED
        loss += torch.nn.functional.cross_entropy(
            found[kept], labels[kept], reduction="sum").item()
        hits += (found[kept].argmax(-1) == labels[kept]).sum().item()
        tokens += kept.sum().item()
    return {"loss": loss / tokens, "perplexity": math.exp(loss / tokens),
            "accuracy": hits / tokens}


def main():
    options = arguments()
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    warnings.simplefilter("ignore")
    import torch
    from transformers import AutoTokenizer, logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    torch.set_num_threads(options.threads)
    with open(options.task, encoding="utf-8") as file:
        task = json.load(file)
    torch.manual_seed(task["settings"]["seed"])
    model = load(task, options.defaults)
    tokenizer = AutoTokenizer.from_pretrained(task["torch_model"])
    padding = tokenizer.pad_token_id or 0
    start = time.process_time(), time.perf_counter()
    encode = Encoder(task, tokenizer)
    rows, validation = encode(task["train"], drops=True), encode(task["validation"])
    encoded = time.process_time() - start[0]
    before = score(model, validation, task, padding) if task["kind"] == "chat" else None
    trained = time.process_time()
    plan = steps(task, len(rows), options.defaults)
    loss = train(model, rows, plan, task, padding)
    trained = time.process_time() - trained
    scores = score(model, validation, task, padding)
    scores["before"] = before
    print(json.dumps({
        "cpu_s": time.process_time() - start[0], "wall_s": time.perf_counter() - start[1],
        "encode_cpu_s": encoded, "train_cpu_s": trained, "train": len(rows),
        "validation": len(validation), "tokens": sum(len(ids) for ids, _ in rows),
        "steps": len(plan), "last_loss": loss, "scores": scores,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))


if __name__ == "__main__":
    sys.exit(main())
