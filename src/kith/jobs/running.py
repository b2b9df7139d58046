"""How the worker does what is in the queue. Called by `tasks.py`, and by tests."""

import logging
import traceback
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from kith.accounts.viewer import clock, seeing_as
from kith.jobs import actions, registry
from kith.jobs.models import Job
from kith.jobs.progress import Cancelled, Failed, Progress, Watch

log = logging.getLogger("kith.jobs")
HELD_ELSEWHERE_SECONDS = 10
SORRY = (
    "Something went wrong in Kith itself, so this could not be finished. It was tried {tries}. "
    "You can try again; if that fails too, tell whoever runs Kith for you the number {number}."
)


def run(job_id: str) -> None:
    """Do a job that somebody asked for, unless another worker has it or it has ended."""
    with Watch(job_id) as watch:
        if not watch.claim():
            later = timezone.now() + timedelta(seconds=HELD_ELSEWHERE_SECONDS)
            actions.run_later(job_id=job_id, at=later)
            return
        with seeing_as(clock()):
            job = actions.begin(job_id=job_id, at=timezone.now())
        if job is None:
            return
        try:
            _do(job, watch)
        except Cancelled:
            with seeing_as(clock()):
                actions.stop(job=job, at=timezone.now())
        except Failed as failure:
            with seeing_as(clock()):
                actions.fail(job=job, why=str(failure), at=timezone.now())
        except Exception as error:
            if _lost_the_database(error):
                # Not the work's fault: the queue gives it back as soon as there is a database.
                raise
            # The edge of the house: whatever it was, the person who waits is told.
            log.error("job %s (%s) failed: %s", job.pk, job.task, where(error))
            _after_failure(job)


def do_errand(name: str, arguments: dict[str, object]) -> None:
    """Do a small errand. What it raises is tried again by the queue."""
    registry.errands[name](**arguments)


def tick(name: str, at: datetime) -> None:
    """Do something that the clock says is due, unless another worker is at it."""
    with seeing_as(clock()):
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
            row = cursor.fetchone()
        if row and row[0]:
            registry.timed[name].do(by=clock(), at=at)


def where(error: BaseException) -> str:
    """Return what kind of error it was and where: never its message, which may name a person."""
    last = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(last))
    return f"{type(error).__name__} at {places}"


def _lost_the_database(error: Exception) -> bool:
    """Say whether the line to the database broke: noticed here, or because the server is ending."""
    if isinstance(error, (OperationalError, InterfaceError)):
        error = error.__cause__ if isinstance(error.__cause__, Exception) else error
    if not isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))


def _do(job: Job, watch: Watch) -> None:
    work = registry.works.get(job.task)
    if work is None:
        raise Failed("This version of Kith does not know how to do this any more.")
    progress = Progress(job_id=str(job.pk), by=job.by, watch=watch)
    if work.in_parts:
        result = work.do(progress, **job.arguments)
        with seeing_as(clock()):
            actions.finish(job=job, result=result, at=timezone.now())
        return
    # The work and the word that it is done are one transaction: both are there, or neither.
    with seeing_as(job.by):
        result = work.do(progress, **job.arguments)
        with seeing_as(clock()):
            actions.finish(job=job, result=result, at=timezone.now())


def _after_failure(job: Job) -> None:
    work = registry.works[job.task]
    with seeing_as(clock()):
        if job.tries < work.tries:
            actions.try_later(job=job, at=timezone.now())
        else:
            tries = "once" if job.tries == 1 else f"{job.tries} times"
            number = str(job.pk)[:8]
            why = SORRY.format(tries=tries, number=number)
            actions.fail(job=job, why=why, at=timezone.now())
