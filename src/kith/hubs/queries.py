"""Reading hubs, their areas and posts. Where a hub is, is public."""

from datetime import date

from django.db.models import Q, QuerySet

from kith.hubs.models import Catchment, Hub
from kith.places.models import Postcode
from kith.places.postcodes import NotAPostcode, NotInTheCounty
from kith.places.queries import distance_km, find_postcode


def all_hubs() -> QuerySet[Hub]:
    """Return the hubs that are open, in the county's own order."""
    return Hub.objects.filter(team__active=True).select_related("team").order_by("order", "slug")


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


def _hub_of(codes: list[str], on: date) -> Hub | None:
    held = {
        catchment.neighbourhood_id: catchment.hub
        for catchment in catchments_on(on).filter(neighbourhood__in=codes, hub__team__active=True)
    }
    return next((held[code] for code in codes if code in held), None)
