"""The team around a family: who joins with whose agreement, who leads, and what each sees of it."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from kith.accounts.viewer import front_door, seeing_as
from kith.casework import actions, team
from kith.casework.models import (
    Case,
    LeadProfessional,
    Minutes,
    PlannedAction,
    Sharing,
    TeamMeeting,
    TeamMember,
    TeamPage,
)
from kith.families import queries as families
from kith.notices.models import Notice
from tests.factories.casework import (
    hand_over,
    make_case,
    make_partner,
    make_staffed_hub,
    make_worker,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury, seen_by):
    made = make_case(banbury, worker=banbury.worker, at=timezone.now() - timedelta(days=9))
    seen_by(banbury.worker)
    return made


def said(who):
    return {"by": who, "at": timezone.now()}


def agree(case, by, organisation, purpose="team", **changes):
    answers = {
        "organisation": organisation, "given_by": "Grace Okafor", "giver": "parent",
        "how": "spoken", "since": timezone.localdate(), **changes,
    }  # fmt: skip
    return actions.record_consent(case=case, purpose=purpose, **answers, **said(by))


def join(case, by, organisation, email="sam@home-start.example", name="Sam Bright", **changes):
    answers = {"role": "Volunteer", "family_known_as": "The Okafors", **changes}
    return actions.add_partner(
        case=case, organisation=organisation, name=name, email=email, **answers, **said(by)
    )


def notice(key, to):
    with seeing_as(front_door()):
        return Notice.objects.filter(key=f"casework.{key}", to=to).latest("made_at")


def test_a_partner_joins_only_when_the_family_has_agreed_to_it(banbury, case):
    organisation, _ = make_partner()
    with pytest.raises(actions.NotShared, match="joins the team around the family"):
        join(case, banbury.worker, organisation)
    agree(case, banbury.worker, organisation, purpose="help")
    with pytest.raises(actions.NotShared):
        join(case, banbury.worker, organisation)
    ground = agree(case, banbury.worker, organisation)

    member = join(case, banbury.worker, organisation)

    assert member.sharing == ground
    assert "Okafor" not in notice("team_joined", member.email).body
    with pytest.raises(actions.AlreadyInTeam):
        join(case, banbury.worker, organisation, email="SAM@home-start.example")


def test_whoever_has_an_account_signs_in_and_anybody_else_gets_a_link(banbury, case):
    organisation, partner = make_partner()
    agree(case, banbury.worker, organisation)

    signs_in = join(case, banbury.worker, organisation, email=partner.email.upper())
    without = join(case, banbury.worker, organisation)
    elsewhere = join(case, banbury.worker, organisation, email=banbury.manager.email)

    assert signs_in.user == partner and not TeamPage.objects.filter(member=signs_in).exists()
    assert f"/cases/our-teams/{signs_in.pk}/" in notice("team_joined", signs_in.email).body
    assert without.user is None
    assert "/our-team/open/" in notice("team_joined", without.email).body
    assert elsewhere.user is None, "an account elsewhere is not one of this organisation"


def test_colleagues_and_the_family_join_without_being_told_by_e_mail(banbury, case):
    colleague = make_worker(banbury.hub, "Cole League")
    [mother] = [
        one.person for one in families.people_of(banbury.worker, case.family) if not one.is_child
    ]
    actions.add_colleague(
        case=case, worker=colleague, role="Runs the group", **said(banbury.worker)
    )
    actions.add_of_family(case=case, person=mother, role="Mother", **said(banbury.worker))

    assert [(one.name, one.of) for one in team.members_of(banbury.worker, case)] == [
        ("Cole League", "Banbury"),
        ("Grace Okafor", "the family"),
    ]
    with pytest.raises(actions.AlreadyInTeam):
        actions.add_of_family(case=case, person=mother, role="Mother", **said(banbury.worker))
    elsewhere = make_staffed_hub("Elsewhere")
    with pytest.raises(actions.NotOfThisHub):
        actions.add_colleague(
            case=case, worker=elsewhere.worker, role="Helps", **said(banbury.worker)
        )


def test_the_worker_leads_until_somebody_is_named_and_a_partner_may_be(banbury, case):
    organisation, partner = make_partner("Orchard School")
    agree(case, banbury.worker, organisation)
    member = join(case, banbury.worker, organisation, email=partner.email, name="Sen Co")
    lead = lambda: team.lead_of(team.members_of(banbury.worker, case), case)  # noqa: E731
    assert lead() == banbury.worker.name

    actions.lead_team(member=member, **said(banbury.worker))

    assert lead() == "Sen Co, Orchard School"
    told = notice("team_leads", partner.email)
    assert f"/cases/our-teams/{member.pk}/" in told.body and "Okafor" not in told.body
    with pytest.raises(actions.LeadsAlready):
        actions.lead_team(member=member, **said(banbury.worker))
    actions.leave_team(member=member, because="Changed school", **said(banbury.worker))
    assert lead() == banbury.worker.name
    assert LeadProfessional.objects.get().until is not None
    with pytest.raises(actions.NotInTeam):
        actions.lead_team(member=member, **said(banbury.worker))


def test_a_partner_sees_its_own_part_and_nothing_else_of_the_family(banbury, case, seen_by, client):
    organisation, partner = make_partner()
    other, _ = make_partner("Housing First")
    for one in (organisation, other):
        agree(case, banbury.worker, one)
        agree(case, banbury.worker, one, purpose="help")
    member = join(case, banbury.worker, organisation, email=partner.email)
    join(case, banbury.worker, other, email="h@housing.example", name="Howie Home")
    due = timezone.localdate() + timedelta(days=5)
    for what, whose in (("Visit on Fridays", organisation), ("Mend the boiler", other)):
        actions.plan_action(
            case=case, what=what, organisation=whose, family_known_as="A.O.", due_on=due,
            **said(banbury.worker),
        )  # fmt: skip
    actions.add_note(
        case=case, happened_at=timezone.now(), words="Secret worry", **said(banbury.worker)
    )

    client.force_login(partner)
    page = client.get(f"/cases/our-teams/{member.pk}/").content.decode()

    assert "The Okafors" in page and "Visit on Fridays" in page and "Howie Home" in page
    assert "Mend the boiler" not in page and "Secret worry" not in page
    assert client.get(f"/cases/{case.reference}/").status_code == 404
    assert client.get(f"/cases/{case.reference}/team/").status_code == 404
    seen_by(partner)
    assert [one.what for one in PlannedAction.objects.all()] == ["Visit on Fridays"]
    assert [one.pk for one in TeamMember.objects.all()] == [member.pk]


def test_when_the_agreement_is_taken_back_the_partner_sees_nothing_more(
    banbury, case, seen_by, client
):
    organisation, partner = make_partner()
    ground = agree(case, banbury.worker, organisation)
    member = join(case, banbury.worker, organisation, email=partner.email)
    actions.lead_team(member=member, **said(banbury.worker))
    at = timezone.now() + timedelta(days=3)
    actions.call_meeting(
        case=case, starts_at=at, minutes_long=60, place="The hub", agenda="", members=[member],
        **said(banbury.worker),
    )  # fmt: skip

    actions.take_back(sharing=ground, said_by="Grace Okafor", **said(banbury.worker))

    member.refresh_from_db()
    assert member.withheld_at is not None
    assert "METHOD:CANCEL" in notice("meeting_cancelled", partner.email).calendar
    assert "Okafor" not in notice("team_left", partner.email).body
    client.force_login(partner)
    assert client.get(f"/cases/our-teams/{member.pk}/").status_code == 404
    seen_by(partner)
    assert not TeamMember.objects.exists() and not TeamMeeting.objects.exists()
    seen_by(banbury.worker)
    assert team.lead_of(team.members_of(banbury.worker, case), case) == banbury.worker.name


def test_an_agreement_that_runs_out_ends_the_place_in_the_team_by_the_clock(banbury, case):
    from kith.accounts.viewer import clock

    organisation, _ = make_partner()
    today = timezone.localdate()
    agree(case, banbury.worker, organisation, until=today)
    member = join(case, banbury.worker, organisation)
    with seeing_as(clock()):
        tomorrow = timezone.now() + timedelta(days=1)
        assert actions.withhold_what_ran_out(by=clock(), at=tomorrow) == 1
        assert actions.withhold_what_ran_out(by=clock(), at=tomorrow) == 0
    member.refresh_from_db()
    assert member.withheld_at is not None


def opened_by_code(email, told="team_joined"):
    outside = Client()
    link = re.search(r"/our-team/open/[\w-]+/", notice(told, email).body)[0]
    outside.post(link, {"send": "1"})
    outside.post(link, {"code": re.search(r"\d{6}", notice("team_code", email).body)[0]})
    return outside


def test_somebody_without_an_account_opens_their_part_by_link_and_code(banbury, case):
    organisation, _ = make_partner()
    agree(case, banbury.worker, organisation)
    agree(case, banbury.worker, organisation, purpose="help")
    member = join(case, banbury.worker, organisation)
    action = actions.plan_action(
        case=case, what="Visit on Fridays", organisation=organisation, family_known_as="A.O.",
        due_on=timezone.localdate(), **said(banbury.worker),
    )  # fmt: skip
    assert Client().get("/our-team/").status_code == 404

    outside = opened_by_code(member.email)
    page = outside.get("/our-team/").content.decode()
    assert "Sam Bright, you are in this team" in page and "Visit on Fridays" in page
    done = f"/our-team/action/{action.pk}/done/"
    assert "Write what was done" in outside.post(done, {"came_of_it": ""}).content.decode()
    outside.post(done, {"came_of_it": "Went three times; she opened up."})

    with seeing_as(banbury.worker):
        action.refresh_from_db()
        assert action.done_on and action.came_of_it.startswith("Went three times")
        assert notice("partner_done", banbury.worker.email)
        actions.send_team_link(member=member, **said(banbury.worker))
    assert outside.get("/our-team/").status_code == 404, "the link before is over"
    again = opened_by_code(member.email)
    with seeing_as(banbury.worker):
        actions.leave_team(member=member, because="Moved away", **said(banbury.worker))
    assert again.get("/our-team/").status_code == 404


def test_a_message_to_somebody_without_an_account_leads_straight_on(banbury, case):
    organisation, _ = make_partner()
    agree(case, banbury.worker, organisation)
    member = join(case, banbury.worker, organisation)
    actions.call_meeting(
        case=case, starts_at=timezone.now() + timedelta(days=3), minutes_long=60, place="The hub",
        agenda="", members=[member], **said(banbury.worker),
    )  # fmt: skip
    told = notice("meeting_called", member.email)
    outside = opened_by_code(member.email, "meeting_called")
    assert "meeting" in outside.get("/our-team/").content.decode()
    before = re.search(r"/our-team/open/[\w-]+/", notice("team_joined", member.email).body)[0]
    assert Client().get(before).status_code == 200, "each message has its own way in"
    secret = re.search(r"/our-team/open/([\w-]+)/", told.body)[1]
    assert any(secret in hidden for hidden in told.secrets), "the outbox shows it to nobody"
    with seeing_as(banbury.worker):
        actions.leave_team(member=member, because="Moved away", **said(banbury.worker))
    assert outside.get("/our-team/").status_code == 404
    assert Client().get(before).status_code in (404, 410)


def test_who_has_no_account_is_told_of_what_is_theirs_to_do_with_a_way_in(banbury, case):
    organisation, _ = make_partner()
    agree(case, banbury.worker, organisation)
    agree(case, banbury.worker, organisation, purpose="help")
    member = join(case, banbury.worker, organisation)
    actions.plan_action(
        case=case, what="Visit on Fridays", organisation=organisation, family_known_as="A.O.",
        due_on=timezone.localdate(), **said(banbury.worker),
    )  # fmt: skip

    asked = notice("team_asked", member.email)
    assert "Visit on Fridays" not in asked.body and "A.O." not in asked.body
    outside = opened_by_code(member.email, "team_asked")
    assert "Visit on Fridays" in outside.get("/our-team/").content.decode()
    assert "Something for you to do" in Client().get("/our-team/").content.decode()


def test_a_link_sees_nothing_of_another_partners_action(banbury, case):
    mine, _ = make_partner()
    other, _ = make_partner("Housing First")
    agree(case, banbury.worker, mine)
    agree(case, banbury.worker, other, purpose="help")
    member = join(case, banbury.worker, mine)
    action = actions.plan_action(
        case=case, what="Mend the boiler", organisation=other, family_known_as="A.O.",
        due_on=timezone.localdate(), **said(banbury.worker),
    )  # fmt: skip
    outside = opened_by_code(member.email)
    assert outside.get(f"/our-team/action/{action.pk}/done/").status_code == 404
    with pytest.raises(PermissionDenied):
        actions.complete_action(
            action=action, came_of_it="Done", member=member, by=None, at=timezone.now()
        )


def test_closing_the_case_ends_the_team_and_cancels_its_meetings(banbury, case):
    organisation, partner = make_partner()
    agree(case, banbury.worker, organisation)
    member = join(case, banbury.worker, organisation, email=partner.email)
    actions.call_meeting(
        case=case, starts_at=timezone.now() + timedelta(days=3), minutes_long=60, place="The hub",
        agenda="", members=[member], **said(banbury.worker),
    )  # fmt: skip
    with seeing_as(banbury.manager):
        actions.close(
            case=case, reason="goals_met", outcome="better", words="All is well.",
            **said(banbury.manager),
        )  # fmt: skip
    member.refresh_from_db()
    assert member.until == timezone.localdate()
    assert TeamMeeting.objects.get().cancelled_at is not None
    assert notice("meeting_cancelled", partner.email) and notice("team_left", partner.email)


def test_only_the_hub_changes_the_team(banbury, case, seen_by):
    organisation, partner = make_partner()
    agree(case, banbury.worker, organisation)
    member = join(case, banbury.worker, organisation, email=partner.email)
    seen_by(partner)
    for change in (
        lambda: actions.leave_team(member=member, because="No", **said(partner)),
        lambda: actions.lead_team(member=member, **said(partner)),
        lambda: actions.send_team_link(member=member, **said(partner)),
    ):
        # The case is not there for a partner, so there is nothing to change.
        with pytest.raises(Case.DoesNotExist):
            change()


def test_the_database_shows_a_stranger_nothing_of_any_team(banbury, case, seen_by):
    organisation, partner = make_partner()
    _, stranger = make_partner("Elsewhere")
    agree(case, banbury.worker, organisation)
    member = join(case, banbury.worker, organisation, email=partner.email)
    actions.call_meeting(
        case=case, starts_at=timezone.now() + timedelta(days=3), minutes_long=60, place="The hub",
        agenda="About the boiler", members=[member], **said(banbury.worker),
    )  # fmt: skip
    seen_by(stranger)
    with connection.cursor() as cursor:
        for table in ("teammember", "teammemberevent", "teampage", "teammeeting", "meetingseat",
                      "teammeetingevent", "minutes", "minutescopy"):  # fmt: skip
            cursor.execute(f"select count(*) from casework_{table}")
            assert cursor.fetchone() == (0,), table
    assert not Minutes.objects.exists() and not Sharing.objects.exists()


def test_the_pages_of_the_hub_add_lead_and_let_go(banbury, case, client):
    organisation, _ = make_partner()
    agree(case, banbury.worker, organisation)
    client.force_login(banbury.worker)
    at = f"/cases/{case.reference}/team/"
    assert "Nobody has been asked to join yet" in client.get(at).content.decode()
    form = {"kind": "partner", "organisation": organisation.pk, "role": "Health visitor"}
    refused = client.post(at + "add/", form).content.decode()
    assert "Write their name" in refused and "Write their e-mail address" in refused
    client.post(
        at + "add/",
        {**form, "name": "Sam Bright", "email": "sam@hs.example", "family_known_as": "The Okafors"},
    )
    member = TeamMember.objects.get()
    client.post(at + "lead/", {"member": member.pk})
    page = client.get(at).content.decode()
    assert "Sam Bright" in page and "Leads the team" in page
    client.post(f"{at}{member.pk}/link/")
    with seeing_as(front_door()):
        assert Notice.objects.filter(key="casework.team_joined").count() == 2
    client.post(f"{at}{member.pk}/leave/", {"reason": "New job"})
    page = client.get(at).content.decode()
    assert "Who was in the team before" in page and "New job" in page


def test_whoever_no_longer_acts_for_a_partner_sees_its_team_no_more(banbury, case, seen_by, client):
    organisation, partner = make_partner("Orchard School")
    other, _ = make_partner("Elsewhere")
    agree(case, banbury.worker, organisation)
    member = join(case, banbury.worker, organisation, email=partner.email)
    actions.lead_team(member=member, **said(banbury.worker))
    client.force_login(partner)
    at = f"/cases/{case.reference}/team/"
    assert client.get(at).status_code == 200
    with seeing_as(front_door()):
        partner.memberships.update(team=other.team)

    assert client.get(at).status_code == 404
    assert client.get(f"/cases/our-teams/{member.pk}/").status_code == 404
    seen_by(partner)
    assert not TeamMember.objects.exists()


def test_a_colleague_who_has_left_the_hub_does_not_see_the_team_for_having_led_it(
    banbury, case, seen_by, client
):
    member = actions.add_colleague(
        case=case, worker=banbury.worker, role="Worker", **said(banbury.worker)
    )
    actions.lead_team(member=member, **said(banbury.worker))
    with seeing_as(front_door()):
        banbury.worker.memberships.update(team=make_staffed_hub("Witney").team)
    client.force_login(banbury.worker)
    assert client.get(f"/cases/{case.reference}/team/").status_code == 404
    seen_by(banbury.worker)
    assert not TeamMember.objects.exists()


def test_when_another_hub_takes_over_its_colleagues_leave_and_partners_stay(banbury, case):
    organisation, _ = make_partner()
    agree(case, banbury.worker, organisation)
    join(case, banbury.worker, organisation)
    actions.add_colleague(case=case, worker=banbury.worker, role="Worker", **said(banbury.worker))
    witney = make_staffed_hub("Witney")
    with seeing_as(banbury.manager):
        hand_over(case, witney.hub, banbury.manager, timezone.now())
    with seeing_as(witney.worker):
        here = [one.name for one in team.members_of(witney.worker, case) if one.until is None]
    assert here == ["Sam Bright"]
