"""Reading about families. Everything starts from `visible_to(viewer)`."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.analytics.linkage import keys
from kith.analytics.linkage.compare import Comparison, answer, compare
from kith.families import lookup
from kith.families.lookup import Held
from kith.families.models import (
    Address,
    ContactDetail,
    EmergencyAccess,
    Family,
    Membership,
    Merge,
    NotSame,
    Person,
    Standing,
)

SHOWN_FIRST, MOST_FOUND = 20, 100  # answers to a search


def visible_to(viewer: User) -> QuerySet[Family]:
    """Return the records of families this person may know exist, merged ones too."""
    if viewer.can(Permission.FAMILY_SEE_ALL):
        return Family.objects.all()
    standing = Standing.objects.filter(
        Q(until__isnull=True) | Q(until__gt=timezone.now()),
        Q(team__in=viewer.teams_granting(Permission.FAMILY_SEE)) | Q(user=viewer),
    )
    return Family.objects.filter(pk__in=standing.values("family"))


def people_visible_to(viewer: User) -> QuerySet[Person]:
    """Return the people of families this person may know of."""
    known = Membership.objects.filter(family__in=visible_to(viewer))
    return Person.objects.filter(pk__in=known.values("person"))


def together_with(viewer: User, family: Family) -> list[Family]:
    """Return all records that are this family: the one that stands for it first."""
    head_id = family.head_id or family.pk
    found = visible_to(viewer).filter(Q(head=head_id) | Q(pk=head_id))
    return sorted(found, key=lambda record: (record.pk != head_id, record.pk))


def records_called(viewer: User, reference: str) -> list[Family]:
    """Return all records that are the family of this reference, the one that stands for it first.

    Empty where the viewer may not know of a record with this reference.
    """
    return lookup.records_called(viewer, reference)


@dataclass(frozen=True)
class Member:
    """A person of a family, as one, from however many records of them there are.

    `person` is the record that stands for them; what it leaves open is filled in from the others.
    """

    person: Person
    membership: Membership
    records: tuple[Person, ...] = ()
    contact_details: tuple[ContactDetail, ...] = field(default=())
    names: tuple[str, ...] = ()  # had before, or used besides

    @property
    def name(self) -> str:
        return str(self.person)

    @property
    def role(self) -> str:
        return self.membership.role

    @property
    def role_name(self) -> str:
        return str(Membership.Role(self.membership.role).label)

    @property
    def is_child(self) -> bool:
        return self.membership.role == Membership.Role.CHILD

    @property
    def date_of_birth(self) -> date | None:
        born: date | None = self._filled("date_of_birth")
        return born

    @property
    def expected_on(self) -> date | None:
        expected: date | None = None if self.date_of_birth else self._filled("expected_on")
        return expected

    @property
    def died_on(self) -> date | None:
        died: date | None = self._filled("died_on")
        return died

    @property
    def was_born(self) -> bool:
        return self.date_of_birth is not None or self.expected_on is None

    @property
    def other_names(self) -> list[str]:
        """Names under which their other records know them."""
        names = [str(record) for record in self.records]
        names += [record.known_as for record in (self.person, *self.records) if record.known_as]
        names += self.names
        return [name for name in dict.fromkeys(names) if name != self.name]

    def _filled(self, name: str) -> Any:
        values = (getattr(record, name) for record in (self.person, *self.records))
        return next((value for value in values if value), None)


def people_of(
    viewer: User,
    family: Family,
    *,
    now_only: bool = True,
    records: Sequence[Family] | None = None,
) -> list[Member]:
    """Return the people of a family and of the records merged with it: children first, eldest first.

    Records that are one person appear once. `records` are those of `together_with`, where they are
    at hand. Takes one query, however many people there are, and one for the records.
    """
    found = together_with(viewer, family) if records is None else records
    after = timezone.localdate() if now_only else date.min
    return _people(lookup.members_of([record.pk for record in found], after=after))


def _people(memberships: Iterable[Held]) -> list[Member]:
    by_head: dict[int, list[Held]] = {}
    for held in memberships:
        head = held[0].person.head_id or held[0].person_id
        by_head.setdefault(head, []).append(held)
    members = [_member(head, held) for head, held in by_head.items()]
    return sorted(members, key=_in_order)


def living_of(viewer: User, family: Family) -> list[Member]:
    """Return the people of a family who live: whom one can ask, assess or write to."""
    return [member for member in people_of(viewer, family) if member.died_on is None]


def _member(head: int, memberships: list[Held]) -> Member:
    # The record that stands for the person may lie with a family that the viewer does not see.
    standing = sorted(memberships, key=lambda held: (held[0].person_id != head, held[0].pk))
    people = list(dict.fromkeys(membership.person for membership, *_ in standing))
    details = {
        (detail.kind, detail.value): detail for _, ways, _ in reversed(standing) for detail in ways
    }
    return Member(
        person=people[0],
        membership=standing[0][0],
        records=tuple(people[1:]),
        contact_details=tuple(
            sorted(details.values(), key=lambda detail: (not detail.preferred, detail.pk))
        ),
        names=tuple(name for _, _, names in standing for name in names),
    )


def _in_order(member: Member) -> tuple[bool, date, int]:
    born = member.date_of_birth or member.expected_on or date.max
    return (not member.is_child, born, member.person.pk)


def addresses_of(
    viewer: User, family: Family, *, records: Sequence[Family] | None = None
) -> list[Address]:
    """Return where a family lives and has lived: present addresses first, newest first.

    One that several of its records have stands there once; post to it is safe only if every one of
    them says so. `records` are those of `together_with`, where they are at hand.
    """
    found = together_with(viewer, family) if records is None else records
    return _each_once(lookup.addresses_of([record.pk for record in found]))


def _each_once(addresses: Iterable[Address]) -> list[Address]:
    in_order = sorted(
        addresses,
        key=lambda address: (
            address.until is not None,
            -(address.since or date.min).toordinal(),
            -address.pk,
        ),
    )
    once: dict[tuple[str, ...], Address] = {}
    for address in in_order:
        shown = once.setdefault(address.place, address)
        shown.safe = shown.safe and address.safe
    return list(once.values())


def teams_with_standing(
    viewer: User, family: Family, *, records: Sequence[Family] | None = None
) -> list[Standing]:
    """Return the standings in force with a family's records, by the name of who knows of them.

    `records` are those of `together_with`, where they are at hand.
    """
    found = together_with(viewer, family) if records is None else records
    return _by_name(lookup.standings_of([record.pk for record in found], at=timezone.now()))


def _by_name(standings: Iterable[Standing]) -> list[Standing]:
    return sorted(standings, key=lambda held: (held.user is not None, str(held.team or held.user)))


@dataclass(frozen=True)
class Page:
    """A family as its page shows it: `records_called` and, of them, `teams_with_standing`,
    `people_of` and `addresses_of`."""

    records: list[Family]
    standings: list[Standing]
    people: list[Member]
    addresses: list[Address]


def page_of(viewer: User, reference: str) -> Page:
    """Return what the page of a family shows of it, with one query; no records where the viewer may
    not know of the record with this reference. What is asked after it in the same transaction keeps
    its plans (`keep_plans`)."""
    records, standings, held, homes = lookup.page_of(
        viewer, reference, now=timezone.now(), today=timezone.localdate()
    )
    return Page(records, _by_name(standings), _people(held), _each_once(homes))


# --- Looking up -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """Somebody who answers a search: the records that stand for them and for their family."""

    family: Family
    person: Person | None  # None where the family was found by its reference
    role_name: str
    why: tuple[str, ...]
    worth: int = 0


def search(viewer: User, text: str, limit: int = SHOWN_FIRST) -> list[Found]:
    """Return who answers a search: any spelling of a name, a date of birth, a postcode, a
    telephone number, an e-mail address, or a family's reference. The best answers come first.

    A fixed number of queries, and of rows read, however many people there are.
    """
    asked = keys.read_search(text)
    visible = visible_to(viewer)
    found = [
        Found(family, None, "", ("Reference",), 1000)
        for family in _called(visible, asked.references)
    ]
    # A few more than are shown: the keys rank nearly as the comparison does.
    records = lookup.known_by_keys(viewer, keys.asked_keys(asked), limit=limit + 14)
    best: dict[tuple[int, int], tuple[int, tuple[str, ...], lookup.Known]] = {}
    for record in records:
        worth, why = answer(asked, record.facts)
        place = (record.head_id, record.family_head_id)
        if worth and (place not in best or worth > best[place][0]):
            best[place] = (worth, tuple(why), record)
    people, families = _standing_for(visible, [record for _, _, record in best.values()])
    found += [
        Found(
            family=families.get(record.family_head_id, record.family),
            person=people.get(record.head_id, record.person),
            role_name=record.membership.get_role_display(),
            why=why,
            worth=worth,
        )
        for worth, why, record in best.values()
    ]
    found.sort(key=lambda one: (-one.worth, str(one.person or ""), one.family.pk))
    return found[:limit]


@dataclass(frozen=True)
class LikelySame:
    """Two people who may be one: somebody asked about, and somebody we know already."""

    person: Person
    family: Family
    other: Person
    other_family: Family
    comparison: Comparison


MOST_CANDIDATES = 25  # for each person asked about


def likely_same(
    viewer: User, person_ids: Iterable[int], *, schools_of: lookup.SchoolsOf | None = None
) -> list[LikelySame]:
    """Return people who may be the same as these, the likeliest first, with the reasons.

    Left out are people of the same record (whoever wrote it named both), those already merged
    with them, and those of whom somebody has said that they are not the same. `schools_of` looks
    up schools, which are known to the module of requests.
    """
    visible = visible_to(viewer)
    asked = lookup.known(viewer, person_ids, schools_of=schools_of)
    candidates: set[int] = set()
    for one in asked:
        things = _things_of(one.facts)
        candidates |= {
            *lookup.people_by_keys(things, least_things=min(2, len(things)), limit=MOST_CANDIDATES)
        }
    others = lookup.known(
        viewer, candidates - {one.person.pk for one in asked}, schools_of=schools_of
    )
    said = _said_not_same(
        {number for one in (*asked, *others) for number in (one.person.pk, one.head_id)}
    )
    best: dict[tuple[int, int], tuple[Comparison, lookup.Known, lookup.Known]] = {}
    for one in asked:
        for other in others:
            if (
                one.head_id == other.head_id
                or one.family.pk == other.family.pk
                or frozenset((one.person.pk, other.person.pk)) in said
                or frozenset((one.head_id, other.head_id)) in said
            ):
                continue
            found = compare(one.facts, other.facts)
            pair = (one.head_id, other.head_id)
            if found.suggests and (pair not in best or found.score > best[pair][0].score):
                best[pair] = (found, one, other)
    people, families = _standing_for(
        visible, [record for _, one, other in best.values() for record in (one, other)]
    )
    likely = [
        LikelySame(
            person=people.get(one.head_id, one.person),
            family=families.get(one.family_head_id, one.family),
            other=people.get(other.head_id, other.person),
            other_family=families.get(other.family_head_id, other.family),
            comparison=found,
        )
        for found, one, other in best.values()
    ]
    return sorted(likely, key=lambda pair: (-pair.comparison.score, pair.person.pk, pair.other.pk))


def _things_of(facts: Any) -> list[dict[str, int]]:
    """Return what to look somebody up by: names by sound and other forms, and all that is rare."""
    things = []
    for name in (facts.given_names or facts.known_as, facts.family_name):
        if asked := keys.name_keys(name):
            things.append(dict.fromkeys(asked, keys.SOUND))
    if facts.birth:
        slips = {f"b:{slip.isoformat()}": keys.SLIP for slip in keys.birth_slips(facts.birth)}
        things.append(slips | {f"b:{facts.birth.isoformat()}": keys.EXACT})
    rare = keys.keys_of(
        given_names="",
        family_name="",
        postcodes=[postcode for postcode, _ in facts.homes],
        phones=facts.phones,
        emails=facts.emails,
    )
    if rare:
        things.append(dict.fromkeys(rare, keys.EXACT))
    return things


def _said_not_same(person_ids: set[int]) -> set[frozenset[int]]:
    return {
        frozenset(pair)
        for pair in NotSame.objects.filter(first__in=person_ids, second__in=person_ids).values_list(
            "first_id", "second_id"
        )
    }


def _standing_for(
    visible: QuerySet[Family], records: list[lookup.Known]
) -> tuple[dict[int, Person], dict[int, Family]]:
    """Return the people and families that stand for these records, by number, where visible."""
    families = {record.family.pk: record.family for record in records}
    people = {record.person.pk: record.person for record in records}
    # Only what is merged stands behind a record that is not at hand.
    if missing := {record.family_head_id for record in records} - families.keys():
        families |= visible.in_bulk(missing)
    if absent := {record.head_id for record in records} - people.keys():
        people |= Person.objects.in_bulk(absent)
    return people, families


def _called(visible: QuerySet[Family], references: Collection[str]) -> list[Family]:
    if not references:
        return []
    heads = visible.filter(reference__in=references).values("head")
    return list(visible.filter(pk__in=heads).order_by("pk"))


# --- Merges ---------------------------------------------------------------------------------------


# Rooms above this one add here how they tell, in lines of words, what of theirs is on records.
ALSO_ON_RECORDS: list[Callable[[User, Sequence[Family]], Iterable[str]]] = []


@dataclass(frozen=True)
class Preview:
    """What putting two records together would do, before anyone does it."""

    kept: Family
    gone: Family
    kept_people: list[Member]
    gone_people: list[Member]
    kept_addresses: list[Address]
    gone_addresses: list[Address]
    same_people: list[LikelySame]  # `person` stays, `other` is merged into them
    teams_that_gain: list[str]  # teams that would know of a record they do not know of now
    kept_more: list[str]  # what else is on each record
    gone_more: list[str]


def preview_merge(
    viewer: User, kept: Family, gone: Family, *, schools_of: lookup.SchoolsOf | None = None
) -> Preview:
    """Return what is on two records, who of their people may be the same, and who would see more."""
    kept_people, gone_people = people_of(viewer, kept), people_of(viewer, gone)
    gone_heads = {member.person.pk for member in gone_people}
    same = [
        pair
        for pair in likely_same(
            viewer, [member.person.pk for member in kept_people], schools_of=schools_of
        )
        if pair.other.pk in gone_heads
    ]
    knows = [
        {str(standing.team or standing.user) for standing in teams_with_standing(viewer, family)}
        for family in (kept, gone)
    ]
    return Preview(
        kept=kept,
        gone=gone,
        kept_people=kept_people,
        gone_people=gone_people,
        kept_addresses=addresses_of(viewer, kept),
        gone_addresses=addresses_of(viewer, gone),
        same_people=same,
        teams_that_gain=sorted(knows[0] ^ knows[1]),
        kept_more=_more_on(viewer, kept),
        gone_more=_more_on(viewer, gone),
    )


def _more_on(viewer: User, family: Family) -> list[str]:
    records = together_with(viewer, family)
    return [line for tell in ALSO_ON_RECORDS for line in tell(viewer, records)]


def merges_of(viewer: User, family: Family) -> list[Merge]:
    """Return the merges of a family's records that stand, newest first, with who made them."""
    records = together_with(viewer, family)
    return list(
        Merge.objects.filter(family__in=records, part_of__isnull=True, undone_at__isnull=True)
        .select_related("by")
        .prefetch_related("parts")
        .order_by("-at", "-pk")
    )


def merges(viewer: User) -> QuerySet[Merge]:
    """Return all merges of families this person may know of, newest first, undone ones too.

    People put together as part of a merge of their families are not listed by themselves.
    """
    return (
        Merge.objects.filter(family__in=visible_to(viewer), part_of__isnull=True)
        .select_related("by", "undone_by", "family")
        .order_by("-at", "-pk")
    )


@dataclass(frozen=True)
class Merged:
    """A merge, with the names of what was put together."""

    merge: Merge
    kept: str
    gone: str
    people: tuple[tuple[str, str], ...]  # who was put together with whom


def with_names(viewer: User, found: list[Merge]) -> list[Merged]:
    """Return merges with the names of the records and people in them. Three queries."""
    parts: dict[int | None, list[Merge]] = {}
    for part in Merge.objects.filter(part_of__in=found).order_by("pk"):
        parts.setdefault(part.part_of_id, []).append(part)
    everything = [*found, *(part for some in parts.values() for part in some)]

    def numbers(kind: str) -> set[int]:
        ends = ((one.kept_id, one.gone_id) for one in everything if one.kind == kind)
        return {number for pair in ends for number in pair}

    families = visible_to(viewer).in_bulk(numbers("family"))
    people = people_visible_to(viewer).in_bulk(numbers("person"))

    def name(kind: str, number: int) -> str:
        return str(
            (families if kind == "family" else people).get(number, "a record you cannot see")
        )

    return [
        Merged(
            merge=one,
            kept=name(one.kind, one.kept_id),
            gone=name(one.kind, one.gone_id),
            people=tuple(
                (name("person", part.gone_id), name("person", part.kept_id))
                for part in parts.get(one.pk, [])
            ),
        )
        for one in found
    ]


# --- Emergencies ----------------------------------------------------------------------------------


def emergencies(viewer: User) -> QuerySet[EmergencyAccess]:
    """Return the emergency looks this person may know of, those to be reviewed first.

    The family itself is not joined: whoever reviews need not be allowed to see it.
    """
    looks = EmergencyAccess.objects.select_related("user", "reviewed_by")
    if not viewer.can(Permission.EMERGENCY_REVIEW) and not viewer.can(Permission.FAMILY_SEE_ALL):
        looks = looks.filter(user=viewer)
    return looks.order_by(F("reviewed_at").asc(nulls_first=True), "-at", "-pk")


def open_emergency(viewer: User, family: Family) -> EmergencyAccess | None:
    """Return the emergency by which this person sees a family just now, if that is how."""
    return (
        EmergencyAccess.objects.filter(
            user=viewer, family__in=together_with(viewer, family), until__gt=timezone.now()
        )
        .order_by("-until")
        .first()
    )
