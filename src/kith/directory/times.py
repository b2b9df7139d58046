"""When a service is held: in words, as days, and as the rule that Open Referral asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kith.directory.models import Schedule
from kith.hubs.models import Weekday

Every = Schedule.Every
BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LOOK_AHEAD = 120  # days in which the next time is looked for


@dataclass(frozen=True)
class Calendar:
    """What schedules need to know of the year: school terms, closed days, days not held."""

    terms: tuple[tuple[date, date], ...] = ()
    closed: frozenset[date] = frozenset()
    not_held: frozenset[tuple[int, date]] = frozenset()  # the schedule's number, and the day


def held_on(schedule: Schedule, day: date, calendar: Calendar) -> bool:
    """Say whether a schedule is held on a day: as `directory_held` of the database says it."""
    if (schedule.since and day < schedule.since) or (schedule.until and day > schedule.until):
        return False
    match schedule.every:
        case Every.ONCE:
            falls = day == schedule.since
        case Every.FORTNIGHT:
            assert schedule.since
            falls = day.weekday() == schedule.weekday and (day - schedule.since).days % 14 < 7
        case Every.MONTH_DAY:
            last = (day + timedelta(days=7)).month != day.month
            falls = day.weekday() == schedule.weekday and (
                last if schedule.nth == -1 else (day.day + 6) // 7 == schedule.nth
            )
        case _:
            falls = day.weekday() == schedule.weekday
    return (
        falls
        and (
            not schedule.term_time_only
            or any(since <= day <= until for since, until in calendar.terms)
        )
        and (schedule.bank_holidays or day not in calendar.closed)
        and (schedule.pk, day) not in calendar.not_held
    )


def next_held(schedule: Schedule, today: date, calendar: Calendar) -> Iterator[date]:
    """Yield the days on which a schedule is held, from today on, for about four months."""
    for ahead in range(LOOK_AHEAD):
        day = today + timedelta(days=ahead)
        if held_on(schedule, day, calendar):
            yield day


def in_words(schedule: Schedule) -> str:
    """Return a schedule as a person would say it: "Every Tuesday in term time, 10am to 11.30am"."""
    name = _(Weekday(schedule.weekday).label) if schedule.weekday is not None else ""
    match schedule.every:
        case Every.ONCE:
            assert schedule.since
            words = date_format(schedule.since, "l j E Y")
        case Every.FORTNIGHT:
            words = _("Every other %(day)s") % {"day": name}
        case Every.MONTH_DAY:
            assert schedule.nth is not None
            nth = _(Schedule.Nth(schedule.nth).label).lower()
            words = _("The %(nth)s %(day)s of the month") % {"nth": nth, "day": name}
        case _:
            words = _("Every %(day)s") % {"day": name}
    if schedule.term_time_only:
        words += " " + _("in term time")
    words += hours(schedule)
    if schedule.every != Every.ONCE and schedule.until:
        words += ", " + _("until %(day)s") % {"day": date_format(schedule.until, "j E Y")}
    return words


def hours(schedule: Schedule) -> str:
    """Return the hours of a schedule after its day: ", 10am to 11.30am"; "" where not known."""
    if schedule.opens is None:
        return ""
    if not schedule.closes:
        return f", {clock(schedule.opens)}"
    both = {"opens": clock(schedule.opens), "closes": clock(schedule.closes)}
    return ", " + _("%(opens)s to %(closes)s") % both


def clock(moment: time) -> str:
    """Return a time of day as GOV.UK writes it: 10am, 11.30am, midday, 5pm; other languages: 17:00."""
    if not (get_language() or "en").startswith("en"):
        return f"{moment:%H:%M}"
    if moment == time(12):
        return "midday"
    half = "am" if moment.hour < 12 else "pm"
    hour = moment.hour % 12 or 12
    return f"{hour}{half}" if not moment.minute else f"{hour}.{moment.minute:02}{half}"


def rule(schedule: Schedule) -> dict[str, object]:
    """Return a schedule as fields of Open Referral's `schedule`, which are those of RFC 5545.

    What is held once is told by its one day alone: there is no frequency for it.
    """
    if schedule.every == Every.ONCE:
        return {"dtstart": str(schedule.since)}
    assert schedule.weekday is not None
    day = BYDAY[schedule.weekday]
    if schedule.every == Every.MONTH_DAY:
        return {"freq": "MONTHLY", "interval": 1, "byday": f"{schedule.nth}{day}"}
    interval = 2 if schedule.every == Every.FORTNIGHT else 1
    return {"freq": "WEEKLY", "interval": interval, "byday": day}
