"""A committee with members who sign in, and a review with visits to come."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from kith.accounts.models import User
from kith.accounts.viewer import see_as, seeing_as
from kith.hubs.models import Hub
from kith.scrutiny.actions import visits
from kith.scrutiny.models import Committee, Member, Review, Seat, Visit
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_staffed_hub

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 9, 1, 9, tzinfo=LONDON)
FIRST = datetime(2026, 9, 7, 10, tzinfo=LONDON)  # a Monday
BANBURY, BICESTER = (445_700, 240_600), (458_500, 222_500)  # metres of the British grid


def make_visiting(members: int = 3) -> SimpleNamespace:
    """Make two hubs, a committee of members with accounts, and a review of the hubs without visits.
    The database works for the officer."""
    hubs = [_hub("Banbury", BANBURY), _hub("Bicester", BICESTER)]
    team = make_team("Children's Scrutiny", "committee")
    officer = make_user("committee_officer", team, "Officer")
    see_as(officer)
    committee = Committee.objects.create(
        slug="visits", name="Children's Scrutiny", team=team, since=date(2020, 1, 1)
    )
    people = [add_member(committee, f"Councillor {letter}") for letter in "ABCDEF"[:members]]
    review = visits.begin_review(
        committee=committee,
        details={"title": "The hubs", "fewest_visitors": 2, "began_on": NOW.date()},
        first_day=None,
        by=officer,
        at=NOW,
    )
    return SimpleNamespace(
        hubs=hubs, committee=committee, officer=officer, people=people, review=review
    )


def _hub(name: str, place: tuple[int, int]) -> Hub:
    hub = make_staffed_hub(name).hub
    hub.easting, hub.northing = place
    hub.save()
    return hub


def add_member(committee: Committee, name: str, *, account: bool = True) -> Member:
    """Seat a councillor, with an account of the committee's team unless told otherwise."""
    user = make_user("committee_member", committee.team, name) if account else None
    member = Member.objects.create(name=name, called="Cllr", user=user)
    Seat.objects.create(committee=committee, member=member, since=date(2024, 5, 1))
    return member


def add_visit(
    review: Review, officer: User, hub: Hub, *, starts: datetime = FIRST, hours: float = 2
) -> Visit:
    """Plan a visit to a hub."""
    details = {
        **visits.place_of(hub),
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=hours),
    }
    with seeing_as(officer):
        return visits.plan_visit(review=review, details=details, by=officer, at=NOW)
