"""Answering a recommendation, promising, and saying how far it is: by the council or by an outside body."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.accounts.permissions import refuse
from kith.accounts.viewer import clock, linked, seeing_as
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.recommending import State, now_in
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Answer, Item, Paper, Part, Progress, Promised, Recommendation
from kith.scrutiny.permissions import may_answer
from kith.scrutiny.recommendation_queries import LINK, is_settled

Said = Answer.Said
ANSWERABLE = (State.AGREED, State.SENT, State.ANSWERED, State.MONITORED)
NOT_FULLY = (Progress.Said.ACCEPTABLE, Progress.Said.NOT_ACCEPTABLE, Progress.Said.OBSTACLE)


@dataclass(frozen=True)
class Promise:
    """What somebody says they will do."""

    words: str
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Reply:
    """What is answered, to the whole or to one part."""

    said: str
    words: str
    reason: str = ""
    by_whom: str = ""
    answered_on: date | None = None
    part: Part | None = None
    paper: Paper | None = None
    figures: tuple[tuple[str, str, str, str], ...] = ()  # heading, value, unit, as of
    promises: tuple[Promise, ...] = ()


def _may_answer(by: User | None, found: Recommendation) -> None:
    if by is not None:
        may_answer(by).or_raise()
    elif linked(LINK) != found.pk:
        refuse("This link is for another recommendation.").or_raise()


@transaction.atomic
def answer(
    *, recommendation: Recommendation, reply: Reply, by: User | None, at: datetime
) -> Answer:
    """Answer a recommendation. `by` is None for an owner who came by the private link of the letter.

    An answer in principle needs something that will be done and a day, or it stays open.
    Raises PermissionDenied or ScrutinyRefused.
    """
    _may_answer(by, recommendation)
    with seeing_as(by or clock()):
        found = now_in(
            recommendation,
            *ANSWERABLE,
            so="It can be answered once it is agreed, until it is stopped.",
        )
        _check(found, reply, at)
        made = Answer(recommendation=found, part=reply.part, by=by, at=at)
        values: dict[str, Any] = {
            "said": reply.said,
            "reason": reply.reason,
            "words": reply.words,
            "by_whom": reply.by_whom or str(by or found.owner),
            "answered_on": reply.answered_on or localdate(at),
            "paper": reply.paper,
            "figures": [list(line) for line in reply.figures],
        }
        write(made, "scrutiny.recommendation_answer", values, by=by or clock(), at=at)
        for promise in reply.promises:
            _promise(found, promise, by or clock(), at)
        _settle(found, by or clock(), at)
        return made


def _check(found: Recommendation, reply: Reply, at: datetime) -> None:
    explained = found.kind == Recommendation.Kind.INFORMATION
    if explained != (reply.said == Said.EXPLAINED):
        raise ScrutinyRefused(
            "An explanation was asked for: give it."
            if explained
            else "Say whether it is accepted; an explanation alone is no answer to it.",
            "said",
        )
    if reply.part is not None and reply.part.recommendation_id != found.pk:
        raise ScrutinyRefused("That is a part of another recommendation.", "part")
    if reply.said in (Said.NOT, Said.IN_PART) and not reply.reason.strip():
        raise ScrutinyRefused("Give the reason: the committee has asked, and is owed it.", "reason")
    if not reply.words.strip():
        raise ScrutinyRefused("Write the answer in words.", "words")
    on = reply.answered_on or localdate(at)
    if on > localdate(at):
        raise ScrutinyRefused("That day is still to come.", "answered_on")
    if found.agreed_on and on < found.agreed_on:
        raise ScrutinyRefused("That is before the committee agreed it.", "answered_on")


def _promise(found: Recommendation, promise: Promise, by: User, at: datetime) -> Promised:
    if not promise.words.strip():
        raise ScrutinyRefused("Say what will be done.", "promised")
    made = Promised(recommendation=found, made_at=at)
    values = {"words": promise.words, "owner": promise.owner, "due_on": promise.due_on}
    return write(made, "scrutiny.recommendation_promised", values, by=by, at=at)


def _settle(found: Recommendation, by: User, at: datetime) -> None:
    """Let a recommendation be answered once all of it is, with something to be done where it is
    accepted in principle."""
    if found.state in (State.AGREED, State.SENT) and is_settled(found):
        write(found, "scrutiny.recommendation_answered", {"state": State.ANSWERED}, by=by, at=at)


@transaction.atomic
def promise(
    *, recommendation: Recommendation, promise: Promise, by: User, at: datetime
) -> Promised:
    """Add something that will be done, and by when. Raises PermissionDenied or ScrutinyRefused."""
    may_answer(by).or_raise()
    found = now_in(recommendation, *ANSWERABLE, so="Nothing more is promised about it.")
    if promise.due_on and found.agreed_on and promise.due_on < found.agreed_on:
        raise ScrutinyRefused("That is before the committee agreed it.", "due_on")
    made = _promise(found, promise, by, at)
    _settle(found, by, at)
    return made


@transaction.atomic
def keep_promise(*, promised: Promised, done_on: date, by: User, at: datetime) -> Promised:
    """Say that what was promised is done. Raises PermissionDenied or ScrutinyRefused."""
    may_answer(by).or_raise()
    promised = locked(promised)
    if promised.done_on:
        raise ScrutinyRefused(f"It was done on {promised.done_on:%-d %B %Y}.")
    if done_on > localdate(at):
        raise ScrutinyRefused("That day is still to come.", "done_on")
    return write(
        promised, "scrutiny.recommendation_promise_kept", {"done_on": done_on}, by=by, at=at
    )


@transaction.atomic
def say_progress(
    *,
    recommendation: Recommendation,
    said: str,
    words: str = "",
    evidence: str = "",
    item: Item | None = None,
    on: date,
    by_whom: str = "",
    by: User,
    at: datetime,
) -> Progress:
    """Say how far a recommendation is. Raises PermissionDenied or ScrutinyRefused."""
    may_answer(by).or_raise()
    found = locked(recommendation)
    own = found.owned == Recommendation.Owned.COMMITTEE
    own = own or found.kind == Recommendation.Kind.COMMITTEE_ACTION
    allowed = (State.ANSWERED, State.MONITORED, *([State.AGREED] if own else []))
    if found.state not in allowed:
        raise ScrutinyRefused(
            f"This recommendation is “{found.get_state_display()}”. Write its answer down first."
            if found.state in (State.AGREED, State.SENT)
            else f"This recommendation is “{found.get_state_display()}”: its progress is not followed."
        )
    if said == Progress.Said.STOP:
        raise ScrutinyRefused(
            "To stop monitoring is a decision of the committee: use “Stop following it up”.", "said"
        )
    if said in NOT_FULLY and not words.strip():
        raise ScrutinyRefused("Say what is missing, or what stands in the way.", "words")
    if on > localdate(at):
        raise ScrutinyRefused("That day is still to come.", "on")
    if found.agreed_on and on < found.agreed_on:
        raise ScrutinyRefused("That is before the committee agreed it.", "on")
    made = Progress(recommendation=found, by=by, at=at)
    values = {
        "said": said,
        "words": words,
        "evidence": evidence,
        "item": item,
        "on": on,
        "by_whom": by_whom or str(by),
    }
    write(made, "scrutiny.recommendation_progress", values, by=by, at=at)
    if found.state != State.MONITORED:
        write(found, "scrutiny.recommendation_followed", {"state": State.MONITORED}, by=by, at=at)
    return made
