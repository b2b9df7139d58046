"""Papers: reports, appendices and presentations for an item, and what they hold."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kith.audit.history import track
from kith.scrutiny.models.meetings import Item, Meeting


class Content(models.Model):
    """What a file holds, once, by its fingerprint."""

    sha = models.CharField(max_length=64, primary_key=True)  # SHA-256, in hexadecimal
    held = models.BinaryField()
    size = models.PositiveBigIntegerField()
    mime = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.sha[:12]


@track(exclude=["text"])
class Paper(models.Model):
    """A paper for an item: a file that was added, or one that wrote itself from figures."""

    class Kind(models.TextChoices):
        REPORT = "report", "Report"
        OPTIONS = "options", "Options paper"
        APPENDIX = "appendix", "Appendix"
        PRESENTATION = "presentation", "Presentation"
        MINUTES = "minutes", "Minutes"
        ANSWER = "answer", "Answer of officers"
        FIGURES = "figures", "Figures on the day"
        REVIEW = "review", "Review report"

    class Text(models.TextChoices):
        """What became of reading its text, for the search."""

        READ = "read", "Can be searched"
        SCANNED = "scanned", "A picture without text: cannot be searched or read aloud"
        LOCKED = "locked", "Protected by a password: nobody can open it"
        BROKEN = "broken", "Could not be read"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="papers")
    order = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.REPORT)
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200, blank=True)  # a post
    to_follow = models.BooleanField(default=False)
    content = models.ForeignKey(Content, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    pages = models.PositiveIntegerField(null=True)
    text = models.TextField(blank=True)
    text_state = models.CharField(max_length=8, choices=Text, default=Text.READ)
    # A paper that wrote itself: headings, paragraphs and tables, as they were on that day.
    sections = models.JSONField(default=list, blank=True)
    drawn_at = models.DateTimeField(null=True)
    exempt = models.BooleanField(default=False)
    paragraphs = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    public_interest = models.TextField(blank=True)
    late_because = models.TextField(blank=True)
    # Of an options paper: the decision that was taken on it, and when.
    decision_reference = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True)
    public_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="exempt_paper_says_which_and_why",
                condition=Q(exempt=False) | (~Q(paragraphs=[]) & ~Q(public_interest="")),
            ),
            models.CheckConstraint(
                name="paper_decided_on_has_a_reference",
                condition=Q(decision_reference="", decided_on__isnull=True)
                | (~Q(decision_reference="") & Q(decided_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@track()
class OwnNote(models.Model):
    """What somebody wrote for themselves beside an item or a paper. Nobody else reads it."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    paper = models.ForeignKey(Paper, models.CASCADE, null=True, related_name="+")
    page = models.PositiveIntegerField(null=True)
    words = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.words[:40]


class Look(models.Model):
    """When somebody last opened a meeting's page: what came after is new to them. Nobody else reads it."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "meeting"], name="last_look_is_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.at:%d %B %Y}"
