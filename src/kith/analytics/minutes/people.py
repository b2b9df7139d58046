"""The people of a meeting: each once, under the name that the text prints."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from kith.analytics.minutes.names import COUNCILLOR, Name, surname

# Which words about a person win over which.
RANK = {
    "mentioned": 0,
    "invited_only": 1,
    "present": 2,
    "present_spoke": 3,
    "substitute": 4,
    "absent": 5,
    "apologies": 6,
}


@dataclass
class Person:
    """Somebody the text names; `key` is given when all are known."""

    name: str
    honorific: str | None
    presence: str
    initials: str | None = None
    post: str | None = None
    kind: str = "unknown"
    lines: list[int] = field(default_factory=list)
    key: str = ""
    spoke: bool = False

    @property
    def surname(self) -> str:
        return surname(self.name)


class People:
    """Everybody found so far. Two who may be one are never made one in silence."""

    def __init__(self) -> None:
        self.all: list[Person] = []
        self.warnings: list[tuple[int | None, str, str]] = []

    def add(
        self,
        name: Name,
        presence: str,
        line: int,
        *,
        kind: str | None = None,
        post: str | None = None,
    ) -> Person:
        """Return the person of a name, made where nobody has it yet."""
        person = self.find(name.name, name.honorific)
        if person is None:
            person = Person(name.name, name.honorific, presence)
            self.all.append(person)
        else:
            if len(name.name) > len(person.name) and person.name in (name.surname,):
                person.name = name.name
            person.honorific = person.honorific or name.honorific
            self._change(person, presence, line)
        person.initials = person.initials or name.initials
        person.post = person.post or post or name.post
        self._kind(person, kind)
        if line not in person.lines:
            person.lines.append(line)
        return person

    def _change(self, person: Person, presence: str, line: int) -> None:
        old = person.presence
        if {old, presence} == {"apologies", "present"} or (
            old == "apologies" and presence == "present_spoke"
        ):
            self.warnings.append(
                (
                    line,
                    "attendance",
                    f"{person.name} is among the apologies and also among those present or speaking: check.",
                )
            )
        if RANK[presence] > RANK[old]:
            person.presence = presence

    def _kind(self, person: Person, kind: str | None) -> None:
        if person.honorific and re.match(COUNCILLOR, person.honorific):
            person.kind = "councillor"
        elif kind:
            person.kind = kind if person.kind == "unknown" else person.kind
        elif (
            person.post
            and person.kind == "unknown"
            and not re.match(r"^(?:vice[ -]|deputy )?chair", person.post, re.IGNORECASE)
        ):
            person.kind = "officer"

    def find(self, name: str, honorific: str | None = None) -> Person | None:
        """Return who a name means where only one can be meant."""
        for person in self.all:
            if _plain(person.name) == _plain(name) and _same_title(person.honorific, honorific):
                return person
        last = _plain(surname(name))
        same = [person for person in self.all if _plain(person.surname) == last]
        same = [
            person
            for person in same
            if _agree(person.name, name) and _may_be_one(person.honorific, honorific)
        ]
        return same[0] if len(same) == 1 else None

    def by_initials(self, letters: str) -> Person | None:
        found = [person for person in self.all if person.initials == letters]
        return found[0] if len(found) == 1 else None

    def declared(self) -> dict[str, str]:
        return {person.initials: person.key for person in self.all if person.initials}

    def give_keys(self) -> None:
        """Give each a key: the surname, and the first name too where two share it."""
        counts: dict[str, int] = {}
        for person in self.all:
            counts[_slug(person.surname)] = counts.get(_slug(person.surname), 0) + 1
        used: set[str] = set()
        for person in self.all:
            key = _slug(person.surname)
            if counts[key] > 1:
                key = _slug(re.sub(r"[()]", "", person.name))
            bare, number = key or "person", 1
            while key in used or not key:
                number += 1
                key = f"{bare}-{number}"
            used.add(key)
            person.key = key

    def suggest_same(self) -> None:
        """Say which names are a letter apart: one person spelled in two ways, or two people."""
        # Beyond 300 names the text is no meeting, and comparing each with each takes too long.
        for at, one in enumerate(self.all[:300]):
            for other in self.all[at + 1 : 300]:
                a, b = _plain(one.surname), _plain(other.surname)
                if a == b or min(len(a), len(b)) < 5 or abs(len(a) - len(b)) > 2:
                    continue
                far = DamerauLevenshtein.distance(a, b, score_cutoff=2)
                first_fits = _agree(
                    one.name.replace(one.surname, "X"), other.name.replace(other.surname, "X")
                )
                if far == 1 or (far == 2 and min(len(a), len(b)) >= 7 and first_fits):
                    line = other.lines[0] if other.lines else None
                    self.warnings.append(
                        (
                            line,
                            "similar_names",
                            f"“{one.name}” and “{other.name}” are nearly the same name: one person or two?",
                        )
                    )
                elif first_fits and len(a) >= 6 and a[2:] == b[2:] and a != b:
                    line = other.lines[0] if other.lines else None
                    self.warnings.append(
                        (
                            line,
                            "similar_names",
                            f"“{one.name}” and “{other.name}” sound alike: one person or two?",
                        )
                    )


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return re.sub(r"[^a-z']", "", text.lower())


def _slug(text: str) -> str:
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "").replace("’", "")).strip("-")


def _firsts(name: str) -> list[str]:
    words = re.sub(r"[().]", " ", name).split()
    last = surname(name)
    return [word for word in words if word.strip(".") != last.strip(".")]


def _agree(one: str, other: str) -> bool:
    """Say whether two names of one surname can be one person's: J and John can, J and Paul cannot."""
    a, b = _firsts(one), _firsts(other)
    if not a or not b:
        return True
    if (len(a[0]) <= 3 and a[0].isupper()) or (len(b[0]) <= 3 and b[0].isupper()):
        return a[0][0] == b[0][0]
    return a[0].lower() == b[0].lower()


_MEN, _WOMEN = {"mr"}, {"mrs", "ms", "miss"}


def _titles(honorific: str | None) -> set[str]:
    return {word.strip(".").lower() for word in (honorific or "").split()}


def _may_be_one(one: str | None, other: str | None) -> bool:
    a, b = _titles(one), _titles(other)
    return not ((a & _MEN and b & _WOMEN) or (b & _MEN and a & _WOMEN))


def _same_title(one: str | None, other: str | None) -> bool:
    return _may_be_one(one, other)
