"""What a family's history says of its lives: births, deaths, who joined and left, moves between homes,
new names, and schools. Told by day, from the record's own facts; nothing of it is stored twice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from kith.casework import chronology
from kith.casework.chronology import Event, Row
from kith.casework.models import Schooling
from kith.families.models import Membership

# One part, with a row for each person: each part more costs every opening of a family's page.
HAPPENED = """
select 'lives', held.family_id, to_timestamp(0), '', held.id, jsonb_build_object(
    'person', coalesce(person.head_id, person.id), 'stands', person.head_id is not distinct from person.id,
    'name', trim(person.given_names || ' ' || person.family_name),
    'role', held.role, 'since', held.since, 'until', held.until,
    'born', person.date_of_birth, 'expected', person.expected_on, 'died', person.died_on,
    'names', (
        select jsonb_agg(jsonb_build_array(
            trim(known.given_names || ' ' || known.family_name), known.until) order by known.id)
        from families_othername known
        where known.person_id = person.id and known.kind = 'former' and known.until is not null),
    'stays', (
        select jsonb_agg(jsonb_build_array(
            coalesce(nullif(home.called, ''), nullif(home.postcode, ''), home.lines),
            stay.since, stay.until) order by stay.since nulls first, stay.id)
        from families_residence stay join families_address home on home.id = stay.address_id
        where stay.person_id = person.id),
    'schools', (
        select jsonb_agg(jsonb_build_array(
            learns.name, learns.setting, learns.since, learns.until, learns.ending, learns.send,
            learns.source) order by learns.since nulls first, learns.id)
        from casework_schooling learns
        where learns.person_id = person.id and learns.mistake = ''))
from families_membership held join families_person person on person.id = held.person_id
where held.family_id = any(%(records)s)
"""
Day = date | None
Said = tuple[tuple[str, str], ...]
# What happened on a day to whom, so that what several of a family did together is one line.
Happened = dict[tuple[date, str, Said], list[str]]

AT_HOME = {"home": "taught at home", "none": "not in school"}


def tell(rows: list[Row]) -> list[Event]:
    """Return what happened in the lives of a family, each once, of however many records."""
    people: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        people[row.facts["person"]].append(dict(row.facts))
    happened: Happened = defaultdict(list)
    for records in people.values():
        records.sort(key=lambda facts: not facts["stands"])
        for day, title, said in dict.fromkeys(_of_somebody(records)):
            happened[day, title, said].append(records[0]["name"] or "The child")
    today = timezone.localdate()
    return [
        Event(
            timezone.make_aware(datetime.combine(day, time(23, 59))),
            "lives",
            _together(who, what),
            words=said,
            day_only=True,
        )
        for (day, what, said), who in happened.items()
        if day <= today
    ]


def _of_somebody(records: Sequence[dict[str, Any]]) -> Iterable[tuple[date, str, Said]]:
    """Return what happened in one life: the day, what follows the name, and more words."""
    first = records[0]
    born, expected, died = (
        next((found for facts in records if (found := _day(facts[name]))), None)
        for name in ("born", "expected", "died")
    )
    child = any(facts["role"] == Membership.Role.CHILD for facts in records)
    if born and child:
        yield born, " was born", ()
    if died:
        yield died, ": the pregnancy ended" if expected and not born else " died", ()
    for facts in records:
        role = str(Membership.Role(facts["role"]).label).lower()
        if (since := _day(facts["since"])) and since != born:
            yield since, f" joined the family: {role}", ()
        if (until := _day(facts["until"])) and until != died:
            yield until, " left the family", ()
        yield from _names(facts, first["name"], born)
        yield from _moves(facts["stays"] or [], {born, died})
        yield from _schools(facts["schools"] or [])


def _names(facts: dict[str, Any], now: str, born: Day) -> Iterable[tuple[date, str, Said]]:
    known = sorted((until, name) for name, until in facts["names"] or [])
    later = [*(name for _, name in known), facts["name"] or now][1:]
    for (until, name), new in zip(known, later, strict=True):
        day = _day(until)
        if day and day != born:
            yield day, ": new name", (("", f"Before: {name}. Since then: {new}"),)


def _moves(stays: list[list[Any]], quiet: set[Day]) -> Iterable[tuple[date, str, Said]]:
    """Who left one home and came to another on the same day moved; a birth or death moves nobody."""
    came: dict[date, list[str]] = defaultdict(list)
    went: dict[date, list[str]] = defaultdict(list)
    for home, since, until in stays:
        if (day := _day(since)) and day not in quiet:
            came[day].append(_line(home))
        if (day := _day(until)) and day not in quiet:
            went[day].append(_line(home))
    for day in came.keys() | went.keys():
        to, from_ = " and ".join(came[day]), " and ".join(went[day])
        if to and from_:
            yield day, f" moved from {from_} to {to}", ()
        elif to:
            yield day, f" came to live at {to}", ()
        else:
            yield day, f" left {from_}", ()


def _schools(schools: list[list[Any]]) -> Iterable[tuple[date, str, Said]]:
    begun = {since for _, _, since, *_ in schools if since}
    same = {(name, setting, until) for name, setting, _, until, *_ in schools if until}
    for name, setting, since, until, ending, send, source in schools:
        place = AT_HOME.get(setting, name)
        if day := _day(since):
            said = (("Source", str(source)),)
            support = str(Schooling.Send(send).label) if send else "not known"
            if (name, setting, since) in same:
                yield day, f": other support at {place}. {support}", said
            elif setting in AT_HOME:
                yield day, f": {place} from this day", said
            else:
                yield day, f" began at {place}", said
        if (day := _day(until)) and ending not in (Schooling.Ending.SEND, Schooling.Ending.DIED):
            why = (("Why", str(Schooling.Ending(ending).label)),) if ending else ()
            if setting not in AT_HOME:
                yield day, f" left {place}", why
            elif until not in begun:
                yield day, f": no longer {place}", why


def _day(said: str | None) -> Day:
    return date.fromisoformat(said) if said else None


def _line(home: str) -> str:
    return home.replace("\n", ", ") or "a home"


def _together(who: list[str], what: str) -> str:
    if len(who) == 1:
        return who[0] + what
    if what.startswith(" was "):
        what = " were " + what.removeprefix(" was ")
    return f"{', '.join(who[:-1])} and {who[-1]}{what}"


chronology.also(HAPPENED, rows=("lives",), tell=tell)
