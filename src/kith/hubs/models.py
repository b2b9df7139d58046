"""The hubs: team, premises, catchment, staff, and the days on which they are closed."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from kith.accounts.models import Days
from kith.audit.history import track


class Weekday(models.IntegerChoices):
    """A day of the week, numbered as Python numbers it."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Hub(models.Model):
    """An early-intervention hub: one of the doors of the county's one front door."""

    team = models.OneToOneField("accounts.Team", models.PROTECT, related_name="hub")
    slug = models.SlugField(unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    premises = models.TextField(blank=True)
    shares_with = models.CharField(max_length=200, blank=True)  # whose premises, when not its own
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8)
    easting = models.IntegerField()
    northing = models.IntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    opening_hours = models.TextField(blank=True)

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.team.name

    @property
    def name(self) -> str:
        return self.team.name


class StaffPost(models.Model):
    """A person works at a hub: hours a week, and how many families they can have at once."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="posts")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="posts")
    title = models.CharField(max_length=100)
    hours_a_week = models.DecimalField(max_digits=4, decimal_places=1)
    families_at_once = models.PositiveSmallIntegerField(default=15)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="post_hours_are_a_week_at_most",
                condition=Q(hours_a_week__gt=0, hours_a_week__lte=60),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.title}"


@track()
class Catchment(models.Model):
    """A neighbourhood belongs to a hub, from one day until another; to one hub at a time."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="catchments")
    neighbourhood = models.ForeignKey("places.Neighbourhood", models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    proposed_by_distance = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="catchment_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            ExclusionConstraint(
                name="neighbourhood_has_one_hub_at_a_time",
                expressions=[
                    ("neighbourhood", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.neighbourhood_id}: {self.hub}"


class ClosedDay(models.Model):
    """A day that does not count as a working day: English bank holidays, and the county's own."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"


class Promise(models.Model):
    """What the county promises, in working days, and the other lengths of time it may set."""

    class Key(models.TextChoices):
        DECISION = "decision", "A decision on a request"
        FIRST_CONTACT = "first_contact", "First contact with the family"
        DRAFT_KEPT = "draft_kept", "An unfinished request is kept (days, not working days)"
        MORE_ASKED = "more_asked", "An answer to a question about a request"
        IN_TOUCH = "in_touch", "A family in hand is spoken with at least every"
        ASSESSED = "assessed", "An assessment is signed after the first contact"
        REVIEWED = "reviewed", "A family's plan is reviewed at least every"
        COMES_ON = "comes_on", "Something in a family's plan is done at least every"
        SUPERVISED = "supervised", "A case is spoken about in supervision at least every"
        TOLD_OF = "told_of", "A family that was told of a service is asked how it went, after"
        SERVICE_ASKED = (
            "service_asked",
            "A service that was asked to help is asked how it went, after",
        )

    key = models.CharField(max_length=20, choices=Key, unique=True)
    days = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.days}"
