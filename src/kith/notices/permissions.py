"""Who may see the outbox and change the words."""

from kith.accounts.models import User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse


def may_edit_wordings(user: User) -> Decision:
    """The words are the county's own."""
    if user.can(Permission.NOTICE_EDIT):
        return ALLOW
    return refuse("Only a county lead or an administrator can change the words of notices.")


def may_see_outbox(user: User) -> Decision:
    """The outbox names people, so it belongs to the desk."""
    if user.can(Permission.NOTICE_SEE):
        return ALLOW
    return refuse("Only the county desk can see what was sent.")
