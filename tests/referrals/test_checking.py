from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.referrals.requests import NewChild, NewRequest, check
from tests.factories.referrals import ADA, AT, GRACE, a_request

TODAY = AT.date()
NEEDS = {"behaviour", "housing"}


def problems(**changes) -> dict[str, str]:
    found = check(a_request(**changes), today=TODAY, known_needs=NEEDS)
    return {problem.field: problem.message for problem in found}


def test_nothing_is_wrong_with_a_good_request():
    assert problems() == {}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"worry": "   "}, "worry", "Write what you are worried about"),
        ({"children": ()}, "children", "Add at least one child"),
        (
            {"children": (replace(ADA, date_of_birth=None),)},
            "children.0.date_of_birth",
            "Enter the date of birth",
        ),
        (
            {"children": (replace(ADA, date_of_birth=TODAY + timedelta(1)),)},
            "children.0.date_of_birth",
            "in the past",
        ),
        (
            {"children": (replace(ADA, date_of_birth=date(1890, 1, 1)),)},
            "children.0.date_of_birth",
            "Check the year",
        ),
        ({"children": (replace(ADA, expected_on=TODAY),)}, "children.0.date_of_birth", "not both"),
        ({"adults": (replace(GRACE, phone="ring me"),)}, "adults.0.phone", "01632"),
        ({"postcode": "OX16"}, "postcode", ""),
        ({"postcode": ""}, "postcode", "no fixed address"),
        ({"needs": ()}, "needs", "at least one"),
        ({"needs": ("magic",)}, "needs", "magic"),
        ({"main_need": "housing"}, "main_need", "from those you have named"),
        ({"agreed_by": ""}, "agreed_by", "who agreed"),
        ({"agreed_on": TODAY + timedelta(1)}, "agreed_on", "in the past"),
        ({"basis": "no_consent"}, "lawful_reason", "lawful reason"),
        ({"sender_email": "", "sender_phone": ""}, "sender_email", "e-mail address or a telephone"),
        ({"sender_email": "sam at school"}, "sender_email", "like name@example.com"),
        ({"worry": "x" * 10_001}, "worry", "10,000 characters or fewer"),
        ({"sender_name": "Sam\x00"}, "sender_name", "hidden characters"),
        ({"worry": "fine \u202e enif"}, "worry", "hidden characters"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_with_what_to_do(changes, field, words):
    assert words in problems(**changes)[field]


def test_a_family_asking_for_itself_must_agree():
    changes = {"sender_kind": "parent", "basis": "no_consent", "lawful_reason": "none"}

    assert "agreement" in problems(**changes)["basis"]


def test_an_unborn_child_has_no_first_name_yet():
    unborn = NewChild("", "Okafor", expected_on=TODAY + timedelta(days=100))

    assert problems(children=(unborn,)) == {}
    assert (
        "nine months"
        in problems(children=(replace(unborn, expected_on=TODAY + timedelta(days=400)),))[
            "children.0.expected_on"
        ]
    )


@given(
    worry=st.text(),
    name=st.text(max_size=300),
    postcode=st.text(max_size=20),
    kind=st.text(max_size=20),
    needs=st.lists(st.text(max_size=20), max_size=3).map(tuple),
)
def test_whatever_is_typed_is_answered_in_words(worry, name, postcode, kind, needs):
    request: NewRequest = a_request(
        worry=worry, sender_name=name, postcode=postcode, sender_kind=kind, needs=needs
    )

    for problem in check(request, today=TODAY, known_needs=NEEDS):
        assert problem.message
        assert hasattr(request, problem.field.split(".")[0])
