"""Other directories, of which this one takes services; and what was said each time they were read."""

import uuid

from django.db import models
from django.db.models import Q


class Source(models.Model):
    """Another directory, whose feed is read. What came of it carries its address."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=150)
    address = models.URLField(max_length=400, unique=True)
    publishes = models.BooleanField(default=True)  # what comes is published; else it is a draft
    daily = models.BooleanField(default=False)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class SourceTerm(models.Model):
    """A term of theirs, and which of ours it means: chosen by a person, or our best guess."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="terms")
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    taxonomy = models.CharField(max_length=100, blank=True)
    count = models.PositiveIntegerField(default=0)  # services sorted under it, when last read
    term = models.ForeignKey("directory.Term", models.PROTECT, null=True, related_name="+")
    chosen = models.BooleanField(default=False)  # by a person; else it is a guess

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="source_term_once"),
        ]
        ordering = ["-count", "name", "id"]

    def __str__(self) -> str:
        return self.name


class Brought(models.Model):
    """What another directory said last of something that came from it.

    Beside what stands now it shows what our own people changed by hand, which no import writes over.
    """

    class Kind(models.TextChoices):
        SERVICE = "service", "Service"
        PROVIDER = "provider", "Provider"
        PLACE = "place", "Place"

    source = models.ForeignKey(Source, models.CASCADE, related_name="brought")
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=100)  # its id there
    said = models.JSONField(default=dict)
    differs = models.JSONField(default=dict)  # field: what they say now, where ours was changed
    gone_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "key"], name="brought_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Reading(models.Model):
    """One time that a source was read: to look what would come, or to bring it."""

    class Kind(models.TextChoices):
        LOOK = "look", "Look"
        IMPORT = "import", "Import"

    source = models.ForeignKey(Source, models.CASCADE, related_name="readings")
    kind = models.CharField(max_length=6, choices=Kind)
    take_away = models.BooleanField(default=False)  # even when much is gone at once
    job = models.OneToOneField(
        "jobs.Job", models.PROTECT, null=True, related_name="directory_reading"
    )
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # outcome: how many
    notes = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.source}"


class ReadRecord(models.Model):
    """What became of one service of a feed, or would become of it. Of what stays, none is kept."""

    class Outcome(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        DIFFERS = "differs", "Changed here too"
        GONE = "gone", "Gone"
        REFUSED = "refused", "Refused"
        SAME = "same", "As it was"

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="records")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    notes = models.JSONField(default=list)
    changes = models.JSONField(default=list)  # field, ours, theirs: in words
    service = models.ForeignKey("directory.Service", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reading", "number"], name="read_record_once"),
            models.CheckConstraint(
                name="refused_record_says_why", condition=~Q(outcome="refused") | ~Q(notes=[])
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.name or self.key}: {self.get_outcome_display()}"
