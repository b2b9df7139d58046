"""How sure one can be of a change, a share or a median."""

from math import sqrt
from random import Random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kith.analytics.change import mean_change, median_between, student_t, wilson

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


@pytest.mark.parametrize(
    ("of", "lowest", "highest"), [(6, 1, 6), (10, 2, 9), (20, 6, 15), (30, 10, 21), (100, 40, 61)]
)
def test_the_interval_of_a_median_has_the_ranks_of_the_textbook(of, lowest, highest):
    # Altman and others (2000), table of ranks for the 95% interval of a median.
    assert median_between([*range(of, 0, -1)]) == (lowest, highest)


def test_of_fewer_than_six_values_no_interval_of_the_median_is_sure_enough():
    assert median_between([1, 2, 3, 4, 5]) is None
    assert median_between([]) is None


@given(st.integers(6, 3000), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_ranks_of_a_medians_interval_are_the_innermost_that_are_sure_enough(of, sure):
    found = median_between([*range(1, of + 1)], sure=sure)
    if found is None:
        assert 2 * 0.5**of > 1 - sure
        return
    lowest, highest = found
    assert lowest + highest == of + 1

    def sureness(rank):
        return 1 - 2 * stats.binom.cdf(rank - 1, of, 0.5)

    assert sureness(lowest) >= sure - 1e-9
    assert sureness(lowest + 1) < sure + 1e-9, "one further in would not do"


@given(st.lists(scores, min_size=6, max_size=60))
def test_the_interval_of_a_median_holds_the_median_of_what_was_counted(values):
    low, high = median_between(values)
    assert low <= median(values) <= high


@pytest.mark.parametrize("of", [10, 25, 120])
@pytest.mark.parametrize("spread", ["days", "even", "long waits"])
def test_the_interval_of_a_median_holds_the_true_one_in_at_least_95_of_100_draws(of, spread):
    random, draws = Random(f"{of} {spread}"), 3000
    draw, true = {
        "days": (lambda: random.randrange(9), 4),  # whole days: many are equal
        "even": (random.random, 0.5),
        "long waits": (lambda: random.lognormvariate(0, 1.5), 1.0),
    }[spread]

    held = sum(
        low <= true <= high
        for low, high in (median_between([draw() for _ in range(of)]) for _ in range(draws))
    )

    # Three standard errors below 95 in 100: chance alone goes lower once in a thousand.
    assert held / draws >= 0.95 - 3 * sqrt(0.95 * 0.05 / draws)
    if spread != "days":
        assert held / draws < 0.995, "and it is not so wide that it holds everything"
