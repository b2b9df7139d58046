"""Bringing what another directory tells of: new, changed, gone; each record whole or not at all.

What our own people changed by hand is not written over. For each thing that came, `Brought` keeps
what was said of it last: a field that stands otherwise now was changed here, and where it was changed
there too, ours stays and the difference is kept until somebody settles it.

A place that is hidden here never gains an address, and one that they have hidden loses its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.audit.actions import record as record_change
from kith.directory.actions.services import put_on_the_map
from kith.directory.arriving import Refused, key_of, name_of, understand
from kith.directory.models import (
    Brought,
    Place,
    Provider,
    Reading,
    ReadRecord,
    Schedule,
    Service,
    ServiceAtPlace,
    Source,
    Tag,
    Term,
)
from kith.directory.permissions import may_bring
from kith.places.grid import to_metres
from kith.places.queries import NotAPostcode, NotInTheCounty

Values = dict[str, Any]
Kind = Brought.Kind
Outcome = ReadRecord.Outcome
SIMPLE = (
    "name", "also_called", "description", "url", "email", "phone", "status", "alert", "from_months",
    "to_months", "who_for", "how_to_ask", "free", "cost", "languages", "interpreters",
    "accreditations", "funding", "area_names", "published",
)  # fmt: skip
PROVIDER = ("name", "description", "website", "email", "charity_number")
PLACE = ("name", "kind", "shown", "address", "town", "postcode", "transport", "access")
WHERE = ("address", "town", "postcode", "transport", "latitude", "longitude")
HIDDEN = {shown: rank for rank, shown in enumerate(("full", "area", "on_request", "never"))}
MANY, MANY_PERCENT = 5, 25  # so much gone at once is rather a broken feed than the truth
LONGEST_SHOWN = 300
WORDS = {
    "name": "Name", "also_called": "Also called", "description": "What it is", "url": "Website",
    "email": "E-mail", "phone": "Telephone", "status": "Whether it runs", "alert": "What to know",
    "from_months": "Youngest age, in months", "to_months": "Oldest age, in months",
    "who_for": "Who it is for", "how_to_ask": "What to say or bring", "free": "Free",
    "cost": "Cost", "languages": "Languages", "interpreters": "Interpreters",
    "accreditations": "Accreditations", "funding": "Funding", "area_names": "Areas",
    "published": "Published", "terms": "Kinds of help", "held": "Places", "times": "Times",
    "provider": "Who gives it", "website": "Website", "charity_number": "Charity number",
    "kind": "Kind of place", "shown": "How much is shown", "address": "Address", "town": "Town",
    "postcode": "Postcode", "transport": "How to get there", "access": "Access", "parent": "Part of",
}  # fmt: skip
_NOTHING_SAID: Any = object()


@dataclass
class Came:
    """What came of one record."""

    outcome: str
    service: Service | None = None
    notes: list[str] = field(default_factory=list)
    changes: list[list[str]] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)


@transaction.atomic
def bring_record(
    *,
    reading: Reading,
    number: int,
    record: Any,
    again: str = "",
    told: set[tuple[str, str]] | None = None,
    by: User,
    at: datetime,
) -> Came:
    """Bring one record of a feed, or say what would come of it; and note it in the report.

    `again` is why a record is not looked at: its id came before. `told` are the providers and places
    of which this reading has told already: where records differ about one, the first is taken.
    """
    may_bring(by).or_raise()
    try:
        with transaction.atomic():
            if again:
                raise Refused(again)
            came = _bring(reading.source, record, told or set(), at)
            if reading.kind == Reading.Kind.LOOK:
                transaction.set_rollback(True)
        if told is not None:
            told |= came.told
    except Refused as why:
        came = Came(Outcome.REFUSED, notes=[str(why)])
    except (DatabaseError, ValidationError, OverflowError):
        came = Came(Outcome.REFUSED, notes=["It holds something that cannot be kept."])
    looked = reading.kind == Reading.Kind.LOOK
    if came.service and looked and came.outcome == Outcome.NEW:
        came.service = None
    if came.outcome != Outcome.SAME:
        ReadRecord.objects.create(
            reading=reading, number=number, key=key_of(record), name=name_of(record),
            outcome=came.outcome, notes=came.notes[:20], changes=came.changes, service=came.service,
        )  # fmt: skip
    if came.service and not looked and came.outcome in (Outcome.NEW, Outcome.CHANGED):
        after = {"source": reading.source.name, "outcome": came.outcome}
        record_change("directory.brought", subject=came.service, by=by, at=at, after=after)
    return came


def _bring(source: Source, record: Any, told: set[tuple[str, str]], at: datetime) -> Came:
    arriving = understand(record, timezone.localdate(at))
    if _is_ours(arriving.key):
        raise Refused("It is one of ours: they have it from this directory.")
    notes, changes = arriving.notes, []
    provider, of_provider = _bring_provider(source, arriving.provider, told)
    changes += [["Who gives it: " + name.lower(), *rest] for name, *rest in of_provider]
    places = {}
    for key, said in arriving.places.items():
        places[key], of_place = _bring_place(source, said, told, notes)
        changes += [[f"{places[key].name}: {name.lower()}", *rest] for name, *rest in of_place]
    of = {(Kind.PROVIDER.value, arriving.provider["key"])}
    of |= {(Kind.PLACE.value, key) for key in places}
    theirs = arriving.values | {
        "terms": _our_terms(source, [one.key for one in arriving.terms], notes),
        "published": source.publishes and arriving.values["status"] not in ("inactive", "defunct"),
        "provider": arriving.provider["key"],
    }
    assured = theirs.pop("assured_on")
    service = Service.objects.select_for_update().filter(
        source=source.address, source_id=arriving.key
    ).first()  # fmt: skip
    brought = _brought(source, Kind.SERVICE, arriving.key)
    if service is None:
        service = Service(source=source.address, source_id=arriving.key, provider=provider)
        for name in SIMPLE:
            setattr(service, name, theirs[name])
        _assure(service, assured, source)
        service.save()
        _write(source, service, {name: theirs[name] for name in ("terms", "held", "times")})
        _keep(brought, theirs, {})
        return Came(Outcome.NEW, service, notes, told=of)
    if service.told_by_id is not None:
        # It stood twice here, and another entry tells of it: it is not brought back.
        return Came(Outcome.SAME, service, notes, told=of)
    now = _now(source, service)
    write, said, differs = _merge(now, brought.said, theirs)
    if "held" in write and now["times"] != brought.said.get("times"):
        # With a place go the times there, of which some were written by our own people.
        still = {one["place"] for one in theirs["held"]}
        if any(one["place"] not in still for one in now["held"]):
            del write["held"]
            said["held"], differs["held"] = brought.said["held"], theirs["held"]
    changes += [_in_words(name, now[name], theirs[name]) for name in write]
    fresh = [
        _in_words(name, now[name], value, more=", not taken")
        for name, value in differs.items()
        if brought.differs.get(name, _NOTHING_SAID) != value
    ]
    if write:
        _write(source, service, write)
    if _assure(service, assured, source):
        service.save(update_fields=["assured_on", "assured_by", "hidden_on", "published"])
        changes.append(["Checked last", "", assured])
    _keep(brought, said, differs)
    outcome = Outcome.DIFFERS if fresh else Outcome.CHANGED if changes else Outcome.SAME
    if fresh:
        notes = [*notes, "It was changed here by hand, so ours stays until somebody settles it."]
    return Came(outcome, service, notes, fresh + changes, of)


def _is_ours(key: str) -> bool:
    try:
        uid = UUID(key)
    except ValueError:
        return False
    return Service.objects.filter(uid=uid).exists()


def _merge(now: Values, said: Values, theirs: Values) -> tuple[Values, Values, Values]:
    """Return what is to be written, what is said from now on, and what was changed in both places."""
    write, differs = {}, {}
    said = dict(said)
    for name, value in theirs.items():
        had = said.get(name, _NOTHING_SAID)
        if value == had:
            continue
        if now[name] == value:
            said[name] = value
        elif now[name] == had:
            write[name] = said[name] = value
        else:
            differs[name] = value
    return write, said, differs


def _brought(source: Source, kind: str, key: str) -> Brought:
    found = Brought.objects.select_for_update().filter(source=source, kind=kind, key=key).first()
    return found or Brought(source=source, kind=kind, key=key)


def _keep(brought: Brought, said: Values, differs: Values) -> None:
    same = (brought.said, brought.differs, brought.gone_on) == (said, differs, None)
    if brought.pk is None or not same:
        brought.said, brought.differs, brought.gone_on = said, differs, None
        brought.save()


def _assure(service: Service, assured: str | None, source: Source) -> bool:
    """Take their last check where it is later than ours, and say whether it was."""
    day = date.fromisoformat(assured) if assured else None
    if day is None or (service.assured_on and day <= service.assured_on):
        return False
    service.assured_on, service.assured_by = day, source.name
    if service.hidden_on is not None:
        service.hidden_on, service.published = None, True
    return True


def _our_terms(source: Source, keys: list[str], notes: list[str]) -> list[str]:
    found = source.terms.filter(key__in=keys, term__active=True).select_related("term")
    codes = sorted({f"{one.term.taxonomy}/{one.term.code}" for one in found if one.term})
    if not codes:
        notes.append("No term of theirs is one of ours: it is found by its words alone.")
    return codes


# A service as it stands, in the form in which it came


def _now(source: Source, service: Service) -> Values:
    held = list(service.at_places.select_related("place"))
    names = {one.pk: _place_key(source, one.place) for one in held}
    times = _now_times(source, service.schedules.select_related("at_place__place"))
    return {name: getattr(service, name) for name in SIMPLE} | {
        "provider": _provider_key(source, service.provider),
        "terms": sorted(
            f"{tag.term.taxonomy}/{tag.term.code}" for tag in service.tags.select_related("term")
        ),
        "held": sorted(
            ({"place": names[one.pk], "words": one.words} for one in held),
            key=lambda one: one["place"],
        ),
        "times": sorted(times, key=_mark),
    }


def _place_key(source: Source, place: Place) -> str:
    return place.source_id if place.source == source.address else f"here:{place.uid}"


def _provider_key(source: Source, provider: Provider) -> str:
    return provider.source_id if provider.source == source.address else f"here:{provider.uid}"


def _mark(one: Mapping[str, Any]) -> str:
    return str(sorted((name, str(value)) for name, value in one.items()))


def _write(source: Source, service: Service, values: Values) -> None:
    """Write fields of a service in the form in which they came."""
    simple = [name for name in SIMPLE if name in values]
    for name in simple:
        setattr(service, name, values[name])
    if "provider" in values:
        found = Provider.objects.filter(source=source.address, source_id=values["provider"]).first()
        if found:
            service.provider = found
            simple.append("provider")
    if service.published and service.hidden_on is not None:
        service.hidden_on = None
        simple.append("hidden_on")
    if simple and service.pk:
        service.save(update_fields=simple)
    if "terms" in values:
        _write_terms(service, values["terms"])
    if "held" in values:
        _write_held(source, service, values["held"])
    if "times" in values:
        _write_times(source, service, values["times"])


def _write_terms(service: Service, codes: list[str]) -> None:
    had = {
        f"{tag.term.taxonomy}/{tag.term.code}": tag for tag in service.tags.select_related("term")
    }
    for code in codes:
        if had.pop(code, None) is None:
            taxonomy, _, slug = code.partition("/")
            if term := Term.objects.filter(taxonomy=taxonomy, code=slug).first():
                Tag.objects.create(service=service, term=term)
    for tag in had.values():
        tag.delete()


def _write_held(source: Source, service: Service, held: list[Values]) -> None:
    had = {_place_key(source, one.place): one for one in service.at_places.select_related("place")}
    for one in held:
        known = had.pop(one["place"], None)
        if known is None:
            place = Place.objects.filter(source=source.address, source_id=one["place"]).first()
            if place:
                ServiceAtPlace.objects.create(service=service, place=place, words=one["words"])
        elif known.words != one["words"]:
            known.words = one["words"]
            known.save(update_fields=["words"])
    for known in had.values():
        known.delete()


def _write_times(source: Source, service: Service, times: list[Values]) -> None:
    held = {_place_key(source, one.place): one for one in service.at_places.select_related("place")}
    known = list(service.schedules.select_related("at_place__place"))
    stands = {
        _mark(one): schedule for one, schedule in zip(_now_times(source, known), known, strict=True)
    }
    for one in times:
        if stands.pop(_mark(one), None) is None:
            Schedule.objects.create(
                service=service, at_place=held.get(one["place"]), every=one["every"],
                weekday=one["weekday"], nth=one["nth"], words=one["words"],
                opens=_clock(one["opens"]), closes=_clock(one["closes"]),
                since=_day(one["since"]), until=_day(one["until"]),
            )  # fmt: skip
    for schedule in stands.values():
        schedule.delete()


def _now_times(source: Source, schedules: Iterable[Schedule]) -> list[Values]:
    return [
        {
            "every": one.every, "weekday": one.weekday, "nth": one.nth,
            "opens": one.opens.strftime("%H:%M") if one.opens else None,
            "closes": one.closes.strftime("%H:%M") if one.closes else None,
            "since": one.since.isoformat() if one.since else None,
            "until": one.until.isoformat() if one.until else None, "words": one.words,
            "place": _place_key(source, one.at_place.place) if one.at_place else "",
        }
        for one in schedules
    ]  # fmt: skip


def _clock(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# Who gives it, and where


def _bring_provider(
    source: Source, theirs: Values, told: set[tuple[str, str]]
) -> tuple[Provider, list[list[str]]]:
    values = {name: theirs[name] for name in PROVIDER}
    provider = Provider.objects.select_for_update().filter(
        source=source.address, source_id=theirs["key"]
    ).first()  # fmt: skip
    brought = _brought(source, Kind.PROVIDER, theirs["key"])
    if provider is None:
        provider = Provider(source=source.address, source_id=theirs["key"], **values)
        provider.save()
        _keep(brought, brought.said | values, {})
        return provider, []
    if (Kind.PROVIDER.value, theirs["key"]) in told:
        return provider, []
    now = {name: getattr(provider, name) for name in PROVIDER}
    write, said, differs = _merge(now, brought.said, values)
    _set(provider, write)
    above = {name: value for name, value in brought.differs.items() if name == "parent"}
    _keep(brought, said, differs | above)
    return provider, [_in_words(name, now[name], write[name]) for name in write]


def _bring_place(
    source: Source, theirs: Values, told: set[tuple[str, str]], notes: list[str]
) -> tuple[Place, list[list[str]]]:
    values = {name: value for name, value in theirs.items() if name != "key"}
    place = Place.objects.select_for_update().filter(
        source=source.address, source_id=theirs["key"]
    ).first()  # fmt: skip
    brought = _brought(source, Kind.PLACE, theirs["key"])
    if place is None:
        place = Place(source=source.address, source_id=theirs["key"])
        _set_place(place, {name: values[name] for name in PLACE}, values)
        place.save()
        # As the county's list of postcodes writes it.
        _keep(brought, values | {"postcode": place.postcode}, {})
        return place, []
    ours, now_said = HIDDEN[place.shown], HIDDEN[values["shown"]]
    if (Kind.PLACE.value, theirs["key"]) in told and now_said <= ours:
        return place, []
    if now_said < ours:
        # Hidden here, or there until now: nothing by which it could be found is taken, nor kept.
        if brought.said.get("shown") != values["shown"]:
            notes.append(
                "They give more of the address of a place that is hidden here. It was not taken: "
                "change the place by hand if that is right."
            )
            said = {name: value for name, value in brought.said.items() if name not in WHERE}
            _keep(brought, said | {"shown": values["shown"]}, {})
        return place, []
    if now_said > ours and brought.said.get("shown") != values["shown"]:
        # They have hidden it: it is hidden here too, whoever wrote the address.
        _set_place(place, {name: values[name] for name in PLACE}, values)
        place.save()
        _keep(brought, values, {})
        return place, [[WORDS["shown"], "", str(place.get_shown_display())]]
    if now_said > ours:
        # Our own people have found out where it is; the rest is as they say.
        values |= {name: brought.said.get(name) for name in (*WHERE, "shown")}
    elif (found := _postcode_as_kept(place, values)) is not None:
        values["postcode"] = found
    now = {name: getattr(place, name) for name in PLACE}
    point = {name: brought.said.get(name) for name in ("latitude", "longitude")}
    theirs_now = {name: values[name] for name in PLACE}
    write, said, differs = _merge(now, brought.said, theirs_now)
    moved = any(point[name] != values[name] for name in point)
    by_hand = "postcode" in differs or now["postcode"] != brought.said.get("postcode", "")
    if write or (moved and not by_hand):
        if ("postcode" in write or moved) and not by_hand:
            _set_place(place, write, values)
        else:
            for name, value in write.items():
                setattr(place, name, value)
        place.save()
    _keep(brought, said | {name: values[name] for name in point}, differs)
    return place, [_in_words(name, now[name], write[name]) for name in write]


def _postcode_as_kept(place: Place, values: Values) -> str | None:
    """Return their postcode as it stands here already, where it is the same but for its writing."""
    same = place.postcode.replace(" ", "") == values["postcode"].replace(" ", "")
    return place.postcode if same else None


def _set_place(place: Place, write: Values, values: Values) -> None:
    """Write fields of a place, and give it the point that everybody may know, or none."""
    for name, value in write.items():
        setattr(place, name, value)
    try:
        put_on_the_map(place)
    except (NotAPostcode, NotInTheCounty):
        # A neighbour's place: the point is the one that they tell.
        _point(place, values)
    else:
        if place.easting is None:
            _point(place, values)


def _point(place: Place, values: Values) -> None:
    place.easting = place.northing = place.latitude = place.longitude = None
    north, east = values["latitude"], values["longitude"]
    if north is None or east is None or place.shown not in ("full", "area"):
        return
    metres_east, metres_north = to_metres(east, north)
    if not (0 <= metres_east <= 700_000 and 0 <= metres_north <= 1_300_000):
        return
    place.latitude, place.longitude = north, east
    place.easting, place.northing = round(float(metres_east)), round(float(metres_north))


def _set(thing: Provider | Place, values: Values) -> None:
    for name, value in values.items():
        setattr(thing, name, value)
    if values:
        thing.save(update_fields=list(values))


def write_settled(brought: Brought, name: str, value: Any) -> None:
    """Write what they say of one field, because somebody has chosen it."""
    source = brought.source
    what = {"source": source.address, "source_id": brought.key}
    match brought.kind:
        case Kind.SERVICE:
            _write(source, Service.objects.select_for_update().get(**what), {name: value})
        case Kind.PROVIDER:
            _set(Provider.objects.select_for_update().get(**what), {name: value})
        case _:
            place = Place.objects.select_for_update().get(**what)
            point = {each: brought.said.get(each) for each in ("latitude", "longitude")}
            _set_place(place, {name: value}, point)
            place.save()


# What is told of the whole


@transaction.atomic
def bring_parents(
    *, source: Source, parents: Mapping[str, str], by: User, at: datetime
) -> list[str]:
    """Say of whom each provider is a part, as the feed does; a circle is not taken. Returns notes."""
    may_bring(by).or_raise()
    notes = []
    known = {
        one.source_id: one
        for one in Provider.objects.filter(source=source.address).select_related("parent")
    }
    for key, above in sorted(parents.items()):
        one, parent = known.get(key), known.get(above)
        if one is None:
            continue
        brought = _brought(source, Kind.PROVIDER, key)
        now = {"parent": _provider_key(source, one.parent) if one.parent else ""}
        write, said, differs = _merge(
            now, {"parent": ""} | brought.said, {"parent": above if parent else ""}
        )
        if write and parent and _is_above(one, parent):
            notes.append(f"{one.name} would be a part of itself; that was left out.")
            continue
        if write:
            one.parent = parent
            one.save(update_fields=["parent"])
        if said.get("parent") != brought.said.get("parent", "") or differs:
            brought.said, brought.differs = said, brought.differs | differs
            brought.save()
    return notes


def _is_above(one: Provider, parent: Provider | None) -> bool:
    seen: set[int] = set()
    while parent is not None and parent.pk not in seen:
        if parent.pk == one.pk:
            return True
        seen.add(parent.pk)
        parent = Provider.objects.filter(pk=parent.parent_id).first() if parent.parent_id else None
    return False


@transaction.atomic
def take_away(
    *, reading: Reading, seen: Iterable[str], first: int, by: User, at: datetime
) -> list[str]:
    """Publish no more what a feed read to its end does not hold; or note what would go. Returns notes.

    Where much is gone at once, nothing is taken away unless somebody has said so.
    """
    may_bring(by).or_raise()
    source = reading.source
    here = Brought.objects.filter(source=source, kind=Kind.SERVICE, gone_on__isnull=True)
    there = set(seen)
    gone = [one for one in here.order_by("key") if one.key not in there]
    looked = reading.kind == Reading.Kind.LOOK
    much = len(gone) > MANY and len(gone) * 100 > MANY_PERCENT * here.count()
    if much and not reading.take_away and not looked:
        return [
            f"{len(gone):,} services are not in the feed any more. That is much at once, so nothing "
            "was taken away. If it is right, import again and say so."
        ]
    for number, one in enumerate(gone, first):
        service = Service.objects.select_for_update().filter(
            source=source.address, source_id=one.key
        ).first()  # fmt: skip
        if service is None:
            continue
        if not looked:
            one.gone_on = timezone.localdate(at)
            one.said["published"] = False
            one.save()
            if service.published or service.hidden_on:
                service.published, service.hidden_on = False, None
                service.save(update_fields=["published", "hidden_on"])
            after = {"source": source.name, "outcome": Outcome.GONE}
            record_change("directory.brought", subject=service, by=by, at=at, after=after)
        ReadRecord.objects.create(
            reading=reading, number=number, key=one.key, name=service.name, outcome=Outcome.GONE,
            notes=["It is not in the feed any more: it is kept, and not published."], service=service,
        )  # fmt: skip
    return []


@transaction.atomic
def end_reading(
    *, reading: Reading, counts: Mapping[str, int], notes: list[str], by: User, at: datetime
) -> Reading:
    """Note that a source has been read, and what came of it."""
    may_bring(by).or_raise()
    reading.counts, reading.notes, reading.ended_at = dict(counts), notes[:50], at
    reading.save(update_fields=["counts", "notes", "ended_at"])
    after = dict(reading.counts)
    record_change("directory.source_ended", subject=reading.source, by=by, at=at, after=after)
    return reading


def _in_words(name: str, ours: Any, theirs: Any, *, more: str = "") -> list[str]:
    return [WORDS.get(name, name) + more, _shown(name, ours), _shown(name, theirs)]


def _shown(name: str, value: Any) -> str:
    """Return a value as a report shows it. Places and times are told by how many there are."""
    if name in ("held", "times"):
        return f"{len(value)}"
    if isinstance(value, list):
        return ", ".join(str(one).partition("/")[2] or str(one) for one in value)[:LONGEST_SHOWN]
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)[:LONGEST_SHOWN]
