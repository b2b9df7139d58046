"""Who lives where on a day, and what was known when: sums, tested for what must always be so."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kith.analytics.asat import DELETED, State, known_at
from kith.analytics.households import Belonging, Home, Stay, holds, households, overlap

BEGIN = date(2020, 1, 1)
days = st.integers(0, 40).map(lambda number: BEGIN + timedelta(days=number))
spells = st.tuples(st.none() | days, st.none() | days).filter(
    lambda spell: spell[0] is None or spell[1] is None or spell[0] < spell[1]
)
people, homes = st.integers(1, 4), st.integers(1, 3)
belongings = st.lists(
    st.builds(
        lambda person, lives, spell: Belonging(person, lives, *spell),
        people,
        st.booleans(),
        spells,
    ),
    max_size=8,
)
the_homes = st.lists(
    st.builds(lambda home, spell: Home(home, *spell), homes, spells),
    max_size=3,
    unique_by=lambda home: home.number,
)
stays = st.lists(
    st.builds(lambda person, home, spell: Stay(person, home, *spell), people, homes, spells),
    max_size=10,
)


@given(belongings, the_homes, stays, days)
def test_nobody_of_the_family_is_lost_and_nobody_stands_twice_at_one_home(who, where, lives, day):
    found = households(day, who, where, lives)

    placed = {stay.person for here in found.at.values() for stay in here}
    others = [*found.taken_to_live, *found.unsaid, *found.elsewhere]
    here_then = {one.person for one in who if holds(one.since, one.until, day)}
    assert here_then <= placed | set(others)
    assert not placed & set(others)
    assert len(others) == len(set(others))
    for here in found.at.values():
        assert len({stay.person for stay in here}) == len(here)
        assert all(holds(stay.since, stay.until, day) for stay in here)
    assert set(found.at) == {home.number for home in where if holds(home.since, home.until, day)}
    assert not found.taken_to_live or len(found.at) == 1


@given(spells, spells)
def test_two_spells_overlap_exactly_when_they_have_a_day_in_common(one, other):
    every_day = [BEGIN + timedelta(days=number) for number in range(-1, 42)]

    together = any(holds(*one, day) and holds(*other, day) for day in every_day)

    assert overlap(one, other) == together


MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
states = st.lists(
    st.builds(
        lambda row, hour, label, value: (row, MIDNIGHT + timedelta(hours=hour), label, value),
        st.integers(1, 3),
        st.integers(0, 10),
        st.sampled_from(["insert", "update", DELETED]),
        st.integers(),
    ),
    max_size=12,
).map(
    lambda given: [
        State(row, at, order, label, {"value": value})
        for order, (row, at, label, value) in enumerate(given)
    ]
)


@given(states, st.integers(0, 10), st.lists(st.integers(1, 100), max_size=3))
def test_what_was_known_never_changes_when_more_is_learned_later(history, hour, later):
    moment = MIDNIGHT + timedelta(hours=hour)
    known = known_at(history, moment)
    learned = [
        State(1, moment + timedelta(minutes=minutes), 1000 + order, "update", {"value": -1})
        for order, minutes in enumerate(later)
    ]

    assert known_at([*history, *learned], moment) == known
    assert known_at([state for state in history if state.at <= moment], moment) == known


@given(states)
def test_in_the_end_the_last_state_of_each_row_stands(history):
    in_order = sorted(history, key=lambda state: (state.at, state.order))
    table: dict[int, dict[str, int]] = {}
    for state in in_order:
        if state.label == DELETED:
            table.pop(state.row, None)
        else:
            table[state.row] = state.values

    assert known_at(history, MIDNIGHT + timedelta(days=1)) == table
