"""Official files that can be taken in: each says how it is read, and what it would change.

A file is read whole and checked whole before anything is written; what is wrong with it comes
back as a list, and nothing changes. Modules above register theirs in their `importers.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kith.accounts.models import User
from kith.accounts.permissions import Permission


@dataclass(frozen=True)
class Preview:
    """What a file would change, or has changed."""

    adds: int
    changes: int
    same: int
    left_out: int = 0  # rows that are not about this county
    kept: int = 0  # what is here and not in the file: it stays
    removes: int = 0  # what is here and not in the file, and goes
    notes: tuple[str, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()  # what, and how it would change

    @property
    def is_nothing(self) -> bool:
        return not self.adds and not self.changes and not self.removes

    @property
    def sentence(self) -> str:
        removed = f"{self.removes:,} taken out, " if self.removes else ""
        return (
            f"{self.adds:,} added, {self.changes:,} changed, {removed}{self.same:,} as they were, "
            f"{self.left_out:,} left out because they are not in the county."
        )


@dataclass(frozen=True)
class Importer:
    """A kind of official file.

    `read(data, year)` returns what is in it or raises WrongFile; where the kind has `statuses`, it is
    told the file's `name` and its `status` too, and finds the year itself where it can. `preview` compares
    that with what is here (and may raise WrongFile too); `write` puts it in, in the transaction of who
    calls.
    """

    key: str
    title: str
    about: str
    where: str  # where the file is published
    headings: tuple[str, ...]  # the columns it must have, in words
    permission: Permission
    read: Callable[..., Any]
    preview: Callable[[Any], Preview]
    write: Callable[..., Preview]  # (what was read, *, by: User, at: datetime)
    needs_year: bool = False
    statuses: tuple[tuple[str, str], ...] = ()  # such as provisional and final
    status_in: Callable[[str], str] = lambda name: ""  # what a file's name says of it
    most_bytes: int | None = None  # where more than usual is allowed

    def read_file(self, data: bytes, *, name: str, year: int | None, status: str) -> Any:
        """Return what is in a file. Raises WrongFile."""
        if self.statuses:
            return self.read(data, year, name=name, status=status)
        return self.read(data, year)


importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Offer a kind of file on the page of imports."""
    importers[importer.key] = importer


def may_take_in(user: User, importer: Importer) -> bool:
    """Say whether a person may take in this kind of file."""
    return user.can(importer.permission)


def offered_to(user: User) -> list[Importer]:
    """Return the kinds of file that a person may take in."""
    return [importer for importer in importers.values() if may_take_in(user, importer)]
