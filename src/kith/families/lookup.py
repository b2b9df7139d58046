"""Finding people by keys, and comparing those found. The sums are in `analytics.linkage`.

Used by `queries`, which says who may see what; the tables' row security says so too.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from kith.analytics.linkage.compare import Facts
from kith.families.models import Address, ContactDetail, Family, Membership, Person

# Schools are known to the module of requests, above this one, which passes a way to look them up.
SchoolsOf = Callable[[Collection[int]], Mapping[int, frozenset[str]]]


def people_by_keys(
    things: Sequence[Mapping[str, int]], *, least_things: int = 1, limit: int
) -> list[tuple[int, int, int]]:
    """Return people who answer the most things asked, the best answers first.

    Each thing is a set of keys with what each is worth; a person answers it once, by the best.
    Returns rows of person, number of things answered, and worth. One query.
    """
    asked = [
        (key, number, worth) for number, keys in enumerate(things) for key, worth in keys.items()
    ]
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select answered.person_id, count(*) as things, sum(answered.worth) as worth
            from (
                select kept.person_id, asked.thing, max(asked.worth) as worth
                from unnest(%s::varchar[], %s::int[], %s::int[]) as asked(key, thing, worth)
                join families_searchkey kept on kept.key = asked.key
                group by kept.person_id, asked.thing
            ) answered
            group by answered.person_id
            having count(*) >= %s
            order by things desc, worth desc, answered.person_id
            limit %s
            """,
            [*(list(column) for column in zip(*asked, strict=True)), least_things, limit],
        )
        return [(int(a), int(b), int(c)) for a, b, c in cursor.fetchall()]


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
    families: QuerySet[Family], person_ids: Iterable[int], *, schools_of: SchoolsOf | None = None
) -> list[Known]:
    """Return what is known of people through these families. Four queries, and one for schools."""
    # Memberships by their people first, then which of their families may be seen: asked in one
    # question, the database may start from every family that the viewer's team knows.
    memberships = list(
        Membership.objects.filter(person__in=list(person_ids))
        .select_related("person")
        .order_by("pk")
    )
    seen = families.in_bulk({membership.family_id for membership in memberships})
    memberships = [found for found in memberships if found.family_id in seen]
    for membership in memberships:
        membership.family = seen[membership.family_id]
    people = {membership.person_id for membership in memberships}
    homes: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for family_id, postcode, lines in Address.objects.filter(
        family__in={membership.family_id for membership in memberships}
    ).values_list("family_id", "postcode", "lines"):
        homes[family_id].add((postcode, lines))
    reached: dict[tuple[int, str], set[str]] = defaultdict(set)
    for detail in ContactDetail.objects.filter(person__in=people):
        reached[detail.person_id, detail.kind].add(detail.value)
    schools = schools_of(people) if schools_of and people else {}
    return [
        Known(
            membership,
            _facts(
                membership,
                homes[membership.family_id],
                reached[membership.person_id, ContactDetail.Kind.PHONE],
                reached[membership.person_id, ContactDetail.Kind.EMAIL],
                schools.get(membership.person_id, frozenset()),
            ),
        )
        for membership in memberships
    ]


def _facts(
    membership: Membership,
    homes: set[tuple[str, str]],
    phones: set[str],
    emails: set[str],
    schools: frozenset[str],
) -> Facts:
    person = membership.person
    return Facts(
        given_names=person.given_names,
        family_name=person.family_name,
        known_as=person.known_as,
        birth=person.date_of_birth or person.expected_on,
        unborn=person.date_of_birth is None and person.expected_on is not None,
        sex=person.sex,
        adult=membership.role != Membership.Role.CHILD,
        homes=frozenset(homes),
        schools=schools,
        phones=frozenset(phones),
        emails=frozenset(emails),
    )
