"""Figures as they are written: headings, lines, per cents and medians."""

from collections.abc import Iterator

from kith.analytics.indicators import Cell, Figure, Indicator, Row

WAYS = {
    "hub": "Hub",
    "month": "Month",
    "sender": "Who asked",
    "phase": "Phase of school",
    "item": "Item of the core offer",
    "went": "What is known of it",
    "reason": "Why help ended",
    "after": "How long after",
    "quarter": "Quarter",
    "area": "Area of life",
    "area-quarter": "Area and quarter",
    "measure": "Questionnaire",
    "question": "Question",
    "hub-question": "Hub and question",
    "quarter-question": "Quarter and question",
    "district": "District",
    "place": "Town or country",
    "committee": "Committee",
    "school-year": "School year",
}


def written(cell: Cell, indicator: Indicator) -> str:
    """Write a value as its kind is written: shares as per cents, medians with one decimal."""
    if cell.hidden or cell.value is None or indicator.kind == "count":
        return cell.text
    return f"{cell.text}%" if indicator.kind == "share" else f"{cell.value:,.1f}"


def headings(figure: Figure) -> list[object]:
    """Return the headings of a figure's table."""
    return [
        WAYS.get(figure.by, figure.by.capitalize()),
        *({"label": column, "numeric": True} for column in figure.columns),
    ]


def lines(figure: Figure) -> list[list[str]]:
    """Return the lines of a figure's table, the last for all together."""
    return [[row.label, *_line(row, figure.indicator)] for row in (*figure.rows, figure.total)]


def _line(row: Row, indicator: Indicator) -> Iterator[str]:
    ends = len(row.cells) > 3 and indicator.kind in ("share", "mean")
    for number, cell in enumerate(row.cells):
        # After a share comes how many it is of; between them, where there are any, the ends of its
        # interval.
        yield written(cell, indicator) if number == 0 or (ends and number < 3) else cell.text
