"""What casework does by the clock."""

from datetime import datetime

from kith.accounts.models import User
from kith.casework import actions
from kith.jobs.registry import every


# 06:15 UTC is a quarter past six or seven in England: before the day begins.
@every("15 6 * * *", "casework.reminders")
def remind(*, by: User, at: datetime) -> None:
    """Remind workers, managers and partners of what is due, once a day."""
    actions.remind(by=by, at=at)
