"""Whether something is held as often as was promised, and when too little is known to say.

A stretch is a week from Monday to Sunday, two such weeks, or a month. What nobody wrote down is neither
held nor not held: the share lies between what is known to be held and what may have been.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Every = Literal["week", "fortnight", "month"]
Stretch = tuple[date, date]
MET, NOT_MET, UNKNOWN = "met", "not met", "not known"
WEEKS, MONTHS = 12, 6  # what is looked back at, whole ones
FEW_STRETCHES = 3  # fewer tell nothing
FEW = 10  # of families or people: a share of fewer is chance


@dataclass(frozen=True)
class Held:
    """In how many of so many stretches something was held; `perhaps`: nobody wrote it down."""

    yes: int
    perhaps: int
    of: int

    @property
    def least(self) -> float:
        """Per cent that is known to be held."""
        return 100 * self.yes / self.of if self.of else 0.0

    @property
    def most(self) -> float:
        """Per cent that was held if all was that nobody wrote down."""
        return 100 * (self.yes + self.perhaps) / self.of if self.of else 100.0


def stretches(
    today: date,
    every: Every,
    *,
    terms: Sequence[Stretch] | None = None,
    closed: Collection[date] = (),
) -> list[Stretch]:
    """Return the whole stretches before a day in which something must be held, the earliest first.

    Left out are weeks without a working day, and, where `terms` are given, those that do not lie
    in one from Monday to Friday. A fortnight is two counted weeks, one after the other.
    """
    if every == "month":
        return _months(today, terms)
    monday = today - timedelta(days=today.weekday())
    weeks = []
    for back in range(WEEKS, 0, -1):
        first = monday - timedelta(weeks=back)
        friday = first + timedelta(days=4)
        working = [first + timedelta(days=n) for n in range(5)]
        in_term = terms is None or any(since <= first and friday <= until for since, until in terms)
        if in_term and any(day not in closed for day in working):
            weeks.append((first, first + timedelta(days=6)))
    if every == "week":
        return weeks
    odd = len(weeks) % 2
    return [(weeks[n][0], weeks[n + 1][1]) for n in range(odd, len(weeks), 2)]


def _months(today: date, terms: Sequence[Stretch] | None) -> list[Stretch]:
    found: list[Stretch] = []
    last = today.replace(day=1) - timedelta(days=1)
    for _ in range(MONTHS):
        first = last.replace(day=1)
        # A month counts in term time where at least two weeks of it are.
        days = sum(
            max(0, (min(until, last) - max(since, first)).days + 1) for since, until in terms or ()
        )
        if terms is None or days >= 14:
            found.insert(0, (first, last))
        last = first - timedelta(days=1)
    return found


def held_in(of: Sequence[Stretch], held: Collection[date], perhaps: Collection[date] = ()) -> Held:
    """Count in how many stretches something was held at least once, or may have been."""

    def any_in(stretch: Stretch, days: Collection[date]) -> bool:
        return any(stretch[0] <= day <= stretch[1] for day in days)

    yes = [stretch for stretch in of if any_in(stretch, held)]
    maybe = [stretch for stretch in of if stretch not in yes and any_in(stretch, perhaps)]
    return Held(len(yes), len(maybe), len(of))


def often_enough(held: Held, at_least: int) -> str:
    """Say whether something is held in at least so many per cent of the stretches: MET, NOT_MET, or
    UNKNOWN where there are too few, or where it hangs on what nobody wrote down."""
    if held.of < FEW_STRETCHES:
        return UNKNOWN
    if held.least >= at_least:
        return MET
    return NOT_MET if held.most < at_least else UNKNOWN


def median_short_enough(low: float | None, high: float | None, at_most: int) -> str:
    """Say whether a median is at most so many days, by the interval in which it lies: UNKNOWN where
    the limit lies in it, and where there is none, since too few were counted."""
    if low is None or high is None:
        return UNKNOWN
    if high <= at_most:
        return MET
    return NOT_MET if low > at_most else UNKNOWN


def share_enough(share: float, of: int | None, at_least: int) -> str:
    """Say whether a share of people is enough: UNKNOWN where fewer than FEW stand behind it."""
    if of is not None and of < FEW:
        return UNKNOWN
    return MET if share >= at_least else NOT_MET
