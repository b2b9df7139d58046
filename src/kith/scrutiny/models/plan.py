"""What a committee means to look at, and what the executive means to decide: two lists, kept apart."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kith.audit.history import track
from kith.scrutiny.models.committees import Committee
from kith.scrutiny.models.meetings import Meeting, Point


@track()
class PlanEntry(models.Model):
    """A line of a committee's forward plan (work programme): an item to come, or something asked for."""

    class Kind(models.TextChoices):
        TOPIC = "topic", "Item"
        UPDATE = "update", "Information update"
        REQUEST = "request", "Report asked for"
        ACTION = "action", "Action"
        INVITATION = "invitation", "People invited"
        RETURN = "return", "Return to a topic"
        SEMINAR = "seminar", "Seminar or visit"

    class State(models.TextChoices):
        SUGGESTED = "suggested", "Suggested"
        PLANNED = "planned", "Planned"
        ON_AGENDA = "on_agenda", "On an agenda"
        DONE = "done", "Done"
        DROPPED = "dropped", "Not taken further"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="plan")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TOPIC)
    title = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    owner = models.CharField(max_length=200, blank=True)  # a post or an outside body
    point = models.ForeignKey(
        Point, models.SET_NULL, null=True, related_name="plan"
    )  # asked for in
    due_meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="due")
    due_month = models.DateField(null=True)  # its first day, where no meeting is set yet
    figures = ArrayField(
        models.CharField(max_length=60), default=list, blank=True
    )  # drawn on the day
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    outcome = models.TextField(blank=True)  # what was done, or why not
    public = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "plan entries"
        constraints = [
            models.CheckConstraint(
                name="plan_entry_dropped_says_why",
                condition=~Q(state="dropped") | ~Q(outcome=""),
            )
        ]

    def __str__(self) -> str:
        return self.title


@track()
class KeyDecision(models.Model):
    """A decision that the executive means to take: SI 2012/2089, regulation 9; and its call-in."""

    class Given(models.TextChoices):
        """How long before it the public can read of it."""

        FULL = "full", "28 clear days"
        GENERAL = (
            "general",
            "General exception: five clear days, and the chair of scrutiny was told",
        )
        SPECIAL = "special", "Special urgency: the chair of scrutiny agreed"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=200)
    matter = models.TextField()
    key = models.BooleanField(default=True)
    maker = models.CharField(max_length=300)  # name, title, and the members where it is a body
    first = models.DateField()  # the day, or the first and last of the period
    last = models.DateField()
    documents = models.TextField(blank=True)
    where = models.CharField(max_length=300, blank=True)  # documents may be had from
    private_because = models.CharField(max_length=300, blank=True)
    public_at = models.DateTimeField(null=True)
    given = models.CharField(max_length=7, choices=Given, default=Given.FULL)
    urgency = models.CharField(max_length=300, blank=True)  # why there was less notice
    chair = models.CharField(max_length=200, blank=True)  # who was told of it, or agreed
    decided_on = models.DateField(null=True)
    decision = models.TextField(blank=True)
    called_in_by = models.ForeignKey(Committee, models.PROTECT, null=True, related_name="+")
    called_in_on = models.DateField(null=True)
    called_in_because = models.TextField(blank=True)
    call_in_outcome = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="key_decision_period_has_an_order", condition=Q(last__gte=F("first"))
            ),
            models.CheckConstraint(
                name="key_decision_with_less_notice_says_why",
                condition=Q(given="full") | (~Q(urgency="") & ~Q(chair="")),
            ),
            models.CheckConstraint(
                name="call_in_says_when_and_why",
                condition=Q(called_in_by__isnull=True)
                | (Q(called_in_on__isnull=False) & ~Q(called_in_because="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title
