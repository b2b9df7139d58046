"""Key Stage 2 results: cells as published, schools as one, and what can be said of a difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.analytics.attainment import (
    BY_KEY,
    NOUGHT,
    Published,
    Result,
    between,
    difference,
    number,
    read_cell,
    result_of,
    said,
    share_between,
    together,
    written,
    year_name,
)

RWM = BY_KEY["rwm-expected"]


def share(percent: float, of: int) -> Result:
    return Result(percent, of, *share_between(percent, of))


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("78%", 78.0, "78%"),
        ("-2.6", -2.6, "-2.6"),
        ("12,400", 12_400.0, "12,400"),
        (" ", None, "Nothing is published"),
        ("SUPP", None, "Withheld by the Department for Education: too few pupils"),
        ("c", None, "Withheld by the Department for Education, to keep it confidential"),
        ("LOWCOV", None, "Not published: it would speak of fewer than half of the pupils"),
        ("QQ", None, "The publisher’s code “QQ”"),
    ],
)
def test_a_cell_is_a_number_nothing_or_a_code_in_words(text, value, words):
    cell = read_cell(text)

    assert (cell.value, cell.words) == (value, words)
    assert cell.is_known == (text != "QQ")


@given(st.text(max_size=12))
def test_whatever_stands_in_a_cell_it_can_be_said(text):
    assert read_cell(text).words


def test_a_share_lies_within_its_interval_which_is_wider_for_fewer_pupils_and_for_rounding():
    small, large = share_between(78.0, 27), share_between(78.0, 2_700)

    assert small[0] < large[0] < 78 < large[1] < small[1]
    assert share_between(78.4, 2_700)[1] - 78.4 < large[1] - 78
    assert small == pytest.approx((58.7, 90.0), abs=0.2)


def test_schools_count_by_their_pupils_and_those_without_a_figure_are_told():
    withheld = result_of(RWM, Published("SUPP"), read_cell("4"))

    found = together(RWM, [share(50, 10), share(80, 30), withheld])

    assert found.result.value == pytest.approx((50 * 10 + 80 * 30) / 40)
    assert (found.result.of, found.schools, found.without, found.pupils_without) == (40, 2, 1, 4)
    assert withheld.words.startswith("Withheld")


def test_nothing_published_adds_up_to_nothing_and_progress_has_no_mean():
    progress = BY_KEY["reading-progress"]

    assert together(RWM, []).result.value is None
    assert together(progress, [Result(1.0, 20), Result(2.0, 20)]).result.value is None


@pytest.mark.parametrize(
    ("here", "there", "verdict"),
    [
        (share(70, 12_400), share(65, 644_967), "higher"),
        (share(60, 12_400), share(65, 644_967), "lower"),
        (share(78, 27), share(65, 644_967), "cannot tell"),
        (share(66, 12_400), share(65, 12_400), "cannot tell"),
        (Result(105, 27), Result(104, 600_000), ""),
        (Result(1.7, None, -0.6, 4.1), NOUGHT, "cannot tell"),
        (Result(2.7, None, 0.6, 4.1), NOUGHT, "higher"),
    ],
)
def test_a_difference_is_only_called_one_where_it_is_more_than_chance(here, there, verdict):
    assert difference(here, there).verdict == verdict


@given(st.integers(0, 100), st.integers(1, 5_000), st.integers(0, 100), st.integers(1, 5_000))
def test_a_difference_turned_round_says_the_opposite(one, of_one, other, of_other):
    there = difference(share(one, of_one), share(other, of_other))
    back = difference(share(other, of_other), share(one, of_one))

    opposite = {"higher": "lower", "lower": "higher"}
    assert back.verdict == opposite.get(there.verdict, there.verdict)
    assert there.low <= there.points <= there.high


def test_values_and_differences_are_written_as_people_read_them():
    assert written(share(78, 27), "share") == "78%"
    assert written(Result(None, words="Not published"), "share") == "Not published"
    assert number(-0.0, "progress") == "0.0"
    assert number(1.7, "progress") == "+1.7"
    assert between(share(70, 12_400), "share") == "69% to 71%"
    assert said(difference(share(70, 12_400), share(65, 644_967))) == "5 points higher"
    assert said(difference(share(66, 100), share(65, 100))) == "cannot tell (1 point higher)"
    assert said(difference(Result(None), share(65, 100))) == ""
    assert year_name(2019) == "2018-19"
    assert year_name(2000) == "1999-00"
