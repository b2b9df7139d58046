"""Starting, stopping and repeating long work, and what the worker notes about it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app as queue

from kith.accounts.models import User
from kith.audit.actions import record
from kith.jobs import registry
from kith.jobs.models import Job
from kith.jobs.permissions import may_direct

State = Job.State
ENDED = (State.DONE, State.FAILED, State.CANCELLED)
RUN, ERRAND = "kith.run", "kith.errand"


class NoSuchWork(LookupError):
    """Nothing is registered under this name."""


class NotEnded(Exception):
    """Work that waits or runs cannot be started again."""


class AlreadyEnded(Exception):
    """Work that has ended cannot be stopped."""


@transaction.atomic
def start(task: str, *, arguments: dict[str, Any], by: User, at: datetime, title: str = "") -> Job:
    """Ask for long work. It begins once this transaction is committed, and not at all otherwise.

    `arguments` are plain values, and nothing personal: numbers of rows, not names.
    Raises NoSuchWork.
    """
    if task not in registry.works:
        raise NoSuchWork(task)
    job = Job(
        task=task,
        title=(title or registry.works[task].title)[:200],
        arguments=arguments,
        by=by,
        asked_at=at,
    )
    job.save(force_insert=True)
    _queue_run(job)
    record("job.asked", subject=job, by=by, at=at, after={"task": task})
    return job


@transaction.atomic
def cancel(*, job: Job, by: User, at: datetime) -> Job:
    """Stop work: at once when it waits, else at its next step. Raises PermissionDenied, AlreadyEnded."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    may_direct(by, job).or_raise()
    if job.state in ENDED:
        raise AlreadyEnded(f"It has already ended: {job.get_state_display().lower()}.")
    before = job.state
    job.cancel_asked_at = job.cancel_asked_at or at
    if job.state == State.WAITING:
        job.state, job.ended_at = State.CANCELLED, at
    job.save(update_fields=["state", "ended_at", "cancel_asked_at"])
    record("job.stopped", subject=job, by=by, at=at, before={"state": before})
    return job


@transaction.atomic
def again(*, job: Job, by: User, at: datetime) -> Job:
    """Start failed or stopped work again. Parts already done stay done.

    Raises PermissionDenied or NotEnded.
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    may_direct(by, job).or_raise()
    if job.state not in (State.FAILED, State.CANCELLED):
        raise NotEnded("Only work that failed or was stopped can be started again.")
    before = job.state
    job.state, job.tries, job.failure, job.step = State.WAITING, 0, "", ""
    job.ended_at = job.started_at = job.cancel_asked_at = None
    job.done, job.total = 0, None
    job.save()
    _queue_run(job)
    record("job.asked_again", subject=job, by=by, at=at, before={"state": before})
    return job


def soon(name: str, **arguments: Any) -> None:
    """Have a small errand done once this transaction is committed. Raises NoSuchWork."""
    if name not in registry.errands:
        raise NoSuchWork(name)
    queue.configure_task(ERRAND).defer(name=name, arguments=arguments)


# What the worker notes. The rows are the worker's own; nobody is asked.


def begin(*, job_id: str, at: datetime) -> Job | None:
    """Note that work begins, and return it; None when there is nothing left to do."""
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).select_related("by").get(pk=job_id)
        if job.state in ENDED:
            return None
        if job.cancel_asked_at:
            _end(job, State.CANCELLED, at)
            return None
        job.state, job.started_at, job.tries = State.RUNNING, job.started_at or at, job.tries + 1
        job.done, job.total, job.step = 0, None, ""
        job.save(update_fields=["state", "started_at", "tries", "done", "total", "step"])
        return job


def finish(*, job: Job, result: dict[str, Any], at: datetime) -> None:
    """Note that work is done, and what came of it."""
    job.refresh_from_db(fields=["done", "total"])
    job.result = result
    if job.total is not None:
        job.done = job.total
    _end(job, State.DONE, at)


def stop(*, job: Job, at: datetime) -> None:
    """Note that work has stopped because somebody asked for it."""
    _end(job, State.CANCELLED, at)


def fail(*, job: Job, why: str, at: datetime) -> None:
    """Note that work has failed, in a sentence for the person who asked for it."""
    job.failure = why
    _end(job, State.FAILED, at)


@transaction.atomic
def try_later(*, job: Job, at: datetime) -> None:
    """Have work tried again after a while, longer each time."""
    waits = registry.WAIT_SECONDS
    seconds = waits[min(job.tries, len(waits)) - 1]
    job.state = State.WAITING
    job.step = "Something went wrong. It will be tried again"
    job.save(update_fields=["state", "step"])
    _queue_run(job, at=at + timedelta(seconds=seconds))


def run_later(*, job_id: str, at: datetime) -> None:
    """Look at a job again later, because another worker has it now."""
    queue.configure_task(RUN, schedule_at=at).defer(job_id=job_id)


@transaction.atomic
def find_lost() -> int:
    """Queue again what was promised and is in no queue. Returns how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select job.id from jobs_job job where job.state in ('waiting', 'running') "
            "and not exists (select 1 from procrastinate_jobs queued "
            "where queued.task_name = %s and queued.status in ('todo', 'doing') "
            "and queued.args ->> 'job_id' = job.id::text)",
            [RUN],
        )
        lost = [str(row[0]) for row in cursor.fetchall()]
    for job_id in lost:
        queue.configure_task(RUN).defer(job_id=job_id)
    return len(lost)


def _queue_run(job: Job, at: datetime | None = None) -> None:
    if at:
        queue.configure_task(RUN, schedule_at=at).defer(job_id=str(job.pk))
    else:
        queue.configure_task(RUN).defer(job_id=str(job.pk))


def _end(job: Job, state: State, at: datetime) -> None:
    job.state, job.ended_at = state, at
    job.save(update_fields=["state", "ended_at", "failure", "result", "done"])
