"""Meetings and their agendas, who was there, and what was asked. Read by the committee and its
officers; what the public sees stands in `models/published.py`."""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kith.audit.history import track
from kith.scrutiny.models.committees import Committee, Member

# What a meeting may become. The database refuses every other move.
MOVES: dict[str, tuple[str, ...]] = {
    "planned": ("called", "cancelled"),
    "called": ("held", "cancelled", "planned"),  # planned: moved, to be called anew
    "cancelled": (),
    "held": (),
}
MINUTES_MOVES: dict[str, tuple[str, ...]] = {
    "none": ("draft",),
    "draft": ("cleared", "none"),
    "cleared": ("confirmed", "draft"),
    "confirmed": (),
}


@track()
class Meeting(models.Model):
    """One meeting of a committee, or of several together."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        CALLED = "called", "Agenda published"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    class Minutes(models.TextChoices):
        NONE = "none", "Being taken"
        DRAFT = "draft", "Draft"
        CLEARED = "cleared", "Cleared by the chair"
        CONFIRMED = "confirmed", "Confirmed"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="meetings")
    together_with = models.ManyToManyField(Committee, related_name="+", blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # planned
    place = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    moved_from = models.DateTimeField(null=True)  # the day that was published before
    times_moved = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=300, blank=True)  # moved or cancelled
    webcast = models.URLField(blank=True)
    short_notice = models.CharField(max_length=500, blank=True)  # why fewer clear days were given
    public_at = models.DateTimeField(null=True)  # its day is in the public calendar
    began_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=150, blank=True)  # who took the chair
    minutes = models.CharField(max_length=9, choices=Minutes, default=Minutes.NONE)
    cleared_by = models.CharField(max_length=150, blank=True)
    cleared_at = models.DateTimeField(null=True)
    confirmed_at = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="confirmed"
    )  # the meeting at which they were confirmed
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["committee", "-starts_at"], name="meeting_of_committee")]
        constraints = [
            models.CheckConstraint(
                name="meeting_cancelled_says_why",
                condition=~Q(state="cancelled") | ~Q(why=""),
            ),
            models.CheckConstraint(
                name="meeting_finishes_after_it_began",
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("began_at")),
            ),
            models.CheckConstraint(
                name="minutes_confirmed_at_a_meeting",
                condition=~Q(minutes="confirmed") | Q(confirmed_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="meeting_moves_as_it_may",
                field="state",
                transitions=[(before, after) for before in MOVES for after in MOVES[before]],
            ),
            pgtrigger.FSM(
                name="minutes_move_as_they_may",
                field="minutes",
                transitions=[
                    (before, after) for before in MINUTES_MOVES for after in MINUTES_MOVES[before]
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee}, {self.starts_at:%d %B %Y}"


@track()
class Item(models.Model):
    """A numbered item of an agenda."""

    class Kind(models.TextChoices):
        APOLOGIES = "apologies", "Apologies for absence and substitutes"
        DECLARATIONS = "declarations", "Declarations of interests"
        WHIP = "whip", "Party whip"
        MINUTES = "minutes", "Minutes of the last meeting"
        ACTIONS = "actions", "Matters arising and actions"
        QUESTIONS = "questions", "Questions from the public"
        UPDATE = "update", "Information update"
        TOPIC = "topic", "Item"
        FOLLOW_UP = "follow_up", "Recommendations followed up"
        PLAN = "plan", "Forward plan"
        OTHER = "other", "Other business"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20, blank=True)  # given when the agenda is published
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.TOPIC)
    title = models.CharField(max_length=200)
    words = models.TextField(blank=True)  # the agenda's words
    minutes_planned = models.PositiveSmallIntegerField(null=True)  # for the chair's brief
    brief = models.TextField(blank=True)  # for the chair alone
    # Not for the public: the paragraphs of Schedule 12A, and why the public interest asks for it.
    exempt = models.BooleanField(default=False)
    paragraphs = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    public_interest = models.TextField(blank=True)
    late_because = models.TextField(blank=True)  # urgent: special circumstances
    plan = models.ForeignKey("scrutiny.PlanEntry", models.PROTECT, null=True, related_name="items")

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="exempt_item_says_which_and_why",
                condition=Q(exempt=False) | (~Q(paragraphs=[]) & ~Q(public_interest="")),
            ),
            models.UniqueConstraint(
                fields=["meeting", "order"],
                name="item_stands_in_one_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


@track()
class Invited(models.Model):
    """Somebody asked to come to an item: an officer, or somebody of another body."""

    class Came(models.TextChoices):
        ASKED = "asked", "Asked"
        COMING = "coming", "Will come"
        ATTENDED = "attended", "Attended"
        NOT = "not", "Did not come"

    item = models.ForeignKey(Item, models.CASCADE, related_name="invited")
    name = models.CharField(max_length=150, blank=True)
    post = models.CharField(max_length=200)
    body = models.CharField(max_length=150, blank=True)  # another organisation
    email = models.EmailField(blank=True)
    asked_at = models.DateTimeField(null=True)  # by e-mail
    came = models.CharField(max_length=8, choices=Came, default=Came.ASKED)
    says = models.CharField(max_length=300, blank=True)  # who comes instead, or why nobody does
    answered_at = models.DateTimeField(null=True)  # by the link of the letter

    def __str__(self) -> str:
        return f"{self.name}, {self.post}".strip(", ")


@track()
class Attendance(models.Model):
    """That a member came, or did not. Absence is no abstention: part of a meeting is kept apart."""

    class State(models.TextChoices):
        PRESENT = "present", "Present"
        PART = "part", "Present for part"
        APOLOGIES = "apologies", "Apologies"
        ABSENT = "absent", "Absent"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances")
    state = models.CharField(max_length=9, choices=State)
    instead_of = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    came_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    left_because = models.CharField(max_length=200, blank=True)
    out_for = models.ManyToManyField(Item, related_name="left_by", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_is_said_once"),
            models.UniqueConstraint(
                fields=["meeting", "instead_of"], name="one_substitute_for_a_member"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_state_display()}"


@track()
class Declaration(models.Model):
    """An interest that a member declared, or a party whip."""

    class Kind(models.TextChoices):
        PECUNIARY = "pecuniary", "Disclosable pecuniary interest"
        OTHER = "other", "Other interest"
        WHIP = "whip", "Party whip"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="declarations")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="declarations")
    kind = models.CharField(max_length=9, choices=Kind)
    words = models.TextField()
    left = models.BooleanField(default=False)  # the room, for the item

    def __str__(self) -> str:
        return f"{self.member}: {self.get_kind_display()}"


@track()
class Question(models.Model):
    """A question put to a meeting by somebody of the public, or by a councillor; and its answer."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="questions")
    asked_by = models.CharField(max_length=150)
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="questions")
    named = models.BooleanField(default=True)  # the asker's name is published
    words = models.TextField()
    received_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    more = models.TextField(blank=True)  # the supplementary question
    more_answer = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"Question by {self.asked_by}"


@track()
class Point(models.Model):
    """One sentence or paragraph of the minutes of an item: who said what, and what was resolved."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", "Said"
        PRESENTATION = "presentation", "Presentation"
        QUESTION = "question", "Question"
        RESPONSE = "response", "Answer"
        CONCERN = "concern", "Concern"
        COMMENDATION = "commendation", "Commendation"
        MATTER_ARISING = "matter_arising", "Matter arising"
        REQUEST = "request", "Request or action"
        RESOLUTION = "resolution", "Resolved"
        RECOMMENDATION = "recommendation", "Recommendation"
        NOTE = "note", "Note"

    item = models.ForeignKey(Item, models.CASCADE, related_name="points")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.STATEMENT)
    speaker = models.CharField(max_length=200, blank=True)
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    words = models.TextField()
    answers = models.ForeignKey("self", models.SET_NULL, null=True, related_name="answered")
    moved_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    seconded_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    votes_for = models.PositiveSmallIntegerField(null=True)
    votes_against = models.PositiveSmallIntegerField(null=True)
    abstained = models.PositiveSmallIntegerField(null=True)
    carried = models.BooleanField(null=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.words[:80]


@track()
class Correction(models.Model):
    """A dated correction of minutes, decided at a later meeting. What stood before is kept."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="corrections"
    )  # whose minutes
    made_at = models.ForeignKey(Meeting, models.PROTECT, related_name="corrected")
    point = models.ForeignKey(Point, models.PROTECT, null=True, related_name="corrections")
    before = models.TextField(blank=True)
    words = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.words[:80]
