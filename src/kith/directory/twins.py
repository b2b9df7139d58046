"""Entries that may tell of one service, as those who keep the directory read them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from kith.analytics import twins
from kith.directory import proposed
from kith.directory.held import PLACE, TIME, Values, in_order
from kith.directory.models import Schedule, Service, ServiceAtPlace, Twins
from kith.hubs.queries import all_hubs

MOST_NEAR = 200  # entries that a new one is compared with at once
KINDS = {"open": Twins.State.OPEN, "together": Twins.State.ONE, "apart": Twins.State.NOT_SAME}


def entries(only: Iterable[int] | None = None) -> list[twins.Entry]:
    """Return entries that may stand twice, all or some by their numbers, as values that can be compared:
    three questions."""
    of: dict[str, Any] = {} if only is None else {"service__in": list(only)}
    hubs = {word for hub in all_hubs() for word in twins.words_of(hub.name)}
    places: dict[int, list[Any]] = {}
    held = ServiceAtPlace.objects.filter(**of).values_list(
        "service_id", "place__postcode", "place__uid", "place__town", "place__name"
    )
    for service, *place in held:
        places.setdefault(service, []).append(place)
    times: dict[int, set[tuple[int, str]]] = {}
    rows = Schedule.objects.filter(**of).values_list("service_id", "weekday", "opens", "since")
    for service, weekday, opens, since in rows:
        day = weekday if weekday is not None else since.weekday() if since else None
        if day is not None:
            times.setdefault(service, set()).add((day, opens.isoformat() if opens else ""))
    found = (
        Service.objects.filter(told_by=None, **({"pk__in": of["service__in"]} if of else {}))
        .exclude(status=Service.Status.DEFUNCT)
        .order_by("pk")
        .values_list(
            *("pk", "name", "provider__name", "phone", "email", "url", "from_months"),
            *("to_months", "offerings__core_code"),
        )
    )
    made: dict[int, twins.Entry] = {}
    for pk, name, provider, phone, email, web, first, last, core in found:
        own = places.get(pk, [])
        towns = {word for *_, town, called in own for word in twins.words_of(f"{town} {called}")}
        made[pk] = twins.Entry(
            key=pk,
            name=name,
            provider=provider,
            phone=twins.digits_of(phone),
            email=email.lower(),
            web=twins.page_of(web),
            places=frozenset(postcode or str(uid) for postcode, uid, *_ in own),
            towns=frozenset(towns | hubs),
            times=frozenset(times.get(pk, ())),
            ages=(first, last),
            core=core or (made[pk].core if pk in made else ""),
        )
    return list(made.values())


def like(service: Service) -> list[Service]:
    """Return the entries that a new one may tell of once more, the likeliest first: of those that share
    its provider, telephone number, mailbox or page, or the longest word of its name."""
    same = Q(provider=service.provider)
    if words := twins.words_of(service.name):
        same |= Q(name__icontains=max(words, key=len))
    for name in ("phone", "email", "url"):
        if value := getattr(service, name):
            same |= Q(**{name: value})
    near = Service.objects.filter(same).exclude(pk=service.pk).order_by("pk")[:MOST_NEAR]
    found = entries([service.pk, *(one.pk for one in near)])
    mine = next((one for one in found if one.key == service.pk), None)
    if mine is None:
        return []
    said = [(twins.compare(mine, one).points, one.key) for one in found if one.key != mine.key]
    numbers = [key for points, key in sorted(said, reverse=True) if points >= twins.SUGGESTED]
    by_key = Service.objects.in_bulk(numbers[:3])
    return [by_key[key] for key in numbers[:3]]


def listed(state: str) -> QuerySet[Twins]:
    """Return pairs of a state: what is to decide by its points, what was decided the latest first."""
    order = ("-points", "pk") if state == Twins.State.OPEN else ("-decided_at", "-pk")
    return _all().filter(state=state).order_by(*order)


def pair_numbered(pk: int) -> Twins | None:
    """Return a pair, whatever was said to it; None where there is none."""
    return _all().filter(pk=pk).first()


def of_service(service: Service) -> QuerySet[Twins]:
    """Return the pairs that an entry stands in, but for those that are not the same."""
    return _all().filter(Q(one=service) | Q(other=service)).exclude(state=Twins.State.NOT_SAME)


def _all() -> QuerySet[Twins]:
    return Twins.objects.select_related("one__provider", "other__provider", "kept", "decided_by")


def beside(kept: Service, other: Service) -> tuple[list[proposed.Line], Values, Values]:
    """Return what would change of the entry that stays if the other's words stood, field by field; what
    stands of it now; and what the other tells, with its places and times under names of its own."""
    now, theirs = proposed.values_of(kept), _as_new(proposed.values_of(other), kept)
    # What the other does not say takes nothing away; kinds and languages are those of both.
    theirs = {name: value for name, value in theirs.items() if value not in ("", [], None)}
    for name in ("terms", "languages", "area_names"):
        if name in theirs and (now[name] or name != "area_names"):
            theirs[name] = sorted({*now[name], *theirs[name]})
    then = now | theirs
    return proposed.Between([now, then]).lines(now, now, then), now, then


def mark_of(now: Values, theirs: Values) -> str:
    """Return a mark of both entries as they were read: another once one of them changes."""
    return proposed.mark([now, theirs])


def _as_new(values: Values, kept: Service) -> Values:
    """Return an entry's values for another: a place that the other has already is that, and a time
    that it has already is left out."""
    own = {
        str(one.place.uid): f"{PLACE}{one.uid}"
        for one in ServiceAtPlace.objects.filter(service=kept).select_related("place")
    }
    known = [
        {**value, "off": []}
        for name, value in proposed.values_of(kept).items()
        if name.startswith(TIME)
    ]
    found: Values = {
        name: value for name, value in values.items() if not name.startswith((PLACE, TIME))
    }
    named = {
        name: own.get(values[name]["place"], name)
        for name in in_order(values)
        if name.startswith(PLACE)
    }
    for name, mine in named.items():
        if mine == name:
            found[name] = values[name]
    for name in in_order(values):
        if name.startswith(TIME):
            value = {**values[name], "at": named.get(values[name]["at"], "")}
            if {**value, "off": []} not in known:
                found[name] = value
    return found  # fmt: skip


def changed_since(pair: Twins) -> list[str]:
    """Return what of the entry that stayed was changed since it was put together, by its label."""
    if pair.kept is None:
        return []
    then, before = pair.undo["after"], pair.undo["before"]
    now = proposed.values_of(pair.kept)
    touched = {name for name in then.keys() | before.keys() if then.get(name) != before.get(name)}
    lines: Iterable[str] = (
        proposed.LABELS.get(name, "Where or when it is held")
        for name in sorted(touched)
        if now.get(name) != then.get(name)
    )
    return list(dict.fromkeys(lines))
