"""What supports do by the clock."""

from datetime import datetime

from kith.accounts.models import User
from kith.jobs.registry import every
from kith.supports import actions


@every("35 2 * * *", "supports.sessions")
def make_sessions(*, by: User, at: datetime) -> None:
    """Put the sessions of weekly supports into the calendar."""
    actions.make_sessions(by=by, at=at)


@every("20 6 * * *", "supports.reminders")
def remind(*, by: User, at: datetime) -> None:
    """Remind leaders of registers that nobody has taken."""
    actions.remind(by=by, at=at)
