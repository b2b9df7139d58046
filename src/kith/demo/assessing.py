"""Assessments of the demonstration county's families: at the beginning, and again before the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kith.casework.assessment_form import Part, Question
from kith.casework.caf import FIRST
from kith.demo import words
from kith.demo.book import Row
from kith.demo.families import Human
from kith.demo.words import say

if TYPE_CHECKING:
    from kith.demo.helping import Case

VERSION = 1  # of the form, as `caf.FIRST`; the first row of its table
NEVER = 0.12  # of families with whom a plan was made without an assessment
AGAIN = timedelta(weeks=12)  # a second assessment is made of those helped for longer than this
# How many points things have gone up by, from the first to the last, by how it ended.
WENT_UP = {"goals_met": (1, 4), "universal": (0, 3), "other_service": (-1, 2), "moved": (-1, 2)}
OTHERWISE = (-2, 1)


class Assessed:
    """One person of an assessment, as the form asks about them."""

    def __init__(self, human: Human, name: str, *, is_child: bool) -> None:
        assert human.row is not None
        self.person_id, self.is_child, self.name = human.row.id, is_child, name


def assess(case: Case, first: datetime, ends: datetime, why: str) -> None:
    """Write a case's assessments: what was found, who signed, and what is still being written."""
    rng, story = case.rng, case.story
    if rng.random() < NEVER:
        return
    home = case.request.home
    people = [
        Assessed(human, f"{human.given} {human.surname}".strip() or "Unborn child", is_child=child)
        for humans, child in ((home.children, True), (home.adults, False))
        for human in humans
        if human.row is not None
    ]
    parts = FIRST.parts(people)
    scores = {part.key: rng.randint(2, 6) for part in parts}
    began = case.moment(first + timedelta(days=rng.randint(4, 16)))
    last = min(ends, story.now)
    if began >= last:
        return
    before = _one(case, parts, people, scores, began, last, None)
    if before is None or ends - first < AGAIN:
        return
    low, high = WENT_UP.get(why, OTHERWISE)
    later = {key: max(0, min(10, score + rng.randint(low, high))) for key, score in scores.items()}
    again = case.moment(max(began + timedelta(weeks=8), ends - timedelta(days=rng.randint(10, 24))))
    if again < last:
        _one(case, parts, people, later, again, last, before)


def _one(
    case: Case,
    parts: list[Part],
    people: list[Assessed],
    scores: dict[str, int],
    began: datetime,
    last: datetime,
    previous: Row | None,
) -> Row | None:
    """Write one assessment. Returns it where it was signed."""
    rng, book = case.rng, case.book
    worker = case.worker_at(began)
    row = book.add(
        "casework.Assessment",
        began,
        worker.user,
        case_id=case.row.id,
        form_id=VERSION,
        status="draft",
        previous_id=previous.id if previous else None,
        started_at=began,
        started_by_id=worker.user,
        sent_at=None,
        sent_by_id=None,
        sent_back="",
        signed_at=None,
        signed_by_id=None,
        not_used_because="",
    )
    for order, one in enumerate(people):
        book.add(
            "casework.AssessedPerson",
            began,
            worker.user,
            assessment_id=row.id,
            person_id=one.person_id,
            is_child=one.is_child,
            name=one.name,
            order=order,
        )
    sent = case.moment(began + timedelta(days=rng.randint(2, 15)))
    at = min(began + timedelta(minutes=50), last)
    for key, text in _answers(case, parts, scores, finished=sent < last):
        book.add(
            "casework.Answer",
            at,
            worker.user,
            assessment_id=row.id,
            key=key,
            words=text,
            revision=1,
            taken_over=False,
            by_id=worker.user,
            at=at,
        )
    _log(case, "assessment.started", began, (worker.user, worker.name), row)
    if sent >= last:
        return None
    row.change(sent, worker.user, status="sent", sent_at=sent, sent_by_id=worker.user)
    _log(case, "assessment.sent", sent, (worker.user, worker.name), row)
    signed = case.moment(sent + timedelta(days=rng.randint(1, 6)))
    if signed >= last:
        return None
    by = case.manager
    row.change(signed, by[0], status="signed", signed_at=signed, signed_by_id=by[0])
    _log(case, "assessment.signed", signed, by, row)
    case.signed = row
    return row


def _answers(
    case: Case, parts: list[Part], scores: dict[str, int], *, finished: bool
) -> Iterator[tuple[str, str]]:
    rng = case.rng
    for part in parts:
        # Whoever has only begun has written the first parts.
        if not finished and rng.random() < 0.5:
            return
        some = rng.random() < 0.4
        for slot in part.slots:
            if slot.question.kind == "score":
                yield slot.key, str(scores[part.key])
            elif slot.question.needed or (some and slot.question.kind == "words"):
                yield slot.key, _words(case, slot.question)
                some = False


def _words(case: Case, question: Question) -> str:
    rng, request = case.rng, case.request
    match question.key:
        case "present":
            return say(rng, words.PRESENT, request.who)
        case "why" | "needs":
            return rng.choice(request.theme.worry).format_map(request.who)
        case "strengths":
            return say(rng, words.GOING_WELL, request.who)
        case "goals":
            return say(rng, words.GOALS, request.who)
        case "voice":
            return say(rng, words.VOICE, request.who)
    return rng.choice((*request.theme.note, *words.GOING_WELL)).format_map(request.who)


def _log(case: Case, what: str, at: datetime, by: tuple[int, str], row: Row) -> None:
    name = f"assessment begun on {row['started_at']:%d %B %Y}"
    case.log_about(what, at, by, row, "casework.assessment", name)
