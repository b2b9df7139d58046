"""Figures of the county as a committee reads them: by key, with their values on a day, in words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from kith.analytics.indicators import Figure, Indicator, Period
from kith.figures.registry import HOMES, NoSuchFigure, figure_of, indicator_called
from kith.figures.words import written
from kith.hubs.models import Hub


def to_choose() -> list[tuple[str, str]]:
    """Return the keys and names of the figures that can be split by hub."""
    return sorted(
        ((key, one.name) for key, (one, _) in HOMES.items() if "hub" in one.by),
        key=lambda pair: pair[1],
    )


def name_of(key: str) -> str:
    """Return a figure's name; the key itself where it is not counted (yet)."""
    try:
        return indicator_called(key).name
    except NoSuchFigure:
        return key


def year_to(day: date) -> Period:
    """Return the twelve months up to a day."""
    return Period(day - timedelta(days=364), day, f"the year to {day:%-d %B %Y}")


def by_hub(key: str, at: datetime) -> Figure | None:
    """Return a figure by hub over the last year; None where it is not counted."""
    try:
        return figure_of(key, year_to(timezone.localdate(at)), by="hub", at=at)
    except NoSuchFigure:
        return None


def in_words(key: str, at: datetime) -> str:
    """Say a figure's values of the last year in one sentence."""
    figure = by_hub(key, at)
    if figure is None:
        return f"{key}: no live figure yet."
    said = [
        f"{row.label} {written(row.cells[0], figure.indicator)}" for row in figure.rows if row.cells
    ]
    county = written(figure.total.cells[0], figure.indicator) if figure.total.cells else "none"
    return (
        f"{figure.indicator.name} ({figure.indicator.unit}), {figure.period.name}: county {county}; "
        f"{', '.join(said)}."
    )


def value_of_hub(key: str, hub: Hub, at: datetime) -> dict[str, Any]:
    """Return a hub's value over the year up to a day, to be kept: value, its lowest and highest where it
    is a share, and of how many. Empty where nothing is counted, or it is hidden."""
    figure = by_hub(key, at)
    row = next((row for row in figure.rows if row.key == hub.slug), None) if figure else None
    if figure is None or row is None or not row.cells or row.cells[0].value is None:
        return {}
    cells = row.cells
    kept: dict[str, Any] = {
        "value": cells[0].value,
        "kind": figure.indicator.kind,
        "on": timezone.localdate(at).isoformat(),
    }
    if len(cells) > 3 and figure.indicator.kind in ("share", "mean"):
        kept |= {"low": cells[1].value, "high": cells[2].value}
    return kept


@dataclass(frozen=True)
class Moved:
    """A value then and now, and whether it moved beyond chance."""

    verdict: str  # better, worse, moved, cannot tell
    before: str
    now: str


def moved(indicator: Indicator, before: dict[str, Any], now: dict[str, Any]) -> Moved:
    """Say whether a value moved: never where either is not known, or the change is within chance.

    Of a share or mean its own 95% interval decides: the two must not overlap. Of a count, the change must
    be more than twice the square root of both together, as chance alone would make it. Of a median
    nothing but its value is known, so that it cannot be told.
    """
    was, is_ = before.get("value"), now.get("value")
    shown = (_shown(indicator, was), _shown(indicator, is_))
    if was is None or is_ is None:
        return Moved("cannot tell", *shown)
    if indicator.kind in ("share", "mean"):
        ends: list[Any] = [
            end for one in (before, now) for end in (one.get("low"), one.get("high"))
        ]
        apart = None not in ends and (ends[3] < ends[0] or ends[2] > ends[1])
        if not apart:
            return Moved("cannot tell", *shown)
    elif indicator.kind != "count" or abs(is_ - was) <= 2 * (is_ + was) ** 0.5:
        return Moved("cannot tell", *shown)
    if indicator.better == "neither":
        return Moved("moved", *shown)
    return Moved("better" if (is_ > was) == (indicator.better == "more") else "worse", *shown)


def _shown(indicator: Indicator, value: float | None) -> str:
    if value is None:
        return "not known"
    if indicator.kind == "share":
        return f"{value:g}%"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
