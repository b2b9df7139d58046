"""How much strangers, and partners' systems, may send through the front door in an hour or a minute."""

from datetime import datetime

from django.conf import settings

from kith.accounts.actions import limits
from kith.accounts.actions.limits import Limit, TooMany, clear_closed_windows
from kith.accounts.models import User

__all__ = ["TooMany", "clear_closed_windows", "count_begun", "count_file", "count_use_of_key"]

MEGABYTE = 1024 * 1024


def count_use_of_key(*, secret: str, at: datetime) -> None:
    """Count a question that came with a partner system's key, outside of its transaction. Raises
    TooMany."""
    limits.count_use_of_key(secret=secret, most=settings.KITH_API_PER_MINUTE, at=at)


def count_begun(*, by: User | None, asked_from: str, at: datetime) -> None:
    """Count a request that is begun, in the transaction that begins it. Raises TooMany.

    Whoever is signed in is never kept out by what strangers do.
    """
    limits.count(
        _limits("begun", by, asked_from, settings.KITH_BEGUN_PER_SENDER)
        + _county("begun", by, settings.KITH_BEGUN_PER_COUNTY),
        at=at,
    )


def count_file(*, size: int, by: User | None, asked_from: str, at: datetime) -> None:
    """Count the bytes of a file, in the transaction that keeps it. Raises TooMany."""
    limits.count(
        _limits("files", by, asked_from, settings.KITH_FILES_PER_SENDER * MEGABYTE)
        + _county("files", by, settings.KITH_FILES_PER_COUNTY * MEGABYTE),
        at=at,
        amount=size,
    )


def _limits(what: str, by: User | None, asked_from: str, most: int) -> list[Limit]:
    if by is not None:
        return [Limit(f"{what} person {by.pk}", most)]
    return [Limit(f"{what} address {asked_from}", most)] if asked_from else []


def _county(what: str, by: User | None, most: int) -> list[Limit]:
    """The county's row comes last, so that two who count never wait for each other in a ring."""
    return [] if by is not None else [Limit(f"{what} county", most)]
