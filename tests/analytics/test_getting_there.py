"""Whether somebody can be where they promised to be."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kith.analytics.getting_there import Engagement, clashes, minutes_needed

NINE = datetime(2026, 9, 7, 9)


def at(key, minute, lasts=60, *, who=1, place=(450_000, 220_000)):
    starts = NINE + timedelta(minutes=minute)
    easting, northing = place or (None, None)
    return Engagement(key, who, key, starts, starts + timedelta(minutes=lasts), easting, northing)


def test_two_things_at_once_clash_and_one_after_the_other_in_one_place_does_not():
    here, also, after = at("here", 0), at("also", 30), at("after", 60)

    [clash] = clashes([here, also])

    assert (clash.first, clash.second, clash.at_once) == (here, also, True)
    assert clash.minutes_between == -30
    assert clashes([here, after]) == []
    assert clashes([here, at("also", 30, who=2)]) == []


def test_the_way_between_two_places_takes_its_time():
    here = at("here", 0)
    far = (450_000 + 20_000, 220_000)  # 20 km: half an hour, and ten minutes to park

    [clash] = clashes([here, at("far", 60 + 39, place=far)])

    assert minutes_needed(20) == 40
    assert (clash.minutes_between, clash.minutes_needed, clash.km) == (39, 40, 20)
    assert clashes([here, at("far", 60 + 40, place=far)]) == []


def test_how_far_it_is_to_somewhere_unknown_is_not_guessed():
    here, somewhere = at("here", 0), at("somewhere", 60, place=None)

    assert clashes([here, somewhere]) == []
    [clash] = clashes([here, at("somewhere", 59, place=None)])
    assert clash.km is None


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.integers(1, 200), st.integers(1, 3), st.integers(0, 3)),
        max_size=8,
    )
)
def test_every_pair_is_judged_alike_in_whatever_order_it_is_told(rows):
    told = [
        at(f"{number}", minute, lasts, who=who, place=(450_000 + 9_000 * place, 220_000))
        for number, (minute, lasts, who, place) in enumerate(rows)
    ]

    found = {frozenset((one.first.key, one.second.key)) for one in clashes(told)}

    slow = set()
    for one in told:
        for other in told:
            if one.key < other.key and one.who == other.who:
                gap = max(one.starts, other.starts) - min(
                    (one.ends if one.starts <= other.starts else other.ends),
                    (other.ends if other.starts < one.starts else one.ends),
                )
                assert one.easting is not None and other.easting is not None
                needed = minutes_needed(abs(one.easting - other.easting) / 1000)
                if gap < timedelta(minutes=needed):
                    slow.add(frozenset((one.key, other.key)))
    assert found == slow
    assert found == {frozenset((one.first.key, one.second.key)) for one in clashes(reversed(told))}
