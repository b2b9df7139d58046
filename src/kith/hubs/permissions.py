"""Who may change hubs, areas, staff and promises."""

from kith.accounts.models import User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse


def may_edit_hubs(user: User) -> Decision:
    """Where hubs are, who works there and which area is whose belongs to the county."""
    if user.can(Permission.HUB_EDIT):
        return ALLOW
    return refuse("Only the county lead or an administrator can change hubs, staff and areas.")


def may_set_promises(user: User) -> Decision:
    """What the county promises, and which days count, belongs to those who set its settings."""
    if user.can(Permission.SETTINGS_EDIT):
        return ALLOW
    return refuse("Only the county lead or an administrator can change promises and closed days.")


def may_see_staff(user: User) -> bool:
    """Who works at a hub is for the people who work with it, not for the public page."""
    return any(
        user.can(permission)
        for permission in (Permission.FIGURES_HUB, Permission.HUB_EDIT, Permission.PEOPLE_MANAGE)
    )
