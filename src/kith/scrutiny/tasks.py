"""What the worker does for committees."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import clock, seeing_as
from kith.jobs.registry import errand, every
from kith.scrutiny.actions import alerting, measuring, practice, sending
from kith.scrutiny.actions.answering import READ_ATTACHED, read_attached_later
from kith.scrutiny.actions.papers import READ_PAPER, read_later
from kith.scrutiny.actions.publishing import MAKE_PACK, keep_pack


@errand(READ_PAPER)
def read_paper(paper: int) -> None:
    """Read the words of a large paper, for the search."""
    with seeing_as(clock()):
        read_later(paper=paper)


@errand(READ_ATTACHED)
def read_attached(attached: int) -> None:
    """Read the words of a large file that came with an answer."""
    with seeing_as(clock()):
        read_attached_later(attached=attached)


@every("50 6 * * *", "scrutiny.remind")
def remind_owners(*, by: User, at: datetime) -> None:
    """Write to owners whose answer is due, and to the committee's officers."""
    sending.remind(by=by, at=at)


@every("10 5 * * *", "scrutiny.bind")
def bind_measures(*, by: User, at: datetime) -> None:
    """Keep the first value of figures that a module has begun to count."""
    measuring.bind_measures(by=by, at=at)
    practice.bind_figures(by=by, at=at)


@every("20 6 * * *", "scrutiny.alerts")
def tell_who_asked(*, by: User, at: datetime) -> None:
    """Write to those who asked for it what committees published since yesterday."""
    alerting.tell(by=by, at=at)


@errand(MAKE_PACK)
def put_together(meeting: str) -> None:
    """Make the reports pack of a meeting whose papers were published."""
    with seeing_as(clock()):
        keep_pack(meeting=UUID(meeting), at=timezone.now())
