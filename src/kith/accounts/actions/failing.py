"""Telling the log of sign-ins that failed. What was typed is never kept."""

from datetime import datetime

from allauth.core.internal import ratelimit
from django.db import transaction
from django.http import HttpRequest

from kith.accounts.models import User
from kith.audit.actions import record

APP = "allauth.account"
NOBODY = "An address that no account has"


@transaction.atomic
def tell_of_failure(
    *, request: HttpRequest, person: User | None, step: str = "password", at: datetime
) -> None:
    """Record that a password or code was wrong.

    For an account each time: there are five before it waits. For addresses that no account has,
    once in five minutes from one place, without the address: somebody may have mistyped their own.
    """
    if person is None and not ratelimit.consume(request, app=APP, action="nobody_told"):
        return
    subject = person or User(pk=0, name=NOBODY)
    record("account.sign_in_failed", subject=subject, by=None, at=at, after={"wrong": step})


@transaction.atomic
def tell_of_lock_out(*, request: HttpRequest, person: User | None, at: datetime) -> None:
    """Record that nobody can sign in to an account for some minutes: once, however many try."""
    key = str(person.pk) if person else "nobody"
    if ratelimit.consume(request, app=APP, action="lock_out_told", key=key):
        subject = person or User(pk=0, name=NOBODY)
        record("account.locked_out", subject=subject, by=None, at=at)
