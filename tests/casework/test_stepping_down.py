"""Children's social care passes a family to early help, and hears that the hub has it."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import clock, see_as
from kith.notices.models import Notice
from kith.partners.models import Organisation
from kith.referrals import actions, desk
from kith.referrals.models import Referral, StepDown
from kith.returns.gathering import Gathering
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_desk, make_staffed_hub
from tests.factories.referrals import make_referral
from tests.referrals.asking import Asker, set_the_scene

pytestmark = pytest.mark.django_db
SAYS = {
    "plan": "A child in need plan since May: evenings are safe again.",
    "watch": "Ada alone at night. Then ask us again.",
    "social_worker": "Sol Care",
}


@pytest.fixture
def social_worker():
    team = make_team("MASH", "partner")
    Organisation.objects.create(name="MASH", kind="social_care", team=team)
    return make_user("referrer", team, "Sol Care")


@pytest.fixture
def asked(social_worker):
    see_as(social_worker)
    return make_referral(by=social_worker)


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_only_social_care_or_the_desk_says_that_a_request_is_a_step_down(asked, at, seen_by):
    worker = make_desk()
    seen_by(worker)
    school = make_referral(at=at)
    said = {"last_on": at.date(), "at": at, **SAYS}
    with pytest.raises(actions.WordsMissing):
        actions.write_step_down(referral=asked, by=worker, **said | {"watch": " "})
    with pytest.raises(actions.DayUnlikely):
        far = at.date() + timedelta(days=200)
        actions.write_step_down(referral=asked, by=worker, **said | {"last_on": far})
    stranger = make_user()
    for referral in (asked, school):
        with pytest.raises(PermissionDenied):
            actions.write_step_down(referral=referral, by=stranger, **said)
    with pytest.raises(PermissionDenied):
        actions.write_step_down(referral=asked, by=None, **said)
    assert not StepDown.objects.exists()

    actions.write_step_down(referral=asked, by=worker, **said)
    actions.write_step_down(referral=asked, by=worker, **said | {"plan": "Corrected"})

    assert StepDown.objects.get().plan == "Corrected"
    found = Referral.objects.filter(pk__in=[asked.pk, school.pk]).order_by("pk")
    lines = {line.reference: line.step_down for line in desk.lines(worker, found, at=at)}
    assert lines == {asked.reference: True, school.reference: False}


def test_the_hub_gives_its_receipt_once_and_social_care_hears_it(asked, seen_by):
    at = timezone.now()
    banbury = make_staffed_hub("Banbury")
    seen_by(make_desk())
    last_on = timezone.localdate() + timedelta(days=3)
    actions.write_step_down(referral=asked, by=make_desk(), last_on=last_on, at=at, **SAYS)
    case = make_case(banbury, worker=banbury.worker, at=at, referral=asked)
    worker = browser(banbury.worker)
    page = reverse("casework:case", args=[case.reference])
    shown = words(worker.get(page))
    assert "Step-down" in shown and "evenings are safe again" in shown and "No receipt yet" in shown
    assert "waits to hear that the hub has it" in shown
    receipt = reverse("casework:step_down_receipt", args=[case.reference])
    assert "Write what social care is told" in words(worker.post(receipt, {"words": ""}))

    done = worker.post(receipt, {"words": "Alex rings on Monday."}, follow=True)
    assert "waits to hear that the hub has it" not in words(done)

    assert "Receipt given" in words(done) and "Alex rings on Monday." in words(done)
    seen_by(clock())
    told = Notice.objects.get(key="referral.step_down_receipt")
    assert told.to == asked.sender_email and "Alex rings on Monday." in told.body
    seen_by(banbury.worker)
    with pytest.raises(actions.ReceiptGiven):
        actions.give_receipt(referral=asked, words="Again", by=banbury.worker, at=at)
    seen_by(make_desk())
    with pytest.raises(actions.ReceiptGiven):
        actions.write_step_down(referral=asked, by=make_desk(), last_on=last_on, at=at, **SAYS)
    # In the returns it is a contact from social care like any other, and help that the hub gives.
    gathered = Gathering(make_desk(), since=last_on - timedelta(days=90), on=last_on).facts(
        homes=False
    )
    assert {one.source for one in gathered.contacts if one.reference == asked.reference} == {"5A"}
    assert {one.organisation for one in gathered.spells} == {"Banbury"}


def test_a_social_worker_who_is_signed_in_says_it_on_the_page_of_the_request(social_worker):
    see_as(social_worker)
    request = make_referral(by=social_worker)
    client = browser(social_worker)
    page = reverse("referrals:one", args=[request.reference])
    assert "This is a step-down" in words(client.get(page))
    day = timezone.localdate()
    form = reverse("referrals:step_down", args=[request.reference])
    assert "Write the plan so far" in words(client.post(form, {"plan": ""}))
    saved = client.post(
        form,
        {**SAYS, "last_on_day": day.day, "last_on_month": day.month, "last_on_year": day.year},
        follow=True,
    )
    assert "evenings are safe again" in words(saved) and "No receipt yet" in words(saved)
    at_desk = browser(make_desk()).get(reverse("referrals:at_desk", args=[request.reference]))
    assert "Step-down" in words(at_desk) and "Ada alone at night" in words(at_desk)


def test_social_care_says_first_that_it_steps_down_and_the_desk_sees_it_at_once(social_worker):
    set_the_scene()
    asker = Asker(social_worker)
    begin = reverse("referrals:begin")
    page = f"{begin}?step-down"
    assert "Step a family down from social care" in words(asker.client.get(begin))
    school = make_team("Orchard", "partner")
    Organisation.objects.create(name="Orchard", kind="school", team=school)
    outsider = browser(make_user("referrer", school))
    assert "Step a family down" not in words(outsider.get(page))
    today = timezone.localdate()
    first = {"danger": "no", "last_on": today.isoformat(), **SAYS}
    assert "Write the plan so far" in words(asker.client.post(page, first | {"plan": ""}))
    far = (today + timedelta(days=300)).isoformat()
    assert "more than three months ahead" in words(
        asker.client.post(page, first | {"last_on": far})
    )
    stopped = asker.client.post(page, first | {"danger": "yes"})
    assert stopped.url.endswith("/stop/"), "danger comes first"

    asker.base = asker.client.post(page, first).url
    asker.base = re.match(r"/requests/new/\d+/", asker.base)[0]
    asker.fill().send()

    see_as(make_desk())
    [kept] = StepDown.objects.select_related("referral")
    assert (kept.watch, kept.written_by) == (SAYS["watch"], social_worker)
    found = Referral.objects.filter(pk=kept.referral_id)
    assert desk.lines(make_desk(), found, at=timezone.now())[0].step_down
