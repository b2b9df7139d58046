import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.directory import ages


@pytest.mark.parametrize(
    ("typed", "months"),
    [("7", (84, 95)), ("18 months", (18, 18)), ("0", (0, 11)), ("2 yrs", (24, 35)), (" 6m ", (6, 6)), ("newborn", (0, 0))],
)  # fmt: skip
def test_an_age_is_read_as_people_write_it(typed, months):
    assert ages.read(typed) == months


@pytest.mark.parametrize("typed", ["seven", "-1", "1.5", "200", "7 weeks", "", "9" * 50])
def test_what_is_no_age_is_refused_with_what_to_write(typed):
    with pytest.raises(ages.NotAnAge, match="Enter an age"):
        ages.read(typed)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, ""), (0, 59, "up to 4 years"), (0, 11, "up to 11 months"), (96, 131, "8 to 10 years"),
        (18, None, "from 18 months"), (60, 60, "5 years to 5 years"), (84, 95, "7 years"), (18, 35, "18 months to 2 years"),
        (None, 215, "up to 17 years"), (4, 143, "4 months to 11 years"),
    ],
)  # fmt: skip
def test_ages_are_told_in_whole_years_where_they_are(first, last, words):
    assert ages.in_words(first, last) == words


@given(st.integers(0, 240), st.integers(0, 240))
def test_any_ages_have_words(first, last):
    assert ages.in_words(min(first, last), max(first, last))
