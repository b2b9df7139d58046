"""Committees, who sits on them, and the days on which they did. All of it is public."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from kith.accounts.models import Days
from kith.audit.history import track


@track()
class Committee(models.Model):
    """A body that meets: a scrutiny committee, the executive (Cabinet), the council."""

    class Kind(models.TextChoices):
        SCRUTINY = "scrutiny", "Overview and scrutiny committee"
        EXECUTIVE = "executive", "Executive (Cabinet)"
        COUNCIL = "council", "Full council"
        JOINT = "joint", "Joint committee"
        GROUP = "group", "Working group"

    class Numbers(models.TextChoices):
        """How its agenda items are numbered."""

        YEAR = "year", "Through the municipal year: 224/12"
        MEETING = "meeting", "From 1 in each meeting: 1, 2, 3"
        RUNNING = "running", "On and on: 1, 2, 3, never again from 1"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SCRUTINY)
    remit = models.TextField(blank=True)
    # Members who sign in, and read its exempt papers, are this team's.
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, related_name="+")
    numbers = models.CharField(max_length=8, choices=Numbers, default=Numbers.YEAR)
    next_number = models.PositiveIntegerField(default=1)
    numbers_year = models.PositiveSmallIntegerField(null=True, blank=True)  # of `next_number`
    year_begins = models.PositiveSmallIntegerField(default=5)  # month: the council's annual meeting
    quorum = models.PositiveSmallIntegerField(default=3)
    notice_days = models.PositiveSmallIntegerField(default=5)  # clear days
    working_days = models.BooleanField(default=True)  # clear days are counted in working days
    # A recommendation that is open for so many months without a day on which it is due, is overdue.
    months_open = models.PositiveSmallIntegerField(default=6)
    call_in_days = models.PositiveSmallIntegerField(default=5)  # working days after a decision
    usual_place = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="committee_waits_from_one_month_to_five_years",
                condition=Q(months_open__gte=1, months_open__lte=60),
            )
        ]

    def __str__(self) -> str:
        return self.name


@track()
class Member(models.Model):
    """Somebody who sits, or sat, on a committee: a councillor, or a person who was co-opted."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=150)
    called = models.CharField(max_length=40, blank=True)  # "Cllr", "Mrs"
    councillor = models.BooleanField(default=True)
    group = models.CharField(max_length=100, blank=True)  # political group
    division = models.CharField(max_length=100, blank=True)
    district = models.CharField(max_length=9, blank=True)  # ONS code of the division's district
    # The hub in whose area the division lies; empty: every hub that has a part of its district.
    hub = models.ForeignKey("hubs.Hub", models.PROTECT, null=True, related_name="+")
    represents = models.CharField(max_length=150, blank=True)  # "Parent governors"
    user = models.OneToOneField("accounts.User", models.PROTECT, null=True, related_name="+")
    since = models.DateField(null=True)
    until = models.DateField(null=True)  # resigned, or not elected again: the last day

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.called} {self.name}".strip()


@track()
class Seat(models.Model):
    """A member's seat on a committee, from one day to another."""

    class Role(models.TextChoices):
        CHAIR = "chair", "Chair"
        VICE = "vice", "Deputy chair"
        MEMBER = "member", "Member"
        SUBSTITUTE = "substitute", "Named substitute"
        CO_OPTED = "co_opted", "Co-opted member"

    class Votes(models.TextChoices):
        ALL = "all", "Votes"
        EDUCATION = "education", "Votes on education"
        NONE = "none", "Does not vote"

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="seats")
    member = models.ForeignKey(Member, models.PROTECT, related_name="seats")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    votes = models.CharField(max_length=9, choices=Votes, default=Votes.ALL)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the first day without it
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="seat_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            ExclusionConstraint(
                name="seat_is_held_once_at_a_time",
                expressions=[
                    ("committee", RangeOperators.EQUAL),
                    ("member", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_role_display()}, {self.committee}"
