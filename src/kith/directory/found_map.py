"""What was found on a map: drawn by the server, with nothing from any other website.

Only points that everybody may know are kept at all (see `Place`): of a place that is shown by its area,
the area's middle; of a hidden one, none. The list beside the map says the same in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot

from django.urls import reverse

from kith.directory.finding import Result
from kith.directory.models import Place, Service
from kith.places.queries import neighbourhoods, with_outlines
from kith.ui import maps

AROUND = 3_000  # metres of country beyond the outermost pins
NEAREST = 4  # neighbourhoods drawn round each point, at least
APART = 30 / maps.WIDTH  # pins nearer than this share of the map's width are one


@dataclass
class Pin:
    """What stands at one point of the map: each service with its number in the list."""

    place: Place
    services: list[tuple[int, Service, Place]] = field(default_factory=list)


def of_found(results: Sequence[Result]) -> maps.Map | None:
    """Return a map of one page of results; None where nothing of it stands on a map."""
    points = [
        (number, result.service, place)
        for number, result in enumerate(results, 1)
        if (place := _place(result)) is not None
    ]
    if not points:
        return None
    east = [place.easting or 0 for _, _, place in points]
    north = [place.northing or 0 for _, _, place in points]
    box = (min(east) - AROUND, min(north) - AROUND, max(east) + AROUND, max(north) + AROUND)
    near = _country(box, points)
    pins = _pins(points, max(box[2] - box[0], box[3] - box[1]) * APART)
    away = len(results) - len(points)
    return maps.Map(
        title="Where they are",
        areas=[
            maps.Area(area.name, area.outline, shade=None)
            for area in with_outlines(near)
            if area.outline
        ],
        places=[_drawn(pin) for pin in pins],
        description="Each pin has the numbers that services have in the list below.",
        note=f"{away} of the list {'is' if away == 1 else 'are'} not on the map: given online or by "
        "telephone, or at a place that is not shown."
        if away
        else "",
    )


def _country(
    box: tuple[int, int, int, int], points: Sequence[tuple[int, Service, Place]]
) -> set[str]:
    """Return the codes of the neighbourhoods to draw: those in the box, and those nearest to each point,
    since the middle of a large one may be far from where a place stands in it."""
    areas = list(neighbourhoods())
    codes = {
        area.code
        for area in areas
        if box[0] <= area.easting <= box[2] and box[1] <= area.northing <= box[3]
    }
    for _, _, place in points:
        east, north = place.easting or 0, place.northing or 0
        areas.sort(key=lambda area: hypot(area.easting - east, area.northing - north))
        codes |= {area.code for area in areas[:NEAREST]}
    return codes


def _place(result: Result) -> Place | None:
    """Return the nearest place of a service that everybody may know; without a nearest, its first."""
    places = (
        [result.place] if result.place else [one.place for one in result.service.at_places.all()]
    )
    return next((place for place in places if place.latitude is not None), None)


def _pins(points: Sequence[tuple[int, Service, Place]], apart: float) -> list[Pin]:
    pins: list[Pin] = []
    for number, service, place in points:
        pin = next((pin for pin in pins if _metres(pin.place, place) < apart), None)
        if pin is None:
            pin = Pin(place)
            pins.append(pin)
        pin.services.append((number, service, place))
    return pins


def _metres(one: Place, other: Place) -> float:
    return hypot(
        (one.easting or 0) - (other.easting or 0), (one.northing or 0) - (other.northing or 0)
    )


def _drawn(pin: Pin) -> maps.Place:
    numbers = [number for number, _, _ in pin.services]
    first, service, place = pin.services[0]
    one = len(numbers) == 1
    if one and place.shown == Place.Shown.AREA:
        name = f"{first}: {service.name}, somewhere in {place.town or 'this area'}"
    elif one:
        name = f"{first}: {service.name}, {place.name}"
    else:
        listed = ", ".join(f"{number}: {each.name}" for number, each, _ in pin.services)
        name = f"{len(numbers)} services here or close together: {listed}"
    return maps.Place(
        name=name,
        longitude=pin.place.longitude or 0.0,
        latitude=pin.place.latitude or 0.0,
        href=reverse("directory:service", args=[service.uid]) if one else f"#found-{first}",
        label=str(first) if one else f"{first} +{len(numbers) - 1}",
    )
