"""Supervision: a manager and a worker talk about the worker's cases, and how the worker is.

Nothing here is changed later; words may be added. What the log tells of a supervision is that it
was held, never what was said.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.audit.actions import record
from kith.casework.actions.checks import (
    InTheFuture,
    NotOfThisHub,
    NotPossible,
    OwnerUnclear,
    TooEarly,
    WordsMissing,
    check_not_closed,
    lock,
    works_in,
)
from kith.casework.actions.planning import plan_action
from kith.casework.models import (
    AgreedAction,
    Allocation,
    Case,
    CaseReflection,
    PlannedAction,
    Supervision,
    SupervisionAddition,
)
from kith.casework.permissions import may_add_to_supervision, may_supervise


class AlreadyWritten(NotPossible):
    """There is a supervision of the two on that day."""


class AlreadySpokenOf(NotPossible):
    """What was said of the case in this supervision is written down."""


class NotWithThem(NotPossible):
    """The case was not with the worker, in that hub, on that day."""


@transaction.atomic
def hold_supervision(
    *,
    worker: User,
    team: Team,
    held_on: date,
    words: str,
    next_on: date | None,
    by: User,
    at: datetime,
) -> Supervision:
    """Write down that a manager and a worker of a hub have talked; `words` are about the worker.

    Raises PermissionDenied, NotOfThisHub, InTheFuture, TooEarly, AlreadyWritten.
    """
    # Lock the worker: of one press of the button that arrives twice the second finds the first.
    worker = User.objects.select_for_update(no_key=True).get(pk=worker.pk)
    may_supervise(by, worker.pk, team.pk).or_raise()
    if not works_in(worker, team.pk):
        raise NotOfThisHub(f"{worker} does not work at {team}. Choose one of its workers.")
    if held_on > timezone.localdate(at):
        raise InTheFuture("That is in the future. Give the day on which you talked.")
    if next_on is not None and next_on <= held_on:
        raise TooEarly("The next time comes after this one.")
    if Supervision.objects.filter(worker=worker, manager=by, team=team, held_on=held_on).exists():
        raise AlreadyWritten(
            f"You have written down a supervision with {worker} on that day. Add to it instead."
        )
    supervision = Supervision.objects.create(
        team=team,
        worker=worker,
        manager=by,
        held_on=held_on,
        words=words.strip(),
        next_on=next_on,
        recorded_at=at,
    )
    record(
        "supervision.held",
        subject=supervision,
        by=by,
        at=at,
        after={"worker": worker, "held_on": held_on, "next_on": next_on},
    )
    return supervision


@transaction.atomic
def add_to_supervision(
    *, supervision: Supervision, words: str, by: User, at: datetime
) -> SupervisionAddition:
    """Add words about the worker, which stand under the first. Raises PermissionDenied, WordsMissing."""
    may_add_to_supervision(by, supervision).or_raise()
    if not words.strip():
        raise WordsMissing("Write what you want to add.")
    added = SupervisionAddition.objects.create(
        supervision=supervision, words=words.strip(), by=by, recorded_at=at
    )
    record("supervision.added_to", subject=supervision, by=by, at=at)
    return added


@transaction.atomic
def reflect(
    *, supervision: Supervision, case: Case, words: str, by: User, at: datetime
) -> CaseReflection:
    """Write down what was said of a case. It belongs to the family's record.

    Raises PermissionDenied, CaseClosed, NotWithThem, WordsMissing, AlreadySpokenOf.
    """
    case = lock(case)
    may_supervise(by, supervision.worker_id, supervision.team_id).or_raise()
    check_not_closed(case)
    _check_with_them(supervision, case)
    if not words.strip():
        raise WordsMissing("Write what you said about the case.")
    spoken = CaseReflection.objects.filter(supervision=supervision, case=case)
    if spoken.exists():
        raise AlreadySpokenOf(
            f"What you said of {case.reference} is written down. Add to it instead."
        )
    reflection = CaseReflection.objects.create(
        supervision=supervision,
        case=case,
        held_on=supervision.held_on,
        worker_id=supervision.worker_id,
        manager_id=supervision.manager_id,
        words=words.strip(),
        by=by,
        recorded_at=at,
    )
    _record("supervision.case_spoken_about", reflection, case, by, at)
    return reflection


@transaction.atomic
def add_to_reflection(
    *, reflection: CaseReflection, words: str, by: User, at: datetime
) -> CaseReflection:
    """Add to what was said of a case; the first words stay. Also when the case is closed by now.

    Raises PermissionDenied, WordsMissing.
    """
    first = reflection.adds_to or reflection
    may_add_to_supervision(by, first.supervision).or_raise()
    if not words.strip():
        raise WordsMissing("Write what you want to add.")
    added = CaseReflection.objects.create(
        supervision_id=first.supervision_id,
        case_id=first.case_id,
        adds_to=first,
        held_on=first.held_on,
        worker_id=first.worker_id,
        manager_id=first.manager_id,
        words=words.strip(),
        by=by,
        recorded_at=at,
    )
    _record("supervision.case_added_to", added, first.case, by, at)
    return added


@transaction.atomic
def agree_action(
    *,
    reflection: CaseReflection,
    what: str,
    owner: User,
    due_on: date,
    by: User,
    at: datetime,
) -> PlannedAction:
    """Put an action that was agreed into the plan, for the worker or the manager to do.

    Raises PermissionDenied, OwnerUnclear, and what `plan_action` raises.
    """
    may_supervise(by, reflection.worker_id, reflection.supervision.team_id).or_raise()
    if owner.pk not in (reflection.worker_id, reflection.manager_id):
        raise OwnerUnclear("Choose the worker or the manager: the two agreed it.")
    action = plan_action(case=reflection.case, what=what, owner=owner, due_on=due_on, by=by, at=at)
    AgreedAction.objects.create(reflection=reflection, action=action)
    return action


def _check_with_them(supervision: Supervision, case: Case) -> None:
    held = Allocation.objects.filter(
        case=case,
        worker_id=supervision.worker_id,
        since__date__lte=supervision.held_on,
    ).exclude(until__date__lt=supervision.held_on)
    if case.team_id != supervision.team_id or not held.exists():
        raise NotWithThem(
            f"{case.reference} was not with {supervision.worker} on "
            f"{supervision.held_on:%-d %B %Y}. Speak of it with whoever has it."
        )


def _record(what: str, reflection: CaseReflection, case: Case, by: User, at: datetime) -> None:
    record(
        what,
        subject=reflection,
        by=by,
        at=at,
        after={"case": case.reference, "held_on": reflection.held_on},
        family_id=case.family_id,
        team_id=case.team_id,
    )
