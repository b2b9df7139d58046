"""How sure one can be of a change, or of a share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kith.analytics.change import mean_change, student_t, wilson

scores = st.floats(0, 10, allow_nan=False)


def test_the_change_of_ten_patients_has_the_interval_of_the_textbook():
    # Student's own data (1908): hours of sleep that two drugs added, ten patients.
    one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    two = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

    found = mean_change(zip(one, two, strict=True))

    assert found.pairs == 10
    assert (round(found.mean, 2), round(found.low, 2), round(found.high, 2)) == (1.58, 0.70, 2.46)


def test_a_share_has_the_interval_that_newcombe_prints():
    # Newcombe (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for yes, of, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = wilson(yes, of)
        assert (round(found[0], 4), round(found[1], 4)) == (low, high)


def test_of_nothing_nothing_is_said_and_of_one_no_interval():
    assert wilson(0, 0) is None
    assert mean_change([]).mean is None
    alone = mean_change([(2, 5)])
    assert (alone.mean, alone.low, alone.high) == (3, None, None)
    with pytest.raises(ValueError, match="no part"):
        wilson(3, 2)
    with pytest.raises(ValueError, match="no t for"):
        student_t(1, 3)


@given(st.integers(1, 400), st.floats(0.001, 0.999))
def test_t_is_what_scipy_says(freedom, probability):
    assert student_t(probability, freedom) == pytest.approx(
        stats.t.ppf(probability, freedom), rel=1e-6, abs=1e-6
    )


@given(st.lists(st.tuples(scores, scores), min_size=2, max_size=40))
def test_the_interval_of_a_change_is_what_scipy_says(pairs):
    found = mean_change(pairs)
    changes = [later - first for first, later in pairs]
    spread = stats.sem(changes)

    assert found.low <= found.mean <= found.high
    if spread > 1e-9:
        low, high = stats.t.interval(0.95, len(pairs) - 1, loc=found.mean, scale=spread)
        assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_of_a_share_is_what_scipy_says_and_holds_it(counted):
    yes, of = counted
    low, high = wilson(yes, of)
    theirs = stats.binomtest(yes, of).proportion_ci(method="wilson")

    assert (low, high) == (
        pytest.approx(theirs.low, abs=1e-9),
        pytest.approx(theirs.high, abs=1e-9),
    )
    assert 0 <= low <= yes / of <= high <= 1
