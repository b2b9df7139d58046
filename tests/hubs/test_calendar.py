from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.hubs.calendar import (
    LONDON,
    add_working_days,
    promise_days,
    promised,
    working_days_ago,
    working_days_between,
)
from kith.hubs.models import ClosedDay, Promise

CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
EASTER = frozenset({date(2026, 4, 3), date(2026, 4, 6)})
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (london(2026, 11, 16, 9, 30), 2, london(2026, 11, 18, 17)),  # Monday to Wednesday
        (london(2026, 11, 16, 23, 59), 2, london(2026, 11, 18, 17)),  # late counts as that day
        (london(2026, 11, 19, 9), 2, london(2026, 11, 23, 17)),  # over a weekend
        (london(2026, 11, 21, 9), 2, london(2026, 11, 24, 17)),  # sent on a Saturday
        (london(2026, 11, 21, 9), 0, london(2026, 11, 23, 17)),
        (london(2026, 11, 20, 9), 0, london(2026, 11, 20, 17)),
        (london(2026, 12, 24, 9), 2, london(2026, 12, 30, 17)),  # Christmas, Boxing Day on Monday
        (london(2026, 12, 31, 9), 1, london(2027, 1, 4, 17)),
        (london(2026, 4, 2, 9), 1, london(2026, 4, 7, 17)),  # Easter
        (london(2026, 3, 27, 9), 2, london(2026, 3, 31, 17)),  # clocks go forward on the 29th
        (london(2026, 10, 23, 9), 2, london(2026, 10, 27, 17)),  # and back on the 25th
    ],
)
def test_a_promise_ends_at_five_on_a_working_day(start, days, due):
    assert add_working_days(start, days, closed=CHRISTMAS | EASTER) == due


def test_a_promise_is_counted_from_the_day_in_london_whatever_the_time_zone():
    late_in_summer = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)  # Tuesday 00:30 in London

    due = add_working_days(late_in_summer, 1, closed=frozenset())

    assert due == london(2026, 7, 8, 17)
    assert due.astimezone(UTC).hour == 16


def test_a_moment_without_a_time_zone_and_a_negative_number_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        add_working_days(datetime(2026, 7, 6), 1, closed=frozenset())
    with pytest.raises(ValueError, match="between 0 and"):
        add_working_days(london(2026, 7, 6), -1, closed=frozenset())


def slowly_between(a: date, b: date, closed: frozenset[date]) -> int:
    if b < a:
        return -slowly_between(b, a, closed)
    days = [a + timedelta(days=n) for n in range(1, (b - a).days + 1)]
    return sum(day.weekday() < 5 and day not in closed for day in days)


@given(DAYS, DAYS, st.frozensets(DAYS, max_size=40))
def test_counting_working_days_agrees_with_counting_them_one_by_one(a, b, closed):
    assert working_days_between(a, b, closed=closed) == slowly_between(a, b, closed)


@given(DAYS, st.integers(1, 60), st.frozensets(DAYS, max_size=40), st.integers(0, 23))
def test_adding_days_and_counting_them_agree(day, days, closed, hour):
    start = datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)

    due = add_working_days(start, days, closed=closed)

    assert working_days_between(day, due.date(), closed=closed) == days
    assert due.weekday() < 5
    assert due.date() not in closed
    assert (due.hour, due.minute) == (17, 0)


@pytest.mark.django_db
def test_the_county_sets_its_own_promises_and_closed_days():
    monday = london(2026, 11, 16, 9)
    assert promised("decision", monday) == london(2026, 11, 18, 17)

    Promise.objects.update_or_create(key="decision", defaults={"days": 3})
    ClosedDay.objects.create(day=date(2026, 11, 17), name="County day")

    assert promise_days("decision") == 3
    assert promised("decision", monday) == london(2026, 11, 20, 17)
    assert working_days_between(date(2026, 11, 16), date(2026, 11, 18)) == 1


@pytest.mark.django_db
def test_a_draft_is_kept_for_days_of_every_kind_to_the_end_of_the_last():
    kept_until = promised("draft_kept", london(2026, 10, 1, 9))

    assert kept_until == london(2026, 10, 29, 23, 59, 59)
    with pytest.raises(KeyError):
        promised("nothing", london(2026, 10, 1, 9))


@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(0, 60), st.integers(0, 120))
def test_what_is_older_than_so_many_working_days_lies_before_that_moment(today, days, earlier):
    now = datetime.combine(today, time(14), LONDON)
    day = today - timedelta(days=earlier)

    before = working_days_ago(now, days, closed=CHRISTMAS | EASTER)

    old = working_days_between(day, today, closed=CHRISTMAS | EASTER) > days
    assert (datetime.combine(day, time(9), LONDON) < before) == old
