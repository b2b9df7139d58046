"""What there is near a hub or a school: for leaflets, and for a school's own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kith.directory import queries
from kith.directory.finding import within
from kith.directory.models import Place, Service, ServiceAtPlace, Term
from kith.hubs.models import Hub
from kith.hubs.queries import hub_for_postcode, nearest_hubs
from kith.partners.models import Organisation
from kith.places.queries import distance_km

NEAR = 8_000  # metres: about five miles
MOST = 200  # services of one leaflet
# For which ages a school's families have children, in months; a school of another phase has all.
AGES = {
    "nursery": (0, 59),
    "primary": (36, 143),
    "secondary": (132, 227),
    "college": (192, 227),
}


def hub_of_school(school: Organisation, today: date) -> Hub | None:
    """Return the hub of a school: the one whose area it stands in, else the nearest."""
    if found := hub_for_postcode(school.postcode, today):
        return found
    if school.easting is None or school.northing is None:
        return None
    near = nearest_hubs(school.easting, school.northing)
    return near[0][0] if near else None


def spot_of(school: Organisation, hub: Hub | None) -> tuple[int, int] | None:
    """Return where a school stands (east, north in metres); else where its hub does."""
    if school.easting and school.northing:
        return school.easting, school.northing
    return (hub.easting, hub.northing) if hub else None


Near = tuple[Service, Place, float]  # with its nearest place, and how far that is, in km


def services_near(spot: tuple[int, int], months: tuple[int, int] | None) -> tuple[list[Near], int]:
    """Return the MOST services nearest to a spot (east, north in metres), and how many more there are.

    `months`: for children of any age between these two.
    """
    east, north = spot
    found: list[Near] = []
    held = ServiceAtPlace.objects.filter(within(east, north, NEAR))
    for service in queries.for_families(months).filter(at_places__in=held).distinct():
        away = [
            (distance_km(east, north, place.easting, place.northing), place.pk, place)
            for place in (held.place for held in service.at_places.all())
            if place.easting is not None and place.northing is not None
        ]
        if away:
            km, _, place = min(away)
            found.append((service, place, km))
    found.sort(key=lambda one: (one[2], one[0].name, one[0].pk))
    return found[:MOST], max(0, len(found) - MOST)


def on_no_map(months: tuple[int, int] | None) -> list[Service]:
    """Return what is given online, by telephone, or where nobody is told in public."""
    away = queries.for_families(months).exclude(at_places__place__easting__isnull=False)
    return list(away[:MOST])


def by_heading(found: Sequence[Near]) -> list[tuple[str, list[Near]]]:
    """Return services under the headings of the list of kinds, in its order."""
    order: dict[tuple[int, str], list[Near]] = {}
    for one in found:
        order.setdefault(_heading(one[0]), []).append(one)
    return [(title, order[number, title]) for number, title in sorted(order)]


def _heading(service: Service) -> tuple[int, str]:
    terms = [tag.term for tag in service.tags.all()]
    above = [term.parent or term for term in terms if term.taxonomy == Term.Taxonomy.CATEGORY]
    first = min(above, key=lambda term: (term.order, term.name), default=None)
    return (first.order, first.name) if first else (10_000, "Other help")


def miles_away(km: float | None) -> str:
    """Return how far away something is, as people say it; nothing where that is not known."""
    if km is None:
        return ""
    miles = round(km / 1.609344)
    if not miles:
        return _("less than a mile away")
    return ngettext("%(number)d mile away", "%(number)d miles away", miles) % {"number": miles}


@dataclass(frozen=True)
class Change:
    """Something that is other than it was, in words, and where to read of it."""

    words: str
    service: Service | None = None


def changes(hub: Hub | None, near: Sequence[Near], since: date) -> tuple[date, list[Change]]:
    """Return the day since which it is known which services are new, and what changed at a hub and near
    it since the end of a day: which services were there before the directory was begun nobody knows."""
    begun, published = queries.first_published([service.pk for service, *_ in near], since)
    found = [] if hub is None else _changes_at(hub, since)
    found += [
        Change(f"New near here: {service.name}", service)
        for service, *_ in near
        if service.pk in published
    ]
    return max(begun, since), found


def _changes_at(hub: Hub, since: date) -> list[Change]:
    before, now = queries.core_standings_on(since), queries.core_standings()
    offer = queries.offer_in_force(since)
    found = []
    for item in offer.items.all() if offer else ():
        was, stands = before.get((item.code, hub.pk)), now.get((item.code, hub.pk))
        if was and stands and was.state != stands.state:
            words = f"{item.name}: {stands.get_state_display().lower()}, before {was.get_state_display().lower()}"
            found.append(Change(words))
    return found + [
        Change(f"Said to be not offered: {one.title}")
        for one in queries.not_offered(timezone.localdate())
        if one.since > since and one.hub_id in (None, hub.pk)
    ]
