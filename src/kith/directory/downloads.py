"""The directory handed out as a file: CSV, JSON or a line each, of what a search shows or of everything.

What leaves is what the feed tells: nothing unpublished, nothing for professionals alone, and no address
that is hidden. It is written as it is read, so that a large directory needs no more memory than a small
one. docs/how-to/read-the-directory-as-data.md describes the columns.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings

from kith.directory import ages, oruk
from kith.directory.models import Place, Service, ServiceAtPlace, Term
from kith.directory.times import in_words
from kith.typed.tables import safe_cell

AT_ONCE = 200  # services read at a time
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
}


def written(numbers: Iterable[int], kind: str) -> Iterator[bytes]:
    """Yield a file of services by their numbers, in their order, as far as everybody may read them."""
    match kind:
        case "csv":
            return _csv(numbers)
        case "json":
            return _json(numbers)
        case _:
            return (_line(record) + b"\n" for record in _records(numbers))


def _services(numbers: Iterable[int]) -> Iterator[Service]:
    waiting: list[int] = []
    for number in numbers:
        waiting.append(number)
        if len(waiting) == AT_ONCE:
            yield from _read(waiting)
            waiting = []
    yield from _read(waiting)


def _read(numbers: list[int]) -> Iterator[Service]:
    found = oruk.with_all(oruk.told()).in_bulk(numbers) if numbers else {}
    for number in numbers:
        if number in found:
            yield found[number]


def _records(numbers: Iterable[int]) -> Iterator[oruk.Record]:
    return (oruk.service(one, full=True) for one in _services(numbers))


def _line(record: oruk.Record) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _json(numbers: Iterable[int]) -> Iterator[bytes]:
    yield b'{"services":['
    for place, record in enumerate(_records(numbers)):
        yield (b",\n" if place else b"\n") + _line(record)
    yield b"\n]}\n"


# As a table: a line for each service


def _csv(numbers: Iterable[int]) -> Iterator[bytes]:
    # The mark at the beginning tells Excel that these are letters of every language.
    yield "\ufeff".encode() + _row(COLUMNS)
    for service in _services(numbers):
        yield _row(safe_cell(of(service)) for of in COLUMNS.values())


def _row(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _years(months: int | None) -> str:
    value = oruk.years(months)
    return "" if value is None else str(value)


def _places(service: Service) -> str:
    return "; ".join(dict.fromkeys(_where(held) for held in service.at_places.all()))


def _where(held: ServiceAtPlace) -> str:
    place = held.place
    if place.kind == Place.Kind.ONLINE:
        return place.name
    parts: tuple[str, ...]
    if place.shown == Place.Shown.FULL:
        parts = (place.name, held.words, place.address, place.town, place.postcode)
    elif place.shown == Place.Shown.AREA:
        parts = (place.town, place.postcode)
    else:
        parts = ("The address is told when you ask",)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _first(service: Service) -> Place | None:
    """Return the first place whose address everybody may know."""
    shown = (held.place for held in service.at_places.all())
    return next(
        (place for place in shown if place.shown == Place.Shown.FULL and place.postcode), None
    )


def _point(service: Service, name: str) -> str:
    place = _first(service)
    value = getattr(place, name) if place else None
    return "" if value is None else f"{value:.5f}"


def _times(service: Service) -> str:
    names = {
        held.pk: f" ({held.place.name})" if held.place.shown == Place.Shown.FULL else ""
        for held in service.at_places.all()
    }
    return "; ".join(
        in_words(one) + names.get(one.at_place_id or 0, "") for one in service.schedules.all()
    )


def _terms(service: Service, taxonomy: str) -> str:
    return "; ".join(tag.term.name for tag in service.tags.all() if tag.term.taxonomy == taxonomy)


def _page(service: Service) -> str:
    return f"{settings.KITH_ADDRESS}/find-help/{service.uid}/"


COLUMNS: dict[str, Callable[[Service], str]] = {
    "id": lambda one: str(one.uid),
    "name": lambda one: one.name,
    "also_called": lambda one: one.also_called,
    "provider": lambda one: one.provider.name,
    "description": lambda one: one.description,
    "status": lambda one: str(one.get_status_display()),
    "alert": lambda one: one.alert,
    "new_people": lambda one: str(one.get_taking_display()),
    "kinds": lambda one: _terms(one, Term.Taxonomy.CATEGORY),
    "for_some_above_all": lambda one: _terms(one, Term.Taxonomy.TARGET),
    "ages": lambda one: ages.in_words(one.from_months, one.to_months),
    "youngest_years": lambda one: _years(one.from_months),
    "oldest_years": lambda one: _years(one.to_months),
    "who_for": lambda one: one.who_for,
    "not_for": lambda one: one.not_for,
    "how_to_get_it": lambda one: str(one.get_route_display()),
    "what_to_say": lambda one: one.how_to_ask,
    "phone": lambda one: one.phone,
    "email": lambda one: one.email,
    "website": lambda one: one.url,
    "free": lambda one: {True: "yes", False: "no"}.get(one.free, ""),  # type: ignore[arg-type]
    "cost": lambda one: one.cost,
    "languages": lambda one: "; ".join(one.languages),
    "areas": lambda one: "; ".join(one.area_names),
    "places": _places,
    "postcode": lambda one: getattr(_first(one), "postcode", ""),
    "latitude": lambda one: _point(one, "latitude"),
    "longitude": lambda one: _point(one, "longitude"),
    "times": _times,
    "checked_on": lambda one: str(one.assured_on or ""),
    "changed_at": lambda one: oruk.moment(one.modified_at),
    "page": _page,
}
