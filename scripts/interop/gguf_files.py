#!/usr/bin/env python3
"""Opens our GGUF files with gguf and transformers, and checks what our reader decodes.

usage: gguf_files.py FOLDER     (written by GGUFInteropTests)

gguf: every tensor of every file, dequantised by the gguf package and put into Hugging Face's order,
has the bits that decoded.json says. transformers: the tiny models load from GGUF, have our numbers,
and F32 gives the logits of the safetensors file. Prints one line for each; fails on a difference.
Needs: gguf, torch, transformers.
"""

import hashlib
import json
import os
import sys
import warnings
from importlib.metadata import version

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
warnings.simplefilter("ignore")


def digest(array):
    import numpy

    return hashlib.sha256(numpy.ascontiguousarray(array, dtype="<f4").tobytes()).hexdigest()


def models_order(reader, name, array):
    """The array as Hugging Face's model has it, from llama.cpp's order."""
    fields = reader.fields
    family = fields["general.architecture"].contents()
    if family == "gpt2" and array.ndim == 2 and name.startswith("blk."):
        return array.T
    if family != "llama" or not (".attn_q." in name or ".attn_k." in name):
        return array
    key = "head_count" if ".attn_q." in name else "head_count_kv"
    heads = int(fields["llama.attention." + key].contents())
    halves = array.reshape(heads, array.shape[0] // heads // 2, 2, *array.shape[1:])
    return halves.swapaxes(1, 2).reshape(array.shape)


def files_name(reader, name):
    """llama.cpp's name of a tensor, by the table of the gguf package."""
    import gguf

    family = reader.fields["general.architecture"].contents()
    if family not in ("llama", "qwen2", "gpt2"):
        return name
    arch = next(key for key, value in gguf.MODEL_ARCH_NAMES.items() if value == family)
    layers = int(reader.fields[family + ".block_count"].contents())
    table = gguf.get_tensor_name_map(arch, layers)
    return table.get_name(name, try_suffixes=(".weight", ".bias"))


def check_gguf(folder, decoded):
    import gguf

    count = 0
    for path, ours in sorted(decoded.items()):
        reader = gguf.GGUFReader(os.path.join(folder, path))
        tensors = {tensor.name: tensor for tensor in reader.tensors}
        tensors.pop("rope_freqs.weight", None)  # no weight of the model
        for name, wanted in ours.items():
            tensor = tensors.pop(files_name(reader, name))
            values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
            values = models_order(reader, tensor.name, values.astype("float32"))
            if list(values.shape) != wanted["shape"]:
                raise ValueError("%s %s: shape %s" % (path, name, values.shape))
            if digest(values) != wanted["sha256"]:
                raise ValueError("%s %s: other numbers" % (path, name))
            count += 1
        if tensors:
            raise ValueError("%s: we do not read %s" % (path, sorted(tensors)))
    return "%d files, %d tensors, equal to the bit" % (len(decoded), count)


def check_transformers(folder, decoded):
    import torch
    from transformers import AutoModelForCausalLM, logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    worst = 0.0
    loaded = 0
    tokens = torch.tensor([[5, 17, 2, 44, 9, 31, 30, 8]])
    for path in sorted(path for path in decoded if "/" in path and not os.path.isabs(path)):
        name, file = path.split("/")
        if name == "llama3":
            continue  # transformers does not read the factors of the rotary frequencies
        home = os.path.join(folder, name)
        model = AutoModelForCausalLM.from_pretrained(home, gguf_file=file, dtype=torch.float32)
        state = model.state_dict()
        for tensor, ours in decoded[path].items():
            if digest(state[tensor].numpy()) != ours["sha256"]:
                raise ValueError("%s %s: other numbers" % (path, tensor))
        loaded += 1
        if file != "f32.gguf":
            continue
        base = AutoModelForCausalLM.from_pretrained(home, dtype=torch.float32)
        with torch.no_grad():
            difference = base(tokens).logits - model(tokens).logits
        worst = max(worst, difference.abs().max().item())
    if not worst <= 1e-5:
        raise ValueError("logits differ by %.2g" % worst)
    return "%d files, equal weights, largest difference of logits %.2g" % (loaded, worst)


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = sys.argv[1]
    failed = False
    with open(os.path.join(folder, "decoded.json"), encoding="utf-8") as file:
        decoded = json.load(file)
    for name, package, check in [
        ("gguf", "gguf", check_gguf), ("transformers-gguf", "transformers", check_transformers)
    ]:
        try:
            print("%s %s: ok (%s)" % (name, version(package), check(folder, decoded)))
        except Exception as error:  # a validator may fail in ways of its own
            print("%s: FAILED %s: %s" % (name, type(error).__name__, error))
            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
