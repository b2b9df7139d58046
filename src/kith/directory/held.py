"""Where and when a service is held, as plain values that can be kept, compared and told in words.

A service's own values (`proposed.py`) have each place and each time under a name of its own: `place-` or
`time-` and its uid, or a name that the form gave to what is new. None: not any more.

    "place-…": {"place": uid, "shown": "full", "words": "the room behind", "new": {…} where it is none yet}
    "time-…": {"at": "place-…", "every": "week", "weekday": 1, …, "off": [{"day": …, "words": …}]}
"""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from kith.directory.models import Place, Schedule, Service, ServiceAtPlace
from kith.directory.said import where
from kith.directory.times import in_words
from kith.places.queries import find_postcode

Values = dict[str, Any]
TIME, PLACE = "time-", "place-"
LABELS = {TIME: "When", PLACE: "Where"}
TIMES = (
    "every", "weekday", "nth", "opens", "closes", "since", "until", "term_time_only", "bank_holidays",
    "words",
)  # fmt: skip
NEW = ("name", "shown", "address", "town", "postcode")
# How much everybody may know of a place, from nothing on.
SHOWN = (Place.Shown.NEVER, Place.Shown.ON_REQUEST, Place.Shown.AREA, Place.Shown.FULL)


def is_held(name: str) -> bool:
    """Say whether a value tells where or when."""
    return name.startswith((TIME, PLACE))


def label_of(name: str) -> str:
    """Return what a value is called."""
    return LABELS[TIME] if name.startswith(TIME) else LABELS[PLACE]


def in_order(names: Iterable[str]) -> list[str]:
    """Return the names of places, then of times, each in one order for ever."""
    return sorted(filter(is_held, names), key=lambda name: (name.startswith(TIME), name))


def held_of(service: Service) -> Values:
    """Return where and when a service is held now."""
    found: Values = {}
    for one in ServiceAtPlace.objects.filter(service=service).select_related("place"):
        place = {"place": str(one.place.uid), "shown": one.place.shown, "words": one.words}
        found[f"{PLACE}{one.uid}"] = place
    schedules = Schedule.objects.filter(service=service).select_related("at_place")
    for schedule in schedules.prefetch_related("not_held"):
        off = sorted((str(away.day), away.words) for away in schedule.not_held.all())
        found[f"{TIME}{schedule.uid}"] = {
            "at": f"{PLACE}{schedule.at_place.uid}" if schedule.at_place else "",
            "off": [{"day": day, "words": words} for day, words in off],
            **plain_times(schedule),
        }
    return found


def plain_times(said: Any) -> Values:
    """Return times, of a schedule or a form, as plain values."""
    given = {name: getattr(said, name) for name in TIMES}
    return {
        name: value.isoformat() if isinstance(value, date | time) else value
        for name, value in given.items()
    }


def times_of(value: Values) -> Values:
    """Return plain values as those of a schedule."""
    given: dict[str, Any] = {name: value[name] for name in TIMES}
    for name, kind in (("opens", time), ("closes", time), ("since", date), ("until", date)):
        given[name] = kind.fromisoformat(given[name]) if given[name] else None
    return given


def settled(values: Values) -> Values:
    """Return values with each new place that the directory has already, and shows to everybody, named
    as that. Raises NotAPostcode or NotInTheCounty."""
    found = {}
    for name, value in values.items():
        new = value.get("new") if value and name.startswith(PLACE) else None
        if new and new["postcode"]:
            postcode = str(find_postcode(new["postcode"]))
            known = Place.objects.filter(
                name__iexact=new["name"], postcode=postcode, shown=Place.Shown.FULL
            ).first()
            value = {**value, "new": {**new, "postcode": postcode}}
            if known and new["shown"] == Place.Shown.FULL:
                value = {"place": str(known.uid), "shown": known.shown, "words": value["words"]}
        found[name] = value
    return found


def weakens(name: str, value: Values | None, stands: Values) -> bool:
    """Say whether everybody would know more of where a service is than they may now."""
    if value is None or not name.startswith(PLACE) or value == stands.get(name):
        return False
    own = stands.get(name)
    before = [own] if own else [one for key, one in stands.items() if key.startswith(PLACE) and one]
    return any(SHOWN.index(value["shown"]) > SHOWN.index(one["shown"]) for one in before)


def unaddressed(values: Values) -> Values:
    """Return values without what may not be known of a new place: for the log, and once it is decided."""
    return {
        name: {**value, "new": {**value["new"], "address": "", "postcode": ""}}
        if is_held(name) and value and value.get("new") and value["shown"] != Place.Shown.FULL
        else value
        for name, value in values.items()
    }


class Words:
    """Places and times in words. Of a place no more is told than everybody may know."""

    def __init__(self, every: Iterable[Values]) -> None:
        self.every = list(every)
        uids = {
            value["place"]
            for values in self.every
            for name, value in values.items()
            if name.startswith(PLACE) and value and value["place"]
        }
        self.places = {str(place.uid): place for place in Place.objects.filter(uid__in=uids)}

    def of(self, name: str, value: Values | None, values: Values) -> str:
        """Return a place or a time, one of `values`, in words; "" for none."""
        if value is None:
            return ""
        return self._place(value) if name.startswith(PLACE) else self._time(value, values)

    def _place(self, value: Values) -> str:
        if new := value.get("new"):
            place = Place(kind=Place.Kind.OTHER, **{name: new[name] for name in NEW})
            lines = [
                ", ".join(filter(None, (place.name, place.address, place.town, place.postcode)))
            ]
            lines += [value["words"], "A place that the directory does not have yet."]
            lines.append(f"What everybody may know of it: {place.get_shown_display()}.")
            return "\n".join(filter(None, lines))
        known = self.places.get(value["place"])
        if known is None:
            return "A place that is gone"
        return where(ServiceAtPlace(place=known, words=value["words"]))

    def _time(self, value: Values, values: Values) -> str:
        schedule = Schedule(**times_of(value))
        words = in_words(schedule)
        if schedule.since and schedule.every != Schedule.Every.ONCE:
            words += f", from {schedule.since:%-d %B %Y}"
        if schedule.bank_holidays:
            words += ", on bank holidays too"
        lines = [words, schedule.words]
        # Where there is one place only, it goes without saying.
        if value["at"] and len([key for key in values if key.startswith(PLACE)]) > 1:
            place = values.get(value["at"])
            lines.append(
                "At: " + (self._place(place).split("\n")[0] if place else "a place it leaves")
            )
        for away in value["off"]:
            day = f"Not on {date.fromisoformat(away['day']):%-d %B %Y}"
            lines.append(f"{day}: {away['words']}" if away["words"] else day)
        return "\n".join(filter(None, lines))
