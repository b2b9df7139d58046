"""Whether a figure moved, against slow and obvious versions and published examples."""

from math import comb, inf, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kith.analytics.change import wilson
from kith.analytics.moved import (
    Between,
    apart,
    exact,
    medians_moved,
    rates_moved,
    shares_moved,
)

counts = some.integers(0, 60)


def test_two_shares_as_newcombe_published_them():
    # Statistics in Medicine 17 (1998), table II, method 10.
    moved = shares_moved((48, 80), (56, 70))
    assert moved is not None
    assert [round(-end, 4) for end in (moved.change, moved.high, moved.low)] == [
        -0.2,
        -0.3339,
        -0.0524,
    ]
    few = shares_moved((0, 10), (10, 10))
    assert few is not None
    assert [round(end, 4) for end in (few.low, few.high)] == [0.6075, 1.0]


def test_shares_of_nothing_tell_nothing():
    assert shares_moved((0, 0), (3, 4)) is None
    assert shares_moved((3, 4), (0, 0)) is None


@settings(max_examples=60, deadline=None)
@given(some.integers(1, 40), some.integers(1, 40), some.data())
def test_a_share_that_moved_the_other_way_has_the_interval_turned_round(n, m, data):
    x, y = data.draw(some.integers(0, n)), data.draw(some.integers(0, m))

    there, back = shares_moved((x, n), (y, m)), shares_moved((y, m), (x, n))

    assert there is not None
    assert back is not None
    assert isclose(there.low, -back.high, abs_tol=1e-12)
    assert there.low <= there.change <= there.high
    assert there.up is back.down
    if x * m == y * n:
        assert not there.sure


def tails(yes: int, of: int, p: float) -> tuple[float, float]:
    """How likely so many or more are, and so many or fewer, added up one by one."""
    each = [comb(of, k) * p**k * (1 - p) ** (of - k) for k in range(of + 1)]
    return sum(each[yes:]), sum(each[: yes + 1])


@settings(max_examples=60, deadline=None)
@given(some.integers(1, 60), some.data())
def test_the_exact_interval_ends_where_the_tails_are_one_in_forty(of, data):
    yes = data.draw(some.integers(0, of))

    low, high = exact(yes, of)

    if yes:
        assert isclose(tails(yes, of, low)[0], 0.025, abs_tol=1e-7)
    else:
        assert low == 0
    if yes < of:
        assert isclose(tails(yes, of, high)[1], 0.025, abs_tol=1e-7)
    else:
        assert high == 1


def test_the_exact_interval_as_it_is_published():
    # Newcombe 1998 (one proportion), table I, method 5: 81 of 263, 15 of 148.
    assert [round(end, 4) for end in exact(81, 263)] == [0.2527, 0.3676]
    assert [round(end, 4) for end in exact(15, 148)] == [0.0578, 0.1617]


def test_counts_are_compared_by_the_day():
    same = rates_moved(100, 365, 50, 182)
    half = rates_moved(100, 365, 50, 365)
    assert same is not None
    assert half is not None
    assert not same.sure
    assert half.down
    assert isclose(half.change, 0.5)
    assert rates_moved(0, 30, 0, 30) is None
    from_nothing = rates_moved(0, 30, 9, 30)
    assert from_nothing is not None
    assert (from_nothing.change, from_nothing.high, from_nothing.up) == (inf, inf, True)
    with pytest.raises(ValueError, match="below nought"):
        rates_moved(-1, 30, 4, 30)
    with pytest.raises(ValueError, match="a day at least"):
        rates_moved(1, 0, 4, 30)


@settings(max_examples=60, deadline=None)
@given(counts, counts)
def test_a_count_is_told_as_moved_only_where_an_exact_test_says_so(first, later):
    moved = rates_moved(first, 90, later, 90)

    if first + later == 0:
        assert moved is None
        return
    assert moved is not None
    more, fewer = tails(later, first + later, 0.5)
    assert moved.up is (more < 0.025)
    assert moved.down is (fewer < 0.025)


def test_medians_are_told_as_moved_only_where_their_intervals_have_nothing_in_common():
    first = Between(10, 8, 12)

    assert not medians_moved(first, Between(7, 5, 8)).sure
    assert medians_moved(first, Between(6, 5, 7.9)).down
    assert medians_moved(first, Between(15, 12.1, 16)).up


def test_means_with_intervals_of_one_width_are_as_with_one_standard_error():
    # Half widths 3 and 4 make 5: that of a difference of two independent means.
    moved = apart(Between(10, 7, 13), Between(16, 12, 20))

    assert (moved.change, moved.low, moved.high, moved.up) == (6, 1, 11, True)
    assert wilson(1, 2) is not None
