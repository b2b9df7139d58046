"""Who may change partner organisations."""

from kith.accounts.models import User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse


def may_edit_partners(user: User) -> Decision:
    """The list of partners belongs to the county desk and the administrators."""
    if user.can(Permission.PARTNER_EDIT):
        return ALLOW
    return refuse("Only the county desk or an administrator can change partners.")
