"""Telling the log of sign-ins that failed. What was typed is never kept."""

from datetime import datetime

from allauth.core.internal import ratelimit
from django.db import transaction
from django.http import HttpRequest

from kith.accounts.models import User
from kith.audit.actions import record

APP = "allauth.account"
# What the log calls whoever it was, by what went wrong, where no account is known.
NOBODY = {
    "passkey": "A passkey that no account has",
    "council sign-on": "Somebody at the council’s sign-on",
}
NO_ADDRESS = "An address that no account has"


@transaction.atomic
def tell_of_failure(
    *, request: HttpRequest, person: User | None, step: str = "password", at: datetime
) -> None:
    """Record that a password, code or passkey was wrong, or that the council's sign-on opened nothing.

    For an account each time: there are five before it waits. For what no account has, once in five
    minutes from one place, without the address: somebody may have mistyped their own.
    """
    # The council's sign-on sends people back by GET.
    if person is None and not ratelimit.consume(
        request, app=APP, action="nobody_told", limit_get=True
    ):
        return
    subject = person or User(pk=0, name=NOBODY.get(step, NO_ADDRESS))
    record("account.sign_in_failed", subject=subject, by=None, at=at, after={"wrong": step})


@transaction.atomic
def tell_of_lock_out(*, request: HttpRequest, person: User | None, at: datetime) -> None:
    """Record that nobody can sign in to an account for some minutes: once, however many try."""
    key = str(person.pk) if person else "nobody"
    if ratelimit.consume(request, app=APP, action="lock_out_told", key=key):
        subject = person or User(pk=0, name=NO_ADDRESS)
        record("account.locked_out", subject=subject, by=None, at=at)
