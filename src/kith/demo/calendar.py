"""When things happen in the demonstration county: school terms, holidays, working days."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
END_OF_DAY = time(17, 0)

# Requests in a school week beside an average one: new classes in September, a new year in January.
MONTH_OF_TERM = {1: 1.28, 2: 1.0, 3: 1.05, 4: 0.95, 5: 0.95, 6: 1.08, 7: 0.85, 9: 1.25, 10: 1.1}
MONTH_OF_TERM |= {8: 1.0, 11: 1.12, 12: 0.85}


def easter(year: int) -> date:
    """Return Easter Sunday (the anonymous Gregorian reckoning)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@lru_cache(maxsize=64)
def holidays(year: int) -> tuple[tuple[date, date], ...]:
    """Return the school holidays that begin in a year or run into it: first and last day."""
    spring = easter(year)
    return (
        (date(year - 1, 12, 20), date(year, 1, 4)),
        (_monday(date(year, 2, 15)), _monday(date(year, 2, 15)) + timedelta(days=6)),
        (spring - timedelta(days=9), spring + timedelta(days=8)),
        (_monday(date(year, 5, 28)), _monday(date(year, 5, 28)) + timedelta(days=6)),
        (date(year, 7, 22), date(year, 9, 2)),
        (_monday(date(year, 10, 26)), _monday(date(year, 10, 26)) + timedelta(days=6)),
        (date(year, 12, 20), date(year + 1, 1, 4)),
    )


@lru_cache(maxsize=8192)
def in_term(day: date) -> bool:
    """Say whether schools are open on a day of the week like this one."""
    return not any(first <= day <= last for first, last in holidays(day.year))


def rate(day: date, *, of_schools: bool) -> float:
    """Return how many requests arrive on a day, beside an ordinary working day in term."""
    if day.weekday() >= 5:
        return 0.0 if of_schools else 0.12
    if of_schools:
        return MONTH_OF_TERM[day.month] if in_term(day) else 0.04
    return 1.0 if in_term(day) else 0.9


class WorkingDays:
    """Working days between two years, as the hubs' own calendar counts them."""

    def __init__(self, first: date, last: date, closed: Iterable[date]) -> None:
        shut = set(closed)
        self.days = [
            day
            for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
            if day.weekday() < 5 and day not in shut
        ]
        self.known = set(self.days)

    def __contains__(self, day: date) -> bool:
        return day in self.known

    def add(self, day: date, count: int) -> date:
        """Return the day that is so many working days after another."""
        return self.days[bisect_right(self.days, day) + count - 1]

    def promised(self, start: datetime, count: int) -> datetime:
        """Return the end of the working day by which something is promised."""
        local = start.astimezone(LONDON).date()
        return datetime.combine(self.add(local, count), END_OF_DAY, LONDON)

    def on_or_after(self, day: date) -> date:
        """Return the first working day that is not before a day."""
        return self.days[bisect_left(self.days, day)]

    def between(self, first: date, last: date) -> int:
        """Return the number of working days after the first day, up to the last."""
        return bisect_right(self.days, last) - bisect_right(self.days, first)
