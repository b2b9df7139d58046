"""A reports pack of 300 pages: contents, bookmarks and all, beside pypdf appending the same files and nothing else."""

import argparse
import io
import os
import time
from collections.abc import Callable, Sequence
from datetime import date
from statistics import median

from pypdf import PdfReader, PdfWriter

from bench.front_door import REPORT
from kith.analytics.packs import Line, Part, put_together
from kith.ui.paper import as_paper

BEGIN, END = "<!-- packs -->", "<!-- end of packs -->"
FILES, PAGES, TARGET = 30, 10, 30
PAGE = b"""
#let it = json(bytes(sys.inputs.it))
#set document(title: it.title)
#set text(lang: "en")
#set page(paper: "a4")
= #it.title
#for one in range(it.pages) { lorem(400); pagebreak(weak: true) }
#table(columns: 2, ..it.rows.flatten())
"""


def main(words: list[str] | None = None) -> int:
    """Measure, print a line and write it to docs/measurements.md."""
    parser = argparse.ArgumentParser(prog="script/bench packs", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="keep the line")
    options = parser.parse_args(words)
    load = os.getloadavg()[0]
    paper = _paper("A report", PAGES - 1)
    parts = [Part(f"{number}/26 An item: a report", 0, paper) for number in range(FILES)]
    front = _paper("Agenda", 2)
    pages = 0

    def whole() -> None:
        nonlocal pages
        made = put_together(
            front, parts, contents=_contents, instead=_instead, title="Reports pack"
        )
        pages = made.pages

    def bare() -> None:
        writer = PdfWriter()
        for part in parts:
            writer.append(PdfReader(io.BytesIO(part.pdf)))
        writer.write(io.BytesIO())

    ours, yardstick = [], []
    for _ in range(options.rounds):
        yardstick.append(_timed(bare))
        ours.append(_timed(whole))
    text = (
        f"Measured on {date.today():%d %B %Y}: `script/bench packs --write`, {FILES} papers, {pages} pages in all; "
        f"load before it began {load:.1f}.\n\nMedian of {options.rounds}: **{median(ours):.1f} s** "
        f"({min(ours):.1f} to {max(ours):.1f}; target: {TARGET} s), {median(ours) / median(yardstick):.1f} times as "
        "long as pypdf takes to append the same files without frontsheet, contents and bookmarks. Reading the papers "
        "from the database is not in it."
    )
    print(text)
    if options.write:
        before, rest = REPORT.read_text().split(BEGIN, 1)
        REPORT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END, 1)[1]}")
    return 0


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _paper(title: str, pages: int, rows: Sequence[tuple[str, str]] = ()) -> bytes:
    return as_paper(PAGE, {"title": title, "pages": pages, "rows": [list(row) for row in rows]})


def _contents(lines: Sequence[Line]) -> bytes:
    return _paper("Contents", 0, [(line.heading, str(line.page)) for line in lines])


def _instead(heading: str) -> bytes:
    return _paper(f"{heading}: not in this pack", 0)
