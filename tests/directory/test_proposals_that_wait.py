"""Changes to entries that nobody answers: whose mailbox is told, and when."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import Membership, Team
from kith.accounts.viewer import clock, seeing_as
from kith.directory import actions, proposed
from kith.directory.actions import Told, set_up_terms
from kith.directory.models import Proposal, Provider, Term
from kith.hubs.models import ClosedDay
from kith.notices.models import Notice
from kith.partners.models import Organisation
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
SENT = datetime(2026, 11, 2, 15, tzinfo=LONDON)  # a Monday


@pytest.fixture
def desk():
    make_places()
    set_up_terms()
    team = make_team("County desk", "desk")
    Team.objects.filter(pk=team.pk).update(email="desk@county.example")
    return team


@pytest.fixture
def hub(desk):
    hub = make_hub("Banbury")
    Team.objects.filter(pk=hub.team.pk).update(email="banbury@county.example")
    return hub


@pytest.fixture
def lead(desk):
    return make_user("county_lead", desk, "Priya Lead")


@pytest.fixture
def sender(hub):
    team = make_team("Banbury School", "partner")
    school = Organisation.objects.create(
        name="Banbury School", kind="school", phase="primary", team=team
    )
    Provider.objects.create(name="Banbury School", description="A school.", partner=school)
    return make_user("referrer", team, "Sam Field")


@pytest.fixture
def send(sender):
    provider = Provider.objects.get(name="Banbury School")
    kind = Term.objects.get(name="Activities")

    def send(name, at=SENT, service=None, known=None):
        return actions.propose(
            provider=provider, service=service, details=Told(provider, name, "Toast.", (kind,)),
            known=known, revision=known.revision if known else 0, by=sender, at=at,
        )  # fmt: skip

    return send


def chase(day, hour=7):
    at = datetime(2026, 11, day, hour, tzinfo=LONDON)
    with seeing_as(clock()):
        return actions.chase_proposals(by=clock(), at=at)


def letters(to):
    with seeing_as(clock()):
        return list(
            Notice.objects.filter(to=to, key="directory.proposals_wait").order_by("made_at", "pk")
        )


def test_who_keeps_the_entry_is_told_after_five_working_days_and_who_leads_after_ten(
    hub, lead, send
):
    club = make_service("Club", provider="Banbury School", place=make_place(hub=hub))
    send("Breakfast club", service=club)
    send("Café")

    assert chase(9) == 0, "the fifth working day"
    assert chase(10) == 2
    (letter,) = letters("banbury@county.example")
    assert (
        "- Breakfast club (Banbury School): 6 working days" in letter.body
        and "Café" not in letter.body
    )
    assert "/directory/proposals/" in letter.body
    (letter,) = letters("desk@county.example")
    assert "Café" in letter.body and "Breakfast" not in letter.body
    assert not letters(lead.email)

    chase(10, 9)
    assert len(letters("desk@county.example")) == 1, "done twice"
    chase(16)
    assert not letters(lead.email), "the tenth working day"
    chase(17)
    (letter,) = letters(lead.email)
    assert "Priya Lead" in letter.body and "Breakfast club" in letter.body and "Café" in letter.body
    chase(18)
    assert len(letters(lead.email)) == len(letters("banbury@county.example")) == 1


def test_nobody_is_written_to_again_until_another_has_waited_as_long(desk, send):
    send("Café")
    send("Choir", at=SENT + timedelta(days=2))
    chase(10)
    chase(11)
    assert len(letters("desk@county.example")) == 1
    chase(12)
    (_, letter) = letters("desk@county.example")
    assert "Café (Banbury School): 8 working days" in letter.body and "Choir" in letter.body


def test_weekends_and_closed_days_do_not_count_and_nothing_is_written_on_them(desk, send):
    ClosedDay.objects.create(day=datetime(2026, 11, 10).date(), name="Closed")
    send("Café")
    assert chase(10) == chase(14) == 0
    assert chase(11) == 1


def test_what_is_answered_is_not_chased_and_what_is_sent_again_waits_anew(hub, desk, lead, send):
    proposal = send("Café")
    manager = make_user("hub_manager", hub.team)
    actions.send_back(
        proposal=proposal, reason="From which age?", mark=proposed.mark_of(proposal), by=manager,
        at=SENT + timedelta(days=1),
    )  # fmt: skip
    chase(12)
    assert not letters("desk@county.example")
    proposal.refresh_from_db()
    send("Café for all", at=datetime(2026, 11, 12, 9, tzinfo=LONDON), known=proposal)
    chase(19)
    assert not letters("desk@county.example")
    chase(20)
    assert len(letters("desk@county.example")) == 1


def test_only_who_leads_today_is_told(desk, lead, send):
    gone = make_user("county_lead", desk, "Gone Lead")
    Membership.objects.filter(user=gone).update(
        since=datetime(2026, 1, 1).date(), until=datetime(2026, 11, 17).date()
    )
    send("Café")
    chase(17)
    assert letters(lead.email) and not letters(gone.email)


def test_only_the_clock_chases(lead):
    with pytest.raises(PermissionDenied):
        actions.chase_proposals(by=lead, at=SENT)


def test_today_and_the_list_say_how_long_a_change_has_waited(client, hub, send):
    manager = make_user("hub_manager", hub.team)
    client.force_login(manager)
    proposal = send("Café", at=timezone.now())
    page = client.get("/directory/proposals/").content.decode()
    assert "Café" in page and "Waits too long" not in page

    Proposal.objects.filter(pk=proposal.pk).update(made_at=timezone.now() - timedelta(days=14))
    page = client.get("/directory/proposals/").content.decode()
    assert "Waiting 10 working days." in page and "Waits too long" in page
    assert "The longest has waited 10 working days." in client.get(reverse("home")).content.decode()
