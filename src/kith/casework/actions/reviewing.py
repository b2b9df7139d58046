"""The plan's goals, and the reviews at which everybody says how near they are."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.casework.actions.case_log import record_in
from kith.casework.actions.checks import (
    InTheFuture,
    NotPossible,
    TooEarly,
    WordsMissing,
    check_not_closed,
    lock,
)
from kith.casework.models import Case, Goal, GoalProgress, PlanReview
from kith.casework.permissions import may_work


class GoalEnded(NotPossible):
    """The goal was reached, changed or given up before."""


class NotOfThisCase(NotPossible):
    """The goal belongs to another case."""


@transaction.atomic
def set_goal(*, case: Case, words: str, measure: str, by: User, at: datetime) -> Goal:
    """Write down a goal in the family's words, and how everybody will know.

    Raises PermissionDenied, CaseClosed, WordsMissing.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    check_not_closed(case)
    if not words.strip():
        raise WordsMissing("Write the goal, in the family's words.")
    if not measure.strip():
        raise WordsMissing("Write how you will know that it is reached.")
    goal = Goal.objects.create(
        case=case, words=words.strip(), measure=measure.strip(), made_at=at, made_by=by
    )
    record_in(
        "goal.set", goal, case, by=by, at=at, after={"goal": goal.words, "measure": goal.measure}
    )
    return goal


@transaction.atomic
def end_goal(*, goal: Goal, ending: str, words: str, by: User, at: datetime) -> Goal:
    """Say that a goal is reached, changed or given up (`Goal.Ending`), and what there is to say.

    Raises PermissionDenied, CaseClosed, GoalEnded, WordsMissing.
    """
    case = lock(goal.case)
    may_work(by, case).or_raise()
    check_not_closed(case)
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    if goal.ended_on is not None:
        raise GoalEnded(f"This goal was ended before: {goal.get_ending_display().lower()}.")
    if ending not in Goal.Ending.values:
        raise ValueError(ending)
    if not words.strip():
        raise WordsMissing("Write how you know, or why it is given up.")
    goal.ended_on, goal.ending = timezone.localdate(at), ending
    goal.ending_words, goal.ended_by = words.strip(), by
    goal.save(update_fields=["ended_on", "ending", "ending_words", "ended_by"])
    record_in(
        "goal.ended", goal, case, by=by, at=at, after={"ending": ending, "words": goal.ending_words}
    )
    return goal


@transaction.atomic
def review_plan(
    *,
    case: Case,
    held_on: date,
    present: str,
    words: str,
    progress: Mapping[Goal, tuple[int, str]],
    next_on: date,
    by: User,
    at: datetime,
) -> PlanReview:
    """Write down a review: who was there, how near each goal is (0 to 10, with words), and when next.

    Raises PermissionDenied, CaseClosed, InTheFuture, TooEarly, WordsMissing, NotOfThisCase,
    GoalEnded; ValueError for a score that is none.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    check_not_closed(case)
    today = timezone.localdate(at)
    if held_on > today:
        raise InTheFuture("That is in the future. Give the day on which you met.")
    if held_on < timezone.localdate(case.opened_at):
        raise TooEarly("That is before the case was opened.")
    if next_on <= held_on:
        raise TooEarly("The next review comes after this one.")
    if not present.strip():
        raise WordsMissing("Write who was there.")
    for goal, (score, _) in progress.items():
        if goal.case_id != case.pk:
            raise NotOfThisCase("That goal belongs to another case.")
        if goal.ended_on is not None:
            raise GoalEnded(f"“{goal}” was ended before.")
        if not 0 <= score <= 10:
            raise ValueError(score)
    review = PlanReview.objects.create(
        case=case,
        held_on=held_on,
        present=present.strip(),
        words=words.strip(),
        next_on=next_on,
        by=by,
        recorded_at=at,
    )
    GoalProgress.objects.bulk_create(
        GoalProgress(
            goal=goal,
            review=review,
            on=held_on,
            score=score,
            words=said.strip(),
            by=by,
            recorded_at=at,
        )
        for goal, (score, said) in progress.items()
    )
    record_in(
        "plan.reviewed",
        review,
        case,
        by=by,
        at=at,
        after={
            "held_on": held_on,
            "next_on": next_on,
            "scores": {goal.pk: score for goal, (score, _) in progress.items()},
        },
    )
    return review
