"""Long work that a person can watch. The queue itself is Procrastinate's, in the same database."""

import uuid

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of long work: who asked for it, how far it is, what came of it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to start"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=100)  # the registered name of the work
    title = models.CharField(max_length=200)  # in words, for whoever watches
    arguments = models.JSONField(default=dict)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    step = models.CharField(max_length=200, blank=True)  # what is being done now
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)  # one clear sentence
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="job_that_ended_says_when",
                condition=Q(state__in=["waiting", "running"], ended_at__isnull=True)
                | Q(state__in=["done", "failed", "cancelled"], ended_at__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["by", "-asked_at"], name="job_mine")]

    def __str__(self) -> str:
        return self.title

    @property
    def at_work(self) -> bool:
        """Whether it waits or runs, so that there is something to watch."""
        return self.state in (self.State.WAITING, self.State.RUNNING)


class Checkpoint(models.Model):
    """A part of a job that is done, kept in the transaction that did it: it is never done again."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="checkpoints")
    key = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="part_done_once")]

    def __str__(self) -> str:
        return self.key
