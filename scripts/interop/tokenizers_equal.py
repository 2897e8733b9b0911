#!/usr/bin/env python3
"""Compares our tokenizers and chat templates with Hugging Face's and SentencePiece's, id for id.

usage: tokenizers_equal.py TRAINER [--texts N] [--seed S] [--only NAME]… [--minilm DIR] [--gguf FILE]
                           [--folder DIR]… [--keep DIR]

TRAINER        tundish-trainer; it is run as `TRAINER tokenize MODEL` (JSON lines in and out)
--minilm DIR   a folder with MiniLM's tokenizer.json, compared as well
--gguf FILE    SmolLM2's GGUF file, compared with a Hugging Face tokenizer made of its vocabulary
--folder DIR   another real tokenizer: vocab.json and merges.txt of GPT-2, or a tokenizer.model
--keep DIR     leave the trained tokenizers, texts.txt and differences there

The texts (10,000) come from a seed: words, emoji, CJK, Hangul, Indic scripts, combining marks, long
words, broken UTF-8 (decoded with replacement first), control characters, runs of white space,
digits of many scripts, URLs, code, names of special tokens, and scalars from all of Unicode. The
tokenizers are trained on other texts of the same generator by the libraries themselves, one in each
configuration that models use. Compared are: ids with and without special tokens, ids of text in
which special tokens count as plain text, ids of words, decoded texts, and whole conversations.
Prints a line per tokenizer on standard error, one verdict per library on standard output; fails on
a difference. Needs: tokenizers, sentencepiece, transformers; gguf with --gguf.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import warnings
from importlib.metadata import version

from tokenizer_makers import Maker, gpt2_of, smollm2
from tokenizer_texts import SPECIALS, Texts

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
warnings.simplefilter("ignore")


class Ours:
    """Our answers to lines of requests."""

    def __init__(self, trainer, path):
        self.command = [trainer, "tokenize", path]

    def __call__(self, requests):
        lines = "".join(json.dumps(request) + "\n" for request in requests)
        run = subprocess.run(
            self.command,
            input=lines.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
        )
        if run.returncode:
            raise RuntimeError("%s: %s" % (" ".join(self.command), run.stderr.decode()[-500:]))
        answers = [json.loads(line) for line in run.stdout.decode().split("\n") if line]
        if len(answers) != len(requests):
            raise RuntimeError("%d answers to %d requests" % (len(answers), len(requests)))
        return answers


class Comparison:
    def __init__(self, keep):
        self.keep, self.failed, self.count, self.names = keep, 0, 0, set()

    def add(self, name, what, asked, wanted, found):
        wrong = [i for i in range(len(asked)) if wanted[i] != found[i]]
        self.count += len(asked)
        self.names.add(name)
        self.failed += len(wrong)
        print(
            "%s, %s: %d of %d equal" % (name, what, len(asked) - len(wrong), len(asked)),
            file=sys.stderr,
        )
        if wrong and self.keep:
            with open(os.path.join(self.keep, "differences.jsonl"), "a", encoding="utf-8") as file:
                for i in wrong:
                    file.write(
                        json.dumps(
                            {
                                "tokenizer": name,
                                "what": what,
                                "asked": asked[i],
                                "wanted": wanted[i],
                                "found": found[i],
                            }
                        )
                        + "\n"
                    )


def compare(name, ours, tokenizer, texts, result):
    """Our ids, words and texts beside Hugging Face's."""
    whole = [e.ids for e in tokenizer.encode_batch(texts)]
    bare = [e.ids for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
    found = [a["ids"] for a in ours([{"text": t} for t in texts])]
    result.add(name, "ids", texts, whole, found)
    found = [a["ids"] for a in ours([{"text": t, "add_special_tokens": False} for t in texts])]
    result.add(name, "ids without special tokens", texts, bare, found)
    tokenizer.encode_special_tokens = True
    plain = [tokenizer.encode(t, add_special_tokens=False).ids for t in texts]
    tokenizer.encode_special_tokens = False
    found = [a["ids"] for a in ours([{"text": t, "plain": True} for t in texts])]
    result.add(name, "ids of plain text", texts, plain, found)
    for skip in [True, False]:
        decoded = [tokenizer.decode(ids, skip_special_tokens=skip) for ids in whole]
        found = [
            a["text"] for a in ours([{"ids": ids, "skip_special_tokens": skip} for ids in whole])
        ]
        # How many U+FFFD stand for broken bytes is the decoder's taste.
        fold = lambda text: "\ufffd".join(part for part in text.split("\ufffd") if part) + (
            "\ufffd" if "\ufffd" in text else ""
        )
        result.add(
            name,
            "decoded" + (" without special tokens" if skip else ""),
            whole,
            [fold(t) for t in decoded],
            [fold(t) for t in found],
        )
    words = [t.split(" ") for t in texts[: len(texts) // 5]]
    wanted = []
    for row in words:
        encoding = tokenizer.encode(row, is_pretokenized=True)
        first = [-1] * len(row)
        for index, word in reversed(list(enumerate(encoding.word_ids))):
            if word is not None:
                first[word] = index
        wanted.append({"ids": encoding.ids, "first": first})
    result.add(name, "words", words, wanted, ours([{"words": row} for row in words]))


def compare_sentencepiece(name, path, trainer, texts, result):
    import sentencepiece

    theirs = sentencepiece.SentencePieceProcessor(model_file=os.path.join(path, "tokenizer.model"))
    ours = Ours(trainer, path)
    wanted = [theirs.encode(t) for t in texts]
    unknown = theirs.unk_id()
    found = [a["ids"] for a in ours([{"text": t, "plain": True} for t in texts])]
    result.add(name, "ids of plain text", texts, wanted, found)
    # Theirs writes U+2047 for an unknown piece, ours the piece.
    wanted = [[i for i in ids if i != unknown] for ids in wanted]
    found = [a["text"] for a in ours([{"ids": ids} for ids in wanted])]
    result.add(name, "decoded", wanted, [theirs.decode(ids) for ids in wanted], found)


# Templates as models of each style have them, in our own words.
TEMPLATES = {
    "chatml": """
{%- for m in messages %}
{%- if loop.first and m['role'] != 'system' %}
{{- '<|im_start|>system\\nBe brief, it\\'s late.<|im_end|>\\n' }}
{%- endif %}
{{- '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""",
    "llama3": """
{%- for m in messages %}
{%- if loop.first %}{{ bos_token }}{% endif %}
{{- '<|start_header_id|>' + m['role'] + '<|end_header_id|>\\n\\n' }}
{{- m['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}""",
    "zephyr": """
{%- for m in messages %}
{%- if m['role'] == 'user' %}{{ '<|user|>\\n' + m['content'] + eos_token }}
{%- elif m['role'] == 'system' %}{{ '<|system|>\\n' + m['content'] + eos_token }}
{%- else %}{{ '<|assistant|>\\n' + m['content'] + eos_token }}{% endif %}
{{- '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}""",
    "alpaca": """
{%- for m in messages %}
{%- if m['role'] == 'system' %}{{ m['content'] | trim + '\\n\\n' }}
{%- elif m['role'] == 'user' %}{{ '### Instruction:\\n' + m['content'] | trim + '\\n\\n' }}
{%- else %}{{ '### Response:\\n' + m['content'] | trim + eos_token + '\\n\\n' }}{% endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{ '### Response:\\n' }}{% endif %}""",
}


def replies(chat, style, eos):
    """What the model must learn of a chat: its replies, and what ends them."""
    end = {"chatml": "<|im_end|>\n", "llama3": "<|eot_id|>"}.get(style, eos)
    trims = style in ("llama3", "alpaca")
    contents = [m["content"] for m in chat["messages"] if m["role"] == "assistant"]
    return "".join((c.strip() if trims else c) + end for c in contents)


def compare_chats(name, path, tokenizer, style, template, ends, trainer, texts, result):
    """Whole conversations beside `apply_chat_template`: ids, text, and where the replies lie."""
    from transformers import PreTrainedTokenizerFast

    theirs = PreTrainedTokenizerFast(tokenizer_object=tokenizer, chat_template=template, **ends)
    if not path.endswith(".gguf"):
        with open(os.path.join(path, "tokenizer_config.json"), "w", encoding="utf-8") as file:
            json.dump(dict(ends, chat_template=template), file)
    names = (
        SPECIALS
        + ["<|eot_id|>", "<|begin_of_text|>", "<|user|>"]
        + [t.content for t in tokenizer.get_added_tokens_decoder().values()]
    )
    texts = [t for t in texts if not any(n in t for n in names)]
    chats, draw = [], random.Random(1)
    while len(chats) < 1000:
        roles = (["system"] if draw.random() < 0.5 else []) + ["user", "assistant"] * draw.randint(
            1, 4
        )
        chats.append(
            {
                "messages": [{"role": r, "content": draw.choice(texts)} for r in roles],
                "add_generation_prompt": draw.random() < 0.3,
            }
        )
    found = Ours(trainer, path)(chats)
    text = [
        theirs.apply_chat_template(
            c["messages"], tokenize=False, add_generation_prompt=c["add_generation_prompt"]
        )
        for c in chats
    ]
    ids = [theirs(t, add_special_tokens=False)["input_ids"] for t in text]
    result.add(name, "chats as text", chats, text, [a["text"] for a in found])
    result.add(name, "chats as ids", chats, ids, [a["ids"] for a in found])
    # A reply that starts with white space may share its first token with the header.
    sure = [
        index
        for index, chat in enumerate(chats)
        if not any(m["content"][:1].isspace() for m in chat["messages"] if m["role"] == "assistant")
    ]
    if tokenizer.normalizer is None and type(tokenizer.pre_tokenizer).__name__ != "Metaspace":
        learned = [
            theirs.decode([i for i, l in zip(found[index]["ids"], found[index]["learned"]) if l])
            for index in sure
        ]
        # There and back: a vocabulary may lack bytes.
        wanted = [replies(chats[index], style, ends["eos_token"]) for index in sure]
        wanted = [theirs.decode(theirs(t, add_special_tokens=False)["input_ids"]) for t in wanted]
        result.add(name, "what is learned", [chats[index] for index in sure], wanted, learned)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("trainer")
    parser.add_argument("--texts", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--only", action="append")
    parser.add_argument("--minilm")
    parser.add_argument("--gguf")
    parser.add_argument("--folder", action="append", default=[])
    parser.add_argument("--keep")
    options = parser.parse_args()
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
        differences = os.path.join(options.keep, "differences.jsonl")
        if os.path.exists(differences):
            os.remove(differences)
    with tempfile.TemporaryDirectory() as scratch:
        run(options, options.keep or scratch)


def run(options, folder):
    from tokenizers import Tokenizer

    texts = Texts(options.seed).draw(options.texts)
    maker = Maker(folder, Texts(options.seed + 1).draw(4000))
    wants = lambda name: not options.only or name in options.only
    result, made = Comparison(options.keep), {}
    makers = {
        "gpt2": maker.gpt2,
        "gpt2-files": maker.gpt2_files,
        "roberta": maker.roberta,
        "smollm": maker.smollm,
        "llama3": maker.llama3,
        "qwen2": maker.qwen2,
        "digits-nfkd": maker.contiguous_digits,
        "llama2": maker.llama2,
        "llama2-first": maker.llama2_first,
        "gemma": maker.gemma,
        "suffix": maker.suffix,
        "xlm-roberta": maker.xlm_roberta,
        "t5": maker.t5,
        "albert": maker.albert,
        "wordpiece-uncased": lambda: maker.wordpiece("wordpiece-uncased", True),
        "wordpiece-cased": lambda: maker.wordpiece("wordpiece-cased", False),
    }
    for name, make in makers.items():
        if wants(name):
            made[name] = make()
    if options.minilm and wants("minilm"):
        made["minilm"] = options.minilm, Tokenizer.from_file(
            os.path.join(options.minilm, "tokenizer.json")
        )
        made["minilm"][1].no_padding()
        made["minilm"][1].no_truncation()
        # The decoder's clean-up is a choice of its own.
        from tokenizers import decoders

        made["minilm"][1].decoder = decoders.WordPiece(cleanup=False)
    for path in options.folder:
        if os.path.exists(os.path.join(path, "merges.txt")):
            made["real " + os.path.basename(path)] = path, gpt2_of(path)
    template = None
    if options.gguf and wants("smollm2"):
        tokenizer, template = smollm2(options.gguf)
        made["smollm2"] = options.gguf, tokenizer
    for name, (path, tokenizer) in made.items():
        compare(name, Ours(options.trainer, path), tokenizer, texts, result)
    verdict("tokenizers", "%d tokenizers × %d texts" % (len(made), len(texts)), result)

    chats = Comparison(options.keep)
    plain = {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>"}
    for name, base, style, ends in [
        ("chatml", "gpt2", "chatml", {"eos_token": "<|im_end|>"}),
        ("chatml-qwen2", "qwen2", "chatml", {"eos_token": "<|im_end|>"}),
        (
            "llama3",
            "llama3",
            "llama3",
            {"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"},
        ),
        ("zephyr", "llama2-first", "zephyr", {"bos_token": "<s>", "eos_token": "</s>"}),
        ("zephyr-legacy", "llama2", "zephyr", {"bos_token": "<s>", "eos_token": "</s>"}),
        ("alpaca", "gpt2", "alpaca", plain),
    ]:
        if base in made:
            compare_chats(
                "chat " + name,
                *made[base],
                style,
                TEMPLATES[style],
                ends,
                options.trainer,
                texts,
                chats
            )
    if template:
        compare_chats(
            "chat smollm2",
            *made["smollm2"],
            "chatml",
            template,
            {"eos_token": "<|im_end|>"},
            options.trainer,
            texts,
            chats
        )
    verdict("transformers", "%d chat templates × 1000 chats" % (len(chats.names)), chats)

    pieces = Comparison(options.keep)
    for name, settings in {
        "sp-unigram": dict(model_type="unigram", normalization_rule_name="nmt_nfkc"),
        "sp-unigram-bytes": dict(
            model_type="unigram", byte_fallback=True, normalization_rule_name="nmt_nfkc_cf"
        ),
        "sp-bpe-llama": dict(
            model_type="bpe",
            byte_fallback=True,
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            split_digits=True,
            allow_whitespace_only_pieces=True,
        ),
        "sp-bpe": dict(model_type="bpe", normalization_rule_name="nfkc"),
        "sp-bpe-no-prefix": dict(
            model_type="bpe",
            byte_fallback=True,
            normalization_rule_name="identity",
            add_dummy_prefix=False,
        ),
    }.items():
        if wants(name):
            compare_sentencepiece(
                name, maker.sentencepiece(name[3:], **settings), options.trainer, texts, pieces
            )
    for path in options.folder:
        if os.path.exists(os.path.join(path, "tokenizer.model")):
            compare_sentencepiece(
                "real " + os.path.basename(path), path, options.trainer, texts, pieces
            )
    verdict("sentencepiece", "%d models × %d texts" % (len(pieces.names), len(texts)), pieces)
    sys.exit(1 if result.failed + chats.failed + pieces.failed else 0)


def verdict(library, what, result):
    ok = "ok" if not result.failed else "FAILED"
    print(
        "%s %s: %s %s, %d comparisons, %d differ"
        % (library, version(library), ok, what, result.count, result.failed),
        flush=True,
    )


if __name__ == "__main__":
    main()
