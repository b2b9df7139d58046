"""Visits planned for a day, devices on which a day was taken along, and what was sent from them."""

import uuid

from django.db import models

from kith.audit.history import track


class Reason(models.TextChoices):
    """Why a visit that was planned was not made."""

    FAMILY_AWAY = "family_away", "Nobody was in"
    FAMILY_ASKED = "family_asked", "The family asked for another day, or for none"
    WORKER = "worker", "The worker was ill or away"
    TIME = "time", "There was no time for it"
    ELSEWHERE = "elsewhere", "We met elsewhere, or spoke instead"
    CLOSED = "closed", "The case was closed"
    MOVED = "moved", "Another hub took the case over"
    EARLIER = "earlier", "Dropped before reasons were asked for"
    OTHER = "other", "Another reason"


@track()
class Visit(models.Model):
    """Somebody means to visit a family on a day."""

    case = models.ForeignKey("casework.Case", models.PROTECT, related_name="+")
    worker = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    on = models.DateField()
    starts = models.TimeField(null=True)
    words = models.CharField(max_length=200, blank=True)  # what for
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    # What was written down of it; or why it was not made.
    contact = models.OneToOneField("casework.Contact", models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    why = models.CharField(max_length=300, blank=True)  # in words

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_is_made_or_not_made",
                condition=models.Q(contact__isnull=True) | models.Q(dropped_at__isnull=True),
            ),
            models.CheckConstraint(
                name="visit_not_made_says_why",
                condition=models.Q(dropped_at__isnull=True) | ~models.Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["worker", "on"],
                name="visit_day",
                condition=models.Q(dropped_at__isnull=True),
            ),
            models.Index(
                fields=["case"],
                name="visit_open",
                condition=models.Q(dropped_at__isnull=True, contact__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        at = f" at {self.starts:%H:%M}" if self.starts else ""
        return f"{self.on:%-d %B %Y}{at}"


class Device(models.Model):
    """A browser in which somebody took their day along, until it is over or forgotten."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)  # the browser, in words
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["user"], name="device_user", condition=models.Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.name


class Sent(models.Model):
    """An entry that was sent from a device and done. The same number is never done again."""

    key = models.UUIDField(primary_key=True, editable=False)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    told = models.CharField(max_length=300)  # what was answered
    differing = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.kind
