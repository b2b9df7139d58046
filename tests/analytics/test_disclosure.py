"""The attack: somebody with a computer and the published table tries to work out hidden counts.

The attacker solves, for every hidden count, two linear programmes over all tables that agree with
what is shown (scipy's HiGHS): how small, and how large, can it be? The product's own code decides
by maximum flow, so the two share nothing.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from kith.analytics.disclosure import (
    SMALLEST,
    hidden_keys,
    list_arcs,
    room_above,
    room_below,
    table_arcs,
)


def attack(tables, hidden, key):
    """Return the smallest and largest value of a hidden count, as far as anyone can know."""
    keys = sorted({arc.key for table in tables for arc in table}, key=str)
    place = {k: n for n, k in enumerate(keys)}
    sums = []
    for table in tables:
        for node in {arc.tail for arc in table} | {arc.head for arc in table}:
            line = np.zeros(len(keys))
            for arc in table:
                line[place[arc.key]] += (arc.head == node) - (arc.tail == node)
            sums.append(line)
    shown = {arc.key: arc.count for table in tables for arc in table if arc.key not in hidden}
    bounds = [(shown[k], shown[k]) if k in shown else (0, None) for k in keys]
    ends = []
    for sign in (1, -1):
        goal = np.zeros(len(keys))
        goal[place[key]] = sign
        found = linprog(goal, A_eq=np.array(sums), b_eq=np.zeros(len(sums)), bounds=bounds)
        ends.append(np.inf if found.status == 3 else sign * found.fun)
    return ends


def small_counts(tables):
    return {arc.key: arc.count for table in tables for arc in table if 0 < arc.count < SMALLEST}


@st.composite
def tables_of_counts(draw):
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(2, 7))
    count = st.one_of(st.integers(0, 6), st.integers(0, 60))
    return {(f"hub {r}", f"month {c}"): draw(count) for r in range(rows) for c in range(columns)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables_of_counts())
def test_no_small_count_of_a_table_can_be_worked_out_from_what_is_shown(counts):
    rows, columns = sorted({r for r, _ in counts}), sorted({c for _, c in counts})
    table = table_arcs(counts, rows, columns)
    hidden = hidden_keys([table])

    for key, count in small_counts([table]).items():
        assert key in hidden
        low, high = attack([table], hidden, key)
        assert low <= count <= high
        assert high - low >= SMALLEST - 1e-6 or _nothing_else_to_hide(table, hidden)


def _nothing_else_to_hide(table, hidden):
    """A table with hardly anything in it: everything that is not nought is hidden."""
    return all(arc.key in hidden for arc in table if arc.count)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=9))
def test_no_small_count_of_a_list_can_be_worked_out_from_the_total(numbers):
    table = list_arcs({f"hub {n}": number for n, number in enumerate(numbers)})
    hidden = hidden_keys([table])

    for key, count in small_counts([table]).items():
        low, high = attack([table], hidden, key)
        assert key in hidden
        assert low <= count <= high
        assert high - low >= SMALLEST - 1e-6 or _nothing_else_to_hide(table, hidden)


@settings(max_examples=30, deadline=None)
@given(tables_of_counts())
def test_the_room_found_by_flow_is_the_room_an_attacker_finds(counts):
    rows, columns = sorted({r for r, _ in counts}), sorted({c for _, c in counts})
    table = table_arcs(counts, rows, columns)
    hidden = hidden_keys([table])

    for arc in table[:12]:
        if arc.key in hidden:
            low, high = attack([table], hidden, arc.key)
            assert room_above(table, hidden, arc.key) == pytest.approx(high - arc.count, abs=1e-6)
            assert room_below(table, hidden, arc.key) == pytest.approx(arc.count - low, abs=1e-6)


def test_primary_suppression_alone_would_fall_to_this_attack():
    """The attack can win: one hidden count in a row is the total less the rest."""
    counts = {
        ("Witney", "May"): 3,
        ("Witney", "June"): 20,
        ("Didcot", "May"): 18,
        ("Didcot", "June"): 25,
    }
    table = table_arcs(counts, ["Witney", "Didcot"], ["May", "June"])
    only_small = set(small_counts([table]))

    assert attack([table], only_small, ("row", "Witney", "column", "May")) == pytest.approx([3, 3])
    low, high = attack([table], hidden_keys([table]), ("row", "Witney", "column", "May"))
    assert high - low >= SMALLEST


def test_nothing_is_hidden_where_nothing_is_small():
    counts = {(hub, month): 10 for hub in "abc" for month in "xyz"}

    assert hidden_keys([table_arcs(counts, "abc", "xyz")]) == set()


def test_noughts_are_shown():
    table = list_arcs({"Banbury": 0, "Bicester": 30, "Didcot": 3, "Witney": 9})

    hidden = hidden_keys([table])

    assert ("row", "Banbury") not in hidden
    assert ("row", "Didcot") in hidden


def test_a_total_that_two_tables_share_is_hidden_in_both_or_neither():
    hubs = ["Witney", "Didcot"]
    by_month = table_arcs(
        {("Witney", "May"): 2, ("Witney", "June"): 1, ("Didcot", "May"): 40},
        hubs,
        ["May", "June"],
        row_name="hub",
        column_name="month",
    )
    by_source = table_arcs(
        {("Witney", "school"): 3, ("Didcot", "GP"): 40},
        hubs,
        ["school", "GP"],
        row_name="hub",
        column_name="source",
    )

    hidden = hidden_keys([by_month, by_source])

    assert ("hub", "Witney") in hidden
    for key, count in small_counts([by_month, by_source]).items():
        low, high = attack([by_month, by_source], hidden, key)
        assert low <= count <= high
        assert high - low >= SMALLEST
