"""The real tasks: rows as lines of JSON, and what is trained on them with which settings.

Every task is a folder `DATA/NAME` with train.jsonl and validation.jsonl; a run of it is described
by a JSON file that both `training-speed task` and torch_task.py read.

Common to all: AdamW (.9, .999, 1e-8), weight decay 0.01 but on biases and norm weights, clipping at
1, linear schedule, warm-up of a tenth of the steps, batch 32 (chat: 4), batches of rows of similar
length, no dropout, and the last weights are scored.
"""

import csv
import hashlib
import json
import os

COMMON = {
    "weight_decay": 0.01, "max_grad_norm": 1.0, "lr_scheduler_type": "linear", "warmup_ratio": 0.1,
    "per_device_train_batch_size": 32, "group_by_length": True, "load_best_model_at_end": False,
    "eval_strategy": "no", "max_length": 128, "num_train_epochs": 3, "bootstrap_samples": 0,
}
MINILM, SMOLLM2 = ("minilm", "minilm"), ("smollm2/model.gguf", "smollm2-float")
LORA = {"method": "lora", "r": 8, "lora_alpha": 16, "target_modules": ["query", "value"],
        "learning_rate": 1e-3}

# Name: data, model for us and for torch, settings.
RUNS = {
    "sentiment-head": ("sentiment", MINILM, {
        "method": "head", "learning_rate": 1e-2, "num_train_epochs": 20}),
    "sentiment-lora": ("sentiment", MINILM, LORA),
    "sentiment-freeze4": ("sentiment", MINILM, {
        "method": "freeze", "freeze_layers": 4, "learning_rate": 1e-4}),
    "sentiment-full": ("sentiment", MINILM, {"method": "full", "learning_rate": 5e-5}),
    "banking77-lora": ("banking77", MINILM, {
        **LORA, "r": 16, "lora_alpha": 32, "max_length": 48}),
    "banking77-full": ("banking77", MINILM, {
        "method": "full", "learning_rate": 1e-4, "max_length": 48}),
    "wnut17-full": ("wnut17", MINILM, {"method": "full", "learning_rate": 5e-5}),
    "chat-lora": ("chat", SMOLLM2, {
        "method": "lora", "r": 8, "lora_alpha": 16, "learning_rate": 2e-4, "num_train_epochs": 2,
        "target_modules": ["q_proj", "k_proj", "v_proj", "o_proj"], "max_length": 256,
        "per_device_train_batch_size": 4}),
}
KINDS = {"sentiment": "text", "banking77": "text", "wnut17": "words", "chat": "chat"}


class Missing(Exception):
    """Data that is not on this machine."""


def shelf(*parts):
    """A file of the sample data outside the repository."""
    path = os.path.join(os.environ.get("TUNDISH_SHARED", "../shared"), "shelf", *parts)
    if not os.path.exists(path):
        raise Missing("%s is not there (set TUNDISH_SHARED)" % path)
    return path


def sentiment(cache):
    """Snippets of Amazon reviews, scored -4 to 4; what is near 0 is left out. A review's snippets
    stay together: the hash of its number decides where."""
    path = os.path.join(cache, "data", "amazon-review-snippets.txt")
    with open(path, encoding="utf-8", newline="") as file:
        lines = [line for line in file.read().split("\n") if line]
    train, validation = [], []
    for line in lines:
        name, score, text = line.rstrip("\r").split("\t", 2)
        if abs(float(score)) <= 0.5:
            continue
        group = hashlib.sha256(name.split("_")[0].encode()).digest()
        row = {"text": text, "label": "positive" if float(score) > 0 else "negative"}
        (validation if group[0] < 51 else train).append(row)
    return ["negative", "positive"], train, validation


def banking77(_):
    """Questions to a bank, by intent (Casanueva et al. 2020)."""
    def rows(name):
        with open(shelf("support", "banking77", name), encoding="utf-8", newline="") as file:
            return [{"text": row["text"], "label": row["category"]}
                    for row in csv.DictReader(file)]
    train = rows("train.csv")
    return sorted({row["label"] for row in train}), train, rows("test.csv")


def wnut17(_):
    """Entities in short messages (Derczynski et al. 2017): a word and its tag on each line."""
    def rows(name):
        with open(shelf("ner", "wnut17", name), encoding="utf-8") as file:
            lines = [line.rstrip("\r\n").split("\t") for line in file]
        result, words = [], []
        for line in lines + [[""]]:
            if len(line) > 1 and line[0].strip():
                words.append((line[0], line[1].strip()))
            elif words:
                result.append({"words": [w for w, _ in words], "labels": [t for _, t in words]})
                words = []
        return result
    train = rows("wnut17train.conll")
    tags = {tag for row in train for tag in row["labels"]} - {"O"}
    return ["O", *sorted(tags)], train, rows("emerging.dev.conll")


def chat(_):
    """Instructions with answers (Wang et al. 2022). The first 200 are trained on, but for those
    whose prompt alone fills the 256 tokens."""
    with open(shelf("instruct", "self_instruct_user_oriented.jsonl"), encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    result = []
    for row in rows:
        instance = row["instances"][0]
        user = row["instruction"] + ("\n\n" + instance["input"] if instance["input"] else "")
        result.append({"messages": [
            {"role": "user", "content": user},
            {"role": "assistant", "content": instance["output"]}]})
    return [], result[:200], result[200:]


READERS = {"sentiment": sentiment, "banking77": banking77, "wnut17": wnut17, "chat": chat}


def write_lines(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def describe(name, seed, work, cache, **more):
    """Writes the rows and the description of a run; returns the description's path."""
    data, (ours, theirs), settings = RUNS[name]
    folder = os.path.join(work, data)
    if not os.path.exists(folder):
        labels, train, validation = READERS[data](cache)
        os.makedirs(folder)
        write_lines(os.path.join(folder, "train.jsonl"), train)
        write_lines(os.path.join(folder, "validation.jsonl"), validation)
        with open(os.path.join(folder, "labels.json"), "w", encoding="utf-8") as file:
            json.dump(labels, file)
    with open(os.path.join(folder, "labels.json"), encoding="utf-8") as file:
        labels = json.load(file)
    path = os.path.join(work, "%s-%d.json" % (name, seed))
    with open(path, "w", encoding="utf-8") as file:
        json.dump({
            "kind": KINDS[data], "labels": labels,
            "model": os.path.join(cache, "models", ours),
            "torch_model": os.path.join(cache, "models", theirs),
            "train": os.path.join(folder, "train.jsonl"),
            "validation": os.path.join(folder, "validation.jsonl"),
            "order": os.path.join(work, "%s-%d.order.json" % (name, seed)),
            "settings": {**COMMON, **settings, "seed": seed, **more},
        }, file)
    return path
