"""What everybody reads of a service, line by line: for those who are asked whether it is true."""

import hashlib
from dataclasses import dataclass

from kith.directory import ages
from kith.directory.models import Place, Service, ServiceAtPlace
from kith.directory.times import in_words


@dataclass(frozen=True)
class Line:
    """One thing that is said, under the heading that it has on the service's page."""

    label: str
    words: str


def lines_of(service: Service) -> list[Line]:
    """Return what stands on a service's page. Of a place no more is told than everybody may know."""
    schedules = list(service.schedules.all())
    found = [
        Line("What it is", service.description),
        Line("Know before you go", service.alert),
        Line("Does it run?", str(service.get_status_display())),
        Line(
            "Who it is for",
            _together(
                ages.in_words(service.from_months, service.to_months).capitalize(), service.who_for
            ),
        ),
        Line("Not for", service.not_for),
    ]
    for held in service.at_places.all():
        times = [one for one in schedules if one.at_place_id == held.pk]
        found.append(Line("When and where", _together(where(held), *map(in_words, times))))
    anywhere = [one for one in schedules if one.at_place_id is None]
    found.append(Line("When", _together(*map(in_words, anywhere))))
    cost = _together("Free" if service.free else "", service.cost)
    found += [
        Line("How to get it", _together(str(service.get_route_display()), service.how_to_ask)),
        Line("Telephone", service.phone),
        Line("E-mail", service.email),
        Line("Website", service.url),
        Line("Can somebody new come?", str(service.get_taking_display())),
        Line("Cost", cost or "Not known"),
        Line("Languages", _together(", ".join(service.languages), service.interpreters)),
        Line("Accredited", service.accreditations),
        Line("For people who live in", ", ".join(service.area_names)),
    ]
    return [line for line in found if line.words]


def mark_of(service: Service) -> str:
    """Return a mark of what is said, by which it is known whether somebody read the same."""
    said = repr((service.name, lines_of(service)))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def where(held: ServiceAtPlace) -> str:
    """Return where a service is given, as everybody may know it."""
    place = held.place
    if place.kind == Place.Kind.ONLINE:
        return _together("Online or by telephone", held.words)
    if place.shown == Place.Shown.FULL:
        town = f"{place.town} {place.postcode}".strip()
        address = ", ".join(part for part in (place.name, place.address, town) if part)
        return _together(address, held.words)
    if place.shown == Place.Shown.AREA and place.town:
        return _together(f"In {place.town}. The address is not shown.", held.words)
    return _together("The place is not shown.", held.words)


def _together(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
