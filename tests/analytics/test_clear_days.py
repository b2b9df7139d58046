"""Notice of meetings, and the two months for an answer."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.analytics.clear_days import (
    any_day,
    clear_days,
    last_day_of_months,
    last_day_to_publish,
)

MEETING = date(2012, 9, 26)


def weekday(day: date) -> bool:
    return day.weekday() < 5


def test_the_meeting_of_the_source_is_called_by_tuesday_or_of_all_days_by_thursday():
    assert last_day_to_publish(MEETING, 5, weekday) == date(2012, 9, 18)
    assert last_day_to_publish(MEETING, 5, any_day) == date(2012, 9, 20)


def test_neither_the_day_of_publishing_nor_that_of_the_meeting_is_clear():
    assert clear_days(date(2012, 9, 25), MEETING) == 0
    assert clear_days(date(2012, 9, 24), MEETING) == 1
    assert clear_days(date(2012, 9, 18), MEETING, weekday) == 5
    assert clear_days(date(2012, 9, 19), MEETING, weekday) == 4
    assert clear_days(MEETING, MEETING) == clear_days(date(2012, 10, 1), MEETING) == 0


def test_a_calendar_without_a_day_that_counts_is_refused():
    with pytest.raises(ValueError, match="no day counts"):
        last_day_to_publish(MEETING, 5, lambda _: False)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 40), st.integers(0, 127))
def test_the_last_day_to_publish_gives_enough_and_the_day_after_does_not(meeting, days, week):
    def counts(day: date) -> bool:
        return bool(week >> day.weekday() & 1) or day.weekday() == 2

    last = last_day_to_publish(meeting, days, counts)

    assert clear_days(last, meeting, counts) >= days
    assert days == 0 or clear_days(last + timedelta(days=1), meeting, counts) < days


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (date(2012, 9, 26), date(2012, 11, 25)),
        (date(2012, 12, 31), date(2013, 2, 28)),
        (date(2011, 12, 30), date(2012, 2, 29)),
        (date(2012, 12, 29), date(2013, 2, 28)),
        (date(2012, 12, 28), date(2013, 2, 27)),
        (date(2013, 1, 1), date(2013, 2, 28)),
    ],
)
def test_two_months_begin_with_the_day_on_which_it_was_received(received, last):
    assert last_day_of_months(received) == last


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_two_months_are_58_to_61_days_and_never_shorter_for_what_comes_later(received):
    last = last_day_of_months(received)

    assert 58 <= (last - received).days <= 61
    assert last_day_of_months(received + timedelta(days=1)) >= last
