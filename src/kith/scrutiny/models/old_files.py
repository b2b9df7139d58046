"""Minutes, agendas and reports that others wrote, brought into the records; and what came from them."""

import uuid

from django.db import models

from kith.audit.history import track
from kith.scrutiny.models.committees import Committee
from kith.scrutiny.models.meetings import Attendance, Correction, Item, Meeting, Point
from kith.scrutiny.models.papers import Content
from kith.scrutiny.models.plan import PlanEntry
from kith.scrutiny.models.recommendations import Recommendation
from kith.scrutiny.models.visits import Practice, Review, Theme


@track(exclude=["found", "lines"])
class OldFile(models.Model):
    """A file as it was sent, what was read in it, and what a person decided about it."""

    class Kind(models.TextChoices):
        MINUTES = "minutes", "Minutes"
        AGENDA = "agenda", "Agenda"
        REPORT = "scrutiny_review_report", "Review report"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="old_files")
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=22, choices=Kind)
    found = models.JSONField()  # as `kith minutes read` gives it
    lines = models.JSONField(default=dict)  # the file's lines, by their numbers
    decided = models.JSONField(default=dict, blank=True)  # by place: what was said, and the words
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="old_files")
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="old_files")
    read_at = models.DateTimeField()
    read_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "content"], name="a_file_is_brought_in_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class FromFile(models.Model):
    """That something in the records came from a file: where it stands there, in its own words.

    What it became may be taken away again; this stays, so that reading the file again does not bring it back.
    """

    file = models.ForeignKey(OldFile, models.PROTECT, related_name="brought")
    place = models.CharField(max_length=120)
    line = models.PositiveIntegerField(null=True)
    words = models.TextField(blank=True)
    item = models.ForeignKey(Item, models.SET_NULL, null=True, related_name="from_files")
    point = models.ForeignKey(Point, models.SET_NULL, null=True, related_name="from_files")
    attendance = models.ForeignKey(Attendance, models.SET_NULL, null=True, related_name="+")
    correction = models.ForeignKey(Correction, models.SET_NULL, null=True, related_name="+")
    entry = models.ForeignKey(PlanEntry, models.SET_NULL, null=True, related_name="+")
    recommendation = models.ForeignKey(
        Recommendation, models.SET_NULL, null=True, related_name="from_files"
    )
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, related_name="+")
    practice = models.ForeignKey(Practice, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "from files"
        constraints = [
            models.UniqueConstraint(fields=["file", "place"], name="a_place_is_brought_in_once")
        ]

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}" if self.line else str(self.file)
