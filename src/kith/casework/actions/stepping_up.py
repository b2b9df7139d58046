"""Children's social care is asked to take a family up: approved by a manager, sent, received, decided.

The case stays open, and the hub's, until social care has decided; then it closes as passed on, or
goes on.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kith.accounts.actions import end_links, make_link
from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import queries, sharing, stepping_up, wordings
from kith.casework.actions.agreeing import share_without_consent, write_consent
from kith.casework.actions.case_log import record_in
from kith.casework.actions.checks import (
    InTheFuture,
    NotPossible,
    ReasonMissing,
    WordsMissing,
    check_not_closed,
    lock,
)
from kith.casework.models import STEP_UP, Case, Sharing, StepUp, StepUpPage
from kith.casework.permissions import manages, may_answer_step_up, may_remind, may_step_up, may_work
from kith.hubs.calendar import is_working_day
from kith.notices import actions as notices
from kith.notices.words import Secret, Wording
from kith.partners.models import Organisation

State = StepUp.State
LINK_DAYS = 60


class SteppedUpAlready(NotPossible):
    """Social care is asked about a case once at a time."""


class StepUpOver(NotPossible):
    """Somebody was first, or it is not there yet. The message says how it stands."""


class InsteadOfWhom(NotPossible):
    """A county lead who decides for a hub says why none of its managers does."""


class NoAddress(NotPossible):
    """There is no e-mail address of this part of social care."""


@transaction.atomic
def ask_step_up(
    *,
    case: Case,
    organisation: Organisation,
    reason: str,
    tried: str,
    ground: str,
    agreed_by: str = "",
    giver: str = "",
    how: str = "",
    ground_reason: str = "",
    by: User,
    at: datetime,
) -> StepUp:
    """Ask the manager to let social care take a family up: why, what was tried, and on what ground.

    Raises PermissionDenied, CaseClosed, ReasonMissing, WordsMissing, SteppedUpAlready.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    check_not_closed(case)
    if not reason.strip():
        raise ReasonMissing("Write why early help is not enough.")
    if not tried.strip():
        raise WordsMissing("Write what was tried.")
    consent = ground == Sharing.Ground.CONSENT
    if consent and not (agreed_by.strip() and giver and how):
        raise WordsMissing("Say who of the family agreed, and how.")
    if not consent and not ground_reason.strip():
        raise WordsMissing("Write why social care is told without the family’s agreement.")
    if case.step_ups.filter(state__in=StepUp.OPEN).exists():
        raise SteppedUpAlready("Social care is being asked about this family already.")
    asked = StepUp(
        case=case,
        organisation=organisation,
        reason=reason.strip(),
        tried=tried.strip(),
        ground=ground,
        agreed_by=agreed_by.strip() if consent else "",
        giver=giver if consent else "",
        how=how if consent else "",
        ground_reason="" if consent else ground_reason.strip(),
        asked_by=by,
        asked_at=at,
    )
    asked.save(force_insert=True)
    record_in(
        "step_up.asked", asked, case, by=by, at=at, after={"ground": asked.get_ground_display()}
    )
    if not manages(by, case):
        _tell_hub(wordings.STEP_UP_ASKED, asked, case, "asked", at, worker=False)
    return asked


@transaction.atomic
def send_step_up(
    *, step_up: StepUp, way: str, spoke_with: str = "", instead: str = "", by: User, at: datetime
) -> StepUp:
    """Approve that social care is asked, and send it: by e-mail with a private link, or by telephone.
    A county lead says why no manager of the hub decides, `instead`; the managers are told.

    What it rests on is written down as an agreement to share, or as sharing without. Raises
    PermissionDenied, CaseClosed, StepUpOver, NoAddress, WordsMissing.
    """
    case, step_up = _locked(step_up)
    may_step_up(by, case).or_raise()
    check_not_closed(case)
    _must_be(step_up, State.ASKED)
    for_the_hub = manages(by, case)
    if not for_the_hub and not instead.strip():
        raise InsteadOfWhom("Write why no manager of the hub decides: you do it in their place.")
    if way == StepUp.Way.EMAIL and not step_up.organisation.email:
        raise NoAddress(
            f"We have no e-mail address of {step_up.organisation}. Ring them, and say with whom you "
            "spoke; or ask the county desk to add the address."
        )
    if way == StepUp.Way.PHONE and not spoke_with.strip():
        raise WordsMissing("Say with whom you spoke.")
    step_up.sharing = _ground(step_up, case, by, at)
    step_up.state, step_up.way, step_up.spoke_with = State.SENT, way, spoke_with.strip()
    step_up.answered_by, step_up.answered_at = by, at
    step_up.instead = "" if for_the_hub else instead.strip()[:300]
    step_up.document = stepping_up.document(by, step_up, case, by, at)
    step_up.save()
    said = {"how": step_up.get_way_display()}
    if step_up.instead:
        said["instead of the hub's manager"] = step_up.instead
        _tell_hub(wordings.STEP_UP_BY_LEAD, step_up, case, "lead", at)
    record_in("step_up.sent", step_up, case, by=by, at=at, after=said)
    if way == StepUp.Way.EMAIL:
        _send_link(wordings.STEP_UP, step_up, case, "sent", at)
    return step_up


@transaction.atomic
def refuse_step_up(*, step_up: StepUp, reason: str, by: User, at: datetime) -> StepUp:
    """Decide that social care is not asked, and say why. Raises PermissionDenied, StepUpOver,
    ReasonMissing."""
    case, step_up = _locked(step_up)
    may_step_up(by, case).or_raise()
    _must_be(step_up, State.ASKED)
    if not reason.strip():
        raise ReasonMissing("Write why social care is not asked.")
    _answer(step_up, State.REFUSED, reason, by, at)
    record_in("step_up.refused", step_up, case, by=by, at=at, after={"reason": step_up.answer})
    _tell_hub(wordings.STEP_UP_NEWS, step_up, case, "refused", at, manager=False)
    return step_up


@transaction.atomic
def withdraw_step_up(*, step_up: StepUp, reason: str, by: User, at: datetime) -> StepUp:
    """Ask social care no more: its link opens nothing from now on. Raises PermissionDenied,
    StepUpOver, ReasonMissing."""
    case, step_up = _locked(step_up)
    may_step_up(by, case).or_raise()
    _must_be(step_up, State.SENT, State.RECEIVED)
    if not reason.strip():
        raise ReasonMissing("Write why social care is asked no more.")
    _answer(step_up, State.WITHDRAWN, reason, by, at)
    end_links(purpose=STEP_UP, subject_id=step_up.pk, at=at)
    record_in("step_up.withdrawn", step_up, case, by=by, at=at, after={"reason": step_up.answer})
    return step_up


@transaction.atomic
def keep_receipt(
    *,
    step_up: StepUp,
    received_by: str,
    their_reference: str = "",
    received_at: datetime | None = None,
    by: User | None,
    at: datetime,
) -> StepUp:
    """Write down that social care has it: `by` is None where it says so itself, by its link.

    Raises PermissionDenied, StepUpOver, WordsMissing, InTheFuture.
    """
    may_answer_step_up(by, step_up).or_raise()
    with seeing_as(front_door()):
        case, step_up = _locked(step_up)
        _must_be(step_up, State.SENT)
        _receive(step_up, case, received_by, their_reference, received_at, by, at)
        step_up.save()
        if by is None:
            _tell_hub(wordings.STEP_UP_NEWS, step_up, case, "received", at)
    return step_up


@transaction.atomic
def keep_decision(
    *,
    step_up: StepUp,
    decision: str,
    words: str = "",
    received_by: str = "",
    their_reference: str = "",
    by: User | None,
    at: datetime,
) -> StepUp:
    """Write down what social care decided; with the receipt, where there was none. Nothing closes by
    itself: the hub's manager closes the case, or goes on.

    Raises PermissionDenied, StepUpOver, WordsMissing.
    """
    may_answer_step_up(by, step_up).or_raise()
    with seeing_as(front_door()):
        case, step_up = _locked(step_up)
        _must_be(step_up, State.SENT, State.RECEIVED)
        if decision not in StepUp.Decision.values:
            raise ReasonMissing("Choose what social care decided.")
        if decision != StepUp.Decision.ACCEPTED and not words.strip():
            raise WordsMissing("Write why, so that the hub knows how to go on.")
        if step_up.state == State.SENT:
            _receive(step_up, case, received_by, their_reference, None, by, at)
        step_up.state, step_up.decision, step_up.decided_at = State.DECIDED, decision, at
        step_up.decision_words, step_up.decision_kept_by = words.strip(), by
        step_up.save()
        end_links(purpose=STEP_UP, subject_id=step_up.pk, at=at)
        record_in(
            "step_up.decided",
            step_up,
            case,
            by=by,
            at=at,
            after={"decision": step_up.get_decision_display()},
        )
        if by is None:
            _tell_hub(wordings.STEP_UP_NEWS, step_up, case, "decided", at)
    return step_up


def chase_step_ups(*, by: User, at: datetime) -> int:
    """Ask social care for its receipt, with a new link, and tell the hub; and tell the hub where a
    decision is missing. Once each working day. Returns how many. Raises PermissionDenied."""
    may_remind(by).or_raise()
    today = timezone.localdate(at)
    if not is_working_day(today):
        return 0
    waiting, slow = stepping_up.without_receipt(by, at), stepping_up.not_decided(by, at)
    for step_up in waiting:
        key = f"chased:{today}"
        _tell_hub(wordings.STEP_UP_WAITS, step_up, step_up.case, key, at)
        # Of a second run on one day the link that was sent stays good.
        sent_today = StepUpPage.objects.filter(
            step_up=step_up, made_at__gte=at - timedelta(hours=12)
        )
        by_email = step_up.way == StepUp.Way.EMAIL and step_up.organisation.email
        if by_email and not sent_today.exists():
            _send_link(wordings.STEP_UP_CHASED, step_up, step_up.case, key, at)
    for step_up in slow:
        _tell_hub(wordings.STEP_UP_WAITS, step_up, step_up.case, f"slow:{today}", at)
    return len(waiting) + len(slow)


def _locked(step_up: StepUp) -> tuple[Case, StepUp]:
    case = Case.objects.select_for_update().get(pk=step_up.case_id)
    locked = StepUp.objects.select_for_update(of=("self",)).select_related("organisation")
    return case, locked.get(pk=step_up.pk)


def _must_be(step_up: StepUp, *states: str) -> None:
    if step_up.state not in states:
        raise StepUpOver(f"This changed meanwhile: {step_up.get_state_display().lower()}.")


def _answer(step_up: StepUp, state: str, words: str, by: User, at: datetime) -> None:
    step_up.state, step_up.answer = state, words.strip()
    step_up.answered_by, step_up.answered_at = by, at
    step_up.save(update_fields=["state", "answer", "answered_by", "answered_at"])


def _receive(
    step_up: StepUp,
    case: Case,
    received_by: str,
    their_reference: str,
    received_at: datetime | None,
    by: User | None,
    at: datetime,
) -> None:
    if not received_by.strip():
        raise WordsMissing("Say who at social care has received it.")
    if received_at is not None and received_at > at:
        raise InTheFuture("That is in the future. Give the day and time when it was received.")
    step_up.state, step_up.received_by = State.RECEIVED, received_by.strip()
    step_up.received_at, step_up.receipt_kept_by = received_at or at, by
    step_up.their_reference = their_reference.strip()
    record_in("step_up.received", step_up, case, by=by, at=at, after={"who": step_up.received_by})


def _ground(step_up: StepUp, case: Case, by: User, at: datetime) -> Sharing:
    today, purpose = timezone.localdate(at), Sharing.Purpose.STEP_UP
    about: dict[str, Any] = {
        "case": case,
        "purpose": purpose,
        "organisation": step_up.organisation,
    }
    consent = step_up.ground == Sharing.Ground.CONSENT
    for held in sharing.grounds(by, case.family, purpose, step_up.organisation, today):
        if held.ground == step_up.ground and held.given_by == step_up.agreed_by:
            return held
    since = timezone.localdate(step_up.asked_at)
    if not consent:
        return share_without_consent(
            **about,
            ground=step_up.ground,
            reason=step_up.ground_reason,
            since=since,
            by=by,
            at=at,
        )
    # Whoever approves was asked whether they may: a county lead works on no case.
    return write_consent(
        **about,
        given_by=step_up.agreed_by,
        giver=step_up.giver,
        how=step_up.how,
        # The form offers nobody below 16.
        competence="16 or older" if step_up.giver == Sharing.Giver.YOUNG_PERSON else "",
        since=since,
        by=by,
        at=at,
    )


def _send_link(wording: Wording, step_up: StepUp, case: Case, what: str, at: datetime) -> None:
    """Send social care its private link; one that it had before opens nothing any more."""
    to = step_up.organisation.email
    assert step_up.answered_by is not None
    StepUpPage.objects.update_or_create(
        step_up=step_up,
        defaults={
            "name": step_up.organisation.name[:200],
            "channel": StepUpPage.Channel.EMAIL,
            "sent_to": to,
            "made_at": at,
            "made_by": step_up.answered_by,
            # A code that was sent before goes with the link before.
            "code_hash": "",
        },
    )
    end_links(purpose=STEP_UP, subject_id=step_up.pk, at=at)
    secret = make_link(purpose=STEP_UP, subject_id=step_up.pk, sent_to=to, at=at, days=LINK_DAYS)
    hub = getattr(case.team, "hub", None)
    notices.send(
        wording,
        to=to,
        context={
            "hub": case.team,
            "reference": case.reference,
            "phone": hub.phone if hub else "",
            "since": f"{timezone.localdate(step_up.answered_at):%-d %B %Y}",
            "link": Secret(settings.KITH_ADDRESS + reverse("step_up:link", args=[secret])),
        },
        once_key=f"{wording.key}:{step_up.pk}:{what}",
        at=at,
        about=("stepup", step_up.pk),
        team=case.team,
    )


def _tell_hub(
    wording: Wording,
    step_up: StepUp,
    case: Case,
    what: str,
    at: datetime,
    *,
    worker: bool = True,
    manager: bool = True,
) -> None:
    today = timezone.localdate(at)
    people: list[User] = [case.worker] if worker and case.worker else []
    with seeing_as(front_door()):
        if manager:
            people += queries.managers_of(front_door(), case.team, today)
        standing_in = queries.standing_in(front_door(), today)
    for address in dict.fromkeys(standing_in.get(one.pk, one).email for one in people):
        notices.send(
            wording,
            to=address,
            context={
                "reference": case.reference,
                "how": (step_up.get_decision_display() or step_up.get_state_display()).lower(),
                "since": f"{timezone.localdate(step_up.answered_at or at):%-d %B %Y}",
                "link": settings.KITH_ADDRESS + reverse("casework:step_up", args=[step_up.pk]),
            },
            once_key=f"{wording.key}:{step_up.pk}:{what}:{address}"[:120],
            at=at,
            about=("case", case.pk),
            team=case.team,
        )
