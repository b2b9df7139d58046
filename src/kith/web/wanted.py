"""What people ask for and do not get: searches without results, and requests, beside each other.

It lives in the shell because it joins what the directory and the front door count.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse

from kith.analytics.figures import Book
from kith.analytics.indicators import Cell, Period
from kith.directory import counts as directory
from kith.directory.queries import Wanted, wanted
from kith.hubs.queries import all_hubs
from kith.referrals import counts as referrals
from kith.web.figures import harmless

MOST = 40  # lines of one table, the most asked for first
NOWHERE = ("", "No hub’s area, or no place given")


@dataclass(frozen=True)
class Line:
    """Something that people ask for: how often, and what is said of it."""

    name: str
    cell: Cell
    what: Wanted | None = None
    ours: bool = True  # a word of our own lists, of which it can be said that it is not offered
    choices: bool = False  # no words were typed

    @property
    def text(self) -> str:
        """The count as it is shown: a small one is none that says nothing."""
        return "fewer than 5, or hidden" if self.cell.hidden else self.cell.text


@dataclass(frozen=True)
class Table:
    """One source: what it counts, and its lines."""

    key: str
    name: str
    definition: str
    lines: list[Line]
    more: int = 0  # lines that are left out

    @property
    def of_kinds(self) -> bool:
        """Whether its lines are kinds of help, and not services."""
        return self.key in ("searched", "declined", "sent_on")


def tables(period: Period, at: datetime, hub: str = "") -> list[Table]:
    """Return what was asked for and not found or given in a period, of the county or of one hub's area.

    Small numbers are hidden, and what they could be worked out from: by hub and county together.
    """
    searched = directory.not_found(period)
    meanings = wanted(searched, period.last)
    named = {
        line: (meanings[line].name, counts) for line, counts in searched.items() if line in meanings
    }
    found = directory.NOT_FOUND
    first = _lines(named, hub)
    lines = [
        Line(line.name, line.cell, meanings[key], ours=bool(key[1]), choices=key[0] == "choices")
        for key, line in first
    ]
    made = [Table("searched", found.name, found.definition, lines[:MOST], len(lines[MOST:]))]
    refused = referrals.not_helped(period, at)
    for key, (name, definition) in referrals.NOT_HELPED.items():
        counted = {what: (what[1], counts) for what, counts in refused[key].items()}
        rows = [line for _, line in _lines(counted, hub)]
        made.append(Table(key, name, definition, rows[:MOST], len(rows[MOST:])))
    return made  # fmt: skip


def _lines(
    named: dict[tuple[str, str], tuple[str, Counter[str]]], hub: str
) -> list[tuple[tuple[str, str], Line]]:
    """Return what was counted, the most first. Each line is protected by itself, of the county beside
    its hubs: lines are no parts of a whole, since one search or request may stand in several."""
    hubs = [(one.slug, one.name) for one in all_hubs()] + [NOWHERE]
    lines = []
    for what, (name, counts) in named.items():
        table = {("it", slug): n for slug, n in counts.items()}
        book = Book({"what": [("it", name)], "hub": hubs}, {("what", "hub"): table})
        cell = book.cell("what", "it", "hub", hub) if hub else book.cell("what", "it")
        if cell.hidden or cell.value:
            lines.append((what, Line(name, cell)))
    return sorted(lines, key=lambda one: (-(one[1].cell.value or 0), one[1].name))


def as_sheet(found: list[Table], period: Period) -> HttpResponse:
    """Return the same as comma-separated lines, for a spreadsheet."""
    out = HttpResponse(content_type="text/csv; charset=utf-8")
    out["Content-Disposition"] = f'attachment; filename="asked-for-{period.last}.csv"'
    writer = csv.writer(out)
    writer.writerow(["Source", "What", "How often", "Said not to be offered since"])
    for table in found:
        for line in table.lines:
            since = line.what.absent.since if line.what and line.what.absent else ""
            writer.writerow([table.name, harmless(line.name), line.text, since])
    return out
