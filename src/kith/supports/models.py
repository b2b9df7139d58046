"""What a hub gives, when it is held, who is placed on it, and who came."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kith.audit.history import track
from kith.hubs.models import Weekday


class Reason(models.TextChoices):
    """Why somebody who was expected did not come."""

    UNKNOWN = "unknown", "Not known yet"
    ILL = "ill", "Ill"
    APPOINTMENT = "appointment", "Appointment elsewhere"
    SCHOOL = "school", "School or work"
    TRANSPORT = "transport", "Could not get here"
    FORGOT = "forgot", "Forgot"
    CHOSE = "chose", "Did not want to come"
    OTHER = "other", "Another reason"


@track()
class Support(models.Model):
    """Something a hub gives: to one family, to a group, to whoever drops in, or somewhere else."""

    class Kind(models.TextChoices):
        ONE_TO_ONE = "one_to_one", "One-to-one support"
        GROUP = "group", "Group"
        DROP_IN = "drop_in", "Drop-in"
        OFF_SITE = "off_site", "Session away from the hub"

    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120)
    words = models.TextField(blank=True)  # what it is for, and for whom
    core_code = models.SlugField(max_length=60, blank=True)  # of which item of the core offer it is
    place = models.CharField(max_length=200)
    leader = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    places = models.PositiveSmallIntegerField(null=True)  # how many can come; None: no limit
    weekday = models.PositiveSmallIntegerField(choices=Weekday, null=True)  # held every week
    starts = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    since = models.DateField()
    until = models.DateField(null=True)  # the last day
    ended_reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="support_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(
                name="support_lasts_some_minutes", condition=Q(minutes__gte=5, minutes__lte=720)
            ),
        ]
        indexes = [models.Index(fields=["team", "since"], name="support_team")]

    def __str__(self) -> str:
        return self.name

    def runs_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@track()
class Session(models.Model):
    """A support is held on a day; or was to be, and is cancelled for a reason."""

    support = models.ForeignKey(Support, models.PROTECT, related_name="sessions")
    on = models.DateField()
    starts = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(max_length=200, blank=True)  # where it is not held as always
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    cancelled_reason = models.CharField(max_length=300, blank=True)
    others = models.PositiveSmallIntegerField(default=0)  # who came and is on no record
    taken_at = models.DateTimeField(null=True)  # when the register was first saved
    taken_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["support", "on", "starts"], name="session_is_held_once_at_a_time"
            ),
            models.CheckConstraint(
                name="session_cancelled_says_why",
                condition=Q(cancelled_at__isnull=True) | ~Q(cancelled_reason=""),
            ),
            models.CheckConstraint(
                name="session_cancelled_has_no_register",
                condition=Q(cancelled_at__isnull=True) | Q(taken_at__isnull=True, others=0),
            ),
        ]
        indexes = [models.Index(fields=["on", "support"], name="session_day")]

    def __str__(self) -> str:
        return f"{self.on:%-d %B %Y}"

    @property
    def where(self) -> str:
        return self.place or self.support.place

    @property
    def begins_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.on, self.starts))

    @property
    def ends(self) -> str:
        at = datetime.combine(self.on, self.starts) + timedelta(minutes=self.minutes)
        return f"{at:%H:%M}"


@track()
class Placement(models.Model):
    """Somebody of a family has a place on a support, as part of the family's plan."""

    support = models.ForeignKey(Support, models.PROTECT, related_name="placements")
    what = models.CharField(max_length=120)  # the support's name, for the family's own history
    family = models.ForeignKey("families.Family", models.PROTECT, related_name="+")
    person = models.ForeignKey("families.Person", models.PROTECT, related_name="+")
    case = models.ForeignKey("casework.Case", models.PROTECT, null=True, related_name="+")
    goal = models.ForeignKey("casework.Goal", models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)  # the last day
    words = models.CharField(max_length=300, blank=True)  # how it ended
    # What whoever leads must know to keep them safe: allergies, who collects them.
    to_know = models.CharField(max_length=300, blank=True)
    # It was for a plan, whose case has closed, and goes on as everybody's.
    universal_since = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["support", "person"],
                name="person_has_one_place_on_a_support",
                condition=Q(until__isnull=True),
            ),
            models.CheckConstraint(
                name="placement_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]
        indexes = [models.Index(fields=["family"], name="placement_family")]

    def __str__(self) -> str:
        return self.what


@track()
class Leading(models.Model):
    """Somebody of a partner, or a volunteer, leads a support of a hub's, and takes its registers."""

    support = models.ForeignKey(Support, models.PROTECT, related_name="led_by")
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")  # the hub's
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)  # the last day
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "leading"
        constraints = [
            models.UniqueConstraint(
                fields=["support", "user"],
                name="person_leads_a_support_once",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="leading_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        ]
        indexes = [
            models.Index(fields=["user"], name="leading_user", condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return str(self.user)


@track()
class Attendance(models.Model):
    """Whether somebody came to a session. With no status it is not marked yet, or not any more."""

    class Status(models.TextChoices):
        ATTENDED = "attended", "Came"
        LATE = "late", "Came late"
        MISSED = "missed", "Missed"
        NOT_EXPECTED = "not_expected", "Not expected"

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendance")
    what = models.CharField(max_length=120)
    at = models.DateTimeField()  # when the session began
    family = models.ForeignKey("families.Family", models.PROTECT, related_name="+")
    person = models.ForeignKey("families.Person", models.PROTECT, related_name="+")
    dropped_in = models.BooleanField(default=False)  # came without a place
    status = models.CharField(max_length=12, choices=Status, blank=True)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    turn = models.PositiveIntegerField(default=0)  # how often it was marked
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    # What one saving of a register changed, and how it was before: so that it can be undone.
    batch = models.UUIDField()
    was_status = models.CharField(max_length=12, choices=Status, blank=True)
    was_reason = models.CharField(max_length=12, choices=Reason, blank=True)

    class Meta:
        verbose_name_plural = "attendance"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"], name="person_is_once_on_a_register"
            ),
            models.CheckConstraint(
                name="missed_has_a_reason",
                condition=Q(status="missed") & ~Q(reason="") | ~Q(status="missed") & Q(reason=""),
            ),
        ]
        indexes = [models.Index(fields=["family"], name="attendance_family")]

    def __str__(self) -> str:
        return self.get_status_display() or "Not marked yet"


class Differing(models.Model):
    """Somebody marked differently, meanwhile, from what the register says. A person decides."""

    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="differing")
    status = models.CharField(max_length=12, choices=Attendance.Status, blank=True)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    taken = models.BooleanField(null=True)  # whether it replaced what the register said

    class Meta:
        verbose_name_plural = "differing"
        constraints = [
            models.CheckConstraint(
                name="differing_settled_has_who_and_how",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, taken__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False, taken__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                fields=["attendance"], name="differing_open", condition=Q(settled_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.get_status_display() or "Not marked yet"
