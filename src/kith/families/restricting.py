"""Reading about records kept to named people. What is restricted is hidden by the database itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from kith.accounts.models import Membership as Post
from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.accounts.roles import roles_granting
from kith.accounts.viewer import front_door, seeing_as
from kith.families.models import (
    Address,
    Family,
    Membership,
    Named,
    Person,
    Restriction,
    Standing,
)


@dataclass(frozen=True)
class Kept:
    """What is kept to named people, who they are, and of which family: only its number."""

    restriction: Restriction
    reference: str
    people: tuple[User, ...]

    @property
    def what(self) -> str:
        return "An address" if self.restriction.address_id else "The whole record"


def kept(viewer: User) -> list[Kept]:
    """Return what is kept to named people now, as far as this person may know of it: what they are
    named on or may see beside, or for who watches over the log all of it. The newest first."""
    found = (
        Restriction.objects.filter(ended_at__isnull=True, mirror_of__isnull=True)
        .select_related("by")
        .prefetch_related("named__user")
        .order_by("-at", "-pk")
    )
    return _told(list(found))


def of_family(viewer: User, records: Sequence[Family]) -> list[Kept]:
    """Return what of a family is kept to named people now, the whole record first."""
    found = (
        Restriction.objects.filter(
            ended_at__isnull=True, mirror_of__isnull=True, family__in=records
        )
        .select_related("by")
        .prefetch_related("named__user")
        .order_by("address", "pk")
    )
    return sorted(_told(list(found)), key=lambda one: one.restriction.address_id is not None)


def one(viewer: User, pk: int) -> Kept | None:
    """Return one thing that is kept to named people, where this person may know of it."""
    return next((found for found in kept(viewer) if found.restriction.pk == pk), None)


def _told(found: list[Restriction]) -> list[Kept]:
    # Who watches over restrictions sees no family: its number is all they are told.
    with seeing_as(front_door()):
        references = dict(
            Family.objects.filter(pk__in={one.family_id for one in found}).values_list(
                "pk", "reference"
            )
        )
    return [
        Kept(
            one,
            references.get(one.family_id, ""),
            tuple(
                sorted(
                    (named.user for named in one.named.all() if named.ended_at is None),
                    key=lambda user: user.name,
                )
            ),
        )
        for one in found
    ]


def withheld(viewer: User, records: Sequence[Family]) -> list[Kept]:
    """Return the addresses of a family that this person may not see, with whom to ask."""
    masked = [found for found in of_family(viewer, records) if found.restriction.address_id]
    seen = set(
        Address.objects.filter(
            pk__in=[found.restriction.address_id for found in masked]
        ).values_list("pk", flat=True)
    )
    return [found for found in masked if found.restriction.address_id not in seen]


def with_a_home_withheld(viewer: User, people: Collection[int], *, since: date) -> set[int]:
    """Return those of these people of whose family, since a day, an address is kept from this person:
    where they live cannot be guessed from the family's other addresses."""
    lately = Q(until__isnull=True) | Q(until__gt=since)
    with seeing_as(front_door()):
        masked = dict(
            Address.objects.filter(
                lately,
                pk__in=Restriction.objects.filter(
                    address__isnull=False, ended_at__isnull=True
                ).values("address"),
            ).values_list("pk", "family__head")
        )
    seen = set(Address.objects.filter(pk__in=masked).values_list("pk", flat=True))
    heads = {head for address, head in masked.items() if address not in seen}
    with seeing_as(front_door()):
        there = Membership.objects.filter(lately, family__head__in=heads)
        return set(there.values_list("person", flat=True)).intersection(people)


def called(viewer: User, reference: str) -> Family | None:
    """Return the family of a number, for who restricts records without seeing them."""
    if not viewer.can(Permission.AUDIT_SEE_ALL):
        return Family.objects.filter(reference=reference).first()
    with seeing_as(front_door()):
        return Family.objects.filter(reference=reference).first()


def could_see(viewer: User, family: int) -> QuerySet[User]:
    """Return the people who could see a family if it were not restricted: of the teams that know of
    it, and of the county's desk. Only they can be named."""
    today = timezone.localdate()
    with seeing_as(front_door()):
        head = Family.objects.values_list("head", flat=True).get(pk=family)
        teams = list(
            Standing.objects.filter(
                Q(until__isnull=True) | Q(until__gt=timezone.now()),
                family__head=head,
                team__isnull=False,
            ).values_list("team", flat=True)
        )
    held = Post.objects.filter(
        Q(role__in=roles_granting(Permission.FAMILY_SEE_ALL))
        | Q(role__in=roles_granting(Permission.FAMILY_SEE), team__in=teams),
        Q(until__isnull=True) | Q(until__gt=today),
        since__lte=today,
    )
    return User.objects.filter(
        pk__in=held.values("user"), is_active=True, is_service=False
    ).order_by("name", "pk")


def restricted(viewer: User, family: Family) -> bool:
    """Say whether a family's whole record is kept to named people."""
    return Restriction.objects.filter(
        family=family, address__isnull=True, ended_at__isnull=True
    ).exists()


def kept_to_named(viewer: User, person: Person) -> bool:
    """Say whether somebody belongs to a record that is kept to named people, and that this person
    sees all the same."""
    return Restriction.objects.filter(
        family__memberships__person__head=person.head_id,
        address__isnull=True,
        ended_at__isnull=True,
    ).exists()


def hides(viewer: User, families: Sequence[Family]) -> bool:
    """Say whether a restriction hides any of these records from somebody."""
    with seeing_as(front_door()):
        return (
            Restriction.objects.filter(
                family__in=families, address__isnull=True, ended_at__isnull=True
            )
            .exclude(named__in=Named.objects.filter(user=viewer, ended_at__isnull=True))
            .exists()
        )
