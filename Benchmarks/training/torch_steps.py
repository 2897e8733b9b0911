#!/usr/bin/env python3
"""Times the steps of one case with torch, transformers and peft; prints one line of JSON, with the
members that `training-speed steps` prints.

usage: torch_steps.py CASE [--models FOLDER] [--threads N] [--steps N] [--compile]

One batch of random ids without padding. A step is forward, backward and fused AdamW (5e-5, decay
0.01), without clipping; SDPA attention, fp32, torch's defaults otherwise. Two steps warm up.
"""

import argparse
import json
import os
import resource
import sys
import time
import warnings

BATCH = {"minilm": (32, 128), "smollm2": (4, 256)}
WARMUP = 2


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("case")
    parser.add_argument("--models", default=".cache/models")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=7)
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    options.model, options.method = options.case.split("-", 1)
    return options


def load(options):
    """The model, with what is trained of it."""
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

    more = {"dtype": torch.float32}
    if options.model == "minilm":
        rate = 0.1 if options.method.endswith("dropout") else 0.0
        model = AutoModelForSequenceClassification.from_pretrained(
            os.path.join(options.models, "minilm"), num_labels=2, hidden_dropout_prob=rate,
            attention_probs_dropout_prob=rate, **more)
    else:
        if options.method in ("qlora", "nf4"):
            from transformers import BitsAndBytesConfig

            more["device_map"] = "cpu"
            more["quantization_config"] = BitsAndBytesConfig(
                load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
                bnb_4bit_compute_dtype=torch.float32)
        model = AutoModelForCausalLM.from_pretrained(
            os.path.join(options.models, "smollm2-float"), **more)
        model.config.use_cache = False
    return adapt(model, options)


def adapt(model, options):
    if options.method == "freeze4":
        for part in [model.bert.embeddings, *model.bert.encoder.layer[:4]]:
            part.requires_grad_(False)
    elif options.method in ("lora", "qlora", "nf4"):
        from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training

        if options.method != "lora":
            model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
        is_decoder = options.model == "smollm2"
        targets = ["q_proj", "k_proj", "v_proj", "o_proj"] if is_decoder else ["query", "value"]
        model = get_peft_model(model, LoraConfig(
            r=8, lora_alpha=16, lora_dropout=0.0, target_modules=targets,
            task_type="CAUSAL_LM" if is_decoder else "SEQ_CLS"))
    return model


def step_function(model, options):
    import torch

    rows, tokens = BATCH[options.model]
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(1000, 30000, (rows, tokens), generator=generator)
    labels = ids if options.model == "smollm2" else torch.randint(
        0, 2, (rows,), generator=generator)
    batch = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": labels}
    run = torch.compile(model) if options.compile else model
    if options.method == "infer":
        model.eval()

        def predict():
            with torch.no_grad():
                run(**batch)

        return predict
    model.train()
    adamw = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad], lr=5e-5, weight_decay=0.01, fused=True)

    def train():
        adamw.zero_grad()
        run(**batch).loss.backward()
        adamw.step()

    return train


def main():
    options = arguments()
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    os.environ["HF_HUB_OFFLINE"] = "1"
    warnings.simplefilter("ignore")
    import torch
    from transformers import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    step = step_function(load(options), options)
    cpu, wall = [], []
    for _ in range(WARMUP + options.steps):
        start = time.process_time(), time.perf_counter()
        step()
        cpu.append(time.process_time() - start[0])
        wall.append(time.perf_counter() - start[1])
    middle = options.steps // 2
    rows, tokens = BATCH[options.model]
    wall_s = sorted(wall[WARMUP:])[middle]
    print(json.dumps({
        "case": options.case, "threads": options.threads, "steps": options.steps,
        "cpu_s": sorted(cpu[WARMUP:])[middle], "cpu_first_s": cpu[0], "wall_s": wall_s,
        "tokens_s": rows * tokens / wall_s,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }))


if __name__ == "__main__":
    sys.exit(main())
