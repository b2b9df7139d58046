"""What a family's history says of its lives: births, deaths, who joined and left, moves between homes,
new names, and schools. Told by day, from the record's own facts; nothing of it is stored twice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from kith.casework import chronology
from kith.casework.chronology import Event, Row, end_of
from kith.casework.models import Schooling
from kith.families.models import Membership

# One part, with a row for each person, and the homes of the family with the first of them: each part
# more costs every opening of a family's page.
HAPPENED = """
select 'lives', held.family_id, to_timestamp(0), null, held.id, json_build_object(
    'id', person.id, 'given', person.given_names,
    'person', coalesce(person.head_id, person.id), 'stands', person.head_id is not distinct from person.id,
    'name', trim(person.given_names || ' ' || person.family_name),
    'role', held.role, 'since', held.since, 'until', held.until,
    'born', person.date_of_birth, 'expected', person.expected_on, 'died', person.died_on,
    'names', (
        select json_agg(json_build_array(
            trim(known.given_names || ' ' || known.family_name), known.until) order by known.id)
        from families_othername known
        where known.person_id = person.id and known.kind = 'former' and known.until is not null),
    'stays', (
        select json_agg(json_build_array(
            coalesce(nullif(home.called, ''), nullif(home.postcode, ''), home.lines),
            stay.since, stay.until, home.id) order by stay.since nulls first, stay.id)
        from families_residence stay join families_address home on home.id = stay.address_id
        where stay.person_id = person.id),
    'homes', case when row_number() over (partition by held.family_id order by held.id) = 1 then (
        select json_agg(json_build_array(
            coalesce(nullif(home.called, ''), nullif(home.postcode, ''), home.lines),
            home.since, home.until, home.id) order by home.id)
        from families_address home
        where home.family_id = held.family_id
          and (home.since is not null or home.until is not null)) end,
    'schools', (
        select json_agg(json_build_array(
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
    # Where nobody is written down as living at a home, the family as a whole came and went.
    of_somebody = {stay[3] for row in rows for stay in row.facts["stays"] or []}
    homes = {
        tuple(home[:3]): home
        for row in rows
        for home in row.facts["homes"] or []
        if home[3] not in of_somebody
    }
    for day, what, said in _moves([*homes.values()], set()):
        happened[day, what, said].append("The family")
    today = timezone.localdate()
    return [
        Event(
            end_of(day),
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
    for home, since, until, _ in stays:
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
    """Where somebody began or left; who left one place and began at another on one day changed."""
    came: dict[str, list[list[Any]]] = defaultdict(list)
    left: dict[str, list[list[Any]]] = defaultdict(list)
    for spell in schools:
        _, _, since, until, ending, _, _ = spell
        if since:
            came[since].append(spell)
        if until and ending != Schooling.Ending.DIED:
            left[until].append(spell)
    for on in sorted(came.keys() | left.keys()):
        day, new, old = date.fromisoformat(on), came[on], left[on]
        if len(new) == len(old) == 1:
            yield day, *_changed(new[0], old[0])
            continue
        for spell in new:
            begins = f": {_place(spell)} from this day" if spell[1] in AT_HOME else ""
            yield day, begins or f" began at {_place(spell)}", (("Source", str(spell[6])),)
        for spell in old:
            over = f": no longer {_place(spell)}" if spell[1] in AT_HOME else ""
            yield day, over or f" left {_place(spell)}", _why(spell)


def _changed(new: list[Any], old: list[Any]) -> tuple[str, Said]:
    said = (*_why(old), ("Source", str(new[6])))
    if old[4] == Schooling.Ending.SEND:
        support = str(Schooling.Send(new[5]).label) if new[5] else "not known"
        return f": other support at {_place(new)}. {support}", said
    return f": {_place(new)} from this day, before {_place(old)}", said


def _why(old: list[Any]) -> Said:
    if old[4] in ("", Schooling.Ending.SEND):
        return ()
    return (("Why", str(Schooling.Ending(old[4]).label)),)


def _place(spell: list[Any]) -> str:
    return str(AT_HOME.get(spell[1], spell[0]))


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
