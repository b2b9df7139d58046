"""What was said of a service, step by step, from the history that the database keeps of its rows.

A state is plain values, as `proposed.values_of` returns them: with these they are compared, told in words
and put back. Of a place it is told what may be known of it now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.timezone import localtime

from kith.directory import proposed
from kith.directory.held import PLACE, TIME, is_held, plain_times
from kith.directory.models import NotHeld, Place, Schedule, Service, ServiceAtPlace, Tag, Term
from kith.directory.proposed import Line, Values

READ = "published"  # whether families can read it: told, and not put back


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
        lines = between.lines(before, before, values)
        if values.get(READ) != before.get(READ):
            was, then = ("Yes" if told else "No" for told in (before.get(READ), values.get(READ)))
            lines.append(Line(READ, "Families can read it", was, was, then, clash=False))
        if lines:
            found.append(Step(at, by, lines, values, first=number == 0))
        before = values
    return found[::-1]


def step_at(service: Service, key: str) -> Step | None:
    """Return the step of a service that is named in an address; None where there is none."""
    return next((step for step in steps_of(service) if step.key == key), None)


def to_put_back(service: Service, then: Values) -> tuple[list[Line], Values, Values]:
    """Return what would change if what stood then stood again; what stands now; and what stood then,
    with None for the places and times that have come since."""
    now = proposed.values_of(service)
    then = {name: value for name, value in then.items() if name != READ}
    then |= {name: None for name in now if is_held(name) and name not in then}
    return proposed.Between([now, then]).lines(now, now, then), now, then


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
        terms = {term for _, term in tags} | set(tracked.values_list("term_id", flat=True))
        self.terms = dict(Term.objects.filter(pk__in=terms).values_list("pk", "uid"))
        self.service: Any = None
        known = set(tracked.values_list("pgh_obj_id", flat=True))
        # What it was sorted under before that was tracked has stood since.
        self.rows: dict[int, dict[int, Any]] = {number: {} for number in range(2, 6)}
        self.always = [term for pk, term in tags if pk not in known]

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
        values[READ] = self.service.published
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
