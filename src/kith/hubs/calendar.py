"""Working days in England, and what the county has promised to do within them.

The sums are plain functions over a set of closed days. Whoever asks about many rows reads
`closed_days()` once and hands it on, so that a page asks the database once.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kith.audit.lists import kept
from kith.hubs.models import ClosedDay, Promise

LONDON = ZoneInfo("Europe/London")
CLOSES = time(17, 0)
DEFAULTS = {
    Promise.Key.DECISION: 2,
    Promise.Key.FIRST_CONTACT: 5,
    Promise.Key.DRAFT_KEPT: 28,
    Promise.Key.MORE_ASKED: 10,
    Promise.Key.IN_TOUCH: 15,
    Promise.Key.ASSESSED: 30,
    Promise.Key.REVIEWED: 30,  # six weeks
    Promise.Key.COMES_ON: 30,
    Promise.Key.SUPERVISED: 30,
    Promise.Key.TOLD_OF: 28,
    Promise.Key.SERVICE_ASKED: 14,
}
# Lengths of time that count every day, not working days only.
EVERY_DAY = frozenset({Promise.Key.DRAFT_KEPT, Promise.Key.TOLD_OF, Promise.Key.SERVICE_ASKED})
MOST_DAYS = 3660


@kept
def closed_days() -> frozenset[date]:
    """Return the days, besides weekends, on which the hubs do not work."""
    return frozenset(ClosedDay.objects.values_list("day", flat=True))


def is_working_day(day: date, *, closed: frozenset[date] | None = None) -> bool:
    """Say whether a day counts as a working day."""
    closed = closed_days() if closed is None else closed
    return day.weekday() < 5 and day not in closed


def add_working_days(
    start: datetime, days: int, *, closed: frozenset[date] | None = None
) -> datetime:
    """Return 17:00, London time, on the working day that is `days` working days after a moment.

    The day of the moment itself does not count, whatever the hour. Nought days is that day, or
    the next working day where it is none. Raises ValueError for a negative or absurd number, and
    for a moment without a time zone.
    """
    if not 0 <= days <= MOST_DAYS:
        raise ValueError(f"working days must be between 0 and {MOST_DAYS}, not {days}")
    closed = closed_days() if closed is None else closed
    day, left = _local_day(start), days
    while left > 0 or not is_working_day(day, closed=closed):
        day += timedelta(days=1)
        if left > 0 and is_working_day(day, closed=closed):
            left -= 1
    return datetime.combine(day, CLOSES, LONDON)


def working_days_between(a: date, b: date, *, closed: frozenset[date] | None = None) -> int:
    """Return how many working days lie after one day, up to and including another.

    Negative when `b` comes before `a`. A moment is taken as its day in London.
    """
    closed = closed_days() if closed is None else closed
    first, last = _day(a), _day(b)
    if last < first:
        return -working_days_between(last, first, closed=closed)
    weeks, rest = divmod((last - first).days, 7)
    weekdays = weeks * 5 + sum(
        (first + timedelta(days=extra)).weekday() < 5 for extra in range(1, rest + 1)
    )
    return weekdays - sum(first < day <= last and day.weekday() < 5 for day in closed)


def working_days_ago(
    now: datetime, days: int, *, closed: frozenset[date] | None = None
) -> datetime:
    """Return the moment before which lies what is more than so many working days old.

    It is the end of the day that many working days before today; a day that is none counts with
    the working day before it. Raises ValueError for a negative or absurd number.
    """
    if not 0 <= days <= MOST_DAYS:
        raise ValueError(f"working days must be between 0 and {MOST_DAYS}, not {days}")
    closed = closed_days() if closed is None else closed
    day, left = _local_day(now), days
    while left > 0 or not is_working_day(day, closed=closed):
        if is_working_day(day, closed=closed):
            left -= 1
        day -= timedelta(days=1)
    return datetime.combine(day, time(0), LONDON)


@kept
def promise_days(key: str) -> int:
    """Return how many days the county promises. Raises KeyError for an unknown promise."""
    if key not in Promise.Key.values:
        raise KeyError(key)
    set_to = Promise.objects.filter(key=key).values_list("days", flat=True).first()
    return DEFAULTS[Promise.Key(key)] if set_to is None else set_to


def promised(key: str, start: datetime, *, closed: frozenset[date] | None = None) -> datetime:
    """Return when something promised at a moment is due. Raises KeyError for an unknown promise."""
    days = promise_days(key)
    if key in EVERY_DAY:
        return datetime.combine(_local_day(start) + timedelta(days=days), time(23, 59, 59), LONDON)
    return add_working_days(start, days, closed=closed)


def _local_day(moment: datetime) -> date:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(LONDON).date()


def _day(day: date) -> date:
    return _local_day(day) if isinstance(day, datetime) else day
