"""Information updates: papers that write themselves from the county's figures, as they are on the day.

An update names its figures by their keys. What no module counts yet is said so, and finds its figure by itself
as soon as one does (`kith.figures.registry`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from kith.analytics.days import months_after
from kith.figures.registry import HOMES
from kith.places.counts import attainment_update
from kith.scrutiny import following
from kith.scrutiny.models import Measure

Section = dict[str, Any]
HEAD = ["Figure", "A year ago", "Now", "Change", "What one can tell"]
NOTES = (
    "A change is told only where chance alone would bring it in fewer than 5 of 100 cases. Small numbers are "
    "kept back, and nothing is said of their change.",
)


@dataclass(frozen=True)
class Update:
    """A standing paper: its name, the figures it tells of with what each is called, and what writes it where
    it is no matter of figures by hub."""

    name: str
    figures: tuple[tuple[str, str], ...] = ()
    own: Callable[[], list[Section]] | None = None


def sections_of(update: Update, at: datetime) -> list[Section]:
    """Return an update as it is at a moment, as `Paper.sections` keeps it."""
    if update.own:
        return update.own()
    sections: list[Section] = []
    followed = [_year_on_year(key, called, at) for key, called in update.figures]
    for one in followed:
        section: Section = {"heading": one.name, "paragraphs": []}
        if one.now is None:
            section["paragraphs"] = [f"No live figure yet. It waits for {one.waited_for}."]
        else:
            now = one.now
            section["paragraphs"] = [now["definition"], f"Source: {now['source']}."]
            if now["missing"]:
                section["paragraphs"].append(f"What is missing: {now['missing']}")
            section["table"] = {"head": HEAD, "rows": following.rows_of(one)}
        sections.append(section)
    if any(one.now for one in followed):
        sections.append({"heading": "How to read this", "paragraphs": list(NOTES)})
    return sections


def _year_on_year(key: str, called: str, at: datetime) -> following.Followed:
    by = "hub" if key in HOMES and "hub" in HOMES[key][0].by else ""
    measure = Measure(figure=key, called=called, by=by)
    ago = months_after(localdate(at), -12)
    before = following.value_on(measure, ago, at)
    if before:
        measure.baseline, measure.baseline_on = before, ago
    return following.follow(measure, at)


def _attainment() -> list[Section]:
    told = attainment_update()
    if told is None:
        words = "No results are here yet. An administrator takes them in: Settings, Imports, Key Stage 2."
        return [{"heading": "Key Stage 2", "paragraphs": [words]}]
    rows = [
        [line.measure.name, _value(line.county, line), _value(line.england, line), line.words]
        for line in told.lines
    ]
    sections: list[Section] = [
        {
            "heading": f"Key Stage 2, {told.release}",
            "paragraphs": [
                f"Results of {told.name} as the Department for Education published them, taken in on "
                f"{told.taken_in_on:%-d %B %Y}."
            ],
            "table": {"head": ["Measure", told.name, "England", "In words"], "rows": rows},
        }
    ]
    for heading, lines in (
        ("Pupils who are disadvantaged", told.gaps),
        ("Districts", told.districts),
        ("What is missing", told.missing),
    ):
        if lines:
            sections.append({"heading": heading, "paragraphs": [], "list": list(lines)})
    sections.append(
        {"heading": "How sure this is", "paragraphs": [told.uncertain, f"Source: {told.source}"]}
    )
    return sections


def _value(result: Any, line: Any) -> str:
    if result.value is None:
        return result.words or "Not published"
    unit = "%" if line.measure.kind == "share" else ""
    between = ""
    if result.low is not None and result.high is not None:
        between = f" (between {result.low:.0f}{unit} and {result.high:.0f}{unit})"
    return f"{result.value:g}{unit}{between}"


UPDATES = {
    "attainment": Update("Attainment", own=_attainment),
    "hubs": Update(
        "The hubs",
        (
            ("requests-received", "Requests for help"),
            ("days-to-first-contact", "Days to first contact"),
            ("outcomes-at-closing", "How things were at the end"),
            ("sessions-off-site", "Sessions held away from hubs"),
        ),
    ),
    "thriving": Update(
        "Thriving Families",
        (
            ("thriving-families-identified", "Families that were identified"),
            ("thriving-outcomes-proved", "Families whose outcomes were proved"),
            ("thriving-savings", "Savings, and to whom"),
        ),
    ),
    "budget": Update(
        "Budget",
        (
            ("funding-per-child-in-need", "Funding for each child in need, by hub"),
            ("forecast-against-budget", "Forecast beside budget, by month"),
        ),
    ),
}
