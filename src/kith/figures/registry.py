"""The indicators of every module by their keys: where a dashboard, a standard of the core offer or a
recommendation finds the one definition of a figure.

Nothing is counted or defined here. Each indicator has its one home in a module's `counts.py`; what
arrives has small numbers hidden already. A new module adds its counts to `HOMES`, and whatever waited
for one of its keys finds it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from kith.analytics.indicators import Figure, Indicator, Period, Row
from kith.casework import counts as casework
from kith.casework import measure_counts as measures
from kith.casework import outcome_counts as outcomes
from kith.directory import counts as directory
from kith.places import counts as places
from kith.referrals import counts as referrals
from kith.supports import counts as supports

Count = Callable[..., Figure]
HOMES: dict[str, tuple[Indicator, Count]] = {
    indicator.key: (indicator, module.figure)
    for module in (referrals, casework, outcomes, measures, supports, directory, places)
    for indicator in module.INDICATORS
}
NOW = "open-cases"  # counted at the moment of asking: a period makes no difference
PARTS_OF_A_HUB = (
    *("requests-received", "outcomes-at-closing"),
    *("distance-by-area", "school-attendance-change", "questionnaire-change"),
    *("what-families-say", "what-senders-say"),
)
BY_HUB = ("hub", "hub-question")  # hub beside hub
OF_COUNTY = (*BY_HUB, "quarter-question")  # no hub alone is split so


class NoSuchFigure(LookupError):
    """There is no such indicator, or it cannot be split in this way."""


def register(indicators: Iterable[Indicator], count: Count) -> None:
    """Add the indicators of a module that stands above this room, as that module starts."""
    HOMES.update({indicator.key: (indicator, count) for indicator in indicators})


def indicator_called(key: str) -> Indicator:
    """Return an indicator by its key. Raises NoSuchFigure."""
    try:
        return HOMES[key][0]
    except KeyError:
        raise NoSuchFigure(key) from None


def name_of(key: str) -> str:
    """Return a figure's name; the key itself where it is not counted (yet)."""
    return HOMES[key][0].name if key in HOMES else key


def to_choose(*, by: str = "") -> list[tuple[str, str]]:
    """Return the keys and names of the figures to choose from, by name; only those split in one way."""
    found = ((key, one.name) for key, (one, _) in HOMES.items() if not by or by in one.by)
    return sorted(found, key=lambda pair: pair[1])


def ways_of(indicator: Indicator, hub: str) -> list[str]:
    """Return the ways to split an indicator; fewer of them for one hub alone."""
    if not hub:
        return list(indicator.by)
    if indicator.key in PARTS_OF_A_HUB:
        return [way for way in indicator.by if way not in OF_COUNTY]
    return ["hub"] if "hub" in indicator.by else []


def figure_of(key: str, period: Period, *, by: str, at: datetime, hub: str = "") -> Figure:
    """Return an indicator's values over a period. Raises NoSuchFigure.

    With `hub` only that hub's: its own part where the indicator can be split further, else its
    line, with the county's for comparison.
    """
    indicator = indicator_called(key)
    if by not in ways_of(indicator, hub):
        raise NoSuchFigure(f"{key} by {by}")
    if hub and key in PARTS_OF_A_HUB:
        return HOMES[key][1](indicator, period, by=by, at=at, hub=hub)
    figure = HOMES[key][1](indicator, period, by=by, at=at)
    if hub:
        rows = tuple(row for row in figure.rows if row.key == hub)
        figure = Figure(
            figure.indicator,
            figure.period,
            figure.by,
            figure.columns,
            rows,
            Row("all", "The whole county", figure.total.cells),
            figure.counted_at,
            figure.missing,
        )
    return figure
