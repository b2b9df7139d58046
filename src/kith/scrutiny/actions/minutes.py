"""Minutes: who was there, what was said and resolved, and how a draft becomes the confirmed record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from kith.accounts.models import User
from kith.audit.actions import record
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import (
    Attendance,
    Correction,
    Declaration,
    Item,
    Meeting,
    Member,
    Point,
    Question,
)
from kith.scrutiny.permissions import may_keep
from kith.scrutiny.queries import seats_at, there_at

TITLES = ("Cllr", "Councillor")  # as minutes write them, whatever a member’s own title

Minutes, State = Meeting.Minutes, Meeting.State
CONFIRMED = (
    "These minutes are confirmed, and their words stay. A later meeting may decide a correction, which "
    "stands beside them with its date."
)


def _open(meeting: Meeting) -> Meeting:
    """Return a meeting whose minutes can be written, locked. Raises ScrutinyRefused."""
    meeting = locked(meeting)
    if meeting.minutes == Minutes.CONFIRMED:
        raise ScrutinyRefused(CONFIRMED)
    if meeting.minutes == Minutes.CLEARED:
        raise ScrutinyRefused(
            "The chair has cleared these minutes. Open them again to change them."
        )
    if meeting.state not in (State.CALLED, State.HELD):
        raise ScrutinyRefused("Publish the agenda first: minutes are written item by item.")
    return meeting


@transaction.atomic
def say_attendance(
    *,
    meeting: Meeting,
    member: Member,
    state: str,
    instead_of: Member | None = None,
    came_at: datetime | None = None,
    left_at: datetime | None = None,
    left_because: str = "",
    out_for: Sequence[Item] = (),
    by: User,
    at: datetime,
) -> Attendance:
    """Say whether a member was there, for all of a meeting or a part, or for whom they stood in.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    meeting = _open(meeting)
    here = state in (Attendance.State.PRESENT, Attendance.State.PART)
    if instead_of:
        if not here:
            raise ScrutinyRefused("A substitute was there. Choose Present.", "state")
        if instead_of.pk == member.pk:
            raise ScrutinyRefused("Nobody is their own substitute.", "instead_of")
        others = meeting.attendances.exclude(member=member)
        if others.filter(instead_of=instead_of).exists():
            raise ScrutinyRefused(f"Somebody else stood in for {instead_of} already.", "instead_of")
        there = (Attendance.State.PRESENT, Attendance.State.PART)
        if others.filter(member=instead_of, state__in=there).exists():
            raise ScrutinyRefused(f"{instead_of} was there, and had no substitute.", "instead_of")
    if came_at and left_at and left_at <= came_at:
        raise ScrutinyRefused("They left after they came. Check both times.", "left")
    wrong = [one for one in out_for if one.meeting_id != meeting.pk]
    if wrong:
        raise ScrutinyRefused("That item is of another meeting.", "out_for")
    part = bool(came_at or left_at) and here
    kept = meeting.attendances.filter(member=member).first() or Attendance(
        meeting=meeting, member=member
    )
    values = {
        "state": Attendance.State.PART if part else state,
        "instead_of": instead_of,
        "came_at": came_at if here else None,
        "left_at": left_at if here else None,
        "left_because": left_because,
    }
    write(kept, "scrutiny.meeting_attendance", values, by=by, at=at)
    kept.out_for.set(out_for)
    return kept


@transaction.atomic
def all_present(*, meeting: Meeting, by: User, at: datetime) -> int:
    """Put down as present every member of whom nothing is said yet. Raises PermissionDenied."""
    may_keep(by).or_raise()
    meeting = _open(meeting)
    known = set(meeting.attendances.values_list("member_id", flat=True))
    seats = [seat for seat in seats_at(meeting) if seat.member_id not in known]
    for seat in seats:
        say_attendance(
            meeting=meeting, member=seat.member, state=Attendance.State.PRESENT, by=by, at=at
        )
    return len(seats)


@transaction.atomic
def declare(
    *,
    meeting: Meeting,
    member: Member,
    kind: str,
    words: str,
    item: Item | None = None,
    left: bool = False,
    declaration: Declaration | None = None,
    by: User,
    at: datetime,
) -> Declaration:
    """Write down an interest, or a party whip. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    meeting = _open(meeting)
    if item and item.meeting_id != meeting.pk:
        raise ScrutinyRefused("That item is of another meeting.", "item")
    values = {"member": member, "kind": kind, "words": words, "item": item, "left": left}
    made = declaration or Declaration(meeting=meeting)
    return write(made, "scrutiny.meeting_declared", values, by=by, at=at)


@transaction.atomic
def keep_question(
    *,
    meeting: Meeting,
    details: dict[str, Any],
    question: Question | None = None,
    by: User,
    at: datetime,
) -> Question:
    """Write down a question to a meeting, or its answer. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    meeting = locked(meeting)
    if meeting.minutes == Minutes.CONFIRMED and question is None:
        raise ScrutinyRefused(CONFIRMED)
    if details.get("answer") and not details.get("answered_by"):
        raise ScrutinyRefused("Say who answered: a post.", "answered_by")
    if details.get("answer") and not (question and question.answered_at):
        details = {**details, "answered_at": at}
    made = question or Question(meeting=meeting, received_at=at)
    return write(made, "scrutiny.meeting_question", details, by=by, at=at)


@transaction.atomic
def write_point(
    *, item: Item, details: dict[str, Any], point: Point | None = None, by: User, at: datetime
) -> Point:
    """Write a sentence of the minutes, or change it. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    _open(item.meeting)
    votes = [details.get(name) for name in ("votes_for", "votes_against", "abstained")]
    if any(votes) and details.get("kind") not in (Point.Kind.RESOLUTION, Point.Kind.RECOMMENDATION):
        raise ScrutinyRefused("Votes belong to what was resolved or recommended.", "votes_for")
    present = item.meeting.attendances.filter(
        state__in=[Attendance.State.PRESENT, Attendance.State.PART]
    ).count()
    if present and sum(filter(None, votes)) > present:
        raise ScrutinyRefused(
            f"More votes than the {present} members who were there. Check the votes, or who was there.",
            "votes_for",
        )
    if details.get("moved_by") and details.get("moved_by") == details.get("seconded_by"):
        raise ScrutinyRefused("Somebody else seconds.", "seconded_by")
    answers = details.get("answers")
    if answers and answers.item_id != item.pk:
        raise ScrutinyRefused("That question was put under another item.", "answers")
    speaker = details.get("speaker", "")
    if point is None or point.speaker != speaker:
        details = {**details, "member": _named(item.meeting, speaker)}
    if point is None:
        last = item.points.aggregate(last=Max("order"))["last"] or 0
        return write(
            Point(item=item, order=last + 1), "scrutiny.minutes_written", details, by=by, at=at
        )
    return write(locked(point), "scrutiny.minutes_written", details, by=by, at=at)


def _named(meeting: Meeting, speaker: str) -> Member | None:
    """Return the member whom a speaker's name means: their name, or title and surname where only one of
    those who could be there has it. So each member finds what they asked."""
    name = speaker.strip().casefold()
    there = {one.pk: one for one in there_at(meeting)}.values()
    for one in there:
        if name in (one.name.casefold(), str(one).casefold()):
            return one
    found = [
        one
        for one in there
        if name
        in (
            f"{title} {one.name.split()[-1]}".casefold() for title in (one.called, *TITLES) if title
        )
    ]
    return found[0] if len(found) == 1 else None


@transaction.atomic
def move_point(*, point: Point, up: bool, by: User, at: datetime) -> None:
    """Take a sentence one place up or down within its item. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    _open(point.item.meeting)
    points = list(point.item.points.select_for_update())
    here = next(number for number, one in enumerate(points) if one.pk == point.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(points):
        points[here], points[there] = points[there], points[here]
    for order, one in enumerate(points, start=1):
        Point.objects.filter(pk=one.pk).update(order=order)
    record("scrutiny.minutes_moved", subject=point, by=by, at=at)


@transaction.atomic
def remove_point(*, point: Point, by: User, at: datetime) -> None:
    """Take a sentence out of minutes that are being written. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    _open(point.item.meeting)
    if point.plan.exists():
        raise ScrutinyRefused("Something was asked for in it, which stands in the forward plan.")
    record("scrutiny.minutes_removed", subject=point, by=by, at=at, before={"words": point.words})
    point.delete()


# From a draft to the record


@transaction.atomic
def call_draft(*, meeting: Meeting, by: User, at: datetime) -> Meeting:
    """Say that the minutes are written, for the chair to read. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    meeting = _open(meeting)
    if meeting.state != State.HELD:
        raise ScrutinyRefused("Say first when the meeting finished.")
    if not Point.objects.filter(item__meeting=meeting).exists():
        raise ScrutinyRefused("Nothing is minuted yet.")
    return _move(meeting, Minutes.DRAFT, by, at)


@transaction.atomic
def clear(*, meeting: Meeting, cleared_by: str, by: User, at: datetime) -> Meeting:
    """Say that the chair has read a draft and cleared it. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    meeting = locked(meeting)
    if meeting.minutes != Minutes.DRAFT:
        raise ScrutinyRefused("Only a draft can be cleared.")
    return _move(meeting, Minutes.CLEARED, by, at, cleared_by=cleared_by, cleared_at=at)


@transaction.atomic
def open_again(*, meeting: Meeting, by: User, at: datetime) -> Meeting:
    """Open cleared minutes, or a draft, to be changed. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    meeting = locked(meeting)
    if meeting.minutes == Minutes.CONFIRMED:
        raise ScrutinyRefused(CONFIRMED)
    if meeting.minutes == Minutes.NONE:
        raise ScrutinyRefused("They are being written.")
    before = Minutes.DRAFT if meeting.minutes == Minutes.CLEARED else Minutes.NONE
    return _move(meeting, before, by, at, cleared_by="", cleared_at=None)


@transaction.atomic
def confirm(*, meeting: Meeting, at_meeting: Meeting, by: User, at: datetime) -> Meeting:
    """Say that a later meeting confirmed the minutes as a correct record. Raises PermissionDenied,
    ScrutinyRefused."""
    may_keep(by).or_raise()
    meeting, at_meeting = locked(meeting), locked(at_meeting)
    if meeting.minutes != Minutes.CLEARED:
        raise ScrutinyRefused("The chair clears the minutes first.")
    same = at_meeting.committee_id == meeting.committee_id
    if not same or at_meeting.starts_at <= meeting.starts_at:
        raise ScrutinyRefused("Minutes are confirmed at a later meeting of the same committee.")
    if at_meeting.state != State.HELD and not at_meeting.began_at:
        raise ScrutinyRefused("That meeting has not begun.", "at_meeting")
    return _move(meeting, Minutes.CONFIRMED, by, at, confirmed_at=at_meeting)


def _move(meeting: Meeting, to: str, by: User, at: datetime, **values: Any) -> Meeting:
    values = {"minutes": to, "revision": meeting.revision + 1, **values}
    return write(meeting, "scrutiny.minutes_moved_on", values, by=by, at=at)


@transaction.atomic
def correct(
    *,
    meeting: Meeting,
    made_at: Meeting,
    words: str,
    point: Point | None = None,
    by: User,
    at: datetime,
) -> Correction:
    """Keep a correction that a later meeting decided. The minutes' own words stay as they were.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    if made_at.committee_id != meeting.committee_id or made_at.starts_at <= meeting.starts_at:
        raise ScrutinyRefused("A later meeting of the same committee decides corrections.")
    if point and point.item.meeting_id != meeting.pk:
        raise ScrutinyRefused("That sentence stands in other minutes.", "point")
    if not words.strip():
        raise ScrutinyRefused("Write what is corrected.", "words")
    made = Correction(meeting=meeting, made_at=made_at, by=by, at=at)
    values = {"words": words, "point": point, "before": point.words if point else ""}
    return write(made, "scrutiny.minutes_corrected", values, by=by, at=at)
