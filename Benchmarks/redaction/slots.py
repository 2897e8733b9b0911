"""Slots of the held-out templates: `fill(slot, lang, rng)` gives (text, label), label None for what is no personal data."""
import values as V

LABEL = {
    "n": "PERSON", "f": "PERSON", "l": "PERSON", "lf": "PERSON", "in": "PERSON", "c": "LOCATION", "co": "LOCATION",
    "st": "LOCATION", "a": "STREET_ADDRESS", "am": "STREET_ADDRESS", "s": "STREET_ADDRESS", "zip": "ZIP_CODE", "o": "ORGANIZATION",
    "nrp": "NRP", "d": "DATE_TIME", "dl": "DATE_TIME", "dn": "DATE_TIME", "dob": "DATE_OF_BIRTH", "ts": "DATE_TIME", "y": "DATE_TIME",
    "age": "AGE", "ph": "PHONE_NUMBER", "phx": "PHONE_NUMBER", "phw": "PHONE_NUMBER", "em": "EMAIL_ADDRESS", "emw": "EMAIL_ADDRESS",
    "url": "URL", "ip": "IP_ADDRESS", "mac": "MAC_ADDRESS", "card": "CREDIT_CARD", "iban": "IBAN_CODE", "acct": "BANK_ACCOUNT",
    "rout": "ABA_ROUTING_NUMBER", "ssn": "US_SSN", "nid": "NATIONAL_ID", "pass": "PASSPORT", "drv": "DRIVER_LICENSE", "ord": "ACCOUNT",
    "cust": "ACCOUNT", "mrn": "MRN", "plan": "HEALTH_PLAN", "npi": "US_NPI", "plate": "LICENSE_PLATE", "vin": "VIN", "user": "USERNAME",
    "handle": "USERNAME", "pw": "PASSWORD", "key": "API_KEY", "uuid": "UUID", "geo": "COORDINATE", "dev": "DEVICE_ID", "bic": "BIC",
}


def digits(r, n, first=None):
    s = "".join(str(r.randrange(10)) for _ in range(n))
    return s if first is None else first + s[len(first):]


def luhn(body):
    total = 0
    for i, ch in enumerate(reversed(body)):
        v = int(ch) * (2 if i % 2 == 0 else 1)
        total += v - 9 if v > 9 else v
    return body + str(-total % 10)


def letters(r, n):
    return "".join(r.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(n))


def iban(r, country, bban):
    text = bban + country + "00"
    value = int("".join(str(int(c, 36)) for c in text))
    return f"{country}{98 - value % 97:02d}{bban}"


def pick(r, table, lang):
    value = r.choice(table.get(lang, table["en"]))
    return value.replace("_", " ")


def full(r, lang):
    f, l = pick(r, V.FIRST, lang), pick(r, V.LAST, lang)
    k = r.randrange(20)
    if lang in V.PARTICLE and k < 4:
        return f"{f} {r.choice(V.PARTICLE[lang])} {l}"
    if lang in ("es", "pt") and k < 9:
        return f"{f} {l} {pick(r, V.LAST, lang)}"
    if k == 10:
        return f"{f} {letters(r, 1)}. {l}"
    if k == 11:
        return f"{f}-{pick(r, V.FIRST, lang).split('-')[0]} {l}" if lang in ("de", "fr") else f"{f} {pick(r, V.FIRST, lang)} {l}"
    return f"{f} {l}"


def orgs(lang):
    return [x.strip() for x in V.ORG.get(lang, V.ORG["en"]).replace("\n", "").split("|")]


def street(r, lang):
    n = r.choice([r.randrange(1, 99), r.randrange(1, 300)])
    if lang == "en":
        if r.random() < .5:
            return f"{r.randrange(100, 9900)} {r.choice(V.STREET['en-us'])}", "us"
        flat = r.choice(["", "", "", f"Flat {r.randrange(1, 30)}, "])
        return f"{flat}{n}{r.choice(['', '', '', 'a'])} {r.choice(V.STREET['en-uk'])}", "uk"
    s = r.choice(V.STREET[lang])
    if lang == "fr":
        return f"{n}{r.choice(['', '', ' bis', ','])} {s}", lang
    if lang in ("es", "pt", "it"):
        tail = r.choice(["", "", ", 3º B", ", 2º dcha."]) if lang == "es" else ""
        return f"{s}{r.choice([', ', ' ', ', nº ' if lang != 'it' else ' n. '])}{n}{tail}", lang
    if lang == "pl":
        return f"{s} {n}{r.choice(['', f'/{r.randrange(1, 40)}', f' m. {r.randrange(1, 40)}'])}", lang
    return f"{s} {n}{r.choice(['', '', 'a', ' b'])}", lang


def place(r, lang, kind):
    c = pick(r, V.CITY, lang)
    if kind == "us":
        return f"{c}, {r.choice(V.STATES)} {digits(r, 5)}{r.choice(['', '', '-' + digits(r, 4)])}"
    if kind == "uk":
        return f"{c} {letters(r, 2)}{r.randrange(1, 30)} {r.randrange(1, 9)}{''.join(r.choice('ABDEFGHJLNPQ') for _ in '12')}"
    if lang == "nl":
        return f"{digits(r, 4, '3')} {letters(r, 2)} {c}"
    if lang == "pt":
        return f"{digits(r, 4, '4')}-{digits(r, 3)} {c}"
    if lang == "pl":
        return f"{digits(r, 2)}-{digits(r, 3)} {c}"
    if lang == "sv":
        return f"{digits(r, 3, '8')} {digits(r, 2)} {c}"
    if lang == "it":
        return f"{digits(r, 5, '2')} {c} ({letters(r, 2)})"
    return f"{digits(r, 5, '5')} {c}"


def phone(r, lang):
    a = digits(r, 3, str(r.randrange(2, 9)))
    forms = {
        "en": [f"({a}) 555-{digits(r, 4, '01')}", f"{a}-555-{digits(r, 4, '01')}", f"{a}.555.{digits(r, 4, '01')}", f"+1 {a} 555 {digits(r, 4, '01')}",
               f"1-800-555-{digits(r, 4)}", f"020 7946 {digits(r, 4, '0')}", f"07700 900{digits(r, 3)}", f"+44 (0)161 496 {digits(r, 4, '0')}", f"01632 960{digits(r, 3)}",
               f"{a}555{digits(r, 4, '01')}", f"+61 2 5550 {digits(r, 4)}", f"+254 712 {digits(r, 3)} {digits(r, 3)}"],
        "de": [f"0{digits(r, 3, '30')} {digits(r, 6)}", f"+49 171 {digits(r, 7)}", f"0{digits(r, 4, '52')}/{digits(r, 5)}", f"0176 {digits(r, 4)} {digits(r, 4)}", f"+49 (0)89 {digits(r, 4)}-{digits(r, 2)}"],
        "fr": [f"0{r.randrange(1, 8)} " + " ".join(digits(r, 2) for _ in range(4)), f"+33 6 " + " ".join(digits(r, 2) for _ in range(4)), f"06.{digits(r, 2)}.{digits(r, 2)}.{digits(r, 2)}.{digits(r, 2)}"],
        "es": [f"6{digits(r, 2)} {digits(r, 3)} {digits(r, 3)}", f"+34 91 {digits(r, 3)} {digits(r, 2)} {digits(r, 2)}", f"9{digits(r, 2)} {digits(r, 2)} {digits(r, 2)} {digits(r, 2)}"],
        "it": [f"3{digits(r, 2)} {digits(r, 7)}", f"+39 02 {digits(r, 8)}", f"0{digits(r, 2)}-{digits(r, 6)}"],
        "nl": [f"06-{digits(r, 8)}", f"0{digits(r, 2)}-{digits(r, 7)}", f"+31 6 {digits(r, 4)} {digits(r, 4)}"],
        "pt": [f"9{digits(r, 2)} {digits(r, 3)} {digits(r, 3)}", f"+351 2{digits(r, 2)} {digits(r, 3)} {digits(r, 3)}", f"({digits(r, 2, '1')}) 9{digits(r, 4)}-{digits(r, 4)}"],
        "pl": [f"{digits(r, 3, '6')} {digits(r, 3)} {digits(r, 3)}", f"+48 {digits(r, 3, '5')} {digits(r, 3)} {digits(r, 3)}", f"{digits(r, 3, '7')}-{digits(r, 3)}-{digits(r, 3)}"],
        "sv": [f"070-{digits(r, 3)} {digits(r, 2)} {digits(r, 2)}", f"+46 8 {digits(r, 3)} {digits(r, 3)} {digits(r, 2)}", f"08-{digits(r, 3)} {digits(r, 3)} {digits(r, 2)}"],
    }
    return r.choice(forms[lang])


def date(r, lang, y0, y1):
    y, m, d = r.randrange(y0, y1), r.randrange(1, 13), r.randrange(1, 29)
    name = V.MONTH[lang][m - 1]
    if lang == "en":
        th = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(d, "th")
        return r.choice([f"{name} {d}, {y}", f"{d} {name} {y}", f"{m:02d}/{d:02d}/{y}", f"{y}-{m:02d}-{d:02d}", f"{d}-{name[:3]}-{y}",
                         f"{m}/{d}/{y % 100:02d}", f"{name[:3]} {d}{th}, {y}", f"the {d}{th} of {name}, {y}"[4:], f"{d:02d}.{m:02d}.{y}"])
    forms = {
        "de": [f"{d}. {name} {y}", f"{d:02d}.{m:02d}.{y}", f"{d}.{m}.{y % 100:02d}"], "fr": [f"{d} {name} {y}", f"{d:02d}/{m:02d}/{y}", f"1er {name} {y}"],
        "es": [f"{d} de {name} de {y}", f"{d:02d}/{m:02d}/{y}", f"{d}-{m}-{y}"], "it": [f"{d} {name} {y}", f"{d:02d}/{m:02d}/{y}"],
        "nl": [f"{d} {name} {y}", f"{d:02d}-{m:02d}-{y}"], "pt": [f"{d} de {name} de {y}", f"{d:02d}/{m:02d}/{y}"],
        "pl": [f"{d} {name} {y}", f"{d:02d}.{m:02d}.{y}", f"{d} {name} {y} r."[:-3]], "sv": [f"{d} {name} {y}", f"{y}-{m:02d}-{d:02d}"],
    }
    return r.choice(forms[lang])


def ascii_name(text):
    import unicodedata
    text = text.replace("ł", "l").replace("Ł", "L").replace("ß", "ss").replace("ø", "o").replace("ı", "i")
    return "".join(c for c in unicodedata.normalize("NFD", text) if c.isascii() and (c.isalnum() or c == "-"))


SPOKEN = "zero oh one two three four five six seven eight nine".split()


def bban(r, lang):
    country = {"en": "GB", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL", "pt": "PT", "pl": "PL", "sv": "SE"}[lang]
    body = {"GB": "WEST" + digits(r, 14), "DE": digits(r, 18), "FR": digits(r, 23), "ES": digits(r, 20), "IT": "X" + digits(r, 22),
            "NL": "ABNA" + digits(r, 10), "PT": digits(r, 21), "PL": digits(r, 24), "SE": digits(r, 20)}[country]
    text = iban(r, country, body)
    return text if r.random() < .5 else " ".join(text[i:i + 4] for i in range(0, len(text), 4))


def national(r, lang):
    if lang == "de":
        return f"{digits(r, 2)} {digits(r, 3)} {digits(r, 3)} {digits(r, 3)}"
    if lang == "fr":
        b = f"{r.choice('12')}{digits(r, 2)}{r.randrange(1, 13):02d}{digits(r, 2)}{digits(r, 6)}"
        t = b + f"{97 - int(b) % 97:02d}"
        return r.choice([t, f"{t[0]} {t[1:3]} {t[3:5]} {t[5:7]} {t[7:10]} {t[10:13]} {t[13:]}"])
    if lang == "es":
        v = r.randrange(10 ** 7, 10 ** 8)
        return f"{v}{'TRWAGMYFPDXBNJZSQVHLCKE'[v % 23]}"
    if lang == "it":
        return f"{letters(r, 6)}{digits(r, 2)}{r.choice('ABCDEHLMPRST')}{r.randrange(10, 31)}{letters(r, 1)}{digits(r, 3)}{letters(r, 1)}"
    if lang == "nl":
        return digits(r, 9)
    if lang == "pl":
        return f"{digits(r, 2)}{r.randrange(1, 13):02d}{r.randrange(10, 29)}{digits(r, 5)}"
    if lang == "sv":
        return f"{r.randrange(1940, 2005)}{r.randrange(1, 13):02d}{r.randrange(10, 29)}-{digits(r, 4)}"
    if lang == "pt":
        return digits(r, 9)
    return f"{letters(r, 2)} {digits(r, 2)} {digits(r, 2)} {digits(r, 2)} {r.choice('ABCD')}"


def fill(slot, lang, r):
    return value(slot, lang, r), LABEL.get(slot)


def value(slot, lang, r):
    if slot == "n": return full(r, lang)
    if slot == "f": return pick(r, V.FIRST, lang)
    if slot == "l": return pick(r, V.LAST, lang)
    if slot == "lf": return f"{pick(r, V.LAST, lang)}, {pick(r, V.FIRST, lang)}"
    if slot == "in": return f"{letters(r, 1)}. {pick(r, V.LAST, lang)}"
    if slot == "c": return pick(r, V.CITY, lang)
    if slot == "co": return pick(r, V.COUNTRY, lang)
    if slot == "st": return r.choice(V.STATE_NAMES)
    if slot == "s": return street(r, lang)[0]
    if slot in ("a", "am"):
        s, kind = street(r, lang)
        unit = r.choice(["", "", "", f" Apt {r.randrange(1, 40)}{letters(r, 1)}", f", Suite {r.randrange(100, 900)}"]) if kind == "us" else ""
        return f"{s}{unit}{', ' if slot == 'a' else chr(10)}{place(r, lang, kind)}"
    if slot == "zip": return r.choice(V.CODES["en"]) if lang == "en" else digits(r, 5)
    if slot == "o": return r.choice(orgs(lang))
    if slot == "nrp": return pick(r, V.NRP, lang)
    if slot in ("d",): return date(r, lang, 2019, 2027)
    if slot == "dob": return date(r, lang, 1935, 2015)
    if slot == "dl": return f"{r.randrange(2, 28)} {r.choice(V.MONTH[lang])}" if lang != "en" else f"{r.choice(V.MONTH['en'])} {r.randrange(1, 28)}"
    if slot == "dn": return f"{r.randrange(1, 13)}/{r.randrange(1, 29)}"
    if slot == "ts": return f"2026-{r.randrange(1, 13):02d}-{r.randrange(1, 29):02d}{r.choice('T ')}{r.randrange(24):02d}:{digits(r, 2, '3')}:{digits(r, 2, '4')}{r.choice(['', 'Z'])}"
    if slot == "y": return str(r.randrange(1950, 2024))
    if slot == "age": return str(r.randrange(4, 99))
    if slot == "ph": return phone(r, lang)
    if slot == "phx": return f"{digits(r, 3, '4')}-555-{digits(r, 4, '01')}{r.choice([' ext. ', ' x', ', ext '])}{digits(r, r.randrange(2, 5))}"
    if slot == "phw": return " ".join(r.choice(SPOKEN) for _ in range(r.choice([7, 10, 10])))
    if slot == "em":
        a, b = ascii_name(pick(r, V.FIRST, lang)).lower(), ascii_name(pick(r, V.LAST, lang)).lower()
        return f"{r.choice([a + '.' + b, a[0] + b, b + str(r.randrange(99)), a + '_' + b, a + '+news'])}@{r.choice(['example.com', 'mailbox.example', 'posteo.test', 'northmail.co.uk', 'fastpost.io'])}"
    if slot == "emw":
        return f"{ascii_name(pick(r, V.FIRST, lang)).lower()} dot {ascii_name(pick(r, V.LAST, lang)).lower()} at {r.choice(['gmail', 'outlook', 'yahoo'])} dot com"
    if slot == "url": return r.choice(["https://", "http://www.", "www."]) + ascii_name(pick(r, V.LAST, lang)).lower() + r.choice([".example.com/me", "-studio.net", ".org/team?id=4"])
    if slot == "ip": return r.choice([f"203.0.113.{r.randrange(256)}", f"10.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(256)}", f"2001:db8::{r.randrange(1, 9999):x}"])
    if slot == "mac": return ":".join(f"{r.randrange(256):02x}" for _ in range(6))
    if slot == "card":
        t = luhn(r.choice(["4", "51", "55"]) + digits(r, 14))[:16]
        t = luhn(t[:15])
        return r.choice([t, " ".join(t[i:i + 4] for i in range(0, 16, 4)), "-".join(t[i:i + 4] for i in range(0, 16, 4))])
    if slot == "iban": return bban(r, lang)
    if slot == "acct": return digits(r, r.choice([8, 9, 10, 12]))
    if slot == "rout":
        b = digits(r, 8, "02")
        w = sum(int(x) * k for x, k in zip(b, (3, 7, 1, 3, 7, 1, 3, 7)))
        return b + str(-w % 10)
    if slot == "ssn": return f"{r.randrange(100, 665)}-{r.randrange(10, 99)}-{digits(r, 3)}{r.randrange(1, 9)}"
    if slot == "nid": return national(r, lang)
    if slot == "pass": return f"{letters(r, 1)}{digits(r, 8)}"
    if slot == "drv": return r.choice([f"{letters(r, 1)}{digits(r, 7)}", f"{letters(r, 5)}{digits(r, 6)}{letters(r, 2)}{digits(r, 1)}{letters(r, 2)}", digits(r, 9)])
    if slot == "ord": return r.choice([f"{letters(r, 2)}-{digits(r, 7)}", f"#{digits(r, 6)}"[1:], f"{digits(r, 3)}-{digits(r, 7)}-{digits(r, 7)}", f"{letters(r, 3)}{digits(r, 8)}"])
    if slot == "cust": return r.choice([digits(r, 7), f"C{digits(r, 6)}", f"KD-{digits(r, 5)}"])
    if slot == "mrn": return r.choice([digits(r, 7), digits(r, 8), f"{digits(r, 3)}-{digits(r, 2)}-{digits(r, 3)}", f"E{digits(r, 7)}"])
    if slot == "plan": return f"{letters(r, 3)}{digits(r, 9)}"
    if slot == "npi": return luhn("80840" + "1" + digits(r, 8))[5:]
    if slot == "plate": return {"en": f"{letters(r, 3)} {digits(r, 4)}", "de": f"{letters(r, 2)}-{letters(r, 2)} {digits(r, 3)}", "fr": f"{letters(r, 2)}-{digits(r, 3)}-{letters(r, 2)}"}.get(lang, f"{digits(r, 4)} {letters(r, 3)}")
    if slot == "vin": return "1HGCM" + "".join(r.choice("0123456789ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(6)) + digits(r, 6)
    if slot == "user": return ascii_name(pick(r, V.FIRST, lang)).lower() + r.choice(["_", ""]) + r.choice(["runs", "x", "knits", "1987", "42", "dev"])
    if slot == "handle": return "@" + ascii_name(pick(r, V.FIRST, lang)).lower() + r.choice(["_", ""]) + r.choice(["runs", "official", "knits", "1987"])
    if slot == "pw": return r.choice(["Tulip!" + digits(r, 4), "hunter" + digits(r, 2), "qW9" + letters(r, 3) + "#" + digits(r, 2), "letmein" + digits(r, 3)])
    if slot == "key": return r.choice(["sk_live_", "ghp_", "AKIA"]) + "".join(r.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnop") for _ in range(36))
    if slot == "uuid": return "-".join("".join(r.choice("0123456789abcdef") for _ in range(k)) for k in (8, 4, 4, 4, 12))
    if slot == "geo": return f"{r.randrange(30, 60)}.{digits(r, 5)}, -{r.randrange(3, 120)}.{digits(r, 5)}"
    if slot == "dev": return luhn("35" + digits(r, 12))
    if slot == "bic": return letters(r, 4) + r.choice(["DE", "FR", "GB", "NL"]) + letters(r, 2) + r.choice(["", "XXX"])
    # What follows is no personal data.
    if slot == "money": return r.choice([f"${r.randrange(5, 900)}.{digits(r, 2)}", f"€{r.randrange(5, 90)}", f"£{r.randrange(1, 9)},{digits(r, 3)}.00", f"{r.randrange(5, 900)},{digits(r, 2)} EUR"])
    if slot == "num": return str(r.randrange(2, 90))
    if slot == "wd": return r.choice(V.WEEKDAY["en"])
    if slot == "prod": return r.choice(V.PRODUCT)
    if slot == "med": return r.choice(V.MEDICINE)
    raise KeyError(slot)
