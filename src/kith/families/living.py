"""A family's record on a day: its people, homes and who lives where, as it is known now, or as it
was known at a moment. The sums are in `analytics.households` and `analytics.asat`.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import F, Model, Q, QuerySet

from kith.accounts.models import User
from kith.analytics.asat import State, known_at
from kith.analytics.households import Belonging, Home, Stay, holds, households
from kith.families.models import (
    Address,
    ContactDetail,
    Family,
    Membership,
    OtherName,
    Person,
    Relationship,
    Residence,
)
from kith.families.queries import visible_to
from kith.families.restricting import withheld

Row = dict[str, Any]
UNBORN = "Unborn child"


@dataclass(frozen=True)
class Facts:
    """The rows of a family's record, by what they are; each as now, or as known at a moment."""

    present: frozenset[int]  # the records that are one family now
    families: list[Row]
    memberships: list[Row]
    people: dict[int, Row]
    names: list[Row]
    ways: list[Row]
    ties: list[Row]
    addresses: list[Row]
    stays: list[Row]
    withheld: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Spell:
    """Something with a beginning and an end, in words, and the number of its row."""

    words: str
    since: date | None = None
    until: date | None = None
    number: int = 0
    note: str = ""
    safe: bool = True
    kind: str = ""


@dataclass
class Somebody:
    """A person of the family on a day, from however many records of them there are."""

    number: int  # of the record that stands for them
    name: str
    row: Row
    role: str = ""
    role_name: str = ""
    responsible: bool | None = None
    lives: bool = True
    since: date | None = None
    until: date | None = None
    membership: int = 0
    names: list[Spell] = field(default_factory=list)
    ways: list[Spell] = field(default_factory=list)
    ties: list[Spell] = field(default_factory=list)
    homes: list[Spell] = field(default_factory=list)
    others: list[Spell] = field(default_factory=list)  # families they belong to besides
    schools: list[Spell] = field(default_factory=list)  # put here by casework, which knows them

    @property
    def is_child(self) -> bool:
        return self.role == Membership.Role.CHILD

    @property
    def born(self) -> date | None:
        born: date | None = self.row["date_of_birth"]
        return born

    @property
    def expected(self) -> date | None:
        expected: date | None = None if self.born else self.row["expected_on"]
        return expected

    @property
    def died(self) -> date | None:
        died: date | None = self.row["died_on"]
        return died

    @property
    def unborn(self) -> bool:
        return self.expected is not None and self.died is None


@dataclass
class Place:
    """A home of the family, and who lives there on the day."""

    number: int
    row: Row
    here: list[Spell] = field(default_factory=list)
    # Said to live with the family, which has one home: their names and numbers.
    taken: list[str] = field(default_factory=list)
    taken_number: list[int] = field(default_factory=list)

    @property
    def lines(self) -> str:
        told = [self.row["lines"].replace("\n", ", "), self.row["postcode"]]
        return ", ".join(part for part in told if part)


@dataclass
class OnADay:
    """A family's record on a day."""

    day: date
    people: list[Somebody]
    before: list[Somebody]  # belonged to the family earlier
    homes: list[Place]
    earlier_homes: list[Place]
    unsaid: list[str]
    elsewhere: list[str]
    withheld: list[str]  # masked addresses: whom to ask
    apart: list[str]  # references of records that were not one with this then

    def somebody(self, number: int) -> Somebody | None:
        """Return a person of the family, of now or before."""
        return next((one for one in (*self.people, *self.before) if one.number == number), None)


# --- Where the rows come from ---------------------------------------------------------------------


def facts_now(viewer: User, records: Sequence[Family]) -> Facts:
    """Return a family's facts as they are known now."""
    return _facts(viewer, records, None)


def facts_known(viewer: User, records: Sequence[Family], at: datetime) -> Facts:
    """Return a family's facts as they were known at a moment: what was written down by then."""
    return _facts(viewer, records, at)


def _facts(viewer: User, records: Sequence[Family], at: datetime | None) -> Facts:
    present = {record.pk for record in records}
    asked = set(present)
    if at is not None:
        # Parted since, a record may have been one with these then.
        events: Any = Family.pgh_event_model  # type: ignore[attr-defined]
        asked |= set(
            events.objects.filter(head__in=present, pgh_created_at__lte=at).values_list(
                "pgh_obj_id", flat=True
            )
        )
    visible = set(visible_to(viewer).filter(pk__in=asked).values_list("pk", flat=True))
    of_family, now = Q(family__in=visible), at is None
    families = list(_rows(Family, Q(pk__in=visible), Q(pgh_obj__in=visible), at).values())
    memberships = list(_rows(Membership, of_family, of_family, at).values())
    numbers = {row["person_id"] for row in memberships}
    people = _rows(Person, Q(pk__in=numbers), Q(pgh_obj__in=numbers), at)
    if now:
        # The record that stands for somebody may lie with another of the family's records.
        heads = {row["head_id"] for row in people.values()} - people.keys() - {None}
        people |= _rows(Person, Q(pk__in=heads), Q(pgh_obj__in=heads), at) if heads else {}
    of_people = Q(person__in=people)
    addresses = list(_rows(Address, of_family, of_family, at).values())
    at_homes = Q(address__in=[row["id"] for row in addresses])
    return Facts(
        present=frozenset(present),
        families=families,
        memberships=memberships,
        people=people,
        names=list(_rows(OtherName, of_people, of_people, at).values()),
        ways=list(_rows(ContactDetail, of_people, of_people, at).values()),
        ties=list(_rows(Relationship, of_people, of_people, at).values()),
        addresses=addresses,
        stays=list(_rows(Residence, at_homes, at_homes, at).values()),
        withheld=[
            ", ".join(person.name for person in one.people) for one in withheld(viewer, records)
        ],
    )


def _rows(model: type[Model], now: Q, then: Q, at: datetime | None) -> dict[int, Row]:
    """Return rows of a model, as now or as known at a moment, by number: the oldest first."""
    if at is None:
        return {
            row["id"]: row for row in model._default_manager.filter(now).order_by("pk").values()
        }
    events: Any = model.pgh_event_model  # type: ignore[attr-defined]
    states = (
        State(
            row=values["pgh_obj_id"],
            at=values["pgh_created_at"],
            order=values["pgh_id"],
            label=values["pgh_label"],
            values=values,
        )
        for values in events.objects.filter(then, pgh_created_at__lte=at).values()
    )
    return dict(sorted(known_at(states, at).items()))


# --- The record on a day --------------------------------------------------------------------------


def on_a_day(facts: Facts, day: date, *, head: int) -> OnADay:
    """Return a family's record on a day. `head` is the number of the record that stands for it.

    Of records that were not put together with that one when these facts were known, the people and
    homes are left out, and their references told.
    """
    heads = {row["id"]: row["head_id"] or row["id"] for row in facts.families}
    stands = heads.get(head, head)
    together = {number for number, its in heads.items() if its == stands}
    apart = sorted(
        row["reference"] for row in facts.families if row["id"] in facts.present - together
    )
    memberships = [row for row in facts.memberships if row["family_id"] in together]
    addresses = [row for row in facts.addresses if row["family_id"] in together]
    people = _people(facts, memberships, day)
    known = {one.number: one for one in people}
    stand_for: dict[int, int] = {
        number: row["head_id"] or number for number, row in facts.people.items()
    }

    places = _once(addresses)
    stays = [
        Stay(
            stand_for[row["person_id"]],
            places[row["address_id"]],
            row["since"],
            row["until"],
            row["id"],
        )
        for row in facts.stays
        if row["person_id"] in stand_for and row["address_id"] in places
    ]
    belongings = [
        Belonging(
            stand_for[row["person_id"]],
            row["lives_here"],
            row["since"],
            row["until"],
        )
        for row in memberships
        if row["person_id"] in stand_for
    ]
    gone = {
        one.number
        for one in people
        if (one.died and one.died <= day) or (one.born and one.born > day)
    }
    standing = [row for row in addresses if places[row["id"]] == row["id"]]
    who = households(
        day,
        (one for one in belongings if one.person not in gone),
        (Home(row["id"], row["since"], row["until"]) for row in standing),
        (stay for stay in stays if stay.person in known),
    )
    patterns = {row["id"]: row["pattern"] for row in facts.stays}
    homes, earlier = [], []
    for row in sorted(standing, key=lambda row: (row["until"] is not None, -row["id"])):
        place = Place(row["id"], row)
        if row["id"] in who.at:
            place.here = [
                Spell(
                    known[stay.person].name,
                    stay.since,
                    stay.until,
                    stay.number,
                    patterns.get(stay.number, ""),
                )
                for stay in who.at[row["id"]]
            ]
            place.taken_number = [number for number in who.taken_to_live if number in known]
            place.taken = [known[number].name for number in place.taken_number]
            homes.append(place)
        elif row["until"] is not None and row["until"] <= day:
            place.here = [
                Spell(known[stay.person].name, stay.since, stay.until, stay.number)
                for stay in stays
                if stay.home == row["id"] and stay.person in known
            ]
            earlier.append(place)
    named = {place.number: place.row["called"] or place.lines for place in (*homes, *earlier)}
    for stay in stays:
        if stay.person in known and stay.home in named:
            known[stay.person].homes.append(
                Spell(
                    named[stay.home],
                    stay.since,
                    stay.until,
                    stay.number,
                    patterns.get(stay.number, ""),
                )
            )
    now = [
        one
        for one in people
        if holds(one.since, one.until, day) and (one.born is None or one.born <= day)
    ]
    return OnADay(
        day=day,
        people=now,
        before=[one for one in people if one.until is not None and one.until <= day],
        homes=homes,
        earlier_homes=earlier,
        withheld=facts.withheld,
        unsaid=[known[number].name for number in who.unsaid if number in known],
        elsewhere=[known[number].name for number in who.elsewhere if number in known],
        apart=apart,
    )


def _people(facts: Facts, memberships: list[Row], day: date) -> list[Somebody]:
    by_head: dict[int, list[Row]] = defaultdict(list)
    for row in memberships:
        person = facts.people.get(row["person_id"])
        if person is not None:
            by_head[person["head_id"] or person["id"]].append(row)
    records = defaultdict(list)
    for person in facts.people.values():
        records[person["head_id"] or person["id"]].append(person)
    found: dict[int, Somebody] = {}
    for head, rows in by_head.items():
        theirs = sorted(records[head], key=lambda row: (row["id"] != head, row["id"]))
        merged = _filled(theirs)
        # The membership of that day; else the last before it.
        rows.sort(
            key=lambda row: (
                not holds(row["since"], row["until"], day),
                row["person_id"] != head,
                -(row["until"] or date.max).toordinal(),
                row["id"],
            )
        )
        belongs = rows[0]
        found[head] = Somebody(
            number=head,
            name=_name(merged),
            row=merged,
            role=belongs["role"],
            role_name=str(Membership.Role(belongs["role"]).label),
            responsible=belongs["parental_responsibility"],
            lives=belongs["lives_here"],
            since=belongs["since"],
            until=belongs["until"],
            membership=belongs["id"],
            names=[
                Spell(name, number=row["id"])
                for name, row in {_name(row): row for row in reversed(theirs[1:])}.items()
                if name not in (_name(merged), UNBORN)
            ],
        )
    _hang(facts, found)
    for one in found.values():
        _name_of_the_day(one, day)
    return sorted(
        found.values(),
        key=lambda one: (not one.is_child, one.born or one.expected or date.max, one.number),
    )


def _hang(facts: Facts, found: dict[int, Somebody]) -> None:
    """Put names, ways to reach people and relationships where they belong."""
    stand_for: dict[int, int] = {
        number: row["head_id"] or number for number, row in facts.people.items()
    }
    for row in facts.names:
        if one := found.get(stand_for.get(row["person_id"], 0)):
            words = f"{row['given_names']} {row['family_name']}".strip()
            kind = str(OtherName.Kind(row["kind"]).label)
            told = Spell(words, row["since"], row["until"], row["id"], kind)
            # Two records of a person may tell the same; and what kind of name it is tells more.
            one.names = [
                name
                for name in one.names
                if replace(name, number=0) != replace(told, number=0)
                and (name.note or name.words != words)
            ] + [told]
    for row in facts.ways:
        if one := found.get(stand_for.get(row["person_id"], 0)):
            one.ways.append(
                Spell(
                    row["value"],
                    None,
                    row["until"],
                    row["id"],
                    row["advice"],
                    row["safe"],
                    str(ContactDetail.Kind(row["kind"]).label),
                )
            )
    for row in facts.ties:
        one = found.get(stand_for.get(row["person_id"], 0))
        other = found.get(stand_for.get(row["other_id"], 0))
        if one is None or other is None:
            continue
        kind = Relationship.Kind(row["kind"])
        note = {True: "has parental responsibility", False: "has no parental responsibility"}.get(
            row["parental_responsibility"], ""
        )
        label = "Former partner" if _over(row, kind) else str(kind.label)
        spell = (row["since"], row["until"], row["id"], note)
        one.ties.append(Spell(f"{label} of {other.name}", *spell))
        if kind in Relationship.MUTUAL:
            other.ties.append(Spell(f"{label} of {one.name}", *spell))
        else:
            other.ties.append(Spell(f"{one.name} is their {label.lower()}", *spell))


def _name_of_the_day(one: Somebody, day: date) -> None:
    """Say which former name somebody had on the day: of those that ended later, the first to end."""
    former = str(OtherName.Kind.FORMER.label)
    had = [
        name
        for name in one.names
        if name.note == former and name.until and holds(name.since, name.until, day)
    ]
    if had:
        name = min(had, key=lambda name: name.until or date.max)
        one.names = [replace(name, note="Name on that day"), *(n for n in one.names if n != name)]


def _over(row: Row, kind: Relationship.Kind) -> bool:
    return kind == Relationship.Kind.PARTNER and row["until"] is not None


def _filled(records: list[Row]) -> Row:
    """Return the record that stands for somebody, with what it leaves open from the others."""
    merged = dict(records[0])
    for row in records[1:]:
        for name, value in row.items():
            if merged.get(name) in (None, "", [], "U") and value not in (None, "", []):
                merged[name] = value
    return merged


def _name(row: Row) -> str:
    return f"{row['given_names']} {row['family_name']}".strip() or UNBORN


def _once(addresses: Collection[Row]) -> dict[int, int]:
    """Return for each entry of an address the first that tells of the same place."""
    first: dict[tuple[str, ...], int] = {}
    places = {}
    for row in sorted(addresses, key=lambda row: row["id"]):
        place = Address(lines=row["lines"], postcode=row["postcode"], until=row["until"]).place
        places[row["id"]] = first.setdefault(place, row["id"])
    return places


def put_other_families(viewer: User, found: OnADay, records: Sequence[Family]) -> None:
    """Put to each person the other families they belong, or belonged, to: those of which this
    person may know. `kind` is the reference of a family."""
    people = {one.number: one for one in (*found.people, *found.before)}
    for belongs in _belonging(viewer, people).exclude(family__in=records):
        one = people[belongs.person.head_id or belongs.person_id]
        told = _of_family(belongs)
        if not any(told.kind == other.kind for other in one.others):
            one.others.append(told)


def families_of(viewer: User, person: Person) -> list[Spell]:
    """Return the families somebody belongs, or belonged, to, of which this person may know."""
    told = [_of_family(one) for one in _belonging(viewer, [person.head_id or person.pk])]
    return list({one.kind: one for one in reversed(told)}.values())[::-1]


def _belonging(viewer: User, people: Collection[int]) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(person__head__in=people, family__in=visible_to(viewer))
        .select_related("person", "family__head")
        .order_by(F("until").desc(nulls_first=True), "pk")
    )


def _of_family(belongs: Membership) -> Spell:
    family = belongs.family.head or belongs.family
    return Spell(
        family.name,
        belongs.since,
        belongs.until,
        family.pk,
        str(belongs.get_role_display()),
        kind=family.reference,
    )


# --- One thing of a family, to change it ----------------------------------------------------------


def membership(viewer: User, records: Sequence[Family], pk: int) -> Membership | None:
    """Return how somebody belongs, or belonged, to a family, with the person and record at hand."""
    found = Membership.objects.filter(family__in=records).select_related("person", "family")
    return found.filter(pk=pk).first()


def home(viewer: User, records: Sequence[Family], pk: int) -> Address | None:
    """Return a home of a family."""
    found = Address.objects.filter(family__in=records).select_related("family")
    return found.filter(pk=pk).first()


def stay(viewer: User, records: Sequence[Family], pk: int) -> Residence | None:
    """Return a person's stay at a home of a family."""
    found = Residence.objects.filter(address__family__in=records)
    return found.select_related("person", "address__family").filter(pk=pk).first()


def way(viewer: User, records: Sequence[Family], pk: int) -> ContactDetail | None:
    """Return a way to reach somebody of a family."""
    people = Person.objects.filter(memberships__family__in=records)
    found = ContactDetail.objects.filter(person__head__in=people.values("head"))
    return found.select_related("person").filter(pk=pk).first()


def tie(viewer: User, records: Sequence[Family], pk: int) -> Relationship | None:
    """Return what somebody of a family is to another."""
    people = Person.objects.filter(memberships__family__in=records)
    found = Relationship.objects.filter(person__head__in=people.values("head"))
    return found.select_related("person", "other").filter(pk=pk).first()
