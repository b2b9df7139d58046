"""Telling the database for whom this transaction works.

Row-level security reads two settings of the transaction: `kith.viewer`, the number of the person,
and `kith.link`, the hash of a private link. With neither, every table of personal data is empty.
"""

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction

from kith.accounts.models import User
from kith.audit.lists import VERSION

FRONT_DOOR = "front-door@kith.internal"
CLOCK = "clock@kith.internal"


def see_as(viewer: User | None, *, link_hash: str = "") -> str:
    """Set for whom the rest of this transaction works. Raises when there is no transaction.

    Returns the version of the lists that every page reads (`audit.lists`).
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("see_as needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {VERSION}, set_config('kith.viewer', %s, true), "
            "set_config('kith.link', %s, true)",
            [_number(viewer), link_hash],
        )
        version: str = cursor.fetchone()[0]
    return version


def _number(viewer: User | None) -> str:
    return str(viewer.pk) if viewer and viewer.pk else ""


@contextlib.contextmanager
def seeing_as(viewer: User | None, *, link_hash: str = "") -> Iterator[None]:
    """Work for somebody within the block, in one transaction; then for whoever it was before."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "with before as materialized (select current_setting('kith.viewer', true) as viewer,"
                " current_setting('kith.link', true) as link) "
                "select viewer, link, set_config('kith.viewer', %s, true), "
                "set_config('kith.link', %s, true) from before",
                [_number(viewer), link_hash],
            )
            before = cursor.fetchone()
        yield
        # After a failure the transaction, and with it the setting, is rolled back.
        with connection.cursor() as cursor:
            cursor.execute(
                "select set_config('kith.viewer', %s, true), set_config('kith.link', %s, true)",
                [before[0] or "", before[1] or ""],
            )


def keep_plans() -> None:
    """Have the database plan each question once, and not anew for each who asks it, to the end of
    this transaction. For pages about one record: to plan their questions takes longer than to
    answer them, and one record's plan is as good for any other."""
    with connection.cursor() as cursor:
        cursor.execute("set local plan_cache_mode = force_generic_plan")


def front_door() -> User:
    """Return the account for which requests from anyone are received."""
    return User.objects.get(email=FRONT_DOOR)


def clock() -> User:
    """Return the account for which timed work is done."""
    return User.objects.get(email=CLOCK)


def linked(purpose: str) -> int | None:
    """Return what this transaction's private link opens, if it is good for this purpose."""
    with connection.cursor() as cursor:
        cursor.execute("select kith_linked(%s)", [purpose])
        row = cursor.fetchone()
    return row[0] if row else None


def link_in_use() -> str:
    """Return the hash of the private link, or other secret, that this transaction works with."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(kith_link(), '')")
        (link_hash,) = cursor.fetchone()
    return str(link_hash)
