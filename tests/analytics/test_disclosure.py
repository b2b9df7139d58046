"""The attack: somebody with a computer and the published tables tries to work out hidden counts.

The attacker solves, for every hidden count, two linear programmes over all tables that agree with
what is shown (scipy's HiGHS): how small, and how large, can it be? The product finds its cycles
without any of this, so the two share nothing.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from kith.analytics.disclosure import SMALLEST, hidden_keys


def published(splits, tables):
    """Return every count that would be shown, sums included, and which sums hold between them."""
    counts, sums = {}, []
    for (first, second), table in tables.items():
        for a in splits[first]:
            for b in splits[second]:
                counts[first, a, second, b] = table.get((a, b), 0)
        for a in splits[first]:
            parts = [(first, a, second, b) for b in splits[second]]
            counts[first, a] = sum(counts[part] for part in parts)
            sums.append(((first, a), parts))
        for b in splits[second]:
            parts = [(first, a, second, b) for a in splits[first]]
            counts[second, b] = sum(counts[part] for part in parts)
            sums.append(((second, b), parts))
        for way in (first, second):
            sums.append(((), [(way, value) for value in splits[way]]))
        counts[()] = sum(table.values())
    return counts, sums


def attack(splits, tables, hidden, key):
    """Return the smallest and largest value of a hidden count, as far as anyone can know."""
    counts, sums = published(splits, tables)
    place = {k: n for n, k in enumerate(counts)}
    lines = np.zeros((len(sums), len(counts)))
    for number, (whole, parts) in enumerate(sums):
        lines[number, place[whole]] = -1
        for part in parts:
            lines[number, place[part]] = 1
    bounds = [(0, None) if k in hidden else (n, n) for k, n in counts.items()]
    ends = []
    for sign in (1, -1):
        goal = np.zeros(len(counts))
        goal[place[key]] = sign
        found = linprog(goal, A_eq=lines, b_eq=np.zeros(len(sums)), bounds=bounds)
        ends.append(np.inf if found.status == 3 else sign * found.fun)
    return ends


def assert_nothing_small_can_be_worked_out(splits, tables):
    counts, _ = published(splits, tables)
    hidden = hidden_keys(splits, tables)
    everything = all(key in hidden for key, n in counts.items() if n)
    for key, count in counts.items():
        if 0 < count < SMALLEST:
            assert key in hidden
            low, high = attack(splits, tables, hidden, key)
            assert low - 1e-6 <= count <= high + 1e-6
            assert everything or high - count >= SMALLEST - 1e-6, key


HUBS, MONTHS, SOURCES = ["banbury", "didcot", "witney"], ["may", "june", "july"], ["school", "gp"]
counts_of_a_place = st.one_of(st.integers(0, 6), st.integers(0, 60))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 6), st.integers(1, 7), st.data())
def test_no_small_count_of_a_table_can_be_worked_out_from_what_is_shown(rows, columns, data):
    splits = {"hub": list("abcdef")[:rows], "month": list("1234567")[:columns]}
    table = {
        (hub, month): data.draw(counts_of_a_place)
        for hub in splits["hub"]
        for month in splits["month"]
    }

    assert_nothing_small_can_be_worked_out(splits, {("hub", "month"): table})


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(HUBS), st.sampled_from(MONTHS), st.sampled_from(SOURCES)),
        max_size=150,
    )
)
def test_nor_from_several_tables_of_the_same_requests_laid_side_by_side(requests):
    splits = {"hub": HUBS, "month": MONTHS, "source": SOURCES}
    tables = {}
    for first, second in (("hub", "month"), ("hub", "source"), ("source", "month")):
        place = {"hub": 0, "month": 1, "source": 2}
        table = tables[first, second] = {}
        for request in requests:
            key = (request[place[first]], request[place[second]])
            table[key] = table.get(key, 0) + 1

    assert_nothing_small_can_be_worked_out(splits, tables)


def test_primary_suppression_alone_would_fall_to_this_attack():
    """The attack can win: one hidden count in a row is the total less the rest."""
    splits = {"hub": ["witney", "didcot"], "month": ["may", "june"]}
    table = {
        ("witney", "may"): 3,
        ("witney", "june"): 20,
        ("didcot", "may"): 18,
        ("didcot", "june"): 25,
    }
    tables = {("hub", "month"): table}
    key = ("hub", "witney", "month", "may")

    assert attack(splits, tables, {key}, key) == pytest.approx([3, 3])
    low, high = attack(splits, tables, hidden_keys(splits, tables), key)
    assert high - low >= SMALLEST


def test_nothing_is_hidden_where_nothing_is_small():
    table = {(hub, month): 10 for hub in HUBS for month in MONTHS}

    assert hidden_keys({"hub": HUBS, "month": MONTHS}, {("hub", "month"): table}) == set()


def test_noughts_are_shown_and_little_more_than_needed_is_hidden():
    table = {("banbury", "may"): 30, ("didcot", "may"): 3, ("witney", "may"): 9}
    splits = {"hub": ["abingdon", *HUBS], "month": ["may"]}

    hidden = hidden_keys(splits, {("hub", "month"): table})

    assert ("hub", "didcot") in hidden
    assert ("hub", "abingdon") not in hidden
    assert ("hub", "banbury") not in hidden
    assert () not in hidden


def test_tables_that_do_not_count_the_same_things_are_refused():
    splits = {"hub": HUBS, "month": MONTHS, "source": SOURCES}

    with pytest.raises(ValueError, match="disagree about hub banbury"):
        hidden_keys(
            splits,
            {
                ("hub", "month"): {("banbury", "may"): 9},
                ("hub", "source"): {("banbury", "gp"): 8},
            },
        )
