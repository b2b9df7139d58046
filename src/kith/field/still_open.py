"""Visits that are open when a case ends, or goes to another hub: told where that is decided; and tied
to what is written of them."""

from datetime import date

from kith.accounts.models import Team, User
from kith.casework import still_open
from kith.casework.actions import recording
from kith.casework.models import Case
from kith.casework.still_open import ENDS, GOES_ON, Kind, StillOpen
from kith.field.actions import settle_visit, tie_the_visit, visits_go_along
from kith.field.models import Visit


def _open_visits(viewer: User, case: Case, today: date, to: Team | None) -> list[StillOpen]:
    """Return the visits of a case of which nobody has said what came of them."""
    found = (
        Visit.objects.filter(case=case, dropped_at__isnull=True, contact__isnull=True)
        .select_related("worker")
        .order_by("on", "starts", "pk")
    )
    return [_visit(one, today, to) for one in found]


def _visit(one: Visit, today: date, to: Team | None) -> StillOpen:
    what, facts = f"Visit on {one}", f"planned by {one.worker}"
    if one.on < today:
        may = ((ENDS, "It is dropped; if it was made, write the contact first"),)
        return StillOpen(f"visit_{one.pk}", what, f"{facts}, not written down", may)
    if to is None:
        return StillOpen(f"visit_{one.pk}", what, facts, ((ENDS, "It is given up"),))
    may_move = ((GOES_ON, "The new worker makes it"), (ENDS, "It is given up"))
    return StillOpen(f"visit_{one.pk}", what, facts, may_move)


still_open.also(Kind("visit", _open_visits, settle_visit, visits_go_along))
recording.also_when_contacted(tie_the_visit)
