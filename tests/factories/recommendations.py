"""A committee that has met, and what it recommends."""

from datetime import datetime, timedelta
from typing import Any

from kith.accounts.models import User
from kith.analytics.indicators import Between, Cell, Figure, Indicator, Row
from kith.scrutiny.actions import recommending, sending
from kith.scrutiny.models import Committee, Item, Meeting, Recommendation
from tests.factories.scrutiny import MEETS, add_item, hold, make_committee, make_meeting

AFTER = MEETS + timedelta(hours=5)
AGREED_ON = MEETS.date()
WORDS = "That every hub says in one place what families can expect of it."


def make_item(officer: User, committee: Committee | None = None, at: datetime = MEETS) -> Item:
    """Make an item of a meeting that was held."""
    meeting = make_meeting(officer, committee or make_committee(officer), starts_at=at)
    item = add_item(officer, meeting, "Early intervention hubs")
    hold(officer, meeting)
    item.refresh_from_db()
    return item


def make_draft(officer: User, committee: Committee, **details: Any) -> Recommendation:
    """Draft a recommendation to a post."""
    parts = details.pop("parts", ())
    details = {
        "words": WORDS,
        "owned": "post",
        "owner": "Director for Children",
        **details,
    }
    return recommending.draft(
        committee=committee, details=details, parts=parts, by=officer, at=AFTER
    )


def make_agreed(officer: User, item: Item | None = None, **details: Any) -> Recommendation:
    """Draft a recommendation and have the committee agree it."""
    item = item or make_item(officer)
    made = make_draft(officer, item.meeting.committee, **details)
    return recommending.agree(recommendation=made, item=item, by=officer, at=AFTER)


def send(officer: User, found: Recommendation, at: datetime = AFTER, **more: Any) -> Recommendation:
    """Send it with a notice that is received on the day of the meeting."""
    details: dict[str, Any] = {
        "law": "executive",
        "to": found.owner,
        "received_on": AGREED_ON,
        **more,
    }
    sending.send(recommendation=found, by=officer, at=at, **details)
    found.refresh_from_db()
    return found


def meeting_to_come(officer: User, committee: Committee, days: int = 60) -> Meeting:
    """Plan a later meeting."""
    return make_meeting(officer, committee, starts_at=MEETS + timedelta(days=days))


class Counted:
    """A figure that a later module counts: its cells are what a test says."""

    def __init__(self, kind="share", *, chance=True, better="more"):
        self.indicator = Indicator(
            "volunteers-active", "Active volunteers", "Whoever gave time.", "% of places filled",
            better, kind, "The volunteers room", ("hub",), chance=chance,
        )  # fmt: skip
        self.total: tuple = (Cell(20.0), Cell(200))
        self.names: tuple[str, ...] = ("Banbury", "Witney")
        self.hubs: dict[str, tuple] = {}
        self.between: Between | None = None
        self.asked: list = []

    def figure(self, indicator, period, *, by, at, hub=""):
        self.asked.append(period)
        rows = tuple(Row(key.lower(), key, self.hubs.get(key, self.total)) for key in self.names)
        total = Row("all", "All", self.total, self.between)
        return Figure(indicator, period, by, ("%", "Out of"), rows, total, at)
