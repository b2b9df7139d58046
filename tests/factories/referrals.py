"""Requests for help, made as anyone would make them: through the front door."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from kith.accounts.models import Team, User
from kith.referrals.actions import Received, receive
from kith.referrals.models import Need, Referral
from kith.referrals.requests import NewAdult, NewChild, NewRequest
from tests.factories.accounts import make_team, make_user

AT = datetime(2026, 11, 16, 9, 30, tzinfo=ZoneInfo("Europe/London"))
ADA = NewChild("Ada", "Okafor", date(2014, 3, 2), sex="F")
GRACE = NewAdult("Grace", "Okafor", role="mother", phone="07700 900123")


def make_needs() -> None:
    for code, name, primary in (("behaviour", "Behaviour", "N4"), ("housing", "Housing", "N7")):
        Need.objects.get_or_create(
            code=code, defaults={"name": name, "plain_name": name, "primary_need": primary}
        )


def make_desk_team() -> Team:
    return Team.objects.filter(kind="desk").first() or make_team("County desk", "desk")


def make_desk_worker(name: str = "Dee Desk") -> User:
    return make_user("county_desk", make_desk_team(), name)


def make_sender(name: str = "Orchard School") -> User:
    return make_user("referrer", make_team(name, "partner"), f"SENCo of {name}")


def a_request(at: datetime = AT, **changes) -> NewRequest:
    """A request in which nothing is wrong, but for what is changed."""
    return NewRequest(
        **{
            "channel": "web",
            "sender_kind": "professional",
            "sender_name": "Sam Field",
            "sender_email": "sam.field@school.example",
            "sender_organisation_name": "Orchard School",
            "worry": "Often late, and tired.",
            "children": (ADA,),
            "adults": (GRACE,),
            "postcode": "OX16 5QB",
            "needs": ("behaviour",),
            "basis": "consent",
            "agreed_by": "Grace Okafor",
            "agreed_how": "spoken",
            "agreed_on": at.date(),
        }
        | changes
    )


def receive_request(*, by: User | None = None, at: datetime = AT, **changes) -> Received:
    make_needs()
    make_desk_team()
    if by is not None:
        changes = {"sender_kind": "partner"} | changes
    return receive(request=a_request(at, **changes), by=by, at=at)


def make_referral(*, by: User | None = None, at: datetime = AT, **changes) -> Referral:
    return receive_request(by=by, at=at, **changes).referral
