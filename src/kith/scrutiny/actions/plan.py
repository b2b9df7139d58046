"""The committee's forward plan, and the executive's key decisions: two lists."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.analytics.clear_days import clear_days
from kith.hubs.calendar import closed_days, is_working_day
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.meetings import write_item
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Committee, Item, KeyDecision, Meeting, PlanEntry, Point
from kith.scrutiny.permissions import may_keep

State, Given = PlanEntry.State, KeyDecision.Given
KEY_DAYS, EXCEPTION_DAYS = 28, 5  # clear days: SI 2012/2089, regulations 9 and 10
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

    Of a key decision the public reads 28 clear days before (SI 2012/2089, regulation 9). With fewer it is
    taken by the general exception, of which the chair of the scrutiny committee is told five clear days
    before (regulation 10), or by special urgency, to which that chair agreed (regulation 11).
    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    first, last = details.get("first"), details.get("last")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise ScrutinyRefused("The last day is before the first.", "last")
    if details.get("decision") and not details.get("decided_on"):
        raise ScrutinyRefused("Say on which day it was decided.", "decided_on")
    made = locked(decision) if decision else KeyDecision()
    if made.called_in_by_id and details.get("decided_on") != made.decided_on:
        raise ScrutinyRefused(
            "It was called in: the day on which it was taken stays.", "decided_on"
        )
    if details.get("key", made.key) and isinstance(first, date) and not details.get("decided_on"):
        _check_notice(details, clear_days(localdate(made.public_at or at), first))
    return write(made, "scrutiny.key_decision_kept", details, by=by, at=at)


def _check_notice(details: dict[str, Any], given: int) -> None:
    """Refuse a key decision that comes with less notice than what is said of it asks for."""
    said = details.get("given", Given.FULL)
    if said == Given.FULL and given < KEY_DAYS:
        raise ScrutinyRefused(
            f"That gives {given} clear days, and a key decision asks for {KEY_DAYS}. Set a later day, or say by "
            "which exception it is taken, and why.",
            "given",
        )
    if said == Given.GENERAL and given < EXCEPTION_DAYS:
        raise ScrutinyRefused(
            f"That gives {given} clear days, and the general exception asks for {EXCEPTION_DAYS}. Set a later day, "
            "or ask the chair of scrutiny to agree to special urgency.",
            "given",
        )
    if said != Given.FULL and not details.get("urgency", "").strip():
        raise ScrutinyRefused("Say why it cannot wait for 28 clear days.", "urgency")
    if said != Given.FULL and not details.get("chair", "").strip():
        raise ScrutinyRefused("Say which chair of scrutiny was told, or agreed.", "chair")


def last_day_to_call_in(decision: KeyDecision, committee: Committee) -> date | None:
    """Return the last day on which a committee may call a decision in: so many working days after it was
    taken. None where it is not taken."""
    if decision.decided_on is None:
        return None
    closed, day, counted = closed_days(), decision.decided_on, 0
    while counted < committee.call_in_days:
        day += timedelta(days=1)
        counted += is_working_day(day, closed=closed)
    return day


@transaction.atomic
def call_in(
    *, decision: KeyDecision, committee: Committee, on: date, because: str, by: User, at: datetime
) -> KeyDecision:
    """Write down that members of a scrutiny committee called a decision in (Local Government Act 2000,
    s. 9F(2)(a) and (4)): it waits until the committee has looked at it, which its forward plan now has.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    decision = locked(decision)
    if decision.called_in_by_id:
        raise ScrutinyRefused("It was called in already.")
    if decision.decided_on is None:
        raise ScrutinyRefused("Only what was decided is called in. Say first what was decided.")
    if decision.given == Given.SPECIAL:
        raise ScrutinyRefused(
            "It was taken by special urgency, to which the chair of scrutiny agreed: it cannot be called in."
        )
    if committee.kind not in (Committee.Kind.SCRUTINY, Committee.Kind.JOINT):
        raise ScrutinyRefused("A scrutiny committee calls in. Choose one.", "committee")
    last = last_day_to_call_in(decision, committee)
    if on < decision.decided_on or (last and on > last):
        raise ScrutinyRefused(
            f"It could be called in from {decision.decided_on:%-d %B} to {last:%-d %B %Y}: "
            f"{committee.call_in_days} working days.",
            "on",
        )
    if on > localdate(at):
        raise ScrutinyRefused("That day has not come yet.", "on")
    if not because.strip():
        raise ScrutinyRefused("Say why: who called it in, and on which grounds.", "because")
    values = {"called_in_by": committee, "called_in_on": on, "called_in_because": because}
    write(decision, "scrutiny.key_decision_called_in", values, by=by, at=at)
    entry = {
        "title": f"Call-in: {decision.title}"[:200],
        "why": because,
        "kind": PlanEntry.Kind.TOPIC,
    }
    keep_entry(committee=committee, details=entry, by=by, at=at)
    return decision


@transaction.atomic
def end_call_in(*, decision: KeyDecision, outcome: str, by: User, at: datetime) -> KeyDecision:
    """Write down what the committee said of a decision that was called in: that it stands, or that it goes
    back and why. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    decision = locked(decision)
    if decision.called_in_by_id is None:
        raise ScrutinyRefused("It was not called in.")
    if not outcome.strip():
        raise ScrutinyRefused("Say what the committee decided.", "outcome")
    return write(decision, "scrutiny.call_in_ended", {"call_in_outcome": outcome}, by=by, at=at)
