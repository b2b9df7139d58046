"""What was measured with the demonstration county's families: at home, at school, what they think.

Chance of its own, by the case: the rest of the county is the same with and without it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from kith.casework.first_measures import FEEDBACK, total

if TYPE_CHECKING:
    from kith.demo.helping import Case

ANSWERED, AGAIN = 0.5, 0.6  # of families reached; of those, once more
WITH_SCHOOL, SAY = 0.5, 0.3
SENDER_SAYS = 0.25  # of those who asked for help, who say what they think of it
DROPS = {"stepped_up": -0.4, "declined": 0.0, "no_contact": 0.0}  # else things get better
WORDS = ("She listened first and did not judge.", "The calls helped most.", "")


def measure(case: Case, first: datetime, ends: datetime, why: str) -> None:
    """Write down questionnaires, attendance and what the family thinks."""
    rng = Random(f"measured {case.row['reference']}")
    last = min(ends, case.story.now) - timedelta(hours=1)
    better = DROPS.get(why, 0.8)
    carer = case.request.home.carer
    at = first + timedelta(days=6)
    if at < last and rng.random() < ANSWERED and carer.row:
        answers = [rng.randint(0, 3) for _ in range(5)]
        _score(case, carer.row.id, answers, at)
        again = at + timedelta(days=rng.randint(60, 110))
        if again < last and rng.random() < AGAIN:
            later = [
                min(4, max(0, one + (rng.random() < better) - (rng.random() < 0.15)))
                for one in answers
            ]
            _score(case, carer.row.id, later, again)
    if rng.random() < WITH_SCHOOL:
        _school(case, rng, first, last, better)
    if ends < case.story.now and rng.random() < SAY:
        case.book.add(
            "casework.Feedback", ends, None, case_id=case.row.id, of="family",
            name=case.request.who["mum"],
            answers={key: rng.choice((2, 3, 3, 4)) for key in FEEDBACK["family"]},
            words=rng.choice(WORDS), at=ends,
        )  # fmt: skip
    if ends < case.story.now and rng.random() < SENDER_SAYS:
        case.book.add(
            "casework.Feedback", ends, None, case_id=case.row.id, of="sender", name="",
            answers={key: rng.choice((2, 3, 3, 4)) for key in FEEDBACK["sender"]}, words="",
            at=ends,
        )  # fmt: skip


def _score(case: Case, person: int, answers: list[int], at: datetime) -> None:
    worker = case.worker_at(at)
    case.book.add(
        "casework.Score", at, worker.user, case_id=case.row.id,
        measure_id=case.story.ground.measures["at-home"], person_id=person, on=at.date(),
        answers=answers, value=total([*answers]), source=case.request.who["mum"],
        recorded_at=at, by_id=worker.user,
    )  # fmt: skip


def _school(case: Case, rng: Random, first: datetime, last: datetime, better: float) -> None:
    child = case.request.child
    if child.row is None or not 5 <= child.age(first.date()) <= 15:
        return
    share = rng.uniform(0.55, 0.95)
    begin = first.date() - timedelta(days=60)
    for number in range(2):
        ends = begin + timedelta(days=40)
        at = datetime.combine(ends, first.timetz()) + timedelta(days=12)
        if at >= last:
            return
        possible = 52
        attended = round(possible * min(1, share + 0.08 * better * number))
        authorised = rng.randint(0, possible - attended)
        worker = case.worker_at(at)
        case.book.add(
            "casework.Attendance", at, worker.user, case_id=case.row.id, person_id=child.row.id,
            first=begin, last=ends, possible=possible, attended=attended, authorised=authorised,
            unauthorised=possible - attended - authorised, source="The school's list",
            recorded_at=at, by_id=worker.user,
        )  # fmt: skip
        begin = ends + timedelta(days=15)
