"""Finding people by keys, and comparing those found. The sums are in `analytics.linkage`.

Used by `queries`, which says who may see what; the tables' row security says so too.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import DateField, DateTimeField, Model

from kith.accounts.models import Team, User
from kith.accounts.permissions import Permission
from kith.analytics.linkage.compare import Facts
from kith.analytics.linkage.keys import is_form
from kith.families.models import (
    Address,
    ContactDetail,
    Family,
    Membership,
    Person,
    Standing,
)

WITHHELD = "Address withheld"
# Schools are known to the module of requests, above this one, which passes a way to look them up.
SchoolsOf = Callable[[Collection[int]], Mapping[int, frozenset[str]]]


def people_by_keys(
    things: Sequence[Mapping[str, int]], *, least_things: int = 1, limit: int
) -> list[int]:
    """Return the numbers of people who answer the most things asked, the best answers first.

    Each thing is a set of keys and forms with what each is worth; a person answers it once, by the
    best. A form leads to the words that occur in names (`Spelling`), and those to people. One query.
    """
    if not any(things):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_answering(len(things), limit)} select person_id from answering where things >= %(least)s"
            " order by things desc, worth desc, person_id",
            _asked(things) | {"least": least_things},
        )
        return [int(person) for (person,) in cursor.fetchall()]


@cache
def _answering(things: int, limit: int) -> str:
    """Return the beginning of a question about who answers so many things, at most `limit` people.

    What is asked comes as JSON: of an array, the database would count the elements and plan anew
    for every number of them.
    """
    numbers = range(things)
    # One column for each thing, so that people are gathered once and not once for each thing.
    best = ", ".join(
        f"max(asked.worth) filter (where asked.thing = {number}) as best{number}"
        for number in numbers
    )
    return f"""
    with asked(key, thing, worth) as materialized (
        select key, thing, max(worth)
        from (
            select * from json_to_recordset(%(keys)s) as given(key varchar, thing int, worth int)
            union all
            select 'n:' || spelling.word, thing, worth
            from json_to_recordset(%(forms)s) as given(key varchar, thing int, worth int)
            join families_spelling spelling on spelling.form = given.key
        ) given
        group by key, thing
    ), answering as materialized (
        select person_id, {" + ".join(f"(best{n} is not null)::int" for n in numbers)} as things,
            {" + ".join(f"coalesce(best{n}, 0)" for n in numbers)} as worth
        from (
            select kept.person_id, {best}
            from asked join families_searchkey kept on kept.key = asked.key
            group by kept.person_id
        ) gathered
        order by things desc, worth desc, person_id
        limit {limit}
    )
    """


def _asked(things: Sequence[Mapping[str, int]]) -> dict[str, str]:
    keys: list[dict[str, Any]] = []
    forms: list[dict[str, Any]] = []
    for number, worth_of in enumerate(things):
        for key, worth in worth_of.items():
            asked = {"key": key, "thing": number, "worth": worth}
            (forms if is_form(key) else keys).append(asked)
    return {"keys": json.dumps(keys), "forms": json.dumps(forms)}


def _columns(model: type[Model]) -> list[str]:
    return [str(field.attname) for field in model._meta.concrete_fields]


_PERSON, _MEMBERSHIP, _FAMILY = _columns(Person), _columns(Membership), _columns(Family)
_DETAIL, _ADDRESS, _STANDING = _columns(ContactDetail), _columns(Address), _columns(Standing)
# A record of a family, called `seen`, that the viewer may know exists.
_SEEN = """(%(all)s or exists (
        select from families_standing standing
        where standing.family_id = seen.id
        and (standing.until is null or standing.until > now())
        and (standing.team_id = any(%(teams)s) or standing.user_id = %(viewer)s)))"""
# People with their memberships and families, where each family has lived, and how each person is
# reached. Each family is asked for by itself (`offset 0`): else the database may start from every
# family that the viewer's team knows.
_PEOPLE = f"""
select {", ".join(f"membership.{column}" for column in _MEMBERSHIP)},
    {", ".join(f"person.{column}" for column in _PERSON)},
    {", ".join(f"family.{column}" for column in _FAMILY)},
    (select json_agg(json_build_array(home.postcode, home.lines))
     from families_address home where home.family_id = membership.family_id),
    (select json_agg(json_build_array(detail.kind, detail.value))
     from families_contactdetail detail where detail.person_id = person.id),
    (select json_agg(name.given_names || ' ' || name.family_name)
     from families_othername name where name.person_id = person.id)
from families_membership membership join families_person person on person.id = membership.person_id
cross join lateral (
    select * from families_family seen
    where seen.id = membership.family_id and {_SEEN}
    offset 0
) family
"""
_THESE = f"{_PEOPLE} where membership.person_id = any(%(people)s) order by membership.id"
# Whoever answers all that was asked comes alone; else those who answer the most of it.
_BEST = f"""{_PEOPLE}
where membership.person_id = any(array(
    select person_id from answering where things = (select max(things) from answering)))
order by membership.id
"""


# The people of some families, with the ways to reach each that are good today.
_MEMBER = f"""
    {", ".join(f"membership.{column}" for column in _MEMBERSHIP)},
    {", ".join(f"person.{column}" for column in _PERSON)},
    (select json_agg(json_build_array({", ".join(f"detail.{column}" for column in _DETAIL)})
        order by not detail.preferred, detail.id)
     from families_contactdetail detail
     where detail.person_id = person.id and detail.until is null),
    (select json_agg(trim(name.given_names || ' ' || name.family_name) order by name.id)
     from families_othername name where name.person_id = person.id)
"""
_OF_MEMBERS = """
from families_membership membership join families_person person on person.id = membership.person_id
"""
_MEMBERS = f"""
select {_MEMBER} {_OF_MEMBERS}
where membership.family_id = any(%s) and (membership.until is null or membership.until > %s)
order by membership.id
"""


# A membership, the ways to reach the person, and their other names.
Held = tuple[Membership, list[ContactDetail], list[str]]


def members_of(family_ids: Collection[int], *, after: date) -> list[Held]:
    """Return the memberships of families that last beyond a day, each with its person at hand, the
    ways to reach that person, and their other names. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [list(family_ids), after])
        return [_member(columns) for columns in cursor.fetchall()]


def _member(columns: Sequence[Any]) -> Held:
    *known, ways, names = columns
    details = [ContactDetail.from_db(connection.alias, _DETAIL, way) for way in ways or ()]
    return _membership(known), details, names or []


def _membership(columns: Sequence[Any]) -> Membership:
    """Return a membership with its person and, where it was asked for, its family."""
    person, family = len(_MEMBERSHIP), len(_MEMBERSHIP) + len(_PERSON)
    membership = Membership.from_db(connection.alias, _MEMBERSHIP, columns[:person])
    membership.person = Person.from_db(connection.alias, _PERSON, columns[person:family])
    if columns[family:]:
        membership.family = Family.from_db(connection.alias, _FAMILY, columns[family:])
    return membership


# Pages of a family are opened all day; Django would write these questions anew each time.
_HOME = ", ".join(f"home.{column}" for column in _ADDRESS)
_ADDRESSES = f"""
select {_HOME}, masked.here
from (select cardinality(kith_hidden('masked')) > 0
        and kith_hidden('masked') && %(families)s::bigint[] as here) masked
left join families_address home on home.family_id = any(%(families)s)
"""
# Of an address that is masked, and so not seen, stands instead that it is withheld, and whom to ask.
_INSTEAD = {"id": "-kept.id", "family_id": "kept.family_id", "safe": "false"}
_INSTEAD |= dict.fromkeys(("called", "lines", "postcode"), "''")
_MASKED = f"""
select {", ".join(_INSTEAD.get(column, "null") for column in _ADDRESS)},
    (select string_agg(person.name, ', ' order by person.name)
     from families_named named join accounts_user person on person.id = named.user_id
     where named.restriction_id = kept.id and named.ended_at is null)
from families_restriction kept
where kept.family_id = any(%(families)s) and kept.address_id is not null
and kept.ended_at is null and kept.mirror_of_id is null
and not exists (select from families_address home where home.id = kept.address_id)
"""
_WHO_STANDS = ", ".join(
    [*(f"standing.{column}" for column in _STANDING), "team.name", "person.name"]
)
_OF_STANDINGS = """
from families_standing standing
left join accounts_team team on team.id = standing.team_id
left join accounts_user person on person.id = standing.user_id
"""
_STANDINGS = f"""
select {_WHO_STANDS} {_OF_STANDINGS}
where standing.family_id = any(%s) and (standing.until is null or standing.until > %s)
order by standing.id
"""


# All records that stand for the same family as the one of a reference.
_KNOWN = f"""
with known as materialized (
    select seen.* from families_family asked join families_family seen on seen.head_id = asked.head_id
    where asked.reference = %(reference)s and {_SEEN})
"""
_RECORD = ", ".join(f"known.{column}" for column in _FAMILY)
_RECORDS = f"""
{_KNOWN}
select {_RECORD} from known
where exists (select from known asked where asked.reference = %(reference)s)
order by known.id <> known.head_id, known.id
"""
# The same with who knows of them, their people and where they live, for the page of a family: to ask
# four times costs more than the answers.
_PAGE = f"""
{_KNOWN}, these as materialized (
    select array(select known.id from known
        where exists (select from known asked where asked.reference = %(reference)s)) as ids)
select (
    select json_agg(json_build_array({_RECORD}) order by known.id <> known.head_id, known.id)
    from known where known.id = any(these.ids)
), (
    select json_agg(json_build_array({_WHO_STANDS}) order by standing.id) {_OF_STANDINGS}
    where standing.family_id = any(these.ids)
        and (standing.until is null or standing.until > %(now)s)
), (
    select json_agg(json_build_array({_MEMBER}) order by membership.id) {_OF_MEMBERS}
    where membership.family_id = any(these.ids)
        and (membership.until is null or membership.until > %(today)s)
), (
    select json_agg(json_build_array({_HOME})) from families_address home
    where home.family_id = any(these.ids)
), these.ids && kith_hidden('masked'), set_config('plan_cache_mode', 'force_generic_plan', true)
from these
"""


def records_called(viewer: User, reference: str) -> list[Family]:
    """Return all records of the family of this reference that the viewer may know of, the one that
    stands for it first; none where they may not know of the record with this reference."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, {"reference": reference} | _who_asks(viewer))
        return [Family.from_db(connection.alias, _FAMILY, columns) for columns in cursor.fetchall()]


def page_of(
    viewer: User, reference: str, *, now: datetime, today: date
) -> tuple[list[Family], list[Standing], list[Held], list[Address]]:
    """Return what `records_called`, `standings_of`, `members_of` and `addresses_of` do, of the family
    of a reference. One query, and one more where an address is masked. It keeps the plans of those
    that follow it, as `keep_plans` does."""
    asked: dict[str, Any] = {"reference": reference, "now": now, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(_PAGE, asked | _who_asks(viewer))
        records, standings, members, homes, masked, _ = cursor.fetchone()
    families = [_made(Family, _FAMILY, columns) for columns in records or ()]
    addresses = [_made(Address, _ADDRESS, columns) for columns in homes or ()]
    return (
        families,
        [_standing(_dated(row, Standing)[:-2], *row[-2:]) for row in standings or ()],
        [_member(_dated(row, Membership, Person)) for row in members or ()],
        addresses + _masked([family.pk for family in families]) if masked else addresses,
    )


def _made(model: type[Any], columns: Sequence[str], values: list[Any]) -> Any:
    return model.from_db(connection.alias, columns, _dated(values, model))


def _dated(values: list[Any], *models: type[Model]) -> list[Any]:
    """Read the days and moments among the columns of models, which come as text in JSON."""
    for number, read in _days(*models):
        if values[number] is not None:
            values[number] = read(values[number])
    return values


@cache
def _days(*models: type[Model]) -> tuple[tuple[int, Callable[[str], date]], ...]:
    fields = [field for model in models for field in model._meta.concrete_fields]
    return tuple(
        (
            number,
            datetime.fromisoformat if isinstance(field, DateTimeField) else date.fromisoformat,
        )
        for number, field in enumerate(fields)
        if isinstance(field, DateField)
    )


def _who_asks(viewer: User) -> dict[str, Any]:
    """Return what `_SEEN` asks of the viewer."""
    return {
        "all": viewer.can(Permission.FAMILY_SEE_ALL),
        "teams": [team.pk for team in viewer.teams_granting(Permission.FAMILY_SEE)],
        "viewer": viewer.pk,
    }


def addresses_of(family_ids: Collection[int]) -> list[Address]:
    """Return where families live and have lived; of a masked address, that it is withheld.

    One query, and one more where an address is masked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADDRESSES, {"families": list(family_ids)})
        rows = cursor.fetchall()
        homes = [
            Address.from_db(connection.alias, _ADDRESS, columns)
            for *columns, _ in rows
            if columns[0]
        ]
    return homes + _masked(family_ids) if rows[0][-1] else homes


def _masked(family_ids: Collection[int]) -> list[Address]:
    with connection.cursor() as cursor:
        cursor.execute(_MASKED, {"families": list(family_ids)})
        return [_withheld(columns, ask) for *columns, ask in cursor.fetchall()]


def _withheld(columns: Sequence[Any], ask: str | None) -> Address:
    address = Address.from_db(connection.alias, _ADDRESS, columns)
    address.lines = f"{WITHHELD}. Ask {ask}" if ask else WITHHELD
    return address


def standings_of(family_ids: Collection[int], *, at: datetime) -> list[Standing]:
    """Return the standings with families that are in force, with the names of who knows of them."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, [list(family_ids), at])
        rows = cursor.fetchall()
    return [_standing(columns, team, person) for *columns, team, person in rows]


def _standing(columns: Sequence[Any], team: str | None, person: str | None) -> Standing:
    standing = Standing.from_db(connection.alias, _STANDING, columns)
    standing.team = Team(pk=standing.team_id, name=team) if team else None
    standing.user = User(pk=standing.user_id, name=person) if person else None
    return standing


@dataclass(frozen=True)
class Known:
    """A person's record as a family has it, with the facts for comparing."""

    membership: Membership
    facts: Facts

    @property
    def person(self) -> Person:
        return self.membership.person

    @property
    def family(self) -> Family:
        return self.membership.family

    @property
    def head_id(self) -> int:
        """The number of the record that stands for this person."""
        return self.person.head_id or self.person.pk

    @property
    def family_head_id(self) -> int:
        """The number of the record that stands for this family."""
        return self.family.head_id or self.family.pk


def known(
    viewer: User, person_ids: Iterable[int], *, schools_of: SchoolsOf | None = None
) -> list[Known]:
    """Return what is known of people through the families that this viewer may know of.

    One query, and one for schools.
    """
    return _known(viewer, _THESE, {"people": list(person_ids)}, schools_of)


def known_by_keys(viewer: User, things: Sequence[Mapping[str, int]], *, limit: int) -> list[Known]:
    """Return what is known of those who answer the most of what is asked (see `people_by_keys`),
    at most so many people, in no order. One query."""
    if not any(things):
        return []
    return _known(viewer, _answering(len(things), limit) + _BEST, _asked(things), None)


def _known(
    viewer: User, question: str, asked: dict[str, Any], schools_of: SchoolsOf | None
) -> list[Known]:
    with connection.cursor() as cursor:
        cursor.execute(question, asked | _who_asks(viewer))
        rows = cursor.fetchall()
    found = [(_membership(columns), homes, ways, names) for *columns, homes, ways, names in rows]
    people = {membership.person_id for membership, *_ in found}
    schools = schools_of(people) if schools_of and people else {}
    return [
        Known(
            membership,
            _facts(
                membership,
                homes=homes or [],
                ways=ways or [],
                names=names or [],
                schools=schools.get(membership.person_id, frozenset()),
            ),
        )
        for membership, homes, ways, names in found
    ]


def _facts(
    membership: Membership,
    *,
    homes: Iterable[Sequence[str]],
    ways: Iterable[Sequence[str]],
    names: Iterable[str],
    schools: frozenset[str],
) -> Facts:
    person = membership.person
    phones = [value for kind, value in ways if kind == ContactDetail.Kind.PHONE]
    emails = [value for kind, value in ways if kind == ContactDetail.Kind.EMAIL]
    return Facts(
        given_names=person.given_names,
        family_name=person.family_name,
        known_as=person.known_as,
        other_names=frozenset(names),
        birth=person.date_of_birth or person.expected_on,
        unborn=person.date_of_birth is None and person.expected_on is not None,
        sex=person.sex,
        adult=membership.role != Membership.Role.CHILD,
        homes=frozenset((postcode, lines) for postcode, lines in homes),
        schools=schools,
        phones=frozenset(phones),
        emails=frozenset(emails),
    )
