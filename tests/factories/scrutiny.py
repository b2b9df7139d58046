"""A committee with its members, and a meeting that was called or held."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from kith.accounts.models import Team, User
from kith.accounts.viewer import see_as
from kith.scrutiny.actions import committees, meetings, minutes, publishing
from kith.scrutiny.models import Committee, Item, Meeting, Member
from tests.factories.accounts import make_team, make_user

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 9, 1, 9, tzinfo=LONDON)
MEETS = datetime(2026, 9, 23, 10, tzinfo=LONDON)  # a Wednesday
_numbers = count(1)


def make_officer(team: Team | None = None) -> User:
    """Make a committee officer, and let the database work for them."""
    team = team or make_team("Democratic services", "desk")
    officer = make_user("committee_officer", team, "Officer")
    see_as(officer)
    return officer


def make_committee(officer: User, *, members: int = 4, **details: Any) -> Committee:
    """Make a scrutiny committee of councillors, the first its chair."""
    number = next(_numbers)
    committee = committees.set_up_committee(
        details={
            "name": f"Children's Scrutiny {number}",
            "since": date(2020, 1, 1),
            "usual_place": "County Hall",
            **details,
        },
        by=officer,
        at=NOW,
    )
    for place in range(members):
        sit(committee, officer, f"Councillor {number}-{place}", chair=place == 0)
    return committee


def sit(
    committee: Committee, officer: User, name: str, *, chair: bool = False, **seat: Any
) -> Member:
    """Make a member, and give them a seat."""
    councillor = seat.get("role") != "co_opted"
    member = committees.keep_member(
        details={"name": name, "called": "Cllr" if councillor else "Mr", "councillor": councillor},
        by=officer,
        at=NOW,
    )
    seat = {"role": "chair" if chair else "member", "since": date(2024, 5, 1), **seat}
    committees.give_seat(committee=committee, member=member, by=officer, at=NOW, **seat)
    return member


def make_meeting(
    officer: User, committee: Committee | None = None, *, starts_at: datetime = MEETS, **more: Any
) -> Meeting:
    """Make a planned meeting with the items that every agenda has."""
    committee = committee or make_committee(officer)
    return meetings.plan_meeting(
        committee=committee, starts_at=starts_at, place="County Hall", by=officer, at=NOW, **more
    )


def add_item(officer: User, meeting: Meeting, title: str = "The hubs", **details: Any) -> Item:
    """Put an item on an agenda."""
    return meetings.write_item(
        meeting=meeting, details={"title": title, **details}, by=officer, at=NOW
    )


def call(officer: User, meeting: Meeting, at: datetime = NOW) -> Meeting:
    """Publish an agenda in time."""
    publishing.publish_agenda(meeting=meeting, by=officer, at=at)
    meeting.refresh_from_db()
    return meeting


def hold(officer: User, meeting: Meeting, hours: int = 3) -> Meeting:
    """Call and hold a meeting, with all members present."""
    if meeting.state == Meeting.State.PLANNED:
        call(officer, meeting)
    over = meeting.starts_at + timedelta(hours=hours)
    minutes.all_present(meeting=meeting, by=officer, at=over)
    meetings.end_meeting(
        meeting=meeting,
        began_at=meeting.starts_at,
        finished_at=over,
        chair="Cllr Chair",
        by=officer,
        at=over,
    )
    meeting.refresh_from_db()
    return meeting
