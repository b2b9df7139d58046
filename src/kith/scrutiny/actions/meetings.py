"""Meetings: planned, announced, moved, cancelled, begun and ended; and their agendas."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Max, When
from django.utils.timezone import localtime

from kith.accounts.models import User
from kith.audit.actions import record
from kith.scrutiny.actions.common import exempt_or_refuse, locked, write
from kith.scrutiny.actions.inviting import tell_invited
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Committee, Item, Look, Meeting, OwnNote, PlanEntry
from kith.scrutiny.permissions import may_keep, may_see

State, Kind = Meeting.State, Item.Kind
# What opens and closes the agendas of scrutiny committees: matters arising and actions always among it.
OPENS = (
    Kind.APOLOGIES, Kind.DECLARATIONS, Kind.WHIP, Kind.MINUTES, Kind.ACTIONS, Kind.QUESTIONS,
)  # fmt: skip
CLOSES = (Kind.FOLLOW_UP, Kind.PLAN)


@transaction.atomic
def plan_meeting(
    *,
    committee: Committee,
    starts_at: datetime,
    ends_at: datetime | None = None,
    place: str,
    webcast: str = "",
    together_with: Sequence[Committee] = (),
    standard_items: bool = True,
    by: User,
    at: datetime,
) -> Meeting:
    """Plan a meeting, with the items that every agenda has and those that the forward plan sets for it.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    committee = locked(committee)
    _check_times(starts_at, ends_at)
    if committee.until and committee.until < localtime(starts_at).date():
        raise ScrutinyRefused(f"{committee} ended on {committee.until:%d %B %Y}.", "day")
    if _same_time(committee, starts_at).exists():
        raise ScrutinyRefused("This committee meets at that time already.", "day")
    meeting = Meeting(committee=committee)
    values = {"starts_at": starts_at, "ends_at": ends_at, "place": place, "webcast": webcast}
    write(meeting, "scrutiny.meeting_planned", values, by=by, at=at)
    meeting.together_with.set([one for one in together_with if one.pk != committee.pk])
    if standard_items:
        for order, kind in enumerate((*OPENS, *CLOSES), start=1):
            Item.objects.create(meeting=meeting, order=order, kind=kind, title=kind.label)
    return meeting


def _check_times(starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at and ends_at <= starts_at:
        raise ScrutinyRefused("A meeting ends after it begins.", "ends")


def _same_time(committee: Committee, starts_at: datetime) -> Any:
    held = Meeting.objects.exclude(state=State.CANCELLED)
    return held.filter(committee=committee, starts_at=starts_at)


@transaction.atomic
def change_meeting(
    *, meeting: Meeting, place: str, webcast: str, ends_at: datetime | None, by: User, at: datetime
) -> Meeting:
    """Change where a meeting is, and when it is meant to end. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    meeting = _not_over(meeting)
    _check_times(meeting.starts_at, ends_at)
    values = {"place": place, "webcast": webcast, "ends_at": ends_at}
    return write(meeting, "scrutiny.meeting_changed", values, by=by, at=at)


@transaction.atomic
def move_meeting(
    *,
    meeting: Meeting,
    starts_at: datetime,
    ends_at: datetime | None,
    place: str,
    why: str,
    by: User,
    at: datetime,
) -> Meeting:
    """Move a meeting to another time. One that was called is called anew: its notice begins again.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    meeting = _not_over(meeting)
    _check_times(starts_at, ends_at)
    if starts_at == meeting.starts_at:
        raise ScrutinyRefused("That is the time it has. Enter another day or time.", "day")
    if _same_time(meeting.committee, starts_at).exclude(pk=meeting.pk).exists():
        raise ScrutinyRefused("This committee meets at that time already.", "day")
    values = {
        "moved_from": meeting.starts_at,
        "times_moved": meeting.times_moved + 1,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "place": place,
        "why": why,
        "state": State.PLANNED,
        "short_notice": "",
    }
    write(meeting, "scrutiny.meeting_moved", values, by=by, at=at)
    tell_invited(meeting=meeting, at=at)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, why: str, by: User, at: datetime) -> Meeting:
    """Cancel a meeting. What was to come to it goes back to the forward plan.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    meeting = _not_over(meeting)
    if meeting.began_at:
        raise ScrutinyRefused("The meeting has begun. End it instead.")
    if not why.strip():
        raise ScrutinyRefused("Say why it is cancelled: the public is told.", "why")
    write(
        meeting, "scrutiny.meeting_cancelled", {"state": State.CANCELLED, "why": why}, by=by, at=at
    )
    PlanEntry.objects.filter(items__meeting=meeting, state=PlanEntry.State.ON_AGENDA).update(
        state=PlanEntry.State.PLANNED
    )
    tell_invited(meeting=meeting, at=at)
    return meeting


def _not_over(meeting: Meeting) -> Meeting:
    meeting = locked(meeting)
    if meeting.state in (State.HELD, State.CANCELLED):
        raise ScrutinyRefused(f"The meeting was {meeting.get_state_display().lower()}.")
    return meeting


@transaction.atomic
def begin_meeting(*, meeting: Meeting, chair: str, by: User, at: datetime) -> Meeting:
    """Say that a meeting has begun, and who took the chair. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    meeting = _not_over(meeting)
    if meeting.state != State.CALLED:
        raise ScrutinyRefused("Publish the agenda first: no meeting is held without notice.")
    if meeting.began_at:
        raise ScrutinyRefused("The meeting has begun already.")
    return write(
        meeting, "scrutiny.meeting_began", {"began_at": at, "taken_by": chair}, by=by, at=at
    )


@transaction.atomic
def end_meeting(
    *,
    meeting: Meeting,
    began_at: datetime,
    finished_at: datetime,
    chair: str,
    by: User,
    at: datetime,
) -> Meeting:
    """Say that a meeting is over, when it began and when it finished: past midnight is the next day.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    meeting = locked(meeting)
    if meeting.state not in (State.CALLED, State.HELD):
        raise ScrutinyRefused("Only a meeting whose agenda was published can be held.")
    if finished_at <= began_at:
        raise ScrutinyRefused("The meeting finished after it began. Check both times.", "finished")
    if finished_at > at:
        raise ScrutinyRefused("That time has not come yet.", "finished")
    values = {
        "began_at": began_at,
        "finished_at": finished_at,
        "taken_by": chair,
        "state": State.HELD,
    }
    return write(meeting, "scrutiny.meeting_ended", values, by=by, at=at)


# The agenda


@transaction.atomic
def write_item(
    *,
    meeting: Meeting,
    item: Item | None = None,
    details: dict[str, Any],
    plan: PlanEntry | None = None,
    by: User,
    at: datetime,
) -> Item:
    """Add an item to an agenda before those that close it, or change one.

    An item that comes when the agenda is published already is late: it says which special
    circumstances make it urgent (Local Government Act 1972, s. 100B(4)(b)).
    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    meeting = locked(meeting)
    if meeting.state == State.CANCELLED:
        raise ScrutinyRefused("The meeting is cancelled. Put the item on another agenda.")
    exempt_or_refuse(
        details.get("exempt", False),
        details.get("paragraphs", ()),
        details.get("public_interest", ""),
    )
    number = details.get("number", "")
    others = meeting.items.exclude(pk=item.pk) if item else meeting.items.all()
    if number and others.filter(number=number).exists():
        raise ScrutinyRefused(
            f"Item {number} is on this agenda already. Give it another.", "number"
        )
    if item is None:
        if meeting.state != State.PLANNED and not details.get("late_because", "").strip():
            raise ScrutinyRefused(
                "The agenda is published. Say which special circumstances make this item urgent.",
                "late_because",
            )
        item = Item(meeting=meeting, plan=plan, order=_make_room(meeting))
        write(item, "scrutiny.item_added", details, by=by, at=at)
    else:
        write(locked(item), "scrutiny.item_changed", details, by=by, at=at)
    if plan:
        values = {"state": PlanEntry.State.ON_AGENDA, "due_meeting": meeting}
        write(locked(plan), "scrutiny.plan_on_agenda", values, by=by, at=at)
    return item


def _make_room(meeting: Meeting) -> int:
    """Return the place before the items that close the agenda, or the last once it is numbered."""
    closing = [one for one in meeting.items.all() if one.kind in CLOSES and not one.number]
    if not closing:
        return (meeting.items.aggregate(last=Max("order"))["last"] or 0) + 1
    place = min(one.order for one in closing)
    meeting.items.filter(order__gte=place).update(order=F("order") + 1)
    return place


@transaction.atomic
def move_item(*, item: Item, up: bool, by: User, at: datetime) -> None:
    """Take an item one place up or down. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    meeting = locked(item.meeting)
    if meeting.state != State.PLANNED:
        raise ScrutinyRefused("The agenda is published: its items have their numbers.")
    items = list(meeting.items.select_for_update())
    here = next(number for number, one in enumerate(items) if one.pk == item.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(items):
        return
    one, other = items[here], items[there]
    changed = Case(When(pk=one.pk, then=other.order), default=one.order)
    meeting.items.filter(pk__in=[one.pk, other.pk]).update(order=changed)
    record("scrutiny.item_moved", subject=item, by=by, at=at, after={"order": other.order})


@transaction.atomic
def remove_item(*, item: Item, by: User, at: datetime) -> None:
    """Take an item off an agenda that is not published. Raises PermissionDenied, ScrutinyRefused."""
    may_keep(by).or_raise()
    meeting, item = locked(item.meeting), locked(item)
    if item.number:
        raise ScrutinyRefused(
            "This item was published. It stays; say in its minutes that it was withdrawn."
        )
    if item.papers.exists() or item.points.exists():
        raise ScrutinyRefused("There are papers or minutes under this item. Take these away first.")
    record("scrutiny.item_removed", subject=item, by=by, at=at, before={"title": item.title})
    if item.plan:
        write(
            locked(item.plan),
            "scrutiny.plan_off_agenda",
            {"state": PlanEntry.State.PLANNED},
            by=by,
            at=at,
        )
    place = item.order
    item.delete()
    meeting.items.filter(order__gt=place).update(order=F("order") - 1)


def look_at(*, meeting: Meeting, by: User, at: datetime) -> None:
    """Keep when somebody opened a meeting's page, so that their own page can say what came since.

    For themselves alone: nothing of it is recorded. Raises PermissionDenied.
    """
    may_see(by).or_raise()
    Look.objects.update_or_create(user=by, meeting=meeting, defaults={"at": at})


@transaction.atomic
def note_for_oneself(*, item: Item, words: str, by: User, at: datetime) -> OwnNote | None:
    """Keep what somebody writes for themselves under an item; without words, take all theirs away.

    Nobody else ever reads it, so nothing of it is recorded. Raises PermissionDenied.
    """
    may_see(by).or_raise()
    if not words.strip():
        OwnNote.objects.filter(user=by, item=item).delete()
        return None
    return OwnNote.objects.create(user=by, item=item, words=words.strip(), at=at)
