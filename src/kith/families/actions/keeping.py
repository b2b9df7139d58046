"""Keeping the record: families, people, addresses, and the keys under which they are found."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.analytics.linkage.keys import forms_of, keys_of
from kith.audit.actions import fields_of, record
from kith.families.actions.refusals import DiedAlready
from kith.families.models import (
    Address,
    ContactDetail,
    Family,
    Membership,
    OtherName,
    Person,
    Restriction,
    SearchKey,
    Spelling,
)
from kith.families.permissions import may_add, may_edit
from kith.places import queries as places
from kith.places.postcodes import NotAPostcode, NotInTheCounty, tidy

# Whose keys wait to be written at the end of a block.
_to_be_found: ContextVar[set[int] | None] = ContextVar("people to be found", default=None)
OF_MEMBERSHIP = {"parental_responsibility", "lives_here", "since", "until"}
CORRECTABLE = {
    "given_names",
    "family_name",
    "known_as",
    "date_of_birth",
    "expected_on",
    "sex",
    "ethnicity",
    "disabilities",
    "language",
    "interpreter_needed",
    "young_carer",
}


@transaction.atomic
def add_family(*, name: str, by: User, at: datetime) -> Family:
    """Add a family. The number in its reference is the row's own. Raises PermissionDenied."""
    may_add(by).or_raise()
    number = _next_number(Family)
    family = Family(
        pk=number, head_id=number, reference=f"F-{number:06d}", name=name[:200], made_at=at
    )
    family.save(force_insert=True)
    record("family.added", subject=family, by=by, at=at, after={"name": family.name})
    return family


@transaction.atomic
def rename_family(*, family: Family, name: str, by: User, at: datetime) -> Family:
    """Change how a family is spoken of. Raises PermissionDenied."""
    family = Family.objects.select_for_update().get(pk=family.pk)
    may_edit(by, family).or_raise()
    before = family.name
    family.name = name[:200]
    family.save(update_fields=["name"])
    record(
        "family.renamed",
        subject=family,
        by=by,
        at=at,
        before={"name": before},
        after={"name": family.name},
    )
    return family


@transaction.atomic
def add_person(
    *,
    family: Family,
    role: str,
    given_names: str,
    family_name: str,
    date_of_birth: date | None = None,
    expected_on: date | None = None,
    sex: str = "U",
    by: User,
    at: datetime,
    **fields: Any,
) -> Person:
    """Add a person to a family, with the keys to find them by. Raises PermissionDenied.

    `fields` are further fields of the person, or of their membership (`lives_here`,
    `parental_responsibility`, `since`).
    """
    _may_add_to(by, family)
    of_membership = {name: fields.pop(name) for name in OF_MEMBERSHIP & fields.keys()}
    number = _next_number(Person)
    person = Person(
        pk=number,
        head_id=number,
        given_names=given_names,
        family_name=family_name,
        date_of_birth=date_of_birth,
        expected_on=expected_on,
        sex=sex,
        **fields,
    )
    # A person is seen through the family, so the front door writes the first of the two rows.
    with seeing_as(front_door()):
        person.save(force_insert=True)
        Membership.objects.create(family=family, person=person, role=role, **of_membership)
    find_by_new_facts([person.pk])
    record(
        "person.added",
        subject=person,
        by=by,
        at=at,
        family_id=family.pk,
        after={"name": str(person), "role": role, "date_of_birth": date_of_birth},
    )
    return person


@transaction.atomic
def correct_person(
    *, person: Person, family: Family, by: User, at: datetime, **changes: Any
) -> Person:
    """Put a person's record right. Raises PermissionDenied; TypeError for a field that has no place.

    `family` is the family through which the person is known to whoever corrects.
    """
    if unknown := changes.keys() - CORRECTABLE:
        raise TypeError(f"A person has no {', '.join(sorted(unknown))} to correct")
    of_family = Membership.objects.filter(family=family)  # somebody may belong twice, at two times
    person = Person.objects.select_for_update(of=("self",)).get(
        pk__in=of_family.filter(person=person).values("person")
    )
    may_edit(by, family).or_raise()
    before = fields_of(person, changes)
    for name, value in changes.items():
        setattr(person, name, value)
    person.save(update_fields=list(changes))
    find_by_new_facts([person.pk])
    record(
        "person.corrected",
        subject=person,
        by=by,
        at=at,
        family_id=family.pk,
        before=before,
        after=changes,
    )
    return person


@transaction.atomic
def end_membership(
    *, family: Family, person: Person, until: date, by: User, at: datetime
) -> Membership:
    """Say that a person no longer belongs to a family. Raises PermissionDenied."""
    membership = Membership.objects.select_for_update().get(
        family=family, person=person, until__isnull=True
    )
    may_edit(by, family).or_raise()
    membership.until = until
    membership.save(update_fields=["until"])
    record(
        "person.left", subject=membership, by=by, at=at, family_id=family.pk, after={"until": until}
    )
    return membership


@transaction.atomic
def add_address(
    *,
    family: Family,
    postcode: str = "",
    lines: str = "",
    called: str = "",
    safe: bool = True,
    since: date | None = None,
    easting: int | None = None,
    northing: int | None = None,
    by: User,
    at: datetime,
) -> Address:
    """Add where a family lives. Raises PermissionDenied.

    A postcode outside the county is kept without a place on the map, and so is one that cannot be
    read: what somebody told us is not lost.
    """
    _may_add_to(by, family)
    postcode, found = _locate(postcode)
    address = Address(
        family=family,
        called=called,
        lines=lines,
        postcode=postcode,
        safe=safe,
        since=since,
        easting=easting if easting is not None else found[0],
        northing=northing if northing is not None else found[1],
    )
    address.save(force_insert=True)
    find_by_new_facts(Membership.objects.filter(family=family).values_list("person_id", flat=True))
    record(
        "address.added",
        subject=address,
        by=by,
        at=at,
        after={"postcode": address.postcode, "safe": safe},
    )
    return address


@transaction.atomic
def end_address(*, address: Address, until: date, by: User, at: datetime) -> Address:
    """Say that a family no longer lives there. It is still found by it. Raises PermissionDenied."""
    address = Address.objects.select_for_update(of=("self",)).get(pk=address.pk)
    may_edit(by, address.family).or_raise()
    address.until = until
    address.save(update_fields=["until"])
    record("address.ended", subject=address, by=by, at=at, after={"until": until})
    return address


@transaction.atomic
def add_contact_detail(
    *,
    person: Person,
    kind: str,
    value: str,
    safe: bool = True,
    preferred: bool = False,
    advice: str = "",
    by: User,
    at: datetime,
) -> ContactDetail:
    """Add a telephone number or an e-mail address of a person. Raises PermissionDenied."""
    family = _family_of(person)
    _may_add_to(by, family)
    if person.died_on:
        raise DiedAlready(f"{person} died on {person.died_on:%-d %B %Y}: nothing is sent to them.")
    detail = ContactDetail(
        person=person, kind=kind, value=value, safe=safe, preferred=preferred, advice=advice
    )
    detail.save(force_insert=True)
    find_by_new_facts([person.pk])
    record(
        "contact_detail.added",
        subject=detail,
        by=by,
        at=at,
        family_id=family.pk,
        after={"kind": kind, "safe": safe},
    )
    return detail


@transaction.atomic
def end_contact_detail(
    *, detail: ContactDetail, until: date, by: User, at: datetime
) -> ContactDetail:
    """Say that a number or address no longer reaches a person. Raises PermissionDenied."""
    detail = ContactDetail.objects.select_for_update(of=("self",)).get(pk=detail.pk)
    family = _family_of(detail.person)
    may_edit(by, family).or_raise()
    detail.until = until
    detail.save(update_fields=["until"])
    record(
        "contact_detail.ended",
        subject=detail,
        by=by,
        at=at,
        family_id=family.pk,
        after={"until": until},
    )
    return detail


def write_search_keys(person_ids: Iterable[int]) -> int:
    """Work out anew under which keys people are found; return how many keys were added.

    Must see all families the people belong to: called as the front door, or by whoever makes a
    county. Takes nine queries however many people there are.
    """
    memberships = list(
        Membership.objects.filter(person__in=list(person_ids)).select_related("person")
    )
    family_ids = {membership.family_id for membership in memberships}
    postcodes = defaultdict(list)
    masked = Restriction.objects.filter(
        family__in=family_ids, address__isnull=False, ended_at__isnull=True
    )
    for family_id, postcode in (
        Address.objects.filter(family__in=family_ids)
        .exclude(pk__in=masked.values("address"))
        .values_list("family_id", "postcode")
    ):
        postcodes[family_id].append(postcode)
    details: dict[tuple[int, str], list[str]] = defaultdict(list)
    people = {membership.person_id for membership in memberships}
    for detail in ContactDetail.objects.filter(person__in=people):
        details[detail.person_id, detail.kind].append(detail.value)
    names: dict[int, list[str]] = defaultdict(list)
    for name in OtherName.objects.filter(person__in=people):
        names[name.person_id] += [name.given_names, name.family_name]

    wanted = {
        (key, membership.person_id, membership.family_id)
        for membership in memberships
        for key in keys_of(
            given_names=membership.person.given_names,
            family_name=membership.person.family_name,
            known_as=membership.person.known_as,
            other_names=names[membership.person_id],
            birth=membership.person.date_of_birth or membership.person.expected_on,
            postcodes=postcodes[membership.family_id],
            phones=details[membership.person_id, ContactDetail.Kind.PHONE],
            emails=details[membership.person_id, ContactDetail.Kind.EMAIL],
        )
    }
    have = {
        (kept.key, kept.person_id, kept.family_id): kept.pk
        for kept in SearchKey.objects.filter(person__in=people)
    }
    stale = [number for key, number in have.items() if key not in wanted]
    if stale:
        SearchKey.objects.filter(pk__in=stale).delete()
    new = sorted(wanted - have.keys())
    SearchKey.objects.bulk_create(
        (SearchKey(key=key, person_id=person, family_id=family) for key, person, family in new),
        batch_size=2000,
    )
    _write_spellings({key[2:] for key, _, _ in new if key.startswith("n:")})
    return len(new)


def _write_spellings(words: set[str]) -> None:
    known = Spelling.objects.filter(word__in=words).values_list("word", flat=True)
    Spelling.objects.bulk_create(
        (
            Spelling(form=form, word=word)
            for word in sorted(words.difference(known))
            for form in sorted(forms_of(word))
        ),
        batch_size=2000,
    )


@contextlib.contextmanager
def found_in_the_end() -> Iterator[None]:
    """Work out at the end of the block, once, how those are found of whom it writes facts down.

    For writing a whole family down, in a transaction: each person and fact would write keys anew.
    """
    people: set[int] = set()
    before = _to_be_found.set(people)
    try:
        yield
    finally:
        _to_be_found.reset(before)
    find_by_new_facts(people)


def find_by_new_facts(person_ids: Iterable[int]) -> None:
    """Work out anew how people are found: now, or at the end of a `found_in_the_end`."""
    waiting = _to_be_found.get()
    if waiting is not None:
        waiting.update(person_ids)
        return
    with seeing_as(front_door()):
        write_search_keys(person_ids)


def _may_add_to(by: User, family: Family) -> None:
    may_add(by).or_raise()
    may_edit(by, family).or_raise()


def _family_of(person: Person) -> Family:
    """Return the family through which whoever is looking knows a person."""
    membership = (
        Membership.objects.filter(person=person).select_related("family").order_by("pk").first()
    )
    if membership is None:
        raise Membership.DoesNotExist(f"Person {person.pk} belongs to no family that is seen")
    return membership.family


def _locate(text: str) -> tuple[str, tuple[int | None, int | None]]:
    """Return a postcode as printed, and its place on the British grid where we know it."""
    if not text.strip():
        return "", (None, None)
    try:
        found = places.find_postcode(text)
    except NotInTheCounty as outside:
        return outside.postcode, (None, None)
    except NotAPostcode:
        return text.strip().upper()[:8], (None, None)
    return tidy(text), (found.easting, found.northing)


def _next_number(model: type[models.Model]) -> int:
    """Take the next number of a table, so that a row can name itself as it is written."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        return int(cursor.fetchone()[0])
