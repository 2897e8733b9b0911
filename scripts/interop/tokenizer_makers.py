"""Tokenizers in the configurations that models use, trained by the libraries themselves."""

import collections
import json
import os

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace("{1,3}", "")


def protobuf_bytes(message, wanted):
    """The (last) field of that number, which holds bytes, of a Protocol Buffers message."""
    position, found = 0, b""

    def varint():
        nonlocal position
        value = shift = 0
        while True:
            byte = message[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while position < len(message):
        tag = varint()
        length = {1: 8, 5: 4}.get(tag & 7)
        if tag & 7 == 0:
            varint()
            continue
        length = length or varint()
        if tag >> 3 == wanted:
            found = message[position : position + length]
        position += length
    return found


class Maker:
    """Tokenizers, trained here by the libraries themselves."""

    def __init__(self, folder, corpus):
        # A piece that is spelled like a special token would be one.
        self.folder, self.corpus = folder, [text for text in corpus if "<" not in text]

    def place(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path

    def save(self, name, tokenizer, config=None):
        path = self.place(name)
        tokenizer.save(os.path.join(path, "tokenizer.json"))
        if config:
            with open(os.path.join(path, "tokenizer_config.json"), "w", encoding="utf-8") as file:
                json.dump(config, file)
        return path, tokenizer

    def byte_level(
        self, words, size=3000, specials=("<|endoftext|>", "<|im_start|>", "<|im_end|>"), **model
    ):
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

        tokenizer = Tokenizer(models.BPE(**model))
        tokenizer.pre_tokenizer = words
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        tokenizer.train_from_iterator(
            self.corpus,
            trainers.BpeTrainer(
                vocab_size=size,
                initial_alphabet=alphabet,
                special_tokens=list(specials),
                show_progress=False,
            ),
        )
        return tokenizer

    def gpt2(self):
        from tokenizers import pre_tokenizers as P

        return self.save("gpt2", self.byte_level(P.ByteLevel(add_prefix_space=False)))

    def gpt2_files(self):
        """vocab.json and merges.txt instead of tokenizer.json."""
        path, tokenizer = self.gpt2()
        place = self.place("gpt2-files")
        tokenizer.model.save(place)
        with open(os.path.join(place, "tokenizer_config.json"), "w", encoding="utf-8") as file:
            json.dump(
                {
                    "tokenizer_class": "GPT2Tokenizer",
                    "added_tokens_decoder": {
                        str(i): {
                            "content": t.content,
                            "special": t.special,
                            "normalized": t.normalized,
                            "lstrip": False,
                            "rstrip": False,
                            "single_word": False,
                        }
                        for i, t in tokenizer.get_added_tokens_decoder().items()
                    },
                },
                file,
            )
        return place, tokenizer

    def roberta(self):
        from tokenizers import AddedToken, pre_tokenizers as P, processors

        tokenizer = self.byte_level(
            P.ByteLevel(add_prefix_space=True), specials=["<s>", "<pad>", "</s>", "<unk>"]
        )
        tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True)])
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
        return self.save("roberta", tokenizer)

    def smollm(self):
        from tokenizers import pre_tokenizers as P

        words = P.Sequence([P.Digits(individual_digits=True), P.ByteLevel(add_prefix_space=False)])
        return self.save("smollm", self.byte_level(words))

    def split(self, name, pattern, **model):
        from tokenizers import Regex, pre_tokenizers as P

        words = P.Sequence(
            [
                P.Split(Regex(pattern), "isolated"),
                P.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        return self.byte_level(words, **model)

    def llama3(self):
        from tokenizers import processors

        tokenizer = self.split(
            "llama3",
            LLAMA3,
            ignore_merges=True,
            specials=[
                "<|begin_of_text|>",
                "<|end_of_text|>",
                "<|start_header_id|>",
                "<|end_header_id|>",
                "<|eot_id|>",
            ],
        )
        tokenizer.post_processor = processors.Sequence(
            [
                processors.ByteLevel(trim_offsets=False),
                processors.TemplateProcessing(
                    single="<|begin_of_text|> $A",
                    pair="<|begin_of_text|> $A $B",
                    special_tokens=[("<|begin_of_text|>", 0)],
                ),
            ]
        )
        return self.save("llama3", tokenizer)

    def qwen2(self):
        from tokenizers import AddedToken, normalizers

        tokenizer = self.split("qwen2", QWEN2)
        tokenizer.normalizer = normalizers.NFC()
        tokenizer.add_tokens(
            [
                AddedToken("<tool_call>", normalized=False),
                AddedToken("keep", single_word=True, normalized=True),
                AddedToken("caf\u00e9", normalized=True, rstrip=True),
            ]
        )
        return self.save("qwen2", tokenizer)

    def contiguous_digits(self):
        from tokenizers import pre_tokenizers as P

        words = P.Sequence(
            [P.Digits(individual_digits=False), P.ByteLevel(add_prefix_space=True, use_regex=True)]
        )
        tokenizer = self.byte_level(words, size=600)
        from tokenizers import normalizers

        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]
        )
        return self.save("digits-nfkd", tokenizer)

    def sentencepiece_bpe(self, name, normalizer, words, decoder):
        from tokenizers import Tokenizer, models, processors, trainers

        tokenizer = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
        tokenizer.normalizer, tokenizer.decoder = normalizer, decoder
        from tokenizers import normalizers, pre_tokenizers as P

        # Trained on words, used on whole texts, as the converted models are.
        tokenizer.normalizer = normalizers.Replace(" ", "\u2581")
        tokenizer.pre_tokenizer = P.Metaspace(prepend_scheme="always")
        specials = ["<unk>", "<s>", "</s>"] + ["<0x%02X>" % b for b in range(256)]
        tokenizer.train_from_iterator(
            self.corpus,
            trainers.BpeTrainer(
                vocab_size=2500, special_tokens=specials, limit_alphabet=400, show_progress=False
            ),
        )
        description = json.loads(tokenizer.to_str())
        description["added_tokens"] = description["added_tokens"][:3]
        tokenizer = Tokenizer.from_str(json.dumps(description))
        tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, words
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", 1)]
        )
        return self.save(name, tokenizer, {"bos_token": "<s>", "eos_token": "</s>"})

    def llama2(self):
        from tokenizers import decoders as D, normalizers as N

        return self.sentencepiece_bpe(
            "llama2",
            N.Sequence([N.Prepend("\u2581"), N.Replace(" ", "\u2581")]),
            None,
            D.Sequence([D.Replace("\u2581", " "), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 0)]),
        )

    def llama2_first(self):
        from tokenizers import decoders as D, pre_tokenizers as P

        return self.sentencepiece_bpe(
            "llama2-first",
            None,
            P.Metaspace(prepend_scheme="first", split=False),
            D.Sequence([D.Replace("\u2581", " "), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 0)]),
        )

    def gemma(self):
        from tokenizers import decoders as D, normalizers as N, pre_tokenizers as P

        return self.sentencepiece_bpe(
            "gemma",
            N.Replace(" ", "\u2581"),
            P.Split(" ", "merged_with_previous"),
            D.Sequence([D.Replace("\u2581", " "), D.ByteFallback(), D.Fuse()]),
        )

    def suffix(self):
        from tokenizers import (
            Tokenizer,
            decoders,
            models,
            normalizers as N,
            pre_tokenizers as P,
            trainers,
        )

        tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
        tokenizer.normalizer = N.Sequence([N.NFD(), N.Strip(), N.Lowercase()])
        tokenizer.pre_tokenizer = P.WhitespaceSplit()
        tokenizer.decoder = decoders.BPEDecoder()
        tokenizer.train_from_iterator(
            self.corpus,
            trainers.BpeTrainer(
                vocab_size=2000,
                special_tokens=["<unk>"],
                end_of_word_suffix="</w>",
                limit_alphabet=300,
                show_progress=False,
            ),
        )
        return self.save("suffix", tokenizer)

    def charsmap(self, rule):
        """SentencePiece's compiled map of a rule, out of a model that it trains."""
        path = self.sentencepiece(rule, model_type="unigram", normalization_rule_name=rule)
        with open(os.path.join(path, "tokenizer.model"), "rb") as file:
            return protobuf_bytes(protobuf_bytes(file.read(), 3), 2)

    def common_corpus(self):
        """The corpus in its commonest thousand characters: a unigram vocabulary must hold them all."""
        common = {c for c, _ in collections.Counter("".join(self.corpus)).most_common(1000)} - set(
            "\0\r"
        )
        return ["".join(c for c in text if c in common) for text in self.corpus]

    def sentencepiece(self, name, **options):
        import sentencepiece

        path = self.place("sp-" + name)
        lines = os.path.join(path, "corpus.txt")
        with open(lines, "w", encoding="utf-8") as file:
            for text in self.common_corpus():
                file.write(" ".join(text.split()) + "\n")
        settings = dict(
            vocab_size=3500,
            hard_vocab_limit=False,
            byte_fallback=False,
            num_threads=1,
            character_coverage=1.0,
            minloglevel=2,
            max_sentence_length=1 << 16,
        )
        settings.update(options)
        sentencepiece.SentencePieceTrainer.train(
            input=lines, model_prefix=os.path.join(path, "m"), **settings
        )
        os.rename(os.path.join(path, "m.model"), os.path.join(path, "tokenizer.model"))
        for leftover in [lines, os.path.join(path, "m.vocab")]:
            os.remove(leftover)
        return path

    def unigram(
        self,
        name,
        normalizer,
        words,
        specials=("<s>", "<pad>", "</s>", "<unk>"),
        byte_fallback=False,
    ):
        from tokenizers import Tokenizer, decoders, models, processors, trainers

        tokenizer = Tokenizer(models.Unigram())
        tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, words
        tokenizer.decoder = decoders.Metaspace()
        extra = ["<0x%02X>" % b for b in range(256)] if byte_fallback else []
        tokenizer.train_from_iterator(
            self.common_corpus(),
            trainers.UnigramTrainer(
                vocab_size=2500,
                special_tokens=list(specials) + extra,
                unk_token="<unk>",
                show_progress=False,
            ),
        )
        if byte_fallback:
            description = json.loads(tokenizer.to_str())
            description["model"]["byte_fallback"] = True
            description["added_tokens"] = [
                t for t in description["added_tokens"] if t["content"] in specials
            ]
            tokenizer = Tokenizer.from_str(json.dumps(description))
        ends = [(t, specials.index(t)) for t in ("<s>", "</s>")]
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=ends
        )
        return self.save(name, tokenizer)

    def xlm_roberta(self):
        from tokenizers import AddedToken, Regex, normalizers as N, pre_tokenizers as P

        path, tokenizer = self.unigram(
            "xlm-roberta",
            N.Sequence([N.Precompiled(self.charsmap("nmt_nfkc")), N.Replace(Regex(" {2,}"), " ")]),
            P.Metaspace(prepend_scheme="always"),
        )
        tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True)])
        return self.save("xlm-roberta", tokenizer)

    def t5(self):
        from tokenizers import normalizers as N, pre_tokenizers as P

        return self.unigram(
            "t5",
            N.Precompiled(self.charsmap("nmt_nfkc_cf")),
            P.Sequence([P.WhitespaceSplit(), P.Metaspace(prepend_scheme="always")]),
        )

    def albert(self):
        from tokenizers import normalizers as N, pre_tokenizers as P

        return self.unigram(
            "albert",
            N.Sequence(
                [N.Replace("``", '"'), N.NFKD(), N.StripAccents(), N.Lowercase(), N.Strip()]
            ),
            P.Metaspace(prepend_scheme="first", split=False),
            byte_fallback=True,
        )

    def wordpiece(self, name, lowercase):
        from tokenizers import (
            Tokenizer,
            decoders,
            models,
            normalizers as N,
            pre_tokenizers as P,
            processors,
            trainers,
        )

        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = N.BertNormalizer(lowercase=lowercase)
        tokenizer.pre_tokenizer = P.BertPreTokenizer()
        tokenizer.decoder = decoders.WordPiece(cleanup=False)
        tokenizer.train_from_iterator(
            self.corpus,
            trainers.WordPieceTrainer(
                vocab_size=2500,
                special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
                show_progress=False,
            ),
        )
        tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
        return self.save(name, tokenizer)


def smollm2(gguf_path):
    """A Hugging Face tokenizer of a GGUF file's vocabulary, with SmolLM2's words."""
    import gguf
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers as P

    fields = gguf.GGUFReader(gguf_path).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(line.split(" ")) for line in fields["tokenizer.ggml.merges"].contents()]
    kinds = fields["tokenizer.ggml.token_type"].contents()
    tokenizer = Tokenizer(
        models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges)
    )
    tokenizer.pre_tokenizer = P.Sequence(
        [P.Digits(individual_digits=True), P.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(
        [
            AddedToken(token, special=True, normalized=False)
            for token, kind in zip(tokens, kinds)
            if kind == 3
        ]
    )
    return tokenizer, fields["tokenizer.chat_template"].contents()


def gpt2_of(path):
    """A Hugging Face tokenizer of GPT-2's vocab.json and merges.txt."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers as P

    files = [os.path.join(path, name) for name in ("vocab.json", "merges.txt")]
    tokenizer = Tokenizer(models.BPE.from_file(*files))
    tokenizer.pre_tokenizer, tokenizer.decoder = (
        P.ByteLevel(add_prefix_space=False),
        decoders.ByteLevel(),
    )
    tokenizer.add_special_tokens([AddedToken("<|endoftext|>", special=True, normalized=False)])
    return tokenizer
