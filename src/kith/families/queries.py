"""Reading about families. Everything starts from `visible_to(viewer)`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.families.models import (
    Address,
    ContactDetail,
    Family,
    Membership,
    Person,
    Standing,
)


def visible_to(viewer: User) -> QuerySet[Family]:
    """Return the records of families this person may know exist, merged ones too."""
    if viewer.can(Permission.FAMILY_SEE_ALL):
        return Family.objects.all()
    standing = Standing.objects.filter(
        Q(until__isnull=True) | Q(until__gt=timezone.now()),
        Q(team__in=viewer.teams_granting(Permission.FAMILY_SEE)) | Q(user=viewer),
    )
    return Family.objects.filter(pk__in=standing.values("family"))


def together_with(viewer: User, family: Family) -> list[Family]:
    """Return all records that are this family: the one that stands for it first."""
    head_id = family.head_id or family.pk
    found = visible_to(viewer).filter(Q(head=head_id) | Q(pk=head_id))
    return sorted(found, key=lambda record: (record.pk != head_id, record.pk))


@dataclass(frozen=True)
class Member:
    """A person of a family, as one, from however many records of them there are.

    `person` is the record that stands for them; what it leaves open is filled in from the others.
    """

    person: Person
    membership: Membership
    records: tuple[Person, ...] = ()
    contact_details: tuple[ContactDetail, ...] = field(default=())

    @property
    def name(self) -> str:
        return str(self.person)

    @property
    def role(self) -> str:
        return self.membership.role

    @property
    def role_name(self) -> str:
        return self.membership.get_role_display()

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
    def other_names(self) -> list[str]:
        """Names under which their other records know them."""
        names = [str(record) for record in self.records]
        names += [record.known_as for record in (self.person, *self.records) if record.known_as]
        return [name for name in dict.fromkeys(names) if name != self.name]

    def age_on(self, day: date) -> int | None:
        """Return the age in whole years."""
        born = self.date_of_birth
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def _filled(self, name: str) -> Any:
        values = (getattr(record, name) for record in (self.person, *self.records))
        return next((value for value in values if value), None)


def people_of(viewer: User, family: Family, *, now_only: bool = True) -> list[Member]:
    """Return the people of a family and of the records merged with it: children first, eldest first.

    Records that are one person appear once. Takes three queries however many people there are.
    """
    memberships = Membership.objects.filter(family__in=together_with(viewer, family))
    if now_only:
        memberships = memberships.filter(Q(until__isnull=True) | Q(until__gt=timezone.localdate()))
    return _members(memberships)


def _members(memberships: QuerySet[Membership]) -> list[Member]:
    details = Prefetch(
        "person__contact_details",
        ContactDetail.objects.filter(until__isnull=True).order_by("-preferred", "pk"),
    )
    by_head: dict[int, list[Membership]] = {}
    for membership in memberships.select_related("person").prefetch_related(details).order_by("pk"):
        head = membership.person.head_id or membership.person_id
        by_head.setdefault(head, []).append(membership)
    members = [_member(head, found) for head, found in by_head.items()]
    return sorted(members, key=_in_order)


def _member(head: int, memberships: list[Membership]) -> Member:
    # The record that stands for the person may lie with a family that the viewer does not see.
    standing = sorted(memberships, key=lambda found: (found.person_id != head, found.pk))
    people = list(dict.fromkeys(membership.person for membership in standing))
    details = {
        (detail.kind, detail.value): detail
        for person in reversed(people)
        for detail in person.contact_details.all()
    }
    return Member(
        person=people[0],
        membership=standing[0],
        records=tuple(people[1:]),
        contact_details=tuple(
            sorted(details.values(), key=lambda detail: (not detail.preferred, detail.pk))
        ),
    )


def _in_order(member: Member) -> tuple[bool, date, int]:
    born = member.date_of_birth or member.expected_on or date.max
    return (not member.is_child, born, member.person.pk)


def addresses_of(viewer: User, family: Family) -> list[Address]:
    """Return where a family lives and has lived: present addresses first, newest first."""
    found = Address.objects.filter(family__in=together_with(viewer, family))
    return sorted(
        found,
        key=lambda address: (
            address.until is not None,
            -(address.since or date.min).toordinal(),
            -address.pk,
        ),
    )


def teams_with_standing(viewer: User, families: Iterable[Family]) -> list[Standing]:
    """Return the standings in force with these records, as far as the viewer may know."""
    visible = visible_to(viewer).filter(pk__in=[family.pk for family in families])
    return list(
        Standing.objects.filter(
            Q(until__isnull=True) | Q(until__gt=timezone.now()), family__in=visible
        )
        .select_related("team", "user")
        .order_by("team__name", "user__name", "pk")
    )
