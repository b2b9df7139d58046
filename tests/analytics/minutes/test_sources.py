"""The two texts of 26 September 2012, against the truth that was made of them by hand."""

import json
from pathlib import Path

import pytest

from kith.analytics.minutes import read

SHARED = Path(__file__).parents[4] / "shared"
TRUTH = SHARED / "data" / "minutes" / "source_truth.json"
pytestmark = pytest.mark.skipif(
    not TRUTH.exists(), reason="../shared, with the two texts and their truth, is not here"
)


@pytest.fixture(scope="module")
def truth():
    return json.loads(TRUTH.read_text())


@pytest.fixture(scope="module")
def minutes(truth):
    return read(SHARED / "sources" / truth["minutes"]["file"])


@pytest.fixture(scope="module")
def report(truth):
    return read(SHARED / "sources" / truth["report"]["file"])


def f1(found: set, true: set) -> float:
    return 2 * len(found & true) / (len(found) + len(true))


def test_the_head_of_the_minutes_is_exact(minutes, truth):
    for name in (
        *(
            "doc_type",
            "committee",
            "date",
            "weekday",
            "weekday_matches_date",
            "start_time",
            "finish_time",
        ),
        *(
            "finish_text",
            "venue",
            "chair",
            "quorum",
            "apologies",
            "substitutes",
            "declarations_of_interest",
        ),
        *("previous_minutes_approved", "declared_initials", "unresolved_initials"),
    ):
        assert minutes[name] == truth["minutes"][name], name


def test_everybody_is_found_with_post_kind_and_whether_they_came(minutes, truth):
    kept = ("key", "name", "honorific", "initials", "post", "kind", "presence", "lines")

    def shown(people):
        return {tuple(str(one[name]) for name in kept) for one in people}

    assert shown(minutes["people"]) == shown(truth["minutes"]["people"])


def test_every_point_has_its_line_kind_and_speaker(minutes, truth):
    def points(record):
        return {
            (point["line"], point["kind"], point["speaker"])
            for item in record["items"]
            for point in item["points"]
        }

    assert f1(points(minutes), points(truth["minutes"])) == 1

    def texts(record):
        return [
            (point["text"], point.get("list", []))
            for item in record["items"]
            for point in item["points"]
        ]

    assert texts(minutes) == texts(truth["minutes"])


def test_items_are_parted_where_the_page_lost_their_titles(minutes, truth):
    for mine, true in zip(minutes["items"], truth["minutes"]["items"], strict=True):
        for name in (
            "seq",
            "number",
            "title",
            "title_inferred",
            "lines",
            "agenda_text",
            "presenters",
        ):
            assert mine[name] == true[name], (true["seq"], name)
    assert minutes["items"][6]["truncated"] is True
    assert (
        minutes["items"][6]["truncation_marker"]
        == truth["minutes"]["items"][6]["truncation_marker"]
    )


def test_themes_keep_their_findings_and_recommendations(minutes, truth):
    for mine, true in zip(
        minutes["items"][6]["themes"], truth["minutes"]["items"][6]["themes"], strict=True
    ):
        assert [mine[name] for name in ("title", "title_stated", "line", "recommendations")] == [
            true[name] for name in ("title", "title_stated", "line", "recommendations")
        ]
        assert [(one["line"], one["text"]) for one in mine["findings"]] == [
            (one["line"], one["text"]) for one in true["findings"]
        ]
    for mine, true in zip(
        minutes["recommendations"], truth["minutes"]["recommendations"], strict=True
    ):
        assert {name: mine[name] for name in true} == true


def test_the_three_actions_and_the_forward_plan(minutes, truth):
    for mine, true in zip(minutes["actions"], truth["minutes"]["actions"], strict=True):
        assert {name: mine.get(name) for name in true} == true
    assert [one["for"] for one in minutes["forward_plan"]] == [
        one["for"] for one in truth["minutes"]["forward_plan"]
    ]
    assert [one["text"] for one in minutes["forward_plan"][:2]] == [
        one["text"] for one in truth["minutes"]["forward_plan"][:2]
    ]


def test_what_is_not_certain_is_said(minutes):
    warned = {(warning["line"], warning["kind"]) for warning in minutes["warnings"]}

    assert warned == {
        (3, "item"),
        (6, "item"),
        (62, "item"),
        (66, "item"),
        (88, "item"),
        (150, "theme"),
        (152, "truncated"),
    }


def test_the_report_is_exact(report, truth):
    true = truth["report"]
    for name in (
        *(
            "doc_type",
            "title",
            "committee",
            "committee_as_printed",
            "date",
            "date_text",
            "meeting_discussed",
            "introduction",
        ),
        *(
            "declared_theme_count",
            "recommendation_count",
            "recommendations_per_theme",
            "exemplar_practice",
            "exemplar_count",
        ),
    ):
        assert report[name] == true[name], name
    for name in (
        "hubs",
        "members_per_hub_minimum",
        "participation",
        "named_hubs",
        "visits_listed",
        "feedback_summary",
    ):
        assert report["site_visits"][name] == true["site_visits"][name], name


def test_the_nine_recommendations_are_exact_with_their_themes(report, truth):
    true = truth["report"]
    for mine, one in zip(report["recommendations"], true["recommendations"], strict=True):
        for name in ("id", "theme", "text", "line", "kind", "owner", "due"):
            assert mine[name] == one[name], (one["id"], name)
    for mine, one in zip(report["themes"], true["themes"], strict=True):
        assert (mine["title"], mine["line"], mine["recommendations"]) == (
            one["title"],
            one["line"],
            one["recommendations"],
        )
        assert [(found["lines"], found["text"]) for found in mine["findings"]] == [
            (found["lines"], found["text"]) for found in one["findings"]
        ]
