"""Visits planned for a day, devices on which a day was taken along, and what was sent from them."""

import uuid

from django.db import models

from kith.audit.history import track


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
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["worker", "on"],
                name="visit_day",
                condition=models.Q(dropped_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on:%-d %B %Y}"


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
