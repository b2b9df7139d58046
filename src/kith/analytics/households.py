"""Who lives where on a day: a family's homes, the people who live at each, and those of whom it is
not known. Days are half-open: whoever moves out on the 5th lives there until the 4th.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Belonging:
    """A person belongs to the family from one day until another; `lives` with it, or elsewhere."""

    person: int
    lives: bool = True
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Home:
    """A home of the family, from one day until another."""

    number: int
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Stay:
    """A person lives at a home, from one day until another."""

    person: int
    home: int
    since: date | None = None
    until: date | None = None
    number: int = 0


@dataclass
class Households:
    """Where everybody is on one day. A person of two homes stands at both."""

    at: dict[int, list[Stay]] = field(
        default_factory=dict
    )  # every home of that day, empty ones too
    # Said to live with the family, which has one home that day: taken to live there.
    taken_to_live: list[int] = field(default_factory=list)
    unsaid: list[int] = field(default_factory=list)  # lives with the family; not known where
    elsewhere: list[int] = field(default_factory=list)


def holds(since: date | None, until: date | None, day: date) -> bool:
    """Say whether something that is so from one day until another is so on a day."""
    return (since is None or since <= day) and (until is None or day < until)


def overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Say whether two spells have a day in common."""
    (since, until), (begin, end) = one, other
    latest = max(since or date.min, begin or date.min)
    return latest < min(until or date.max, end or date.max)


def households(
    day: date, belongings: Iterable[Belonging], homes: Iterable[Home], stays: Iterable[Stay]
) -> Households:
    """Return who lives where on a day. Everybody who belongs to the family then stands somewhere."""
    found = Households(at={home.number: [] for home in homes if holds(home.since, home.until, day)})
    placed: set[int] = set()
    for stay in sorted(stays, key=lambda stay: (stay.since or date.min, stay.number)):
        here = found.at.get(stay.home)
        if here is None or not holds(stay.since, stay.until, day):
            continue
        placed.add(stay.person)
        if stay.person not in {other.person for other in here}:
            here.append(stay)
    lives: dict[int, bool] = {}
    for one in belongings:
        if holds(one.since, one.until, day):
            lives[one.person] = lives.get(one.person, False) or one.lives
    for person, here_too in lives.items():
        if person in placed:
            continue
        if not here_too:
            found.elsewhere.append(person)
        elif len(found.at) == 1:
            found.taken_to_live.append(person)
        else:
            found.unsaid.append(person)
    return found
