"""Recommendations: from the committee's words to an owner, an answer, progress, and figures that moved."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q

from kith.audit.history import track
from kith.audit.models import AppendOnly
from kith.scrutiny.models.committees import Committee
from kith.scrutiny.models.meetings import Item, Meeting
from kith.scrutiny.models.papers import Content, Paper
from kith.scrutiny.models.visits import Review, Theme

# What a recommendation may become. The database refuses every other move.
MOVES: dict[str, tuple[str, ...]] = {
    "drafted": ("agreed", "dropped", "merged"),
    "dropped": ("drafted",),
    "agreed": ("sent", "answered", "monitored", "stopped", "merged"),
    "sent": ("answered", "stopped"),
    "answered": ("sent", "monitored", "stopped"),
    "monitored": ("sent", "stopped"),
    "stopped": ("monitored",),
    "merged": ("drafted", "agreed"),
}


@track()
class Recommendation(models.Model):
    """What a committee asks the executive, a partner or itself to do. One record, however many papers
    it stands in."""

    class Kind(models.TextChoices):
        RECOMMENDATION = "recommendation", "Recommendation"
        COMMITTEE_ACTION = "committee_action", "Action of the committee itself"
        INFORMATION = "information_request", "Request for an explanation"

    class State(models.TextChoices):
        DRAFTED = "drafted", "Drafted"
        DROPPED = "dropped", "Not put forward"
        AGREED = "agreed", "Agreed by the committee"
        SENT = "sent", "Sent, waiting for an answer"
        ANSWERED = "answered", "Answered"
        MONITORED = "monitored", "Followed up"
        STOPPED = "stopped", "No longer followed up"
        MERGED = "merged", "Put together with another"

    class Owned(models.TextChoices):
        POST = "post", "A post in the council"
        BODY = "body", "An outside body"
        COMMITTEE = "committee", "The committee itself"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="recommendations")
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="recommendations")
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, related_name="recommendations")
    number = (
        models.PositiveSmallIntegerField()
    )  # R1, R2 … within its review, or its committee's year
    kind = models.CharField(max_length=19, choices=Kind, default=Kind.RECOMMENDATION)
    words = models.TextField()  # the formal text, never corrected silently
    # Six fields: gaps are shown, and do not stop anything.
    why = models.TextField(blank=True)
    who = models.TextField(blank=True)
    what = models.TextField(blank=True)
    how = models.TextField(blank=True)
    where = models.TextField(blank=True)
    when = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFTED)
    owned = models.CharField(max_length=9, choices=Owned, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    owner_email = models.EmailField(blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="recommendations")
    agreed_on = models.DateField(null=True)
    due_on = models.DateField(null=True)  # when what was promised shall be done
    look_again = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="looks_again")
    impact = models.TextField(blank=True)  # at the end: what changed
    stopped_because = models.TextField(blank=True)
    stopped_item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    made_at = models.DateTimeField()
    public_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-agreed_on", "number", "pk"]
        constraints = [
            models.CheckConstraint(
                name="recommendation_agreed_has_a_day",
                condition=Q(state__in=["drafted", "dropped", "merged"])
                | Q(agreed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="recommendation_stopped_says_why",
                condition=~Q(state="stopped") | ~Q(stopped_because=""),
            ),
            models.CheckConstraint(
                name="recommendation_merged_says_into_what",
                condition=Q(state="merged") & Q(merged_into__isnull=False)
                | ~Q(state="merged") & Q(merged_into__isnull=True),
            ),
            models.CheckConstraint(
                name="recommendation_not_its_own_other",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="recommendation_moves_as_it_may",
                field="state",
                transitions=[(before, after) for before in MOVES for after in MOVES[before]],
            )
        ]

    def __str__(self) -> str:
        return f"R{self.number} {self.words[:80]}"


@track()
class Part(models.Model):
    """One of several things that a recommendation asks for; each may be answered by itself."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="parts")
    order = models.PositiveSmallIntegerField()
    words = models.TextField()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.words[:60]


@track()
class Origin(models.Model):
    """Where a recommendation stands, word for word: minutes, a report, another council's page."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="origins")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    file = models.CharField(max_length=200, blank=True)
    line = models.PositiveIntegerField(null=True)
    words = models.TextField()

    def __str__(self) -> str:
        return f"{self.file or self.paper or self.item}"


@track()
class Notice(models.Model):
    """A recommendation sent to who shall answer it: with the notice in writing that the law speaks of
    (Local Government Act 2000, section 9FE), or as a request, which no law gives a time."""

    class Law(models.TextChoices):
        EXECUTIVE = "executive", "Notice to the council’s executive: two months"
        HEALTH = "health", "Health scrutiny: an answer was asked of an NHS body or provider"
        CRIME = "crime", "Crime and disorder: outside the two months"
        NONE = "none", "A request, without a time in law"

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="notices")
    law = models.CharField(max_length=9, choices=Law, default=Law.EXECUTIVE)
    to = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    sent_at = models.DateTimeField()
    received_on = models.DateField()  # of report or notice, whichever is later
    due_on = models.DateField(null=True)  # in law: the last day of two months from that day
    asked_by = models.DateField(null=True)  # the day that the committee asked for
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_to_the_executive_alone_has_a_time_in_law",
                condition=Q(law="executive", due_on__isnull=False)
                | (~Q(law="executive") & Q(due_on__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"to {self.to}"


class Answer(AppendOnly):
    """What the executive or an outside body answered. A later answer stands beside it."""

    class Said(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        IN_PART = "in_part", "Accepted in part"
        IN_PRINCIPLE = "in_principle", "Accepted in principle"
        NOT = "not", "Not accepted"
        EXPLAINED = "explained", "Explanation given"

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="answers")
    part = models.ForeignKey(Part, models.PROTECT, null=True, related_name="answers")
    said = models.CharField(max_length=12, choices=Said)
    reason = models.TextField(blank=True)
    words = models.TextField()
    by_whom = models.CharField(max_length=200)
    answered_on = models.DateField()
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    # What stands behind it: [heading, value, unit, on] of each figure that was given.
    figures = models.JSONField(default=list, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                name="answer_refusing_gives_a_reason",
                condition=~Q(said__in=["not", "in_part"]) | ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return self.get_said_display()


@track(exclude=["text", "table"])
class Attached(models.Model):
    """A file that came with an answer. One that takes its place stands beside it, and both are kept."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="files")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by"
    )  # the file whose place it takes
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    pages = models.PositiveIntegerField(null=True)
    text = models.TextField(blank=True)
    text_state = models.CharField(max_length=8, choices=Paper.Text.choices, default=Paper.Text.READ)
    table = models.JSONField(
        default=list, blank=True
    )  # of a spreadsheet: its cells, if they are few
    added_at = models.DateTimeField()
    public_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "attached"
        constraints = [
            models.CheckConstraint(
                name="attached_not_instead_of_itself",
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("pk")),
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def mime(self) -> str:
        return self.content.mime

    @property
    def size(self) -> int:
        return self.content.size

    @property
    def earlier(self) -> bool:
        """Whether another file took its place."""
        return hasattr(self, "replaced_by")


@track()
class Promised(models.Model):
    """Something an owner said they would do about a recommendation, and by when."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="promised")
    words = models.CharField(max_length=500)
    owner = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "promised"

    def __str__(self) -> str:
        return self.words[:60]


class Progress(AppendOnly):
    """How far a recommendation has come, said on a day."""

    class Said(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        IN_PROGRESS = "in_progress", "In progress"
        ACHIEVED = "achieved", "Achieved"
        ACCEPTABLE = "acceptable", "Not fully implemented: progress acceptable"
        NOT_ACCEPTABLE = "not_acceptable", "Not fully implemented: progress not acceptable"
        OBSTACLE = "obstacle", "Not fully implemented: obstacle"
        STOP = "stop", "Stop monitoring"

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="progress")
    said = models.CharField(max_length=15, choices=Said)
    words = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")  # said at
    on = models.DateField()
    by_whom = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        verbose_name_plural = "progress"
        indexes = [models.Index(fields=["recommendation", "-on"], name="progress_newest")]

    def __str__(self) -> str:
        return self.get_said_display()


@track()
class Measure(models.Model):
    """The figure by which one will see whether a recommendation changed anything."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="measures")
    order = models.PositiveSmallIntegerField(default=1)
    figure = models.CharField(max_length=60)  # key of an indicator; it may not be counted yet
    called = models.CharField(max_length=200)  # while there is no indicator of that key
    by = models.CharField(max_length=30, blank=True)  # the way it is split
    row = models.CharField(max_length=60, blank=True)  # one line of it; empty: all together
    column = models.PositiveSmallIntegerField(default=0)
    better = models.CharField(max_length=7, blank=True)  # more, fewer
    target = models.FloatField(null=True)
    target_on = models.DateField(null=True)
    days = models.PositiveSmallIntegerField(default=365)  # the period that is counted, to the day
    # As it was on the day of the decision; made again by nobody.
    baseline = models.JSONField(default=dict, blank=True)
    baseline_on = models.DateField(null=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.called


class Reading(AppendOnly):
    """A measure's value as it was shown in a paper or kept on a day."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="readings")
    on = models.DateField()
    value = models.JSONField()  # as `baseline`
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.on}"
