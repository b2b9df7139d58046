import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.accounts.viewer import front_door, see_as
from kith.audit.models import Entry
from kith.notices.models import Notice
from kith.partners.models import Organisation
from kith.referrals import actions, queries
from kith.referrals.models import MOVES, Referral, Step
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_hub
from tests.factories.referrals import AT, make_desk_worker, make_referral, make_sender

pytestmark = pytest.mark.django_db


def test_deciding_records_who_when_and_why_and_tells_the_sender(seen_by):
    referral, desk = make_referral(), make_desk_worker()
    seen_by(desk)

    decided = actions.no_further_action(
        referral=referral, reason="Has help already", words="The school helps.", by=desk, at=AT
    )

    assert (decided.status, decided.decided_by, decided.decided_at) == (
        "no_further_action",
        desk,
        AT,
    )
    step = queries.steps_of(desk, referral).last()
    assert (step.kind, step.reason, step.told_at) == ("no_further_action", "Has help already", AT)
    assert not queries.waiting_longest(desk).exists()
    seen_by(front_door())
    told = Notice.objects.get(key="referral.decided")
    assert "The school helps." in told.body
    assert "Has help already" not in told.body


def test_a_request_is_decided_only_once_and_the_second_hears_who_did(seen_by):
    referral = make_referral()
    first, second = make_desk_worker("Amina Khan"), make_desk_worker("Bob Wells")
    seen_by(first)
    actions.pass_to_social_care(referral=referral, reason="Harm", words="", by=first, at=AT)

    seen_by(second)
    with pytest.raises(actions.AlreadyDecided, match="Amina Khan has already decided"):
        actions.no_further_action(referral=referral, reason="No", words="", by=second, at=AT)

    assert Referral.objects.get(pk=referral.pk).status == "social_care"
    assert Step.objects.filter(referral=referral).count() == 2


def test_only_the_desk_decides(seen_by):
    referral, desk = make_referral(), make_desk_worker()
    hub_worker = make_user("hub_worker", make_team("Banbury"))

    seen_by(desk)
    with pytest.raises(PermissionDenied, match="Only the county desk"):
        actions.already_helped(referral=referral, reason="x", words="", by=hub_worker, at=AT)
    actions.already_helped(referral=referral, reason="x", words="", by=desk, at=AT)

    seen_by(hub_worker)
    assert not queries.visible_to(hub_worker).exists()
    assert not Referral.objects.exists()


def test_a_request_that_is_accepted_lies_with_the_hub(seen_by):
    referral, desk, hub = make_referral(), make_desk_worker(), make_hub("Banbury")
    worker, elsewhere = make_user("hub_worker", hub.team), make_user("hub_worker", make_team())
    seen_by(desk)

    actions.accept(referral=referral, hub=hub, reason="Its area", words="", by=desk, at=AT)

    for person, sees in ((worker, True), (elsewhere, False)):
        seen_by(person)
        assert queries.visible_to(person).filter(pk=referral.pk).exists() is sees
        assert Referral.objects.filter(pk=referral.pk).exists() is sees


def test_sending_on_names_the_partner(seen_by):
    referral, desk = make_referral(), make_desk_worker()
    partner = Organisation.objects.create(name="Home-Start", kind="voluntary", takes_requests=True)
    seen_by(desk)

    actions.send_on(
        referral=referral, organisation=partner, reason="Fits better", words="", by=desk, at=AT
    )

    assert queries.steps_of(desk, referral).last().organisation == partner


def test_a_decision_needs_a_reason_and_a_question_its_words(seen_by):
    referral, desk = make_referral(), make_desk_worker()
    seen_by(desk)

    with pytest.raises(actions.WordsMissing):
        actions.no_further_action(referral=referral, reason="  ", words="", by=desk, at=AT)
    with pytest.raises(actions.WordsMissing):
        actions.ask_more(referral=referral, words="", by=desk, at=AT)
    actions.ask_more(referral=referral, words="Which school?", by=desk, at=AT)

    assert Referral.objects.get(pk=referral.pk).status == "more_asked"


def test_colleagues_see_who_has_a_request_and_take_it_over_knowingly(seen_by):
    referral = make_referral()
    first, second = make_desk_worker("Amina Khan"), make_desk_worker("Bob Wells")
    seen_by(first)
    actions.take(referral=referral, by=first, at=AT)

    seen_by(second)
    with pytest.raises(actions.HeldBySomebody, match="Amina Khan"):
        actions.take(referral=referral, by=second, at=AT)
    actions.take(referral=referral, by=second, at=AT, instead=True)

    assert Referral.objects.get(pk=referral.pk).held_by == second
    actions.put_back(referral=referral, by=second, at=AT)
    assert Referral.objects.get(pk=referral.pk).held_by is None


def test_a_decision_can_be_opened_again_but_not_an_accepted_one(seen_by):
    one, other = make_referral(), make_referral()
    desk, hub = make_desk_worker(), make_hub()
    seen_by(desk)
    actions.no_further_action(referral=one, reason="No", words="", by=desk, at=AT)
    actions.accept(referral=other, hub=hub, reason="Its area", words="", by=desk, at=AT)
    later = AT + timedelta(days=30)

    actions.reopen(referral=one, reason="They asked again", by=desk, at=later)
    with pytest.raises(actions.NotDecided, match="its case goes on there"):
        actions.reopen(referral=other, reason="Hm", by=desk, at=later)
    with pytest.raises(actions.NotDecided, match="still waits"):
        actions.reopen(referral=one, reason="Again", by=desk, at=later)

    assert Referral.objects.get(pk=one.pk).decide_by > later


def test_word_of_what_came_of_it_respects_what_the_family_agreed(seen_by):
    open_one = make_referral()
    closed_one = make_referral(outcome_may_be_told=False)
    desk, hub = make_desk_worker(), make_hub()
    worker = make_user("hub_worker", hub.team)
    seen_by(desk)
    for referral in (open_one, closed_one):
        actions.accept(referral=referral, hub=hub, reason="Its area", words="", by=desk, at=AT)

    seen_by(worker)
    for referral in (open_one, closed_one):
        referral.refresh_from_db()
        actions.tell_ended(referral=referral, words="School is better.", by=worker, at=AT)

    assert queries.steps_of(worker, open_one).last().words == "School is better."
    assert "not agreed" in queries.steps_of(worker, closed_one).last().words
    seen_by(front_door())
    bodies = {n.about_id: n.body for n in Notice.objects.filter(key="referral.ended")}
    assert "School is better." in bodies[open_one.pk]
    assert "School is better." not in bodies[closed_one.pk]


def test_the_sender_sees_where_help_stands_by_the_last_word_they_had(client, seen_by):
    school, desk, hub = make_sender(), make_desk_worker(), make_hub()
    worker = make_user("hub_worker", hub.team)
    referral = make_referral(by=school)
    client.force_login(school)
    pages = ("/requests/sent/", f"/requests/sent/{referral.reference}/", "/")

    def states() -> set[str]:
        seen = [client.get(page).content.decode() for page in pages]
        return {tag for page in seen for tag in re.findall(r"govuk-tag[^>]*>\s*([^<]*?)\s*<", page)}

    assert states() == {"Waiting for a decision"}
    seen_by(desk)
    actions.accept(referral=referral, hub=hub, reason="Its area", words="", by=desk, at=AT)
    assert states() == {"Accepted"}
    for number, (tell, state) in enumerate(
        (
            (actions.tell_first_contact, "In touch with the family"),
            (actions.tell_ended, "Help has ended"),
            (actions.tell_resumed, "Help has begun again"),
        )
    ):
        seen_by(worker)
        referral.refresh_from_db()
        words = {} if tell is actions.tell_resumed else {"words": "Well."}
        tell(referral=referral, **words, by=worker, at=AT + timedelta(days=number + 1))

        assert states() == {state}


def test_every_decision_is_recorded_with_before_and_after(seen_by):
    referral, desk = make_referral(), make_desk_worker()
    seen_by(desk)
    actions.pass_to_social_care(referral=referral, reason="Harm", words="", by=desk, at=AT)

    seen_by(make_user("dpo", desk.memberships.get().team))
    entry = Entry.objects.get(what="referral.social_care")
    assert entry.before == {"status": "waiting"}
    assert entry.after == {"status": "social_care", "reason": "Harm"}


ACTS = {
    "more_asked": lambda r, by: actions.ask_more(
        referral=r, words="What?", by=by, at=AT, again=True
    ),
    "waiting": lambda r, by: actions.reopen(referral=r, reason="Again", by=by, at=AT),
    "withdrawn": lambda r, by: actions.withdraw(referral=r, reason="", by=r.sender, at=AT),
    "social_care": lambda r, by: actions.pass_to_social_care(
        referral=r, reason="x", words="", by=by, at=AT
    ),
    "already_helped": lambda r, by: actions.already_helped(
        referral=r, reason="x", words="", by=by, at=AT
    ),
    "no_further_action": lambda r, by: actions.no_further_action(
        referral=r, reason="x", words="", by=by, at=AT
    ),
}
REFUSALS = (
    actions.AlreadyDecided,
    actions.NotDecided,
    actions.NothingWaits,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=6))
def test_any_sequence_of_acts_makes_allowed_moves_or_is_refused_loudly(seen_by, acts):
    with transaction.atomic():
        see_as(None)
        sender, desk = make_sender(), make_desk_worker()
        referral = make_referral(by=sender)
        for act in acts:
            seen_by(desk)
            before = Referral.objects.get(pk=referral.pk).status
            try:
                if act == "withdrawn":
                    seen_by(sender)
                ACTS[act](referral, desk)
            except REFUSALS:
                after = before
            else:
                seen_by(desk)
                after = Referral.objects.get(pk=referral.pk).status
                assert after == act
                assert after in MOVES[before] or after == before == "more_asked"
            seen_by(desk)
            assert Referral.objects.get(pk=referral.pk).status == after
        transaction.set_rollback(True)


@pytest.mark.parametrize("before", sorted(MOVES))
def test_the_database_itself_refuses_every_other_move(seen_by, before):
    desk, referral = make_desk_worker(), make_referral()
    seen_by(desk)
    decided = {"decided_at": AT, "decided_by": desk}
    nobody = {"decided_at": None, "decided_by": None}
    moves = Referral.objects.filter(pk=referral.pk)

    def fields(status):
        undecided = status in ("waiting", "more_asked", "withdrawn")
        return {"status": status, **(nobody if undecided else decided)}

    if before != "waiting":
        moves.update(**fields(before))
    for after in sorted(set(MOVES) - {before}):
        here = transaction.savepoint()
        if after in MOVES[before]:
            assert moves.update(**fields(after)) == 1
        else:
            with pytest.raises(ProgrammingError, match="transition"), transaction.atomic():
                moves.update(**fields(after))
        transaction.savepoint_rollback(here)
