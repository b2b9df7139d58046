"""Places that are open when a case ends, or goes to another hub: told where that is decided."""

from datetime import date

from django.db.models import Q

from kith.accounts.models import Team, User
from kith.casework import queries as casework
from kith.casework import still_open
from kith.casework.models import Case
from kith.casework.permissions import STAYS_IN_SIGHT
from kith.casework.still_open import ENDS, GOES_ON, UNTIL, Kind, StillOpen
from kith.families import queries as families
from kith.supports.actions.settling import settle_place
from kith.supports.models import Placement, Support


def _open_places(viewer: User, case: Case, today: date, to: Team | None) -> list[StillOpen]:
    """Return the places that hang on a case; and those of the family that hang on none and are not
    everybody's."""
    records = families.together_with(viewer, case.family)
    lost = to is not None and not (
        casework.visible_to(viewer)
        .filter(family__in=records, team=case.team)
        .exclude(pk=case.pk)
        .exists()
    )
    # What has its last day is decided, unless it is after the hub stops seeing the family.
    decided = Q(until__gt=today + STAYS_IN_SIGHT) if lost else Q(pk__in=())
    everybodys = Q() if lost else Q(universal_since__isnull=True)
    found = list(
        Placement.objects.filter(
            Q(case=case) | Q(case__isnull=True, family__in=records),
            Q(until__isnull=True) | decided,
            everybodys,
        )
        .select_related("person")
        .order_by("what", "person__given_names", "pk")
    )
    if not found:
        return []
    # Asked apart: another hub's support is not seen, and its places are to be decided all the same.
    supports = Support.objects.in_bulk({one.support_id for one in found})
    return [_place(one, supports.get(one.support_id), case, today, to, lost) for one in found]


def _place(
    one: Placement, support: Support | None, case: Case, today: date, to: Team | None, lost: bool
) -> StillOpen:
    goes = "Goes on as it is" if to else "Goes on as a universal place, outside a plan"
    may, latest = [(ENDS, "Ends today"), (GOES_ON, goes), (UNTIL, "Goes on until a day")], None
    facts = f"since {one.since:%-d %B %Y}"
    if support is not None:
        facts = f"{support.get_kind_display()}, {facts}"
        if to is None and support.kind == Support.Kind.ONE_TO_ONE:
            del may[1]  # given to a family for its plan: it does not go on for ever without one
        if lost and support.team_id == case.team_id:
            # The hub stops seeing the family, so nobody could mark it on a register after that.
            del may[1]
            latest = today + STAYS_IN_SIGHT
            facts += f"; {case.team} sees the family until {latest:%-d %B %Y}"
        if support.until is not None:
            latest = min(latest or support.until, support.until)
    return StillOpen(
        f"place_{one.pk}", f"Place on {one.what}: {one.person}", facts, tuple(may), latest
    )


still_open.also(Kind("place", _open_places, settle_place))
