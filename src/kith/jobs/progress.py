"""How far a piece of work is: told to whoever watches, while the work itself is not yet committed."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
from django.db import connection

from kith.accounts.models import User
from kith.accounts.viewer import clock, seeing_as

SECONDS_BETWEEN_WORDS = 0.25


class Cancelled(Exception):
    """The person who asked for the work, or whoever watches over all, has stopped it."""


class Failed(Exception):
    """The work cannot be done. The message is a sentence for the person who asked for it."""


class Watch:
    """A connection beside the work's own, which says how far it is and holds the job's lock.

    The database lets go of the lock in the moment this process dies, so a job is never done by
    two workers, nor left lying because a dead one still seems to have it.
    """

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        parameters: dict[str, Any] = connection.get_connection_params()
        for own in ("cursor_factory", "context"):
            parameters.pop(own, None)
        self._connection = psycopg.connect(**parameters, autocommit=True)
        # This connection is used for nothing else and ends with the job.
        self._run("select set_config('kith.viewer', %s, false)", str(clock().pk))

    def __enter__(self) -> "Watch":
        return self

    def __exit__(self, *error: object) -> None:
        # Closing alone only asks: the server may let go of the lock a moment after whoever tries
        # the job again has been told that somebody has it.
        with contextlib.suppress(psycopg.Error):
            self._run("select pg_advisory_unlock_all()::text")
        self._connection.close()

    def claim(self) -> bool:
        """Take the job's lock, and say whether it was free."""
        row = self._run("select pg_try_advisory_lock(hashtextextended(%s, 0))", self.job_id)
        return bool(row and row[0])

    def tell(self, *, step: str, done: int, total: int | None) -> bool:
        """Say how far the job is, and return whether somebody has asked to stop it."""
        row = self._run(
            "update jobs_job set step = %s, done = %s, total = %s where id = %s "
            "returning cancel_asked_at is not null",
            *(step, done, total, self.job_id),
        )
        return bool(row and row[0])

    def _run(self, query: LiteralString, *values: object) -> tuple[Any, ...] | None:
        return self._connection.execute(query, values).fetchone()


class Progress:
    """What a piece of work is given to say how far it is, and to do each part once."""

    def __init__(self, *, job_id: str, by: User, watch: Watch) -> None:
        self.job_id, self.by = job_id, by
        self._watch = watch
        self._step, self._done = "", 0
        self._total: int | None = None
        self._told_at = 0.0

    def step(self, words: str) -> None:
        """Say what is being done now. Raises Cancelled. Nothing personal: others may watch."""
        self._step = words[:200]
        self._tell(at_once=True)

    def advance(self, count: int = 1, *, total: int | None = None) -> None:
        """Say that some more is done, of so many. Raises Cancelled."""
        self._done += count
        first = total is not None and self._total is None
        self._total = self._total if total is None else total
        self._tell(at_once=first or self._done == self._total)

    @contextlib.contextmanager
    def once(self, key: str) -> Iterator[bool]:
        """Do one part in a transaction of its own; yields whether it was still to be done.

        That the part is done is kept in the same transaction as the part.
        """
        with seeing_as(self.by):
            with connection.cursor() as cursor:
                cursor.execute(
                    "insert into jobs_checkpoint (job_id, key) values (%s, %s) "
                    "on conflict (job_id, key) do nothing",
                    [self.job_id, key],
                )
                first = cursor.rowcount == 1
            yield first

    def _tell(self, *, at_once: bool) -> None:
        now = time.monotonic()
        if not at_once and now - self._told_at < SECONDS_BETWEEN_WORDS:
            return
        self._told_at = now
        if self._watch.tell(step=self._step, done=self._done, total=self._total):
            raise Cancelled
