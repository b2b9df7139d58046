"""Reading hubs, their areas and posts. Where a hub is, is public."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from kith.accounts.models import Team, User
from kith.audit.lists import kept
from kith.hubs.models import Catchment, ClosedDay, Hub, StaffPost
from kith.places.models import Neighbourhood, Postcode
from kith.places.postcodes import NotAPostcode, NotInTheCounty
from kith.places.queries import distance_km, find_postcode, neighbourhoods


@dataclass(frozen=True)
class Move:
    """A neighbourhood that would go, or has gone, from one hub to another."""

    neighbourhood: Neighbourhood
    held_by: Hub | None
    to: Hub
    km: float  # from the neighbourhood's middle to the hub it goes to


@dataclass(frozen=True)
class Change:
    """On a day, a neighbourhood joined or left a hub's area; where from or where to."""

    on: date
    neighbourhood: Neighbourhood
    joined: bool
    other: Hub | None


@kept
def all_hubs() -> QuerySet[Hub]:
    """Return the hubs that are open, in the county's own order."""
    return Hub.objects.filter(team__active=True).select_related("team").order_by("order", "slug")


@kept
def hub_names() -> dict[int, str]:
    """Return the names of all hubs, also of those that closed, by their numbers."""
    return dict(Hub.objects.values_list("pk", "team__name"))


def hub_of_neighbourhood(code: str, on: date) -> Hub | None:
    """Return the hub whose area held a neighbourhood on a day; None where none did."""
    return _hub_of([code], on)


def hub_for_postcode(text: str, on: date) -> Hub | None:
    """Return the hub whose area holds a postcode on a day.

    None for what is no postcode of the county, and where no hub has the area. An official area
    given to a hub goes before the postcode sector around it.
    """
    try:
        return hub_of_postcode(find_postcode(text), on)
    except (NotAPostcode, NotInTheCounty):
        return None


def hub_of_postcode(postcode: Postcode, on: date) -> Hub | None:
    """Return the hub whose area holds a postcode on a day; None where no hub has it."""
    return _hub_of([code for code in (postcode.lsoa_id, postcode.neighbourhood_id) if code], on)


def nearest_hubs(easting: float, northing: float) -> list[tuple[Hub, float]]:
    """Return the open hubs with their straight-line distance in km, nearest first."""
    away = [(hub, distance_km(easting, northing, hub.easting, hub.northing)) for hub in all_hubs()]
    return sorted(away, key=lambda pair: (pair[1], pair[0].order, pair[0].pk))


def catchments_on(on: date) -> QuerySet[Catchment]:
    """Return which hub has which neighbourhood on a day, without the outlines."""
    return (
        Catchment.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
        .select_related("hub__team", "neighbourhood__district")
        .defer("neighbourhood__outline")
        .order_by("neighbourhood_id", "pk")
    )


def hub_numbers_on(on: date) -> dict[str, int]:
    """Return the number of the hub that has each neighbourhood on a day, by the neighbourhood's code."""
    held = Catchment.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    return dict(held.order_by("pk").values_list("neighbourhood", "hub"))


def catchment_of(hub: Hub, on: date) -> QuerySet[Catchment]:
    """Return what belongs to a hub on a day, without the outlines."""
    return catchments_on(on).filter(hub=hub)


def neighbourhoods_without_hub(on: date) -> QuerySet[Neighbourhood]:
    """Return the postcode sectors that belong to no hub on a day."""
    held = Catchment.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    return neighbourhoods().exclude(pk__in=held.values("neighbourhood"))


def moves_to_nearest(on: date, *, only_without_hub: bool = False) -> list[Move]:
    """Return which neighbourhoods would change hubs, if each went to the nearest from a day on.

    Postcode sectors only: official areas are given by hand. Empty while there are no hubs.
    """
    hubs = list(all_hubs())
    if not hubs:
        return []
    held = {catchment.neighbourhood_id: catchment.hub for catchment in catchments_on(on)}
    moves = []
    for place in neighbourhoods():
        now = held.get(place.code)
        if now is not None and only_without_hub:
            continue
        km, _, nearest = min(
            (distance_km(place.easting, place.northing, hub.easting, hub.northing), number, hub)
            for number, hub in enumerate(hubs)
        )
        if now is None or now.pk != nearest.pk:
            moves.append(Move(place, now, nearest, km))
    return moves


def changes_of(hub: Hub) -> list[Change]:
    """Return how a hub's area has changed since it was first drawn, newest first."""
    own = Catchment.objects.filter(hub=hub)
    touched = (
        Catchment.objects.filter(neighbourhood__in=own.values("neighbourhood"))
        .select_related("hub__team", "neighbourhood")
        .defer("neighbourhood__outline")
        .order_by("neighbourhood_id", "since", "pk")
    )
    changes: list[Change] = []
    before: Catchment | None = None
    for row in touched:
        follows = (
            before
            if before is not None
            and before.neighbourhood_id == row.neighbourhood_id
            and before.until == row.since
            else None
        )
        if row.hub_id == hub.pk and follows is not None:
            changes.append(Change(row.since, row.neighbourhood, True, follows.hub))
        if follows is not None and follows.hub_id == hub.pk:
            changes.append(Change(row.since, row.neighbourhood, False, row.hub))
        before = row
    ended = own.filter(until__isnull=False).select_related("neighbourhood")
    told = {(change.on, change.neighbourhood.code) for change in changes}
    changes += [
        Change(row.until, row.neighbourhood, False, None)
        for row in ended
        if row.until is not None and (row.until, row.neighbourhood_id) not in told
    ]
    return sorted(changes, key=lambda change: (change.on, change.neighbourhood.code), reverse=True)


def posts_of(hub: Hub, on: date) -> QuerySet[StaffPost]:
    """Return a hub's posts that are held on a day or will be, by name."""
    return (
        StaffPost.objects.filter(Q(until__isnull=True) | Q(until__gt=on), hub=hub)
        .select_related("user")
        .order_by("user__name", "since", "pk")
    )


def posts() -> QuerySet[StaffPost]:
    """Return all posts, past ones too."""
    return StaffPost.objects.select_related("user", "hub__team").order_by("pk")


def roles_at(hub: Hub, on: date) -> dict[int, list[str]]:
    """Return the names of the roles that people hold in a hub's team on a day, by person."""
    roles: dict[int, list[str]] = {}
    for membership in hub.team.memberships.filter(
        Q(until__isnull=True) | Q(until__gt=on), since__lte=on
    ).order_by("role"):
        roles.setdefault(membership.user_id, []).append(membership.role_name)
    return roles


def people_for_posts() -> QuerySet[User]:
    """Return the people who may be given a post: staff of hubs and of the county, by name."""
    return (
        User.objects.filter(
            is_active=True,
            is_service=False,
            memberships__team__kind__in=[Team.Kind.HUB, Team.Kind.DESK],
        )
        .distinct()
        .order_by("name", "pk")
    )


def closed_days_from(day: date) -> QuerySet[ClosedDay]:
    """Return the closed days from a day on."""
    return ClosedDay.objects.filter(day__gte=day).order_by("day")


def _hub_of(codes: list[str], on: date) -> Hub | None:
    held = {
        catchment.neighbourhood_id: catchment.hub
        for catchment in catchments_on(on).filter(neighbourhood__in=codes, hub__team__active=True)
    }
    return next((held[code] for code in codes if code in held), None)
