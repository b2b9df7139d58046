"""Twenty years of meetings, searched: 2,000 meetings with 30,000 items and the words of 60,000 papers.

A tiny county with invented meetings on top. Words are made of syllables and drawn as words are in any language:
few often, most seldom (Zipf's law), always the same. Searches are measured with users who never pause, beside the
yardstick, and as people do, who read for a second before they ask again.
"""

import argparse
import json
import os
import random
import urllib.parse
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench import front_door as house
from bench.directory import READS, USERS, as_people_do
from kith.machine.postgres import Cluster

BEGIN, END = "<!-- meetings -->", "<!-- end of meetings -->"
MEETINGS, ITEMS, PAPERS, LENGTH = (
    2_000,
    15,
    2,
    400,
)  # items a meeting, papers an item, words a paper
VOCABULARY, TARGET_MS = 20_000, 150
SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "bu",
    "da",
    "de",
    "di",
    "do",
    "du",
    "fa",
    "fe",
    "fi",
    "ga",
    "ge",
    "go",
    "ha",
    "he",
    "hi",
    "ho",
    "la",
    "le",
    "li",
    "lo",
    "lu",
    "ma",
    "me",
    "mi",
    "mo",
    "mu",
    "na",
    "ne",
    "ni",
    "no",
    "nu",
    "pa",
    "pe",
    "pi",
    "po",
    "ra",
    "re",
    "ri",
    "ro",
    "ru",
    "sa",
    "se",
    "si",
    "so",
    "su",
    "ta",
    "te",
    "ti",
    "to",
    "tu",
    "va",
    "ve",
    "vi",
    "wa",
    "we",
    "wi",
]


def main(words: list[str] | None = None) -> int:
    """Measure, print a table and write it to docs/measurements.md."""
    parser = argparse.ArgumentParser(prog="script/bench meetings", description=__doc__)
    parser.add_argument("--var", default=str(house.ROOT / "var/bench-meetings"))
    parser.add_argument("--port", type=int, default=8092)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--fresh", action="store_true", help="make the meetings anew")
    parser.add_argument("--write", action="store_true", help="keep the table")
    options = parser.parse_args(words)
    var = Path(options.var).resolve()
    environment = house._environment(var, options.port)
    house._make_county(var, environment, fresh=options.fresh, size="tiny", lade=_fill)
    cluster = Cluster(var / "database")
    with cluster.running(), cluster.connect("kith") as connection:
        sizes = dict(
            connection.execute(
                "select kind, count(*) from scrutiny_published group by kind"
            ).fetchall()
        )
        megabytes = connection.execute(
            "select pg_total_relation_size('scrutiny_published') / 1000000"
        ).fetchone()
    load = os.getloadavg()[0]
    with house._server(environment, options.port) as server:
        base = f"http://127.0.0.1:{options.port}"
        pages = _pages()
        for page in pages:
            house._check(base, page)
        options.users = [USERS]
        visits = house._measure(server, base, pages, options)
        calm = {page.key: as_people_do(base, page.asks, options.seconds * 5) for page in pages}
    assert megabytes is not None
    text = _report(visits, pages, calm, sizes, megabytes[0], options, load)
    print(text)
    if options.write:
        before, rest = house.REPORT.read_text().split(BEGIN, 1)
        house.REPORT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END, 1)[1]}")
    return 0


def vocabulary() -> list[str]:
    """Return the invented words, the most frequent first."""
    chance = random.Random("words")
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found["".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3, 3, 4))))] = None
    return list(found)


def _fill(connection: psycopg.Connection) -> None:
    committee = connection.execute("select min(id) from scrutiny_committee").fetchone()
    assert committee is not None
    copy = (
        'copy scrutiny_published (uid, kind, committee_id, above_id, "order", name, day, topics, content, '
        "words, sha, created, modified) from stdin"
    )
    with connection.cursor() as cursor, cursor.copy(copy) as out:
        for row in _rows(committee[0]):
            out.write_row(row)
    connection.execute("analyze")


def _rows(committee: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random("meetings")
    known = vocabulary()
    weights = list(accumulate(1 / rank for rank in range(1, len(known) + 1)))

    def drawn(many: int) -> str:
        return " ".join(chance.choices(known, cum_weights=weights, k=many))

    def key() -> uuid.UUID:
        return uuid.UUID(int=chance.getrandbits(128), version=4)

    first = date(2006, 5, 2)
    for number in range(MEETINGS):
        day = first + timedelta(days=number * 20 * 365 // MEETINGS)
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        meeting = key()
        none: list[str] = []
        yield (meeting, "meeting", committee, None, 0, f"Committee, {day:%d %B %Y}", day, none, "{}", "County Hall", "", at, at)  # fmt: skip
        for order in range(ITEMS):
            item = key()
            title = f"{order + 1}/{day:%y} {drawn(5)}"
            yield (item, "item", committee, meeting, order, title, day, none, "{}", drawn(80), "", at, at)  # fmt: skip
            for place in range(PAPERS):
                yield (key(), "file", committee, item, place, drawn(4), day, none, "{}", drawn(LENGTH), "", at, at)  # fmt: skip


def _pages() -> list[house.Page]:
    known = vocabulary()
    seldom = [f"{known[300 + 37 * n]} {known[900 + 61 * n]}" for n in range(60)]
    often = [known[20 + 3 * n] for n in range(60)]
    between = [
        f"{known[400 + 53 * n]}&kind=file&since_0=1&since_1=5&since_2={2008 + n % 12}"
        for n in range(60)
    ]
    at = "/committees/search/?q="
    return [
        house.Page("two", "Two words", "anybody", [at + urllib.parse.quote(one) for one in seldom]),
        house.Page("often", "A word that most papers hold", "anybody", [at + one for one in often]),
        house.Page(
            "since", "A word in papers since a day", "anybody", [at + one for one in between]
        ),
    ]


def _report(
    visits: list[house.Visit],
    pages: list[house.Page],
    calm: dict[str, list[float]],
    sizes: dict[str, int],
    megabytes: int,
    options: argparse.Namespace,
    load: float,
) -> str:
    rows = [house._row(page, [v for v in visits if v.page.page == page.key]) for page in pages]
    people = []
    for page in pages:
        took = calm[page.key]
        p50, p95 = (took[int(len(took) * part)] for part in (0.5, 0.95))
        people.append(f"| {page.name} | {len(took):,} | {p50:.0f} | {p95:.0f} | {TARGET_MS} |")
    return "\n".join(
        [
            f"Measured on {date.today():%d %B %Y}, {os.cpu_count()} cores shared by those who ask, web server "
            f"and database, {psutil.virtual_memory().total / 2**30:.0f} GiB; {options.rounds} rounds of "
            f"{options.seconds} seconds; load before it began {load:.1f}. {sizes['meeting']:,} meetings, "
            f"{sizes['item']:,} items, {sizes['file']:,} papers of {LENGTH} words, {megabytes:,} MB with their "
            "index. `script/bench meetings --write`.",
            "",
            f"**{USERS} who read for {READS:g} second before they ask again**",
            "",
            "| Search | Searches | p50 ms | p95 ms | target p95 ms |",
            "| --- | --: | --: | --: | --: |",
            *people,
            "",
            f"**{USERS} at once who never pause**",
            "",
            "| Page | Requests a second | p50 ms | p95 ms | Errors | p95 beside the bare yardstick | "
            "p95 beside the signed-in yardstick | Processor ms | Processor beside the signed-in yardstick |",
            "| --- | --: | --: | --: | --: | --: | --: | --: | --: |",
            *rows,
        ]
    )


if __name__ == "__main__":
    print(json.dumps(main()))
