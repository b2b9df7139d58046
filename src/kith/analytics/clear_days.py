"""Days that the law counts: notice of a meeting, and the two months for an answer."""

from collections.abc import Callable
from datetime import date, timedelta

from kith.analytics.days import months_after

LONGEST = 3660  # days one looks back; a calendar without any working day is a mistake


def any_day(_: date) -> bool:
    """Every day counts: for councils that count clear days and not clear working days."""
    return True


def clear_days(published: date, meeting: date, counts: Callable[[date], bool] = any_day) -> int:
    """Return how many days that count lie between two days, neither of which is counted.

    "Clear" leaves out both ends: R v Herefordshire Justices (1820) 3 B & Ald 581; R v Swansea City
    Council ex p Elitestone (1993). Nought where the meeting is the day after, or before.
    """
    days = (meeting - published).days
    return sum(counts(published + timedelta(days=number)) for number in range(1, days))


def last_day_to_publish(meeting: date, days: int, counts: Callable[[date], bool] = any_day) -> date:
    """Return the last day on which an agenda can be published with so many clear days.

    Local Government Act 1972, s. 100A(6)(a) and 100B(3): five clear days. Of five working days a
    meeting on Wednesday 26 September 2012 is called by Tuesday 18 September; of five days by Thursday
    20. Raises ValueError where no days count.
    """
    day, counted = meeting - timedelta(days=1), 0
    for _ in range(LONGEST):
        if counted >= days:
            return day
        counted += counts(day)
        day -= timedelta(days=1)
    raise ValueError("no day counts")


def last_day_of_months(received: date, months: int = 2) -> date:
    """Return the last day of a period of months that begins with a day.

    Local Government Act 2000, s. 9FE: an answer is due within two months beginning with the day on
    which the report, or the notice if that is later, was received. The day itself counts, so what is
    received on 26 September ends on 25 November; where the month has no such day, with its last day.
    """
    same = months_after(received, months)
    return same if same.day != received.day else same - timedelta(days=1)


def municipal_year(day: date, begins: int = 5) -> int:
    """Return the year in which the municipal year of a day began: 2012 for September 2012."""
    return day.year if day.month >= begins else day.year - 1
