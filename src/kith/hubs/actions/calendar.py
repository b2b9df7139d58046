"""Setting what the county promises, and which days do not count."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from govuk_bank_holidays.bank_holidays import BankHolidays

from kith.accounts.models import User
from kith.audit.actions import record
from kith.hubs.calendar import DEFAULTS
from kith.hubs.models import ClosedDay, Promise
from kith.hubs.permissions import may_set_promises


class AlreadyClosed(Exception):
    """The day is on the list already."""


@transaction.atomic
def set_promises(*, days: Mapping[str, int], by: User, at: datetime) -> None:
    """Set lengths of promises, by key. What is promised already keeps its date.

    Raises PermissionDenied.
    """
    may_set_promises(by).or_raise()
    held = {promise.key: promise for promise in Promise.objects.select_for_update()}
    for key, length in days.items():
        promise = held.get(key) or Promise(key=key, days=DEFAULTS[Promise.Key(key)])
        if promise.pk and promise.days == length:
            continue
        before, promise.days = promise.days, length
        promise.save()
        record(
            "promise.changed",
            subject=promise,
            by=by,
            at=at,
            before={key: before},
            after={key: length},
        )


@transaction.atomic
def add_closed_day(*, day: date, name: str, by: User, at: datetime) -> ClosedDay:
    """Let a day not count as a working day. Raises PermissionDenied or AlreadyClosed."""
    may_set_promises(by).or_raise()
    closed, made = ClosedDay.objects.get_or_create(day=day, defaults={"name": name})
    if not made:
        raise AlreadyClosed(f"{day:%-d %B %Y} is on the list already: {closed.name}.")
    record("closed_day.added", subject=closed, by=by, at=at, after={"day": day, "name": name})
    return closed


@transaction.atomic
def remove_closed_day(*, closed_day: ClosedDay, by: User, at: datetime) -> None:
    """Let a day count again. Raises PermissionDenied."""
    may_set_promises(by).or_raise()
    before = {"day": closed_day.day, "name": closed_day.name}
    record("closed_day.removed", subject=closed_day, by=by, at=at, before=before)
    closed_day.delete()


@transaction.atomic
def add_bank_holidays(*, by: User | None, at: datetime) -> int:
    """Add England's bank holidays as far as they are known; return how many are new.

    They come with the package `govuk-bank-holidays`, so no other website is asked. `by` is None
    only while Kith is being set up. Raises PermissionDenied.
    """
    if by is not None:
        may_set_promises(by).or_raise()
    known = BankHolidays(use_cached_holidays=True).get_holidays(
        division=BankHolidays.ENGLAND_AND_WALES
    )
    have = set(ClosedDay.objects.values_list("day", flat=True))
    new = [
        ClosedDay(day=holiday["date"], name=holiday["title"][:100])
        for holiday in known
        if holiday["date"] not in have
    ]
    ClosedDay.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        record(
            "closed_day.bank_holidays_added",
            subject=new[-1],
            by=by,
            at=at,
            after={"days": len(new), "until": max(day.day for day in new)},
        )
    return len(new)
