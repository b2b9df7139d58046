"""Goals of the demonstration county's families, and the reviews at which they came nearer, or not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kith.demo import words
from kith.demo.book import Row

if TYPE_CHECKING:
    from kith.demo.helping import Case

NONE = 0.15  # of plans that have actions and no goal
FORGOTTEN = 0.12  # of reviews that nobody held
# The points by which a goal comes nearer from review to review, by how it will end.
STEPS = {"goals_met": (1, 3), "universal": (0, 3), "stepped_up": (-2, 1), "declined": (-1, 1)}
OTHERWISE = (0, 2)
REACHED = 9


def set_goals(case: Case, made: datetime, ends: datetime, why: str) -> None:
    """Write down what a family wants, and each review of it until the end or today."""
    rng, book, story = case.rng, case.book, case.story
    last = min(ends, story.now)
    if made >= last or rng.random() < NONE:
        return
    worker = case.worker_at(made)
    goals: list[tuple[Row, int]] = []
    for goal, measure in rng.sample(words.WANTED, k=rng.randint(1, 3)):
        row = book.add(
            "casework.Goal",
            made,
            worker.user,
            case_id=case.row.id,
            words=goal.format_map(case.request.who),
            measure=measure.format_map(case.request.who),
            made_at=made,
            made_by_id=worker.user,
            ended_on=None,
            ending="",
            ending_words="",
            ended_by_id=None,
        )
        goals.append((row, rng.randint(0, 4)))
        case.log_about(
            "goal.set", made, (worker.user, worker.name), row, "casework.goal", row["words"]
        )
    at = made
    while True:
        at = case.moment(at + timedelta(days=rng.randint(36, 50)))
        if at >= last or not goals:
            return
        if rng.random() < FORGOTTEN:
            continue
        goals = _review(case, at, goals, why)


def _review(
    case: Case, at: datetime, goals: list[tuple[Row, int]], why: str
) -> list[tuple[Row, int]]:
    """Write one review. Returns the goals that are still in hand, with their scores."""
    rng, book = case.rng, case.book
    worker = case.worker_at(at)
    review = book.add(
        "casework.PlanReview",
        at,
        worker.user,
        case_id=case.row.id,
        held_on=at.date(),
        present=words.say(rng, words.AT_REVIEW, case.request.who),
        words=words.say(rng, words.NOTE, case.request.who),
        next_on=case.story.days.on_or_after(at.date() + timedelta(days=42)),
        by_id=worker.user,
        recorded_at=at,
    )
    case.log_about(
        "plan.reviewed", at, (worker.user, worker.name), review, "casework.planreview",
        f"review of {at:%d %B %Y}",
    )  # fmt: skip
    left = []
    for goal, before in goals:
        score = max(0, min(10, before + rng.randint(*STEPS.get(why, OTHERWISE))))
        book.add(
            "casework.GoalProgress",
            at,
            worker.user,
            goal_id=goal.id,
            review_id=review.id,
            on=at.date(),
            score=score,
            words=words.say(rng, words.SHOWN, case.request.who) if rng.random() < 0.6 else "",
            by_id=worker.user,
            recorded_at=at,
        )
        if score < REACHED:
            left.append((goal, score))
            continue
        end = at + timedelta(minutes=20)
        goal.change(
            end,
            worker.user,
            ended_on=end.date(),
            ending="reached",
            ending_words=words.say(rng, words.SHOWN, case.request.who),
            ended_by_id=worker.user,
        )
        case.log_about(
            "goal.ended", end, (worker.user, worker.name), goal, "casework.goal", goal["words"]
        )
    return left
