"""Asking a family how things are after help has ended."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.analytics.days import months_after
from kith.audit.actions import record
from kith.casework import sharing
from kith.casework.actions.agreeing import NotShared
from kith.casework.actions.checks import (
    InTheFuture,
    NotClosed,
    NotPossible,
    TooEarly,
    WordsMissing,
    lock,
)
from kith.casework.models import Case, FollowUp, Sharing
from kith.casework.permissions import may_work


class FollowedUp(NotPossible):
    """The family was reached for this time already."""


@transaction.atomic
def follow_up(
    *,
    case: Case,
    months: int,
    on: date,
    how: str,
    reached: bool,
    outcome: str = "",
    words: str = "",
    by: User,
    at: datetime,
) -> FollowUp:
    """Write down a try to ask a family how things are, three or six months after its case ended.

    Raises PermissionDenied, NotClosed, NotShared where the family has not agreed to be asked,
    TooEarly, InTheFuture, WordsMissing, FollowedUp.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    if case.closed_at is None:
        raise NotClosed("Help goes on: write down a contact instead.")
    today = timezone.localdate(at)
    agreed = sharing.visible_to(by, case.family).filter(
        sharing.on(today), purpose=Sharing.Purpose.STAY_IN_TOUCH
    )
    if not agreed.exists():
        raise NotShared("The family has not agreed to be asked after help has ended.")
    due_on = months_after(timezone.localdate(case.closed_at), months)
    if on < due_on:
        raise TooEarly(f"It is {months} months since the end on {due_on:%-d %B %Y}, not before.")
    if on > today:
        raise InTheFuture("That day is still to come. Give the day on which you tried.")
    if reached and not outcome:
        raise WordsMissing("Say how things are.")
    if FollowUp.objects.filter(case=case, months=months, reached=True).exists():
        raise FollowedUp(f"Somebody has asked this family after {months} months already.")
    made = FollowUp(
        case=case,
        months=months,
        on=on,
        how=how,
        reached=reached,
        outcome=outcome if reached else "",
        words=words.strip(),
        by=by,
        recorded_at=at,
    )
    made.save(force_insert=True)
    record(
        "case.followed_up",
        subject=made,
        by=by,
        at=at,
        after={"after months": months, "reached": reached, "how things are": made.outcome},
        family_id=case.family_id,
        team_id=case.team_id,
    )
    return made
