"""Services: who runs them, what they are, where and when. Named as Open Referral UK names them where a
person would, and kept so that its feed (HSDS-UK 3.0, with fields of HSDS 3.1) can be made of them.

`uid` never changes: it is the id in the feed, across edits and repeated imports.
"""

import uuid
from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

from kith.audit.history import track
from kith.hubs.models import Weekday


def _uid() -> "models.UUIDField[uuid.UUID, uuid.UUID]":
    return models.UUIDField(default=uuid.uuid4, unique=True, editable=False)


@track()
class Provider(models.Model):
    """Who runs services: the county, a partner, a voluntary group. The feed's organization."""

    uid = _uid()
    name = models.CharField(max_length=200)
    description = models.TextField()  # the feed must have one
    website = models.URLField(blank=True, max_length=500)
    email = models.EmailField(blank=True)  # of the organisation, never of a person
    charity_number = models.CharField(max_length=20, blank=True)
    # The partner as the front door knows it, where it is one.
    partner = models.OneToOneField(
        "partners.Organisation", models.PROTECT, null=True, blank=True, related_name="provider"
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    # To whom the questions go whether what is written of its services is true. Not in the feed.
    keeper_email = models.EmailField(blank=True)
    # Where it came from: the address of another directory's feed, and its id there.
    source = models.CharField(max_length=500, blank=True)
    source_id = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="provider_came_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Access(models.TextChoices):
    """What lets everybody in."""

    STEP_FREE = "step_free", _("Step-free")
    TOILET = "toilet", _("Accessible toilet")
    CHANGING = "changing", _("Changing Places toilet")
    PRAM = "pram", _("Room for prams")
    LOOP = "loop", _("Hearing loop")
    QUIET = "quiet", _("Quiet room")
    PARKING = "parking", _("Blue Badge parking")
    BUS = "bus", _("Near a bus stop")


@track()
class Place(models.Model):
    """Where services are given. The feed's location.

    The point on the grid is the one that everybody may know: of a place that is shown by its area
    only it is the middle of its neighbourhood, of one that is not shown there is none. So no
    search, map or feed can give away more, however often it is asked. Of a place that is never
    shown, nothing is kept by which it could be found.
    """

    class Kind(models.TextChoices):
        HUB = "hub", "Hub"
        CHILDRENS_CENTRE = "childrens_centre", "Children’s centre"
        SCHOOL = "school", "School"
        NEUTRAL = "neutral", "Neutral venue"
        OTHER = "other", "Another place"
        ONLINE = "online", "Online or by telephone"

    class Shown(models.TextChoices):
        """How much of an address everybody may know."""

        FULL = "full", "The full address"
        AREA = "area", "The area only"
        ON_REQUEST = "on_request", "On request: nothing is shown"
        NEVER = "never", "Never: a refuge, or another secret place"

    uid = _uid()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OTHER)
    shown = models.CharField(max_length=10, choices=Shown, default=Shown.FULL)
    hub = models.ForeignKey(
        "hubs.Hub", models.PROTECT, null=True, blank=True, related_name="directory_places"
    )
    address = models.CharField(max_length=300, blank=True)  # without town and postcode
    town = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    easting = models.IntegerField(null=True)
    northing = models.IntegerField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    transport = models.TextField(blank=True)
    access = ArrayField(models.CharField(max_length=20, choices=Access), default=list, blank=True)
    source = models.CharField(max_length=500, blank=True)
    source_id = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="place_came_once"
            ),
            models.CheckConstraint(
                name="hidden_place_is_on_no_map",
                condition=Q(shown__in=["full", "area"])
                | Q(easting=None, northing=None, latitude=None, longitude=None),
            ),
            models.CheckConstraint(
                name="secret_place_has_no_address",
                condition=~Q(shown="never") | Q(address="", town="", postcode="", transport=""),
            ),
        ]
        indexes = [models.Index(fields=["easting", "northing"], name="place_grid")]

    def __str__(self) -> str:
        return self.name


@track(exclude=["words", "modified_at", "hidden_on", "told_by"])
class Service(models.Model):
    """Something that families can use. Only what is public and published leaves the house."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Running"
        CLOSED = "temporarily closed", "Closed for now"
        INACTIVE = "inactive", "Not running"
        DEFUNCT = "defunct", "Ended"

    class Taking(models.TextChoices):
        """Whether somebody new can come."""

        OPEN = "open", _("Open to new people")
        WAITING = "waiting", _("There is a waiting list")
        FULL = "full", _("Closed to new people")

    class Route(models.TextChoices):
        COME = "come", _("Just come along")
        CONTACT = "contact", _("Contact them first")
        FRONT_DOOR = "front_door", _("Ask through the hubs’ front door")
        PROFESSIONAL = "professional", _("A professional must ask")

    uid = _uid()
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="services")
    name = models.CharField(max_length=200)
    also_called = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    url = models.URLField(blank=True, max_length=500)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.ACTIVE)
    alert = models.CharField(max_length=300, blank=True)  # what one must know today
    # For whom. None: no limit. In months, since a year is long for a baby.
    from_months = models.PositiveSmallIntegerField(null=True, blank=True)
    to_months = models.PositiveSmallIntegerField(null=True, blank=True)  # the last age, inclusive
    who_for = models.TextField(blank=True)
    not_for = models.TextField(blank=True)
    route = models.CharField(max_length=12, choices=Route, default=Route.CONTACT)
    how_to_ask = models.TextField(blank=True)
    taking = models.CharField(max_length=8, choices=Taking, default=Taking.OPEN)
    taking_until = models.DateField(null=True, blank=True)  # how long that is known to hold
    free = models.BooleanField(null=True)  # None: nobody has said
    cost = models.TextField(blank=True)
    languages = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    interpreters = models.CharField(max_length=200, blank=True)
    accreditations = models.TextField(blank=True)
    funding = models.CharField(max_length=200, blank=True)
    # Where it is for people of some areas only: codes of districts or wards, and their names.
    area_names = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    professional_only = models.BooleanField(
        default=False
    )  # for those who refer, not for the public
    published = models.BooleanField(default=False)
    assured_on = models.DateField(null=True)
    assured_by = models.CharField(max_length=200, blank=True)
    assurer_email = models.EmailField(blank=True)  # a role's mailbox
    # Since when nobody reads it because nobody confirmed it; publishing it ends that, by a trigger.
    hidden_on = models.DateField(null=True, editable=False)
    terms = models.ManyToManyField("directory.Term", through="directory.Tag")
    # Both kept by triggers: what it is found by, and when it or anything told with it changed last.
    words = SearchVectorField(null=True, editable=False)
    modified_at = models.DateTimeField(db_default=Now(), editable=False)
    source = models.CharField(max_length=500, blank=True)
    source_id = models.CharField(max_length=100, blank=True)
    # The entry that tells of it now, where it stood twice.
    told_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="also_tells_of"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="service_that_is_told_by_another_is_not_published",
                condition=Q(told_by__isnull=True) | Q(published=False),
            ),
            models.CheckConstraint(
                name="service_ages_are_in_order",
                condition=Q(from_months__isnull=True)
                | Q(to_months__isnull=True)
                | Q(from_months__lte=F("to_months")),
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="service_came_once"
            ),
            models.CheckConstraint(
                name="hidden_service_is_not_published",
                condition=Q(hidden_on__isnull=True) | Q(published=False),
            ),
        ]
        indexes = [
            GinIndex(fields=["words"], name="service_words"),
            models.Index(fields=["modified_at", "id"], name="service_modified"),
        ]

    def __str__(self) -> str:
        return self.name


@track()
class ServiceAtPlace(models.Model):
    """A service is given at a place. The feed's service_at_location."""

    uid = _uid()
    service = models.ForeignKey(Service, models.CASCADE, related_name="at_places")
    place = models.ForeignKey(Place, models.PROTECT, related_name="services")
    words = models.CharField(max_length=300, blank=True)  # "the room behind the library"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "place"], name="service_at_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.service_id} at {self.place_id}"


@track()
class Schedule(models.Model):
    """When a service is given, as a person says it; the feed's rule is made of it."""

    class Every(models.TextChoices):
        WEEK = "week", "Every week"
        FORTNIGHT = "fortnight", "Every two weeks"
        MONTH_DAY = "month_day", "Once a month, on a weekday"
        ONCE = "once", "Once"

    class Nth(models.IntegerChoices):
        FIRST = 1, _("First")
        SECOND = 2, _("Second")
        THIRD = 3, _("Third")
        FOURTH = 4, _("Fourth")
        LAST = -1, _("Last")

    uid = _uid()
    service = models.ForeignKey(Service, models.CASCADE, related_name="schedules")
    at_place = models.ForeignKey(
        ServiceAtPlace, models.CASCADE, null=True, blank=True, related_name="schedules"
    )
    every = models.CharField(max_length=10, choices=Every, default=Every.WEEK)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, null=True, blank=True)
    nth = models.SmallIntegerField(choices=Nth, null=True, blank=True)
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    since = models.DateField(null=True, blank=True)  # of a fortnight: the first; of once: the day
    until = models.DateField(null=True, blank=True)
    term_time_only = models.BooleanField(default=False)
    bank_holidays = models.BooleanField(default=False)  # held on them too
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="schedule_closes_after_it_opens",
                condition=Q(opens__isnull=True) | Q(closes__isnull=True) | Q(opens__lt=F("closes")),
            ),
            models.CheckConstraint(
                name="schedule_ends_after_it_begins",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(since__lte=F("until")),
            ),
            models.CheckConstraint(
                name="schedule_has_what_it_needs",
                condition=Q(every="week", weekday__isnull=False, nth__isnull=True)
                | Q(every="fortnight", weekday__isnull=False, since__isnull=False, nth__isnull=True)
                | Q(every="month_day", weekday__isnull=False, nth__isnull=False)
                | Q(every="once", since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_every_display()} {self.opens}"


@track()
class NotHeld(models.Model):
    """A day on which a service is not held although its schedule says so."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="not_held")
    day = models.DateField()
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "day"], name="not_held_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class Term(models.Model):
    """A word of a list that services are sorted by. The feed's taxonomy_term."""

    class Taxonomy(models.TextChoices):
        CATEGORY = "category", "What it is"
        TARGET = "target", "Who it is for"

    uid = _uid()
    taxonomy = models.CharField(max_length=10, choices=Taxonomy)
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300)  # the feed must have one
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="below")
    # Other words for it: who types "children's centre" finds "family hub".
    synonyms = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["taxonomy", "code"], name="term_code_once"),
        ]
        ordering = ["taxonomy", "order", "name"]

    def __str__(self) -> str:
        return self.name


@track()
class Tag(models.Model):
    """A service is sorted under a term. The feed's attribute."""

    uid = _uid()
    service = models.ForeignKey(Service, models.CASCADE, related_name="tags")
    term = models.ForeignKey(Term, models.PROTECT, related_name="tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "term"], name="tag_once")]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.term_id}"


class SameMeaning(models.Model):
    """Words that mean the same to somebody who looks for help: "children's centre", "family hub"."""

    words = ArrayField(models.CharField(max_length=80))

    def __str__(self) -> str:
        return ", ".join(self.words)


class Word(models.Model):
    """A word that stands in a published service: what a slip of the keyboard is compared with."""

    word = models.CharField(max_length=60, primary_key=True)
    stem = models.CharField(max_length=60, db_index=True)

    class Meta:
        indexes = [GinIndex(fields=["word"], name="word_trigrams", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word


class SchoolTerm(models.Model):
    """A stretch of days in which schools are open, for what is held in term time only."""

    name = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField()

    class Meta:
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                name="school_term_ends_after_it_begins", condition=Q(since__lte=F("until"))
            ),
            ExclusionConstraint(
                name="school_terms_do_not_overlap",
                expressions=[
                    (
                        Func(
                            "since",
                            "until",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        "&&",
                    )
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.since:%-d %B %Y} to {self.until:%-d %B %Y}"

    def __contains__(self, day: date) -> bool:
        return self.since <= day <= self.until
