#!/usr/bin/env python3
"""Writes Tests/TrainingTests/Fixtures/Families: tiny random models of every family, and what
transformers and peft compute with them.

usage: make_families.py FOLDER [NAME…]        (scripts/reference/run does the set-up)

Every number comes from a generator that is seeded with the tensor's own name, so the files can be
made again. For each model:

model.safetensors, config.json   the base with its head, as transformers saves it
reference.safetensors            for each method METHOD: `METHOD.logits`, the rows that have a
                                 target; and each adapter's start as `METHOD.start.NAME`
reference.json                   the batch, and for each method the loss, the norm of each weight's
                                 gradient before clipping, the losses, rates and gradient norms of
                                 five steps, the loss after them, and the names that peft saves
lora_adapter/, dora_adapter/     what peft saves after the five steps

fp32, eager attention, no dropout, one thread. Rows are padded to the longest.
AdamW (.9, .999, 1e-8), decay 0.01 except on biases and norm weights, clipping at 1, linear
schedule with one step of warm-up.
"""

import json
import os
import shutil
import sys
import zlib

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict
from safetensors.torch import save_file

VOCABULARY, WIDTH, INNER, LAYERS, HEADS, POSITIONS = 48, 16, 24, 2, 4, 24
STEPS, WARMUP, DECAY, CLIP = 5, 1, 0.01, 1.0
RATES = {"full": 2e-3, "lora": 1e-2, "rslora": 1e-2, "dora": 1e-2}
RANK, ALPHA = 2, 3
LABELS = 3
IGNORED = -100

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


# MARK: The models

def encoder(kind, task):
    names = dict(
        hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        intermediate_size=INNER, max_position_embeddings=POSITIONS, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0, layer_norm_eps=1e-5)
    if kind == "DistilBert":
        names = dict(
            dim=WIDTH, n_layers=LAYERS, n_heads=HEADS, hidden_dim=INNER, dropout=0.0,
            attention_dropout=0.0, seq_classif_dropout=0.0, max_position_embeddings=POSITIONS)
    elif kind == "Roberta":
        names.update(type_vocab_size=1, pad_token_id=1)
    else:
        names.update(pad_token_id=0)
    config = getattr(transformers, kind + "Config")(
        vocab_size=VOCABULARY, num_labels=LABELS, attn_implementation="eager", **names)
    return getattr(transformers, f"{kind}For{task}Classification")(config)


def llama(kind="Llama", **more):
    # The token that pads also ends turns, as in SmolLM2: transformers does not learn from it.
    config = getattr(transformers, kind + "Config")(
        vocab_size=VOCABULARY, hidden_size=WIDTH, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=2, intermediate_size=INNER,
        max_position_embeddings=64, rms_norm_eps=1e-5, bos_token_id=1, eos_token_id=2,
        pad_token_id=2, use_cache=False, attn_implementation="eager", **more)
    return getattr(transformers, kind + "ForCausalLM")(config)


def gpt2():
    return transformers.GPT2LMHeadModel(transformers.GPT2Config(
        vocab_size=VOCABULARY, n_embd=WIDTH, n_layer=LAYERS, n_head=HEADS, n_inner=INNER,
        n_positions=POSITIONS, bos_token_id=1, eos_token_id=2, pad_token_id=2, resid_pdrop=0.0,
        embd_pdrop=0.0, attn_pdrop=0.0, use_cache=False, attn_implementation="eager"))


# Wavelengths above, between and below the two bounds that Llama 3.1 tells apart.
LLAMA3_ROPE = dict(
    rope_type="llama3", rope_theta=500.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
    original_max_position_embeddings=32)

SEQUENCE, TOKEN, CAUSAL = "SEQ_CLS", "TOKEN_CLS", "CAUSAL_LM"
MODELS = {
    "bert-sequence": (lambda: encoder("Bert", "Sequence"), SEQUENCE),
    "bert-token": (lambda: encoder("Bert", "Token"), TOKEN),
    "distilbert-sequence": (lambda: encoder("DistilBert", "Sequence"), SEQUENCE),
    "distilbert-token": (lambda: encoder("DistilBert", "Token"), TOKEN),
    "roberta-sequence": (lambda: encoder("Roberta", "Sequence"), SEQUENCE),
    "roberta-token": (lambda: encoder("Roberta", "Token"), TOKEN),
    "llama-tied": (lambda: llama(tie_word_embeddings=True), CAUSAL),
    "llama-untied": (lambda: llama(tie_word_embeddings=False), CAUSAL),
    "llama3": (lambda: llama(tie_word_embeddings=False, rope_parameters=LLAMA3_ROPE), CAUSAL),
    "llama-wide": (lambda: llama(
        tie_word_embeddings=True, head_dim=6, attention_bias=True,
        rope_parameters=dict(rope_type="linear", factor=2.0, rope_theta=10000.0)), CAUSAL),
    "qwen2": (lambda: llama("Qwen2", tie_word_embeddings=True), CAUSAL),
    "gpt2": (gpt2, CAUSAL),
}

# Layers by the ends of their names: those that Hu et al. adapt, some others, and all. (Of an encoder
# with a head, peft's own `all-linear` takes the head too, and then cannot save it.)
TARGETS = {
    "bert": (["query", "value"], ["key", "output.dense"], ["query", "key", "value", "dense"]),
    "roberta": (
        ["query", "value"], ["key", "output.dense"],
        ["query", "key", "value", "intermediate.dense", "output.dense"]),
    "distilbert": (
        ["q_lin", "v_lin"], ["k_lin", "lin2"],
        ["q_lin", "k_lin", "v_lin", "out_lin", "lin1", "lin2"]),
    "llama": (["q_proj", "k_proj", "v_proj", "o_proj"], ["k_proj", "up_proj"], "all-linear"),
    "qwen2": (["q_proj", "k_proj", "v_proj", "o_proj"], ["k_proj", "up_proj"], "all-linear"),
    "gpt2": (["c_attn"], ["c_attn", "mlp.c_proj"], "all-linear"),
}
PLACES = {"lora": 0, "dora": 1, "rslora": 2}


def normal(name, shape, deviation, mean=0.0):
    generator = np.random.default_rng(zlib.crc32(name.encode()))
    return torch.from_numpy(
        (mean + deviation * generator.standard_normal(tuple(shape))).astype(np.float32))


def is_norm(name):
    return any(part in name for part in ("LayerNorm", "layer_norm", "layernorm", "norm.", "ln_"))


def fill(name, model):
    """Numbers large enough that every part of the model shows in the logits."""
    with torch.no_grad():
        for key, value in model.named_parameters():
            seed = f"{name}/{key}"
            if is_norm(key) and key.endswith("weight"):
                value.copy_(normal(seed, value.shape, 0.2, mean=1.0))
            else:
                value.copy_(normal(seed, value.shape, 0.1 if value.dim() == 1 else 0.3))
    return model


def adapt(name, method, model, task):
    """The model with an adapter whose B is not zero, so that A has a gradient too."""
    kind = model.config.model_type
    settings = dict(
        r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, bias="none", task_type=task,
        target_modules=TARGETS[kind][PLACES[method]], use_rslora=method == "rslora",
        use_dora=method == "dora", fan_in_fan_out=kind == "gpt2")
    if kind == "distilbert" and task == SEQUENCE:
        settings["modules_to_save"] = ["pre_classifier", "classifier"]
    model = get_peft_model(model, LoraConfig(**settings))
    with torch.no_grad():
        for key, value in model.named_parameters():
            if "lora_A" in key or "lora_B" in key:
                value.copy_(normal(f"{name}/{key}", value.shape, 0.2))
    return model


# MARK: The batch

def batch(name, model, task):
    """Rows of different lengths, padded on the right; never a padding token inside an encoder's."""
    generator = np.random.default_rng(zlib.crc32(f"{name}/batch".encode()))
    lengths = [9, 4, 12, 7]
    padding = model.config.pad_token_id or 0
    first = 2 if task == CAUSAL else 3
    ids = torch.full((len(lengths), max(lengths)), padding)
    mask = torch.zeros_like(ids)
    labels = torch.full_like(ids, IGNORED)
    for row, length in enumerate(lengths):
        mask[row, :length] = 1
        ids[row, :length] = torch.from_numpy(generator.integers(first, VOCABULARY, length))
        if task == TOKEN:  # first pieces of words alone
            learned = [place for place in range(1, length - 1) if generator.random() < 0.7]
            for place in learned:
                labels[row, place] = int(generator.integers(0, LABELS))
        elif task == CAUSAL:  # the answer alone, and its end
            ids[row, length - 1] = 2
            if row == 2:
                ids[row, 1] = 2
            labels[row, length // 2:length] = ids[row, length // 2:length]
    if task == SEQUENCE:
        labels = torch.from_numpy(generator.integers(0, LABELS, len(lengths)))
    result = dict(input_ids=ids, attention_mask=mask, labels=labels)
    if model.config.model_type == "bert" and task == SEQUENCE:
        result["token_type_ids"] = (torch.arange(ids.shape[1]) > 3).long() * mask
    return result


def learned_rows(logits, labels, task):
    """The logits that a target is compared with."""
    if task == SEQUENCE:
        return logits
    if task == TOKEN:
        return logits[labels != IGNORED]
    return logits[:, :-1][labels[:, 1:] != IGNORED]


# MARK: The run

def rounded(value):
    return float("%.8g" % value.item())


def plain(key):
    """The name of a weight without what peft wraps around it."""
    for part in ("base_model.model.", ".default", ".modules_to_save"):
        key = key.replace(part, "")
    return key.replace("magnitude_vector.weight", "magnitude_vector")


def optimiser(model, rate):
    named = [(key, value) for key, value in model.named_parameters() if value.requires_grad]
    plain = [value for key, value in named if key.endswith("bias") or is_norm(key)]
    decayed = [value for key, value in named if not (key.endswith("bias") or is_norm(key))]
    adamw = torch.optim.AdamW(
        [dict(params=decayed, weight_decay=DECAY), dict(params=plain, weight_decay=0.0)],
        lr=rate, betas=(0.9, 0.999), eps=1e-8)
    schedule = transformers.get_linear_schedule_with_warmup(adamw, WARMUP, STEPS)
    return named, adamw, schedule


def run(model, rows, task, rate):
    """Five steps; what the first one sees is kept in full."""
    named, adamw, schedule = optimiser(model, rate)
    result = dict(losses=[], rates=[], gradient_norms=[])
    model.train()
    for step in range(STEPS):
        output = model(**rows)
        output.loss.backward()
        if step == 0:
            logits = learned_rows(output.logits.detach(), rows["labels"], task)
            result["norms"] = {
                plain(key): rounded(value.grad.norm()) for key, value in named}
        total = torch.nn.utils.clip_grad_norm_([value for _, value in named], CLIP)
        result["losses"].append(rounded(output.loss))
        result["rates"].append(schedule.get_last_lr()[0])
        result["gradient_norms"].append(rounded(total))
        adamw.step()
        schedule.step()
        adamw.zero_grad()
    with torch.no_grad():
        result["loss_after"] = rounded(model(**rows).loss)
    return result, logits.contiguous()


def save_adapter(model, folder):
    model.save_pretrained(folder)
    os.remove(os.path.join(folder, "README.md"))
    path = os.path.join(folder, "adapter_config.json")
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    config["base_model_name_or_path"] = "tiny"
    config["target_modules"] = sorted(config["target_modules"])
    with open(path, "w", encoding="utf-8") as file:
        json.dump(config, file, sort_keys=True)


def write(name, folder):
    make, task = MODELS[name]
    folder = os.path.join(folder, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    base = fill(name, make())
    base.save_pretrained(folder)
    for other in set(os.listdir(folder)) - {"model.safetensors", "config.json"}:
        os.remove(os.path.join(folder, other))
    rows = batch(name, base, task)
    tensors = {}
    reference = dict(
        versions=dict(
            torch=torch.__version__, transformers=transformers.__version__,
            peft=peft.__version__),
        task=task, rank=RANK, alpha=ALPHA, steps=STEPS, warmup=WARMUP, decay=DECAY, clip=CLIP,
        batch={key: value.tolist() for key, value in rows.items()}, methods={})
    for method, rate in RATES.items():
        model = fill(name, make())
        if method != "full":
            model = adapt(name, method, model, task)
            for key, value in model.named_parameters():
                if "lora_" in key:
                    tensors[f"{method}.start.{plain(key)}"] = value.detach().clone()
        result, tensors[f"{method}.logits"] = run(model, rows, task, rate)
        result["learning_rate"] = rate
        if method != "full":
            result["targets"] = TARGETS[model.config.model_type][PLACES[method]]
            result["saved"] = sorted(get_peft_model_state_dict(model))
        if method in ("lora", "dora"):
            save_adapter(model, os.path.join(folder, f"{method}_adapter"))
        reference["methods"][method] = result
    save_file(tensors, os.path.join(folder, "reference.safetensors"))
    with open(os.path.join(folder, "reference.json"), "w", encoding="utf-8") as file:
        json.dump(reference, file, separators=(",", ":"))
    print(name, {key: value["losses"][0] for key, value in reference["methods"].items()})


def main():
    folder, *names = sys.argv[1:]
    for name in names or MODELS:
        write(name, folder)


if __name__ == "__main__":
    main()
