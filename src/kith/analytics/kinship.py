"""What is odd in what two people are said to be to each other: possible, and worth a second look.

A person decides; nothing here refuses. `kind` is how the first is related to the second; ages are in
whole years, and what is not known asks nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

CARERS = ("step_parent", "foster_carer", "adoptive", "guardian")  # grown up, by the law
ABOVE = ("parent", "grandparent", *CARERS)
# Two of these may well be so of one pair at the same time.
GO_TOGETHER = (
    {"grandparent", "foster_carer", "guardian", "adoptive"},
    {"step_parent", "adoptive"},
    {"step_parent", "guardian"},
)
GROWN_UP = 18
MAY_CONSENT = 16
YOUNGEST = {"parent": 13, "grandparent": 26}  # when the child, or grandchild, was born
FARTHEST_SIBLINGS = 30
PARENTS = 2


@dataclass(frozen=True)
class One:
    """A person: born, or expected, and whether they stand as a child of the family."""

    name: str
    born: date | None = None
    expected: date | None = None
    is_child: bool = False


@dataclass(frozen=True)
class Tie:
    """What the two are to each other besides, at the same time; `turned` where it is the other's."""

    kind: str
    words: str
    turned: bool = False


@dataclass(frozen=True)
class Oddity:
    key: str
    words: str


def odd(
    kind: str, one: One, other: One, *, on: date, besides: Iterable[Tie] = (), parents: int = 0
) -> list[Oddity]:
    """Return what is odd in saying that `one` is `kind` of `other` from a day on. `parents` is how
    many others are the second's parents already."""
    age = _years(one.born, on)
    gap = _years(one.born, other.born or other.expected)  # how old when the other was born
    found: list[Oddity | None] = []
    if kind in CARERS:
        found.append(_young("young", one, age, GROWN_UP))
    if kind in ABOVE:
        if one.born is None and one.expected:
            found.append(Oddity("unborn", f"{one.name} is not born yet."))
        elif gap is not None and gap < 0:
            found.append(Oddity("younger", f"{one.name} is younger than {other.name}."))
        elif gap is not None and gap < YOUNGEST.get(kind, 0):
            found.append(Oddity("gap", f"{one.name} was {gap} when {other.name} was born."))
        elif gap is None and kind in YOUNGEST:
            found.append(_young("young", one, age, YOUNGEST[kind]))
    if kind == "parent" and parents >= PARENTS:
        found.append(Oddity("parents", f"{other.name} has {parents} parents already."))
    if kind == "partner":
        found.append(_young("young", one, age, MAY_CONSENT))
        found.append(_young("young_other", other, _years(other.born, on), MAY_CONSENT))
    if kind in ("sibling", "half_sibling") and gap is not None and abs(gap) > FARTHEST_SIBLINGS:
        apart = f"{one.name} and {other.name} are more than {FARTHEST_SIBLINGS} years apart."
        found.append(Oddity("apart", apart))
    for tie in besides:
        together = any({kind, tie.kind} <= kinds for kinds in GO_TOGETHER) or kind == tie.kind
        if "other" not in (kind, tie.kind) and (tie.turned or not together):
            found.append(Oddity(f"besides_{tie.kind}", tie.words))
    return [oddity for oddity in found if oddity is not None]


def _young(key: str, who: One, age: int | None, least: int) -> Oddity | None:
    if age is not None and 0 <= age < least:
        return Oddity(key, f"{who.name} is {age} year{'' if age == 1 else 's'} old.")
    if age is None and who.is_child and not who.expected:
        return Oddity(key, f"{who.name} stands as a child of this family.")
    return None


def _years(born: date | None, on: date | None) -> int | None:
    """Return somebody's age in whole years on a day; below 0 before their birth."""
    if born is None or on is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
