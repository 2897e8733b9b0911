"""Texts of many kinds, drawn from a seed, to compare tokenizers on."""

import random

SPECIALS = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "<mask>",
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
]


class Texts:
    """Texts of many kinds, drawn from a seed."""

    SPACES = " \t\n\r\v\f\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000\u0085\u200b\ufeff"
    RANGES = {
        "latin": "a-z a-z a-z A-Z",
        "european": "a-z \u00c0-\u024f \u0370-\u03ff \u0400-\u04ff \u1e00-\u1eff",
        "cjk": "\u4e00-\u9fff \u3400-\u4dbf \u3041-\u3096 \u30a1-\u30fa \uf900-\ufaff "
        "\U00020000-\U0002a6d0 \uff01-\uff9f",
        "hangul": "\uac00-\ud7a3 \u1100-\u11ff \u3131-\u318e",
        "indic": "\u0900-\u0d7f \u0e01-\u0e5b \u1000-\u109f",
        "semitic": "\u0591-\u05f4 \u0600-\u06ff \ufb1d-\ufdff",
        "symbols": "!-/ :-@ [-` {-~ \u2010-\u2bff \u3001-\u303f",
        "emoji": "\U0001f300-\U0001faff \u2600-\u27bf \U0001f1e6-\U0001f1ff",
        "control": "\0-\x1f \x7f-\x9f \u200b-\u200f \u2060-\u206f",
        "marks": "\u0300-\u036f \u0483-\u0489 \u1ab0-\u1aff \u1dc0-\u1dff \u20d0-\u20f0 \ufe20-\ufe2f",
        "numbers": "0-9 0-9 0-9 \u0660-\u0669 \u0966-\u096f \u00b2-\u00b3 \u00bc-\u00be "
        "\u2150-\u218b \u3021-\u3029 \uff10-\uff19 \U0001d7ce-\U0001d7ff",
        "any": "!-\U0010ffff",
    }

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.words = [
            "".join(
                self.random.choice("bcdfglmnprstvw") + self.random.choice("aeiou")
                for _ in range(self.random.randint(1, 4))
            )
            for _ in range(3000)
        ]
        kinds = [
            self.sentence,
            self.sentence,
            self.mixed,
            self.mixed,
            self.code,
            self.url,
            self.emoji,
            self.marked,
            self.spaces,
            self.numbers,
            self.long_word,
            self.broken,
            self.specials,
            self.contractions,
            self.anything,
        ]
        kinds += [
            lambda name=name: self.run(name, self.random.randint(1, 60)) for name in self.RANGES
        ]
        self.kinds = kinds

    def scalar(self, name):
        while True:
            first, last = self.random.choice(self.RANGES[name].split(" ")).split("-")[:2]
            code = self.random.randint(ord(first), ord(last))
            if not 0xD800 <= code < 0xE000:
                return chr(code)

    def run(self, name, count):
        return "".join(self.scalar(name) for _ in range(count))

    def word(self):
        word = self.words[min(int(self.random.expovariate(0.004)), len(self.words) - 1)]
        return self.random.choice([word, word, word, word.capitalize(), word.upper()])

    def sentence(self):
        words = [self.word() for _ in range(self.random.randint(1, 30))]
        for _ in range(self.random.randint(0, 4)):
            words[self.random.randrange(len(words))] += self.random.choice(
                [",", ".", "!?", ";", "'s", "\u2019s", "\u2026"]
            )
        return " ".join(words) + self.random.choice(["", ".", "?", "\n"])

    def mixed(self):
        names = list(self.RANGES)
        parts = [
            self.run(self.random.choice(names), self.random.randint(1, 8))
            for _ in range(self.random.randint(1, 8))
        ]
        parts += [self.word() for _ in range(len(parts))]
        self.random.shuffle(parts)
        return self.random.choice(["", " ", "  "]).join(parts)

    def code(self):
        name, number = self.word().lower(), self.random.randint(0, 99999)
        return self.random.choice(
            [
                f"def {name}(x, *, y={number}):\n"
                f'    return x[{number}:] if y else {{"{name}": [x, None]}}\n',
                f"for (int i = 0; i < {number}; ++i) {{\n\t{name}[i] += 0x{number:x};\r\n}}\r\n\r\n",
                f'<div class="{name}">&nbsp;{number}</div>  <!-- {name} -->',
                f"SELECT {name}, count(*) FROM t_{number} WHERE a != 'b''c' GROUP BY 1;",
            ]
        )

    def url(self):
        return (
            f"https://www.{self.word().lower()}.example/{self.word()}/{self.random.randint(0, 9999)}"
            f"?q={self.word()}%20{self.word()}&id={self.random.random()}"
            f"#{self.word()} {self.word()}@{self.word()}.org"
        )

    def emoji(self):
        joined = [
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
            "\U0001f44d\U0001f3fd",
            "\U0001f1e9\U0001f1ea",
            "1\ufe0f\u20e3",
            "\u2764\ufe0f",
            "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
            "\U0001f9d1\u200d\U0001f680",
        ]
        return "".join(
            self.random.choice([self.random.choice(joined), self.scalar("emoji"), " ", self.word()])
            for _ in range(self.random.randint(1, 20))
        )

    def marked(self):
        return "".join(
            self.scalar(self.random.choice(["latin", "european", "hangul", "indic", "cjk"]))
            + self.run("marks", self.random.choice([0, 1, 1, 2, 4]))
            for _ in range(self.random.randint(1, 30))
        )

    def spaces(self):
        return "".join(
            self.random.choice(
                [
                    self.word(),
                    self.random.choice(self.SPACES) * self.random.randint(1, 5),
                    " " * self.random.randint(1, 20),
                    "\n" * self.random.randint(1, 4),
                    "\r\n",
                    ".",
                ]
            )
            for _ in range(self.random.randint(1, 16))
        )

    def numbers(self):
        return self.random.choice(["", " ", "-", "."]).join(
            self.random.choice(
                [
                    str(self.random.randint(0, 10 ** self.random.randint(1, 18))),
                    self.run("numbers", 5),
                    self.word(),
                ]
            )
            for _ in range(self.random.randint(1, 10))
        )

    def long_word(self):
        return self.random.choice(
            [
                self.word() * self.random.randint(20, 80),
                self.scalar("any") * self.random.randint(50, 400),
                self.run("latin", self.random.randint(90, 400)),
                "\u2581" * self.random.randint(1, 20) + self.word(),
            ]
        )

    def broken(self):
        text = bytearray(self.mixed().encode())
        for _ in range(self.random.randint(1, 5)):
            text.insert(self.random.randint(0, len(text)), self.random.randint(0x80, 0xFF))
        del text[self.random.randint(0, len(text)) :]
        return bytes(text).decode("utf-8", errors="replace")

    def specials(self):
        names = SPECIALS + [
            "[CLS]",
            "[SEP]",
            "[MASK]",
            "[UNK]",
            "[PAD]",
            "<0x0A>",
            "<0x41>",
            "<|eot_id|>",
            "<tool_call>",
            "keep",
            "##ing",
            "<|im_",
            "_end|>",
        ]
        return "".join(
            self.random.choice(
                [
                    self.random.choice(names),
                    self.random.choice([" ", "  ", "\n", "\u3000", ""]),
                    self.word(),
                    ".",
                ]
            )
            for _ in range(self.random.randint(1, 16))
        )

    def contractions(self):
        ends = [
            "'s",
            "'S",
            "'t",
            "'re",
            "'RE",
            "'Ve",
            "'m",
            "'ll",
            "'Ll",
            "'d",
            "'\u017f",
            "'x",
            "''s",
            " 's",
            "'",
            "\u2019ll",
        ]
        return self.random.choice(["", " "]).join(
            self.word() + self.random.choice(ends) for _ in range(self.random.randint(1, 8))
        )

    def anything(self):
        return self.run("any", self.random.randint(1, 40))

    def draw(self, count):
        return [self.random.choice(self.kinds)() for _ in range(count)]
