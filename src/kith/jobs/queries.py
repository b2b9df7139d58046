"""Reading jobs."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.jobs.models import Job

STATES = [("", "All"), *Job.State.choices]


def visible_to(viewer: User) -> QuerySet[Job]:
    """Return the jobs this person may know of."""
    if viewer.can(Permission.JOB_SEE_ALL):
        return Job.objects.all()
    return Job.objects.filter(by=viewer)


def mine(viewer: User) -> QuerySet[Job]:
    """Return what this person has asked for, newest first."""
    return Job.objects.filter(by=viewer).order_by("-asked_at", "pk")


def everyones(viewer: User, state: str = "", *, since: datetime | None = None) -> QuerySet[Job]:
    """Return what anybody has asked for, newest first; of one state or since a moment if named."""
    jobs = visible_to(viewer).select_related("by").order_by("-asked_at", "pk")
    jobs = jobs.filter(state=state) if state else jobs
    return jobs.filter(asked_at__gte=since) if since else jobs


def under_way(viewer: User, task: str, arguments: dict[str, Any]) -> Job | None:
    """Return what this person has asked for in just these words and is not over yet."""
    states = (Job.State.WAITING, Job.State.RUNNING)
    return mine(viewer).filter(task=task, arguments=arguments, state__in=states).first()
