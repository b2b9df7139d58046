"""Pages answered in any order, twice, backwards, or out of turn: the same request, or a clear word."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.referrals.drafts import Answers, Page, danger_in
from kith.referrals.requests import check
from tests.referrals.asking import EVERYONE

# What the pages keep, as their forms clean it.
KEPT = {
    Page("who"): {"sender_kind": "professional"},
    Page("you"): {"sender_name": "Sam Field", "sender_email": "sam@school.example"},
    Page("organisation"): {"sender_organisation_name": "Orchard School"},
    Page("child", 0): {
        "given_names": "Ada",
        "family_name": "Okafor",
        "date_of_birth": "2014-03-02",
        "sex": "F",
    },
    Page("school", 0): {"school_name": "", "school_id": None, "year_group": "Year 7"},
    Page("more", 0): {"disabilities": [], "young_carer": True, "ethnicity": ""},
    Page("children"): {},
    Page("adults"): {},
    Page("home"): {"postcode": "OX4 1AA", "address": "", "no_fixed_address": False},
    Page("worry"): EVERYONE["worry"],
    Page("going_well"): EVERYONE["going_well"],
    Page("tried"): EVERYONE["tried"],
    Page("different"): EVERYONE["different"],
    Page("needs"): EVERYONE["needs"],
    Page("main_need"): EVERYONE["main_need"],
    Page("groups"): EVERYONE["groups"],
    Page("agreement"): {"basis": "consent"},
    Page("consent"): {
        "agreed_by": "Grace Okafor",
        "agreed_how": "spoken",
        "agreed_on": "2026-11-15",
        "agencies_told": ["school"],
        "basis": "consent",
        "outcome_may_be_told": True,
    },
    Page("language"): {"interpreter": ""},
    Page("contact"): {"contact_by": ["phone"], "post_is_safe": False, "contact_advice": ""},
    Page("files"): {},
}
OTHERWISE = {
    Page("who"): {"sender_kind": "parent"},
    Page("worry"): {"worry": ""},
    Page("needs"): {"needs": []},
    Page("agreement"): {"basis": "no_consent"},
    Page("home"): {"postcode": "", "no_fixed_address": True},
}
IN_TURN = list(KEPT)


def answered(pages, kept=KEPT, start=None) -> Answers:
    answers = start or Answers({})
    for page in pages:
        if answers.exists(page):
            answers = answers.with_page(page, kept[page])
    return answers


def problems(answers, at):
    needs = {"attendance", "parenting"}
    return check(answers.request(), today=at.date(), known_needs=needs)


FINISHED = answered(IN_TURN)


def test_the_pages_in_turn_make_a_whole_request(at):
    assert FINISHED.first_unfinished() is None
    assert problems(FINISHED, at) == []


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    astray=st.lists(st.sampled_from(list(OTHERWISE)), max_size=4),
    again=st.lists(st.sampled_from(IN_TURN), max_size=20),
    order=st.permutations(IN_TURN[1:]),
)
def test_any_order_of_pages_leads_to_the_same_request_or_says_where_to_go_on(
    at, astray, again, order
):
    answers = answered(IN_TURN[:1])
    for page in [*order, *again]:
        answers = answered([page], start=answers)
    answers = answered(astray, OTHERWISE, answers)
    # However it went so far, whatever is not finished has a page of its own to go on with.
    unfinished = answers.first_unfinished()
    assert unfinished is None or answers.exists(unfinished)
    for problem in problems(answers, at):
        assert answers.page_of(problem.field) in answers.pages() or not answers.kind

    # Whoever then answers each page that is asked, in turn, ends with the very same request.
    answers = answered(IN_TURN[:1], start=answers)
    for _ in range(3):
        for page in IN_TURN:
            answers = answered([page], start=answers)
    assert answers.first_unfinished() is None
    assert answers.request() == FINISHED.request()
    assert problems(answers, at) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He HIT her.", ["hit"]),
        ("he’s hit-ting walls", ["hit"]),
        ("A white exhibition", []),
        ("I want to\nDIE!", ["want to die"]),
        ("Self-harm", ["self harm"]),
        ("", []),
    ],
)
def test_a_warning_word_is_found_whole_whatever_surrounds_it(text, found):
    assert danger_in(text, ["hit", "want to die", "self harm", "", "--"]) == found
