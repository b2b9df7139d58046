"""Who may take their day along."""

from kith.accounts.models import User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse
from kith.casework.models import Case
from kith.field.models import Visit


def may_take_along(user: User) -> Decision:
    """Whoever works with families visits them."""
    if user.can(Permission.CASE_WORK):
        return ALLOW
    return refuse("This page is for staff of the hubs who visit families.")


def may_visit(user: User, case: Case) -> Decision:
    """A visit is planned by staff of the hub that has the case."""
    if user.can(Permission.CASE_WORK, in_team=case.team_id):
        return ALLOW
    return refuse("Only staff of the hub that has this case can plan a visit.")


def may_settle(user: User, visit: Visit) -> Decision:
    """What came of a visit is said by staff of the hub that has the case, or by whoever planned it
    while they may still write in it."""
    if user.can(Permission.CASE_WORK, in_team=visit.case.team_id) or user.pk == visit.worker_id:
        return ALLOW
    return refuse("Only staff of the hub that has this case can say what came of the visit.")
