"""Two people who press a button in the same moment."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections, transaction

WAITING = """
    select pg_stat_clear_snapshot(), exists (
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
    )
"""


def in_one_moment(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Do both, each in a transaction of its own: the second waits for what the first has locked.

    Returns what the second returns, or the exception that it raises. For `fresh_database`.
    """
    outcome: list[Any] = []

    def go() -> None:
        try:
            with transaction.atomic():
                outcome.append(second())
        except Exception as error:
            outcome.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=go)
    with transaction.atomic():
        first()
        other.start()
        deadline = time.monotonic() + 10
        with connection.cursor() as cursor:
            while time.monotonic() < deadline and not outcome:
                cursor.execute(WAITING)
                if cursor.fetchone()[1]:
                    break
                time.sleep(0.01)
    other.join(20)
    return outcome[0]
