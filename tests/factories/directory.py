"""Services, for tests of the directory."""

from datetime import date, time

from kith.directory.models import Place, Provider, Schedule, Service, ServiceAtPlace, Tag, Term


def make_service(
    name: str,
    *,
    place: Place | None = None,
    kind: str = "",
    target: str = "",
    when: dict | None = None,
    provider: str = "Family Friends",
    published: bool = True,
    **values,
) -> Service:
    """Make a service, published, at a place and held when it is said to be."""
    giver, _ = Provider.objects.get_or_create(
        name=provider, defaults={"description": "A group of neighbours."}
    )
    service = Service.objects.create(provider=giver, name=name, published=published, **values)
    for taxonomy, term in (("category", kind), ("target", target)):
        if term:
            Tag.objects.create(
                service=service, term=Term.objects.filter(taxonomy=taxonomy, name=term).first()
            )
    held = ServiceAtPlace.objects.create(service=service, place=place) if place else None
    if when is not None:
        given = {"every": "week", "weekday": 1, "opens": time(10), "closes": time(11, 30), **when}
        Schedule.objects.create(service=service, at_place=held, **given)
    return service


def make_place(name: str = "The Old Chapel", **values) -> Place:
    """Make a place, which everybody may know unless said otherwise."""
    where = {"town": "Banbury", "postcode": "OX16 5LS", "easting": 445800, "northing": 240500,
             "latitude": 52.06, "longitude": -1.33}  # fmt: skip
    if values.get("shown", "full") not in ("full", "area"):
        where = {}
    return Place.objects.create(name=name, **{**where, **values})


MONDAY = date(2026, 11, 16)
