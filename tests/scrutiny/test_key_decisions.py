"""Key decisions of the executive: their notice, its exceptions, and call-in."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given as drawn
from hypothesis import strategies as st

from kith.accounts.viewer import see_as
from kith.scrutiny.actions import plan, publishing
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import KeyDecision, PlanEntry
from tests.factories.scrutiny import NOW, make_committee, make_officer

pytestmark = pytest.mark.django_db
TODAY = NOW.date()  # Tuesday 1 September 2026


@pytest.fixture
def officer():
    return make_officer()


def told(days: int, **more):
    on = TODAY + timedelta(days=days)
    return {
        "title": "Money of the hubs", "matter": "How it is shared.", "maker": "The Cabinet", "key": True,
        "first": on, "last": on, "given": "full", "urgency": "", "chair": "", **more,
    }  # fmt: skip


def keep(officer, days, known=None, **more):
    details = told(days, **more)
    return plan.keep_decision(details=details, decision=known, by=officer, at=NOW)


WHY = {"urgency": "The roof fell in.", "chair": "Cllr Aldworth"}


@pytest.mark.parametrize(
    ("days", "more", "refused"),
    [
        (29, {}, None),  # 28 days between, neither end counted
        (28, {}, "27 clear days, and a key decision asks for 28"),
        (28, {"key": False}, None),
        (10, {"given": "general"}, "why it cannot wait"),
        (10, {"given": "general", "urgency": "x"}, "which chair"),
        (6, {"given": "general", **WHY}, None),
        (5, {"given": "general", **WHY}, "4 clear days, and the general exception asks for 5"),
        (1, {"given": "special", **WHY}, None),
        (-9, {"decided_on": TODAY - timedelta(days=9), "decision": "Yes"}, None),
    ],
)
def test_a_key_decision_is_announced_28_clear_days_before_or_says_by_which_exception(
    officer, days, more, refused
):
    if refused:
        with pytest.raises(ScrutinyRefused, match=refused):
            keep(officer, days, **more)
    else:
        assert keep(officer, days, **more).pk


def test_the_days_count_from_when_it_was_first_published(officer):
    made = keep(officer, 40)
    publishing.publish_decision(decision=made, by=officer, at=NOW)
    later = NOW + timedelta(days=30)
    details = told(40, matter="Said more clearly.")
    assert plan.keep_decision(details=details, decision=made, by=officer, at=later)
    with pytest.raises(ScrutinyRefused, match="24 clear days"):
        plan.keep_decision(details=told(25), decision=made, by=officer, at=later)


def taken(officer, **more):
    made = keep(officer, 40, **more)
    publishing.publish_decision(decision=made, by=officer, at=NOW)
    on = TODAY + timedelta(days=41)  # Monday 12 October
    details = {**told(40, **more), "decided_on": on, "decision": "As last year."}
    return plan.keep_decision(
        details=details, decision=made, by=officer, at=NOW + timedelta(days=41)
    )


def test_a_decision_is_called_in_within_its_working_days_and_comes_to_the_committee(
    officer, client
):
    committee = make_committee(officer)
    decision = taken(officer)
    last = plan.last_day_to_call_in(decision, committee)
    assert last == date(2026, 10, 19), "five working days after Monday 12 October"

    def call(on, **more):
        values = {
            "decision": decision,
            "committee": committee,
            "because": "Cllr A, B and C: no figures.",
        }
        at = NOW + timedelta(days=90)
        return plan.call_in(**{**values, **more}, on=on, by=officer, at=at)

    for on, more, why in (
        (last + timedelta(days=1), {}, "12 October to 19 October 2026"),
        (decision.decided_on - timedelta(days=1), {}, "could be called in from"),
        (last, {"because": " "}, "on which grounds"),
    ):
        with pytest.raises(ScrutinyRefused, match=why):
            call(on, **more)
    kept = call(last)
    assert PlanEntry.objects.get(committee=committee).title == "Call-in: Money of the hubs"
    with pytest.raises(ScrutinyRefused, match="called in already"):
        call(last)
    publishing.publish_decision(decision=kept, by=officer, at=NOW)
    page = client.get(reverse("meetings:decisions")).content.decode()
    assert "It waits until the committee has looked at it." in page
    see_as(officer)
    kept = plan.end_call_in(decision=kept, outcome="It goes back.", by=officer, at=NOW)
    publishing.publish_decision(decision=kept, by=officer, at=NOW)
    assert "It goes back." in client.get(reverse("meetings:decisions")).content.decode()


def test_what_was_taken_by_special_urgency_or_not_at_all_is_not_called_in(officer):
    committee = make_committee(officer)
    for decision, why in (
        (keep(officer, 40), "Only what was decided"),
        (taken(officer, given="special", **WHY), "special urgency"),
    ):
        with pytest.raises(ScrutinyRefused, match=why):
            plan.call_in(
                decision=decision, committee=committee, on=TODAY, because="x", by=officer, at=NOW
            )


def test_an_officer_announces_and_calls_in_on_the_pages(officer, client):
    committee = make_committee(officer)
    client.force_login(officer)
    answer = client.post(
        reverse("scrutiny:add_decision"),
        {"title": "Money", "matter": "How", "key": "on", "maker": "The Cabinet", "given": "full",
         **{f"{name}_{part}": "1" for name in ("first", "last") for part in ("day", "month")},
         "first_year": "2020", "last_year": "2020"},
    )  # fmt: skip
    assert "a key decision asks for 28" in answer.content.decode()
    decision = taken(officer)
    page = reverse("scrutiny:call_in", args=[decision.pk])
    on = {"on_day": "19", "on_month": "10", "on_year": "2026"}
    client.post(page, {"committee": str(committee.pk), "because": "Cllr A", **on})
    shown = client.get(reverse("scrutiny:decisions")).content.decode()
    assert "Called in" in shown and "What became of the call-in" in shown


@drawn(st.integers(-5, 60), st.sampled_from(["full", "general", "special"]))
def test_whatever_is_kept_has_the_notice_that_its_exception_asks_for(days, given):
    """No database: the rule alone."""
    details = told(days, given=given, **WHY)
    clear = max(0, days - 1)
    try:
        plan._check_notice(details, clear)
    except ScrutinyRefused:
        assert clear < {"full": 28, "general": 5, "special": 0}[given]
    else:
        assert clear >= {"full": 28, "general": 5, "special": 0}[given]
    assert KeyDecision.Given(given)
