import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.places.postcodes import NotAPostcode, sector, slips, tidy


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("OX4 1AA", "OX4 1AA"),
        ("  ox41aa ", "OX4 1AA"),
        ("OX4-1AA", "OX4 1AA"),
        ("OX 4 1 A A", "OX4 1AA"),
        ("\u200fOX4\u00a01AA\u200e", "OX4 1AA"),
        ("ＯＸ４ １ＡＡ", "OX4 1AA"),
        ("sw1a1aa", "SW1A 1AA"),
        ("m11ae", "M1 1AE"),
    ],
)
def test_a_postcode_is_tidied_however_it_is_typed(typed, meant):
    assert tidy(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0X4 1AA", "OX4 1AA"),
        ("OX1O 5AA", "OX10 5AA"),
        ("OX4 lAA", "OX4 1AA"),
        ("OXI IAA", "OX1 1AA"),
        ("so1 oaa", "SO1 0AA"),
    ],
)
def test_a_letter_typed_for_a_number_is_put_right_where_one_reading_is_possible(typed, meant):
    assert tidy(typed) == meant


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter a postcode, such as OX4 1AA"),
        ("\0", "Enter a postcode"),
        ("OX4", "OX4 is only the first half of a postcode. Add the second half, such as 1AA"),
        ("OX14", "OX14 is only the first half"),
        ("OX4 1", "OX4 1 is not the whole postcode: its last two letters are missing"),
        ("OX4 1AC", "the last two letters of a postcode are never C"),
        ("XX4 1AA", "is not a postcode"),
        ("CC4 1AA", "none begin with CC"),
        ("OX4 1AA please", "too long"),
        ("<script>alert(1)</script>", "too long"),
        ("Banbury", "is not a postcode. Enter a whole one"),
    ],
)
def test_what_is_no_postcode_is_refused_with_words_that_say_what_to_do(typed, words):
    with pytest.raises(NotAPostcode, match=words):
        tidy(typed)


def test_a_refusal_never_shows_back_more_than_a_few_characters():
    with pytest.raises(NotAPostcode) as refusal:
        tidy("Q" * 10_000_000)

    assert len(str(refusal.value)) < 120


@given(st.text(max_size=40))
def test_any_text_is_either_tidied_or_refused(text):
    try:
        postcode = tidy(text)
    except NotAPostcode as refusal:
        assert str(refusal)
        assert "\0" not in str(refusal)
    else:
        assert tidy(postcode) == postcode
        assert slips(postcode) == [postcode]
        assert postcode.startswith(sector(postcode))
