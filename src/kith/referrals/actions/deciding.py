"""The desk takes a request in hand and decides it, once.

Two people may press a button together: each action locks the row, and the second is told who
decided what. The database refuses the same moves (`models.MOVES`) to everyone else.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.audit.actions import record
from kith.directory.models import Service
from kith.hubs.calendar import promised
from kith.hubs.models import Hub
from kith.partners.models import Organisation
from kith.referrals.actions.sending import signpost
from kith.referrals.actions.telling import tell_family, tell_moved, tell_sender
from kith.referrals.family_copy import named_in_letters, said
from kith.referrals.models import Referral, Step
from kith.referrals.permissions import may_decide, may_move

Status = Referral.Status


class AlreadyDecided(Exception):
    """Somebody got to this request first. The message says who, what and when."""

    def __init__(self, referral: Referral) -> None:
        self.referral = referral
        if referral.status == Status.WITHDRAWN:
            super().__init__(f"The sender has withdrawn {referral.reference}.")
            return
        who = referral.decided_by or "Somebody"
        when = referral.decided_at
        moment = f" on {timezone.localtime(when):%-d %B at %H:%M}" if when else ""
        super().__init__(
            f"{who} has already decided {referral.reference}{moment}: "
            f"{referral.get_status_display().lower()}."
        )


class AlreadyAsked(Exception):
    """A colleague's question waits for the sender's answer. The message says who asked, and when."""

    def __init__(self, referral: Referral) -> None:
        asked = referral.steps.filter(kind=Step.Kind.ASKED).order_by("at", "pk").last()
        who = (asked and asked.by) or "Somebody"
        moment = f" on {timezone.localtime(asked.at):%-d %B at %H:%M}" if asked else ""
        super().__init__(
            f"{who} has already asked for more about {referral.reference}{moment}. Your question "
            "has not been sent."
        )


class NotDecided(Exception):
    """A request that still waits cannot be opened again."""


class HeldBySomebody(Exception):
    """A colleague is working on this request. The message says who."""


class WordsMissing(ValueError):
    """A decision needs its reason, and a question its words."""


@transaction.atomic
def take(*, referral: Referral, by: User, at: datetime, instead: bool = False) -> Referral:
    """Take a request in hand, so that colleagues see it. Raises PermissionDenied, AlreadyDecided,
    or HeldBySomebody unless it is taken over knowingly (`instead`)."""
    referral = _lock_undecided(referral, by)
    if referral.held_by_id not in (None, by.pk) and not instead:
        raise HeldBySomebody(f"{referral.held_by} is working on {referral.reference}.")
    before = referral.held_by
    referral.held_by, referral.held_at = by, at
    referral.save(update_fields=["held_by", "held_at"])
    record(
        "referral.taken",
        subject=referral,
        by=by,
        at=at,
        before={"held_by": before},
        after={"held_by": by},
    )
    return referral


@transaction.atomic
def put_back(*, referral: Referral, by: User, at: datetime) -> Referral:
    """Put a request back for any colleague to take. Raises PermissionDenied or AlreadyDecided."""
    referral = _lock_undecided(referral, by)
    before = referral.held_by
    referral.held_by = referral.held_at = None
    referral.save(update_fields=["held_by", "held_at"])
    record("referral.put_back", subject=referral, by=by, at=at, before={"held_by": before})
    return referral


@transaction.atomic
def ask_more(
    *, referral: Referral, words: str, by: User, at: datetime, again: bool = False
) -> Referral:
    """Ask the sender for more. The promise waits until they answer.

    Raises PermissionDenied, AlreadyDecided, WordsMissing; or AlreadyAsked, unless a second question
    is put knowingly (`again`).
    """
    referral = _lock_undecided(referral, by)
    if referral.status == Status.MORE_ASKED and not again:
        raise AlreadyAsked(referral)
    if not words.strip():
        raise WordsMissing("Write what you need to know from the sender.")
    before = referral.status
    referral.status = Status.MORE_ASKED
    referral.decide_by = promised("more_asked", at)
    referral.save(update_fields=["status", "decide_by"])
    step = Step(referral=referral, kind=Step.Kind.ASKED, at=at, by=by, words=words.strip())
    _finish(step, "referral.more_asked", before)
    return referral


def accept(
    *, referral: Referral, hub: Hub, reason: str, words: str, by: User, at: datetime
) -> Referral:
    """Accept a request for a hub, with which it lies from now on. The case is opened by
    `casework.actions.open_from_referral`. Raises PermissionDenied, AlreadyDecided, WordsMissing."""
    return _decide(referral, Status.ACCEPTED, reason, words, by, at, hub=hub)


def send_on(
    *,
    referral: Referral,
    organisation: Organisation | None,
    reason: str,
    words: str,
    services: Sequence[Service] = (),
    asked: Service | None = None,
    by: User,
    at: datetime,
) -> Referral:
    """Send a request on to a partner, or to a service that is `asked` to help, which may be none's.

    Raises as `already_helped` does.
    """
    return _decide(
        referral,
        Status.SENT_ON,
        reason,
        words,
        by,
        at,
        organisation=organisation,
        services=services,
        asked=asked,
    )


def pass_to_social_care(
    *, referral: Referral, reason: str, words: str, by: User, at: datetime
) -> Referral:
    """Step a request up to children's social care. Raises as `accept` does."""
    return _decide(referral, Status.SOCIAL_CARE, reason, words, by, at)


def already_helped(
    *,
    referral: Referral,
    reason: str,
    words: str,
    services: Sequence[Service] = (),
    by: User,
    at: datetime,
) -> Referral:
    """Say that the family is being helped already. `services` are named in the letters.

    Raises PermissionDenied, AlreadyDecided, WordsMissing; SendingRefused where one is not listed now.
    """
    return _decide(referral, Status.ALREADY_HELPED, reason, words, by, at, services=services)


def no_further_action(
    *,
    referral: Referral,
    reason: str,
    words: str,
    services: Sequence[Service] = (),
    by: User,
    at: datetime,
) -> Referral:
    """Decide that nothing more will be done. `services` and what is raised as in `already_helped`."""
    return _decide(referral, Status.NO_FURTHER_ACTION, reason, words, by, at, services=services)


@transaction.atomic
def reopen(*, referral: Referral, reason: str, by: User, at: datetime) -> Referral:
    """Open a decided request again, with a new promise. One that a hub accepted lives on as its case.

    Raises PermissionDenied, NotDecided or WordsMissing.
    """
    referral = Referral.objects.select_for_update().get(pk=referral.pk)
    may_decide(by, referral).or_raise()
    if referral.status in Referral.UNDECIDED:
        raise NotDecided(f"{referral.reference} still waits for a decision.")
    if referral.status == Status.ACCEPTED:
        raise NotDecided(f"{referral.reference} is with {referral.team}: its case goes on there.")
    if not reason.strip():
        raise WordsMissing("Write why this request is opened again.")
    before = referral.status
    referral.status = Status.WAITING
    referral.decided_at = referral.decided_by = None
    referral.decide_by = promised("decision", at)
    referral.save(update_fields=["status", "decided_at", "decided_by", "decide_by"])
    step = Step(referral=referral, kind=Step.Kind.REOPENED, at=at, by=by, reason=reason.strip())
    step.words = f"We decide by {said(referral.decide_by)}."
    _finish(step, "referral.reopened", before)
    return referral


@transaction.atomic
def move_to_hub(*, referral: Referral, hub: Hub, by: User, at: datetime) -> Referral:
    """Let an accepted request lie with another hub, as its case does from now on.

    The sender is told. Called by `casework.actions.take_over`, which keeps the reason. Raises
    PermissionDenied or NotDecided.
    """
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    may_move(by, referral, hub.team_id).or_raise()
    if referral.status != Status.ACCEPTED:
        raise NotDecided(f"{referral.reference} has not been accepted by a hub.")
    before = referral.team
    referral.team = hub.team
    referral.save(update_fields=["team"])
    tell_moved(referral, hub, by=by, at=at)
    record(
        "referral.moved",
        subject=referral,
        by=by,
        at=at,
        before={"team": before},
        after={"team": hub.team},
    )
    return referral


@transaction.atomic
def _decide(
    referral: Referral,
    status: Status,
    reason: str,
    words: str,
    by: User,
    at: datetime,
    *,
    hub: Hub | None = None,
    organisation: Organisation | None = None,
    services: Sequence[Service] = (),
    asked: Service | None = None,
) -> Referral:
    referral = _lock_undecided(referral, by)
    if not reason.strip():
        raise WordsMissing("Write the reason for this decision.")
    before = referral.status
    referral.status = status
    referral.decided_by, referral.decided_at = by, at
    if hub:
        referral.team = hub.team
    referral.save(update_fields=["status", "decided_by", "decided_at", "team"])
    for service in services:
        signpost(
            family=referral.family, service=service, how="letter", referral=referral, by=by, at=at
        )
    named = named_in_letters(services)
    if asked is not None:
        named = named_in_letters([asked], "We have asked this service to help:")
    # Whoever asked hears of services as far as the family agreed that they hear what comes of it.
    told = referral.outcome_may_be_told and asked is None
    step = Step(
        referral=referral,
        kind=status.value,
        at=at,
        by=by,
        reason=reason.strip(),
        words="\n\n".join(part for part in (words.strip(), named if told else "") if part),
        family_words=named,
        hub=hub,
        organisation=organisation,
    )
    _finish(step, f"referral.{status.value}", before)
    # That social care will come is said by a person, not by a letter.
    if status != Status.SOCIAL_CARE:
        tell_family(referral, what=f"{status.value}:{at.isoformat()}", by=by, at=at)
    return referral


def _lock_undecided(referral: Referral, by: User) -> Referral:
    # Ask first: row security hides from a lock what somebody may see but not change.
    may_decide(by, referral).or_raise()
    # Lock the row: two people on the desk may press the button together.
    # What hangs on the row is read after the lock is held: joined, it would be as it was before.
    locked = Referral.objects.select_for_update().get(pk=referral.pk)
    if locked.status not in Referral.UNDECIDED:
        raise AlreadyDecided(locked)
    return locked


def _finish(step: Step, what: str, before: str) -> None:
    """Keep the step, send the sender word of it, and record the change."""
    tell_sender(step)
    step.save()
    record(
        what,
        subject=step.referral,
        by=step.by,
        at=step.at,
        before={"status": before},
        after={"status": step.referral.status, "reason": step.reason},
    )
