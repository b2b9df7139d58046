"""Reading places. They are public facts, so nobody needs to ask who is looking."""

from collections.abc import Iterable
from math import hypot
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.db.models.functions import Length

from kith.audit.lists import kept
from kith.places import postcodes
from kith.places.models import AreaFigure, Attainment, District, Neighbourhood, Postcode, Upload
from kith.places.postcodes import NotAPostcode, NotInTheCounty

__all__ = ["NotAPostcode", "NotInTheCounty"]

NEAREST = 5_000  # metres: further off, no postcode is where somebody is


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


def nearest_postcode(easting: float, northing: float) -> str:
    """Return the county's postcode nearest to a point of the British grid, within 5 km; "" without one."""
    near = Postcode.objects.filter(
        easting__range=(easting - NEAREST, easting + NEAREST),
        northing__range=(northing - NEAREST, northing + NEAREST),
    )
    away = (F("easting") - easting) * (F("easting") - easting)
    away += (F("northing") - northing) * (F("northing") - northing)
    found = near.order_by(away, "code").first()
    return str(found) if found else ""


def distance_km(
    easting: float, northing: float, other_easting: float, other_northing: float
) -> float:
    """Return the straight-line distance in km between two points of the British grid (metres)."""
    return hypot(easting - other_easting, northing - other_northing) / 1000


# A place with fewer postcodes around it is in the country. Of the 407 areas (LSOA 2011) of Oxfordshire 384
# are so classed as in the ONS Rural Urban Classification of 2011; the rest are edges of towns.
COUNTRY_METRES, COUNTRY_FEWER = 2000, 500


def is_in_the_country(easting: float, northing: float) -> bool:
    """Say whether few postcodes, live or ended, lie around a place. Those of other counties are not known,
    so that a town at the county's border may seem to be in the country."""
    east, north = F("easting") - easting, F("northing") - northing
    around = Postcode.objects.filter(
        easting__range=(easting - COUNTRY_METRES, easting + COUNTRY_METRES),
        northing__range=(northing - COUNTRY_METRES, northing + COUNTRY_METRES),
    ).annotate(square=east * east + north * north)
    return around.filter(square__lte=COUNTRY_METRES**2).count() < COUNTRY_FEWER


@kept
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


def sectors_with_outlines() -> QuerySet[Neighbourhood]:
    """Return the county's postcode sectors with their outlines, for a map."""
    sectors = Neighbourhood.objects.filter(kind=Neighbourhood.Kind.SECTOR)
    return sectors.select_related("district").order_by("code")


def with_outlines(codes: Iterable[str]) -> QuerySet[Neighbourhood]:
    """Return some neighbourhoods with their outlines, for a map."""
    wanted = Neighbourhood.objects.filter(code__in=list(codes))
    return wanted.select_related("district").order_by("code")


def neighbourhoods_named(kind: str, text: str) -> QuerySet[Neighbourhood]:
    """Return the neighbourhoods of a kind whose name or code has a text in it."""
    found = neighbourhoods(kind)
    if text:
        found = found.filter(name__icontains=text) | found.filter(code__icontains=text)
    return found


def find_neighbourhood(code: str) -> Neighbourhood | None:
    """Return a neighbourhood with its outline; None where there is none of this code."""
    if "\0" in code:
        return None
    return Neighbourhood.objects.filter(code=code).select_related("district").first()


def figures_of(codes: list[str]) -> QuerySet[AreaFigure]:
    """Return the published figures of some areas, newest first."""
    return AreaFigure.objects.filter(area__in=codes).order_by("area_id", "-year", "name")


def find_upload(key: str | UUID) -> Upload | None:
    """Return a file that was kept; None when it has been forgotten or never was."""
    return Upload.objects.filter(pk=key).first()


def uploads_taken_in() -> QuerySet[Upload]:
    """Return the files that have been taken in, newest first, without their content."""
    taken_in = Upload.objects.filter(taken_in_at__isnull=False).defer("content")
    return taken_in.select_related("by").order_by("-taken_in_at", "pk")


def counts() -> dict[str, int]:
    """Return how many places, figures and results are loaded."""
    return {
        "districts": District.objects.count(),
        "postcodes": Postcode.objects.count(),
        "sectors": Neighbourhood.objects.filter(kind=Neighbourhood.Kind.SECTOR).count(),
        "official": Neighbourhood.objects.filter(kind=Neighbourhood.Kind.LSOA).count(),
        "figures": AreaFigure.objects.count(),
        "results": Attainment.objects.count(),
    }


def _with_places() -> QuerySet[Postcode]:
    return Postcode.objects.select_related("district", "neighbourhood", "lsoa").defer(
        "neighbourhood__outline", "lsoa__outline"
    )
