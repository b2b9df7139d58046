"""Sending families to services of the directory, and writing down how it went."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.audit.actions import record
from kith.directory.models import Service
from kith.directory.permissions import may_find_for_professionals
from kith.families.models import Family, Person
from kith.families.permissions import may_edit
from kith.referrals.models import Sending, SendingOutcome


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
    by: User,
    at: datetime,
) -> Sending:
    """Write down that a family was told of a service, and when to ask how it went.

    Raises PermissionDenied, SendingRefused.
    """
    may_edit(by, family).or_raise()
    # As it is now: it may have been hidden since the search.
    service = Service.objects.select_related("provider").get(pk=service.pk)
    if not service.published or (service.professional_only and not may_find_for_professionals(by)):
        raise SendingRefused(f"{service.name} is no longer listed. Choose another.", "services")
    _check_asked(ask_on, at)
    made = Sending(
        kind=Sending.Kind.SIGNPOSTED,
        family=family,
        person=person,
        service=service,
        service_name=service.name,
        provider_name=service.provider.name,
        at=at,
        by=by,
        how=how,
        words=words.strip(),
        ask_on=ask_on,
    )
    made.save(force_insert=True)
    record(
        "family.signposted",
        subject=made,
        by=by,
        at=at,
        after={"service": made.service_name, "ask on": ask_on},
        family_id=family.pk,
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
    if outcome == SendingOutcome.Outcome.MISTAKE and not words.strip():
        raise SendingRefused("Say what was wrong, for whoever reads it later.", "words")
    _check_asked(ask_on, at)
    before = SendingOutcome.objects.filter(sending=sending).first()
    made = SendingOutcome(
        sending=sending,
        outcome=outcome,
        on=on,
        words=words.strip(),
        ask_on=ask_on if outcome in SendingOutcome.OPEN else None,
        by=by,
        at=at,
    )
    made.save(force_insert=True)
    record(
        "family.signposted_outcome",
        subject=sending,
        by=by,
        at=at,
        before={"how it went": str(before)} if before else {},
        after={"how it went": str(made)},
        family_id=sending.family_id,
    )
    return made


def _check_asked(ask_on: date | None, at: datetime) -> None:
    if ask_on and ask_on <= timezone.localdate(at):
        raise SendingRefused("Give a day to come, on which to ask how it went.", "ask_on")
