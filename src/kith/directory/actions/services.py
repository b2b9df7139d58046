"""Services, those who give them, where and when; and that somebody has said they are true."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from kith.accounts.actions import end_links
from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.audit.actions import fields_of, record
from kith.directory.actions.assuring import said_true
from kith.directory.actions.refusals import DirectoryRefused
from kith.directory.assured import LINK
from kith.directory.models import (
    NotHeld,
    Place,
    Provider,
    Schedule,
    Service,
    ServiceAtPlace,
    Tag,
    Term,
)
from kith.directory.permissions import may_keep_directory
from kith.hubs.models import Hub
from kith.places.grid import to_degrees
from kith.places.queries import find_postcode

SERVICE = (
    "name", "also_called", "description", "url", "email", "phone", "status", "alert", "from_months",
    "to_months", "who_for", "not_for", "route", "how_to_ask", "taking", "taking_until", "free", "cost",
    "languages", "interpreters", "accreditations", "area_names", "professional_only", "published",
)  # fmt: skip
PROVIDER = ("name", "description", "website", "email", "charity_number", "keeper_email")
PLACE = ("name", "kind", "shown", "hub", "address", "town", "postcode", "transport", "access")
SCHEDULE = (
    "every", "weekday", "nth", "opens", "closes", "since", "until", "term_time_only", "bank_holidays",
    "words",
)  # fmt: skip


@dataclass(frozen=True)
class Giver:
    """What is said of whoever gives services."""

    name: str
    description: str
    website: str = ""
    email: str = ""
    charity_number: str = ""
    keeper_email: str = ""


@transaction.atomic
def write_provider(
    *, details: Giver, known: Provider | None = None, by: User, at: datetime
) -> Provider:
    """Add somebody who gives services, or change what is said. Raises PermissionDenied or
    DirectoryRefused."""
    may_keep_directory(by).or_raise()
    same = Provider.objects.filter(name__iexact=details.name)
    if (same.exclude(pk=known.pk) if known else same).exists():
        raise DirectoryRefused("There is a provider of this name already. Choose it.", "name")
    provider = known or Provider()
    before = fields_of(provider, PROVIDER) if known else {}
    for name in PROVIDER:
        setattr(provider, name, getattr(details, name))
    provider.save()
    after = fields_of(provider, PROVIDER)
    if known and before["keeper_email"] != after["keeper_email"]:
        end_links(purpose=LINK, subject_id=provider.pk, at=at)  # another mailbox had them
    record("directory.provider_written", subject=provider, by=by, at=at, before=before, after=after)
    return provider


@dataclass(frozen=True)
class Told:
    """What is said of a service; ages are in months, both ends included."""

    provider: Provider
    name: str
    description: str
    terms: tuple[Term, ...]
    also_called: str = ""
    url: str = ""
    email: str = ""
    phone: str = ""
    status: str = "active"
    alert: str = ""
    from_months: int | None = None
    to_months: int | None = None
    who_for: str = ""
    not_for: str = ""
    route: str = "contact"
    how_to_ask: str = ""
    taking: str = "open"
    taking_until: date | None = None
    free: bool | None = None
    cost: str = ""
    languages: tuple[str, ...] = ()
    interpreters: str = ""
    accreditations: str = ""
    area_names: tuple[str, ...] = ()
    professional_only: bool = False
    published: bool = False


@transaction.atomic
def write_service(
    *, details: Told, known: Service | None = None, by: User, at: datetime
) -> Service:
    """Add a service, or change what is said of it: whoever does has checked it today.

    Raises PermissionDenied or DirectoryRefused.
    """
    may_keep_directory(by).or_raise()
    check(details, timezone.localdate(at))
    service = known or Service()
    if known is not None:
        service = Service.objects.select_for_update().get(pk=known.pk)
    if service.told_by is not None and details.published:
        raise DirectoryRefused(
            f"It stood twice, and {service.told_by} tells of it now. Part them before you publish it."
        )
    before = fields_of(service, SERVICE) | {"terms": _terms(service)} if known else {}
    service.provider = details.provider
    for name in SERVICE:
        value = getattr(details, name)
        setattr(service, name, list(value) if isinstance(value, tuple) else value)
    service.assured_on, service.hidden_on = timezone.localdate(at), None
    service.assured_by, service.assurer_email = _who(by)
    service.save()
    had = {tag.term_id: tag for tag in service.tags.all()}
    for term in details.terms:
        if not had.pop(term.pk, None):
            Tag.objects.create(service=service, term=term)
    for tag in had.values():
        tag.delete()
    after = fields_of(service, SERVICE) | {"terms": _terms(service)}
    record("directory.service_written", subject=service, by=by, at=at, before=before, after=after)
    return service


def check(told: Told, today: date) -> None:
    """Refuse what cannot be said of a service. Raises DirectoryRefused."""
    if not told.terms:
        raise DirectoryRefused("Choose at least one kind of help, so that it is found.", "kinds")
    if (
        told.from_months is not None
        and told.to_months is not None
        and told.from_months > told.to_months
    ):
        raise DirectoryRefused("The oldest age is below the youngest.", "oldest")
    if told.status == Service.Status.CLOSED and not told.alert:
        raise DirectoryRefused(
            "Enter why it is closed for now, and until when if that is known.", "alert"
        )
    if told.taking_until is not None and told.taking_until < today:
        raise DirectoryRefused("Enter a day to come.", "taking_until")
    if (
        told.published
        and not (told.phone or told.email or told.url)
        and told.route == Service.Route.CONTACT
    ):
        raise DirectoryRefused(
            "Enter a telephone number, e-mail address or website to contact.", "phone"
        )


def _who(by: User) -> tuple[str, str]:
    """Return who has checked an entry, as everybody reads it, and their mailbox: the team's, never
    the person's."""
    keeps = (Permission.DIRECTORY_EDIT_ALL, Permission.DIRECTORY_EDIT)
    teams = [one.team for one in by.current_memberships()]
    return next(
        ((str(team), team.email) for held in keeps for team in teams if by.can(held, in_team=team)),
        ("", ""),
    )


def _terms(service: Service) -> list[str]:
    return sorted(tag.term.name for tag in service.tags.select_related("term"))


@transaction.atomic
def assure(*, service: Service, by: User, at: datetime) -> Service:
    """Say that what stands of a service is true today."""
    may_keep_directory(by).or_raise()
    service = Service.objects.select_for_update().get(pk=service.pk)
    before = {"assured_on": service.assured_on, "hidden_on": service.hidden_on}
    who, mailbox = _who(by)
    said_true(service, who=who, mailbox=mailbox, today=timezone.localdate(at))
    after = {"assured_on": service.assured_on}
    record("directory.assured", subject=service, by=by, at=at, before=before, after=after)
    return service


@dataclass(frozen=True)
class Where:
    """What is said of a place. What may not be known of it is not kept."""

    name: str
    kind: str
    shown: str
    address: str = ""
    town: str = ""
    postcode: str = ""
    transport: str = ""
    access: tuple[str, ...] = ()
    hub: Hub | None = None


@transaction.atomic
def write_place(*, details: Where, known: Place | None = None, by: User, at: datetime) -> Place:
    """Add a place, or change what is said. Its point on the map is as exact as everybody may know it.

    Raises PermissionDenied, DirectoryRefused, NotAPostcode or NotInTheCounty.
    """
    may_keep_directory(by).or_raise()
    place = known or Place()
    before = fields_of(place, PLACE) if known else {}
    check_place(details)
    # Of an area's place half the postcode is kept: what did not change is not looked up again.
    stays = known is not None and (known.shown, known.postcode) == (details.shown, details.postcode)
    for name in PLACE:
        value = getattr(details, name)
        setattr(place, name, list(value) if isinstance(value, tuple) else value)
    if not stays:
        put_on_the_map(place)
    place.save()
    after = fields_of(place, PLACE)
    record("directory.place_written", subject=place, by=by, at=at, before=before, after=after)
    return place


def check_place(details: Where) -> None:
    """Refuse what cannot be said of a place. Raises DirectoryRefused."""
    shown, online = Place.Shown(details.shown), details.kind == Place.Kind.ONLINE
    if shown == Place.Shown.NEVER and (details.address or details.postcode or details.town):
        raise DirectoryRefused(
            "Of a place that is never shown nothing is kept by which it could be found. Leave out "
            "address, town and postcode.",
            "address",
        )
    if shown in (Place.Shown.FULL, Place.Shown.AREA) and not online and not details.postcode:
        raise DirectoryRefused("Enter the postcode, so that people near it find it.", "postcode")


def put_on_the_map(place: Place) -> None:
    """Give a place the point that everybody may know: its own, its area's middle, or none."""
    place.easting = place.northing = place.latitude = place.longitude = None
    if not place.postcode or place.shown not in (Place.Shown.FULL, Place.Shown.AREA):
        return
    postcode = find_postcode(place.postcode)
    place.postcode = str(postcode)
    if place.shown == Place.Shown.FULL:
        place.easting, place.northing = postcode.easting, postcode.northing
        place.latitude, place.longitude = postcode.latitude, postcode.longitude
        return
    middle = postcode.neighbourhood
    place.postcode = str(postcode).split(" ")[0]
    place.easting, place.northing = middle.easting, middle.northing
    longitude, latitude = to_degrees(middle.easting, middle.northing)
    place.latitude, place.longitude = round(float(latitude), 2), round(float(longitude), 2)


@transaction.atomic
def hold_at(
    *, service: Service, place: Place, words: str = "", by: User, at: datetime
) -> ServiceAtPlace:
    """Say that a service is given at a place. Once is enough: again changes the words."""
    may_keep_directory(by).or_raise()
    held, _ = ServiceAtPlace.objects.update_or_create(
        service=service, place=place, defaults={"words": words}
    )
    record(
        "directory.held_at", subject=service, by=by, at=at, after={"place": place, "words": words}
    )
    return held


@transaction.atomic
def leave_place(*, held: ServiceAtPlace, by: User, at: datetime) -> None:
    """Say that a service is not given at a place any more; its times there go with it."""
    may_keep_directory(by).or_raise()
    record("directory.left_place", subject=held.service, by=by, at=at, before={"place": held.place})
    held.delete()


@dataclass(frozen=True)
class Times:
    """When a service is held, as a person says it."""

    every: str
    weekday: int | None = None
    nth: int | None = None
    opens: time | None = None
    closes: time | None = None
    since: date | None = None
    until: date | None = None
    term_time_only: bool = False
    bank_holidays: bool = False
    words: str = ""


@transaction.atomic
def write_schedule(
    *, service: Service, details: Times, held: ServiceAtPlace | None = None,
    known: Schedule | None = None, by: User, at: datetime,
) -> Schedule:  # fmt: skip
    """Say when a service is held, at a place of it or wherever it is. Raises PermissionDenied or
    DirectoryRefused."""
    may_keep_directory(by).or_raise()
    check_times(details)
    schedule = known or Schedule(service=service)
    before = fields_of(schedule, SCHEDULE) if known else {}
    for name in SCHEDULE:
        setattr(schedule, name, getattr(details, name))
    schedule.at_place = held
    if schedule.every == Schedule.Every.ONCE:
        schedule.weekday = schedule.nth = schedule.until = None
    if schedule.every != Schedule.Every.MONTH_DAY:
        schedule.nth = None
    schedule.save()
    after = fields_of(schedule, SCHEDULE)
    record("directory.times_written", subject=service, by=by, at=at, before=before, after=after)
    return schedule


def check_times(details: Times) -> None:
    """Refuse what cannot be said of times. Raises DirectoryRefused."""
    every = Schedule.Every
    if details.every != every.ONCE and details.weekday is None:
        raise DirectoryRefused("Choose the day of the week.", "weekday")
    if details.every == every.MONTH_DAY and details.nth is None:
        raise DirectoryRefused("Choose which one of the month.", "nth")
    if details.every in (every.FORTNIGHT, every.ONCE) and details.since is None:
        words = (
            "the day" if details.every == every.ONCE else "the first day, to count the weeks from"
        )
        raise DirectoryRefused(f"Enter {words}.", "since")
    if (
        details.every == every.FORTNIGHT
        and details.since
        and details.since.weekday() != details.weekday
    ):
        raise DirectoryRefused(
            f"{details.since:%-d %B %Y} is a {details.since:%A}. Enter one of the days on which it "
            "is held.",
            "since",
        )
    if details.opens and details.closes and details.closes <= details.opens:
        raise DirectoryRefused("It ends before it begins.", "closes")
    if details.since and details.until and details.until < details.since:
        raise DirectoryRefused("The last day is before the first.", "until")


@transaction.atomic
def drop_schedule(*, schedule: Schedule, by: User, at: datetime) -> None:
    """Say that a service is not held at a time any more."""
    may_keep_directory(by).or_raise()
    before = fields_of(schedule, SCHEDULE)
    record("directory.times_dropped", subject=schedule.service, by=by, at=at, before=before)
    schedule.delete()


@transaction.atomic
def call_off(*, schedule: Schedule, day: date, words: str = "", by: User, at: datetime) -> NotHeld:
    """Say that a service is not held on one day. Raises PermissionDenied or DirectoryRefused."""
    may_keep_directory(by).or_raise()
    if day < timezone.localdate(at):
        raise DirectoryRefused("Enter today or a day to come.", "day")
    away, _ = NotHeld.objects.update_or_create(
        schedule=schedule, day=day, defaults={"words": words}
    )
    after = {"day": day, "words": words}
    record("directory.called_off", subject=schedule.service, by=by, at=at, after=after)
    return away


@transaction.atomic
def hold_after_all(*, schedule: Schedule, but: Iterable[str], by: User, at: datetime) -> None:
    """Say that a service is held after all on the days to come that were called off, but for some, as
    ISO dates. What is past stays. Raises PermissionDenied."""
    may_keep_directory(by).or_raise()
    off = NotHeld.objects.filter(schedule=schedule, day__gte=timezone.localdate(at))
    for away in off.exclude(day__in=list(but)):
        before = {"day": away.day, "words": away.words}
        record("directory.held_after_all", subject=schedule.service, by=by, at=at, before=before)
        away.delete()
