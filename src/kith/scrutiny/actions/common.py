"""What actions of this room share: finding a row to change, and leaving a trace."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from kith.accounts.models import User
from kith.audit.actions import fields_of, record
from kith.scrutiny.actions.refusals import ScrutinyRefused

M = TypeVar("M", bound=models.Model)


def locked(row: M) -> M:
    """Return a row as it is now, locked: two people may work on it at once."""
    kept: M = type(row)._default_manager.select_for_update().get(pk=row.pk)
    return kept


def write(row: M, what: str, values: dict[str, Any], *, by: User, at: datetime, **more: Any) -> M:
    """Give a row new values, save it, and leave the trace of what changed."""
    names: Iterable[str] = list(values)
    before = fields_of(row, names) if row.pk else {}
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    record(what, subject=row, by=by, at=at, before=before, after=fields_of(row, names), **more)
    return row


def pairs(thing: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return what something says under each of some names, for a form to show."""
    return {name: getattr(thing, name) for name in names if hasattr(thing, name)}


def missing_of_exempt(paragraphs: Iterable[int], public_interest: str) -> dict[str, str]:
    """Return what must still be said of something that is kept from the public, by its field."""
    found = {}
    if not list(paragraphs):
        found["paragraphs"] = (
            "Choose the paragraph of Schedule 12A by which it is not for the public."
        )
    if not public_interest.strip():
        found["public_interest"] = (
            "Say why the public interest in keeping it back outweighs that in publishing it."
        )
    return found


def exempt_or_refuse(exempt: bool, paragraphs: Iterable[int], public_interest: str) -> None:
    """Refuse to keep something from the public without saying by which paragraph, and why."""
    if exempt:
        for field, words in missing_of_exempt(paragraphs, public_interest).items():
            raise ScrutinyRefused(words, field)
