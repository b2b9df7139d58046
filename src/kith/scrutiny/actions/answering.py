"""Answering a recommendation, promising, and saying how far it is: by the council or by an outside body."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.accounts.permissions import refuse
from kith.accounts.viewer import clock, linked, seeing_as
from kith.jobs.actions import soon
from kith.referrals.attachments import MOST_FILES
from kith.scrutiny.actions import papers
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.recommending import State, now_in
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import (
    Answer,
    Attached,
    Item,
    Part,
    Progress,
    Promised,
    Recommendation,
)
from kith.scrutiny.permissions import may_answer
from kith.scrutiny.recommendation_queries import LINK, is_settled

Said = Answer.Said
READ_ATTACHED = "scrutiny.read_attached"
WAITS = 3.0  # seconds for each file, while somebody waits
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
    figures: tuple[tuple[str, str, str, str], ...] = ()  # heading, value, unit, as of
    files: tuple[tuple[str, bytes], ...] = ()  # name, and what it holds
    replaces: Attached | None = None  # the earlier file whose place the one file takes
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
        # Before anything is locked: to read a file takes time.
        files = _take_in(reply.files)
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
            "figures": [list(line) for line in reply.figures],
        }
        write(made, "scrutiny.recommendation_answer", values, by=by or clock(), at=at)
        for told, late in files:
            _attach(made, told, late, reply.replaces, by or clock(), at)
        for promise in reply.promises:
            _promise(found, promise, by or clock(), at)
        _settle(found, by or clock(), at)
        return made


def _take_in(files: Sequence[tuple[str, bytes]]) -> list[tuple[dict[str, Any], bool]]:
    if len(files) > MOST_FILES:
        raise ScrutinyRefused(f"An answer takes up to {MOST_FILES} files. Send fewer.", "attached")
    if sum(len(held) for _, held in files) > papers.MOST_BYTES:
        raise ScrutinyRefused(
            f"The files have more than {papers.MOST_BYTES // 1024**2} MB together. Save them with "
            "smaller pictures, or send fewer.",
            "attached",
        )
    taken = []
    for name, held in files:
        try:
            taken.append(papers.take_in((name, held), field="attached", seconds=WAITS))
        except ScrutinyRefused as problem:
            # Of several, whoever sent them has to know which.
            raise ScrutinyRefused(f"“{name}”: {problem}", problem.field) from problem
    return taken


def _attach(
    answer: Answer,
    told: dict[str, Any],
    late: bool,
    replaces: Attached | None,
    by: User,
    at: datetime,
) -> None:
    made = Attached(answer=answer, added_at=at, **told)
    values = {"file_name": made.file_name, "replaces": replaces}  # the log needs no words of it
    write(made, "scrutiny.answer_file", values, by=by, at=at)
    if late:
        soon(READ_ATTACHED, attached=made.pk)


@transaction.atomic
def read_attached_later(*, attached: int) -> Attached | None:
    """Read the words of a file that took too long at once, and let it be found by them."""
    kept = Attached.objects.select_for_update(of=("self",)).filter(pk=attached).first()
    if kept is None:
        return None
    for name, value in papers.read_through(bytes(kept.content.held), kept.content.mime).items():
        setattr(kept, name, value)
    kept.save(update_fields=["text", "text_state", "pages", "table"])
    papers.find_by(kept.uid, kept.text)
    return kept


def _check(found: Recommendation, reply: Reply, at: datetime) -> None:
    instead = reply.replaces
    if instead and (instead.answer.recommendation_id != found.pk or instead.withdrawn_because):
        raise ScrutinyRefused("That file is no longer there. Choose another.", "replaces")
    if instead and Attached.objects.filter(replaces=instead).exists():
        raise ScrutinyRefused("Another file took its place already. Choose that one.", "replaces")
    if instead and len(reply.files) != 1:
        raise ScrutinyRefused("Choose the one file that takes its place.", "attached")
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
