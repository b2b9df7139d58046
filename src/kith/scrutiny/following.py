"""Recommendations followed up in live figures: a measure's value on the day of the decision and now, and
whether one can tell that it moved.

A measure names an indicator by its key. Where no module counts it yet it has no value, and finds one by
itself as soon as a module does (`kith.figures.registry.HOMES`).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from kith.analytics import moved
from kith.analytics.days import months_after
from kith.analytics.indicators import Cell, Figure, Indicator, Period, Row
from kith.figures.registry import HOMES, NOW, NoSuchFigure, figure_of, indicator_called
from kith.figures.words import written
from kith.hubs.models import Hub
from kith.referrals import counts as referrals
from kith.scrutiny import counts
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Measure

Value = dict[str, Any]

# What the source's recommendations ask for and no module counts yet, and what is waited for.
WAITED_FOR = {
    "volunteers-active": "the volunteers room",
    "funding-per-child-in-need": "the money room: funding of each hub beside its need",
    "forecast-against-budget": "the money room: forecast and budget by month",
    "families-beyond-reach": "the reach room: families farther than so many minutes from help",
    "thriving-families-identified": "the Thriving Families room: families found across agencies",
    "thriving-outcomes-proved": "the Thriving Families room: outcomes that were proved",
    "thriving-savings": "the Thriving Families room: savings by agency",
}


def check(details: dict[str, Any]) -> None:
    """Refuse a measure that says nothing, or splits a figure in a way it cannot be split.

    Raises ScrutinyRefused.
    """
    if not details.get("figure"):
        raise ScrutinyRefused("Choose a figure.", "figure")
    if not 28 <= details.get("days", 365) <= 1100:
        raise ScrutinyRefused("Count from one month to three years.", "days")
    try:
        indicator = indicator_called(details["figure"])
    except NoSuchFigure:
        if not details.get("called"):
            raise ScrutinyRefused("Say what the figure will be called.", "called") from None
        return
    if details.get("by") and details["by"] not in indicator.by:
        raise ScrutinyRefused("This figure is not split in that way.", "by")


def period_to(on: date, days: int) -> Period:
    """Return the period that a measure counts: whole months up to the last that was over on a day.

    Whole months, as everywhere: of two periods that begin or end on different days of one month, a
    few days could be cut out, and in them a family.
    """
    last = on.replace(day=1) - timedelta(days=1)
    months = max(1, round(days * 12 / 365))
    first = months_after(last.replace(day=1), 1 - months)
    return Period(first, last, f"{first:%B %Y} to {last:%B %Y}")


def way_of(measure: Measure, indicator: Indicator) -> str:
    """Return how a measure's figure is split: as was chosen, else by hub, else in its usual way."""
    if measure.by:
        return measure.by
    return "hub" if "hub" in indicator.by else indicator.by[0]


def value_on(measure: Measure, on: date, at: datetime) -> Value | None:
    """Return a measure's value as of a day, to be kept; None where nothing counts it.

    What is counted at the moment of asking alone has no value of a day that is over.
    """
    try:
        indicator = indicator_called(measure.figure)
        if indicator.key == NOW and on != localdate(at):
            return None
        figure = figure_of(
            indicator.key, period_to(on, measure.days), by=way_of(measure, indicator), at=at
        )
    except NoSuchFigure:
        return None
    return _kept(figure, measure, on)


def of_hub(figure: str, hub: Hub, baseline: Value | None = None) -> Measure:
    """Return a measure that is not stored: one hub's line of a figure, with its first value if there is
    one. For what a hub took up."""
    return Measure(figure=figure, by="hub", row=hub.slug, baseline=baseline or {})


def said_by_hub(key: str, at: datetime) -> str:
    """Say a figure's values of the last year, hub by hub, in one sentence."""
    try:
        figure = figure_of(key, period_to(localdate(at), 365), by="hub", at=at)
    except NoSuchFigure:
        return f"{key}: no live figure yet."
    lines = (
        f"{row.label} {written(row.cells[0], figure.indicator)}"
        for row in (Row("all", "county", figure.total.cells), *figure.rows)
        if row.cells
    )
    return f"{figure.indicator.name} ({figure.indicator.unit}), {figure.period.name}: {', '.join(lines)}."


def _kept(figure: Figure, measure: Measure, on: date) -> Value:
    indicator, period = figure.indicator, figure.period
    # Some figures have a line without a key, such as of what is not known: it is not meant by none chosen.
    row = next((one for one in figure.rows if measure.row and one.key == measure.row), None)
    return {
        "figure": indicator.key,
        "name": indicator.name,
        "definition": indicator.definition,
        "source": indicator.source,
        "unit": indicator.unit,
        "kind": indicator.kind,
        "chance": indicator.chance,
        "by": figure.by,
        "row": measure.row,
        "on": on.isoformat(),
        "period": [period.first.isoformat(), period.last.isoformat(), period.name],
        "columns": list(figure.columns),
        "line": _line(row or (figure.total if not measure.row else None)),
        "rows": [_line(one) for one in figure.rows],
        "counted_at": figure.counted_at.isoformat(),
        "missing": figure.missing,
    }


def _line(row: Row | None) -> Value | None:
    if row is None:
        return None
    return {
        "key": row.key,
        "label": row.label,
        "cells": ["hidden" if cell.hidden else _plain(cell.value) for cell in row.cells],
        "between": [float(row.between.low), float(row.between.high), row.between.of]
        if row.between
        else None,
    }


def _plain(value: float | None) -> float | None:
    """Return a number that can be kept as text: some modules count in decimals."""
    return None if value is None else float(value)


# Before and now


@dataclass(frozen=True)
class Side:
    """A value as it is read, of one side."""

    text: str
    of: str = ""  # out of how many, or between what it lies
    known: bool = True


@dataclass(frozen=True)
class Compared:
    """One line before and now. `word` is better, worse, moved, same, cannot or none."""

    label: str
    before: Side
    now: Side
    change: str
    word: str
    why: str = ""

    @property
    def said(self) -> str:
        return WORDS[self.word]

    @property
    def colour(self) -> str:
        return {"better": "green", "worse": "red", "moved": "blue"}.get(self.word, "grey")


WORDS = {
    "better": "Better",
    "worse": "Worse",
    "moved": "Changed",
    "same": "Unchanged",
    "cannot": "Cannot tell",
    "none": "Nothing to compare",
}


@dataclass(frozen=True)
class Followed:
    """A measure as the follow-up page and the paper show it."""

    measure: Measure
    name: str
    waited_for: str  # what has to come first; "" where it is counted
    before: Value | None
    now: Value | None
    line: Compared | None
    rows: tuple[Compared, ...]
    target: str = ""
    note: str = ""

    @property
    def counted(self) -> bool:
        return self.now is not None


def follow(measure: Measure, at: datetime) -> Followed:
    """Return a measure before and now, with what one can tell of it."""
    return compare(measure, value_on(measure, localdate(at), at))


@dataclass(frozen=True)
class Behind:
    """What stands behind a figure, line by line, for the committee's own page."""

    title: str
    about: str
    lines: tuple[str, ...]


def behind(measure: Measure, at: datetime) -> Behind | None:
    """Return which schools or groups did not ask, or what a committee's own figure counts; None of any
    other figure: people are never told one by one."""
    period = period_to(localdate(at), measure.days)
    for indicator, called in (
        (referrals.SCHOOLS_ASK, "school"),
        (referrals.GROUPS_ASK, "voluntary group"),
    ):
        if measure.figure == indicator.key:
            left = referrals.partners_that_do_not_ask(indicator, period, at)
            many = f"{len(left)} {called}{'' if len(left) == 1 else 's'}, from {period.name}."
            lines = tuple(f"{name} ({words.lower()})" if words else name for name, words in left)
            return (
                Behind(f"{called.capitalize()}s that have not asked", many, lines) if left else None
            )
    for indicator in counts.INDICATORS:
        if measure.figure == indicator.key:
            told = counts.behind(indicator, period.first)
            about = "Also what came after that period, and what is still to come."
            lines = tuple(f"{one.on:%-d %B %Y}: {one.words} ({one.note})" for one in told)
            return Behind("What is counted, one by one", about, lines) if lines else None
    return None


def compare(measure: Measure, now: Value | None) -> Followed:
    """Return a measure's first value beside another, which was counted now or kept."""
    before = measure.baseline or None
    if now is None:
        waited = WAITED_FOR.get(measure.figure, "the module that will count it")
        return Followed(measure, measure.called or measure.figure, waited, before, None, None, ())
    note = ""
    if before is None:
        note = "Its value on the day of the decision was not kept, as nothing counted it then."
    elif before["definition"] != now["definition"]:
        note = (
            "Its definition has changed since the day of the decision, so the two are not compared."
        )
    elif _overlap(before, now):
        note = (
            "Too early: the two periods have months in common until "
            f"{_apart_on(before, now):%-d %B %Y}."
        )
    old = {line["key"]: line for line in (before or {}).get("rows", [])}
    better = measure.better or (
        HOMES[now["figure"]][0].better if now["figure"] in HOMES else "neither"
    )

    def beside(line: Value | None, first: Value | None) -> Compared:
        return _compared(line, first, now, before, better, note)

    rows = tuple(beside(line, old.get(line["key"])) for line in now["rows"])
    return Followed(
        measure,
        measure.called or now["name"],
        "",
        before,
        now,
        beside(now["line"], (before or {}).get("line")),
        rows if not measure.row and now["by"] == "hub" else (),
        _target(measure, now),
        note,
    )


def _overlap(before: Value, now: Value) -> bool:
    if not before["chance"] or before["figure"] == NOW:
        return False  # as it stands on a day, and not of a period
    return bool(now["period"][0] <= before["period"][1] and now["on"] != before["on"]) or (
        now["period"] == before["period"]
    )


def _apart_on(before: Value, now: Value) -> date:
    last = date.fromisoformat(before["period"][1])
    length = 12 * (last.year - int(before["period"][0][:4])) + last.month
    months = length - int(before["period"][0][5:7]) + 1
    return months_after((last + timedelta(days=1)).replace(day=1), months)


def _place(value: Value) -> int:
    return -1 if value["kind"] == "count" else 0


def _side(line: Value | None, value: Value | None) -> Side:
    if line is None or value is None:
        return Side("Not counted", known=False)
    cell = _cell(line["cells"][_place(value)])
    if cell.hidden:
        return Side("Hidden: too few", known=False)
    if cell.value is None:
        return Side("Nothing to count", known=False)
    indicator = Indicator("", "", "", "", "neither", value["kind"], "")
    of = ""
    if value["kind"] == "share" and line["cells"][-1] != "hidden":
        of = f"of {_cell(line['cells'][-1]).text}"
    elif ends := _between(line, value):
        of = f"from {ends.low:,.1f} to {ends.high:,.1f}"
    return Side(written(cell, indicator), of)


def _cell(kept: Any) -> Cell:
    return Cell(None, hidden=True) if kept == "hidden" else Cell(kept)


def _between(line: Value, value: Value) -> moved.Between | None:
    cells = line["cells"]
    if value["kind"] == "median" and line["between"]:
        return moved.Between(cells[0], *line["between"][:2])
    if value["kind"] == "mean" and len(cells) > 2 and None not in cells[:3]:
        return moved.Between(*cells[:3]) if "hidden" not in cells[:3] else None
    return None


def _compared(
    line: Value | None,
    first: Value | None,
    now: Value,
    before: Value | None,
    better: str,
    note: str,
) -> Compared:
    label = (line or first or {}).get("label", "")
    was, is_ = _side(first, before), _side(line, now)
    if not (was.known and is_.known) or before is None or line is None or first is None:
        why = "A small number is kept back, so nothing is said of the change."
        hidden = "Hidden" in was.text + is_.text
        return Compared(
            label, was, is_, "", "cannot" if hidden else "none", why if hidden else note
        )
    change = _words_of_change(first["cells"][_place(before)], line["cells"][_place(now)], now)
    if note:
        return Compared(label, was, is_, "" if "definition" in note else change, "cannot", note)
    if not now["chance"]:
        up = float(line["cells"][_place(now)]) - float(first["cells"][_place(before)])
        word = "same" if up == 0 else _word(up > 0, better)
        return Compared(label, was, is_, change, word, "All of them are counted.")
    found = _moved(first, before, line, now)
    if found is None:
        return Compared(
            label, was, is_, change, "cannot", "Too few to say how sure one can be of it."
        )
    why = f"In 95 of 100 such cases the change lies {_ends(found, now)}."
    if not found.sure:
        return Compared(label, was, is_, change, "cannot", f"Within what chance may do. {why}")
    return Compared(label, was, is_, change, _word(found.up, better), why)


def _word(up: bool, better: str) -> str:
    if better not in ("more", "fewer"):
        return "moved"
    return "better" if up == (better == "more") else "worse"


def _moved(first: Value, before: Value, line: Value, now: Value) -> moved.Moved | None:
    if now["kind"] == "share":
        shares = [_share(one) for one in (first, line)]
        if shares[0] is None or shares[1] is None:
            return None
        return moved.shares_moved(shares[0], shares[1])
    if now["kind"] == "count":
        return moved.rates_moved(
            int(first["cells"][-1]), _days(before), int(line["cells"][-1]), _days(now)
        )
    ends = _between(first, before), _between(line, now)
    if ends[0] is None or ends[1] is None:
        return None
    return (moved.medians_moved if now["kind"] == "median" else moved.apart)(ends[0], ends[1])


def _share(line: Value) -> tuple[int, int] | None:
    share, of = line["cells"][0], line["cells"][-1]
    if "hidden" in (share, of) or not of:
        return None
    return round(share * of / 100), round(of)


def _days(value: Value) -> int:
    first, last = (date.fromisoformat(value["period"][place]) for place in (0, 1))
    return (last - first).days + 1


def _words_of_change(first: float, later: float, now: Value) -> str:
    by = later - first
    sign = "+" if by > 0 else "−" if by < 0 else ""
    size = abs(by)
    if now["kind"] == "share":
        return f"{sign}{size:,.1f} points"
    number = f"{size:,.0f}" if float(size).is_integer() else f"{size:,.1f}"
    return f"{sign}{number}"


def _ends(found: moved.Moved, now: Value) -> str:
    if now["kind"] == "count":
        high = "any" if found.high == float("inf") else f"{found.high:,.2f}"
        return f"between {found.low:,.2f} and {high} times as many a day"
    times = 100 if now["kind"] == "share" else 1
    unit = " points" if now["kind"] == "share" else ""
    return f"between {times * found.low:+,.1f} and {times * found.high:+,.1f}{unit}".replace(
        "-", "−"
    )


def _target(measure: Measure, now: Value) -> str:
    if measure.target is None:
        return ""
    indicator = Indicator("", "", "", "", "neither", now["kind"], "")
    by = f" by {measure.target_on:%-d %B %Y}" if measure.target_on else ""
    line = now["line"]
    kept = _cell(line["cells"][_place(now)]) if line else Cell(None)
    if kept.hidden or kept.value is None:
        return f"{written(Cell(measure.target), indicator)}{by}"
    fewer = measure.better == "fewer"
    met = kept.value <= measure.target if fewer else kept.value >= measure.target
    return f"{written(Cell(measure.target), indicator)}{by}: {'reached' if met else 'not reached'}"


def rows_of(one: Followed) -> list[list[str]]:
    """Return the lines of a figure: before, now, and what one can tell; by hub where it has hubs."""
    if one.now is None or one.line is None:
        return [[one.name, "", "", "", f"No live figure yet. It waits for {one.waited_for}."]]
    was = one.before["period"][2] if one.before else ""
    names = f"{was} / {one.now['period'][2]}" if was else one.now["period"][2]
    rows = [(f"{one.name} ({names})", one.line), *((row.label, row) for row in one.rows)]
    return [
        [
            label,
            " ".join(filter(None, [row.before.text, row.before.of])),
            " ".join(filter(None, [row.now.text, row.now.of])),
            row.change,
            " ".join(filter(None, [f"{row.said}.", row.why])),
        ]
        for label, row in rows
    ]
