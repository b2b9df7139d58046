"""What the worker does with the outbox."""

from datetime import datetime

from kith.accounts.models import User
from kith.jobs.registry import errand, every
from kith.notices import actions
from kith.notices.delivery import deliver as deliver_one


@errand(actions.DELIVER)
def deliver(notice_id: str) -> None:
    """Send a notice that is due."""
    deliver_one(notice_id)


@every("* * * * *", "notices.due")
def queue_due(*, by: User, at: datetime) -> None:
    """Send again what could not be sent before, and what a dead worker left behind."""
    actions.queue_due(at=at)
