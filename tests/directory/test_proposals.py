"""What a partner proposes of its own services, and what those who keep the directory make of it."""

from random import Random

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from kith.accounts.viewer import clock, seeing_as
from kith.analytics.apart import words_apart
from kith.directory import actions, proposed
from kith.directory.actions import DirectoryRefused, Told, set_up_terms
from kith.directory.models import Proposal, Provider, Service, Tag, Term
from kith.notices.models import Notice
from kith.partners.models import Organisation
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_service
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    make_places()
    set_up_terms()
    return make_user("hub_manager", make_hub("Banbury").team, "Mia Manager")


@pytest.fixture
def sender(manager):
    team = make_team("Banbury School", "partner")
    school = Organisation.objects.create(name="Banbury School", kind="school", phase="primary", team=team)  # fmt: skip
    Provider.objects.create(name="Banbury School", description="A school.", partner=school)
    return make_user("referrer", team, "Sam Field")


@pytest.fixture
def club(sender):
    service = make_service("Club", provider="Banbury School", phone="01632 960 001", description="Toast and tea.")  # fmt: skip
    Tag.objects.create(service=service, term=Term.objects.get(name="Activities"))
    return service


def said(by):
    return {"by": by, "at": timezone.now()}


def told(service, **changes):
    terms = tuple(tag.term for tag in service.tags.all())
    given = {"name": service.name, "description": service.description, "phone": service.phone}
    return Told(service.provider, **{**given, **changes}, terms=terms)


def propose(service, by, words="", **changes):
    return actions.propose(
        provider=service.provider, service=service, details=told(service, **changes), words=words, **said(by)
    )  # fmt: skip


def test_what_a_partner_proposes_is_read_by_everybody_only_once_it_is_approved(
    club, sender, manager, client
):
    proposal = propose(club, sender, description="Toast, fruit and tea.")
    page = f"/find-help/{club.uid}/"
    assert "fruit" not in client.get(page).content.decode()

    client.force_login(manager)
    assert "Club" in client.get("/directory/proposals/").content.decode()
    shown = client.get(f"/directory/proposals/{proposal.uid}/")
    assert '<ins><span class="govuk-visually-hidden">put in: </span>' in shown.content.decode()
    mark = shown.context["form"]["mark"].value()
    given = {"mark": mark, "description": "proposed"}
    assert client.post(f"/directory/proposals/{proposal.uid}/", given).status_code == 302

    client.logout()
    assert "Toast, fruit and tea." in client.get(page).content.decode()
    club.refresh_from_db()
    assert (club.assured_by, club.assured_on) == ("Banbury School", timezone.localdate())
    with seeing_as(clock()):
        told_of = Notice.objects.filter(key="directory.proposal_decided", to=sender.email)
        assert told_of.count() == 1


def test_a_partner_proposes_on_screen_for_its_own_services_alone(club, sender, manager, client):
    others = make_service("Theirs")
    client.force_login(sender)
    assert "Club" in client.get("/our-services/").content.decode()
    assert client.get(f"/our-services/{others.uid}/").status_code == 404
    assert client.get("/directory/proposals/").status_code == 403
    shown = client.get(f"/our-services/{club.uid}/").content.decode()
    assert 'value="Club"' in shown and "Publish it" not in shown

    given = {"name": "Club", "description": "Toast and tea.", "phone": "01632 960 001", "route": "contact",
             "status": "active", "taking": "open", "kinds": [Term.objects.get(name="Activities").code]}  # fmt: skip
    same = client.post(f"/our-services/{club.uid}/", given).content.decode()
    assert "Nothing is different" in same
    client.post(f"/our-services/{club.uid}/", {**given, "oldest": "old"})
    assert not Proposal.objects.exists()
    client.post(f"/our-services/{club.uid}/", {**given, "oldest": "11"})
    proposal = Proposal.objects.get()
    assert [line.label for line in proposed.lines_of(proposal)] == ["Up to which age"]
    assert "Waiting for an answer" in client.get("/our-services/").content.decode()

    mark = proposed.mark_of(proposal)
    actions.send_back(proposal=proposal, reason="And from?", mark=mark, **said(manager))
    assert "And from?" in client.get("/our-services/").content.decode()
    again = f"/our-services/proposed/{proposal.uid}/"
    assert 'value="11"' in client.get(again).content.decode()
    stale = client.post(again, {**given, "oldest": "11", "youngest": "5", "revision": "7"})
    assert "changed or decided while you wrote" in stale.content.decode()
    client.post(again, {**given, "oldest": "11", "youngest": "5", "revision": "1"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.revision) == ("waiting", 2)
    with pytest.raises(PermissionDenied):
        propose(others, sender, name="Ours now")


def test_a_new_service_is_there_once_it_is_approved(sender, manager, client):
    provider = Provider.objects.get()
    details = Told(
        provider, "Café", "Coffee.", (Term.objects.get(name="Activities"),), route="come"
    )
    proposal = actions.propose(provider=provider, service=None, details=details, **said(sender))
    client.force_login(manager)
    shown = client.get(f"/directory/proposals/{proposal.uid}/")
    assert not Service.objects.exists()
    mark = shown.context["form"]["mark"].value()
    client.post(f"/directory/proposals/{proposal.uid}/", {"mark": mark})
    service = Service.objects.get()
    assert (service.name, service.published, service.provider) == ("Café", True, provider)


def test_a_new_service_is_proposed_with_its_place_and_times(sender, manager, client):
    client.force_login(sender)
    form = client.get("/our-services/add/").context["form"].held
    place, times = form.new_place.prefix, form.new_times[0].prefix
    given = {
        "name": "Café", "description": "Coffee.", "route": "come", "status": "active", "taking": "open",
        "kinds": [Term.objects.get(name="Activities").code], f"{place}-name": "School hall",
        f"{place}-postcode": "OX16 1AB", f"{times}-every": "week", f"{times}-weekday": "4",
        f"{times}-opens": "9am", f"{times}-held": place,
    }  # fmt: skip
    assert client.post("/our-services/add/", given).status_code == 302
    assert "Every Friday, 9am" in client.get("/our-services/").content.decode()
    proposal = Proposal.objects.get()
    actions.approve(proposal=proposal, mark=proposed.mark_of(proposal), **said(manager))
    schedule = Service.objects.get(name="Café").schedules.get()
    assert (schedule.weekday, schedule.at_place.place.name) == (4, "School hall")


def test_what_somebody_else_changed_meanwhile_is_not_lost_and_a_person_decides(
    club, sender, manager, client
):
    proposal = propose(club, sender, phone="01632 960 002", description="Tea.")
    mark = proposed.mark_of(proposal)
    details = told(club, phone="01632 960 003", cost="Free", published=True)
    actions.write_service(details=details, known=club, **said(manager))

    with pytest.raises(DirectoryRefused, match="changed while you read"):
        actions.approve(proposal=proposal, mark=mark, **said(manager))
    client.force_login(manager)
    address = f"/directory/proposals/{proposal.uid}/"
    shown = client.get(address)
    page = shown.content.decode()
    assert all(f"01632 960 00{digit}" in page for digit in "123") and "changed it since" in page
    mark = shown.context["form"]["mark"].value()
    asked = client.post(address, {"mark": mark, "description": "proposed"}).content.decode()
    assert "Choose what is to stand: Telephone" in asked
    client.post(address, {"mark": mark, "description": "proposed", "phone": "now"})
    club.refresh_from_db()
    assert (club.phone, club.description, club.cost) == ("01632 960 003", "Tea.", "Free")


def test_a_keeper_says_it_in_other_words_and_whoever_proposed_it_is_told(
    club, sender, manager, client
):
    proposal = propose(club, sender, description="BEST tea EVER!!!", phone="01632 960 002", cost="£1", email="club@school.example")  # fmt: skip
    client.force_login(manager)
    address = f"/directory/proposals/{proposal.uid}/"
    given = {"mark": proposed.mark_of(proposal), "description": "reworded", "phone": "now", "cost": "proposed",
             "email": "reworded", "say-email": "club@school.example", "say-phone": "", "say-cost": ""}  # fmt: skip
    empty = client.post(address, {**given, "say-description": ""})
    assert "Enter what is to stand" in empty.content.decode()
    wrong = client.post(address, {**given, "say-description": "Tea.", "say-email": "club"})
    assert "Tea." in wrong.content.decode() and Proposal.objects.get().state == "waiting"
    with pytest.raises(DirectoryRefused, match="Only words and times"):
        actions.approve(proposal=proposal, reworded={"name": "Ha"}, mark=given["mark"], **said(manager))  # fmt: skip
    assert client.post(address, {**given, "say-description": "Good tea."}).status_code == 302

    club.refresh_from_db()
    assert (club.description, club.phone, club.cost) == ("Good tea.", "01632 960 001", "£1")
    with seeing_as(clock()):
        letter = Notice.objects.get(key="directory.proposal_decided")
    assert "What it is: we put it differently, “Good tea.”" in letter.body
    assert "Telephone: this stays as it was." in letter.body and "Cost" not in letter.body
    client.force_login(sender)
    assert "“Good tea.”" in client.get("/our-services/").content.decode()


def test_two_who_decide_at_once_decide_once(club, sender, manager):
    proposal = propose(club, sender, name="Club for all")
    mark, seen_by_both = proposed.mark_of(proposal), Proposal.objects.get()
    actions.send_back(proposal=proposal, reason="Why?", mark=mark, **said(manager))
    with pytest.raises(DirectoryRefused, match="just decided"):
        actions.approve(proposal=seen_by_both, mark=mark, **said(manager))
    club.refresh_from_db()
    assert club.name == "Club"


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_order_a_proposal_goes_only_ways_that_there_are(club, sender, manager, seed):
    dice, ways = Random(seed), set()
    for number in range(15):
        there = Proposal.objects.filter(state__in=["waiting", "sent_back"]).first()
        one = Proposal.objects.order_by("pk").last()
        before = one.state if one else "none"
        mark = proposed.mark_of(one) if one else ""
        act = dice.choice(["propose", "approve", "back", "withdraw"])
        try:
            match act:
                case "propose":
                    actions.propose(
                        provider=club.provider, service=club, details=told(club, cost=f"£{number}"), known=there,
                        revision=there.revision if there else 0, **said(sender),
                    )  # fmt: skip
                case "approve" if one:
                    actions.approve(proposal=one, mark=mark, **said(manager))
                case "back" if one:
                    actions.send_back(proposal=one, reason="No", mark=mark, **said(manager))
                case "withdraw" if one:
                    actions.withdraw(proposal=one, **said(sender))
        except DirectoryRefused:
            act = "refused"
        ways.add((before, act))
        assert Proposal.objects.filter(state__in=["waiting", "sent_back"]).count() <= 1
    over = {"approved", "withdrawn"}
    assert not {(state, act) for state, act in ways if state in over and act in ("approve", "back", "withdraw")}  # fmt: skip
    assert not {("sent_back", "approve"), ("sent_back", "back")} & ways


@pytest.mark.parametrize(
    ("before", "after"),
    [("Toast and tea.", "Toast, fruit and tea."), ("", "New"), ("Old", ""), ("a" * 9_000, "b c " * 2_500)],
)  # fmt: skip
def test_words_that_go_and_come_make_up_both_texts(before, after):
    parts = words_apart(before, after)
    assert "".join(words for kind, words in parts if kind != "added") == before
    assert "".join(words for kind, words in parts if kind != "removed") == after
