"""Children's social care is asked to take a family up; the case stays until it has answered."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import clock, front_door, see_as
from kith.casework import actions, own_page, sharing, stepping_up
from kith.casework.chronology import chronology
from kith.casework.models import Case, FamilyPage, Sharing, StepUp
from kith.families.actions import add_address, restrict
from kith.notices.models import Notice
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import (
    ask_social_care,
    make_case,
    make_social_care,
    make_staffed_hub,
    step_up,
)

pytestmark = pytest.mark.django_db
ENDING = {"outcome": "worse", "words": "Social care leads now."}


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury, at):
    return make_case(banbury, worker=banbury.worker, at=at)


def browser(user=None):
    client = Client()
    if user:
        client.force_login(user)
    return client


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sent(key, viewer):
    see_as(clock())
    found = list(Notice.objects.filter(key=key).order_by("made_at", "pk"))
    see_as(viewer)
    return found


def test_a_worker_asks_and_the_manager_decides_before_anything_is_sent(banbury, case, at, seen_by):
    seen_by(banbury.worker)
    for missing, refusal in (
        ({"reason": ""}, actions.ReasonMissing),
        ({"tried": " "}, actions.WordsMissing),
        ({"ground_reason": ""}, actions.WordsMissing),
        ({"ground": "consent"}, actions.WordsMissing),
    ):
        with pytest.raises(refusal):
            ask_social_care(case, banbury.worker, at, **missing)
    asked = ask_social_care(case, banbury.worker, at)
    with pytest.raises(actions.SteppedUpAlready):
        ask_social_care(case, banbury.worker, at)
    assert [one.to for one in sent("casework.step_up_asked", banbury.worker)] == [
        banbury.manager.email
    ]
    for act in (actions.refuse_step_up, actions.send_step_up, actions.withdraw_step_up):
        said = {"way": "email"} if act is actions.send_step_up else {"reason": "x"}
        with pytest.raises(PermissionDenied):
            act(step_up=asked, by=banbury.worker, at=at, **said)
    assert not sent("casework.step_up", banbury.worker) and not asked.document

    seen_by(banbury.manager)
    actions.refuse_step_up(step_up=asked, reason="Not yet", by=banbury.manager, at=at)

    assert StepUp.objects.get().state == "refused"
    assert not Sharing.objects.filter(purpose="step_up").exists()
    with pytest.raises(actions.StepUpOver):
        actions.send_step_up(step_up=asked, way="email", by=banbury.manager, at=at)
    assert [one.to for one in sent("casework.step_up_news", banbury.manager)] == [
        banbury.worker.email
    ]


def test_what_is_sent_rests_on_a_ground_and_is_kept_as_it_was(banbury, case, at, seen_by):
    desk = make_social_care(email="")
    seen_by(banbury.manager)
    asked = ask_social_care(case, banbury.manager, at)
    with pytest.raises(actions.NoAddress):
        actions.send_step_up(step_up=asked, way="email", by=banbury.manager, at=at)
    with pytest.raises(actions.WordsMissing):
        actions.send_step_up(step_up=asked, way="phone", by=banbury.manager, at=at)
    actions.send_step_up(
        step_up=asked, way="phone", spoke_with="Sol Care", by=banbury.manager, at=at
    )
    asked.refresh_from_db()
    said = str(asked.document)
    assert "Ada Okafor" in said and "born 2 March 2014" in said and "left alone" in said
    rests = asked.sharing
    assert (rests.purpose, rests.ground, rests.organisation) == ("step_up", "public_task", desk)
    assert rests.decided_by == banbury.manager

    # That it is asked without the family's word does not stand on the family's own page.
    seen_by(front_door())
    mother = case.family.memberships.get(role="mother").person
    page = FamilyPage.objects.create(
        family=case.family, person=mother, name="Grace", made_at=at, made_by=banbury.worker
    )
    assert rests in [one.sharing for one in sharing.agreed(front_door(), case.family, at.date())]
    shown = own_page.read(None, page, timezone.now()).agreed
    assert rests not in [one.sharing for one in shown]

    agreed = make_case(banbury, worker=banbury.worker, at=at)
    seen_by(banbury.manager)
    consent = {"ground": "consent", "agreed_by": "Grace Okafor", "giver": "parent", "how": "spoken"}
    other = ask_social_care(agreed, banbury.manager, at, **consent)
    sent_up = actions.send_step_up(
        step_up=other, way="phone", spoke_with="S", by=banbury.manager, at=at
    )
    assert (sent_up.sharing.ground, sent_up.sharing.given_by) == ("consent", "Grace Okafor")


def test_what_is_sent_says_which_address_is_kept_secret_and_that_there_is_one(
    banbury, case, at, seen_by
):
    make_social_care()
    lead = make_user("county_lead", make_team("Leads", "desk"))
    seen_by(banbury.manager)
    home = add_address(
        family=case.family, lines="The refuge", postcode="OX16 5QB", by=banbury.manager, at=at
    )
    restrict(
        family=case.family, reason="refuge", words="He looks for them.", address=home,
        people=[banbury.manager], by=banbury.manager, at=at,
    )  # fmt: skip
    asked = ask_social_care(case, banbury.manager, at)

    named = str(stepping_up.document(banbury.manager, asked, case, banbury.manager, at))
    seen_by(lead)
    other = str(stepping_up.document(lead, asked, case, lead, at))

    assert "The refuge, OX16 5QB (KEPT SECRET: tell nobody where it is, whoever asks)" in named
    assert "refuge, OX16" not in other and "kept to named people of the hub" in other
    # Who knows the address is named to nobody outside, and a lead is not called the hub's manager.
    assert "Address withheld" not in other and str(banbury.manager) not in other
    assert f"{lead}, county lead" in other and f"{banbury.manager}, manager" in named


def test_the_case_stays_until_social_care_has_decided_and_closes_only_if_it_took_it_up(
    banbury, case, at, seen_by
):
    seen_by(banbury.manager)
    say = {"by": banbury.manager, "at": at}
    with pytest.raises(actions.NotTakenUp):
        actions.close(case=case, reason="stepped_up", **ENDING, **say)
    asked = ask_social_care(case, banbury.manager, at)
    with pytest.raises(actions.NotPossible, match="Social care is being asked"):
        actions.close(case=case, reason="goals_met", **ENDING, **say)
    actions.send_step_up(step_up=asked, way="phone", spoke_with="S", **say)
    with pytest.raises(actions.WordsMissing, match="who at social care"):
        actions.keep_receipt(step_up=asked, received_by=" ", **say)
    with pytest.raises(actions.InTheFuture):
        actions.keep_receipt(
            step_up=asked, received_by="S", received_at=at + timedelta(hours=1), **say
        )
    actions.keep_receipt(step_up=asked, received_by="Sol Care", their_reference="M-12", **say)
    with pytest.raises(actions.WordsMissing, match="how to go on"):
        actions.keep_decision(step_up=asked, decision="back", **say)
    actions.keep_decision(step_up=asked, decision="back", words="Go on with the plan.", **say)
    with pytest.raises(actions.NotTakenUp):
        actions.close(case=case, reason="stepped_up", **ENDING, **say)

    step_up(case, banbury.manager, at + timedelta(minutes=1))
    page = Client()
    page.force_login(banbury.manager)
    here = reverse("casework:case", args=[case.reference])
    assert "The case can close." in page.get(here).content.decode()
    seen_by(banbury.manager)
    closed = actions.close(case=case, reason="stepped_up", **ENDING, **say)

    assert closed.status == "closed"
    later = at + timedelta(days=1)
    actions.reopen(case=case, reason="Back", by=banbury.manager, at=later)
    assert "The case can close." not in page.get(here).content.decode()
    seen_by(banbury.manager)
    with pytest.raises(actions.NotTakenUp):  # what was decided before does not count again
        actions.close(case=case, reason="stepped_up", **ENDING, by=banbury.manager, at=later)
    titles = [event.title for event in chronology(banbury.manager, case.family, {"case"})]
    assert titles.count("MASH was asked to take the family up") == 2
    assert titles.count("MASH has decided") == 2


def test_social_care_reads_answers_and_decides_by_its_private_link_alone(banbury, case, seen_by):
    at = timezone.now()
    seen_by(banbury.manager)
    asked = ask_social_care(case, banbury.manager, at)
    other = ask_social_care(make_case(banbury, at=at), banbury.manager, at)
    actions.send_step_up(step_up=asked, way="email", by=banbury.manager, at=at)
    later = at + timedelta(seconds=1)
    actions.send_step_up(step_up=other, way="email", by=banbury.manager, at=later)
    first = sent("casework.step_up", banbury.manager)[0]
    assert first.to == "mash@kith.example" and "Okafor" not in first.body + first.subject
    [link] = re.findall(r"http\S+(/social-care/open/\S+/)", first.body)
    outside = browser()
    assert outside.get(reverse("step_up:page")).status_code == 404

    asked_for = outside.get(link)
    assert "left alone" not in words(asked_for) and "m…@kith.example" in words(asked_for)
    assert outside.get(reverse("step_up:page")).status_code == 404, "the link alone opens nothing"
    outside.post(link, {"send": "1"})
    code = sent("casework.step_up_code", banbury.manager)[0]
    assert code.to == first.to and "Okafor" not in code.body + code.subject
    right = re.search(r"\d{6}", code.body)[0]
    wrong = outside.post(link, {"code": f"{(int(right) + 1) % 1_000_000:06}"})
    assert "That is not the code" in words(wrong)
    assert outside.get(reverse("step_up:pdf")).status_code == 404

    opened = outside.post(link, {"code": right}, follow=True)

    assert opened.redirect_chain[-1][0] == reverse("step_up:page")  # the secret has left
    assert "Ada Okafor" in words(opened) and "left alone" in words(opened)
    assert outside.get(reverse("step_up:pdf")).content.startswith(b"%PDF")
    assert outside.get(reverse("casework:case", args=[case.reference])).status_code == 302
    wrong = outside.post(reverse("step_up:receipt"), {"received_by": ""})
    assert "Enter your name and role" in words(wrong)
    outside.post(reverse("step_up:receipt"), {"received_by": "Sol Care", "their_reference": "M-12"})
    see_as(banbury.manager)
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.state, asked.received_by, asked.their_reference) == (
        "received",
        "Sol Care",
        "M-12",
    )
    assert (other.state, asked.receipt_kept_by) == ("sent", None)
    refused = outside.post(reverse("step_up:decision"), {"decided-decision": "back"})
    assert "Write why" in words(refused)
    done = outside.post(
        reverse("step_up:decision"),
        {"decided-decision": "accepted", "decided-words": "From Monday"},
    )
    assert "The hub has your decision" in words(done)
    assert browser().get(link).status_code == 404  # over
    see_as(banbury.manager)
    asked.refresh_from_db()
    assert (asked.decision, Case.objects.get(pk=case.pk).status) == ("accepted", "open")
    page = browser(banbury.manager).get(reverse("casework:case", args=[case.reference]))
    assert "takes the family up. The case can close." in words(page)
    told = [one.to for one in sent("casework.step_up_news", banbury.manager)]
    assert told.count(banbury.worker.email) == told.count(banbury.manager.email) == 2
    assert asked.decision_kept_by is None


def test_a_county_lead_approves_for_a_hub_and_says_why(banbury, case, at, seen_by):
    lead = make_user("county_lead", make_team("Leads", "desk"))
    seen_by(banbury.worker)
    asked = ask_social_care(case, banbury.worker, at)
    page = reverse("casework:send_step_up", args=[asked.pk])
    seen_by(lead)
    with pytest.raises(actions.InsteadOfWhom):
        actions.send_step_up(step_up=asked, way="email", by=lead, at=at)
    of_the_hub = browser(banbury.manager).get(page)
    assert "no manager of the hub?" not in words(of_the_hub)
    desk = browser(lead)
    assert "Write why no manager of the hub decides" in words(desk.post(page, {"way": "email"}))

    desk.post(page, {"way": "email", "instead": "Robin is ill, and nobody covers."})

    with_consent = {"ground": "consent", "agreed_by": "Grace", "giver": "parent", "how": "spoken"}
    see_as(banbury.worker)
    agreed = ask_social_care(make_case(banbury, at=at), banbury.worker, at, **with_consent)
    see_as(lead)
    alone = {"way": "phone", "spoke_with": "Sol Care", "instead": "Nobody is there."}
    sent_on = actions.send_step_up(step_up=agreed, by=lead, at=at, **alone)
    assert sent_on.sharing.given_by == "Grace"
    told = {one.to for one in sent("casework.step_up_by_lead", lead)}
    assert not any("your place" in one.body for one in sent("casework.step_up_by_lead", lead))
    assert told == {banbury.manager.email, banbury.worker.email}
    see_as(banbury.manager)
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("sent", lead)
    one = browser(banbury.manager).get(reverse("casework:step_up", args=[asked.pk]))
    assert "Robin is ill, and nobody covers." in words(one)


def test_a_link_shows_nothing_but_its_own_request(banbury, case, at, seen_by):
    seen_by(banbury.manager)
    asked = ask_social_care(case, banbury.manager, at)
    actions.send_step_up(step_up=asked, way="email", by=banbury.manager, at=at)
    see_as(None, link_hash="of no link")
    assert not StepUp.objects.exists()
    with pytest.raises(PermissionDenied):
        actions.keep_receipt(step_up=asked, received_by="Mallory", by=None, at=at)
    see_as(make_staffed_hub("Witney").manager)
    assert not StepUp.objects.exists()


def test_social_care_is_asked_for_its_receipt_each_working_day_with_a_new_link(
    banbury, case, at, seen_by
):
    seen_by(banbury.manager)
    asked = ask_social_care(case, banbury.manager, at)
    actions.send_step_up(step_up=asked, way="email", by=banbury.manager, at=at)
    seen_by(clock())
    chase = {"by": clock()}
    assert actions.chase_step_ups(at=at + timedelta(hours=2), **chase) == 0
    assert actions.chase_step_ups(at=at + timedelta(days=2), **chase) == 1
    assert actions.chase_step_ups(at=at + timedelta(days=2), **chase) == 1  # sent once
    [chased] = sent("casework.step_up_chased", clock())
    [first] = sent("casework.step_up", clock())
    assert {one.to for one in sent("casework.step_up_waits", clock())} == {
        banbury.manager.email,
        banbury.worker.email,
    }
    [old], [new] = (
        re.findall(r"http\S+(/social-care/open/\S+/)", one.body) for one in (first, chased)
    )
    assert old != new and browser().get(old).status_code == 404
    seen_by(banbury.manager)
    actions.keep_receipt(
        step_up=asked, received_by="Sol", by=banbury.manager, at=at + timedelta(days=2)
    )
    seen_by(clock())
    assert actions.chase_step_ups(at=at + timedelta(days=3), **chase) == 0
    assert actions.chase_step_ups(at=at + timedelta(days=9), **chase) == 1  # not decided


def test_the_pages_lead_the_worker_and_the_manager_through(banbury, case):
    desk = make_social_care()
    worker, manager = browser(banbury.worker), browser(banbury.manager)
    here = reverse("casework:ask_step_up", args=[case.reference])
    answers = {
        "organisation": desk.pk,
        "reason": "Left alone",
        "tried": "Evenings",
        "agreed": "yes",
    }
    assert "Choose who agreed" in words(worker.post(here, answers))
    shown = words(worker.get(here))
    assert "Grace Okafor" in shown
    see_as(banbury.worker)
    person = case.family.memberships.get(role="mother").person_id
    asked = worker.post(here, answers | {"who": person, "how": "spoken"}, follow=True)
    assert "Your manager is asked" in words(asked)
    assert "the manager has not decided yet" in words(asked)
    see_as(banbury.worker)
    page = reverse("casework:step_up", args=[StepUp.objects.get().pk])
    assert "Approve and send" not in words(worker.get(page))
    shown = manager.get(page)
    assert "Approve and send" in words(shown)
    send = reverse("casework:send_step_up", args=[StepUp.objects.get().pk])
    assert "Say with whom you spoke" in words(manager.post(send, {"way": "phone"}))
    assert "is asked" in words(manager.post(send, {"way": "email"}, follow=True))
    assert "No receipt yet" in words(worker.get(reverse("casework:step_ups")))
