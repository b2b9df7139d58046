"""Case studies: a draft beside its case, what was answered to each finding, and what was released."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from kith.audit.history import track
from kith.audit.models import AppendOnly

# What a study may become. The database refuses every other move.
MOVES: dict[str, tuple[str, ...]] = {
    "draft": ("sent", "dropped"),
    "sent": ("draft", "released"),  # draft: sent back by the manager
    "released": ("draft", "withdrawn"),  # draft: to be told anew, in a further version
    "withdrawn": ("draft",),
}


class Released(models.Model):
    """A case study as whoever may read them knows it: no case, hub or person stands here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=150)
    version = models.PositiveSmallIntegerField(default=1)
    released_at = models.DateTimeField()
    # The last day of the family's consent: after it the words are seen no more.
    until = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "released"
        constraints = [
            models.CheckConstraint(
                name="released_withdrawn_says_why",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_because=""),
            )
        ]
        indexes = [models.Index(fields=["-released_at"], name="released_newest")]

    def __str__(self) -> str:
        return self.title


class ReleasedVersion(AppendOnly):
    """The words of a released study, as they were released: for ever."""

    released = models.ForeignKey(Released, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    paragraphs = models.JSONField()  # [heading, words] each
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["released", "version"], name="released_version_stands_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


class Reading(AppendOnly):
    """Somebody had a released study: on its page, or as a PDF."""

    class How(models.TextChoices):
        PAGE = "page", "Read the page"
        PDF = "pdf", "Took the PDF"

    released = models.ForeignKey(Released, models.PROTECT, related_name="readings")
    version = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=4, choices=How)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["released", "-at"], name="reading_released")]

    def __str__(self) -> str:
        return f"{self.by}"


@track()
class CaseStudy(models.Model):
    """A case told as an example: written by its hub, released by a manager."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Being written"
        SENT = "sent", "With a manager"
        RELEASED = "released", "Released"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DROPPED = "dropped", "Not used"

    case = models.ForeignKey("casework.Case", models.PROTECT, related_name="+")
    title = models.CharField(max_length=150)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    # What everybody is called in it: drawn by chance when it was begun. Whoever reads it never sees this.
    called = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)  # how many children, age bands, needs, agencies
    revision = models.PositiveIntegerField(default=1)
    began_at = models.DateTimeField()
    began_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    sent_back = models.TextField(blank=True)  # what the manager asked for
    released = models.OneToOneField(Released, models.PROTECT, null=True, related_name="+")
    released_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    consent = models.ForeignKey("casework.Sharing", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)  # withdrawn, or not used
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    ended_because = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "case studies"
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                name="case_has_one_study_in_hand",
                condition=~Q(status="dropped"),
            ),
            models.CheckConstraint(
                name="study_released_has_words_who_and_consent",
                condition=~Q(status="released")
                | Q(released__isnull=False, released_by__isnull=False, consent__isnull=False),
            ),
            models.CheckConstraint(
                name="study_ended_says_why",
                condition=~Q(status__in=["withdrawn", "dropped"]) | ~Q(ended_because=""),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="study_moves_as_it_may",
                field="status",
                transitions=[(before, after) for before in MOVES for after in MOVES[before]],
            )
        ]

    def __str__(self) -> str:
        return self.title


@track()
class Paragraph(models.Model):
    """A part of a study: made from the case, then chosen and worded by a person."""

    study = models.ForeignKey(CaseStudy, models.PROTECT, related_name="paragraphs")
    key = models.CharField(max_length=30)
    order = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=100)
    words = models.TextField(blank=True)
    drafted = models.TextField(blank=True)  # as it was made from the case, to go back to
    chosen = models.BooleanField(default=True)
    warning = models.CharField(max_length=200, blank=True)  # before it is chosen
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "key"], name="paragraph_stands_once")
        ]

    def __str__(self) -> str:
        return self.heading


class Stays(AppendOnly):
    """Why words stay in which something was found."""

    study = models.ForeignKey(CaseStudy, models.PROTECT, related_name="stays")
    mark = models.CharField(max_length=200)  # of the finding: paragraph, kind and words
    why = models.CharField(max_length=300)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        verbose_name_plural = "stays"
        indexes = [models.Index(fields=["study", "at"], name="stays_study")]

    def __str__(self) -> str:
        return self.why
