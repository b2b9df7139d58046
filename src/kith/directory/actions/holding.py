"""Making where and when a service is held what plain values say: by the actions of those who keep it."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from kith.accounts.models import User
from kith.directory.actions.refusals import DirectoryRefused
from kith.directory.actions.services import (
    Times,
    Where,
    call_off,
    check_place,
    check_times,
    drop_schedule,
    hold_at,
    leave_place,
    write_place,
    write_schedule,
)
from kith.directory.held import NEW, PLACE, TIME, Values, in_order, times_of
from kith.directory.models import Place, Schedule, Service, ServiceAtPlace
from kith.directory.times import in_words


def check_held(values: Values, stands: Values) -> None:
    """Refuse what cannot be of places and times: by the rules for all who write them. `stands` is what
    stands now, of which nothing is asked anew. Raises DirectoryRefused."""
    every = stands | values
    for name in in_order(values):
        value = values[name]
        if value is None or value == stands.get(name):
            continue
        if name.startswith(TIME):
            check_times(Times(**times_of(value)))
        elif new := value.get("new"):
            check_place(_where(new))
    for name in in_order(every):
        value = every[name]
        if name.startswith(TIME) and value and value["at"] and every.get(value["at"]) is None:
            raise DirectoryRefused(
                f"“{in_words(Schedule(**times_of(value)))}” is at a place where it is not given any more, or not "
                "yet. Say where it is held then, or that it is not held any more."
            )


def write_held(*, service: Service, stands: Values, values: Values, by: User, at: datetime) -> None:
    """Make what `stands` of places and times what `values` say. Raises PermissionDenied,
    DirectoryRefused, NotAPostcode or NotInTheCounty."""
    said: dict[str, Any] = {"by": by, "at": at}
    check_held({name: values[name] for name in in_order(values)}, stands)
    held = {f"{PLACE}{one.uid}": one for one in service.at_places.all()}
    times = {f"{TIME}{one.uid}": one for one in service.schedules.all()}
    left = []
    for name in in_order(values):
        value, old = values[name], held.get(name)
        if not name.startswith(PLACE) or value == stands.get(name):
            continue
        if value is not None:
            place = _place(value, said)
            held[name] = hold_at(service=service, place=place, words=value["words"], **said)
        if old is not None and (value is None or held[name].pk != old.pk):
            left.append(old)
    for name in in_order(values):
        value, known = values[name], times.get(name)
        if not name.startswith(TIME):
            continue
        if value is None:
            if known is not None:
                drop_schedule(schedule=known, **said)
            continue
        where = held.get(value["at"])
        if known is None or value != stands.get(name) or known.at_place != where:
            known = write_schedule(
                service=service, details=Times(**times_of(value)), held=where, known=known, **said
            )
            _call_off(known, value, stands.get(name), said)
    # Two values can name one place: it is left only if none says that it stays.
    stay = {held[name].pk for name, value in values.items() if name in held and value is not None}
    for one in left:
        if one.pk not in stay:
            leave_place(held=ServiceAtPlace.objects.get(pk=one.pk), **said)


def _place(value: Values, said: dict[str, Any]) -> Place:
    if new := value.get("new"):
        return write_place(details=_where(new), **said)
    place = Place.objects.filter(uid=value["place"]).first()
    if place is None:
        raise DirectoryRefused("A place that was proposed is not there any more. Send it back.")
    return place


def _where(new: Values) -> Where:
    return Where(kind=Place.Kind.OTHER, **{name: new[name] for name in NEW})


def _call_off(
    schedule: Schedule, value: Values, stood: Values | None, said: dict[str, Any]
) -> None:
    known, today = (stood or {}).get("off", []), timezone.localdate(said["at"])
    for away in value["off"]:
        day = date.fromisoformat(away["day"])
        if away not in known and day >= today:  # what is past needs no saying
            call_off(schedule=schedule, day=day, words=away["words"], **said)
