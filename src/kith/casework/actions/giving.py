"""A case is opened for a hub, and given to a worker."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import User
from kith.audit.actions import record
from kith.casework import queries, still_open, wordings
from kith.casework.actions.agreeing import agreed_in_request
from kith.casework.actions.checks import (
    AlreadyGiven,
    CaseExists,
    NotOfThisHub,
    ReasonMissing,
    TooManyFamilies,
    check_not_closed,
    lock,
    works_in,
)
from kith.casework.intensity import plain, weights
from kith.casework.models import Allocation, Case, PlannedAction
from kith.casework.permissions import may_allocate, may_open
from kith.families import actions as families
from kith.hubs.calendar import promised
from kith.hubs.models import Hub
from kith.notices import actions as notices
from kith.referrals import actions as referrals
from kith.referrals.models import Referral


@transaction.atomic
def open_from_referral(
    *, referral: Referral, hub: Hub, reason: str, words: str, by: User, at: datetime
) -> Case:
    """Accept a request for a hub and open its case, with the promise of first contact.

    The case carries the request's own number: R-2026-004217 becomes C-2026-004217. Raises
    PermissionDenied, CaseExists, and what `referrals.actions.accept` raises (AlreadyDecided, ...).
    """
    may_open(by).or_raise()
    # Accepting locks the request; of two people pressing together the second stops here.
    referral = referrals.accept(
        referral=referral, hub=hub, reason=reason, words=words, by=by, at=at
    )
    if Case.objects.filter(referral=referral).exists():
        raise CaseExists(f"{referral.reference} has its case already.")
    families.give_standing(family=referral.family, team=hub.team, reason="case", by=by, at=at)
    case = Case(
        reference=f"C{referral.reference[1:]}",
        family=referral.family,
        team=hub.team,
        referral=referral,
        opened_at=at,
        contact_by=promised("first_contact", at),
    )
    case.save(force_insert=True)
    agreed_in_request(case, referral, by=by, at=at)
    record(
        "case.opened",
        subject=case,
        by=by,
        at=at,
        after={"hub": hub.name, "contact_by": case.contact_by, "request": referral.reference},
    )
    return case


@transaction.atomic
def allocate(*, case: Case, worker: User, reason: str = "", by: User, at: datetime) -> Case:
    """Give a family that waits to a worker of the hub.

    `reason` is needed when the worker then has more families than they can have at once.
    Raises PermissionDenied, CaseClosed, AlreadyGiven, NotOfThisHub, TooManyFamilies.
    """
    case = lock(case)
    may_allocate(by, case).or_raise()
    check_not_closed(case)
    if case.worker is not None:
        raise AlreadyGiven(f"{case.reference} has just been given to {case.worker}.")
    return give(case=case, worker=worker, reason=reason, by=by, at=at)


@transaction.atomic
def reallocate(
    *, case: Case, from_worker: User, worker: User, reason: str, by: User, at: datetime
) -> Case:
    """Take a family from the worker who has it and give it to another.

    `from_worker` is who had the family when the page was shown: when that has changed meanwhile,
    AlreadyGiven is raised. Open actions go along. Also raises PermissionDenied, CaseClosed,
    ReasonMissing, NotOfThisHub.
    """
    case = lock(case)
    may_allocate(by, case).or_raise()
    check_not_closed(case)
    if case.worker_id != from_worker.pk:
        with_whom = f"is now with {case.worker}" if case.worker else "waits for a worker now"
        raise AlreadyGiven(f"{case.reference} {with_whom}. Look at it again.")
    if worker.pk == from_worker.pk:
        raise AlreadyGiven(f"{worker} has this family already. Choose somebody else.")
    if not reason.strip():
        raise ReasonMissing("Write why another worker takes over.")
    return give(case=case, worker=worker, reason=reason, by=by, at=at)


def give(*, case: Case, worker: User, reason: str, by: User, at: datetime) -> Case:
    """Let a worker of the hub have a locked case. Raises NotOfThisHub, TooManyFamilies."""
    if not works_in(worker, case.team_id):
        raise NotOfThisHub(f"{worker} does not work at {case.team}. Choose one of its workers.")
    families_now, counted, at_once = queries.room_of(by, worker, case.team, timezone.localdate(at))
    this_one = weights()[case.intensity]
    if at_once is not None and counted + this_one > at_once and not reason.strip():
        verb = "counts" if families_now == 1 else "count"
        as_many = f", which {verb} as {plain(counted)}" if counted != families_now else ""
        counts = f" This family counts as {plain(this_one)}." if this_one != 1 else ""
        raise TooManyFamilies(
            f"{worker} can have {at_once} {'family' if at_once == 1 else 'families'} at once, "
            f"and has {families_now}{as_many}.{counts} "
            "Write why they should take one more, or choose somebody else."
        )
    before = {"worker": case.worker, "status": case.status}
    _tell(case, worker, by, at)
    Allocation.objects.filter(case=case, until__isnull=True).update(until=at)
    Allocation.objects.create(case=case, worker=worker, since=at, by=by, reason=reason.strip())
    # Whoever had the family before has no part in it any more: their open actions go along.
    PlannedAction.objects.filter(
        case=case, owner__isnull=False, done_on__isnull=True, dropped_on__isnull=True
    ).exclude(owner=worker).update(owner=worker)
    still_open.go_along(case=case, worker=worker, by=by, at=at)
    case.worker, case.allocated_at, case.status = worker, at, Case.Status.OPEN
    case.save(update_fields=["worker", "allocated_at", "status"])
    record(
        "case.given",
        subject=case,
        by=by,
        at=at,
        before=before,
        after={
            "worker": worker,
            "status": case.status,
            "reason": reason,
            "families_now": families_now + 1,
            "families_at_once": at_once,
            "counted_as": counted + this_one,
        },
    )
    return case


def _tell(case: Case, worker: User, by: User, at: datetime) -> None:
    """Tell a worker that a family is theirs, and whoever had it that it is not: its number, no name."""
    standing_in = queries.standing_in(by, timezone.localdate(at))
    for wording, told in ((wordings.GIVEN, worker), (wordings.GIVEN_ON, case.worker)):
        if told is None or told == by:
            continue
        notices.send(
            wording,
            to=standing_in.get(told.pk, told).email,
            context={
                "by": by.name,
                "reference": case.reference,
                "hub": case.team,
                "worker": worker.name,
                "link": settings.KITH_ADDRESS + reverse("casework:case", args=[case.reference]),
            },
            once_key=f"{wording.key}:{case.pk}:{worker.pk}:{at.isoformat()}",
            at=at,
            about=("case", case.pk),
            team=case.team,
        )
