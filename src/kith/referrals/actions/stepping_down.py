"""Children's social care passes a family to early help, and hears that the hub has it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.referrals import wordings
from kith.referrals.actions.deciding import WordsMissing
from kith.referrals.actions.telling import send_to_sender
from kith.referrals.models import Referral, StepDown
from kith.referrals.permissions import may_tell_sender, may_write_step_down

# Social care may name the last day before it comes, not years ahead.
SOON = timedelta(days=92)


class DayUnlikely(ValueError):
    """The last day of social care's work lies too far ahead."""


class ReceiptGiven(Exception):
    """The hub has said that it has the family: what was written stays as it is."""


def check_said(plan: str, last_on: date, watch: str, at: datetime) -> None:
    """Raise WordsMissing or DayUnlikely for what no step-down can say."""
    if not plan.strip() or not watch.strip():
        raise WordsMissing("Write the plan so far, and what must be watched.")
    if last_on > timezone.localdate(at) + SOON:
        raise DayUnlikely("That is more than three months ahead. Give the last day of your work.")


@transaction.atomic
def write_step_down(
    *,
    referral: Referral,
    plan: str,
    last_on: date,
    watch: str,
    social_worker: str = "",
    by: User | None,
    at: datetime,
) -> StepDown:
    """Say that a request is a step-down, or write anew what it says, until the hub has given its
    receipt. `by` is None for social care's private link.

    Raises PermissionDenied, WordsMissing, DayUnlikely, ReceiptGiven.
    """
    may_write_step_down(by, referral).or_raise()
    check_said(plan, last_on, watch, at)
    with seeing_as(front_door()):
        Referral.objects.select_for_update().get(pk=referral.pk)
        found = StepDown.objects.filter(referral=referral).first()
        if found is not None and found.receipt_at is not None:
            raise ReceiptGiven("The hub has this family by now. Ring it with anything new.")
        kept = found or StepDown(referral=referral)
        kept.plan, kept.last_on, kept.watch = plan.strip(), last_on, watch.strip()
        kept.social_worker = social_worker.strip()
        kept.written_at, kept.written_by = at, by
        kept.save()
        record(
            "step_down.written",
            subject=kept,
            by=by,
            at=at,
            after={"last day": last_on},
            family_id=referral.family_id,
            team_id=referral.team_id,
        )
    return kept


@transaction.atomic
def give_receipt(*, referral: Referral, words: str, by: User, at: datetime) -> StepDown:
    """Tell social care that the hub has the family, and how it goes on. Once.

    Raises PermissionDenied, WordsMissing, ReceiptGiven; StepDown.DoesNotExist for another request.
    """
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    may_tell_sender(by, referral).or_raise()
    if not words.strip():
        raise WordsMissing("Write what social care is told.")
    kept = StepDown.objects.select_for_update().get(referral=referral)
    if kept.receipt_at is not None:
        raise ReceiptGiven(f"{kept.receipt_by} has given the receipt already.")
    kept.receipt_at, kept.receipt_by, kept.receipt_words = at, by, words.strip()
    kept.save(update_fields=["receipt_at", "receipt_by", "receipt_words"])
    send_to_sender(wordings.STEP_DOWN_RECEIPT, referral, words=kept.receipt_words, at=at)
    record(
        "step_down.receipt_given",
        subject=kept,
        by=by,
        at=at,
        family_id=referral.family_id,
        team_id=referral.team_id,
    )
    return kept
