"""Who may do what with supports, and why not."""

from kith.accounts.models import Team, User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse
from kith.supports import leading
from kith.supports.models import Session, Support


def may_give(user: User, team: Team | int) -> Decision:
    """What a hub gives is set up and changed by its own staff."""
    if user.can(Permission.CASE_WORK, in_team=team):
        return ALLOW
    return refuse("Only staff of the hub that gives this can change it.")


def may_place(user: User, support: Support) -> Decision:
    """People are placed by staff of the hub that gives it."""
    if user.can(Permission.CASE_WORK, in_team=support.team_id):
        return ALLOW
    return refuse("Only staff of the hub that gives this can place people on it.")


def may_mark(user: User, session: Session) -> Decision:
    """A register is taken by any of the hub's staff: leaders fall ill too; and by whoever the hub
    asked to lead it."""
    if user.can(Permission.CASE_WORK, in_team=session.support.team_id):
        return ALLOW
    if leading.leads(user, session.support_id):
        return ALLOW
    return refuse("Only staff of the hub that gives this can take its register.")


def may_cancel(user: User, session: Session) -> Decision:
    """A session is cancelled by the hub's staff, who know whom to tell."""
    if user.can(Permission.CASE_WORK, in_team=session.support.team_id):
        return ALLOW
    return refuse("Only staff of the hub that gives this can cancel it. Ring them.")


def may_tend(user: User) -> Decision:
    """Weekly sessions are made, and reminders sent, by the clock."""
    if user.is_service and user.can(Permission.FAMILY_SEE_ALL):
        return ALLOW
    return refuse("Sessions of the coming weeks are made by Kith itself.")
