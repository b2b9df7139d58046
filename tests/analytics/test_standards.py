"""Whether something is held as often as was promised."""

from datetime import date, timedelta

import pytest

from kith.analytics.standards import (
    MET,
    NOT_MET,
    UNKNOWN,
    Held,
    held_in,
    median_short_enough,
    often_enough,
    share_enough,
    stretches,
)

WEDNESDAY = date(2026, 11, 25)


def test_only_whole_weeks_with_a_working_day_count():
    closed = {date(2026, 11, 16) + timedelta(days=n) for n in range(5)}

    weeks = stretches(WEDNESDAY, "week", closed=closed)

    assert len(weeks) == 11, "twelve weeks, without the closed one"
    assert weeks[-1] == (date(2026, 11, 9), date(2026, 11, 15)), "this week is not over"
    assert (date(2026, 11, 16), date(2026, 11, 22)) not in weeks


def test_in_term_time_holidays_count_neither_for_nor_against():
    terms = [(date(2026, 9, 1), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18))]

    weeks = stretches(WEDNESDAY, "week", terms=terms)
    fortnights = stretches(WEDNESDAY, "fortnight", terms=terms)

    assert date(2026, 10, 26) not in {first for first, _ in weeks}, "half term"
    assert len(weeks) == 10 and weeks[0][0] == date(2026, 9, 7)
    assert len(fortnights) == 5
    assert fortnights[3] == (date(2026, 10, 19), date(2026, 11, 8)), "around half term"
    assert stretches(WEDNESDAY, "week", terms=[]) == []


def test_months_are_whole_and_end_before_this_one():
    months = stretches(date(2026, 3, 1), "month")
    assert months[-1] == (date(2026, 2, 1), date(2026, 2, 28))
    assert len(months) == 6 and months[0][0] == date(2025, 9, 1)


def test_a_week_counts_once_however_often_it_was_held():
    weeks = stretches(WEDNESDAY, "week")[-4:]
    monday = [first for first, _ in weeks]
    held = {monday[0], monday[0] + timedelta(days=2), monday[1]}

    found = held_in(weeks, held, perhaps={monday[1], monday[2]})

    assert (found.yes, found.perhaps, found.of) == (2, 1, 4)
    assert (found.least, found.most) == (50, 75)


@pytest.mark.parametrize(
    ("held", "at_least", "verdict"),
    [
        (Held(8, 0, 10), 80, MET),
        (Held(7, 0, 10), 80, NOT_MET),
        (Held(7, 1, 10), 80, UNKNOWN),  # it hangs on what nobody wrote down
        (Held(7, 1, 10), 90, NOT_MET),  # and here it does not
        (Held(2, 0, 2), 80, UNKNOWN),  # two weeks tell nothing
        (Held(0, 0, 0), 80, UNKNOWN),
    ],
)
def test_nothing_is_supposed_of_what_nobody_wrote_down(held, at_least, verdict):
    assert often_enough(held, at_least) == verdict


def test_a_share_of_fewer_than_ten_is_not_judged():
    assert share_enough(100.0, 9, 80) == UNKNOWN
    assert share_enough(80.0, 10, 80) == MET
    assert share_enough(79.9, 10, 80) == NOT_MET


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (2.0, 4.0, MET),  # the limit is its upper end
        (4.5, 7.0, NOT_MET),
        (3.0, 4.5, UNKNOWN),  # the limit lies between
        (4.0, 6.0, UNKNOWN),
        (None, None, UNKNOWN),  # too few for an interval
    ],
)
def test_a_median_is_judged_only_where_the_limit_lies_outside_what_it_may_truly_be(
    low, high, verdict
):
    assert median_short_enough(low, high, 4) == verdict
