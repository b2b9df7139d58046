"""A service of the directory is asked to take a family: by a link and a code, or by telephone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kith.accounts.actions import end_links, make_link
from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import queries, referring, wordings
from kith.casework.actions.checks import CannotSend, NotOfThisFamily, check_not_closed, lock
from kith.casework.models import Case, ServicePage
from kith.casework.permissions import may_remind, may_work
from kith.casework.referring import Asker
from kith.directory.models import Service
from kith.families import queries as families
from kith.families.models import ContactDetail
from kith.families.queries import Member
from kith.hubs.calendar import is_working_day
from kith.notices import actions as notices
from kith.notices.words import Secret, Wording
from kith.referrals import actions as referrals
from kith.referrals.models import SENDING, Referral, Sending, SendingOutcome
from kith.referrals.permissions import may_decide

LINK_DAYS = 120


@transaction.atomic
def refer(*, case: Case, by: User, at: datetime, **asked: Any) -> Sending:
    """Ask a service to take a family that a hub helps; `asked` as `_ask` takes it.

    Raises PermissionDenied, CaseClosed, NotOfThisFamily, CannotSend.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    check_not_closed(case)
    return _ask(referring.of_case(case), by=by, at=at, **asked)


@transaction.atomic
def send_on_to_service(
    *,
    referral: Referral,
    service: Service,
    reason: str,
    sender_words: str,
    by: User,
    at: datetime,
    **asked: Any,
) -> Sending:
    """Decide that a service helps the family instead of a hub, and ask it to; both or neither.

    Raises PermissionDenied, AlreadyDecided, WordsMissing, NotOfThisFamily, CannotSend.
    """
    asker = referring.of_referral(referral)
    made = _ask(asker, service=service, by=by, at=at, of_request=True, **asked)
    referrals.send_on(
        referral=referral,
        organisation=service.provider.partner,
        asked=service,
        reason=reason,
        words=sender_words,
        by=by,
        at=at,
    )
    return made


def _ask(
    asker: Asker,
    *,
    service: Service,
    people: Sequence[Member],
    way: tuple[Member, ContactDetail] | None,
    words: str,
    agreed_by: Member,
    agreed_how: str,
    how: str,
    spoke_with: str = "",
    ask_on: date | None = None,
    of_request: bool = False,
    by: User,
    at: datetime,
) -> Sending:
    theirs = {one.person.pk for one in families.people_of(by, asker.family)}
    if not people or not {one.person.pk for one in [*people, agreed_by]} <= theirs:
        raise NotOfThisFamily("Choose somebody of this family.")
    if not referring.decides(agreed_by, timezone.localdate(at)):
        raise CannotSend("Somebody of 16 or older agrees for themself, or a parent.", "agreed_by")
    to = referring.mailbox(service)
    by_link = how == Sending.How.LINK
    if by_link and not to:
        raise CannotSend(f"{service.name} has no e-mail address. Ring them instead.", "how")
    if agreed_how not in referring.AGREED:
        raise CannotSend("Say how they agreed.", "agreed_how")
    agreed = referring.agreed_words(agreed_by, agreed_how, at)
    try:
        made = referrals.refer(
            family=asker.family,
            service=service,
            person=people[0].person if len(people) == 1 else None,
            how=how,
            words=words,
            agreed_by=agreed_by.name,
            agreed_how=agreed_how,
            shown=referring.shown_to(asker, people, way, words, agreed, by, at),
            asked_of=to if by_link else spoke_with,
            ask_on=ask_on,
            referral=asker.referral if of_request else None,
            by=by,
            at=at,
        )
    except referrals.SendingRefused as refusal:
        raise CannotSend(str(refusal), refusal.field) from None
    if by_link:
        page = ServicePage(sending=made, name=made.service_name, channel="email", sent_to=to)
        page.made_at, page.made_by = at, by
        page.save(force_insert=True)
        _send_link(wordings.SERVICE_ASKED, page, asker, at)
    return made


@transaction.atomic
def answer_for_service(
    *, sending: Sending, outcome: str, words: str = "", said_by: str, by: User | None, at: datetime
) -> SendingOutcome:
    """Take a service's answer, and tell whoever asked. Raises PermissionDenied, CannotSend."""
    try:
        made = referrals.answer_for_service(
            sending=sending, outcome=outcome, words=words, said_by=said_by, by=by, at=at
        )
    except referrals.SendingRefused as refusal:
        raise CannotSend(str(refusal), refusal.field) from None
    with seeing_as(front_door()):
        _tell_askers(sending, made, at)
    return made


@transaction.atomic
def say_how_it_went_at_desk(
    *, sending: Sending, outcome: str, by: User, at: datetime, **said: Any
) -> SendingOutcome:
    """Write down how it went with a service that was named or asked at the decision of a request.

    Raises PermissionDenied, CannotSend.
    """
    assert sending.referral is not None, "it was said at a decision"
    may_decide(by, sending.referral).or_raise()
    try:
        made = referrals.say_how_it_went(sending=sending, outcome=outcome, by=by, at=at, **said)
    except referrals.SendingRefused as refusal:
        raise CannotSend(str(refusal), refusal.field) from None
    if outcome in SendingOutcome.TAKEN_BACK:
        end_page(sending, by=by, at=at)
    return made


def end_page(sending: Sending, *, by: User, at: datetime) -> None:
    """Let a service's link open nothing any more, and tell it to do nothing more for the family."""
    page = ServicePage.objects.filter(sending=sending, ended_at__isnull=True).first()
    if page is None:
        return
    page.ended_at, page.ended_by = at, by
    page.save(update_fields=["ended_at", "ended_by"])
    end_links(purpose=SENDING, subject_id=sending.pk, at=at)
    asker = _asker_of(sending)
    _write_to_service(wordings.SERVICE_TAKEN_BACK, page, asker, at, {})


def chase_services(*, by: User, at: datetime) -> int:
    """Ask services that have not answered once more, with a new link. Returns how many. Raises
    PermissionDenied."""
    may_remind(by).or_raise()
    if not is_working_day(timezone.localdate(at)):
        return 0
    waiting = referring.unanswered(by, at)
    for page in waiting:
        page.chased_at, page.code_hash = at, ""
        page.save(update_fields=["chased_at", "code_hash"])
        _send_link(wordings.SERVICE_CHASED, page, _asker_of(page.sending), at)
    return len(waiting)


def _asker_of(sending: Sending) -> Asker:
    with seeing_as(front_door()):
        return referring.asker_of(front_door(), sending)


def _send_link(wording: Wording, page: ServicePage, asker: Asker, at: datetime) -> None:
    """Send a service its private link; one that it had before opens nothing any more."""
    end_links(purpose=SENDING, subject_id=page.sending_id, at=at)
    secret = make_link(
        purpose=SENDING, subject_id=page.sending_id, sent_to=page.sent_to, at=at, days=LINK_DAYS
    )
    link = Secret(settings.KITH_ADDRESS + reverse("asked:link", args=[secret]))
    _write_to_service(wording, page, asker, at, {"link": link})


def _write_to_service(
    wording: Wording, page: ServicePage, asker: Asker, at: datetime, more: dict[str, Any]
) -> None:
    sending = page.sending
    notices.send(
        wording,
        to=page.sent_to,
        context={
            "service": sending.service_name,
            "asker": asker.name,
            "phone": asker.phone or settings.KITH_FRONT_DOOR_PHONE,
            "since": f"{timezone.localdate(sending.at):%-d %B %Y}",
            **more,
        },
        once_key=f"{wording.key}:{sending.pk}",
        at=at,
        about=("sending", sending.pk),
        team=asker.team,
    )


def _tell_askers(sending: Sending, answer: SendingOutcome, at: datetime) -> None:
    asker = _asker_of(sending)
    worker = asker.case.worker if asker.case else None
    if asker.case:
        link = reverse("casework:case", args=[asker.reference]) + "#services"
    else:
        link = reverse("referrals:at_desk", args=[asker.reference])
    standing_in = queries.standing_in(front_door(), timezone.localdate(at))
    people = [one for one in (sending.by, worker) if one]
    for address in dict.fromkeys(standing_in.get(one.pk, one).email for one in people):
        notices.send(
            wordings.SERVICE_NEWS,
            to=address,
            context={"reference": asker.reference, "link": settings.KITH_ADDRESS + link},
            once_key=f"{wordings.SERVICE_NEWS.key}:{answer.pk}:{address}"[:120],
            at=at,
            about=("sending", sending.pk),
            team=asker.team,
        )
