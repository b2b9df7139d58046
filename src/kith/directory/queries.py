"""Reading the directory. What is published is for everybody; only those who keep it read the rest."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Count, DateField, F, Func, Min, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.timezone import localdate, make_aware
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kith.analytics.assurance import AHEAD, TERM_MONTHS
from kith.analytics.days import months_after
from kith.analytics.indicators import Indicator
from kith.audit.lists import kept
from kith.directory import spoken
from kith.directory.models import (
    Access,
    CoreItem,
    CoreOffer,
    KeptBoard,
    NotFound,
    NotHeld,
    NotOffered,
    Offering,
    Place,
    Provider,
    SameMeaning,
    Schedule,
    SchoolTerm,
    Service,
    ServiceAtPlace,
    Term,
)
from kith.directory.times import LOOK_AHEAD, Calendar, held_on
from kith.hubs.calendar import closed_days
from kith.hubs.models import Hub

MOST_ABSENT = 3  # told above what was found
PLAIN = re.compile(r"[^\W_]+")
TERMS_AHEAD = 92  # days before the last known school term ends, the next are asked for

# Figures by hub, by which a standard can be measured or a local need shown. The shell, which knows
# every room's figures, writes them here as it starts.
FIGURES: dict[str, Indicator] = {}


def figure_kind(key: str) -> str:
    """Return whether a figure is a share, a median or another thing; "" where there is none."""
    return FIGURES[key].kind if key in FIGURES else ""


def figure_names(*, for_standards: bool) -> list[tuple[str, str]]:
    """Return the figures to choose from, by name: key and name. A standard is a share or a median."""
    return sorted(
        (
            (key, figure.name)
            for key, figure in FIGURES.items()
            if figure.kind in ("share", "median") or not for_standards
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


def services_among(uids: Iterable[UUID]) -> QuerySet[Service]:
    """Return services of any state by their numbers that never change, by name."""
    return Service.objects.filter(uid__in=uids).select_related("provider").order_by("name", "pk")


def find_service(uid: UUID) -> Service | None:
    """Return a service of any state by its number that never changes; None where there is none."""
    return Service.objects.filter(uid=uid).first()


def told_by(uid: UUID) -> UUID | None:
    """Return which entry tells of a service that stood twice; None where it did not, or that is not
    listed now."""
    found = Service.objects.filter(uid=uid).select_related("told_by").first()
    seen = set()
    # The one that stayed may have been put together with a third.
    while found is not None and found.told_by is not None and found.pk not in seen:
        seen.add(found.pk)
        found = found.told_by
    return found.uid if found is not None and seen and found.published else None


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


def first_published(numbers: Iterable[int], since: date) -> tuple[date, set[int]]:
    """Return the day on which the directory was begun, and which of some services families could read
    for the first time after that and after another day."""
    history: Any = Service.pgh_event_model  # type: ignore[attr-defined]
    first = history.objects.order_by("pgh_id").values_list("pgh_created_at", flat=True).first()
    begun = localdate(first) if first else since
    seen = (
        history.objects.filter(pgh_obj__in=list(numbers), published=True)
        .values("pgh_obj")
        .annotate(first=Min("pgh_created_at"))
        .values_list("pgh_obj", "first")
    )
    return begun, {number for number, at in seen if localdate(at) > max(begun, since)}


@kept
def terms(taxonomy: str) -> QuerySet[Term]:
    """Return the terms of a list that are in use, each with the one above it."""
    return Term.objects.filter(taxonomy=taxonomy, active=True).select_related("parent")


def terms_to_choose(taxonomy: str) -> list[tuple[str, object]]:
    """Return a list of terms for a choice: those below another stand in its group."""
    found = list(terms(taxonomy))
    words = spoken.words_in(get_language() or "")

    def called(term: Term, whole: bool = False) -> str:
        own = spoken.said(words, term, "name")
        return own or (f"Anything: {term.name[0].lower()}{term.name[1:]}" if whole else term.name)

    below: dict[int, list[Term]] = {}
    for term in found:
        if term.parent_id:
            below.setdefault(term.parent_id, []).append(term)
    choices: list[tuple[str, object]] = []
    for term in found:
        if term.parent_id:
            continue
        if term.pk in below:
            all_of_it = (term.code, called(term, whole=True))
            choices.append(
                (called(term), [all_of_it, *[(one.code, called(one)) for one in below[term.pk]]])
            )
        else:
            choices.append((term.code, called(term)))
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
        return Freshness(_("Nobody has checked this yet"), True)
    relied_on_until = months_after(service.assured_on, TERM_MONTHS)
    ago = _ago((today - service.assured_on).days)
    return Freshness(_("Checked %(ago)s") % {"ago": ago}, today > relied_on_until)


def _ago(days: int) -> str:
    if days < 1:
        return _("today")
    if days < 14:
        if days == 1:
            return _("yesterday")
        return ngettext("%(number)d day ago", "%(number)d days ago", days) % {"number": days}
    if days < 60:
        weeks = days // 7
        return ngettext("%(number)d week ago", "%(number)d weeks ago", weeks) % {"number": weeks}
    if days < 730:
        months = days // 30
        return ngettext("%(number)d month ago", "%(number)d months ago", months) % {
            "number": months
        }
    years = days // 365
    return ngettext("%(number)d year ago", "%(number)d years ago", years) % {"number": years}


def access_in_words(place: Place) -> list[str]:
    """Return what lets everybody into a place, in words."""
    return [_(Access(code).label) for code in place.access if code in Access.values]


# The offer of the hubs


def offer_in_force(on: date) -> CoreOffer | None:
    """Return the version of the core offer that is in force on a day; None where none is yet."""
    agreed = CoreOffer.objects.filter(state=CoreOffer.State.AGREED, in_force_from__lte=on)
    return agreed.order_by("in_force_from").prefetch_related("items").last()


def core_items(on: date, also: str = "") -> list[tuple[str, str]]:
    """Return the items of the core offer to choose from, by code and name; `also` one that is chosen
    already, though it is of an older version."""
    offer = offer_in_force(on)
    found = [(item.code, item.name) for item in offer.items.all()] if offer else []
    if also and also not in dict(found):
        found.append((also, f"{also} (not in the core offer any more)"))
    return found


def entries_at(hub: Hub) -> list[tuple[str, str]]:
    """Return the entries of the directory that are given at a hub's own places, are of its local offer,
    or are said to be its core offer already, by uid and name."""
    found = published().filter(Q(at_places__place__hub=hub) | Q(offerings__hub=hub))
    found = found.distinct().order_by("name", "pk")
    return [(str(service.uid), service.name) for service in found]


def timetables(
    numbers: Iterable[int],
    first: date,
    last: date,
    *,
    terms: tuple[tuple[date, date], ...],
    closed: frozenset[date],
) -> dict[int, frozenset[date]]:
    """Return on which days of a period services are held, by what their entries say: their schedules,
    without the days that were called off. A service without schedules is not in it."""
    schedules = list(Schedule.objects.filter(service__in=list(numbers)).order_by("pk"))
    away = NotHeld.objects.filter(
        schedule__in=[one.pk for one in schedules], day__range=(first, last)
    )
    year = Calendar(
        terms=terms,
        closed=closed,
        not_held=frozenset(away.values_list("schedule", "day")) if schedules else frozenset(),
    )
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found: dict[int, set[date]] = {}
    for one in schedules:
        held = found.setdefault(one.service_id, set())
        held.update(day for day in days if held_on(one, day, year))
    return {number: frozenset(held) for number, held in found.items()}


def steps_free(numbers: Iterable[int]) -> frozenset[int]:
    """Return which of some services are given at a place without steps."""
    held = ServiceAtPlace.objects.filter(
        service__in=list(numbers), place__access__contains=[Access.STEP_FREE]
    )
    return frozenset(held.values_list("service", flat=True))


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


def core_standings_on(day: date) -> dict[tuple[str, int], Offering]:
    """Return how hubs stood to the core offer at the end of a day, from the history of what they said."""
    end = make_aware(datetime.combine(day + timedelta(days=1), time()))
    history: Any = Offering.pgh_event_model  # type: ignore[attr-defined]
    events = (
        history.objects.filter(changed_at__lt=end)
        .exclude(core_code="")
        .select_related("service")
        .order_by("pgh_obj_id", "-changed_at", "-pgh_id")
        .distinct("pgh_obj_id")
    )
    names = [field.attname for field in Offering._meta.concrete_fields]
    found = {}
    for event in events:
        then = Offering(**{name: getattr(event, name) for name in names})
        if event.service_id:
            then.service = event.service
        found[then.core_code, then.hub_id] = then
    return found


def kept_boards() -> QuerySet[KeptBoard]:
    """Return the copies of the board that are kept, the newest first."""
    return KeptBoard.objects.select_related("made_by")


def to_confirm(hubs: Iterable[Hub], today: date) -> list[tuple[CoreItem, Offering]]:
    """Return what some hubs must say again of the core offer: items that run, that no data show, and of
    which nobody said in three months whether the standard is met, or will not have in a fortnight."""
    offer = offer_in_force(today)
    items = {item.code: item for item in offer.items.all() if not item.measured} if offer else {}
    running = offerings().filter(
        hub__in=list(hubs), core_code__in=items, state=Offering.State.RUNNING
    )
    return [
        (items[one.core_code], one)
        for one in running.select_related("hub").order_by("said_on", "pk")
        if one.said_on is None or months_after(one.said_on, TERM_MONTHS) - AHEAD < today
    ]


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


@dataclass(frozen=True)
class Wanted:
    """Something that people ask for: what it is called, how many services are for it, and what is said
    of it where it is not offered."""

    name: str
    services: int | None = None  # None: of these nobody can say
    absent: NotOffered | None = None
    also: str = ""  # other words for it


def wanted(lines: Iterable[tuple[str, str]], on: date) -> dict[tuple[str, str], Wanted]:
    """Return what lines of `counts.not_found` mean. What is in no list any more is left out."""
    asked = set(lines)
    found: dict[tuple[str, str], Wanted] = {
        line: Wanted(NotFound.Kind(line[0]).label) for line in asked if not line[1]
    }
    absent = {str(one.uid): one for one in not_offered(on)}
    by_name = {name.lower(): one for one in absent.values() for name in (*one.synonyms, one.title)}
    open_now = Q(
        tags__service__published=True,
        tags__service__status__in=[Service.Status.ACTIVE, Service.Status.CLOSED],
    )
    terms = Term.objects.filter(active=True).annotate(n=Count("tags", filter=open_now))
    for term in terms:
        if (line := ("term", f"{term.taxonomy}:{term.code}")) in asked:
            names = (by_name.get(name.lower()) for name in (term.name, *term.synonyms))
            said = next((one for one in names if one), None)
            found[line] = Wanted(term.name, term.n, said, ", ".join(term.synonyms))
    for same in SameMeaning.objects.all():
        if (line := ("meaning", str(same.pk))) in asked:
            known = (by_name.get(word.lower()) for word in same.words)
            found[line] = Wanted(str(same), absent=next((one for one in known if one), None))
    for uid, one in absent.items():
        if (line := ("absent", uid)) in asked:
            found[line] = Wanted(one.title, absent=one)
    return found


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
