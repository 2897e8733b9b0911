#!/usr/bin/env python3
"""Reads back with tundish-reader what other people's libraries wrote, and compares every value.

usage: office.py READER

READER is the built tundish-reader. Documents are made by python-docx, openpyxl and python-pptx,
mail and mailboxes by Python's email and mailbox, from a seed. Prints one line for each kind and
fails on a difference. Needs: python-docx 1.2.0, openpyxl 3.1.5, python-pptx 1.0.2.
"""

import datetime
import io
import json
import mailbox
import random
import struct
import subprocess
import sys
import tempfile
from email.message import EmailMessage
from importlib.metadata import version

import docx
import openpyxl
import pptx

LIMITS = {
    "memoryBytes": 2 << 30, "cpuSeconds": 60, "expandedBytes": 8 << 30, "expansionRatio": 1000,
    "memberCount": 100_000, "depth": 256, "recordBytes": 100_000_000,
}
WORDS = ["Straße", "plain", "naïve", "日本語", "Ünïcode", "price", "order", "Привет", "a&b", "<tag>"]


def read(reader, task, data):
    """The records of a document, and how the reading ended."""
    request = {
        "task": task, "name": "test", "unit": None, "recordsPath": None, "encoding": None,
        "limits": {name: str(value) for name, value in LIMITS.items()},
    }
    out = subprocess.run(
        [reader, json.dumps(request)], input=data, stdout=subprocess.PIPE, check=True).stdout
    records, end, position = [], None, 0
    while position < len(out):
        length, kind = struct.unpack(">Ic", out[position:position + 5])
        payload = json.loads(out[position + 5:position + 4 + length])
        position += 4 + length
        if kind == b"R":
            records.append(payload["fields"])
        elif kind in b"DX":
            end = (kind, payload)
    assert end is not None and end[0] == b"D", end
    return records


def sentence(rng):
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 12)))


def word(reader, rng):
    count = 0
    for _ in range(20):
        document, expected = docx.Document(), []
        document.core_properties.title = title = sentence(rng)
        document.core_properties.author = author = sentence(rng)
        for _ in range(rng.randint(1, 12)):
            kind = rng.choice(["paragraph", "heading", "table", "bullet", "number"])
            text = sentence(rng)
            if kind == "paragraph":
                document.add_paragraph(text)
            elif kind == "heading":
                document.add_heading(text, rng.randint(1, 4))
            elif kind == "table":
                rows = [[sentence(rng) for _ in range(3)] for _ in range(rng.randint(1, 4))]
                table = document.add_table(rows=len(rows), cols=3)
                for cells, values in zip(table.rows, rows):
                    for cell, value in zip(cells.cells, values):
                        cell.text = value
                text = "\n".join("\t".join(row) for row in rows)
            else:
                style = "List Bullet" if kind == "bullet" else "List Number"
                document.add_paragraph(text, style=style)
            expected.append((kind, text))
            count += 1
        file = io.BytesIO()
        document.save(file)
        (fields,) = read(reader, "docx", file.getvalue())
        text, number, last = "", 0, None
        for kind, part in expected:
            group = {"bullet": "item", "number": "item", "table": "row"}.get(kind)
            if kind == "bullet":
                part = "- " + part
            if kind == "number":
                number += 1
                part = f"{number}. {part}"
            text += ("" if not text else "\n" if group and group == last else "\n\n") + part
            last = group
        assert fields["text"] == text, (fields["text"], text)
        assert fields["title"] == title and fields["author"] == author
    return f"python-docx {version('python-docx')}: ok, 20 documents, {count} blocks equal"


def cell(value):
    """How a value reads back."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def sheets(reader, rng):
    count = 0
    for round_ in range(20):
        book = openpyxl.Workbook()
        if round_ % 2:
            book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        names = ["One", "Two & more"][: rng.randint(1, 2)]
        expected = []
        for index, name in enumerate(names):
            sheet = book.active if index == 0 else book.create_sheet()
            sheet.title = name
            header = [f"{rng.choice(WORDS)} {column}" for column in range(6)]
            sheet.append(header)
            for _ in range(rng.randint(1, 40)):
                values = [
                    sentence(rng), rng.randint(-10**9, 10**9), rng.choice([True, False, None]),
                    datetime.datetime(rng.randint(1950, 2090), 5, rng.randint(1, 31), 13, 5, 7),
                    datetime.date(rng.randint(1950, 2090), 2, rng.randint(1, 28)),
                    rng.choice([0.5, 1.25, -3.75, 1e-7, None]),
                ]
                sheet.append(values)
                fields = dict(zip(header, map(cell, values)))
                if len(names) > 1:
                    fields["sheet"] = name
                expected.append(fields)
        file = io.BytesIO()
        book.save(file)
        records = read(reader, "xlsx", file.getvalue())
        assert len(records) == len(expected), (len(records), len(expected))
        for found, wanted in zip(records, expected):
            for name, value in wanted.items():
                got = found[name]
                if isinstance(value, str) and isinstance(got, str) and got != value:
                    assert float(got) == float(value), (name, got, value)
                else:
                    assert got == value, (name, got, value)
                count += 1
    return f"openpyxl {version('openpyxl')}: ok, 20 workbooks, {count} cells equal"


def slides(reader, rng):
    count = 0
    for _ in range(10):
        deck, expected = pptx.Presentation(), []
        for _ in range(rng.randint(1, 8)):
            slide = deck.slides.add_slide(deck.slide_layouts[1])
            title, lines, notes = sentence(rng), [sentence(rng), sentence(rng)], sentence(rng)
            slide.shapes.title.text = title
            slide.placeholders[1].text = "\n".join(lines)
            slide.notes_slide.notes_text_frame.text = notes
            expected.append((title, "\n".join([title, ""] + lines), notes))
            count += 1
        file = io.BytesIO()
        deck.save(file)
        records = read(reader, "pptx", file.getvalue())
        assert [(r["title"], r["text"], r["notes"]) for r in records] == expected, records
    return f"python-pptx {version('python-pptx')}: ok, 10 presentations, {count} slides equal"


def mail(reader, rng):
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        box, expected = mailbox.mbox(f"{folder}/box"), []
        for number in range(60):
            message = EmailMessage()
            # Short enough not to be folded: Python 3.11 loses blanks where it folds.
            message["Subject"] = subject = rng.choice(WORDS) + " " + rng.choice(WORDS)
            message["From"] = f"Ann {number} <a{number}@b.example>"
            body = "\n".join([sentence(rng), "From here on", sentence(rng)])
            encoding = rng.choice(["quoted-printable", "base64", "8bit"])
            message.set_content(body, charset="utf-8", cte=encoding)
            if number % 3 == 0:
                message.add_alternative(f"<p>{number}</p>", subtype="html")
            if number % 4 == 0:
                data = rng.randbytes(rng.randint(0, 500))
                message.add_attachment(
                    data, maintype="application", subtype="pdf", filename="Übersicht 日本.pdf")
            (fields,) = read(reader, "eml", bytes(message))
            wanted = (subject, body, f"Ann {number} <a{number}@b.example>")
            assert (fields["subject"], fields["text"], fields["from"]) == wanted, (fields, wanted)
            if number % 4 == 0:
                assert fields["attachments"] == [
                    {"name": "Übersicht 日本.pdf", "type": "application/pdf", "bytes": str(len(data))}]
            box.add(message)
            expected.append((subject, body))
            count += 1
        box.flush()
        with open(f"{folder}/box", "rb") as file:
            records = read(reader, "mbox", file.read())
        assert [(r["subject"], r["text"]) for r in records] == expected
    return f"python-mail {sys.version.split()[0]}: ok, {count} messages equal"


def main():
    (reader,) = sys.argv[1:]
    rng = random.Random(20260101)
    for check in (word, sheets, slides, mail):
        print(check(reader, rng))


main()
