"""Sending families to services of the directory, and writing down how it went."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.directory.models import Service
from kith.directory.permissions import may_find_for_professionals
from kith.families.models import Family, Person
from kith.families.permissions import may_edit
from kith.referrals import sendings
from kith.referrals.models import Referral, Sending, SendingOutcome
from kith.referrals.permissions import may_answer_for_service

Outcome = SendingOutcome.Outcome


class SendingRefused(ValueError):
    """A family cannot be sent there, or that cannot be how it went. `field` is where to mend it."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def signpost(
    *,
    family: Family,
    service: Service,
    person: Person | None = None,
    how: str,
    words: str = "",
    ask_on: date | None = None,
    referral: Referral | None = None,
    by: User,
    at: datetime,
) -> Sending:
    """Write down that a family was told of a service, and when to ask how it went.

    Raises PermissionDenied, SendingRefused.
    """
    made = Sending(kind=Sending.Kind.SIGNPOSTED, family=family, person=person, referral=referral)
    made.how, made.words, made.ask_on = how, words.strip(), ask_on
    return _keep(made, service, by, at)


@transaction.atomic
def refer(
    *,
    family: Family,
    service: Service,
    person: Person | None = None,
    how: str,
    words: str,
    agreed_by: str,
    agreed_how: str,
    shown: Sequence[dict[str, Any]],
    asked_of: str,
    ask_on: date | None = None,
    referral: Referral | None = None,
    by: User,
    at: datetime,
) -> Sending:
    """Write down that a service is asked to take a family that agreed to it.

    `shown` is all that the service reads, as sections of rows and lines; `asked_of` the mailbox that
    has the link, or with whom somebody spoke. Raises PermissionDenied, SendingRefused.
    """
    if how not in (Sending.How.LINK, Sending.How.PHONE):
        raise SendingRefused("Choose how the service is asked.", "how")
    if not agreed_by.strip() or not agreed_how:
        raise SendingRefused(
            "Say who of the family agreed, and how. Without it, tell the family of the service instead.",
            "agreed_by",
        )
    if not words.strip():
        raise SendingRefused("Write what the service needs to know.", "words")
    if not asked_of.strip():
        raise SendingRefused("Say with whom you spoke.", "asked_of")
    made = Sending(kind=Sending.Kind.REFERRED, family=family, person=person, referral=referral)
    made.how, made.words, made.ask_on, made.shown = how, words.strip(), ask_on, list(shown)
    made.agreed_by, made.agreed_how = agreed_by.strip(), agreed_how
    made.asked_of = asked_of.strip()
    return _keep(made, service, by, at)


def _keep(made: Sending, service: Service, by: User, at: datetime) -> Sending:
    may_edit(by, made.family).or_raise()
    # As it is now: it may have been hidden since the search.
    service = Service.objects.select_related("provider").get(pk=service.pk)
    if not service.published or (service.professional_only and not may_find_for_professionals(by)):
        raise SendingRefused(f"{service.name} is no longer listed. Choose another.", "services")
    _check_asked(made.ask_on, at)
    made.service, made.at, made.by = service, at, by
    made.service_name, made.provider_name = service.name, service.provider.name
    made.save(force_insert=True)
    after = {"service": made.service_name, "ask on": made.ask_on}
    if made.agreed_by:
        after["agreed by"] = made.agreed_by
    told = made.kind == Sending.Kind.SIGNPOSTED
    record(
        "family.signposted" if told else "family.referred",
        subject=made,
        by=by,
        at=at,
        after=after,
        family_id=made.family_id,
    )
    return made


@transaction.atomic
def say_how_it_went(
    *,
    sending: Sending,
    outcome: str,
    on: date,
    words: str = "",
    ask_on: date | None = None,
    by: User,
    at: datetime,
) -> SendingOutcome:
    """Write down how it went with a service. What was said before stays, and this counts from now on.

    Raises PermissionDenied, SendingRefused.
    """
    may_edit(by, sending.family).or_raise()
    if on > timezone.localdate(at):
        raise SendingRefused("That day is still to come. Give the day on which you knew.", "on")
    if on < (told_on := timezone.localdate(sending.at)):
        raise SendingRefused(f"They were told of it on {told_on:%-d %B %Y}, not before.", "on")
    if outcome == Outcome.MISTAKE and not words.strip():
        raise SendingRefused("Say what was wrong, for whoever reads it later.", "words")
    _check_asked(ask_on, at)
    ask_on = ask_on if outcome in SendingOutcome.OPEN else None
    return _say(sending, outcome, on, words, ask_on, by, at)


@transaction.atomic
def answer_for_service(
    *, sending: Sending, outcome: str, words: str = "", said_by: str, by: User | None, at: datetime
) -> SendingOutcome:
    """Take what a service that was asked to take a family says: `by` is None where somebody of it has
    its private link and no account.

    Raises PermissionDenied, SendingRefused.
    """
    may_answer_for_service(by, sending).or_raise()
    if outcome not in SendingOutcome.BY_SERVICE:
        raise SendingRefused("Choose what you can say.", "outcome")
    if outcome in (Outcome.FULL, Outcome.NOT_SUITABLE) and not words.strip():
        raise SendingRefused("Write a few words, so that the family hears why.", "words")
    if not said_by.strip():
        raise SendingRefused("Write your name.", "said_by")
    today = timezone.localdate(at)
    # Where there is a place, or a list, somebody asks later how it went.
    ask_on = sendings.ask_on(today) if outcome in SendingOutcome.OPEN else None
    with seeing_as(front_door()):
        # Once at a time: the hub may take it back in this moment.
        last = SendingOutcome.objects.filter(sending=sending).first()
        if last and last.outcome in SendingOutcome.TAKEN_BACK:
            raise SendingRefused("The hub has taken this back: there is nothing left to answer.")
        return _say(sending, outcome, today, words, ask_on, by, at, said_by=said_by.strip())


def _say(
    sending: Sending,
    outcome: str,
    on: date,
    words: str,
    ask_on: date | None,
    by: User | None,
    at: datetime,
    said_by: str = "",
) -> SendingOutcome:
    before = SendingOutcome.objects.filter(sending=sending).first()
    made = SendingOutcome(sending=sending, outcome=outcome, on=on, words=words.strip())
    made.ask_on, made.by, made.at, made.said_by = ask_on, by, at, said_by
    made.save(force_insert=True)
    told = sending.kind == Sending.Kind.SIGNPOSTED
    record(
        "family.signposted_outcome" if told else "family.referred_outcome",
        subject=sending,
        by=by,
        at=at,
        before={"how it went": str(before)} if before else {},
        after={"how it went": str(made)} | ({"said by": said_by} if said_by else {}),
        family_id=sending.family_id,
    )
    return made


def _check_asked(ask_on: date | None, at: datetime) -> None:
    if ask_on and ask_on <= timezone.localdate(at):
        raise SendingRefused("Give a day to come, on which to ask how it went.", "ask_on")
