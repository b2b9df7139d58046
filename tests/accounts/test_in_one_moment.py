"""Two people decide in the same moment: the second decides by what the first has done."""

from datetime import date
from decimal import Decimal

from kith.accounts import actions
from kith.accounts.models import Team
from kith.hubs import actions as hubs
from kith.hubs.models import StaffPost
from kith.partners import actions as partners
from kith.partners.models import Organisation
from tests.factories.accounts import make_team, make_user
from tests.factories.places import make_hub, make_places
from tests.factories.together import in_one_moment


def test_a_partner_and_its_team_keep_one_name_and_it_gets_one_team(fresh_database, at):
    desk = make_user("county_desk", make_team("Desk", "desk"))
    details = partners.Details(name="Home-Start", kind="voluntary")
    partner = partners.add_partner(details=details, by=desk, at=at)

    def give():
        return partners.give_team(partner=partner, by=desk, at=at)

    second = in_one_moment(give, give)
    assert second == Team.objects.get(kind="partner")

    def call_it(name):
        new = partners.Details(name=name, kind="voluntary")
        return lambda: partners.change_partner(partner=partner, details=new, by=desk, at=at)

    in_one_moment(call_it("Family Start"), call_it("Home-Start"))
    partner = Organisation.objects.select_related("team").get()
    assert (partner.name, partner.team.name) == ("Home-Start", "Home-Start")


def test_two_administrators_cannot_close_the_county_to_all(fresh_database, at):
    one, other = make_team("One", "desk"), make_team("Other", "desk")
    ann, bo = make_user("administrator", one), make_user("administrator", other)

    def close(team, by):
        return lambda: actions.change_team(
            team=team, name=team.name, email="", active=False, by=by, at=at
        )

    refused = in_one_moment(close(other, ann), close(one, bo))
    assert isinstance(refused, actions.NotPossible), refused

    Team.objects.update(active=True)
    refused = in_one_moment(
        lambda: actions.end_person(person=bo, by=ann, at=at),
        lambda: actions.end_person(person=ann, by=bo, at=at),
    )
    assert isinstance(refused, actions.LastAdministrator), refused


def test_a_post_is_checked_against_one_that_is_being_given(fresh_database, at):
    make_places()
    lead, hub = make_user("county_lead", make_team("Desk", "desk")), make_hub("Oxford", "OX4 1AA")
    worker = make_user("hub_worker", hub.team)
    about = {"title": "Worker", "hours_a_week": Decimal(20), "families_at_once": 9}
    first = hubs.add_post(
        hub=hub,
        user=worker,
        **about,
        since=date(2026, 1, 1),
        until=date(2026, 6, 1),
        by=lead,
        at=at,
    )

    refused = in_one_moment(
        lambda: hubs.add_post(
            hub=hub, user=worker, **about, since=date(2026, 9, 1), by=lead, at=at
        ),
        lambda: hubs.change_post(
            post=first, **about, since=date(2026, 1, 1), until=None, by=lead, at=at
        ),
    )

    assert isinstance(refused, hubs.PostRefused), refused
    assert StaffPost.objects.filter(until=None).count() == 1
    # Whoever is being ended gets no post, though the page was opened before.
    refused = in_one_moment(
        lambda: actions.end_person(
            person=worker, by=make_user("administrator", make_team("County", "desk")), at=at
        ),
        lambda: hubs.add_post(
            hub=hub, user=worker, **about, since=date(2027, 9, 1), by=lead, at=at
        ),
    )
    assert isinstance(refused, hubs.PostRefused), refused
