"""Keeping a record, or one of its addresses, to people who are named. The wall is the database's
(`accounts.guards.wall_restricted`), worked out from these rows; so it holds in every page and file.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.families.actions.heads import lock_heads
from kith.families.actions.keeping import find_by_new_facts
from kith.families.actions.refusals import EndedAlready, NothingSaid, NotPossible
from kith.families.models import Address, Family, Membership, Named, Restriction
from kith.families.permissions import may_change_restriction, may_restrict


class RestrictedAlready(NotPossible):
    """The record, or the address, is kept to named people already."""


class NobodyNamed(NotPossible):
    """A record that nobody may see would be lost."""

    field = "people"


# What rooms above this one made of a family's record, and may not stand once it is restricted.
Restricted = Callable[..., None]  # of `family` (its number), `by` and `at`
_further: list[Restricted] = []


def also_when_restricted(act: Restricted) -> None:
    """Let a room above this one act when a whole record is restricted: on its own, or because it is
    put together with one that is."""
    if act not in _further:
        _further.append(act)


@transaction.atomic
def restrict(
    *,
    family: Family,
    reason: str,
    words: str,
    people: Iterable[User],
    address: Address | None = None,
    by: User,
    at: datetime,
) -> Restriction:
    """Keep a family's record, with all that are one with it, to the people named; or an address.

    Raises PermissionDenied, NobodyNamed, NothingSaid, RestrictedAlready.
    """
    may_restrict(by, family).or_raise()
    named = list({person.pk: person for person in people}.values())
    if not named:
        raise NobodyNamed("Name at least one person who may see it.")
    if not words.strip():
        raise NothingSaid("Write why.", "words")
    with seeing_as(front_door()):
        [head] = lock_heads(Family, family.pk)
        if _in_force().filter(family=family, address=address).exists():
            raise RestrictedAlready("This is kept to named people already.")
        made = _restrict(family, address, reason, words.strip(), None, named, by, at)
        _level(head, by, at, homes=address is not None)
        record(
            "restriction.made",
            subject=made,
            by=by,
            at=at,
            after={
                "what": "an address" if address else "the record",
                "why": made.get_reason_display(),
                "named": [person.name for person in named],
            },
        )
    return made


@transaction.atomic
def name(*, restriction: Restriction, person: User, by: User, at: datetime) -> None:
    """Let one more person see what is restricted. Raises PermissionDenied, RestrictedAlready."""
    may_change_restriction(by, restriction).or_raise()
    with seeing_as(front_door()):
        kept = _lock(restriction)
        if kept.named.filter(user=person, ended_at__isnull=True).exists():
            raise RestrictedAlready(f"{person} is named already.")
        for one in (kept, *kept.mirrors.filter(ended_at__isnull=True)):
            Named(restriction=one, user=person, by=by, at=at).save(force_insert=True)
        record("restriction.named", subject=kept, by=by, at=at, after={"who": person.name})


@transaction.atomic
def unname(*, restriction: Restriction, person: User, by: User, at: datetime) -> None:
    """Take from a person what only those named may see. Raises PermissionDenied, NobodyNamed."""
    may_change_restriction(by, restriction).or_raise()
    with seeing_as(front_door()):
        kept = _lock(restriction)
        named = kept.named.filter(ended_at__isnull=True)
        if not named.filter(user=person).exists():
            raise EndedAlready(f"{person} is not named.")
        if named.count() == 1:
            raise NobodyNamed("Name somebody else first: nobody could see it any more.")
        Named.objects.filter(
            restriction__in=[kept.pk, *kept.mirrors.values_list("pk", flat=True)],
            user=person,
            ended_at__isnull=True,
        ).update(ended_at=at, ended_by=by)
        record("restriction.unnamed", subject=kept, by=by, at=at, after={"who": person.name})


@transaction.atomic
def lift(*, restriction: Restriction, words: str, by: User, at: datetime) -> Restriction:
    """Show again to everybody who may see the family what was kept to named people.

    Raises PermissionDenied, EndedAlready, NothingSaid.
    """
    may_change_restriction(by, restriction).or_raise()
    if not words.strip():
        raise NothingSaid("Write why it need not be kept to named people any more.", "words")
    with seeing_as(front_door()):
        kept = _lock(restriction)
        if kept.ended_at is not None:
            raise EndedAlready("It is open already.")
        _end(kept, by, at)
        [head] = lock_heads(Family, kept.family_id)
        _level(head, by, at, homes=kept.address_id is not None)
        record("restriction.lifted", subject=kept, by=by, at=at, after={"why": words.strip()})
    return kept


def level_restrictions(*heads: Family, by: User, at: datetime) -> None:
    """Let what restricts one record of a family restrict all that are one with it; and let go of
    those that are so no more. Called where records are put together or parted."""
    with seeing_as(front_door()):
        for head in heads:
            _level(head, by, at)


def _level(head: Family, by: User, at: datetime, *, homes: bool = False) -> None:
    records = list(Family.objects.filter(head=head.pk)) or [head]
    standing = list(_in_force().filter(family__in=records).order_by("pk"))
    own = [one for one in standing if one.mirror_of_id is None]
    wanted: dict[tuple[int, int | None], Restriction] = {}
    of_record = next((one for one in own if one.address_id is None), None)
    for family in records:
        if of_record and not any(o.family_id == family.pk and o.address_id is None for o in own):
            wanted[family.pk, None] = of_record
    addresses = list(Address.objects.filter(family__in=records))
    masked = {one.address_id: one for one in own if one.address_id}
    places = {
        address.place[:2]: masked[address.pk] for address in addresses if address.pk in masked
    }
    for address in addresses:
        if address.pk not in masked and address.place[:2] in places:
            wanted[address.family_id, address.pk] = places[address.place[:2]]
    for mirror in (one for one in standing if one.mirror_of_id is not None):
        of = wanted.get((mirror.family_id, mirror.address_id))
        if of is not None and of.pk == mirror.mirror_of_id:
            del wanted[mirror.family_id, mirror.address_id]
        else:
            _end(mirror, by, at)
    for (family_id, address_id), of in wanted.items():
        people = User.objects.filter(pk__in=of.named.filter(ended_at__isnull=True).values("user"))
        _restrict(
            Family(pk=family_id),
            next((one for one in addresses if one.pk == address_id), None),
            of.reason,
            of.words,
            of,
            people,
            by,
            at,
        )
    if homes or any(one.address_id for one in standing):
        # A masked address finds nobody.
        find_by_new_facts(
            Membership.objects.filter(family__in=records).values_list("person_id", flat=True)
        )


def _restrict(
    family: Family,
    address: Address | None,
    reason: str,
    words: str,
    mirror_of: Restriction | None,
    people: Iterable[User],
    by: User,
    at: datetime,
) -> Restriction:
    made = Restriction(
        family_id=family.pk,
        address=address,
        reason=reason,
        words=words,
        mirror_of=mirror_of,
        by=by,
        at=at,
    )
    made.save(force_insert=True)
    for person in people:
        Named(restriction=made, user=person, by=by, at=at).save(force_insert=True)
    if address is None:
        for act in _further:
            act(family=family.pk, by=by, at=at)
    return made


def _end(restriction: Restriction, by: User, at: datetime) -> None:
    restriction.ended_at, restriction.ended_by = at, by
    restriction.save(update_fields=["ended_at", "ended_by"])


def _lock(restriction: Restriction) -> Restriction:
    return Restriction.objects.select_for_update(of=("self",)).get(pk=restriction.pk)


def _in_force():  # type: ignore[no-untyped-def]
    return Restriction.objects.filter(ended_at__isnull=True)
