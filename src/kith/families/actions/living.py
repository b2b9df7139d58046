"""Who people are to each other and where they live, from one day until another.

Nothing is overwritten: what is over is ended, and each state of every row is kept.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kith.accounts.models import User
from kith.analytics.households import overlap
from kith.analytics.kinship import Oddity, One, Tie, odd
from kith.audit.actions import fields_of, record
from kith.families.actions.keeping import (
    CORRECTABLE,
    add_address,
    add_person,
    correct_person,
    end_address,
    end_contact_detail,
    end_membership,
    find_by_new_facts,
)
from kith.families.actions.refusals import (
    BelongsAlready,
    BornAlready,
    ChangedMeanwhile,
    DiedAlready,
    EndedAlready,
    InTheFuture,
    KeptToNamed,
    LivesThereAlready,
    LooksOdd,
    NothingSaid,
    NotOfThisFamily,
    OutOfOrder,
    RelatedAlready,
)
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
from kith.families.permissions import may_edit
from kith.families.queries import people_visible_to
from kith.families.restricting import kept_to_named

FAR_FROM_EXPECTED = 125  # days between an expected and a real birth that are worth a second look
OF_BELONGING = ("role", "parental_responsibility", "lives_here", "since")


# --- Who somebody is ------------------------------------------------------------------------------


def mark_of(person: Person, membership: Membership) -> str:
    """Return a mark of what a record says, by which a form knows whether it was changed meanwhile."""
    said = fields_of(person, sorted(CORRECTABLE)) | fields_of(membership, OF_BELONGING)
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:16]


@transaction.atomic
def add_member(*, family: Family, role: str, by: User, at: datetime, **fields: Any) -> Person:
    """Add a person to a family whom nobody knew of. Raises PermissionDenied, InTheFuture, OutOfOrder."""
    today = timezone.localdate(at)
    _check_born(fields.get("date_of_birth"), today)
    _check_spell(fields.get("since"), None, at)
    born, since = fields.get("date_of_birth"), fields.get("since")
    if born and since and since < born:
        raise OutOfOrder("That is before they were born.", "since")
    return add_person(family=family, role=role, by=by, at=at, **fields)


@transaction.atomic
def correct_member(
    *,
    membership: Membership,
    mark: str = "",
    by: User,
    at: datetime,
    **changes: Any,
) -> Person:
    """Put right what the record says of a person and how they belong to the family.

    `mark` is that of the record as it was shown. Raises PermissionDenied, ChangedMeanwhile,
    OutOfOrder, InTheFuture.
    """
    family = membership.family
    may_edit(by, family).or_raise()
    person = _lock_person(membership.person)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if mark and mark != mark_of(person, membership):
        raise ChangedMeanwhile(
            "While you looked, somebody changed this record. What it says now stands above your"
            " answers: go through them once more, then save."
        )
    belonging = {name: changes.pop(name) for name in OF_BELONGING if name in changes}
    today = timezone.localdate(at)
    born = changes.get("date_of_birth", person.date_of_birth)
    _check_born(born, today)
    if born and person.died_on and born > person.died_on:
        raise OutOfOrder("That is after the day on which they died.", "date_of_birth")
    since = belonging.get("since", membership.since)
    if since and since > today:
        raise InTheFuture("That day is still to come.", "since")
    if since and membership.until and since >= membership.until:
        raise OutOfOrder("They had left the family by then.", "since")
    if changed := {
        name: value for name, value in changes.items() if getattr(person, name) != value
    }:
        person = correct_person(person=person, family=family, by=by, at=at, **changed)
    moved = {name: value for name, value in belonging.items() if getattr(membership, name) != value}
    if moved:
        before = fields_of(membership, moved)
        for name, value in moved.items():
            setattr(membership, name, value)
        membership.save(update_fields=list(moved))
        record(
            "person.belonging_corrected",
            subject=membership,
            by=by,
            at=at,
            family_id=family.pk,
            before=before,
            after=moved,
        )
    return person


@transaction.atomic
def change_name(
    *,
    person: Person,
    family: Family,
    given_names: str,
    family_name: str,
    on: date | None,
    by: User,
    at: datetime,
) -> OtherName:
    """Write down that a person has a new name; the old one is kept, and still finds them.

    Raises PermissionDenied, NothingSaid, InTheFuture, OutOfOrder.
    """
    may_edit(by, family).or_raise()
    person = _lock_person(person)
    if (given_names, family_name) == (person.given_names, person.family_name):
        raise NothingSaid("This is the name they have already. Write the new one.", "family_name")
    _check_day(on, at, person)
    old = OtherName(
        person=person,
        kind=OtherName.Kind.FORMER,
        given_names=person.given_names,
        family_name=person.family_name,
        until=on,
    )
    if str(old):
        old.save(force_insert=True)
    correct_person(
        person=person,
        family=family,
        given_names=given_names,
        family_name=family_name,
        by=by,
        at=at,
    )
    return old


@transaction.atomic
def add_other_name(
    *,
    person: Person,
    family: Family,
    kind: str,
    given_names: str = "",
    family_name: str = "",
    since: date | None = None,
    until: date | None = None,
    by: User,
    at: datetime,
) -> OtherName:
    """Write down another name of a person, by which they are found too.

    Raises PermissionDenied, NothingSaid, OutOfOrder, InTheFuture.
    """
    may_edit(by, family).or_raise()
    person = _lock_person(person)
    if not (given_names or family_name):
        raise NothingSaid("Write the name.", "given_names")
    _check_spell(since, until, at)
    name = OtherName(
        person=person,
        kind=kind,
        given_names=given_names,
        family_name=family_name,
        since=since,
        until=until,
    )
    name.save(force_insert=True)
    find_by_new_facts([person.pk])
    record(
        "person.other_name",
        subject=name,
        by=by,
        at=at,
        family_id=family.pk,
        after={"name": str(name), "kind": name.get_kind_display()},
    )
    return name


@transaction.atomic
def say_born(
    *,
    person: Person,
    family: Family,
    on: date,
    given_names: str,
    family_name: str,
    sex: str,
    by: User,
    at: datetime,
) -> Person:
    """Write down that an expected child was born. What was written about the unborn stays theirs.

    Raises PermissionDenied, BornAlready, DiedAlready, InTheFuture, OutOfOrder, NothingSaid.
    """
    may_edit(by, family).or_raise()
    person = _lock_person(person)
    if person.date_of_birth:
        raise BornAlready(f"{person} was born on {person.date_of_birth:%-d %B %Y} already.")
    if person.died_on:
        raise DiedAlready("It is written down that this pregnancy ended.")
    _check_born(on, timezone.localdate(at), "on")
    if person.expected_on and abs((on - person.expected_on).days) > FAR_FROM_EXPECTED:
        raise OutOfOrder(
            f"That is far from the day expected, {person.expected_on:%-d %B %Y}. Mend the day, or"
            " correct the expected day first.",
            "on",
        )
    if not given_names.strip():
        raise NothingSaid("Write the child’s first name.", "given_names")
    before = str(person)
    if before and before != f"{given_names} {family_name}".strip():
        OtherName.objects.create(
            person=person,
            kind=OtherName.Kind.FORMER,
            given_names=person.given_names,
            family_name=person.family_name,
            until=on,
        )
    expected = person.expected_on
    person.given_names, person.family_name, person.sex = given_names, family_name, sex
    person.date_of_birth, person.expected_on = on, None
    person.save(update_fields=["given_names", "family_name", "sex", "date_of_birth", "expected_on"])
    find_by_new_facts([person.pk])
    record(
        "person.born",
        subject=person,
        by=by,
        at=at,
        family_id=family.pk,
        before={"name": before, "expected_on": expected},
        after={"name": str(person), "date_of_birth": on},
    )
    return person


@transaction.atomic
def record_death(*, person: Person, family: Family, on: date, by: User, at: datetime) -> Person:
    """Write down that a person died, or that a pregnancy ended. They stay on the record; nothing is
    sent to them any more, and where they lived and how they were reached ends that day.

    Raises PermissionDenied, DiedAlready, InTheFuture, OutOfOrder.
    """
    may_edit(by, family).or_raise()
    person = _lock_person(person)
    if person.died_on:
        raise DiedAlready(f"It is written down already, on {person.died_on:%-d %B %Y}.")
    _check_day(on, at, person, "on")
    person.died_on = on
    person.save(update_fields=["died_on"])
    # On every record that is theirs: nothing is sent to any of them.
    theirs = Person.objects.filter(head=person.head_id)
    for detail in ContactDetail.objects.filter(person__in=theirs, until__isnull=True):
        end_contact_detail(detail=detail, until=on, by=by, at=at)
    for stay in Residence.objects.filter(person__in=theirs).filter(
        Q(until__isnull=True) | Q(until__gt=on)
    ):
        _end_stay(stay, on)
    for tie in Relationship.objects.filter(
        Q(person__in=theirs) | Q(other__in=theirs),
        until__isnull=True,
        kind=Relationship.Kind.PARTNER,
    ):
        tie.until = on
        tie.save(update_fields=["until"])
    record(
        "person.died" if person.date_of_birth or not person.expected_on else "person.not_born",
        subject=person,
        by=by,
        at=at,
        family_id=family.pk,
        after={"on": on},
    )
    return person


# --- Belonging to a family ------------------------------------------------------------------------


@transaction.atomic
def leave_family(*, membership: Membership, until: date, by: User, at: datetime) -> Membership:
    """Write down that a person no longer belongs to a family, nor lives at its homes.

    Raises PermissionDenied, EndedAlready, OutOfOrder, InTheFuture.
    """
    family, person = membership.family, membership.person
    may_edit(by, family).or_raise()
    _lock_person(person)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.until is not None:
        raise EndedAlready("It is written down already that they left.")
    _check_spell(membership.since, until, at)
    for stay in Residence.objects.filter(person=person, address__family=family).filter(
        Q(until__isnull=True) | Q(until__gt=until)
    ):
        _end_stay(stay, until)
    return end_membership(family=family, person=person, until=until, by=by, at=at)


@transaction.atomic
def join_family(
    *,
    person: Person,
    family: Family,
    role: str,
    lives_here: bool = True,
    parental_responsibility: bool | None = None,
    since: date | None = None,
    by: User,
    at: datetime,
) -> Membership:
    """Write down that somebody known belongs to a family, again or for the first time.

    Raises PermissionDenied, BelongsAlready, InTheFuture, OutOfOrder.
    """
    may_edit(by, family).or_raise()
    person = _lock_person(person)
    _check_spell(since, None, at)
    if since and person.date_of_birth and since < person.date_of_birth:
        raise OutOfOrder("That is before they were born.", "since")
    if person.died_on:
        raise OutOfOrder(f"They died on {person.died_on:%-d %B %Y}.", "role")
    theirs = Membership.objects.filter(
        person__head=person.head_id or person.pk,
        family__head__in=Family.objects.filter(pk=family.pk).values("head"),
    )
    for other in theirs:
        if overlap((other.since, other.until), (since, None)):
            when = f"until {other.until:%-d %B %Y}" if other.until else "now"
            raise BelongsAlready(f"They belong to this family {when}. Give a later day.")
    membership = Membership(
        person=person,
        family=family,
        role=role,
        lives_here=lives_here,
        parental_responsibility=parental_responsibility,
        since=since,
    )
    membership.save(force_insert=True)
    find_by_new_facts([person.pk])
    record(
        "person.joined",
        subject=membership,
        by=by,
        at=at,
        family_id=family.pk,
        after={"name": str(person), "role": membership.get_role_display(), "since": since},
    )
    return membership


@transaction.atomic
def join_known(
    *,
    person: Person,
    family: Family,
    role: str,
    lives_here: bool = True,
    parental_responsibility: bool | None = None,
    since: date | None = None,
    kind: str = "",
    other: Person | None = None,
    sure_of: Collection[str] = (),
    knowing: bool = False,
    by: User,
    at: datetime,
) -> Membership:
    """Write down that somebody of another family belongs to this one too. They stay one person:
    nothing is copied, and whoever works with either family knows of them.

    `kind` is what they are to `other`, who is of this family. `knowing` says that `by` knows they are
    of a record kept to named people. Raises PermissionDenied, NotOfThisFamily, KeptToNamed,
    BelongsAlready, InTheFuture, OutOfOrder, LooksOdd.
    """
    may_edit(by, family).or_raise()
    if not people_visible_to(by).filter(pk=person.pk).exists():
        raise PermissionDenied("You do not know of this person.")
    if not knowing and kept_to_named(by, person):
        raise KeptToNamed("Say that you know who will see them from now on.")
    membership = join_family(
        person=person,
        family=family,
        role=role,
        lives_here=lives_here,
        parental_responsibility=parental_responsibility,
        since=since,
        by=by,
        at=at,
    )
    if kind and other is not None:
        relate(
            person=person,
            other=other,
            family=family,
            kind=kind,
            parental_responsibility=parental_responsibility
            if role != Membership.Role.CHILD
            else None,
            since=None,
            sure_of=sure_of,
            by=by,
            at=at,
        )
    return membership


# --- Homes ----------------------------------------------------------------------------------------


@transaction.atomic
def add_home(
    *,
    family: Family,
    people: Iterable[Person] = (),
    before: Address | None = None,
    before_left: bool = False,
    stay_on: Iterable[Person] = (),
    postcode: str,
    lines: str = "",
    called: str = "",
    safe: bool = True,
    since: date | None = None,
    by: User,
    at: datetime,
) -> Address:
    """Add a home of a family, and say who lives there.

    Of the home it had before: `before_left` says that the family has moved from there to this one;
    `stay_on` are those who live there still. Raises PermissionDenied, InTheFuture, OutOfOrder.
    """
    _check_spell(since, None, at)
    address = add_address(
        family=family,
        postcode=postcode,
        lines=lines,
        called=called,
        safe=safe,
        since=since,
        by=by,
        at=at,
    )
    if before is not None and before_left:
        leave_home(address=before, until=since or timezone.localdate(at), by=by, at=at)
    elif before is not None:
        for person in stay_on:
            move_in(person=person, address=before, by=by, at=at)
    for person in people:
        # Whoever was born there later lives there since that day.
        born = person.date_of_birth
        begins = born if since and born and born > since else since
        move_in(person=person, address=address, since=begins, by=by, at=at)
    return address


@transaction.atomic
def move_in(
    *,
    person: Person,
    address: Address,
    since: date | None = None,
    until: date | None = None,
    pattern: str = "",
    by: User,
    at: datetime,
) -> Residence:
    """Write down that a person lives, or lived, at a home; they may live at another too.

    Raises PermissionDenied, LivesThereAlready, OutOfOrder, InTheFuture, NotOfThisFamily.
    """
    may_edit(by, address.family).or_raise()
    address = Address.objects.select_for_update(of=("self",)).get(pk=address.pk)
    person = _lock_person(person)
    head = address.family.head_id
    if not Membership.objects.filter(person=person, family__head=head).exists():
        raise NotOfThisFamily("Choose somebody of this family.", "person")
    _check_spell(since, until, at)
    if since and person.date_of_birth and since < person.date_of_birth:
        raise OutOfOrder(f"{person} was born on {person.date_of_birth:%-d %B %Y}.", "since")
    if person.died_on and (until is None or until > person.died_on):
        raise OutOfOrder(f"{person} died on {person.died_on:%-d %B %Y}.", "person")
    if not overlap((since, until), (address.since, address.until)):
        raise OutOfOrder("The family did not live there then.", "since")
    since = max(filter(None, (since, address.since)), default=None)
    ends = [day for day in (until, address.until) if day]
    until = min(ends, default=None)
    for other in Residence.objects.filter(person=person, address=address):
        if overlap((since, until), (other.since, other.until)):
            raise LivesThereAlready(f"It is written down already that {person} lives there then.")
    stay = Residence(person=person, address=address, since=since, until=until, pattern=pattern)
    stay.save(force_insert=True)
    record(
        "person.moved_in",
        subject=stay,
        by=by,
        at=at,
        family_id=address.family_id,
        after={"name": str(person), "since": since, "until": until, "which days": pattern},
    )
    return stay


@transaction.atomic
def move_out(*, stay: Residence, until: date, by: User, at: datetime) -> Residence:
    """Write down that a person no longer lives at a home.

    Raises PermissionDenied, EndedAlready, OutOfOrder, InTheFuture.
    """
    may_edit(by, stay.address.family).or_raise()
    _lock_person(stay.person)
    stay = Residence.objects.select_for_update(of=("self",)).get(pk=stay.pk)
    if stay.until is not None:
        raise EndedAlready(f"They left on {stay.until:%-d %B %Y} already.")
    _check_spell(stay.since, until, at)
    stay.until = until
    stay.save(update_fields=["until"])
    record(
        "person.moved_out",
        subject=stay,
        by=by,
        at=at,
        family_id=stay.address.family_id,
        after={"name": str(stay.person), "until": until},
    )
    return stay


@transaction.atomic
def leave_home(*, address: Address, until: date, by: User, at: datetime) -> Address:
    """Write down that a family no longer lives at a home, nor does anybody of it.

    Raises PermissionDenied, EndedAlready, OutOfOrder, InTheFuture.
    """
    may_edit(by, address.family).or_raise()
    address = Address.objects.select_for_update(of=("self",)).get(pk=address.pk)
    if address.until is not None:
        raise EndedAlready(f"The family left on {address.until:%-d %B %Y} already.")
    _check_spell(address.since, until, at)
    for stay in Residence.objects.select_for_update(of=("self",)).filter(address=address):
        if stay.until is None or stay.until > until:
            _end_stay(stay, until)
    return end_address(address=address, until=until, by=by, at=at)


@transaction.atomic
def say_whether_post_is_safe(
    *, address: Address, safe: bool, called: str, by: User, at: datetime
) -> Address:
    """Say whether post may go to a home, and what the home is called. Raises PermissionDenied."""
    may_edit(by, address.family).or_raise()
    address = Address.objects.select_for_update(of=("self",)).get(pk=address.pk)
    before = fields_of(address, ("safe", "called"))
    address.safe, address.called = safe, called
    address.save(update_fields=["safe", "called"])
    record(
        "address.changed",
        subject=address,
        by=by,
        at=at,
        before=before,
        after={"safe": safe, "called": called},
    )
    return address


# --- What people are to each other ----------------------------------------------------------------


@transaction.atomic
def relate(
    *,
    person: Person,
    other: Person,
    family: Family,
    kind: str,
    parental_responsibility: bool | None = None,
    since: date | None = None,
    until: date | None = None,
    sure_of: Collection[str] = (),
    by: User,
    at: datetime,
) -> Relationship:
    """Write down what one person is to another: `person` is `kind` of `other`. `sure_of` names what
    looks odd in that and was said to be right.

    Raises PermissionDenied, NotOfThisFamily, RelatedAlready, OutOfOrder, InTheFuture, LooksOdd.
    """
    may_edit(by, family).or_raise()
    if person.pk == other.pk:
        raise NotOfThisFamily("Choose two different people.", "other")
    # In the order of their numbers, so that two who relate the same people cannot wait in a ring.
    low, high = sorted((person, other), key=lambda one: one.pk)
    _lock_person(low)
    _lock_person(high)
    members = Membership.objects.filter(family__head=family.head_id, person__in=[person, other])
    if len(set(members.values_list("person_id", flat=True))) < 2:
        raise NotOfThisFamily("Choose two people of this family.", "other")
    _check_spell(since, until, at)
    same = Q(person=person, other=other)
    if kind in Relationship.MUTUAL:
        same |= Q(person=other, other=person)
    for known in Relationship.objects.filter(same, kind=kind):
        if overlap((since, until), (known.since, known.until)):
            raise RelatedAlready("This is written down already.")
    for one in (person, other):
        _check_day(since, at, one, "since")
    oddities = _odd(family, person, other, kind, (since, until), timezone.localdate(at))
    if any(oddity.key not in sure_of for oddity in oddities):
        raise LooksOdd(oddities)
    tie = Relationship(
        person=person,
        other=other,
        kind=kind,
        parental_responsibility=parental_responsibility,
        since=since,
        until=until,
    )
    tie.save(force_insert=True)
    record(
        "person.related",
        subject=tie,
        by=by,
        at=at,
        family_id=family.pk,
        after={
            "name": str(person),
            "is": tie.get_kind_display(),
            "of": str(other),
            **({"odd, and right": [one.words for one in oddities]} if oddities else {}),
        },
    )
    return tie


def _odd(
    family: Family,
    person: Person,
    other: Person,
    kind: str,
    spell: tuple[date | None, date | None],
    today: date,
) -> list[Oddity]:
    """Return what is odd in one person being something to another, from one day until another."""
    children = set(
        Membership.objects.filter(
            family__head=family.head_id, person__in=[person, other], role=Membership.Role.CHILD
        ).values_list("person_id", flat=True)
    )
    one, the_other = (
        One(str(who) or "The unborn child", who.date_of_birth, who.expected_on, who.pk in children)
        for who in (person, other)
    )
    both = [person.head_id or person.pk, other.head_id or other.pk]
    known = [
        tie
        for tie in Relationship.objects.filter(other__head__in=both).select_related(
            "person", "other"
        )
        if overlap(spell, (tie.since, tie.until))
    ]
    besides = [
        Tie(
            tie.kind,
            f"{tie.person or 'The unborn child'} is written down as {tie.get_kind_display().lower()}"
            f" of {tie.other or 'the unborn child'} for the same time.",
            turned=tie.person.head_id == both[1],
        )
        for tie in known
        if {tie.person.head_id, tie.other.head_id} == set(both)
    ]
    parents = {
        tie.person.head_id
        for tie in known
        if tie.kind == Relationship.Kind.PARENT and tie.other.head_id == both[1]
    } - {both[0]}
    found = odd(kind, one, the_other, on=spell[0] or today, besides=besides, parents=len(parents))
    # What somebody said to be right of one answer is not said of another.
    return [Oddity(f"{kind}.{other.pk}.{oddity.key}", oddity.words) for oddity in found]


@transaction.atomic
def end_relationship(
    *, relationship: Relationship, family: Family, until: date, by: User, at: datetime
) -> Relationship:
    """Write down that two people are no longer this to each other.

    Raises PermissionDenied, EndedAlready, OutOfOrder, InTheFuture.
    """
    may_edit(by, family).or_raise()
    tie = Relationship.objects.select_for_update(of=("self",)).get(pk=relationship.pk)
    if tie.until is not None:
        raise EndedAlready(f"It ended on {tie.until:%-d %B %Y} already.")
    _check_spell(tie.since, until, at)
    tie.until = until
    tie.save(update_fields=["until"])
    record(
        "person.relationship_ended",
        subject=tie,
        by=by,
        at=at,
        family_id=family.pk,
        after={"is": tie.get_kind_display(), "until": until},
    )
    return tie


@transaction.atomic
def say_how_safe(
    *, detail: ContactDetail, family: Family, safe: bool, advice: str, by: User, at: datetime
) -> ContactDetail:
    """Say whether it is safe to reach a person in a way, and what to mind. Raises PermissionDenied."""
    may_edit(by, family).or_raise()
    detail = ContactDetail.objects.select_for_update(of=("self",)).get(pk=detail.pk)
    before = fields_of(detail, ("safe", "advice"))
    detail.safe, detail.advice = safe, advice
    detail.save(update_fields=["safe", "advice"])
    record(
        "contact_detail.changed",
        subject=detail,
        by=by,
        at=at,
        family_id=family.pk,
        before=before,
        after={"safe": safe, "advice": advice},
    )
    return detail


# --- Checks ---------------------------------------------------------------------------------------


def _lock_person(person: Person) -> Person:
    # Others may meanwhile write notes that name them: their number does not change.
    return Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)


def _check_born(born: date | None, today: date, field: str = "date_of_birth") -> None:
    if born and born > today:
        raise InTheFuture(
            "That day is still to come. For a child not yet born, give the day expected.", field
        )


def _check_day(on: date | None, at: datetime, person: Person, field: str = "on") -> None:
    if on and on > timezone.localdate(at):
        raise InTheFuture("That day is still to come.", field)
    if on and person.date_of_birth and on < person.date_of_birth:
        raise OutOfOrder(f"They were born on {person.date_of_birth:%-d %B %Y}.", field)


def _check_spell(since: date | None, until: date | None, at: datetime) -> None:
    today = timezone.localdate(at)
    for name, day in (("since", since), ("until", until)):
        if day and day > today:
            raise InTheFuture(
                "That day is still to come. Write it down once it has happened.", name
            )
    if since and until and until <= since:
        raise OutOfOrder(f"It began on {since:%-d %B %Y}: the end must be a later day.")


def _end_stay(stay: Residence, until: date) -> None:
    """End a stay with what it hangs on; one that began later never was."""
    stay.until = max(until, stay.since or until)
    stay.save(update_fields=["until"])
