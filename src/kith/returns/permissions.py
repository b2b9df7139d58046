"""Who may make a return, and who may know that it was made."""

from kith.accounts.models import User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse


def may_make(user: User) -> Decision:
    """A return holds every child's record, so whoever makes it must be allowed to see them all."""
    if not user.can(Permission.RETURNS_MAKE):
        return refuse("Only a county lead can make a statutory return.")
    if not (user.can(Permission.FAMILY_SEE_ALL) and user.can(Permission.REFERRAL_SEE_ALL)):
        return refuse("A return needs every family’s record, which your role does not include.")
    return ALLOW


def may_see_list(user: User) -> Decision:
    """The data protection officer sees which returns were made, and opens none."""
    if may_make(user) or user.can(Permission.AUDIT_SEE_ALL):
        return ALLOW
    return refuse("Only county leads and the data protection officer see which returns were made.")


def may_clear(user: User) -> Decision:
    """Clearing away what is old is Kith's own."""
    if user.can(Permission.DRAFT_KEEP):
        return ALLOW
    return refuse("Kith clears old files away by itself.")
