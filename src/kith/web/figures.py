"""Figures as the shell's pages show them: charts, tiles and files for a spreadsheet.

Nothing is counted or defined here: see `kith.figures`.
"""

import csv
import io
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from kith.analytics.indicators import Cell, Figure, Period
from kith.figures.registry import BY_HUB, HOMES, figure_of, indicator_called
from kith.figures.words import WAYS, headings, written
from kith.ui.charts import Chart, Series


def as_csv(figure: Figure) -> str:
    """Return a figure as comma-separated lines, for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    first = [str(h["label"]) if isinstance(h, dict) else str(h) for h in headings(figure)]
    writer.writerow(first)
    for row in (*figure.rows, figure.total):
        writer.writerow([harmless(row.label), *(_bare(cell) for cell in row.cells)])
    return out.getvalue()


def _bare(cell: Cell) -> str:
    if cell.hidden:
        return "hidden"
    if cell.value is None:
        return ""
    return f"{cell.value:.0f}" if float(cell.value).is_integer() else f"{cell.value}"


def harmless(label: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{label}" if label[:1] in "=+-@\t\r" else label


# As pictures


def chart_of(figure: Figure, *, title: str = "") -> Chart:
    """Return the chart that suits a figure: time as lines or columns, parts as shares, else bars."""
    indicator = figure.indicator
    title = title or f"{indicator.name}, by {WAYS.get(figure.by, figure.by).lower()}"
    rows = list(figure.rows)
    heading = WAYS.get(figure.by, figure.by.capitalize())
    if len(figure.columns) > 1 and indicator.kind == "count":
        # The last column is the sum of those before it. What is nothing everywhere is left out.
        kept = [
            number
            for number in range(len(figure.columns) - 1)
            if any(row.cells[number].hidden or row.cells[number].value for row in rows)
        ]
        rows = [row for row in rows if any(cell.hidden or cell.value for cell in row.cells)]
        return Chart(
            "shares",
            title,
            [row.label for row in rows],
            [Series(figure.columns[n], [row.cells[n] for row in rows]) for n in kept],
            unit=indicator.unit,
            note=figure.missing,
            label_heading=heading,
            wholes=[row.cells[-1] for row in rows],
        )
    if figure.by == "month":
        kind = "columns" if indicator.kind == "count" else "line"
    else:
        kind = "bars"
        if indicator.kind != "count" and len(rows) > 1:
            rows.append(figure.total)
    return Chart(
        kind,  # type: ignore[arg-type]
        title,
        [row.label for row in rows],
        [Series(figure.columns[0], [row.cells[0] for row in rows])],
        unit=indicator.unit,
        note=figure.missing,
        label_heading=heading,
        decimals=1 if indicator.kind in ("median", "mean") else None,
    )


# A page of them


@dataclass(frozen=True)
class Tile:
    """One number with its name, and where it is defined."""

    name: str
    value: str
    note: str
    href: str


def tile(key: str, period: Period, at: datetime, *, hub: str = "", query: str = "") -> Tile:
    """Return an indicator's one number: the county's, or a hub's with the county's beside it."""
    indicator = indicator_called(key)
    by = "hub" if "hub" in indicator.by else indicator.by[0]
    figure = HOMES[key][1](indicator, period, by=by, at=at)
    row = next((row for row in figure.rows if row.key == hub), None) if hub else figure.total
    place = 0 if indicator.kind != "count" else -1
    value = row.cells[place] if row else Cell(None)
    note = indicator.unit.lstrip("% ")
    if hub and indicator.kind != "count":
        note += f"; county {written(figure.total.cells[place], indicator)}"
    elif (
        indicator.kind == "mean"
        and row
        and not row.cells[1].hidden
        and row.cells[1].value is not None
    ):
        note += f", from {row.cells[1].text} to {row.cells[2].text}"
    elif indicator.kind == "share" and row and not row.cells[-1].hidden:
        note += f", of {row.cells[-1].text}"
    return Tile(
        indicator.name,
        "Hidden" if value.hidden else written(value, indicator).capitalize(),
        note,
        reverse("figure", args=[key]) + query,
    )


COUNTY_TILES = (
    "requests-received",
    "decided-in-time",
    "days-to-decision",
    "senders-told",
    "open-cases",
    "first-contact-in-time",
    "days-to-first-contact",
    "outcomes-at-closing",
    "distance-travelled",
    "better-after-the-end",
    "audit-grades",
    "school-attendance-change",
    "questionnaire-change",
    "families-say-it-helped",
    "senders-say-it-fits",
    "people-who-keep-coming",
    "key-stage-2-rwm-expected",
)
HUB_TILES = (
    "requests-received",
    "decided-in-time",
    "open-cases",
    "first-contact-in-time",
    "days-to-first-contact",
    "outcomes-at-closing",
    "distance-travelled",
    "better-after-the-end",
    "school-attendance-change",
    "questionnaire-change",
    "families-say-it-helped",
    "senders-say-it-fits",
    "people-who-keep-coming",
)
COUNTY_CHARTS = (
    ("requests-received", "month", "Requests each month"),
    ("requests-received", "sender", "Who asks"),
    ("requests-received", "phase", "Phase of the school that asks"),
    ("requests-received", "hub", "Which hub accepted"),
    ("request-outcomes", "sender", "What was decided, by who asked"),
    ("decided-in-time", "month", "Decided in time, by month"),
    ("days-to-decision", "month", "Days to a decision, by month"),
    ("senders-told", "sender", "Senders told of the decision"),
    ("open-cases", "hub", "Families being helped now"),
    ("first-contact-in-time", "hub", "First contact in time, by hub"),
    ("days-to-first-contact", "hub", "Days to first contact, by hub"),
    ("outcomes-at-closing", "hub", "How things were at the end, by hub"),
    ("distance-travelled", "hub", "Distance travelled, by hub"),
    ("distance-by-area", "area", "Distance travelled, by area of life"),
    ("distance-by-area", "quarter", "Distance travelled, by quarter"),
    ("school-attendance-change", "hub", "Attendance at school, change by hub"),
    ("questionnaire-change", "measure", "Questionnaires, change"),
    ("families-say-it-helped", "quarter", "Families who say that it helped"),
    ("what-families-say", "question", "What families say of the help"),
    ("what-senders-say", "question", "What senders say of the help"),
    ("people-who-keep-coming", "hub", "People who keep coming to groups"),
    ("better-after-the-end", "hub", "Better than before, after help ended"),
    ("audit-grades", "hub", "Case work graded good, by hub"),
)
HUB_CHARTS = (
    ("requests-received", "month", "Requests accepted, by the month they arrived"),
    ("requests-received", "sender", "Who asked"),
    ("requests-received", "phase", "Phase of the school that asked"),
    ("first-contact-in-time", "hub", "First contact in time"),
    ("days-to-first-contact", "hub", "Days to first contact"),
    ("outcomes-at-closing", "month", "Families whose help ended, by month"),
    ("outcomes-at-closing", "reason", "Why help ended"),
    ("distance-by-area", "area", "Distance travelled, by area of life"),
    ("distance-by-area", "quarter", "Distance travelled, by quarter"),
    ("school-attendance-change", "quarter", "Attendance at school, change by quarter"),
    ("what-families-say", "question", "What families say of the help"),
    ("what-senders-say", "question", "What senders say of the help"),
)


@dataclass(frozen=True)
class Picture:
    """A chart with the way to its indicator's own page."""

    chart: Chart
    href: str


def board(
    period: Period, at: datetime, *, hub: str = "", query: str = "", county: bool = True
) -> tuple[list[Tile], list[Picture]]:
    """Return the tiles and charts of the county's dashboard, or of one hub's.

    `county=False` is for who sees the county as a whole, but not hub beside hub.
    """
    tiles = [
        tile(key, period, at, hub=hub, query=query) for key in (HUB_TILES if hub else COUNTY_TILES)
    ]
    pictures = [
        Picture(
            chart_of(figure_of(key, period, by=by, at=at, hub=hub), title=title),
            reverse("figure", args=[key]) + _and(query, f"by={by}"),
        )
        for key, by, title in (HUB_CHARTS if hub else COUNTY_CHARTS)
        if hub or county or by not in BY_HUB
    ]
    return tiles, pictures


def _and(query: str, more: str) -> str:
    return f"{query}&{more}" if query else f"?{more}"
