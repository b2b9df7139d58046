"""Entries of a directory that stand twice: how many of those that do are found, how many that do not are
suggested, and how long it takes beside comparing all with all."""

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from datetime import date
from itertools import combinations
from random import Random

import psutil

from bench.directory import WORDS
from bench.front_door import REPORT
from kith.analytics.twins import SUGGESTED, VERY_LIKELY, Entry, compare, pairs

BEGIN, END = "<!-- twins -->", "<!-- end of twins -->"
ENTRIES, TWICE, UNLIKE, SAMPLE, TOWNS = 20_000, 500, 200, 1_500, 300


def main(words: list[str] | None = None) -> int:
    """Measure, print what was found, and write it to docs/measurements.md if asked to."""
    parser = argparse.ArgumentParser(prog="script/bench twins", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="keep the words")
    options = parser.parse_args(words)
    entries, twice, unlike = _made(Random(7))
    load = os.getloadavg()[0]
    took = []
    for _ in range(options.rounds):
        began = time.perf_counter()
        found = pairs(entries)
        took.append(time.perf_counter() - began)
    sample = entries[:SAMPLE]
    began = time.perf_counter()
    for one, other in combinations(sample, 2):
        compare(one, other)
    every = (time.perf_counter() - began) * (len(entries) / SAMPLE) ** 2
    names = {(pair.one, pair.other): pair.points for pair in found}
    right = sum(pair in names for pair in twice)
    sure = sum(names.get(pair, 0) >= VERY_LIKELY for pair in twice)
    apart = sum(pair in names for pair in unlike)
    wrong = len(names) - right - apart
    middle = sorted(took)[len(took) // 2]
    memory = psutil.Process().memory_info().rss / 1e6
    text = (
        f"Measured on {date.today():%d %B %Y}: `script/bench twins --write`, {len(entries):,} made-up entries, of which "
        f"{len(twice)} stand twice (other spelling, a slip of the keyboard, another form of the number, a mailbox or a time "
        f"left out, or another day); load before it began {load:.1f}.\n\n"
        f"Found: **{right / len(twice):.0%}** of those that stand twice ({sure / len(twice):.0%} as very likely, {VERY_LIKELY:g} "
        f"points; suggested from {SUGGESTED:g}). Besides, {len(unlike)} stand twice and share no number, mailbox, page or place, "
        f"only who gives it, when, and some words of the name: **{apart / len(unlike):.0%}** of these found. {wrong} of {len(names)} suggestions are not one. Median of "
        f"{options.rounds}: {middle:.1f} s ({min(took):.1f} to {max(took):.1f}), {memory:.0f} MB; comparing all with all would "
        f"take {every / middle:,.0f} times as long (worked out from {SAMPLE:,})."
    )
    print(text)
    if options.write:
        old = REPORT.read_text()
        before, rest = old.split(BEGIN, 1)
        REPORT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END, 1)[1]}")
    return 0


def _made(random: Random) -> tuple[list[Entry], set[tuple[int, int]], set[tuple[int, int]]]:
    """Return entries, the pairs of them that are one service, and those that are one and share nothing
    obvious."""
    towns = [f"town{number}" for number in range(TOWNS)]
    entries, twice, unlike = [], set(), set()
    for key in range(1, ENTRIES - TWICE - UNLIKE + 1):
        town = random.choice(towns)
        name = " ".join(random.sample(WORDS, random.randint(2, 4)))
        entries.append(
            Entry(
                key=key,
                name=f"{name}, {town}",
                provider=f"Provider {random.randint(1, 3000)}",
                phone=f"01632{random.randint(1, 6000):06}" if random.random() < 0.8 else "",
                email=f"office{random.randint(1, 6000)}@group.example",
                places=frozenset({f"OX{random.randint(1, 8000)}"}),
                towns=frozenset({town}),
                times=frozenset({(random.randint(0, 6), "10:00")}),
                ages=(0, 12 * random.randint(1, 18)),
            )
        )
    for one in random.sample(entries, TWICE + UNLIKE):
        key = len(entries) + 1
        if len(twice) < TWICE:
            entries.append(_again(random, one, key))
            twice.add((one.key, key))
        else:
            entries.append(_unlike(random, one, key))
            unlike.add((one.key, key))
    return entries, twice, unlike


def _again(random: Random, one: Entry, key: int) -> Entry:
    """Return an entry as somebody else would have written it."""
    name = one.name
    if random.random() < 0.5:
        at = random.randrange(1, len(name) - 8)
        name = name[:at] + name[at + 1 :]
    if random.random() < 0.3:
        name = name.split(",")[0]
    changes = random.sample(
        [
            {"email": ""},
            {"phone": ""},
            {"times": frozenset()},
            {"times": frozenset({(random.randint(0, 6), "13:00")})},
            {"provider": f"{one.provider} CIO"},
            {"ages": (None, None)},
        ],
        2,
    )
    for change in changes:
        one = replace(one, **change)  # type: ignore[arg-type]
    return replace(one, key=key, name=name)


def _unlike(random: Random, one: Entry, key: int) -> Entry:
    """Return an entry as its provider would write it anew: a word of the name left out, the others in
    another order, and neither the number, the mailbox nor the place."""
    words = one.name.split(",")[0].split()
    if len(words) > 2:
        words.remove(random.choice(words))
    random.shuffle(words)
    empty = {"phone": "", "email": "", "places": frozenset(), "towns": frozenset()}
    return replace(one, key=key, name=" ".join(words), **empty)  # type: ignore[arg-type]


if __name__ == "__main__":
    print(json.dumps(main()))
    sys.exit(0)
