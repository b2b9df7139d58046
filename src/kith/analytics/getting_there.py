"""Whether somebody can be where they promised to be: two things at once, or too little time between.

Roads are not known here. The straight line between two places is driven at a steady speed, which on
Oxfordshire's roads comes to about what a driver needs; a few minutes to park are added. It is said
beside every clash, so that nobody takes it for a route.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from math import ceil, hypot

KM_AN_HOUR = 40.0  # along the straight line
MINUTES_TO_PARK = 10


@dataclass(frozen=True)
class Engagement:
    """Somebody is somewhere from one moment to another. Places are metres of the British grid."""

    key: str
    who: int
    what: str
    starts: datetime
    ends: datetime
    easting: float | None = None
    northing: float | None = None


@dataclass(frozen=True)
class Clash:
    """Two engagements of one person of which they cannot keep both; the earlier one first."""

    first: Engagement
    second: Engagement
    minutes_between: int  # below nought: they overlap by so much
    minutes_needed: int | None  # None where it is not known how far apart they are
    km: float | None

    @property
    def at_once(self) -> bool:
        return self.minutes_between < 0


def minutes_needed(km: float) -> int:
    """Return how many minutes it takes from one place to another; none within one place."""
    return ceil(km / KM_AN_HOUR * 60) + MINUTES_TO_PARK if km else 0


def km_between(one: Engagement, other: Engagement) -> float | None:
    """Return the straight line in km; None where one of the places is not known."""
    if None in (one.easting, one.northing, other.easting, other.northing):
        return None
    assert one.easting is not None and one.northing is not None
    assert other.easting is not None and other.northing is not None
    return hypot(one.easting - other.easting, one.northing - other.northing) / 1000


def clashes(engagements: Iterable[Engagement]) -> list[Clash]:
    """Return the pairs that one person cannot keep, by when the first begins.

    Where it is not known how far apart two places are, only what overlaps is said to clash.
    """
    by_person: dict[int, list[Engagement]] = {}
    for one in engagements:
        by_person.setdefault(one.who, []).append(one)
    found = []
    for theirs in by_person.values():
        theirs.sort(key=lambda one: (one.starts, one.ends, one.key))
        for first, second in combinations(theirs, 2):
            between = int((second.starts - first.ends) / timedelta(minutes=1))
            km = km_between(first, second)
            needed = None if km is None else minutes_needed(km)
            if between < (needed or 0):
                found.append(Clash(first, second, between, needed, km))
    return sorted(found, key=lambda clash: (clash.first.starts, clash.first.key, clash.second.key))
