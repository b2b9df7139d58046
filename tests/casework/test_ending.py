"""A case ends with a reason and an outcome, and may be opened again."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.actions import make_link
from kith.accounts.viewer import clock
from kith.audit.models import Entry
from kith.casework import actions
from kith.casework.models import Allocation, Case, PlannedAction, Reopening
from kith.notices.models import Notice
from kith.referrals.models import Step
from kith.referrals.requests import NewAdult
from tests.factories.casework import make_case, make_partner, make_staffed_hub, offer_case

pytestmark = pytest.mark.django_db
ENDING = {"reason": "goals_met", "outcome": "better", "words": "Ada is back at school."}


@pytest.fixture
def banbury():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(banbury):
    return make_case(banbury, worker=banbury.worker)


def test_closing_says_why_and_what_came_of_it_and_tells_the_sender(banbury, case, at, seen_by):
    seen_by(banbury.worker)
    with pytest.raises(PermissionDenied, match="manager"):
        actions.close(case=case, **ENDING, by=banbury.worker, at=at)
    seen_by(banbury.manager)
    by = {"by": banbury.manager, "at": at}
    with pytest.raises(actions.ReasonMissing):
        actions.close(case=case, **{**ENDING, "reason": "because"}, **by)
    with pytest.raises(actions.WordsMissing):
        actions.close(case=case, **{**ENDING, "words": " "}, **by)

    closed = actions.close(case=case, **ENDING, family_words="Well done.", **by)

    assert (closed.status, closed.closed_at, closed.outcome) == ("closed", at, "better")
    step = Step.objects.get(referral=case.referral, kind="ended")
    assert "reached" in step.words and "Ada is back at school." in step.words
    assert "Well done" not in step.words
    assert not Allocation.objects.filter(until=None).exists()
    entry = Entry.objects.get(what="case.closed")
    assert (entry.before["status"], entry.after["status"]) == ("open", "closed")


def test_the_sender_hears_no_outcome_when_the_family_did_not_agree(banbury, at, seen_by):
    case = make_case(banbury, worker=banbury.worker, outcome_may_be_told=False)
    seen_by(banbury.manager)

    actions.close(case=case, **ENDING, by=banbury.manager, at=at)

    step = Step.objects.get(referral=case.referral, kind="ended")
    assert "Ada" not in step.words and "better" not in step.words.lower()


def test_open_actions_end_with_the_case_only_knowingly(banbury, case, at, seen_by):
    seen_by(banbury.manager)
    by = {"by": banbury.manager, "at": at}
    actions.plan_action(case=case, what="Ring", owner=banbury.worker, due_on=at.date(), **by)
    with pytest.raises(actions.LeftOpen, match="One thing is still open: Action: Ring"):
        actions.close(case=case, **ENDING, **by)

    actions.close(case=case, **ENDING, rest_ends=True, **by)

    ended = PlannedAction.objects.get()
    assert (ended.dropped_on, ended.came_of_it) == (at.date(), "The case was closed.")


def test_a_partner_hears_that_its_action_ended_with_the_case(banbury, case, at, seen_by):
    home_start, _ = make_partner()
    home_start.email = "office@home-start.example"
    home_start.save()
    seen_by(banbury.manager)
    say = {"by": banbury.manager, "at": at}
    actions.plan_action(
        case=case, what="Visit", due_on=at.date(), organisation=home_start,
        family_known_as="A.O.", **say,
    )  # fmt: skip

    actions.close(case=case, **ENDING, rest_ends=True, **say)

    seen_by(clock())
    told = Notice.objects.get(key="casework.partner_ended")
    assert told.to == home_start.email and "Banbury" in told.body
    assert "A.O." not in told.body and "Visit" not in told.body


def test_a_closed_case_takes_nothing_but_additions_to_its_notes(banbury, case, at, seen_by):
    seen_by(banbury.manager)
    by = {"by": banbury.manager, "at": at}
    note = actions.add_note(case=case, happened_at=at, words="Before", **by)
    actions.close(case=case, **ENDING, **by)

    refused = (
        lambda: actions.record_contact(
            case=case, contacted_at=at, how="phone", succeeded=False, **by
        ),
        lambda: actions.add_note(case=case, happened_at=at, words="After", **by),
        lambda: actions.plan_action(
            case=case, what="Ring", owner=banbury.worker, due_on=at.date(), **by
        ),
        lambda: actions.allocate(case=case, worker=banbury.worker, **by),
        lambda: offer_case(case, make_staffed_hub().hub, **by),
        lambda: actions.close(case=case, **ENDING, **by),
    )
    for refuse in refused:
        with pytest.raises(actions.CaseClosed, match=r"was closed on 16 November 2026"):
            refuse()
    actions.add_note(
        case=case, happened_at=at, words="The family sees it otherwise.", adds_to=note, **by
    )


def test_the_family_hears_in_its_own_words_that_help_has_ended(banbury, at, seen_by):
    grace = NewAdult("Grace", "Okafor", role="mother", email="grace@home.example")
    case = make_case(banbury, worker=banbury.worker, adults=(grace,), contact_by=("email",))
    seen_by(banbury.manager)
    page = reverse("casework:close", args=[case.reference])
    client = Client()
    client.force_login(banbury.manager)
    assert "goes to Grace Okafor by e-mail" in client.get(page).content.decode()
    seen_by(banbury.manager)

    own = ENDING | {"family_words": "We are glad that mornings are calm."}
    actions.close(case=case, **own, by=banbury.manager, at=at)

    seen_by(clock())
    told = Notice.objects.get(key="referral.family_ended")
    assert told.to == "grace@home.example"
    assert "We are glad that mornings are calm." in told.body
    assert ENDING["words"] not in told.body


@pytest.mark.parametrize("may_be_told", [True, False])
def test_the_words_for_the_family_stand_in_its_own_copy_and_not_in_the_senders(
    banbury, at, seen_by, may_be_told
):
    case = make_case(banbury, worker=banbury.worker, outcome_may_be_told=may_be_told)
    of_request = {"subject_id": case.referral_id, "sent_to": "", "at": timezone.now()}

    def copy(purpose):
        client = Client()
        client.get(f"/requests/link/{make_link(purpose=purpose, **of_request)}/")
        shown = client.get(f"/requests/sent/{case.referral.reference}/family/")
        return shown.content.decode()

    assert "Our help has ended" not in copy("family_copy")
    seen_by(banbury.manager)
    by = {"by": banbury.manager, "at": at}
    actions.close(case=case, **ENDING, family_words="Mornings are calm.\nWell done.", **by)

    # Whoever sent the request may have made the link, and may not always hear what came of it.
    own, senders = copy("family_copy"), copy("referral")
    assert ("Mornings are calm.<br>Well done." in own) is may_be_told
    assert "Our help has ended" in own and "Our help has ended" in senders
    assert "Mornings" not in senders

    seen_by(banbury.manager)
    again = actions.reopen(case=case, reason="Worse again", **by | {"at": at + timedelta(1)})
    actions.close(case=again, **ENDING, **by | {"at": at + timedelta(2)})
    assert "Our help has ended. You can ask us again at any time." in copy("family_copy")


def test_a_case_opened_again_waits_for_a_worker_and_keeps_how_it_had_ended(
    banbury, case, at, seen_by
):
    seen_by(banbury.manager)
    by = {"by": banbury.manager, "at": at}
    with pytest.raises(actions.NotClosed):
        actions.reopen(case=case, reason="?", **by)
    actions.close(case=case, **ENDING, **by)
    with pytest.raises(actions.ReasonMissing):
        actions.reopen(case=case, reason="", **by)

    later = at + timedelta(days=30)
    again = actions.reopen(case=case, reason="Worse again", by=banbury.manager, at=later)

    assert (again.status, again.worker, again.outcome) == ("unallocated", None, "")
    kept = Reopening.objects.get()
    assert (kept.had_closed_at, kept.had_outcome) == (at, "better")
    told = Step.objects.get(referral=case.referral, kind="resumed")
    assert (told.words, told.told_at) == ("Banbury helps the family again.", later)
    given = actions.allocate(case=again, worker=banbury.worker, by=banbury.manager, at=later)
    assert given.status == "open"
    closed = actions.close(case=given, **ENDING, by=banbury.manager, at=later)
    assert closed.status == "closed"
    assert Step.objects.filter(referral=case.referral, kind="ended").count() == 2


def test_the_database_itself_refuses_states_that_must_not_be(banbury, case, seen_by):
    seen_by(banbury.manager)
    for change, why in (
        ({"worker": None}, "case_open_has_a_worker"),
        ({"status": "closed"}, "case_closed_has_when_why_and_what"),
    ):
        with pytest.raises(IntegrityError, match=why), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**change)
    actions.close(case=case, **ENDING, by=banbury.manager, at=case.opened_at)
    with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(
            status="open", closed_at=None, closing_reason="", outcome=""
        )
