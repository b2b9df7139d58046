"""Who may change how the county looks."""

from kith.accounts.models import User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse


def may_change_look(user: User) -> Decision:
    """The county's name and colours belong to those who answer for its settings."""
    if user.can(Permission.SETTINGS_EDIT):
        return ALLOW
    return refuse(
        "Only the county lead or an administrator can change the county's name and colours."
    )
