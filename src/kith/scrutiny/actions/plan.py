"""The committee's forward plan, and the executive's key decisions: two lists."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from kith.accounts.models import User
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.meetings import write_item
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Committee, Item, KeyDecision, Meeting, PlanEntry, Point
from kith.scrutiny.permissions import may_keep

State = PlanEntry.State
KINDS = {PlanEntry.Kind.UPDATE: Item.Kind.UPDATE, PlanEntry.Kind.RETURN: Item.Kind.FOLLOW_UP}


@transaction.atomic
def keep_entry(
    *,
    committee: Committee,
    details: dict[str, Any],
    entry: PlanEntry | None = None,
    point: Point | None = None,
    by: User,
    at: datetime,
) -> PlanEntry:
    """Add a line to a forward plan, or change it; `point` is the sentence in which it was asked for.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    meeting: Meeting | None = details.get("due_meeting")
    if meeting and meeting.committee_id != committee.pk:
        raise ScrutinyRefused("That meeting is of another committee.", "due_meeting")
    over = (Meeting.State.HELD, Meeting.State.CANCELLED)
    moved = meeting and not (entry and entry.due_meeting_id == meeting.pk)
    if meeting and moved and meeting.state in over:
        raise ScrutinyRefused(
            f"That meeting was {meeting.get_state_display().lower()}. Choose a later one.",
            "due_meeting",
        )
    if meeting:
        details = {**details, "due_month": None}
    made = locked(entry) if entry else PlanEntry(committee=committee, point=point, made_at=at)
    return write(
        made, "scrutiny.plan_changed" if entry else "scrutiny.plan_added", details, by=by, at=at
    )


@transaction.atomic
def put_on_agenda(*, entry: PlanEntry, meeting: Meeting, by: User, at: datetime) -> Item:
    """Make an item of a line of the forward plan. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    entry = locked(entry)
    if entry.state in (State.DONE, State.DROPPED):
        raise ScrutinyRefused(f"This line is {entry.get_state_display().lower()}.")
    if meeting.items.filter(plan=entry).exists():
        raise ScrutinyRefused("It is on that agenda already.")
    if meeting.committee_id != entry.committee_id:
        raise ScrutinyRefused("That meeting is of another committee.")
    details = {
        "title": entry.title,
        "words": entry.why,
        "kind": KINDS.get(PlanEntry.Kind(entry.kind), Item.Kind.TOPIC),
    }
    return write_item(meeting=meeting, details=details, plan=entry, by=by, at=at)


@transaction.atomic
def close_entry(*, entry: PlanEntry, done: bool, outcome: str, by: User, at: datetime) -> PlanEntry:
    """Say that a line is done, or that it is not taken further and why. Raises PermissionDenied,
    ScrutinyRefused."""
    may_keep(by).or_raise()
    if not done and not outcome.strip():
        raise ScrutinyRefused("Say why it is not taken further.", "outcome")
    values = {"state": State.DONE if done else State.DROPPED, "outcome": outcome}
    return write(locked(entry), "scrutiny.plan_closed", values, by=by, at=at)


@transaction.atomic
def keep_decision(
    *, details: dict[str, Any], decision: KeyDecision | None = None, by: User, at: datetime
) -> KeyDecision:
    """Add a decision that the executive means to take, or change what is said of it.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    first, last = details.get("first"), details.get("last")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise ScrutinyRefused("The last day is before the first.", "last")
    if details.get("decision") and not details.get("decided_on"):
        raise ScrutinyRefused("Say on which day it was decided.", "decided_on")
    made = locked(decision) if decision else KeyDecision()
    return write(made, "scrutiny.key_decision_kept", details, by=by, at=at)
