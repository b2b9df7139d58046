"""What the public sees, and nothing else: public pages, the search, feeds and files read these tables
alone. A draft or an exempt item cannot leak from them, since it is never written into them."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q

from kith.audit.models import AppendOnly
from kith.scrutiny.models.committees import Committee


class Published(models.Model):
    """One public thing as it is published now. `content` is what its page shows (see `publishing.py`).

    What was taken back keeps its row, with `gone_at` and neither words nor content: those who copied
    it are told that it is gone.
    """

    class Kind(models.TextChoices):
        MEETING = "meeting", "Meeting"
        ITEM = "item", "Agenda item"
        FILE = "file", "Paper"
        REVIEW = "review", "Review report"
        RECOMMENDATION = "recommendation", "Recommendation"
        PRACTICE = "practice", "Exemplar practice"
        PLAN = "plan", "Forward plan"
        DECISION = "decision", "Key decision"

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=14, choices=Kind)
    committee = models.ForeignKey(Committee, models.PROTECT, null=True, related_name="+")
    above = models.ForeignKey("self", models.PROTECT, null=True, related_name="within")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=300)
    day = models.DateField(null=True)
    topics = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    content = models.JSONField(default=dict)
    words = models.TextField(blank=True)  # all that is searched, but the name
    sha = models.CharField(max_length=64, blank=True)  # of a file
    created = models.DateTimeField()
    modified = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    found_by = models.GeneratedField(
        expression=SearchVector("name", weight="A", config="english")
        + SearchVector("words", weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name_plural = "published"
        indexes = [
            GinIndex(fields=["found_by"], name="published_found_by"),
            models.Index(
                F("day").desc(nulls_last=True),
                "uid",
                name="published_newest",
                condition=Q(gone_at__isnull=True),
            ),
            models.Index(fields=["kind", "-day"], name="published_kind_day"),
            models.Index(fields=["kind", "modified"], name="published_kind_modified"),
            models.Index(fields=["above", "order"], name="published_within"),
            models.Index(fields=["sha"], name="published_sha", condition=~Q(sha="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="gone_keeps_no_words",
                condition=Q(gone_at__isnull=True) | Q(words="", content={}, sha=""),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Edition(AppendOnly):
    """An agenda, minutes or report as it was published, numbered, for ever."""

    class Kind(models.TextChoices):
        AGENDA = "agenda", "Agenda"
        SUPPLEMENT = "supplement", "Supplement to the agenda"
        DECISIONS = "decisions", "Decisions"
        DRAFT_MINUTES = "draft_minutes", "Draft minutes"
        MINUTES = "minutes", "Minutes"
        REPORT = "report", "Review report"

    of = models.ForeignKey(Published, models.PROTECT, related_name="editions")
    kind = models.CharField(max_length=13, choices=Kind)
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    because = models.CharField(max_length=300, blank=True)  # why there is another one
    clear_days = models.SmallIntegerField(null=True)  # given by it, of an agenda
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["of", "kind", "number"], name="edition_is_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
