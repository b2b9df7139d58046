"""The directory as Open Referral UK tells it: HSDS-UK 3.0, with fields of HSDS 3.1 as extras.

Plain values, ready for JSON: what has no value is left out. Only what everybody may know goes in:
`told` is where every query begins. Keys of our own begin with `kith_`, as the standard's rules for
extras ask for a convention.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from kith.directory import queries
from kith.directory.ages import in_words as ages_in_words
from kith.directory.models import (
    Place,
    Provider,
    Schedule,
    Service,
    ServiceAtPlace,
    Tag,
    Term,
)
from kith.directory.times import in_words, rule

VERSION = "HSDS-UK-3.0"
PROFILE = "https://openreferraluk.org/specifications/3.0/"
STATUSES = ("active", "temporarily closed", "inactive")
Record = dict[str, Any]
LANGUAGE_CODES = {
    "English": "en", "Polish": "pl", "Urdu": "ur", "Punjabi": "pa", "Portuguese": "pt",
    "Romanian": "ro", "Arabic": "ar", "Ukrainian": "uk", "Tetum": "tet", "Welsh": "cy",
    "Bengali": "bn", "French": "fr", "Spanish": "es", "Chinese": "zh", "Turkish": "tr",
}  # fmt: skip
TAXONOMIES = {
    Term.Taxonomy.CATEGORY: (
        "What a service is",
        "Categories of the Department for Education’s family hubs service, as the county keeps them.",
    ),
    Term.Taxonomy.TARGET: (
        "Who a service is for",
        "Groups of people whom the county’s hubs name.",
    ),
}


def told() -> QuerySet[Service]:
    """Return the services that the feed tells of: published, for everybody, not ended."""
    return queries.published().filter(status__in=STATUSES)


def held() -> QuerySet[ServiceAtPlace]:
    """Return where those services are given."""
    return ServiceAtPlace.objects.filter(service__in=told()).select_related(
        "service__provider__parent", "place"
    )


def providers() -> QuerySet[Provider]:
    """Return those who give at least one of those services."""
    return Provider.objects.filter(services__in=told()).distinct().select_related("parent")


def terms() -> QuerySet[Term]:
    """Return the terms of the lists that services are sorted by."""
    return Term.objects.filter(active=True).select_related("parent")


def taxonomy_id(code: str) -> uuid.UUID:
    """Return the id of a list; it never changes."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"kith:taxonomy:{code}")


def with_all(services: QuerySet[Service]) -> QuerySet[Service]:
    """Return services with all that is told with them, in a fixed number of questions."""
    return services.select_related("provider__parent").prefetch_related(
        Prefetch(
            "schedules", Schedule.objects.select_related("at_place").prefetch_related("not_held")
        ),
        Prefetch("at_places", ServiceAtPlace.objects.select_related("place")),
        Prefetch("tags", Tag.objects.select_related("term__parent")),
    )


# Records


def service(one: Service, *, full: bool) -> Record:
    """Return a service: with its own fields and its organization, or with all that belongs to it."""
    record = _filled(
        id=str(one.uid),
        name=one.name,
        alternate_name=one.also_called,
        description=one.description,
        url=one.url,
        email=one.email,
        status=one.status,
        interpretation_services=one.interpreters,
        application_process=one.how_to_ask or str(one.get_route_display()),
        fees_description="Free" if one.free and not one.cost else one.cost,
        accreditations=one.accreditations,
        eligibility_description=_eligibility(one),
        minimum_age=years(one.from_months),
        maximum_age=years(one.to_months),
        assured_date=str(one.assured_on) if one.assured_on else None,
        assurer_email=one.assurer_email,
        alert=one.alert,
        last_modified=moment(one.modified_at),
        organization=organization(one.provider),
        kith_taking=one.taking,
        kith_not_for=one.not_for,
        kith_ages=ages_in_words(one.from_months, one.to_months),
    )
    if not full:
        return record
    schedules = list(one.schedules.all())
    return record | _filled(
        phones=_phones(one),
        schedules=[_schedule(each) for each in schedules],
        service_areas=[
            {"id": _of(one.uid, f"area:{name}"), "name": name, "service_area": name}
            for name in one.area_names
        ],
        service_at_locations=[
            {
                "id": str(each.uid),
                **_filled(description=each.words),
                "location": location(each.place, full=True),
                **_filled(schedules=[_schedule(s) for s in schedules if s.at_place_id == each.pk]),
            }
            for each in one.at_places.all()
        ],
        languages=[_language(one, name) for name in one.languages],
        funding=[{"id": _of(one.uid, "funding"), "source": one.funding}] if one.funding else None,
        cost_options=_costs(one),
        capacities=_capacities(one),
        attributes=[
            {
                "id": str(tag.uid),
                "link_entity": "service",
                "link_id": str(one.uid),
                "taxonomy_term": term(tag.term),
            }
            for tag in one.tags.all()
        ],
    )


def organization(one: Provider, *, services: Iterable[Service] | None = None) -> Record:
    """Return an organisation; with `services`, with those too."""
    return _filled(
        id=str(one.uid),
        name=one.name,
        description=one.description,
        email=one.email,
        website=one.website,
        parent_organization_id=str(one.parent.uid) if one.parent else None,
        organization_identifiers=[
            {
                "id": _of(one.uid, "charity"),
                "identifier_scheme": "GB-CHC",
                "identifier_type": "Charity number",
                "identifier": one.charity_number,
            }
        ]
        if one.charity_number
        else None,
        services=[service(each, full=False) for each in services] if services is not None else None,
    )


def service_at_location(one: ServiceAtPlace, *, full: bool) -> Record:
    """Return a service at a place: both with their own fields, or both with all."""
    return _filled(
        id=str(one.uid),
        description=one.words,
        location=location(one.place, full=full),
        service=service(one.service, full=full),
        schedules=[
            _schedule(each) for each in one.service.schedules.all() if each.at_place_id == one.pk
        ]
        if full
        else None,
    )


def location(one: Place, *, full: bool) -> Record:
    """Return a place as far as everybody may know it.

    One that is shown by its area only has the area's middle, and no address; a hidden one has no
    name of its own, no address and no coordinates.
    """
    hidden = one.shown in (Place.Shown.ON_REQUEST, Place.Shown.NEVER)
    online = one.kind == Place.Kind.ONLINE
    record = _filled(
        id=str(one.uid),
        location_type="virtual" if hidden or online else "physical",
        name=_place_name(one, hidden and not online),
        description=""
        if one.shown == Place.Shown.FULL or online
        else "The address is told when you ask.",
        transportation=one.transport if one.shown == Place.Shown.FULL else "",
        latitude=_degrees(one, one.latitude),
        longitude=_degrees(one, one.longitude),
        kith_kind="" if hidden else one.kind,
        kith_address_shown=one.shown,
    )
    if full and one.shown == Place.Shown.FULL and one.address and one.town and one.postcode:
        record["addresses"] = [
            {
                "id": _of(one.uid, "address"),
                "address_1": one.address,
                "city": one.town,
                "state_province": settings.KITH_COUNTY,
                "postal_code": one.postcode,
                "country": "GB",
                "address_type": "physical",
            }
        ]
    if full and not hidden and one.access:
        record["accessibility"] = [
            {"id": _of(one.uid, f"access:{words}"), "description": words, "accessibility": words}
            for words in queries.access_in_words(one)
        ]
    return record


def term(one: Term) -> Record:
    """Return a term of a list."""
    return _filled(
        id=str(one.uid),
        code=one.code,
        name=one.name,
        description=one.description,
        parent_id=str(one.parent.uid) if one.parent else None,
        taxonomy=TAXONOMIES[Term.Taxonomy(one.taxonomy)][0],
        taxonomy_id=str(taxonomy_id(one.taxonomy)),
        term=one.name,
    )


def taxonomy(code: str, of: Iterable[Term] | None = None) -> Record:
    """Return a list that services are sorted by; with `of`, with its terms."""
    name, words = TAXONOMIES[Term.Taxonomy(code)]
    found = _filled(id=str(taxonomy_id(code)), name=name, description=words)
    return found | _filled(taxonomy_terms=[term(one) for one in of]) if of is not None else found


# Parts


def _schedule(one: Schedule) -> Record:
    away = ", ".join(f"{each.day:%-d %B %Y}" for each in one.not_held.all())
    notes = [one.words, f"Not on: {away}." if away else ""]
    if one.term_time_only:
        notes.append("In term time only.")
    once = one.every == Schedule.Every.ONCE
    return _filled(
        id=str(one.uid),
        service_at_location_id=str(one.at_place.uid) if one.at_place else None,
        **rule(one),
        valid_from=str(one.since) if one.since else None,
        valid_to=str(one.since if once else one.until) if (once or one.until) else None,
        opens_at=f"{one.opens:%H:%M}" if one.opens else None,
        closes_at=f"{one.closes:%H:%M}" if one.closes else None,
        description=in_words(one),
        notes=" ".join(part for part in notes if part),
        timezone="Europe/London",
    )


def _phones(one: Service) -> list[Record]:
    return [{"id": _of(one.uid, "phone"), "number": one.phone}] if one.phone else []


def _language(one: Service, name: str) -> Record:
    return _filled(id=_of(one.uid, f"language:{name}"), name=name, code=LANGUAGE_CODES.get(name))


def _costs(one: Service) -> list[Record]:
    if one.free is None and not one.cost:
        return []
    cost = {"id": _of(one.uid, "cost"), "option": one.cost or "Free"}
    return [cost | ({"amount": 0, "currency": "GBP"} if one.free else {})]


def _capacities(one: Service) -> list[Record]:
    """Return whether somebody new can come, as HSDS 3.1 tells it: 1 for open, 0 for waiting or full."""
    unit = {"id": _of(one.uid, "unit"), "name": "Open to new people (1) or not (0)"}
    return [
        {
            "id": _of(one.uid, "capacity"),
            "unit": unit,
            "available": 1 if one.taking == Service.Taking.OPEN else 0,
            "updated": moment(one.modified_at),
            "description": str(one.get_taking_display()),
        }
    ]


def _eligibility(one: Service) -> str:
    parts = [one.who_for, f"Not for: {one.not_for}" if one.not_for else ""]
    return " ".join(part for part in parts if part)


def _place_name(one: Place, hidden: bool) -> str:
    if hidden:
        return ""
    return one.name if one.shown == Place.Shown.FULL else one.town


def _degrees(one: Place, value: float | None) -> float | None:
    if value is None:
        return None
    return value if one.shown == Place.Shown.FULL else round(value, 2)


def years(months: int | None) -> float | int | None:
    """Return an age in years: whole where it is. The last month of a year counts as that year."""
    if months is None:
        return None
    if (months + 1) % 12 == 0 and months > 11:
        return (months + 1) // 12 - 1
    return months // 12 if months % 12 == 0 else round(months / 12, 2)


def moment(at: datetime) -> str:
    """Return a moment with its offset, to the millisecond: RFC 3339."""
    return timezone.localtime(at).isoformat(timespec="milliseconds")


def _of(uid: uuid.UUID, part: str) -> str:
    """Return the id of something that has none of its own, made of what it belongs to."""
    return str(uuid.uuid5(uid, part))


def _filled(**fields: Any) -> Record:
    """Return the fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
