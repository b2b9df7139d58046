"""How often something may be asked for, counted in the database: one limit for all web processes.

The first to ask opens a window; what is asked for until it closes counts in it. A limit keeps
strangers from filling the house, it is no measure: rows of windows that have closed are cleared
away, and a database that crashed counts from nothing again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from kith.accounts.actions import hash_of
from kith.accounts.models import User
from kith.referrals.models import Tally

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limit:
    """At most so many, of one kind and for one asker, in a window."""

    key: str
    most: int


class TooMany(Exception):
    """More was asked for than the limit allows. `again_at` is when to come back."""

    def __init__(self, again_at: datetime, at: datetime) -> None:
        self.again_at = again_at
        self.seconds = max(1, round((again_at - at).total_seconds()))
        super().__init__("More was asked for in this while than we can take.")


def count_use_of_key(*, secret: str, at: datetime) -> None:
    """Count a question that came with a partner system's key. Raises TooMany.

    To be called outside of a transaction: one statement that is committed at once, so that
    questions with the same key, asked together, do not wait for each other's answers. A key that
    is none counts for nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT.format(
                rows="select 'api ' || id, %(at)s, 1 from accounts_apikey "
                "where secret_hash = %(secret)s and ended_at is null"
            ),
            {"at": at, "over": at - MINUTE, "secret": hash_of(secret)},
        )
        for _key, count, since in cursor.fetchall():
            if count > settings.KITH_API_PER_MINUTE:
                raise TooMany(since + MINUTE, at)


def count_begun(*, by: User | None, asked_from: str, at: datetime) -> None:
    """Count a request that is begun, in the transaction that begins it. Raises TooMany.

    Whoever is signed in is never kept out by what strangers do.
    """
    _count(
        _limits("begun", by, asked_from, settings.KITH_BEGUN_PER_SENDER)
        + _county("begun", by, settings.KITH_BEGUN_PER_COUNTY),
        1,
        at,
    )


def count_file(*, size: int, by: User | None, asked_from: str, at: datetime) -> None:
    """Count the bytes of a file, in the transaction that keeps it. Raises TooMany."""
    _count(
        _limits("files", by, asked_from, settings.KITH_FILES_PER_SENDER * MEGABYTE)
        + _county("files", by, settings.KITH_FILES_PER_COUNTY * MEGABYTE),
        size,
        at,
    )


def clear_closed_windows(*, at: datetime) -> None:
    """Forget what was counted in windows that have closed."""
    Tally.objects.filter(since__lt=at - HOUR).delete()


def _limits(what: str, by: User | None, asked_from: str, most: int) -> list[Limit]:
    if by is not None:
        return [Limit(f"{what} person {by.pk}", most)]
    return [Limit(f"{what} address {asked_from}", most)] if asked_from else []


def _county(what: str, by: User | None, most: int) -> list[Limit]:
    """The county's row comes last, so that two who count never wait for each other in a ring."""
    return [] if by is not None else [Limit(f"{what} county", most)]


def _count(limits: Sequence[Limit], amount: int, at: datetime) -> None:
    rows = ", ".join(f"(%(key{n})s, %(at)s::timestamptz, %(amount)s)" for n in range(len(limits)))
    values = {f"key{n}": limit.key for n, limit in enumerate(limits)}
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT.format(rows=f"values {rows}"),
            {**values, "at": at, "over": at - HOUR, "amount": amount},
        )
        found = {key: (count, since) for key, count, since in cursor.fetchall()}
    full = [found[limit.key][1] + HOUR for limit in limits if found[limit.key][0] > limit.most]
    if full:
        raise TooMany(max(full), at)


_COUNT = """
    insert into referrals_tally as tally (key, since, count) {rows}
    on conflict (key) do update set
        count = excluded.count + case when tally.since > %(over)s then tally.count else 0 end,
        since = case when tally.since > %(over)s then tally.since else excluded.since end
    returning key, count, since
"""
