"""Reading the directory. What is published is for everybody; only those who keep it read the rest."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Count, DateField, F, Func, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL

from kith.accounts.actions import hash_of
from kith.accounts.models import OneTimeLink, Team
from kith.analytics.assurance import AHEAD, TERM_MONTHS, Stage, Standing, Step, standing
from kith.analytics.days import months_after
from kith.analytics.indicators import Indicator
from kith.audit.lists import kept
from kith.directory.models import (
    Access,
    Asking,
    Brought,
    CoreOffer,
    HidingRule,
    NotHeld,
    NotOffered,
    Offering,
    Place,
    Provider,
    Reading,
    ReadRecord,
    Remark,
    SameMeaning,
    SchoolTerm,
    Service,
    ServiceAtPlace,
    ServiceFile,
    Source,
    SourceTerm,
    Term,
)
from kith.directory.times import LOOK_AHEAD, Calendar, in_words
from kith.hubs.calendar import closed_days
from kith.hubs.models import Hub

MOST_ABSENT = 3  # told above what was found
PLAIN = re.compile(r"[^\W_]+")
LINK = "directory.provider"  # what the links open that providers are sent
HIDE_MONTHS = 6  # unless the county has set something else
MOST_DIFFERENCES = 200  # shown at a time, of what was changed both here and elsewhere
TERMS_AHEAD = 92  # days before the last known school term ends, the next are asked for

# Figures by hub, by which a standard can be measured or a local need shown. The shell, which knows
# every room's figures, writes them here as it starts.
FIGURES: dict[str, Indicator] = {}


def figure_names(*, shares_only: bool) -> list[tuple[str, str]]:
    """Return the figures to choose from, by name: key and name. A standard is a share of something."""
    return sorted(
        (
            (key, figure.name)
            for key, figure in FIGURES.items()
            if figure.kind == "share" or not shares_only
        ),
        key=lambda pair: pair[1],
    )


# Open Referral UK asks for a check every three months: the last day of them.
DUE_ON = Func(
    F("assured_on"),
    template=f"(%(expressions)s + interval '{TERM_MONTHS} months')::date",
    output_field=DateField(),
)


def published() -> QuerySet[Service]:
    """Return the services that everybody may read."""
    return Service.objects.filter(published=True, professional_only=False).select_related(
        "provider"
    )


def find_published(uid: UUID, *, professional: bool = False) -> Service | None:
    """Return a published service with all that is told with it; None where there is none."""
    services = Service.objects.filter(published=True) if professional else published()
    return (
        services.filter(uid=uid)
        .select_related("provider")
        .prefetch_related(
            "at_places__place__hub__team", "schedules__not_held", "tags__term__parent"
        )
        .first()
    )


def find_service(uid: UUID) -> Service | None:
    """Return a service of any state by its number that never changes; None where there is none."""
    return Service.objects.filter(uid=uid).first()


def for_families(months: tuple[int, int] | None = None) -> QuerySet[Service]:
    """Return what everybody may use now, with all that a leaflet tells of it; `months`: for children of
    any age between these two, both included."""
    found = published().filter(status__in=[Service.Status.ACTIVE, Service.Status.CLOSED])
    if months:
        first, last = months
        found = found.filter(
            Q(from_months__isnull=True) | Q(from_months__lte=last),
            Q(to_months__isnull=True) | Q(to_months__gte=first),
        )
    return found.prefetch_related("schedules", "at_places__place", "tags__term__parent").order_by(
        "name", "pk"
    )


@kept
def terms(taxonomy: str) -> QuerySet[Term]:
    """Return the terms of a list that are in use, each with the one above it."""
    return Term.objects.filter(taxonomy=taxonomy, active=True).select_related("parent")


def terms_to_choose(taxonomy: str) -> list[tuple[str, object]]:
    """Return a list of terms for a choice: those below another stand in its group."""
    found = list(terms(taxonomy))
    below: dict[int, list[Term]] = {}
    for term in found:
        if term.parent_id:
            below.setdefault(term.parent_id, []).append(term)
    choices: list[tuple[str, object]] = []
    for term in found:
        if term.parent_id:
            continue
        if term.pk in below:
            all_of_it = (term.code, f"Anything: {term.name[0].lower()}{term.name[1:]}")
            choices.append(
                (term.name, [all_of_it, *[(one.code, one.name) for one in below[term.pk]]])
            )
        else:
            choices.append((term.code, term.name))
    return choices


def all_terms(taxonomy: str) -> list[Term]:
    """Return a whole list, also what is retired, each with how many services use it: every heading, and
    after it what stands below."""
    counted = Term.objects.filter(taxonomy=taxonomy).annotate(uses=Count("tags"))
    found = list(counted.select_related("parent").order_by("order", "name", "pk"))
    return [
        term
        for above in found
        if above.parent_id is None
        for term in (above, *(one for one in found if one.parent_id == above.pk))
    ]


def term_called(uid: UUID) -> Term | None:
    """Return a term, with how many services use it."""
    counted = Term.objects.filter(uid=uid).annotate(uses=Count("tags"))
    return counted.select_related("parent").first()


def same_meanings() -> QuerySet[SameMeaning]:
    """Return the lines of words that mean the same."""
    return SameMeaning.objects.order_by("words", "pk")


def school_terms_written() -> QuerySet[SchoolTerm]:
    """Return the school terms, the last first."""
    return SchoolTerm.objects.order_by("-since")


def school_terms_end(today: date) -> date | None:
    """Return the last day for which school terms are known, where that is so near that the next year's
    should be written; today where none are known at all. None: there is time."""
    last = max((until for _, until in school_terms()), default=today)
    return last if last < today + timedelta(days=TERMS_AHEAD) else None


@kept
def _languages() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct unnest(languages) from directory_service "
            "where published and not professional_only order by 1"
        )
        return [name for (name,) in cursor.fetchall()]


def languages() -> list[str]:
    """Return the languages in which something is given, by name."""
    return list(_languages())


@kept
def school_terms() -> tuple[tuple[date, date], ...]:
    """Return the stretches of days in which schools are open, each with its first and last day."""
    return tuple(SchoolTerm.objects.order_by("since").values_list("since", "until"))


def calendar(today: date, schedules: Iterable[int]) -> Calendar:
    """Return what some schedules need to know of the coming months."""
    until = today + timedelta(days=LOOK_AHEAD)
    away = NotHeld.objects.filter(schedule__in=list(schedules), day__range=(today, until))
    return Calendar(
        terms=school_terms(),
        closed=closed_days(),
        not_held=frozenset(away.values_list("schedule", "day")),
    )


@dataclass(frozen=True)
class Freshness:
    """How long ago it was checked that an entry is true."""

    words: str
    stale: bool


def freshness(service: Service, today: date) -> Freshness:
    """Say when an entry was checked last, and whether that is too long ago to rely on it."""
    if service.assured_on is None:
        return Freshness("Nobody has checked this yet", True)
    relied_on_until = months_after(service.assured_on, TERM_MONTHS)
    ago = _ago((today - service.assured_on).days)
    return Freshness(f"Checked {ago}", today > relied_on_until)


def _ago(days: int) -> str:
    if days < 1:
        return "today"
    if days < 14:
        return "yesterday" if days == 1 else f"{days} days ago"
    if days < 60:
        return f"{days // 7} weeks ago"
    return f"{days // 30} months ago" if days < 730 else f"{days // 365} years ago"


def access_in_words(place: Place) -> list[str]:
    """Return what lets everybody into a place, in words."""
    return [Access(code).label for code in place.access if code in Access.values]


# The offer of the hubs


def offer_in_force(on: date) -> CoreOffer | None:
    """Return the version of the core offer that is in force on a day; None where none is yet."""
    agreed = CoreOffer.objects.filter(state=CoreOffer.State.AGREED, in_force_from__lte=on)
    return agreed.order_by("in_force_from").prefetch_related("items").last()


def offers() -> QuerySet[CoreOffer]:
    """Return all versions, the newest first."""
    return CoreOffer.objects.select_related("made_by").prefetch_related("items")


def offer_called(version: int) -> CoreOffer | None:
    """Return a version by its number."""
    return offers().filter(version=version).first()


def offerings() -> QuerySet[Offering]:
    """Return how the hubs stand to all that they offer or do not."""
    return Offering.objects.select_related("owner", "service__provider", "instead_service")


def core_standings() -> dict[tuple[str, int], Offering]:
    """Return how hubs stand to the core offer, by the item's code and the hub's number."""
    return {(one.core_code, one.hub_id): one for one in offerings().exclude(core_code="")}


def local_offer(hub: Hub) -> QuerySet[Offering]:
    """Return what a hub offers beyond the core, as far as it is read, each with the need it answers."""
    found = offerings().filter(core_code="", hub=hub, service__in=published())
    return found.order_by("service__name", "pk")


def not_offered(on: date) -> QuerySet[NotOffered]:
    """Return what is not offered on a day, with what there is instead."""
    return (
        NotOffered.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
        .select_related("hub__team")
        .prefetch_related(Prefetch("services", published()))
        .order_by("title", "pk")
    )


def not_offered_for(words: str, on: date) -> list[NotOffered]:
    """Return what is not offered of that which somebody looks for, by any word of its names."""
    typed = {word for word in PLAIN.findall(words.lower().replace("’", "'")) if len(word) > 3}
    if not typed:
        return []
    named = RawSQL(
        "to_tsvector('english', directory_notoffered.title || ' ' || "
        "array_to_string(directory_notoffered.synonyms, ' ')) @@ websearch_to_tsquery('english', %s)",
        [" OR ".join(sorted(typed))],
        output_field=BooleanField(),
    )
    return list(not_offered(on).filter(named)[:MOST_ABSENT])


def not_offered_called(uid: UUID) -> NotOffered | None:
    """Return something that is not, or was not, offered."""
    return NotOffered.objects.filter(uid=uid).select_related("hub__team").first()


# For those who keep it


def listed(*, text: str = "", only: str = "", today: date) -> QuerySet[Service]:
    """Return services for a list, by name. `only`: stale (not checked for long), drafts, or ended."""
    found = Service.objects.select_related("provider").order_by("name", "pk")
    ended = [Service.Status.DEFUNCT, Service.Status.INACTIVE]
    match only:
        case "stale":
            found = found.annotate(due_on=DUE_ON)
            found = found.filter(
                Q(assured_on__isnull=True) | Q(due_on__lt=today), published=True
            ).order_by(F("assured_on").asc(nulls_first=True), "name", "pk")
        case "drafts":
            found = found.filter(published=False, hidden_on=None)
        case "ended":
            found = found.filter(status__in=ended)
        case _:
            found = found.exclude(status__in=ended)
    return named(found, text)


def named(found: QuerySet[Service], text: str) -> QuerySet[Service]:
    """Return those of some services whose name, provider or place has all words."""
    for word in text.replace("\0", " ").split()[:8]:
        held = ServiceAtPlace.objects.filter(place__name__icontains=word).values("service")
        found = found.filter(
            Q(name__icontains=word) | Q(provider__name__icontains=word) | Q(pk__in=held)
        )
    return found


# Keeping it true


def hide_months() -> int | None:
    """Return after how many months nobody reads what nobody confirmed; None: never."""
    rule = HidingRule.objects.first()
    return rule.months if rule else HIDE_MONTHS


def kept_services() -> QuerySet[Service]:
    """Return the services that must be true: those that run and are read, or were until they were
    hidden; each with all that is told with it."""
    return (
        Service.objects.filter(
            Q(published=True) | Q(hidden_on__isnull=False),
            status__in=[Service.Status.ACTIVE, Service.Status.CLOSED],
        )
        .select_related("provider")
        .prefetch_related(
            Prefetch(
                "at_places",
                ServiceAtPlace.objects.select_related("place__hub__team").order_by("pk"),
            ),
            "schedules",
            "askings",
        )
    )


def to_check(today: date, only: str = "") -> QuerySet[Service]:
    """Return the services that must be confirmed within a fortnight, or should have been, the oldest
    first. `only`: due, overdue or hidden."""
    found = kept_services().annotate(due_on=DUE_ON)
    overdue = Q(assured_on__isnull=True) | Q(due_on__lt=today)
    match only:
        case Stage.HIDDEN:
            found = found.filter(hidden_on__isnull=False)
        case Stage.OVERDUE:
            found = found.filter(overdue, hidden_on=None)
        case Stage.DUE:
            found = found.filter(due_on__gte=today, due_on__lte=today + AHEAD, hidden_on=None)
        case _:
            found = found.filter(
                overdue | Q(due_on__lte=today + AHEAD) | Q(hidden_on__isnull=False)
            )
    return found.order_by(F("assured_on").asc(nulls_first=True), "name", "pk")


def needs_checking(service: Service, today: date) -> bool:
    """Say whether a service must be confirmed within a fortnight, or should have been."""
    return to_check(today).filter(pk=service.pk).exists()


def to_check_at(hub: Hub, found: QuerySet[Service]) -> QuerySet[Service]:
    """Return those of some services that a hub keeps, as they are given at a place of its."""
    return found.filter(pk__in=ServiceAtPlace.objects.filter(place__hub=hub).values("service"))


def standing_of(service: Service, today: date, months: int | None, desk: Team | None) -> Standing:
    """Say how an entry stands, and what is to be done about it. Where nobody can be warned, as
    neither its provider nor the team that keeps it has a mailbox, it is never hidden."""
    team = team_of(service, desk)
    if not service.provider.keeper_email and not (team and team.email):
        months = None
    return standing(
        today,
        checked_on=service.assured_on,
        steps=frozenset((Step(one.step), one.on) for one in service.askings.all()),
        hidden=service.hidden_on is not None,
        hide_months=months,
    )


def desk_team() -> Team | None:
    """Return the team that keeps whatever is of no hub."""
    return Team.objects.filter(kind=Team.Kind.DESK, active=True).order_by("pk").first()


def team_of(service: Service, desk: Team | None) -> Team | None:
    """Return who keeps an entry: the hub at a place of which it is given, else the county desk."""
    hubs = (held.place.hub for held in service.at_places.all())
    return next((hub.team for hub in hubs if hub and hub.team.active), desk)


def asked_of(service: Service) -> list[Asking]:
    """Return what was done about an entry since somebody last said that it is true."""
    since = service.assured_on or date.min
    return sorted(
        (one for one in service.askings.all() if one.on > since), key=lambda one: (one.on, one.pk)
    )


def provider_opened(number: int) -> Provider | None:
    """Return the provider that a private link opens."""
    return Provider.objects.filter(pk=number).first()


def provider_of_link(secret: str) -> Provider | None:
    """Return the provider to whom a link was sent, whether it still opens anything or not."""
    links = OneTimeLink.objects.filter(secret_hash=hash_of(secret), purpose=LINK)
    number = links.values_list("subject_id", flat=True).first()
    return provider_opened(number) if number else None


def kept_by(provider: Provider) -> QuerySet[Service]:
    """Return what a provider gives, which must be true, by name."""
    return kept_services().filter(provider=provider).order_by("name", "pk")


# What people say about entries


def remarks(
    *, state: str = "", owner: int | None = None, hub: Hub | None = None
) -> QuerySet[Remark]:
    """Return what was said about entries, the newest first. `state`: "" what is open, done, or all."""
    found = Remark.objects.select_related("service__provider", "owner")
    if state != "all":
        found = found.filter(state=state or Remark.State.OPEN)
    if owner is not None:
        found = found.filter(owner=owner)
    if hub is not None:
        here = ServiceAtPlace.objects.filter(place__hub=hub).values("service")
        found = found.filter(service__in=here)
    return found.order_by("-made_at", "-pk")


def remarks_on(service: Service) -> QuerySet[Remark]:
    """Return what was said about an entry and is still open, the newest first."""
    return remarks().filter(service=service)


def remark_numbered(number: int) -> Remark | None:
    """Return something that was said about an entry."""
    return remarks(state="all").select_related("done_by").filter(pk=number).first()


def changes_told(services: Iterable[Service]) -> dict[int, datetime]:
    """Return when providers told last of a change that nobody has seen to, by the service's number."""
    told = remarks().filter(service__in=list(services), topic=Remark.Topic.CHANGED)
    return dict(told.order_by("made_at", "pk").values_list("service", "made_at"))


def service_kept(uid: UUID) -> Service | None:
    """Return a service, published or not, with all that is told with it."""
    return (
        Service.objects.filter(uid=uid)
        .select_related("provider")
        .prefetch_related("at_places__place", "schedules__not_held", "tags__term")
        .first()
    )


def providers() -> QuerySet[Provider]:
    """Return those who give services, by name."""
    return Provider.objects.order_by("name", "pk")


def places() -> QuerySet[Place]:
    """Return the places where services are given, by name."""
    return Place.objects.order_by("name", "town", "pk")


def place_called(uid: UUID) -> Place | None:
    """Return a place."""
    return Place.objects.filter(uid=uid).select_related("hub__team").first()


def provider_called(uid: UUID) -> Provider | None:
    """Return somebody who gives services."""
    return Provider.objects.filter(uid=uid).first()


def history_of(service: Service) -> list[tuple[datetime, int | None, list[tuple[str, str, str]]]]:
    """Return what was changed of a service, the newest first: when, by whom (their number), and each
    field with what it said before and then."""
    events = list(Service.pgh_event_model.objects.filter(pgh_obj=service.pk).order_by("pgh_id"))  # type: ignore[attr-defined]
    found = []
    for before, after in itertools.pairwise(events):
        changes = [
            (
                str(field.verbose_name),
                str(getattr(before, field.attname)),
                str(getattr(after, field.attname)),
            )
            for field in Service._meta.concrete_fields
            if hasattr(before, field.attname)
            and getattr(before, field.attname) != getattr(after, field.attname)
        ]
        if changes:
            found.append((after.pgh_created_at, after.pgh_by, changes))
    return found[::-1]


# Other directories


def sources() -> QuerySet[Source]:
    """Return the other directories whose feeds are read, by name."""
    return Source.objects.order_by("name", "pk")


def source_called(uid: UUID) -> Source | None:
    """Return another directory."""
    return Source.objects.filter(uid=uid).first()


def source_of(service: Service) -> Source | None:
    """Return the other directory from which a service came; None for one of our own."""
    return Source.objects.filter(address=service.source).first() if service.source else None


def daily_sources() -> list[Source]:
    """Return the directories that are read daily, and are not being read now."""
    at_work = Reading.objects.filter(job__state__in=["waiting", "running"]).values("source")
    return list(Source.objects.filter(daily=True).exclude(pk__in=at_work).order_by("pk"))


def readings(source: Source) -> QuerySet[Reading]:
    """Return the times that a directory was read, the newest first."""
    return source.readings.select_related("job", "by").order_by("-at", "-pk")


def reading_numbered(number: int) -> Reading | None:
    """Return one time that a directory was read."""
    return Reading.objects.filter(pk=number).select_related("source", "job").first()


def records_of(reading: Reading, outcome: str = "") -> QuerySet[ReadRecord]:
    """Return what became of each service of a feed; of one outcome where that is named."""
    found = reading.records.select_related("service").order_by("number")
    return found.filter(outcome=outcome) if outcome in ReadRecord.Outcome.values else found


def outcomes_of(reading: Reading) -> dict[str, int]:
    """Return how many services came to each outcome, but for those that stay as they were."""
    return dict(
        reading.records.order_by("outcome").values_list("outcome").annotate(count=Count("pk"))
    )


OUTCOMES = ReadRecord.Outcome.choices


def source_terms(source: Source) -> QuerySet[SourceTerm]:
    """Return the terms of another directory, those used most first, with ours that they mean."""
    return source.terms.select_related("term").order_by("-count", "name", "pk")


@dataclass(frozen=True)
class Difference:
    """A field that was changed there, and here by hand."""

    brought: Brought
    thing: Service | Provider | Place
    field: str
    ours: str
    theirs: str


def differences(source: Source) -> list[Difference]:
    """Return what was changed both there and here, and that nobody has settled yet."""
    models: dict[str, Any] = {"service": Service, "provider": Provider, "place": Place}
    found = []
    for one in source.brought.exclude(differs={}).order_by("kind", "key")[:MOST_DIFFERENCES]:
        thing = models[one.kind].objects.filter(source=source.address, source_id=one.key).first()
        if thing is not None:
            found += [
                Difference(
                    one, thing, name, _ours_in_words(thing, name), _theirs_in_words(name, theirs)
                )
                for name, theirs in sorted(one.differs.items())
            ]
    return found


def _ours_in_words(thing: Any, name: str) -> str:
    match name:
        case "held":
            return ", ".join(str(one.place) for one in thing.at_places.select_related("place"))
        case "times":
            return "; ".join(in_words(one) for one in thing.schedules.all())
        case "terms":
            return ", ".join(tag.term.name for tag in thing.tags.select_related("term"))
    value = getattr(thing, name, None)
    return _theirs_in_words(name, str(value) if isinstance(value, (Provider, Place)) else value)


def _theirs_in_words(name: str, value: Any) -> str:
    """Return a value as it came, in words; places and times by how many they are."""
    if name in ("held", "times"):
        return f"{len(value)} {'places' if name == 'held' else 'times'}"
    if isinstance(value, list):
        return ", ".join(str(one).rpartition("/")[2] for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def brought_numbered(source: Source, number: int) -> Brought | None:
    """Return what a directory said last of something that came from it."""
    return source.brought.filter(pk=number).first()


# Services in a spreadsheet


def service_files() -> QuerySet[ServiceFile]:
    """Return the tables of services that were sent, the newest first, without what stands in them."""
    return ServiceFile.objects.select_related("by", "job").defer("content").order_by("-at", "-pk")


def service_file(uid: UUID) -> ServiceFile | None:
    """Return a table of services."""
    return service_files().filter(uid=uid).first()


def service_file_numbered(number: int) -> ServiceFile | None:
    """Return a table of services, with what stands in it."""
    return ServiceFile.objects.filter(pk=number).select_related("by", "team").first()
