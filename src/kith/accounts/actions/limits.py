"""How often something may be asked for, counted in the database: one limit for all web processes.

The first to ask opens a window; what is asked for until it closes counts in it. A limit keeps
strangers from filling the house, it is no measure: rows of windows that have closed are cleared
away, and a database that crashed counts from nothing again. (Signing in has limits of its own:
ACCOUNT_RATE_LIMITS.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from kith.accounts.actions.links import hash_of
from kith.accounts.models import Tally

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """At most so many, of one kind and for one asker, in a window of an hour at most."""

    key: str
    most: int
    window: timedelta = HOUR


class TooMany(Exception):
    """More was asked for than the limit allows. `again_at` is when to come back."""

    def __init__(self, again_at: datetime, at: datetime) -> None:
        self.again_at = again_at
        self.seconds = max(1, round((again_at - at).total_seconds()))
        super().__init__("More was asked for in this while than we can take.")


def count(limits: Sequence[Limit], *, at: datetime, amount: int = 1) -> None:
    """Count what is asked for, in the transaction that does it. Raises TooMany.

    What everybody counts in comes last of the limits, so that two never wait for each other in a ring.
    """
    full = []
    for limit in limits:
        row = "values (%(key)s, %(at)s::timestamptz, %(amount)s)"
        given: dict[str, Any] = {
            "key": limit.key,
            "at": at,
            "over": at - limit.window,
            "amount": amount,
        }
        with connection.cursor() as cursor:
            cursor.execute(_COUNT.format(rows=row), given)
            _key, counted, since = cursor.fetchone()
        if counted > limit.most:
            full.append(since + limit.window)
    if full:
        raise TooMany(max(full), at)


def is_full(limits: Sequence[Limit], *, at: datetime) -> bool:
    """Say whether nothing more may be asked for, and count nothing."""
    return any(
        Tally.objects.filter(
            key=limit.key, since__gt=at - limit.window, count__gte=limit.most
        ).exists()
        for limit in limits
    )


def count_use_of_key(*, secret: str, most: int, at: datetime) -> None:
    """Count a question that came with a partner system's key, of so many in a minute. Raises TooMany.

    To be called outside of a transaction: one statement that is committed at once, so that
    questions with the same key, asked together, do not wait for each other's answers. A key that
    is none counts for nobody.
    """
    rows = (
        "select 'api ' || id, %(at)s, 1 from accounts_apikey "
        "where secret_hash = %(secret)s and ended_at is null"
    )
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"at": at, "over": at - MINUTE, "secret": hash_of(secret)}
        cursor.execute(_COUNT.format(rows=rows), given)
        for _key, counted, since in cursor.fetchall():
            if counted > most:
                raise TooMany(since + MINUTE, at)


def clear_closed_windows(*, at: datetime) -> None:
    """Forget what was counted in windows that have closed."""
    Tally.objects.filter(since__lt=at - HOUR).delete()


_COUNT = """
    insert into accounts_tally as tally (key, since, count) {rows}
    on conflict (key) do update set
        count = excluded.count + case when tally.since > %(over)s then tally.count else 0 end,
        since = case when tally.since > %(over)s then tally.since else excluded.since end
    returning key, count, since
"""
