#!/usr/bin/env python3
"""Makes the demo's raw export: real review snippets joined with seeded, invented customers.

usage: make_export.py SNIPPETS OUT.csv PLANTED.json [--reviews N]

One customer per review (the id before "_"), so that splitting by customer keeps a review together.
Scores above 0.5 are positive, below -0.5 negative, the rest is left out. Everything personal is
drawn from the lists below with a seed; PLANTED.json names each value, so that its survival can be
checked after redaction.
"""
import argparse
import csv
import json
import random

GIVEN = """Aurelia Benedikt Calliope Dashiell Evander Fionnuala Gwendolen Halvard Isidora Jarvis
Katarzyna Leopold Marisol Nikolai Ottilie Percival Quentin Rosalind Sebastian Tatiana Ulrich
Valentina Wolfgang Ximena Yevgenia Zacharias Anneliese Bartholomew Clementine Desmond Esperanza
Florentin Giuseppe Henrietta Ignatius Josephine Konstantin Lucinda Mortimer Natalia""".split()
FAMILY = """Abernathy Blackwood Castellanos Drummond Eriksson Featherstone Gallagher Hawthorne
Iglesias Jankowski Kowalczyk Lindqvist Montgomery Nakamura Okonkwo Pemberton Quintero Rasmussen
Silvestri Thackeray Underhill Vandermeer Whitfield Yamamoto Zimmermann Ashworth Bramwell
Cunningham Delacroix Fitzgerald""".split()
STREETS = "Maple Oak Cedar Birch Willow Juniper Hawthorn Sycamore Chestnut Magnolia".split()
KINDS = "Street Avenue Road Lane Drive Court".split()
CITIES = [("Springfield", "IL", "62701"), ("Portland", "OR", "97201"), ("Austin", "TX", "78701"),
          ("Madison", "WI", "53703"), ("Boulder", "CO", "80302"), ("Savannah", "GA", "31401")]


def luhn(digits):
    total = 0
    for place, digit in enumerate(reversed(digits + "0")):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return digits + str((10 - total % 10) % 10)


def customer(rng):
    given, family = rng.choice(GIVEN), rng.choice(FAMILY)
    city, state, postcode = rng.choice(CITIES)
    card = luhn("4539" + "".join(rng.choice("0123456789") for _ in range(11)))
    return {
        "customer_name": f"{given} {family}",
        "email": f"{given}.{family}{rng.randrange(10, 99)}@{rng.choice(['mailbox.example', 'post.example.net', 'inbox.example.org'])}".lower(),
        "phone": f"({rng.randrange(201, 989)}) {rng.randrange(201, 989)}-{rng.randrange(1000, 9999)}",
        "address": f"{rng.randrange(11, 9899)} {rng.choice(STREETS)} {rng.choice(KINDS)}, {city}, {state} {postcode}",
        "card_number": " ".join(card[i:i + 4] for i in range(0, 16, 4)),
    }


def signature(rng, person, order):
    name, phone, mail = person["customer_name"], person["phone"], person["email"]
    return rng.choice([
        f" -- {name}, {person['address']}",
        f" Please call me at {phone}. {name}",
        f" Contact me: {mail}",
        f" My order number is {order}. Regards, {name}",
        f" I paid with card {person['card_number']}, order {order}.",
        f" Thanks, {name} ({mail}, {phone})",
    ])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("snippets")
    parser.add_argument("export")
    parser.add_argument("planted")
    parser.add_argument("--reviews", type=int, default=0, help="only the first N reviews")
    options = parser.parse_args()

    rng = random.Random(20140601)
    people, planted, rows = {}, set(), []
    with open(options.snippets, encoding="utf-8", errors="replace", newline="") as file:
        for line in file.read().split("\n"):
            parts = line.rstrip("\r").split("\t")
            if len(parts) != 3:
                continue
            identifier, score, text = parts[0], float(parts[1]), parts[2]
            if abs(score) <= 0.5:
                continue
            review = identifier.split("_")[0]
            if review not in people:
                if options.reviews and len(people) >= options.reviews:
                    continue
                people[review] = customer(rng)
            person = people[review]
            order = f"{rng.randrange(100, 999)}-{rng.randrange(1000000, 9999999)}-{rng.randrange(1000000, 9999999)}"
            if rng.random() < 0.3:
                text += signature(rng, person, order)
            planted.add(order)
            rows.append({"review_id": identifier, **person, "order_number": order,
                         "review": text, "sentiment": "positive" if score > 0 else "negative"})
    for person in people.values():
        planted.update(person.values())

    with open(options.export, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with open(options.planted, "w", encoding="utf-8") as file:
        json.dump(sorted(planted), file, indent=0)
    print(f"{len(rows)} rows of {len(people)} reviews, {len(planted)} personal values planted")


main()
