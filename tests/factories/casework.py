"""Hubs with staff, requests that wait, and cases: all made through the actions that make them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from kith.accounts.models import Team, User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import actions
from kith.casework.models import Case, HandoverOffer, StepUp
from kith.hubs.models import Hub, StaffPost
from kith.partners.models import Organisation
from kith.referrals.actions import receive
from kith.referrals.models import Need, Referral
from kith.referrals.requests import NewAdult, NewChild, NewRequest
from tests.factories.accounts import make_team, make_user

AT = datetime(2026, 11, 16, 9, 30, tzinfo=ZoneInfo("Europe/London"))
_numbers = count(1)


@dataclass
class HubPeople:
    """A hub, its manager and one worker."""

    hub: Hub
    manager: User
    worker: User

    @property
    def team(self) -> Team:
        return self.hub.team


def make_hub(name: str = "", *, easting: int = 445000, northing: int = 240000) -> Hub:
    number = next(_numbers)
    name = name or f"Hub {number}"
    return Hub.objects.create(
        team=make_team(name, "hub"),
        slug=f"hub-{number}",
        order=number % 30000,
        postcode="OX16 5QB",
        easting=easting,
        northing=northing,
        latitude=52.06,
        longitude=-1.34,
    )


def make_worker(hub: Hub, name: str = "", *, role: str = "hub_worker", at_once: int = 15) -> User:
    worker = make_user(role, hub.team, name)
    StaffPost.objects.create(
        hub=hub,
        user=worker,
        title="Early help worker",
        hours_a_week=30,
        families_at_once=at_once,
        since=date(2020, 1, 1),
    )
    return worker


def make_staffed_hub(name: str = "") -> HubPeople:
    hub = make_hub(name)
    return HubPeople(
        hub=hub,
        manager=make_user("hub_manager", hub.team, f"Manager of {hub}"),
        worker=make_worker(hub, f"Worker of {hub}"),
    )


def make_desk() -> User:
    team = Team.objects.filter(kind="desk").first() or make_team("County desk", "desk")
    return make_user("county_desk", team, "Dee Desk")


def make_school(name: str = "", *, team: Team | None = None, **fields) -> Organisation:
    return Organisation.objects.create(
        name=name or f"School {next(_numbers)}", kind="school", team=team, **fields
    )


def make_partner(name: str = "Home-Start") -> tuple[Organisation, User]:
    """A partner organisation, and somebody who signs in for it."""
    team = make_team(name, "partner")
    organisation = Organisation.objects.create(name=name, kind="voluntary", team=team)
    return organisation, make_user("referrer", team, f"Somebody at {name}")


def make_referral(at: datetime = AT, **changes) -> Referral:
    """A request from somebody with no account, waiting at the desk."""
    Need.objects.get_or_create(
        code="behaviour",
        defaults={"name": "Behaviour", "plain_name": "Behaviour", "primary_need": "N4"},
    )
    if not Team.objects.filter(kind="desk").exists():
        make_team("County desk", "desk")
    asked = {
        "channel": "web",
        "sender_kind": "professional",
        "sender_name": "Sam Field",
        "sender_email": "sam.field@school.example",
        "sender_organisation_name": "Orchard School",
        "worry": "Often late, and tired.",
        "children": (NewChild("Ada", "Okafor", date(2014, 3, 2)),),
        "adults": (NewAdult("Grace", "Okafor", role="mother", phone="07700 900123"),),
        "no_fixed_address": True,
        "needs": ("behaviour",),
        "basis": "consent",
        "agreed_by": "Grace Okafor",
        "agreed_how": "spoken",
        "agreed_on": at.date(),
        "agencies_told": ("school", "voluntary"),
    } | changes
    return receive(request=NewRequest(**asked), by=None, at=at).referral


def make_case(
    people: HubPeople,
    *,
    worker: User | None = None,
    at: datetime = AT,
    referral: Referral | None = None,
    **changes,
) -> Case:
    """A case of a hub; given to a worker if one is named."""
    referral = referral or make_referral(at - timedelta(hours=1), **changes)
    with seeing_as(front_door()):
        desk = make_desk()
    with seeing_as(desk):
        case = actions.open_from_referral(
            referral=referral,
            hub=people.hub,
            reason="In its area",
            words="The hub will ring.",
            by=desk,
            at=at,
        )
    if worker is not None:
        with seeing_as(people.manager):
            actions.allocate(case=case, worker=worker, by=people.manager, at=at)
    with seeing_as(desk):
        return Case.objects.select_related("family", "referral", "team", "worker").get(pk=case.pk)


def offer_case(case: Case, hub: Hub, by: User, at: datetime = AT, **changes) -> HandoverOffer:
    """A case that is offered to another hub."""
    said = {
        "reason": "Moved",
        "stands": "Mornings are better.",
        "due": "The review",
        "family_knows": True,
        "told": "That Witney is nearer. They are glad.",
    } | changes
    return actions.offer_case(case=case, hub=hub, by=by, at=at, **said)


def hand_over(
    case: Case, hub: Hub, by: User, at: datetime = AT, *, to: User | None = None, **changes
) -> Case:
    """A case that is offered to another hub and taken over by its manager at once."""
    offer = offer_case(case, hub, by, at, **changes)
    taker = to or make_worker(hub)
    manager = make_user("hub_manager", hub.team)
    with seeing_as(manager):
        return actions.take_over(offer=offer, worker=taker, reason="x", by=manager, at=at)


def make_social_care(email: str = "mash@kith.example") -> Organisation:
    """The county's front door of children's social care."""
    return Organisation.objects.create(name="MASH", kind="social_care", email=email)


def ask_social_care(case: Case, by: User, at: datetime = AT, **changes) -> StepUp:
    """A worker asks the manager to let social care take a family up."""
    said = {
        "reason": "Ada was left alone at night.",
        "tried": "A plan for evenings, twice.",
        "ground": "public_task",
        "ground_reason": "Asking would put Ada in danger.",
    } | changes
    desk = said.pop("organisation", None) or Organisation.objects.filter(kind="social_care").first()
    return actions.ask_step_up(
        case=case, organisation=desk or make_social_care(), by=by, at=at, **said
    )


def step_up(
    case: Case, by: User, at: datetime = AT, decision: str = "accepted", **changes
) -> StepUp:
    """Social care was asked by telephone, had it, and decided: all in one call."""
    asked = ask_social_care(case, by, at, **changes)
    actions.send_step_up(step_up=asked, way="phone", spoke_with="Sol Care", by=by, at=at)
    return actions.keep_decision(
        step_up=asked, decision=decision, words="x", received_by="Sol Care", by=by, at=at
    )
