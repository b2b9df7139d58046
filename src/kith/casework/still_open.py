"""What is still open when a case ends or goes to another hub, and what may become of it.

Rooms above this one have things of their own that hang on a case: a place on a group, a visit that
is planned. Each tells of them here (`also`), so that a case never ends with something left dangling.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kith.accounts.models import Team, User
from kith.casework import queries
from kith.casework.models import Case, Reopening

ENDS, DONE, GOES_ON, UNTIL = "ends", "done", "goes_on", "until"
# Something that goes on without a case goes on for so long at most, and is then looked at again.
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class StillOpen:
    """Something that is open. `may` is what may become of it, as key and words; where there is only
    one thing, it is told and not asked."""

    key: str  # "place_12"
    what: str
    facts: str
    may: tuple[tuple[str, str], ...]
    latest: date | None = None  # the last day on which it may end

    @property
    def asked(self) -> bool:
        return len(self.may) > 1

    @property
    def kind(self) -> str:
        return self.key.rpartition("_")[0]

    @property
    def number(self) -> int:
        return int(self.key.rpartition("_")[2])


@dataclass(frozen=True)
class Becomes:
    """What somebody decided that becomes of something."""

    how: str
    until: date | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of things that may be open.

    `find` returns what is open of a case: of viewer, case, day and the hub that takes the case over,
    None where it closes. `settle` does what was decided, in the transaction in which the case ends
    or moves, and returns in words what became of it.
    """

    name: str
    find: Callable[[User, Case, date, Team | None], list[StillOpen]]
    settle: Callable[..., str]  # of case, number, becomes, to, worker, by, at
    # What goes along when another worker of the hub has the family: of case, worker, by, at.
    along: Callable[..., None] | None = None


_kinds: dict[str, Kind] = {}


def also(kind: Kind) -> None:
    """Let a room tell of what it has open on a case."""
    _kinds[kind.name] = kind


def kind_called(name: str) -> Kind:
    """Return a kind of things by the name in their keys."""
    return _kinds[name]


def go_along(*, case: Case, worker: User, by: User, at: datetime) -> None:
    """Let what is open go along to the worker who has the family now."""
    for _, kind in sorted(_kinds.items()):
        if kind.along is not None:
            kind.along(case=case, worker=worker, by=by, at=at)


def of_case(viewer: User, case: Case, today: date, to: Team | None = None) -> list[StillOpen]:
    """Return everything that is open of a case, as it closes, or goes to another hub."""
    return [one for _, kind in sorted(_kinds.items()) for one in kind.find(viewer, case, today, to)]


def open_actions(viewer: User, case: Case, today: date, to: Team | None) -> list[StillOpen]:
    """Return the open actions of a plan that ends with the case; with another hub it goes on."""
    if to is not None:
        return []
    planned = queries.plan_of(viewer, case).filter(queries.OPEN)
    return [
        StillOpen(
            f"action_{one.pk}",
            f"Action: {one.what}",
            f"{one.who}, due {one.due_on:%-d %B %Y}",
            ((ENDS, "Ends with the case, not done"), (DONE, "It is done")),
        )
        for one in planned
    ]


def undecided(
    found: list[StillOpen], becomes: Mapping[str, Becomes], *, rest_ends: bool
) -> Iterator[StillOpen]:
    """Return what nobody has decided about. What is only told is decided by the knowledge of it."""
    return (one for one in found if one.key not in becomes and one.asked and not rest_ends)


def in_words(became: list[list[str]]) -> str:
    """Say, a line each, what became of what was open."""
    return "\n".join(f"{what}: {how}." for what, how in became)


def reopened(reopening: Reopening) -> str:
    """Say why a case was opened again, and what had become of what was open when it closed."""
    if not reopening.had_became:
        return reopening.reason
    return f"{reopening.reason}\nWhen it closed:\n{in_words(reopening.had_became)}"
