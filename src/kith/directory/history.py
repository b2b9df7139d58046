"""What was said of a service, step by step, from the history that the database keeps of its rows.

A state is plain values, as `proposed.values_of` returns them: with these they are compared, told in words
and put back. Of a place it is told what may be known of it now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.timezone import localtime

from kith.directory import proposed
from kith.directory.held import PLACE, TIME, is_held, plain_times
from kith.directory.models import (
    NotHeld,
    Place,
    Provider,
    Schedule,
    Service,
    ServiceAtPlace,
    Tag,
    Term,
)
from kith.directory.proposed import Line, Values

# What is told, and not put back.
TOLD = {
    "published": "Families can read it",
    "professional_only": "Only for those who refer",
    "provider": "Who gives it",
}


@dataclass(frozen=True)
class Step:
    """What was changed of a service at a moment, by whom (their number), and what stood then."""

    at: datetime
    by: int | None
    lines: list[Line]
    values: Values
    first: bool  # it was written then

    @property
    def key(self) -> str:
        """Return what names the moment in an address."""
        return f"{self.at.timestamp():.6f}"


def steps_of(service: Service) -> list[Step]:
    """Return the steps in which a service became what it is, the newest first.

    Rows that were changed in one transaction are one step. A fixed number of queries.
    """
    states = list(_states(service))
    between = proposed.Between([values for _, _, values in states])
    found: list[Step] = []
    before: Values = {}
    for number, (at, by, values) in enumerate(states):
        lines = between.lines(before, before, _with_gone(values, before))
        for name, label in TOLD.items():
            was, then = _told(before.get(name, "")), _told(values[name])
            if was != then:
                lines.append(Line(name, label, was, was, then, clash=False))
        if lines:
            found.append(Step(at, by, lines, values, first=number == 0))
        before = values
    return found[::-1]


def _told(value: bool | str) -> str:
    return value if isinstance(value, str) else "Yes" if value else "No"


def step_at(service: Service, key: str) -> Step | None:
    """Return the step of a service that is named in an address; None where there is none."""
    return next((step for step in steps_of(service) if step.key == key), None)


def to_put_back(service: Service, then: Values, today: date) -> tuple[list[Line], Values, Values]:
    """Return what would change if what stood then stood again; what stands now; and what stood then, as
    far as it can be said `today`, with None for the places and times that have come since."""
    now = proposed.values_of(service)
    then = _renamed(now, {name: value for name, value in then.items() if name not in TOLD})
    if then["taking_until"] and date.fromisoformat(then["taking_until"]) < today:
        then["taking_until"] = None
    for name, value in then.items():
        if name.startswith(TIME):
            # What is past of the days called off stays as it is: nobody can come then any more.
            past = [one for one in now.get(name, {}).get("off", []) if one["day"] < str(today)]
            to_come = [one for one in value["off"] if one["day"] >= str(today)]
            then[name] = {**value, "off": past + to_come}
    then = _with_gone(then, now)
    return proposed.Between([now, then]).lines(now, now, then), now, then


def _with_gone(then: Values, now: Values) -> Values:
    """Return what stood then, with None for the places and times that stand now and did not then."""
    return then | {name: None for name in now if is_held(name) and name not in then}


def _renamed(now: Values, then: Values) -> Values:
    """Return what stood then, with each place and time that stands now too under the name that it has
    now: what was left and said again has another."""
    here = {value["place"]: name for name, value in now.items() if name.startswith(PLACE)}
    found: Values = {}
    names: dict[str, str] = {}
    for name in sorted(then):  # places come before times
        value = then[name]
        if name.startswith(PLACE):
            names[name] = here.get(value["place"], name)
        elif name.startswith(TIME):
            value = {**value, "at": names.get(value["at"], value["at"])}
            names[name] = name if name in now else _same_time(value, now, then, names) or name
        found[names.get(name, name)] = value
    return found


def _same_time(value: Values, now: Values, then: Values, names: dict[str, str]) -> str | None:
    taken = {*then, *names.values()}
    return next(
        (
            name
            for name, stands in now.items()
            if name.startswith(TIME)
            and name not in taken
            and {**stands, "off": value["off"]} == value
        ),
        None,
    )


def mark_of(now: Values, key: str) -> str:
    """Return a mark of what somebody who puts a step back has before them."""
    return proposed.mark([key, now])


def _states(service: Service) -> Iterable[tuple[datetime, int | None, Values]]:
    """Return what stood after each transaction that changed something, the first first."""
    rows = _Rows(service)
    events = sorted(
        ((event.pgh_created_at, kind, event) for kind, found in rows.events for event in found),
        key=lambda one: (one[0], one[1], one[2].pgh_id),
    )
    for at, together in groupby(events, key=lambda one: one[0]):
        by = None
        for _, kind, event in together:
            rows.take(kind, event)
            by = event.pgh_by or by
        if rows.service is not None:
            yield localtime(at), by, rows.values()


class _Rows:
    """The rows of a service as they stood at a moment of its history."""

    def __init__(self, service: Service) -> None:
        of_service = {"service_id": service.pk}
        times = _events(Schedule).filter(**of_service)
        self.events = [
            (1, _events(Service).filter(pgh_obj_id=service.pk)),
            (2, _events(Tag).filter(**of_service)),
            (3, _events(ServiceAtPlace).filter(**of_service)),
            (4, times),
            (5, _events(NotHeld).filter(schedule_id__in=times.values("pgh_obj_id"))),
        ]
        held = _events(ServiceAtPlace).filter(**of_service).values("place_id")
        self.places = {place.pk: place for place in Place.objects.filter(pk__in=held)}
        tags = list(Tag.objects.filter(service=service).values_list("pk", "term_id"))
        tracked = _events(Tag).filter(**of_service)
        earliest: dict[int, Any] = {}
        for event in tracked:
            earliest.setdefault(event.pgh_obj_id, event)
        terms = {term for _, term in tags} | {event.term_id for event in tracked}
        self.terms = dict(Term.objects.filter(pk__in=terms).values_list("pk", "uid"))
        givers = _events(Service).filter(pgh_obj_id=service.pk).values("provider_id")
        self.providers = dict(Provider.objects.filter(pk__in=givers).values_list("pk", "name"))
        self.service: Any = None
        self.rows: dict[int, dict[int, Any]] = {number: {} for number in range(2, 6)}
        # What it was sorted under before that was tracked stood from the first, until it was changed.
        self.rows[2] = {pk: one for pk, one in earliest.items() if one.pgh_label != "insert"}
        self.always = [term for pk, term in tags if pk not in earliest]

    def take(self, kind: int, event: Any) -> None:
        """Let an event happen."""
        if kind == 1:
            self.service = event
        elif event.pgh_label == "delete":
            self.rows[kind].pop(event.pgh_obj_id, None)
        else:
            self.rows[kind][event.pgh_obj_id] = event

    def values(self) -> Values:
        """Return what stands now."""
        terms = [*self.always, *(tag.term_id for tag in self.rows[2].values())]
        values = proposed.plain(
            self.service, (str(self.terms[term]) for term in terms if term in self.terms)
        )
        values["published"] = self.service.published
        values["professional_only"] = self.service.professional_only
        values["provider"] = self.providers.get(self.service.provider_id, "Somebody who is gone")
        for held in self.rows[3].values():
            if place := self.places.get(held.place_id):
                said = {"place": str(place.uid), "shown": place.shown, "words": held.words}
                values[f"{PLACE}{held.uid}"] = said
        off: dict[int, list[Values]] = {}
        for away in self.rows[5].values():
            said = {"day": str(away.day), "words": away.words}
            off.setdefault(away.schedule_id, []).append(said)
        for number, schedule in self.rows[4].items():
            held = self.rows[3].get(schedule.at_place_id)
            values[f"{TIME}{schedule.uid}"] = {
                "at": f"{PLACE}{held.uid}" if held else "",
                "off": sorted(off.get(number, []), key=lambda one: one["day"]),
                **plain_times(schedule),
            }
        return values


def _events(model: Any) -> Any:
    return model.pgh_event_model.objects.order_by("pgh_id")
