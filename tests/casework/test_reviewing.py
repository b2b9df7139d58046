"""Goals in the family's words, and the reviews at which everybody says how near they are."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import see_as, seeing_as
from kith.casework import actions, queries
from kith.casework.chronology import chronology
from kith.casework.models import Goal, GoalProgress, PlannedAction
from tests.factories.casework import AT, make_case, make_staffed_hub

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def hub():
    return make_staffed_hub("Banbury")


@pytest.fixture
def case(hub):
    case = make_case(hub, worker=hub.worker)
    see_as(hub.worker)
    return case


def set_goal(case, hub, words="Mornings without a row", at=AT):
    return actions.set_goal(
        case=case, words=words, measure="In school by nine", by=hub.worker, at=at
    )


def review(case, hub, progress, *, days=0, **changes):
    at = AT + timedelta(days=days)
    facts = {
        "held_on": at.date(),
        "present": "Grace, Ada and the school",
        "words": "A better month.",
        "next_on": at.date() + timedelta(days=42),
    } | changes
    return actions.review_plan(case=case, progress=progress, by=hub.worker, at=at, **facts)


def test_a_goal_has_the_familys_words_and_a_way_to_know(case, hub):
    witney = make_staffed_hub("Witney")
    for words, measure, wrong in (
        ("", "Seen", "Write the goal"),
        ("Calm", " ", "how you will know"),
    ):
        with pytest.raises(actions.WordsMissing, match=wrong):
            actions.set_goal(case=case, words=words, measure=measure, by=hub.worker, at=AT)
    with pytest.raises(PermissionDenied):
        set_goal(case, witney)

    goal = set_goal(case, hub)

    assert [one.goal for one in queries.goals_of(hub.worker, case)] == [goal]
    assert queries.goals_of(witney.worker, case) == []


def test_a_review_says_how_near_each_goal_is(case, hub):
    mornings, sleep = set_goal(case, hub), set_goal(case, hub, "Everybody sleeps")
    review(case, hub, {mornings: (2, "Late most days"), sleep: (5, "")})
    review(case, hub, {mornings: (6, "Two days late"), sleep: (4, "")}, days=42)

    near = {
        one.goal.words: (one.last.score, one.change) for one in queries.goals_of(hub.worker, case)
    }
    assert near == {"Mornings without a row": (6, 4), "Everybody sleeps": (4, -1)}
    assert [one.held_on for one in queries.reviews_of(hub.worker, case)] == [
        TODAY + timedelta(days=42),
        TODAY,
    ]
    titles = [event.title for event in chronology(hub.worker, case.family, {"plan"})]
    assert titles.count("The plan was reviewed") == 2
    assert "Goal: Everybody sleeps" in titles


def test_a_review_that_cannot_be_so_is_refused_and_nothing_is_kept(case, hub):
    goal, other = set_goal(case, hub), set_goal(make_case(hub, worker=hub.worker), hub)
    see_as(hub.worker)
    for changes, progress, refusal in (
        ({"held_on": TODAY + timedelta(days=1)}, {}, actions.InTheFuture),
        ({"held_on": TODAY - timedelta(days=1)}, {}, actions.TooEarly),
        ({"next_on": TODAY}, {}, actions.TooEarly),
        ({"present": " "}, {}, actions.WordsMissing),
        ({}, {other: (3, "")}, actions.NotOfThisCase),
        ({}, {goal: (11, "")}, ValueError),
    ):
        with pytest.raises(refusal):
            review(case, hub, progress, **changes)

    assert not queries.reviews_of(hub.worker, case).exists()
    assert not GoalProgress.objects.exists()


def test_a_goal_ends_once_and_takes_no_more_progress(case, hub):
    goal = set_goal(case, hub)
    with pytest.raises(actions.WordsMissing):
        actions.end_goal(goal=goal, ending="reached", words="", by=hub.worker, at=AT)

    ended = actions.end_goal(goal=goal, ending="reached", words="We saw it.", by=hub.worker, at=AT)

    assert (ended.ended_on, ended.get_ending_display()) == (TODAY, "Reached")
    with pytest.raises(actions.GoalEnded, match="reached"):
        actions.end_goal(goal=goal, ending="given_up", words="No", by=hub.worker, at=AT)
    with pytest.raises(actions.GoalEnded):
        review(case, hub, {ended: (3, "")})
    with pytest.raises(actions.OwnerUnclear, match="not ended"):
        actions.plan_action(
            case=case, what="Ring", due_on=TODAY, owner=hub.worker, goal=ended,
            by=hub.worker, at=AT,
        )  # fmt: skip


def test_what_was_agreed_at_a_review_is_never_changed(case, hub):
    review(case, hub, {set_goal(case, hub): (2, "")})
    for statement in (
        "update casework_goalprogress set score = 9",
        "delete from casework_planreview",
        "update casework_planreview set present = 'Nobody'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_plan_that_nobody_reviews_is_stuck(case, hub):
    with seeing_as(hub.manager):
        at = AT + timedelta(days=60)
        see_as(hub.worker)
        goal = set_goal(case, hub)
        see_as(hub.manager)
        assert [one.not_reviewed for one in queries.stuck(hub.manager, at)] == [True]
        see_as(hub.worker)
        review(case, hub, {goal: (3, "")}, days=40)
        see_as(hub.manager)
        assert not queries.stuck(hub.manager, at).exists()


def test_the_plan_is_printed_as_it_was_agreed_with_the_family(case, hub, client):
    client.force_login(hub.worker)
    empty = client.get(reverse("casework:plan_pdf", args=[case.reference]))
    assert empty.content.startswith(b"%PDF-")
    goal = set_goal(case, hub)
    review(case, hub, {goal: (4, "Twice on time")})
    said = {"owner": hub.worker, "due_on": TODAY + timedelta(days=9), "by": hub.worker, "at": AT}
    planned = actions.plan_action(case=case, what="Ring the “GP” — über *all*", **said)
    dropped = actions.plan_action(case=case, what="Dropped", **said)
    actions.drop_action(action=dropped, reason="No need", by=hub.worker, at=AT)
    paper = client.get(reverse("casework:plan_pdf", args=[case.reference]))
    assert paper.content.startswith(b"%PDF-") and len(paper.content) > len(empty.content)
    assert list(queries.agreed_plan_of(hub.worker, case)) == [planned]


def test_goals_and_reviews_are_written_on_pages(hub):
    now = timezone.now() - timedelta(days=2)
    case = make_case(hub, worker=hub.worker, at=now)
    page = Client()
    page.force_login(hub.worker)

    def at(name, *more):
        return reverse(f"casework:{name}", args=[case.reference, *more])

    empty = page.post(at("goal"), {"words": ""}).content.decode()
    assert "Write what should be different" in empty and "Write how you will know" in empty
    page.post(at("goal"), {"words": "Mornings <b>calm</b>", "measure": "In by nine"})
    see_as(hub.worker)
    goal = Goal.objects.get()
    today, later = timezone.localdate(), timezone.localdate() + timedelta(days=42)
    shown = page.get(at("review")).content.decode()
    assert "How near is “Mornings &lt;b&gt;calm&lt;/b&gt;”?" in shown
    wrong = page.post(at("review"), {"held_on": str(later), "present": "", "next_on": str(today)})
    assert "Say how near" in wrong.content.decode()
    kept = {
        "held_on": str(today), "present": "All", f"score-{goal.pk}": "4",
        f"words-{goal.pk}": "One row", "next_on": str(later),
    }  # fmt: skip
    assert page.post(at("review"), kept | {"next_on": str(today)}).status_code == 200
    assert page.post(at("review"), kept).status_code == 302
    page.post(
        at("plan"),
        {"what": "Ring the school", "who": "worker", "owner": hub.worker.pk, "goal": goal.pk,
         "due_on": str(later)},
    )  # fmt: skip

    told = page.get(at("case")).content.decode()
    assert "4 of 10" in told and "One row" in told and "For: Mornings" in told
    assert "Next review" in told
    see_as(hub.worker)
    assert PlannedAction.objects.get().goal == goal
    assert page.post(at("goal_end", goal.pk), {"ending": "reached"}).status_code == 200
    page.post(at("goal_end", goal.pk), {"ending": "reached", "words": "All agree"})
    assert "All agree" in page.get(at("case")).content.decode()
