#!/usr/bin/env python3
"""Mojibake repair beside ftfy, damage to right text, languages, and the speed of cleaning.

usage: cleaning.py PROGRAM WORK [FILE…]

FILES are right texts in UTF-8: nothing in them shall be repaired. Text is generated from
scripts/language/sentences.txt with a seed.
"""

import os
import random
import subprocess
import sys
import time

import ftfy

HERE = os.path.dirname(os.path.abspath(__file__))
LINES = 100_000


def sentences():
    found = []
    with open(os.path.join(HERE, "..", "scripts", "language", "sentences.txt"), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                found.append(line.rstrip("\n").split("\t"))
    return found


# Words of other scripts, and what typography puts beside letters.
OTHERS = """привет мир товар пришёл быстро спасибо Доставка Καλημέρα κόσμε ευχαριστώ Ελλάδα שלום תודה مرحبا شكرا
日本語 東京 ありがとう カメラ 中文 谢谢 产品 很好 한국어 감사합니다 สวัสดี ขอบคุณ नमस्ते धन्यवाद tiếng Việt Đã được ĐÃ không rất
naïve façade ÉCOLE CAFÉ MENÜ ÜBER SÃO MAÇÃ AÇÃO Ångström Äpfel Öl ŁÓDŹ Žižek İstanbul Þór Æsir œuvre""".split()
QUOTES = ["“%s”", "‘%s’", "«%s»", "« %s »", "„%s“", "»%s«", "‚%s‘", "(%s)", "%s…", "%s –", "%s — ", "%s®",
          "%s™", "%s²", "%s€", "%s £5", "%s • ", "‹%s›", "½ %s", "±%s", "%s §3", "%s ¿", "¡%s!"]


def right_lines(count, seed=31):
    rng, pool, lines = random.Random(seed), [text for _, text in sentences()], []
    for _ in range(count):
        words = rng.choice(pool).split()
        for _ in range(rng.randint(1, 4)):
            words.insert(rng.randint(0, len(words)), rng.choice(OTHERS))
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(words))
            word = words[place].upper() if rng.random() < .3 else words[place]
            words[place] = rng.choice(QUOTES) % word
        space = lambda: rng.choice([" "] * 12 + ["\u00a0", " ", "  "])
        lines.append("".join(word + space() for word in words).strip())
    return lines


def misread(text, codec):
    if codec == "mac":
        return text.encode().decode("mac_roman")
    raw = text.encode()
    if codec == "latin":
        return raw.decode("latin-1")
    # As browsers do: the five unassigned bytes are controls.
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in raw)


def broken_lines(count, codec, times, seed=32):
    rng, pool, pairs = random.Random(seed), [text for _, text in sentences()], []
    while len(pairs) < count:
        text = rng.choice(pool)
        if rng.random() < .4:
            text = rng.choice(["“%s”", "%s – %s", "%s… %s", "%s €9.50 %s", "%s 😀"]).replace("%s", text, 1)
            text = text.replace("%s", rng.choice(["très", "schön", "über", "niño", "it’s"]))
        if rng.random() < .15:
            text += " " + " ".join(rng.sample(OTHERS[:28], 3))
        if text.isascii():
            continue
        bad = text
        for _ in range(times):
            bad = misread(bad, codec)
        if "\n" not in bad and "\r" not in bad and "\x85" not in bad:
            pairs.append((text, bad))
    return pairs


def ours(program, lines, work):
    source, target = os.path.join(work, "in"), os.path.join(work, "out")
    with open(source, "w", encoding="utf-8", newline="") as file:
        file.write("".join(line + "\n" for line in lines))
    output = subprocess.run([program, "repair", source, target], capture_output=True, text=True, check=True).stdout
    with open(target, encoding="utf-8", newline="") as file:
        fixed = file.read().split("\n")[:-1]
    assert len(fixed) == len(lines), (len(fixed), len(lines))
    return fixed, float(output.split()[3])


def theirs(lines):
    start = time.process_time()
    fixed = [ftfy.fix_encoding(line) for line in lines]
    return fixed, sum(len(line.encode()) for line in lines) / (time.process_time() - start) / 1e6


def main(program, work, files):
    lines = right_lines(LINES)
    fixed, _ = ours(program, lines, work)
    wrong = [(a, b) for a, b in zip(lines, fixed) if a != b]
    peer = sum(a != b for a, b in zip(lines, theirs(lines)[0]))
    print("right lines, generated: %d changed of %d (ftfy: %d)" % (len(wrong), len(lines), peer))
    if os.environ.get("SHOW"):
        for a, b in wrong[:30]:
            print("   ", a, "\n   >", b)
    for path in files:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read().replace("\r", "").split("\n")
        fixed, _ = ours(program, text, work)
        wrong = [(a, b) for a, b in zip(text, fixed) if a != b]
        peer = sum(a != b for a, b in zip(text, theirs(text)[0]))
        print("%s: %d of %d lines changed (ftfy: %d)" % (os.path.basename(path), len(wrong), len(text), peer))
        if os.environ.get("SHOW"):
            for a, b in wrong[:8]:
                near = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), 0)
                print("   ", ascii(a[max(0, near - 15):near + 15]), ">", ascii(b[max(0, near - 15):near + 15]))
    for codec, times in [("cp1252", 1), ("cp1252", 2), ("latin", 1), ("latin", 2), ("mac", 1)]:
        pairs = broken_lines(10_000, codec, times)
        fixed, _ = ours(program, [bad for _, bad in pairs], work)
        peer = theirs([bad for _, bad in pairs])[0]
        same = sum(a == b for a, b in zip(fixed, peer))
        right = sum(a == text for a, (text, _) in zip(fixed, pairs))
        right_peer = sum(a == text for a, (text, _) in zip(peer, pairs))
        print("%s read %d times: ours right %.4f, ftfy right %.4f, the same %.4f" % (
            codec, times, right / len(pairs), right_peer / len(pairs), same / len(pairs)))
        if os.environ.get("SHOW"):
            bad = [(t, b, f, p) for (t, b), f, p in zip(pairs, fixed, peer) if f != t]
            for t, b, f, p in bad[:4]:
                print("    right:", t, "\n    bad:  ", b, "\n    ours: ", f, "\n    ftfy: ", p)
    english = [text for language, text in sentences() if language == "en" and text.isascii()]
    ascii_lines = [" ".join(english[i % len(english)] for i in range(k, k + 15)) for k in range(20_000)]
    mixed = [bad if i % 2 else text for i, (text, bad) in enumerate(broken_lines(20_000, "cp1252", 1))]
    for name, set_ in [("ASCII", ascii_lines), ("half of the lines broken", mixed)]:
        speeds = [(ours(program, set_, work)[1], theirs(set_)[1]) for _ in range(3)]
        speeds.sort()
        print("speed, %s: ours %.0f MB/s, ftfy.fix_encoding %.1f MB/s" % ((name,) + speeds[1]))
    held = {}
    for language, text in sentences():
        held.setdefault(language, []).append(text)
    path = os.path.join(work, "held")
    with open(path, "w", encoding="utf-8") as file:
        for language, texts in held.items():
            for text in texts[len(texts) // 2:]:
                file.write("%s\t%s\n" % (language, text))
    print(subprocess.run([program, "language", path], capture_output=True, text=True).stdout)
    with open(path, "w", encoding="utf-8") as file:
        rng = random.Random(3)
        for _ in range(20_000):
            file.write(" ".join(rng.choice(english) for _ in range(18)) + "\n")
    print(subprocess.run([program, "pipeline", path], capture_output=True, text=True).stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
