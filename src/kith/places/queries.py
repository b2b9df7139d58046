"""Reading places. They are public facts, so nobody needs to ask who is looking."""

from math import hypot

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Length

from kith.places import postcodes
from kith.places.models import District, Neighbourhood, Postcode
from kith.places.postcodes import NotAPostcode, NotInTheCounty

__all__ = ["NotAPostcode", "NotInTheCounty"]


def find_postcode(text: str) -> Postcode:
    """Return the county's postcode that was typed, with its district and neighbourhood.

    Where a letter may have been typed for a number, the county's own list decides.
    Raises NotAPostcode, or NotInTheCounty: both say what to do.
    """
    readings = postcodes.slips(text)
    if not readings:
        postcodes.tidy(text)  # raises, saying what is wrong
    found = list(
        _with_places().filter(code__in=[postcodes.packed(reading) for reading in readings])
    )
    if len(found) == 1:
        return found[0]
    typed = postcodes.tidy(text)  # raises where two readings remain
    first_half = postcodes.outward(typed)
    neighbours = Postcode.objects.annotate(letters=Length("code")).filter(
        code__startswith=first_half, letters=len(first_half) + 3
    )
    if neighbours.exists():
        raise NotInTheCounty(
            f"We do not know the postcode {typed}. Check it; if it is new, use a neighbour’s.",
            typed,
        )
    raise NotInTheCounty(f"{typed} is not in {settings.KITH_COUNTY}.", typed)


def distance_km(
    easting: float, northing: float, other_easting: float, other_northing: float
) -> float:
    """Return the straight-line distance in km between two points of the British grid (metres)."""
    return hypot(easting - other_easting, northing - other_northing) / 1000


def districts() -> QuerySet[District]:
    """Return the county's districts by name."""
    return District.objects.order_by("name", "code")


def neighbourhoods(kind: str = Neighbourhood.Kind.SECTOR) -> QuerySet[Neighbourhood]:
    """Return the neighbourhoods of one kind, without their outlines, which are large."""
    return (
        Neighbourhood.objects.filter(kind=kind)
        .select_related("district")
        .defer("outline")
        .order_by("code")
    )


def with_outlines(kind: str = Neighbourhood.Kind.SECTOR) -> QuerySet[Neighbourhood]:
    """Return the neighbourhoods of one kind with their outlines, for a map."""
    return Neighbourhood.objects.filter(kind=kind).select_related("district").order_by("code")


def _with_places() -> QuerySet[Postcode]:
    return Postcode.objects.select_related("district", "neighbourhood", "lsoa").defer(
        "neighbourhood__outline", "lsoa__outline"
    )
