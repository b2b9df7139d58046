"""Figures of the county as a committee reads them: by key, with their values on a day, in words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from kith.analytics.indicators import Figure, Indicator, Period
from kith.analytics.periods import periods_on
from kith.figures.registry import HOMES, NOW, NoSuchFigure, figure_of, indicator_called
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
    """Return the last twelve months that were over on a day. Whole months, as everywhere: of two periods
    that begin or end within a month, a few days could be cut out, and in them a family."""
    return periods_on(day)["year"]


def by_hub(key: str, on: date, at: datetime) -> Figure | None:
    """Return a figure by hub over the year before a day; None where it is not counted. What is counted at
    the moment of asking alone has no value of a day that is over."""
    if key == NOW and on != timezone.localdate(at):
        return None
    try:
        return figure_of(key, year_to(on), by="hub", at=at)
    except NoSuchFigure:
        return None


def in_words(key: str, at: datetime) -> str:
    """Say a figure's values of the last year in one sentence."""
    figure = by_hub(key, timezone.localdate(at), at)
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


def value_of_hub(key: str, hub: Hub, on: date, at: datetime) -> dict[str, Any]:
    """Return a hub's value over the year before a day, to be kept: value, and for a share or mean between
    what it truly lies. Empty where nothing is counted; of what is hidden, only that it is."""
    figure = by_hub(key, on, at)
    row = next((row for row in figure.rows if row.key == hub.slug), None) if figure else None
    if figure is None or row is None or not row.cells:
        return {}
    cells, kind = row.cells, figure.indicator.kind
    kept: dict[str, Any] = {"kind": kind, "on": on.isoformat(), "period": figure.period.name}
    if cells[0].hidden:
        return kept | {"hidden": True}
    if cells[0].value is None:
        return {}
    kept["value"] = float(cells[0].value)
    if len(cells) > 3 and kind in ("share", "mean"):
        ends = [None if cell.value is None else float(cell.value) for cell in cells[1:3]]
        kept |= {"low": ends[0], "high": ends[1]}
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
    shown = (_shown(indicator, before), _shown(indicator, now))
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


def _shown(indicator: Indicator, kept: dict[str, Any]) -> str:
    if kept.get("hidden"):
        return "hidden"
    value = kept.get("value")
    if value is None:
        return "not known"
    if indicator.kind == "share":
        return f"{value:g}%"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
