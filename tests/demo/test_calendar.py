"""The county's own calendar agrees with the hubs', and knows the school year."""

from datetime import date, datetime, timedelta

import pytest

from kith.demo.calendar import LONDON, WorkingDays, easter, in_term, rate
from kith.hubs import calendar

CLOSED = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})


@pytest.mark.parametrize("days", [1, 2, 5, 10])
def test_promises_are_those_of_the_hubs_calendar(days):
    ours = WorkingDays(date(2026, 11, 1), date(2027, 3, 1), CLOSED)
    for hours in range(0, 60 * 24, 7):
        start = datetime(2026, 11, 20, 0, 30, tzinfo=LONDON) + timedelta(hours=hours)
        assert ours.promised(start, days) == calendar.add_working_days(start, days, closed=CLOSED)


def test_easter_is_where_it_is():
    assert [easter(year) for year in (2016, 2024, 2025, 2026, 2027)] == [
        date(2016, 3, 27),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
    ]


def test_schools_are_quiet_in_holidays_and_busy_in_september_and_january():
    assert not in_term(date(2026, 8, 12))
    assert not in_term(date(2026, 10, 28))
    assert in_term(date(2026, 11, 16))
    assert rate(date(2026, 8, 12), of_schools=True) < 0.1
    assert rate(date(2026, 9, 14), of_schools=True) > rate(date(2026, 7, 13), of_schools=True)
    assert rate(date(2026, 1, 12), of_schools=True) > rate(date(2026, 2, 9), of_schools=True)
    assert rate(date(2026, 11, 15), of_schools=True) == 0
