"""A case is opened from a request, given to a worker, and handed on."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from kith.accounts.viewer import clock
from kith.audit.models import Entry
from kith.casework import actions, queries
from kith.casework.models import Allocation, Case
from kith.notices.models import Notice
from kith.referrals.actions import AlreadyDecided
from kith.referrals.models import Step
from tests.factories.accounts import make_user
from tests.factories.casework import (
    hand_over,
    make_case,
    make_desk,
    make_hub,
    make_referral,
    make_staffed_hub,
    make_worker,
)

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def test_accepting_a_request_opens_a_case_with_the_promise_of_first_contact(at, seen_by):
    banbury, elsewhere = make_staffed_hub("Banbury"), make_staffed_hub("Witney")
    referral, desk = make_referral(at), make_desk()
    say = {"referral": referral, "hub": banbury.hub, "reason": "Its area", "words": "They ring."}
    seen_by(elsewhere.manager)
    with pytest.raises(PermissionDenied, match="Only the county desk"):
        actions.open_from_referral(**say, by=elsewhere.manager, at=at)

    seen_by(desk)
    case = actions.open_from_referral(**say, by=desk, at=at)

    assert case.reference == "C" + referral.reference[1:]
    assert case.status == "unallocated"
    assert case.contact_by == datetime(2026, 11, 23, 17, 0, tzinfo=LONDON)
    referral.refresh_from_db()
    assert (referral.status, referral.team) == ("accepted", banbury.team)
    assert [step.kind for step in Step.objects.filter(referral=referral).order_by("pk")] == [
        "received",
        "accepted",
    ]
    seen_by(banbury.manager)
    assert case in queries.visible_to(banbury.manager)
    assert Entry.objects.filter(what="case.opened", subject_id=str(case.pk)).exists()
    seen_by(elsewhere.manager)
    assert case not in queries.visible_to(elsewhere.manager)
    assert not Case.objects.filter(pk=case.pk).exists()  # the third wall


def test_a_request_becomes_one_case_only(at, seen_by):
    banbury = make_staffed_hub()
    case = make_case(banbury)
    desk = make_desk()
    seen_by(desk)

    with pytest.raises(AlreadyDecided, match="has already decided"):
        actions.open_from_referral(
            referral=case.referral, hub=banbury.hub, reason="x", words="", by=desk, at=at
        )
    assert Case.objects.count() == 1


def test_the_manager_gives_a_family_to_a_worker_of_the_hub(at, seen_by):
    banbury, witney = make_staffed_hub("Banbury"), make_staffed_hub("Witney")
    case = make_case(banbury)
    seen_by(banbury.worker)
    with pytest.raises(PermissionDenied, match="manager"):
        actions.allocate(case=case, worker=banbury.worker, by=banbury.worker, at=at)
    seen_by(banbury.manager)
    with pytest.raises(actions.NotOfThisHub, match="does not work at Banbury"):
        actions.allocate(case=case, worker=witney.worker, by=banbury.manager, at=at)

    given = actions.allocate(case=case, worker=banbury.worker, by=banbury.manager, at=at)

    assert (given.status, given.worker, given.allocated_at) == ("open", banbury.worker, at)
    assert [held.worker for held in Allocation.objects.filter(until=None)] == [banbury.worker]
    entry = Entry.objects.get(what="case.given")
    assert (entry.before["status"], entry.after["status"]) == ("unallocated", "open")


def test_a_county_lead_may_give_a_family_to_a_worker_in_any_hub(at, seen_by):
    banbury = make_staffed_hub()
    case = make_case(banbury)
    lead = make_user("county_lead", make_desk().memberships.get().team)
    seen_by(lead)

    assert actions.allocate(case=case, worker=banbury.worker, by=lead, at=at).status == "open"


def test_a_family_that_waits_is_given_once(at, seen_by):
    banbury = make_staffed_hub()
    other = make_worker(banbury.hub, "Oli Other")
    case = make_case(banbury)
    seen_by(banbury.manager)
    actions.allocate(case=case, worker=banbury.worker, by=banbury.manager, at=at)

    with pytest.raises(actions.AlreadyGiven, match=f"just been given to {banbury.worker}"):
        actions.allocate(case=case, worker=other, by=banbury.manager, at=at)
    assert Allocation.objects.count() == 1


def test_a_worker_with_no_room_gets_one_more_only_for_a_reason(at, seen_by):
    banbury = make_staffed_hub()
    busy = make_worker(banbury.hub, "Bea Busy", at_once=1)
    make_case(banbury, worker=busy)
    case = make_case(banbury)
    seen_by(banbury.manager)

    with pytest.raises(actions.TooManyFamilies, match="can have 1 family at once, and has 1"):
        actions.allocate(case=case, worker=busy, by=banbury.manager, at=at)
    given = actions.allocate(
        case=case, worker=busy, reason="She knows them", by=banbury.manager, at=at
    )

    assert given.worker == busy
    assert Entry.objects.filter(what="case.given").latest("at").after["families_at_once"] == 1


def test_another_worker_takes_over_with_the_open_actions_and_a_reason(at, seen_by):
    banbury = make_staffed_hub()
    other = make_worker(banbury.hub, "Oli Other")
    case = make_case(banbury, worker=banbury.worker)
    seen_by(banbury.worker)
    planned = actions.plan_action(
        case=case,
        what="Ring the school",
        due_on=at.date(),
        owner=banbury.worker,
        by=banbury.worker,
        at=at,
    )
    seen_by(banbury.manager)
    change = {"case": case, "from_worker": banbury.worker, "by": banbury.manager}
    with pytest.raises(actions.ReasonMissing):
        actions.reallocate(**change, worker=other, reason=" ", at=at)

    later = at + timedelta(days=1)
    moved = actions.reallocate(**change, worker=other, reason="Leave", at=later)

    seen_by(clock())
    told = {notice.key: (notice.to, notice.subject) for notice in Notice.objects.all()}
    assert told["casework.given"] == (other.email, f"{case.reference} is with you now")
    assert told["casework.given_on"] == (
        banbury.worker.email,
        f"{case.reference} is with a colleague now",
    )
    seen_by(banbury.manager)
    assert moved.worker == other
    planned.refresh_from_db()
    assert planned.owner == other
    assert [(held.worker, held.until) for held in Allocation.objects.order_by("pk")] == [
        (banbury.worker, later),
        (other, None),
    ]
    with pytest.raises(actions.AlreadyGiven, match="is now with Oli Other"):
        actions.reallocate(**change, worker=banbury.worker, reason="Back", at=later)


@pytest.mark.parametrize("agreed", [True, False], ids=["may be told", "may not be told"])
def test_the_sender_is_told_once_of_a_handover_as_far_as_the_family_agreed(at, seen_by, agreed):
    banbury, witney = make_staffed_hub("Banbury"), make_staffed_hub("Witney")
    witney.hub.phone = "01632 960 150"
    witney.hub.save()
    case = make_case(banbury, worker=banbury.worker, outcome_may_be_told=agreed)
    seen_by(banbury.manager)

    hand_over(case, witney.hub, banbury.manager, at, to=witney.worker, reason="Secret of the hubs")

    step = Step.objects.get(referral=case.referral, kind="moved")
    seen_by(clock())
    told = Notice.objects.get(key="referral.moved")
    assert (told.to, step.told_at) == (case.referral.sender_email, at)
    words = "Witney helps the family now. You can ring them on 01632 960 150."
    for said in (step.words, told.body):
        assert (words in said) is agreed
        assert ("has not agreed" in said) is not agreed
        assert "Secret" not in said


def test_nobody_without_standing_knows_of_a_case(at, seen_by):
    banbury = make_staffed_hub()
    stranger = make_user("hub_worker", make_hub().team)
    make_case(banbury, worker=banbury.worker)

    for viewer, sees in ((banbury.worker, True), (stranger, False), (None, False)):
        seen_by(viewer)
        assert Case.objects.exists() is sees
        assert Allocation.objects.exists() is sees
