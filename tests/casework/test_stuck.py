"""The cases that have stopped moving: each reason at its very day, and only for the hub's own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kith.accounts.viewer import see_as, seeing_as
from kith.casework import actions, queries
from kith.casework.models import Assessment, AssessmentForm
from kith.hubs.calendar import add_working_days, working_days_ago
from tests.factories.casework import AT, make_case, make_staffed_hub

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return make_staffed_hub("Banbury")


def reached(hub, at=AT):
    case = make_case(hub, worker=hub.worker, at=at)
    speak(case, hub, at + timedelta(minutes=5))
    return case


def speak(case, hub, at, *, succeeded=True):
    with seeing_as(hub.worker):
        actions.record_contact(
            case=case,
            contacted_at=at,
            how="phone",
            succeeded=succeeded,
            with_whom="Mother",
            words="",
            sender_words="",
            by=hub.worker,
            at=at + timedelta(minutes=1),
        )


def plan(case, hub, at, *, done=None):
    with seeing_as(hub.worker):
        action = actions.plan_action(
            case=case,
            what="Ask the school",
            due_on=(at + timedelta(days=300)).date(),
            owner=hub.worker,
            by=hub.worker,
            at=at,
        )
        if done:
            actions.complete_action(action=action, came_of_it="It helped.", by=hub.worker, at=done)


def assess(case, hub, at):
    with seeing_as(hub.manager):
        Assessment.objects.create(
            case=case,
            form=AssessmentForm.objects.get(),
            status="signed",
            started_at=at,
            started_by=hub.worker,
            signed_at=at,
            signed_by=hub.manager,
        )


def why(hub, at):
    see_as(hub.manager)
    return {
        case.reference: {key for key in queries.STUCK if getattr(case, key)}
        for case in queries.stuck(hub.manager, at)
    }


def after(at, days):
    return add_working_days(at, days)


def test_a_family_not_spoken_with_is_stuck_the_day_after_the_promise(hub):
    case = reached(hub)
    plan(case, hub, AT)

    assert why(hub, after(AT, 15)) == {}
    assert why(hub, after(AT, 16)) == {case.reference: {"out_of_touch"}}
    speak(case, hub, after(AT, 14), succeeded=False)
    assert why(hub, after(AT, 16)) == {case.reference: {"out_of_touch"}}
    with seeing_as(hub.worker):
        actions.add_note(
            case=case, happened_at=after(AT, 10), words="Played.", child_seen=True,
            by=hub.worker, at=after(AT, 10),
        )  # fmt: skip
    assert why(hub, after(AT, 16)) == {}


def test_whom_nobody_has_reached_stands_under_its_own_promise(hub):
    make_case(hub, worker=hub.worker, at=AT)

    assert why(hub, after(AT, 40)) == {}


def test_a_plan_stands_still_when_nothing_was_done_or_newly_planned(hub):
    moving, still = reached(hub), reached(hub)
    later = after(AT, 31)
    for case in (moving, still):
        plan(case, hub, AT)
        assess(case, hub, AT)
        speak(case, hub, after(AT, 25))
    plan(moving, hub, AT, done=after(AT, 20))

    assert why(hub, after(AT, 30)) == {}
    assert why(hub, later) == {still.reference: {"stands_still"}}
    plan(still, hub, after(AT, 29))
    assert why(hub, later) == {}


def test_an_assessment_is_owed_a_while_after_the_first_contact(hub):
    case = reached(hub)
    plan(case, hub, after(AT, 25))
    speak(case, hub, after(AT, 25))

    assert why(hub, after(AT, 30)) == {}
    assert why(hub, after(AT, 31)) == {case.reference: {"not_assessed"}}
    assess(case, hub, after(AT, 31))
    assert why(hub, after(AT, 31)) == {}


def test_a_family_that_came_back_within_a_year_is_told(hub):
    first = reached(hub)
    closed_at = AT + timedelta(days=2)
    with seeing_as(hub.manager):
        actions.close(
            case=first, reason="goals_met", outcome="better", words="Well done.",
            by=hub.manager, at=closed_at,
        )  # fmt: skip
    soon = make_case(hub, worker=hub.worker, at=closed_at + timedelta(days=364))
    late = make_case(hub, worker=hub.worker, at=closed_at + timedelta(days=366))
    see_as(hub.manager)
    for case in (soon, late):
        type(case).objects.filter(pk=case.pk).update(family=first.family)

    assert why(hub, closed_at + timedelta(days=367)) == {soon.reference: {"came_back"}}

    see_as(hub.manager)
    on = closed_at + timedelta(days=367)
    held = actions.hold_supervision(
        worker=hub.worker, team=hub.team, held_on=on.date(), words="", next_on=None,
        by=hub.manager, at=on,
    )  # fmt: skip
    actions.reflect(supervision=held, case=soon, words="Father is back.", by=hub.manager, at=on)
    assert why(hub, on) == {}


def test_only_the_hubs_own_cases_are_told(hub):
    reached(hub)
    witney = make_staffed_hub("Witney")

    assert why(witney, after(AT, 60)) == {}
    assert len(why(hub, after(AT, 60))) == 1


def test_the_page_says_why_and_counts_each_reason(hub):
    case = reached(hub, working_days_ago(AT, 40) + timedelta(hours=10))
    client = Client()
    client.force_login(hub.manager)

    page = client.get(reverse("casework:stuck"))

    assert case.reference in page.content.decode()
    assert {key: number for key, _, number in page.context["counts"]} == {
        "out_of_touch": 1, "stands_still": 1, "not_assessed": 1, "not_reviewed": 0, "came_back": 0,
        "no_minutes": 0,
    }  # fmt: skip
    assert case.reference not in client.get("/cases/stuck/?why=came_back").content.decode()
    assert client.get("/cases/stuck/?why=nonsense&page=x").status_code == 200


def test_the_number_of_questions_does_not_depend_on_the_number_of_cases(hub):
    asked = []
    for _ in range(3):
        reached(hub)
        see_as(hub.manager)
        with CaptureQueriesContext(connection) as questions:
            list(queries.stuck(hub.manager, after(AT, 60), hub.team))
        asked.append(len(questions))

    assert asked[0] == asked[1] == asked[2]
