"""A service of another directory, understood: as plain values of ours, cleaned, or refused with why.

Nothing here touches the database, and nothing that stands in a record makes it raise anything but
`Refused`. Persons' names, and the mailbox of whoever assures a service, are not taken.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from html.parser import HTMLParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from kith.directory.ages import OLDEST
from kith.directory.models import Access, Place
from kith.directory.oruk import LANGUAGE_CODES
from kith.directory.times import BYDAY
from kith.places import postcodes
from kith.places.grid import DEGREES
from kith.typed.text import tidy_text

MOST_PLACES, MOST_TIMES, MOST_TERMS, MOST_PARTS = 200, 200, 100, 50
MOST_TERMS_OF_ALL = 2_000  # of a whole feed
LONGEST_READ = 50_000  # of a text, before what is not text is taken out of it
LONGEST = {
    "name": 200, "also_called": 200, "description": 5000, "alert": 300, "who_for": 2000,
    "how_to_ask": 2000, "cost": 1000, "interpreters": 200, "accreditations": 1000, "funding": 200,
}  # fmt: skip
STATUSES = {
    "active": "active", "inactive": "inactive", "defunct": "defunct",
    "temporarily closed": "temporarily closed", "suspended": "temporarily closed",
}  # fmt: skip
LANGUAGES = {code: name for name, code in LANGUAGE_CODES.items()}
ACCESS = {str(label).lower(): code for code, label in Access.choices}
PHONE = re.compile(r"[0-9+()][0-9+() .\-/extEXT#]{4,39}")
NTH_DAY = re.compile(r"(-?\d)?(MO|TU|WE|TH|FR|SA|SU)")
CLOCK = re.compile(r"(?:^|T)(\d{1,2}):(\d{2})")
check_url = URLValidator(schemes=["http", "https"])
Raw = dict[str, Any]


class Refused(Exception):
    """A record cannot come; the message says why."""


@dataclass
class Term:
    """Theirs, under which a service is sorted."""

    key: str
    name: str
    taxonomy: str


@dataclass
class Arriving:
    """A service as it would come: values that JSON can hold, and what was cleaned."""

    key: str
    values: Raw
    provider: Raw
    places: dict[str, Raw]
    terms: list[Term]
    notes: list[str] = field(default_factory=list)


def key_of(record: Any) -> str:
    """Return the id of a record; "" where it has none that can be told apart."""
    return _key(record.get("id")) if isinstance(record, dict) else ""


def name_of(record: Any) -> str:
    """Return how a record calls itself, for a report."""
    return plain(record.get("name"))[:200] if isinstance(record, dict) else ""


def terms_of(record: Any) -> list[Term]:
    """Return the terms under which a record is sorted, whatever else is wrong with it."""
    return _terms(record, []) if isinstance(record, dict) else []


def understand(record: Any, today: date) -> Arriving:
    """Return a service as it would come. Raises Refused."""
    if not isinstance(record, dict):
        raise Refused("It is not a record.")
    if why := record.get("kith_not_read"):
        raise Refused(f"It could not be read: {plain(why)[:200]}")
    key = _key(record.get("id"))
    if not key:
        raise Refused("It has no id.")
    notes: list[str] = []
    clean = _Cleaner(notes)
    name = clean.text("name", record.get("name"))
    if not name:
        raise Refused("It has no name.")
    giver = record.get("organization")
    provider = _provider(giver, clean)
    first, last = _ages(record, notes)
    places, held, place_times = _places(record, key, clean)
    times = [
        *(each for one in _dicts(record.get("schedules")) for each in _times(one, "", clean)),
        *place_times,
    ]
    if len(times) > MOST_TIMES:
        raise Refused(f"It has {len(times):,} times; at most {MOST_TIMES} are taken.")
    for one in times:
        one["place"] = one["place"] if one["place"] in places else ""
    free, cost = _cost(record, clean)
    return Arriving(
        key=key,
        values={
            "name": name,
            "also_called": clean.text("also_called", record.get("alternate_name")),
            "description": clean.text("description", record.get("description"), lines=True),
            "url": clean.url("website", record.get("url")),
            "email": clean.email(record.get("email")),
            "phone": _phone(record, notes),
            "status": _status(record, notes),
            "alert": clean.text("alert", record.get("alert")),
            "from_months": first,
            "to_months": last,
            "who_for": clean.text("who_for", record.get("eligibility_description"), lines=True),
            "how_to_ask": clean.text("how_to_ask", record.get("application_process"), lines=True),
            "free": free,
            "cost": cost,
            "languages": _languages(record),
            "interpreters": clean.text("interpreters", record.get("interpretation_services")),
            "accreditations": clean.text("accreditations", record.get("accreditations")),
            "funding": next(
                (
                    words
                    for one in _dicts(record.get("funding"))
                    if (words := clean.text("funding", one.get("source")))
                ),
                "",
            ),
            "area_names": _areas(record),
            "assured_on": _assured(record, today, notes),
            "held": held,
            "times": _once_each(times),
        },
        provider=provider,
        places=places,
        terms=_terms(record, notes),
        notes=list(dict.fromkeys(notes)),
    )


def plain(value: Any, *, lines: bool = False) -> str:
    """Return a text without marks of HTML, scripts, or what cannot be seen; "" for what is no text."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)[:40]
    if not isinstance(value, str):
        return ""
    value = value[:LONGEST_READ]
    # What was packed twice is unpacked twice.
    for _ in range(3):
        if "<" not in value and "&" not in value:
            break
        value = _Words.of(value)
    return tidy_text(value, lines=lines)


class _Words(HTMLParser):
    """The words of HTML: what a browser would run or hide is left out."""

    HIDDEN = frozenset({"script", "style", "template", "iframe", "object", "noscript"})
    BREAKS = frozenset(
        {"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"}
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    @classmethod
    def of(cls, text: str) -> str:
        words = cls()
        try:
            words.feed(text)
            words.close()
        except (AssertionError, ValueError):
            return re.sub(r"<[^>]*>?", " ", text)
        return "".join(words.parts)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.hidden += tag in self.HIDDEN
        if tag in self.BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        if tag in self.BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


class _Cleaner:
    """Cleans texts, and notes what was lost."""

    def __init__(self, notes: list[str]) -> None:
        self.notes = notes

    def text(self, name: str, value: Any, *, lines: bool = False) -> str:
        words = plain(value, lines=lines)
        said = name.replace("_", " ")
        if value not in (None, "", [], {}) and not isinstance(value, (str, int, float)):
            self.notes.append(f"The {said} is no text, and was left out.")
        most = LONGEST[name]
        if len(words) > most:
            self.notes.append(f"The {said} is too long, and was cut.")
            cut = words[: most - 1]
            words = (cut.rsplit(" ", 1)[0] if " " in cut[-60:] else cut) + "…"
        return words

    def url(self, name: str, value: Any) -> str:
        text = plain(value)
        if not text:
            return ""
        if "://" not in text and "." in text and not text.lower().startswith("javascript"):
            text = f"https://{text}"
        try:
            check_url(text)
        except ValidationError:
            self.notes.append(f"The {name} is no address, and was left out.")
            return ""
        if len(text) > 500:
            self.notes.append(f"The {name} is too long, and was left out.")
            return ""
        return text

    def email(self, value: Any) -> str:
        text = plain(value)
        if not text:
            return ""
        try:
            validate_email(text)
        except ValidationError:
            text = "x" * 255
        if len(text) > 254:
            self.notes.append("The e-mail address is none, and was left out.")
            return ""
        return text


def _key(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**30 else ""
    text = tidy_text(value[:200]) if isinstance(value, str) else ""
    return text if len(text) <= 100 else ""


def _dicts(value: Any) -> list[Raw]:
    if isinstance(value, dict):
        return [value]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value) if not isinstance(value, str) else float(value.strip()[:30])
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _day(value: Any) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        found = date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2100 else None


def _provider(giver: Any, clean: _Cleaner) -> Raw:
    if not isinstance(giver, dict):
        raise Refused("It does not say who gives it.")
    key, name = _key(giver.get("id")), clean.text("name", giver.get("name"))
    if not key or not name:
        raise Refused("It does not say who gives it.")
    charity = next(
        (
            plain(one.get("identifier"))[:20]
            for one in _dicts(giver.get("organization_identifiers"))
            if plain(one.get("identifier_scheme")).upper() == "GB-CHC"
        ),
        "",
    )
    words = clean.text("description", giver.get("description"), lines=True)
    return {
        "key": key,
        "name": name,
        "description": words or name,
        "website": clean.url("provider’s website", giver.get("website") or giver.get("url")),
        "email": clean.email(giver.get("email")),
        "charity_number": charity,
        "parent": _key(giver.get("parent_organization_id")),
    }


def _ages(record: Raw, notes: list[str]) -> tuple[int | None, int | None]:
    """Return the first and the last month of the ages, both included."""
    found: list[int | None] = []
    for name, last in (("minimum_age", False), ("maximum_age", True)):
        value = record.get(name)
        years = _number(value)
        if value in (None, ""):
            found.append(None)
        elif years is None or not 0 <= years <= OLDEST / 12:
            notes.append(
                f"The {'oldest' if last else 'youngest'} age cannot be one, and was left out."
            )
            found.append(None)
        elif last and years >= 99:
            found.append(None)  # how many directories write that there is no end
        else:
            months = round(years * 12)
            found.append(months + 11 if last and months % 12 == 0 else months)
    first, end = found
    if first is not None and end is not None and first > end:
        notes.append("The oldest age is below the youngest; both were left out.")
        return None, None
    return first, end


def _phone(record: Raw, notes: list[str]) -> str:
    phones = _dicts(record.get("phones")) or [
        phone for one in _dicts(record.get("contacts")) for phone in _dicts(one.get("phones"))
    ]
    for one in phones[:MOST_PARTS]:
        number = plain(one.get("number"))
        if PHONE.fullmatch(number):
            return number
        if number:
            notes.append("A telephone number is none, and was left out.")
    return ""


def _status(record: Raw, notes: list[str]) -> str:
    said = plain(record.get("status")).lower()
    if said and said not in STATUSES:
        notes.append("What it says of whether it runs is not known; it comes as running.")
    return STATUSES.get(said, "active")


def _cost(record: Raw, clean: _Cleaner) -> tuple[bool | None, str]:
    options = _dicts(record.get("cost_options"))[:MOST_PARTS]
    amounts = [_number(one.get("amount")) for one in options]
    words = clean.text("cost", record.get("fees_description") or record.get("fees"))
    if not words:
        said = (_option(one) for one in options)
        words = clean.text("cost", "; ".join(dict.fromkeys(part for part in said if part)))
    known = [amount for amount in amounts if amount is not None]
    if any(amount > 0 for amount in known):
        return False, words
    if words.lower().strip(". ") == "free" or (known and len(known) == len(options)):
        return True, "" if words.lower().strip(". ") == "free" else words
    return None, words


def _option(one: Raw) -> str:
    amount = _number(one.get("amount"))
    price = f"£{amount:.2f}".replace(".00", "") if amount and 0 < amount < 100_000 else ""
    parts = (plain(one.get("option")), price, plain(one.get("amount_description")))
    return " ".join(part[:200] for part in parts if part)


def _languages(record: Raw) -> list[str]:
    found = []
    for one in _dicts(record.get("languages"))[:MOST_PARTS]:
        name = plain(one.get("name")) or plain(one.get("language")) or plain(one.get("code"))
        name = LANGUAGES.get(name.lower(), name)
        if name and len(name) <= 40:
            found.append(name)
    return sorted(set(found))


def _areas(record: Raw) -> list[str]:
    names = (
        plain(one.get("name")) or plain(one.get("service_area"))
        for one in _dicts(record.get("service_areas"))[:MOST_PARTS]
    )
    return sorted({name for name in names if name and len(name) <= 100})


def _assured(record: Raw, today: date, notes: list[str]) -> str | None:
    value = record.get("assured_date")
    day = _day(value)
    if value and (day is None or day > today):
        notes.append("The day of its last check is none, and was left out.")
        return None
    return day.isoformat() if day else None


def _terms(record: Raw, notes: list[str]) -> list[Term]:
    found: dict[str, Term] = {}
    for each in _dicts(record.get("attributes")):
        for one in _dicts(each.get("taxonomy_term")):
            name = plain(one.get("name")) or plain(one.get("term"))
            taxonomy = plain(one.get("taxonomy"))[:100]
            key = f"{taxonomy}|{_key(one.get('id')) or _key(one.get('code')) or name[:90]}"[:200]
            if name:
                found.setdefault(key, Term(key, name[:200], taxonomy))
    if len(found) > MOST_TERMS:
        notes.append(f"It is sorted under {len(found):,} terms; the first {MOST_TERMS} were taken.")
    return list(found.values())[:MOST_TERMS]


# Places


def _places(record: Raw, key: str, clean: _Cleaner) -> tuple[dict[str, Raw], list[Raw], list[Raw]]:
    """Return the places by their ids, where the service is held, and the times there."""
    given = _dicts(record.get("service_at_locations"))
    if len(given) > MOST_PLACES:
        raise Refused(f"It is at {len(given):,} places; at most {MOST_PLACES} are taken.")
    places: dict[str, Raw] = {}
    held: dict[str, Raw] = {}
    times: list[Raw] = []
    own: dict[str, str] = {}
    for one in given:
        place = one.get("location")
        if not isinstance(place, dict):
            clean.notes.append("A place was left out: nothing is said of it.")
            continue
        here = _key(place.get("id")) or f"{key[:60]}:{plain(place.get('name'))[:30]}"
        places.setdefault(here, _place(place, here, clean))
        held.setdefault(here, {"place": here, "words": plain(one.get("description"))[:300]})
        own[_key(one.get("id"))] = here
        for each in _dicts(one.get("schedules")):
            times += _times(each, here, clean)
    # A service's own list of times may say at which place each is held.
    for each in _dicts(record.get("schedules")):
        if at := own.get(_key(each.get("service_at_location_id"))):
            each["kith_place"] = at
    return places, sorted(held.values(), key=lambda one: str(one["place"])), times


def _place(place: Raw, key: str, clean: _Cleaner) -> Raw:
    """Return a place as far as it may be known. One without an address has none, nor a point."""
    name = clean.text("name", place.get("name"))
    found: Raw = {
        "key": key, "name": name or "A place without a name", "kind": Place.Kind.OTHER.value,
        "shown": Place.Shown.ON_REQUEST.value, "address": "", "town": "", "postcode": "",
        "transport": "", "access": [], "latitude": None, "longitude": None,
    }  # fmt: skip
    kinds = {kind.value for kind in Place.Kind} - {"hub"}
    if place.get("kith_kind") in tuple(kinds):
        found["kind"] = place["kith_kind"]
    found["access"] = sorted(
        {
            ACCESS[words]
            for one in _dicts(place.get("accessibility"))[:MOST_PARTS]
            for words in (plain(one.get("description") or one.get("accessibility")).lower(),)
            if words in ACCESS
        }
    )
    addresses = _dicts(place.get("addresses"))[:MOST_PARTS]
    address = next((one for one in addresses if one.get("address_type") != "postal"), None)
    address = address or next(iter(addresses), None)
    if place.get("kith_address_shown") in ("area", "on_request", "never"):
        address = None
    if address is None:
        virtual = plain(place.get("location_type")).lower() == "virtual"
        if virtual and "kith_address_shown" not in place:
            found |= {
                "kind": Place.Kind.ONLINE.value,
                "shown": Place.Shown.FULL.value,
                "access": [],
            }
            found["name"] = name or "Online or by telephone"
        elif place.get("kith_kind") == "online":
            found |= {"shown": Place.Shown.FULL.value}
        return found
    found["transport"] = plain(place.get("transportation"), lines=True)[:500]
    lines = (plain(address.get(part)) for part in ("address_1", "address_2"))
    found["address"] = ", ".join(part for part in lines if part)[:300]
    found["town"] = plain(address.get("city"))[:100]
    given = plain(address.get("postal_code"))[:30]
    try:
        found["postcode"] = postcodes.tidy(given) if given else ""
        found["shown"] = Place.Shown.FULL.value
        if not given:
            clean.notes.append("A place has no postcode: it is not found by distance.")
    except postcodes.NotAPostcode:
        letters = postcodes.letters_of(given)
        if postcodes.FIRST_HALF.fullmatch(letters):
            # Half a postcode is how directories show an area only.
            found |= {
                "shown": Place.Shown.AREA.value, "postcode": letters, "address": "", "transport": "",
            }  # fmt: skip
        else:
            clean.notes.append("A postcode is none, and was left out.")
            found["shown"] = Place.Shown.FULL.value
    _point(place, found, clean)
    return found


def _point(place: Raw, found: Raw, clean: _Cleaner) -> None:
    north, east = _number(place.get("latitude")), _number(place.get("longitude"))
    if north is None and east is None:
        return
    west, south, last_east, last_north = DEGREES
    if (
        north is None
        or east is None
        or not (south <= north <= last_north and west <= east <= last_east)
    ):
        clean.notes.append("A point on the map is not in Great Britain, and was left out.")
        return
    digits = 2 if found["shown"] == Place.Shown.AREA else 6
    found |= {"latitude": round(north, digits), "longitude": round(east, digits)}


# Times


def _times(one: Raw, place: str, clean: _Cleaner) -> Iterator[Raw]:
    """Yield a schedule as those of ours that say the same."""
    given = one.get("kith_place")
    place = place or (given if isinstance(given, str) else "")
    since, until = _day(one.get("valid_from")), _day(one.get("valid_to"))
    start = _day(one.get("dtstart"))
    opens, closes = _clock(one.get("opens_at")), _clock(one.get("closes_at"))
    if closes is not None and (opens is None or closes <= opens):
        clean.notes.append("A time ends before it begins; its end was left out.")
        closes = None
    if since and until and until < since:
        clean.notes.append("Times end before they begin; the last day was left out.")
        until = None
    base: Raw = {
        "nth": None, "opens": opens.strftime("%H:%M") if opens else None,
        "closes": closes.strftime("%H:%M") if closes else None, "place": place,
        "words": plain(one.get("notes") or one.get("description"))[:300],
    }  # fmt: skip
    often = plain(one.get("freq")).upper()
    found = (
        [] if not isinstance(one.get("byday"), str) else NTH_DAY.findall(one["byday"][:100].upper())
    )
    days = list(dict.fromkeys(found))
    step = _number(one.get("interval")) or 1
    if often == "WEEKLY" and days and step in (1, 2):
        for _, letters in days:
            weekday = BYDAY.index(letters)
            first = _first(start or since, weekday)
            if step == 2 and first is None:
                clean.notes.append("Times every other week say no first day, and were left out.")
                continue
            yield base | {
                "every": "week" if step == 1 else "fortnight", "weekday": weekday,
                "since": _iso(since if step == 1 else first),
                "until": _iso(None if step == 2 and until and first and until < first else until),
            }  # fmt: skip
    elif (
        often == "MONTHLY"
        and days
        and step == 1
        and all(nth in ("1", "2", "3", "4", "-1") for nth, _ in days)
    ):
        for nth, letters in days:
            yield base | {
                "every": "month_day", "weekday": BYDAY.index(letters), "nth": int(nth),
                "since": _iso(since), "until": _iso(until),
            }  # fmt: skip
    elif not often and (day := start or since) and (until is None or until == day):
        yield base | {"every": "once", "weekday": None, "since": _iso(day), "until": None}
    else:
        said = plain(one.get("description"))[:100]
        clean.notes.append(
            f"Times were left out, for we cannot tell them{f': “{said}”' if said else ''}."
        )


def _first(day: date | None, weekday: int) -> date | None:
    return day + timedelta(days=(weekday - day.weekday()) % 7) if day else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _clock(value: Any) -> time | None:
    found = CLOCK.search(value[:40]) if isinstance(value, str) else None
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def _once_each(times: list[Raw]) -> list[Raw]:
    """Return times once each, in an order that is always the same: many feeds tell them twice.

    What is told with a place, and again without, is told once: with the place.
    """
    seen: dict[str, Raw] = {}
    with_place = {_mark(one, place=False) for one in times if one["place"]}
    for one in times:
        if one["place"] or _mark(one, place=False) not in with_place:
            seen.setdefault(_mark(one), one)
    return [seen[mark] for mark in sorted(seen)]


def _mark(one: Raw, *, place: bool = True) -> str:
    return str(
        sorted(
            (name, str(value))
            for name, value in one.items()
            if place or name not in ("place", "words")
        )
    )
