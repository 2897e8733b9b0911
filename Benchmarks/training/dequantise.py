#!/usr/bin/env python3
"""Writes a GGUF file's model as transformers loads it: plain numbers in safetensors, tokenizer.

usage: dequantise.py MODEL.gguf FOLDER
"""

import os
import shutil
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from gguf import GGUFReader
from tokenizers import pre_tokenizers
from transformers import AutoModelForCausalLM, AutoTokenizer, logging


def tokenizer(folder, name):
    """transformers leaves out that this model's tokenizer takes each digit for itself."""
    found = AutoTokenizer.from_pretrained(folder, gguf_file=name)
    field = GGUFReader(os.path.join(folder, name)).fields["tokenizer.ggml.pre"]
    if bytes(field.parts[field.data[0]]) == b"smollm":
        found.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False)])
    return found


def main():
    source, target = sys.argv[1:]
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    folder, name = os.path.split(os.path.abspath(source))
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    # transformers refuses to save what it has read from a GGUF file, plain as the numbers are now.
    del model.config.quantization_config
    model.hf_quantizer = None
    model.is_quantized = False
    model.save_pretrained(target + ".new")
    tokenizer(folder, name).save_pretrained(target + ".new")
    shutil.rmtree(target, ignore_errors=True)
    os.rename(target + ".new", target)


if __name__ == "__main__":
    main()
