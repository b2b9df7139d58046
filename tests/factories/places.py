"""A small county for tests: two districts, four neighbourhoods in a row, a few postcodes in each.

The squares lie a tenth of a degree apart; `hubs()` stands at both ends of the row.
"""

from datetime import date

from kith.hubs.models import Catchment, Hub
from kith.places.grid import to_degrees
from kith.places.models import District, Neighbourhood, Postcode
from tests.factories.accounts import make_team

EASTINGS = {"OX4 1": 450_000, "OX4 2": 455_000, "OX16 1": 470_000, "OX16 2": 475_000}
NORTHING = 205_000


def _square(easting: int) -> dict:
    corners = [(-2000, -2000), (2000, -2000), (2000, 2000), (-2000, 2000), (-2000, -2000)]
    ring = [to_degrees(easting + dx, NORTHING + dy) for dx, dy in corners]
    return {"type": "Polygon", "coordinates": [[[round(x, 5), round(y, 5)] for x, y in ring]]}


def make_places() -> dict[str, Neighbourhood]:
    """Make the small county and return its neighbourhoods by code."""
    oxford = District.objects.create(code="E07000178", name="Oxford")
    cherwell = District.objects.create(code="E07000177", name="Cherwell")
    made = {}
    for code, easting in EASTINGS.items():
        longitude, latitude = to_degrees(easting, NORTHING)
        district = oxford if code.startswith("OX4") else cherwell
        made[code] = Neighbourhood.objects.create(
            code=code,
            kind="sector",
            name=f"{code}, {district.name}",
            district=district,
            outline=_square(easting),
            easting=easting,
            northing=NORTHING,
            latitude=latitude,
            longitude=longitude,
        )
        for number, ending in enumerate(("AA", "AB", "AD")):
            east = easting + 100 * number
            x, y = to_degrees(east, NORTHING)
            Postcode.objects.create(
                code=code.replace(" ", "") + ending,
                easting=east,
                northing=NORTHING,
                latitude=y,
                longitude=x,
                district=district,
                neighbourhood=made[code],
            )
    return made


def make_hub(name: str, postcode: str = "OX4 1AA", **fields) -> Hub:
    """Make a hub at one of the small county's postcodes."""
    place = Postcode.objects.get(code=postcode.replace(" ", ""))
    return Hub.objects.create(
        team=make_team(name, "hub"),
        slug=fields.pop("slug", name.lower().replace(" ", "-")),
        postcode=postcode,
        easting=place.easting,
        northing=place.northing,
        latitude=place.latitude,
        longitude=place.longitude,
        **fields,
    )


def make_catchment(hub: Hub, code: str, since: date = date(2020, 1, 1), until: date | None = None):
    return Catchment.objects.create(hub=hub, neighbourhood_id=code, since=since, until=until)
