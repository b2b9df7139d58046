"""Telling a family of services while it is helped, and asking how it went."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kith.accounts.models import User
from kith.casework.actions.checks import CannotSend, NotOfThisFamily, check_not_closed, lock
from kith.casework.actions.referring import end_page
from kith.casework.models import Case
from kith.casework.permissions import may_work
from kith.directory.models import Service
from kith.families import queries as families
from kith.families.models import Person
from kith.referrals import actions as referrals
from kith.referrals.models import Sending, SendingOutcome


@transaction.atomic
def signpost(
    *,
    case: Case,
    services: Sequence[Service],
    person: Person | None = None,
    how: str,
    words: str = "",
    ask_on: date | None = None,
    by: User,
    at: datetime,
) -> list[Sending]:
    """Write down that a family that is helped was told of services; all of them, or none.

    Raises PermissionDenied, CaseClosed, NotOfThisFamily, CannotSend.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    check_not_closed(case)
    if person is not None:
        theirs = {member.person.pk for member in families.people_of(by, case.family)}
        if person.pk not in theirs:
            raise NotOfThisFamily("Choose somebody of this family, or the whole family.")
    said: dict[str, Any] = {"how": how, "words": words, "ask_on": ask_on, "by": by, "at": at}
    try:
        return [
            referrals.signpost(family=case.family, service=service, person=person, **said)
            for service in services
        ]
    except referrals.SendingRefused as refusal:
        raise CannotSend(str(refusal), refusal.field) from None


@transaction.atomic
def say_how_it_went(
    *,
    case: Case,
    sending: Sending,
    outcome: str,
    on: date,
    words: str = "",
    ask_on: date | None = None,
    by: User,
    at: datetime,
) -> SendingOutcome:
    """Write down how it went with a service; also when help has ended.

    Raises PermissionDenied, NotOfThisFamily, CannotSend.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    if sending.family_id not in {one.pk for one in families.together_with(by, case.family)}:
        raise NotOfThisFamily("That was said to another family.")
    try:
        made = referrals.say_how_it_went(
            sending=sending, outcome=outcome, on=on, words=words, ask_on=ask_on, by=by, at=at
        )
    except referrals.SendingRefused as refusal:
        raise CannotSend(str(refusal), refusal.field) from None
    if outcome in SendingOutcome.TAKEN_BACK:
        end_page(sending, by=by, at=at)
    return made
