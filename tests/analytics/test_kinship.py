"""What is odd in what two people are said to be to each other."""

from datetime import date

import pytest

from kith.analytics.kinship import One, Tie, odd

TODAY = date(2026, 11, 23)
CHILD = One("Ife", born=date(2017, 5, 4), is_child=True)
TEEN = One("Ada", born=date(2009, 5, 4), is_child=True)
MUM = One("Kate", born=date(1987, 5, 4))
NAN = One("Nan", born=date(1955, 1, 1))
BUMP = One("The unborn child", expected=date(2027, 1, 1), is_child=True)
NOBODY_KNOWS = One("Sam")


@pytest.mark.parametrize(
    ("kind", "one", "other", "words"),
    [
        ("parent", MUM, CHILD, []),
        ("parent", TEEN, BUMP, []),  # a mother of seventeen
        ("parent", NOBODY_KNOWS, CHILD, []),
        ("parent", One("Tom", is_child=True), CHILD, ["Tom stands as a child of this family."]),
        ("parent", TEEN, CHILD, ["Ada was 8 when Ife was born."]),
        ("parent", CHILD, One("Tom"), ["Ife is 9 years old."]),
        ("parent", CHILD, MUM, ["Ife is younger than Kate."]),
        ("parent", BUMP, CHILD, ["The unborn child is not born yet."]),
        ("grandparent", NAN, CHILD, []),
        ("grandparent", TEEN, CHILD, ["Ada was 8 when Ife was born."]),
        ("guardian", TEEN, CHILD, ["Ada is 17 years old."]),
        ("foster_carer", NAN, CHILD, []),
        ("step_parent", CHILD, MUM, ["Ife is 9 years old.", "Ife is younger than Kate."]),
        ("partner", MUM, CHILD, ["Ife is 9 years old."]),
        ("partner", MUM, NOBODY_KNOWS, []),
        ("sibling", CHILD, BUMP, []),
        ("sibling", NAN, CHILD, ["Nan and Ife are more than 30 years apart."]),
        ("other", CHILD, NAN, []),
    ],
)
def test_what_is_possible_and_odd_is_said_in_words(kind, one, other, words):
    assert [oddity.words for oddity in odd(kind, one, other, on=TODAY)] == words


def test_two_unlike_relationships_of_one_pair_are_odd_and_some_go_together():
    def besides(kind, known, *, turned=False):
        return [
            oddity.words
            for oddity in odd(kind, NAN, CHILD, on=TODAY, besides=[Tie(known, "So it is.", turned)])
        ]

    assert besides("foster_carer", "grandparent") == besides("other", "parent") == []
    assert besides("foster_carer", "foster_carer") == []  # of another time, or written down already
    assert besides("foster_carer", "sibling") == ["So it is."]
    assert besides("grandparent", "grandparent", turned=True) == ["So it is."]
    assert [one.words for one in odd("parent", MUM, CHILD, on=TODAY, parents=2)] == [
        "Ife has 2 parents already."
    ]
