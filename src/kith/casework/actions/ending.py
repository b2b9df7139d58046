"""A case is closed, with what came of it; and, where that was too soon, opened again."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from kith.accounts.models import User
from kith.audit.actions import fields_of, record
from kith.casework.actions.checks import (
    NotClosed,
    NotPossible,
    ReasonMissing,
    WordsMissing,
    check_not_closed,
    lock,
)
from kith.casework.actions.meeting import call_off_all
from kith.casework.actions.settling import settle_all
from kith.casework.actions.team import dissolve_team
from kith.casework.models import Allocation, Case, Reopening, StepUp
from kith.casework.permissions import may_close
from kith.casework.still_open import Becomes
from kith.referrals import actions as referrals


class NotTakenUp(NotPossible):
    """Social care has not said that it takes the family up."""


ENDING = (
    *("status", "closed_at", "closing_reason", "outcome", "closing_words", "family_words"),
    "became",
)


@transaction.atomic
def close(
    *,
    case: Case,
    reason: str,
    outcome: str,
    words: str,
    family_words: str = "",
    becomes: Mapping[str, Becomes] | None = None,
    rest_ends: bool = False,
    by: User,
    at: datetime,
) -> Case:
    """Close a case: why, what came of it, and words for the sender and for the family.

    `reason` and `outcome` are keys of `Case.ClosingReason` and `Case.Outcome`. `becomes` says what
    becomes of each thing that is open, by its key (see `still_open`); with `rest_ends`, what is not
    in it ends with the case. Raises PermissionDenied, CaseClosed, ReasonMissing, WordsMissing,
    LeftOpen, TooEarly, NotTakenUp.
    """
    case = lock(case)
    may_close(by, case).or_raise()
    check_not_closed(case)
    if offer := case.handover_offers.filter(state="waiting").select_related("to_team").first():
        raise NotPossible(
            f"{case.reference} is offered to {offer.to_team}, which has not answered yet. "
            "Take that back before you close the case."
        )
    asked = case.step_ups.order_by("asked_at", "pk")
    if asked.filter(state__in=StepUp.OPEN).exists():
        raise NotPossible(
            "Social care is being asked about this family. Close the case when it has decided, or "
            "take that back first."
        )
    if reason == Case.ClosingReason.STEPPED_UP and not _taken_up(case):
        raise NotTakenUp(
            "A case closes as passed to social care when social care has taken the family up. Ask "
            "it first, on the case’s page: a call counts, with who took it."
        )
    if reason not in Case.ClosingReason.values or outcome not in Case.Outcome.values:
        raise ReasonMissing("Choose why the case closes and what came of it.")
    if not words.strip():
        raise WordsMissing("Write what the sender of the request is told.")
    became = settle_all(case=case, becomes=becomes or {}, rest_ends=rest_ends, by=by, at=at)
    before = fields_of(case, ENDING)
    case.status, case.closed_at = Case.Status.CLOSED, at
    case.closing_reason, case.outcome = reason, outcome
    case.closing_words, case.family_words = words.strip(), family_words.strip()
    case.became = became
    case.save(update_fields=list(ENDING))
    Allocation.objects.filter(case=case, until__isnull=True).update(until=at)
    call_off_all(case=case, by=by, at=at)
    dissolve_team(case=case, by=by, at=at)
    told = (
        f"{Case.ClosingReason(reason).label}. "
        f"How things are for the family now: {Case.Outcome(outcome).label.lower()}.\n\n"
        f"{case.closing_words}"
    )
    referrals.tell_ended(
        referral=case.referral, words=told, family_words=case.family_words, by=by, at=at
    )
    referrals.tell_family_ended(referral=case.referral, words=case.family_words, by=by, at=at)
    record(
        "case.closed",
        subject=case,
        by=by,
        at=at,
        before=before,
        after=fields_of(case, ENDING),
    )
    return case


def _taken_up(case: Case) -> bool:
    """Say whether social care took the family up since the case was opened, or opened again."""
    again = case.reopenings.order_by("at", "pk").last()
    return case.step_ups.filter(
        decision=StepUp.Decision.ACCEPTED, decided_at__gte=again.at if again else case.opened_at
    ).exists()


@transaction.atomic
def reopen(*, case: Case, reason: str, by: User, at: datetime) -> Case:
    """Open a closed case again: it waits for a worker, and the sender is told. How it had ended is
    kept.

    Raises PermissionDenied, NotClosed or ReasonMissing.
    """
    case = lock(case)
    may_close(by, case).or_raise()
    if case.status != Case.Status.CLOSED or case.closed_at is None:
        raise NotClosed(f"{case.reference} is not closed.")
    if not reason.strip():
        raise ReasonMissing("Write why the case is opened again.")
    before = fields_of(case, ENDING)
    Reopening.objects.create(
        case=case,
        reason=reason.strip(),
        by=by,
        at=at,
        had_closed_at=case.closed_at,
        had_closing_reason=case.closing_reason,
        had_outcome=case.outcome,
        had_closing_words=case.closing_words,
        had_family_words=case.family_words,
        had_became=case.became,
    )
    case.status, case.closed_at = Case.Status.UNALLOCATED, None
    case.closing_reason = case.outcome = case.closing_words = case.family_words = ""
    case.worker, case.allocated_at, case.became = None, None, []
    case.save(update_fields=[*ENDING, "worker", "allocated_at"])
    referrals.tell_resumed(referral=case.referral, by=by, at=at)
    record("case.reopened", subject=case, by=by, at=at, before=before, after={"reason": reason})
    return case
