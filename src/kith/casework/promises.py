"""The promise of first contact, and a due date, in words and a colour that says the same."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from django.utils import timezone

from kith.casework.models import Case, PlannedAction


@dataclass(frozen=True)
class State:
    """How something stands: `words`, and the colour of the tag they are shown in."""

    words: str
    colour: str
    late: bool = False


class Promised(Protocol):
    """What a promise of first contact is read from: a case, or a line of a list about one."""

    @property
    def contact_by(self) -> datetime: ...
    @property
    def first_contact_at(self) -> datetime | None: ...


def first_contact(case: Promised, now: datetime) -> State:
    """Say how the promise of first contact stands."""
    due = timezone.localdate(case.contact_by)
    if case.first_contact_at is not None:
        reached = timezone.localdate(case.first_contact_at)
        if case.first_contact_at <= case.contact_by:
            return State(f"Reached on {_day(reached)}, in time", "green")
        return State(f"Reached on {_day(reached)}, promised by {_day(due)}", "orange")
    if getattr(case, "status", "") == Case.Status.CLOSED:
        return State("Never reached", "grey")
    today = timezone.localdate(now)
    if now > case.contact_by:
        return State(f"First contact overdue since {_day(due)}", "red", late=True)
    if due == today:
        return State("First contact due today", "orange")
    if due <= today + timedelta(days=1):
        return State("First contact due tomorrow", "yellow")
    return State(f"First contact by {_day(due)}", "blue")


def action(planned: PlannedAction, today: date) -> State:
    """Say how an action of the plan stands."""
    if planned.done_on:
        return State(f"Done on {_day(planned.done_on)}", "green")
    if planned.dropped_on:
        return State(f"Dropped on {_day(planned.dropped_on)}", "grey")
    return due(planned.due_on, today)


def due(on: date, today: date) -> State:
    """Say how a day by which something is due stands."""
    if on < today:
        return State(f"Overdue since {_day(on)}", "red", late=True)
    if on == today:
        return State("Due today", "orange")
    if on == today + timedelta(days=1):
        return State("Due tomorrow", "yellow")
    return State(f"Due {_day(on)}", "blue")


def _day(day: date) -> str:
    return f"{day.day} {day:%B}" if day.year == timezone.localdate().year else f"{day:%-d %B %Y}"
