"""Adding to the log. Every action of every module ends with `record`."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from django.db import models, transaction

from kith.audit.models import Entry, Sight


class Person(Protocol):
    """Whoever is named in the log: a `User`, though this module does not know users."""

    pk: Any

    def __str__(self) -> str: ...


def record(
    what: str,
    *,
    subject: models.Model,
    by: Person | None,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    family_id: int | None = None,
    team_id: int | None = None,
) -> Entry:
    """Add an entry, in the transaction of the change it tells of.

    `family_id` and `team_id` decide who may read it; where left out they are taken from the
    subject's own fields of that name.
    """
    entry = Entry(
        at=at,
        what=what,
        by_id=by.pk if by else None,
        by_name=str(by)[:200] if by else "",
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_name=_name(subject),
        family_id=family_id if family_id is not None else _own_family(subject),
        team_id=team_id if team_id is not None else getattr(subject, "team_id", None),
        before=_plain(before or {}),
        after=_plain(after or {}),
    )
    entry.save(force_insert=True)
    return entry


def saw(*, viewer: Person, family_id: int, page: str, at: datetime, right: str = "") -> Sight:
    """Note that a person saw a family's record."""
    sight = Sight(
        at=at,
        viewer_id=viewer.pk,
        viewer_name=str(viewer)[:200],
        family_id=family_id,
        page=page[:80],
        right=right,
    )
    sight.save(force_insert=True)
    return sight


# When each person last saw each page of each family, in this process: no more is needed to leave
# out the second look within minutes, and nothing has to be read or written for it.
_seen: dict[tuple[int, int, str], datetime] = {}
SAME_SIGHT = timedelta(minutes=10)
_MOST_KEPT = 20_000


def saw_once(
    *, viewer: Person, family_id: int, page: str, at: datetime, right: str = ""
) -> Sight | None:
    """Note that a person saw a family's record, unless they saw the same page minutes ago.

    For pages: whoever works on one, saves and comes back has looked once.
    """
    key = (int(viewer.pk), family_id, page)
    last = _seen.get(key)
    if last is not None and timedelta(0) <= at - last < SAME_SIGHT:
        return None
    sight = saw(viewer=viewer, family_id=family_id, page=page, at=at, right=right)
    transaction.on_commit(lambda: _remember(key, at))
    return sight


def _remember(key: tuple[int, int, str], at: datetime) -> None:
    if len(_seen) >= _MOST_KEPT:
        _seen.clear()
    _seen[key] = at


def fields_of(subject: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """Return some fields of a row, for `before` and `after`."""
    return {name: getattr(subject, name) for name in names}


def _own_family(subject: models.Model) -> int | None:
    if subject._meta.label_lower == "families.family":
        return int(subject.pk)
    return getattr(subject, "family_id", None)


def _name(subject: models.Model) -> str:
    told = getattr(subject, "reference", "") or getattr(subject, "name", "")
    return str(told or subject._meta.verbose_name)[:200]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case models.Model():
            return {"id": value.pk, "name": str(value)}
        case dict():
            return _plain(value)
        case list() | tuple() | set():
            return [_plain_value(item) for item in value]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)
