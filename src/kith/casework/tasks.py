"""What casework does by the clock."""

from datetime import datetime

from kith.accounts.models import User
from kith.casework import actions
from kith.jobs.registry import every


@every("25 2 * * *", "casework.old_drafts")
def clear_old_drafts(*, by: User, at: datetime) -> None:
    """Throw away drafts of supervisions that nobody went on with for 90 days."""
    actions.clear_old_drafts(by=by, at=at)


# Soon after the last day of an agreement is over, in England as in UTC.
@every("5 0 * * *", "casework.ran_out")
def withhold_what_ran_out(*, by: User, at: datetime) -> None:
    """Show partners no more of what rests on agreements that have run out."""
    actions.withhold_what_ran_out(by=by, at=at)


# 06:15 UTC is a quarter past six or seven in England: before the day begins.
@every("15 6 * * *", "casework.reminders")
def remind(*, by: User, at: datetime) -> None:
    """Remind workers, managers and partners of what is due, once a day."""
    actions.remind(by=by, at=at)
    actions.remind_of_offers(by=by, at=at)
    actions.remind_of_meetings(by=by, at=at)
    actions.remind_of_minutes(by=by, at=at)
    actions.chase_step_ups(by=by, at=at)
    actions.chase_services(by=by, at=at)
