"""Who may keep, read and answer what a committee does, and why not."""

from kith.accounts.models import User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse


def may_see(user: User) -> Decision:
    """Members, their officers and those who answer read the committee's own pages."""
    if user.can(Permission.SCRUTINY_SEE):
        return ALLOW
    return refuse("Only members of a committee, its officers and those who answer to it read this.")


def may_keep(user: User) -> Decision:
    """Agendas, minutes and what is published are in the hands of committee officers."""
    if user.can(Permission.SCRUTINY_KEEP):
        return ALLOW
    return refuse("Only a committee officer can do that.")


def may_visit(user: User) -> Decision:
    """Members and their officers visit places, and make themes of what they saw."""
    if user.can(Permission.SCRUTINY_VISIT) or user.can(Permission.SCRUTINY_KEEP):
        return ALLOW
    return refuse("Only members of a committee and its officers can do that.")


def may_answer(user: User) -> Decision:
    """The county lead answers for the council; a committee officer may write an answer down."""
    if user.can(Permission.SCRUTINY_ANSWER) or user.can(Permission.SCRUTINY_KEEP):
        return ALLOW
    return refuse("Only a county lead, or a committee officer for them, can do that.")
