"""Sums with days."""

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or earlier where negative; the month's last day
    where there is none."""
    month = day.year * 12 + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def age_on(born: date, day: date) -> int:
    """Return somebody's age on a day, in whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
