#!/usr/bin/env python3
"""Trains the language model of the room Cleaning; see docs/language.md. Called by scripts/language/train.

usage: train.py FOLDER SENTENCES MODEL

FOLDER holds the unpacked translation catalogues (any depth, `LANG/LC_MESSAGES/*.po`), SENTENCES the
sentences written for this project. Writes MODEL and prints the accuracy on what was held out.
"""

import ast
import collections
import hashlib
import os
import random
import re
import struct
import sys

import numpy
import scipy.sparse
from sklearn.linear_model import LogisticRegression

LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pt", "sv", "pl", "da", "nb", "fi", "cs", "sk",
             "hu", "ro", "hr", "tr", "id", "ca", "lt", "ru", "uk", "bg"]
FOLDERS = {"pt_BR": "pt", "pt_PT": "pt", "es_MX": "es", "es_AR": "es", "id_ID": "id", "nb_NO": "nb",
           "tr_TR": "tr", "hr_HR": "hr", "sk_SK": "sk", "lt_LT": "lt", "nl_NL": "nl", "sv_SE": "sv"}
BITS = 15
MASK = (1 << 64) - 1


def lower(c):
    """As LanguageEvidence.lower."""
    if 0x41 <= c <= 0x5A or 0xC0 <= c <= 0xD6 or 0xD8 <= c <= 0xDE or 0x410 <= c <= 0x42F:
        return c + 0x20
    if 0x100 <= c <= 0x12F or 0x132 <= c <= 0x137 or 0x14A <= c <= 0x177 or 0x460 <= c <= 0x4BF \
            or 0x1E00 <= c <= 0x1EFF:
        return c | 1
    if 0x139 <= c <= 0x148 or 0x179 <= c <= 0x17E:
        return c + (c & 1)
    return c + 0x50 if 0x400 <= c <= 0x40F else c


def is_letter(c):
    """As LanguageScript.of, Latin and Cyrillic."""
    return 0x41 <= c <= 0x5A or 0x61 <= c <= 0x7A or c in (0xAA, 0xBA) or 0x300 <= c <= 0x36F \
        or (0xC0 <= c < 0x250 and c not in (0xD7, 0xF7)) or 0x400 <= c <= 0x52F or 0x1E00 <= c <= 0x1EFF


class Buckets(dict):
    def __missing__(self, gram):
        h = 0xCBF29CE484222325
        for c in gram:
            h = ((h ^ ord(c)) * 0x100000001B3) & MASK
        mixed = ((h ^ (h >> 31)) * 0x9E3779B97F4A7C15) & MASK
        self[gram] = mixed >> (64 - BITS)
        return self[gram]


BUCKETS = Buckets()


def words(text):
    current, found = [], []
    for character in text + " ":
        c = ord(character)
        if is_letter(c):
            current.append(chr(lower(c)))
        elif current:
            found.append(" " + "".join(current) + " ")
            current = []
    return [w for w in found if len(w) < 41]


def features(text):
    counts = collections.Counter()
    for word in words(text):
        for start in range(len(word) - 1):
            for end in range(start + 2, min(start + 4, len(word)) + 1):
                counts[BUCKETS[word[start:end]]] += 1
        if len(word) > 4:
            counts[BUCKETS[word]] += 1
    return counts


def messages(path):
    """Translated strings of a .po file: (original, translation)."""
    state, parts, fuzzy = None, {"msgid": "", "msgstr": ""}, False
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in list(file) + ["\n"]:
            line = line.strip()
            if line.startswith("#,") and "fuzzy" in line:
                fuzzy = True
            match = re.match(r'(msgid|msgstr|msgid_plural|msgctxt|msgstr\[\d\])\s+(".*")$', line)
            if match:
                state = match.group(1)
                if state == "msgstr[0]":
                    state = "msgstr"
                parts[state] = ast.literal_eval(match.group(2))
            elif line.startswith('"') and state:
                parts[state] += ast.literal_eval(line)
            elif not line:
                if parts["msgid"] and not fuzzy:
                    yield parts["msgid"], parts["msgstr"]
                state, parts, fuzzy = None, {"msgid": "", "msgstr": ""}, False


def clean(text):
    text = re.sub(r"<[^>]*>|%\(\w+\)[sdf]|%[sdif]|\{[^}]*\}|&\w+;|https?://\S+|\S+@\S+", " ", text)
    return re.sub(r"\s+", " ", text.replace("&", "")).strip()


def collect(folder):
    """Sentences by language, and whether each is held out (by its English original)."""
    found = {language: {} for language in LANGUAGES}
    english = {}
    for root, _, files in sorted(os.walk(folder)):
        match = re.search(r"/([a-z]{2}(?:_[A-Z]{2})?)/LC_MESSAGES$", root)
        language = match and FOLDERS.get(match.group(1), match.group(1))
        if language not in found:
            continue
        for name in sorted(files):
            if name.endswith(".po"):
                for original, text in messages(os.path.join(root, name)):
                    held = hashlib.sha256(original.encode()).digest()[0] < 26
                    english[clean(original)] = held
                    if text and text != original and len(words(text)) >= 2:
                        found[language][clean(text)] = held
    found["en"] = {text: held for text, held in english.items() if len(words(text)) >= 2}
    return found


def matrix(texts):
    data, columns, starts = [], [], [0]
    for text in texts:
        counts = features(text)
        root = max(1, sum(counts.values())) ** 0.5
        for bucket, count in counts.items():
            data.append(count / root)
            columns.append(bucket)
        starts.append(len(data))
    return scipy.sparse.csr_matrix(
        (numpy.array(data, dtype=numpy.float32), columns, starts), shape=(len(texts), 1 << BITS))


def pieces(text, rng):
    """The text, and a piece of one to six of its words: short texts have to be known too."""
    split = text.split()
    length = rng.randint(1, 6)
    start = rng.randrange(max(1, len(split) - length + 1))
    return [text, " ".join(split[start:start + length])]


def main(folder, sentences, model):
    rng = random.Random(20261123)
    own = {language: [] for language in LANGUAGES}
    with open(sentences, encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                language, text = line.rstrip("\n").split("\t")
                own[language].append(text)
    texts, labels = [], []
    held = {}
    for index, (language, found) in enumerate(collect(folder).items()):
        train = sorted(text for text, is_held in found.items() if not is_held)
        held[language] = sorted(text for text, is_held in found.items() if is_held)
        rng.shuffle(train)
        print("%s: %d for training, %d held out" % (language, len(train), len(held[language])))
        half = own[language][:len(own[language]) // 2]
        for text in train[:4500] + half * 10:
            for piece in pieces(text, rng):
                texts.append(piece)
                labels.append(index)
    data = matrix(texts)
    classifier = LogisticRegression(C=4.0, max_iter=60, tol=1e-3)
    classifier.fit(data, labels)
    weights = classifier.coef_.T
    scale = float(numpy.abs(weights).max() / 127)
    # Few weights are large: a finer step is worth more than the extremes.
    scale = min(scale, float(numpy.quantile(numpy.abs(weights), 0.9995) / 127))
    small = numpy.clip(numpy.round(weights / scale), -127, 127).astype(numpy.int8)
    scale = float(numpy.float32(scale))
    with open(model, "wb") as file:
        file.write(b"TLID\x01" + bytes([len(LANGUAGES), BITS, 0]))
        for language in LANGUAGES:
            file.write(language.encode().ljust(8, b"\0"))
        file.write(struct.pack("<f", scale))
        file.write(numpy.asarray(classifier.intercept_, dtype="<f4").tobytes())
        file.write(small.tobytes())

    def report(name, sets):
        total = right = 0
        for language, set_ in sets.items():
            if not set_:
                continue
            scores = matrix(set_) @ (small.astype(numpy.float64) * scale) + classifier.intercept_
            hits = (scores.argmax(axis=1) == LANGUAGES.index(language)).sum()
            total, right = total + len(set_), right + hits
            wrong = collections.Counter(
                LANGUAGES[i] for i in scores.argmax(axis=1) if LANGUAGES[i] != language)
            print("  %s %d/%d %.3f %s" % (
                language, hits, len(set_), hits / len(set_), dict(wrong.most_common(3))))
        print("%s: %d/%d %.4f" % (name, right, total, right / total))

    report("catalogues, held out", {k: [t for t in v if len(t) >= 20] for k, v in held.items()})
    report("own sentences, held out", {k: v[len(v) // 2:] for k, v in own.items()})


if __name__ == "__main__":
    main(*sys.argv[1:])
