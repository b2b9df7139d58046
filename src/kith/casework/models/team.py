"""The team around a family: who is in it, its meetings, and what was said and decided there."""

import uuid

from django.db import models
from django.db.models import F, Q

from kith.audit.history import track
from kith.audit.models import AppendOnly
from kith.casework.models.case import Case
from kith.casework.models.own_page import OpenedByCode

TEAM_PAGE = "team_page"  # the purpose of the links that lead to one


@track()
class TeamMember(models.Model):
    """Somebody helps a family together with others, in a role, from one day until another."""

    class Kind(models.TextChoices):
        PARTNER = "partner", "Somebody of a partner organisation"
        WORKER = "worker", "A colleague of the hub"
        FAMILY = "family", "Somebody of the family"

    case = models.ForeignKey(Case, models.PROTECT, related_name="team_members")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=120)  # as what they help: "SENCo", "health visitor"
    organisation = models.ForeignKey(
        "partners.Organisation", models.PROTECT, null=True, related_name="+"
    )
    email = models.EmailField(blank=True)  # of a partner's; the others' are kept elsewhere
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("families.Person", models.PROTECT, null=True, related_name="+")
    family_known_as = models.CharField(max_length=120, blank=True)  # what a partner is told
    # On what ground a partner is told, and since when it no longer is.
    sharing = models.ForeignKey("Sharing", models.PROTECT, null=True, related_name="team_members")
    withheld_at = models.DateTimeField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    left_because = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="team_member_is_of_its_kind",
                condition=Q(
                    kind="partner",
                    organisation__isnull=False,
                    person__isnull=True,
                    sharing__isnull=False,
                )
                & ~Q(email="")
                | Q(
                    kind="worker",
                    user__isnull=False,
                    organisation__isnull=True,
                    person__isnull=True,
                    email="",
                )
                | Q(
                    kind="family",
                    person__isnull=False,
                    organisation__isnull=True,
                    user__isnull=True,
                    email="",
                ),
            ),
            models.CheckConstraint(
                name="team_member_leaves_after_joining",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.UniqueConstraint(
                fields=["case", "email"],
                name="team_member_partner_once",
                condition=Q(until__isnull=True, withheld_at__isnull=True, kind="partner"),
            ),
            models.UniqueConstraint(
                fields=["case", "user"],
                name="team_member_worker_once",
                condition=Q(until__isnull=True, kind="worker"),
            ),
            models.UniqueConstraint(
                fields=["case", "person"],
                name="team_member_person_once",
                condition=Q(until__isnull=True, kind="family"),
            ),
        ]
        indexes = [models.Index(fields=["case", "until"], name="team_member_case")]

    def __str__(self) -> str:
        return self.name

    @property
    def of(self) -> str:
        """Return where somebody comes from, in words: their organisation, the hub, the family."""
        if self.organisation is not None:
            return self.organisation.name
        return str(self.case.team) if self.kind == self.Kind.WORKER else "the family"


@track()
class LeadProfessional(models.Model):
    """Who of the team leads it, from one day until another. Where nobody is named, the worker does."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="leads")
    member = models.ForeignKey(TeamMember, models.PROTECT, related_name="leads")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="team_has_one_lead", condition=Q(until__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.member.name


class TeamPage(OpenedByCode):
    """A member of the team from a partner, who has no account, sees here what concerns them."""

    member = models.ForeignKey(TeamMember, models.PROTECT, related_name="pages")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                name="team_member_has_one_page",
                condition=Q(ended_at__isnull=True),
            )
        ]


@track()
class TeamMeeting(models.Model):
    """The team is called together. What was said there is in its minutes."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="meetings")
    # The number by which a calendar knows the meeting again, and how often it was changed.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField()
    minutes_long = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(max_length=200)
    agenda = models.TextField(blank=True)
    called_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=300, blank=True)
    minutes_asked_at = models.DateTimeField(null=True)  # when its chair was reminded of the minutes

    class Meta:
        indexes = [models.Index(fields=["case", "starts_at"], name="team_meeting_case")]
        constraints = [
            models.CheckConstraint(
                name="team_meeting_takes_a_while",
                condition=Q(minutes_long__gte=5, minutes_long__lte=480),
            )
        ]

    def __str__(self) -> str:
        return f"meeting of {self.starts_at:%d %B %Y}"


@track()
class MeetingSeat(models.Model):
    """Somebody of the team is asked to a meeting: what they answered, and whether they came."""

    class Reply(models.TextChoices):
        COMING = "coming", "Will come"
        APOLOGIES = "apologies", "Cannot come"

    class Attendance(models.TextChoices):
        ATTENDED = "attended", "Was there"
        APOLOGIES = "apologies", "Sent apologies"
        ABSENT = "absent", "Was not there"

    meeting = models.ForeignKey(TeamMeeting, models.PROTECT, related_name="seats")
    member = models.ForeignKey(TeamMember, models.PROTECT, related_name="seats")
    reply = models.CharField(max_length=10, choices=Reply, blank=True)
    reply_words = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    attendance = models.CharField(max_length=10, choices=Attendance, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="meeting_seat_once")
        ]

    def __str__(self) -> str:
        return self.member.name


class Minutes(AppendOnly):
    """What was said at a meeting. Put right by a further version; the latest stands."""

    meeting = models.ForeignKey(TeamMeeting, models.PROTECT, related_name="minutes")
    version = models.PositiveSmallIntegerField()
    others = models.CharField(max_length=300, blank=True)  # who else was there
    discussion = models.TextField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        verbose_name_plural = "minutes"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "version"], name="minutes_version_once")
        ]

    def __str__(self) -> str:
        return f"minutes, version {self.version}"


class ReviewedAction(AppendOnly):
    """What was said at a meeting of an action of the plan, and how it stood then."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="reviewed")
    action = models.ForeignKey("PlannedAction", models.PROTECT, related_name="reviewed_in")
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=200)
    state = models.CharField(max_length=120)  # in words: "Goes on, due 3 December 2026"
    words = models.TextField(blank=True)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["minutes", "action"], name="action_is_reviewed_once")
        ]

    def __str__(self) -> str:
        return self.what


class MinutesCopy(AppendOnly):
    """Minutes were sent to somebody of the team: from then on they may read them."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="copies")
    member = models.ForeignKey(TeamMember, models.PROTECT, related_name="copies")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        verbose_name_plural = "minutes copies"
        constraints = [
            models.UniqueConstraint(fields=["minutes", "member"], name="minutes_are_sent_once")
        ]

    def __str__(self) -> str:
        return f"copy for {self.member}"
