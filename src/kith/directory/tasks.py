"""What the directory does by the clock."""

from datetime import datetime

from kith.accounts.models import User
from kith.directory import actions
from kith.jobs.registry import every


@every("40 6 * * *", "directory.assurance")
def ask_for_assurance(*, by: User, at: datetime) -> None:
    """Ask those who keep entries whether they are true, and hide what nobody confirmed."""
    actions.ask_for_assurance(by=by, at=at)


@every("45 2 * * *", "directory.forget")
def forget_who_remarked(*, by: User, at: datetime) -> None:
    """Delete addresses of people who said something about an entry, once nobody needs them."""
    actions.forget_who_remarked(by=by, at=at)
