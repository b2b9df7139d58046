"""Children who were expected by now, of the families that somebody works with."""

from dataclasses import dataclass
from datetime import date

from kith.accounts.models import User
from kith.casework import queries
from kith.casework.models import Case
from kith.families.models import Membership


@dataclass(frozen=True)
class Expected:
    """A child of whom nobody has written down that it is born."""

    case: Case
    person: int
    name: str
    expected_on: date


def expected_by_now(viewer: User, today: date) -> list[Expected]:
    """Return the children of the viewer's own families whose expected day has passed, the longest
    ago first."""
    expected = (
        Membership.objects.filter(
            until__isnull=True,
            person__expected_on__lt=today,
            person__died_on__isnull=True,
            family__head__in=queries.mine(viewer).order_by().values("family__head"),
        )
        .select_related("person", "family")
        .order_by("person__expected_on", "pk")
    )
    found = list(expected)
    if not found:
        return []
    cases = {
        case.family.head_id: case
        for case in queries.mine(viewer).filter(
            family__head__in={one.family.head_id for one in found}
        )
    }
    once = {
        one.person.head_id: Expected(
            cases[one.family.head_id],
            one.person.head_id or one.person_id,
            str(one.person) or "Unborn child",
            one.person.expected_on or today,
        )
        for one in reversed(found)
        if one.family.head_id in cases
    }
    return sorted(once.values(), key=lambda one: (one.expected_on, one.person))
