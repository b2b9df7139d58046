"""Are two people of one family's records the same person? What speaks for it, and against it."""

from dataclasses import dataclass
from itertools import combinations

from kith.accounts.models import User
from kith.analytics.linkage.compare import Comparison, compare
from kith.families import lookup
from kith.families.models import Family, NotSame
from kith.families.queries import Member, people_of


@dataclass(frozen=True)
class Pair:
    """Two people on the records of one family, and how alike they are."""

    one: Member
    other: Member
    comparison: Comparison


def pairs_of(viewer: User, family: Family) -> list[Pair]:
    """Return every two people of a family whom nobody has said to be two, the likeliest first."""
    members = {member.person.pk: member for member in people_of(viewer, family, now_only=False)}
    facts = {known.person.pk: known.facts for known in reversed(lookup.known(viewer, members))}
    said = set(
        NotSame.objects.filter(first__in=members, second__in=members).values_list("first", "second")
    )
    found = [
        Pair(members[one], members[other], compare(facts[one], facts[other]))
        for one, other in combinations(sorted(members), 2)
        if (one, other) not in said and one in facts and other in facts
    ]
    return sorted(found, key=lambda pair: (-pair.comparison.score, pair.one.person.pk))
