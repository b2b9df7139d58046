"""The same day and seed tell the same county, whatever the process that tells it."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from random import Random

from kith.demo.book import Book
from kith.demo.ground import Ground, HubAt, Spot
from kith.demo.names import MIX
from kith.demo.scene import set_scene
from kith.demo.story import Story
from kith.demo.words import THEMES

TODAY = date(2026, 11, 20)


def flat_ground() -> Ground:
    """A flat land of seven hubs, each with a few streets round it."""
    spots: dict[str, list[Spot]] = {}
    hubs: dict[str, HubAt] = {}
    hub_of: dict[str, str] = {}
    for number, slug in enumerate(MIX):
        area = f"OX{number + 1} 1"
        spots[area] = [
            Spot(f"{area}{a}{b}", 440_000 + number * 9000 + x * 90, 200_000 + y * 90, "E1", area)
            for x, a in enumerate("ABDEF")
            for y, b in enumerate("GHJLN")
        ]
        hub_of[area] = slug
        hubs[slug] = HubAt(number + 1, number + 10, slug, f"{slug.title()} hub", spots[area][0])
    codes = sorted({code for theme in THEMES for code in theme.needs})
    return Ground(
        measures={"at-home": 1},
        spots=spots,
        hub_of=hub_of,
        hubs=hubs,
        districts={"E1": "Flatland"},
        needs={code: place + 1 for place, code in enumerate(codes)},
        danger={"domestic_abuse"},
        closed=frozenset(),
    )


def tell(seed: int, today: date = TODAY) -> Book:
    """Tell a tiny county without a database."""
    rng, book, ground = Random(seed), Book(), flat_ground()
    start = today - timedelta(days=540)
    scene = set_scene(rng, ground, book, start=start, today=today, size="tiny")
    for _ in Story(rng, ground, scene, book, start=start, today=today).tell("tiny"):
        pass
    return book


def mark_of(book: Book) -> str:
    """Return a mark of every row and every past state."""
    lines = {
        table: [[row.values, row.states] for row in rows]
        for table, rows in sorted(book.rows.items())
    }
    return hashlib.sha256(json.dumps(lines, default=str, sort_keys=True).encode()).hexdigest()


def test_the_same_day_and_seed_tell_the_same_county_in_any_process():
    first = mark_of(tell(7))
    # Another process puts sets in another order.
    said = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", "-c"),
            "import django; django.setup()\n"
            "from tests.demo.test_same_each_time import mark_of, tell\n"
            "print(mark_of(tell(7)))",
        ],
        env={**os.environ, "PYTHONHASHSEED": "11", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split()[-1] == first


def test_another_seed_or_another_day_tells_another_county():
    marks = {mark_of(book) for book in (tell(7), tell(8), tell(7, TODAY + timedelta(days=1)))}
    assert len(marks) == 3


def test_a_row_that_changed_keeps_what_it_was():
    book = tell(7)
    for row in book.rows["referrals.Referral"]:
        assert row.states[0][3]["status"] == "waiting"
        assert row.states[-1][3] == row.values
        moments = [state[0] for state in row.states]
        assert moments == sorted(moments)
    for row in book.rows["casework.Case"]:
        moments = [state[0] for state in row.states]
        assert moments == sorted(moments)
