"""The queue's own tasks: there are three, for everything that modules register."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

from django.utils.module_loading import autodiscover_modules
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as queue

from kith.accounts.models import User
from kith.jobs import actions, registry, running
from kith.jobs.registry import every

# Only what Kith cannot answer itself gets here, such as a database that went away.
AGAIN = RetryStrategy(max_attempts=50, wait=5, linear_wait=5)


class Interrupted(Exception):
    """Something broke off. The queue logs the message, so it says where, and names nobody."""


@contextlib.contextmanager
def _naming_nobody() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise Interrupted(running.where(error)) from None


@queue.task(name=actions.RUN, retry=AGAIN)
def run(job_id: str) -> None:
    """Do a job that a person asked for."""
    with _naming_nobody():
        running.run(job_id)


@queue.task(name=actions.ERRAND, retry=AGAIN)
def errand(name: str, arguments: dict[str, object]) -> None:
    """Do a small errand."""
    with _naming_nobody():
        running.do_errand(name, arguments)


@queue.task(name="kith.tick")
def tick(timestamp: int, name: str) -> None:
    """Do something that the clock says is due."""
    with _naming_nobody():
        running.tick(name, datetime.now(UTC))


@every("* * * * *", "jobs.find_lost")
def find_lost(*, by: User, at: datetime) -> None:
    """Queue again what was promised and is in no queue."""
    actions.find_lost()


# What other modules do by the clock must be known before it is put on the clock.
autodiscover_modules("tasks")
for _timed in registry.timed.values():
    queue.periodic(cron=_timed.cron, periodic_id=_timed.name, task_kwargs={"name": _timed.name})(
        tick
    )
