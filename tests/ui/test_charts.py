"""Charts are well-formed, say what they show, and never draw what is hidden as nothing."""

import re
import xml.etree.ElementTree as ElementTree
from decimal import Decimal
from itertools import pairwise

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from kith.ui.charts import Chart, Series, Value, bars, draw, nice_ticks

SVG = "{http://www.w3.org/2000/svg}"
HIDDEN = Value(None, hidden=True)
KINDS = ["bars", "columns", "line", "shares"]


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(draw(chart, "c"))


def words(svg: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_has_a_title_and_a_description_that_its_picture_points_to(kind):
    chart = Chart(kind, "Requests by month", ["May", "June"], [Series("Requests", [12, 30])])

    svg = drawn(chart)

    assert svg.get("role") == "img"
    title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert svg.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "Requests by month"
    assert "30" in description.text and "June" in description.text and "12" in description.text


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_typed_is_text_in_a_chart_and_never_markup(kind):
    label = '<script>alert("x")</script>\x00\ud800 & "Banbury"'
    chart = Chart(kind, label, [label], [Series(label, [3]), Series("b", [4])], description=label)

    text = draw(chart, "c")

    assert "<script" not in text
    assert "\x00" not in text
    ElementTree.fromstring(text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "values",
    [
        [0],
        [0, 0, 0],
        [5],
        [-3, 4],
        [-3, -1],
        [None, 3],
        [HIDDEN, 3],
        [1e9, 0.001],
        [Decimal("3.5"), 2],
        [float("nan"), float("inf")],
    ],
)
def test_awkward_values_still_make_a_picture(kind, values):
    labels = [f"Hub {i}" for i in range(len(values))]

    text = draw(Chart(kind, "Values", labels, [Series("Values", values)]), "c")

    svg = ElementTree.fromstring(text or "<svg/>")
    for element in svg.iter():
        for name in ("width", "height", "r"):
            assert float(str(element.get(name, "0")).rstrip("%")) >= 0
        assert "nan" not in " ".join(element.attrib.values())


@pytest.mark.parametrize("values", [[], [None, None]])
def test_a_chart_of_nothing_says_so_instead_of_drawing(values):
    chart = bars("Values", ["a", "b"][: len(values)], values)

    assert draw(chart, "c") == ""
    html = Template("{% load ui %}{% chart chart %}").render(Context({"chart": chart}))
    assert "There is nothing to show yet" in html


def test_what_is_hidden_is_drawn_as_hidden_and_explained():
    chart = bars("Requests", ["Witney", "Banbury"], [HIDDEN, 12])

    svg = drawn(chart)
    html = Template("{% load ui %}{% chart chart %}").render(Context({"chart": chart}))

    assert "hidden" in words(svg)
    assert [r for r in svg.iter(f"{SVG}rect") if r.get("class") == "fill-hidden"]
    assert "fewer than 5" in html


def test_bars_are_as_long_as_their_values():
    svg = drawn(bars("Requests", ["a", "b"], [10, 40]))

    short, long = (float(r.get("width").rstrip("%")) for r in svg.iter(f"{SVG}rect"))

    assert long == pytest.approx(4 * short, rel=0.01)


def test_negative_bars_go_the_other_way_from_the_same_line():
    svg = drawn(bars("Change", ["down", "up"], [-10, 10]))

    down, up = list(svg.iter(f"{SVG}rect"))
    zero = float(up.get("x").rstrip("%"))

    assert float(down.get("x").rstrip("%")) + float(down.get("width").rstrip("%")) == pytest.approx(
        zero, abs=0.05
    )


def test_values_of_lines_that_meet_are_not_written_over_one_another():
    meeting = [Series(name, [1, value]) for name, value in zip("ABC", (64, 65, 64.5), strict=True)]

    shown = drawn(Chart("line", "Results", ["2025", "2026"], meeting))

    levels = sorted(
        float(text.get("y")) for text in shown.iter(f"{SVG}text") if "value" in text.get("class")
    )
    assert len(levels) == 3
    assert all(after - before >= 16 for before, after in pairwise(levels))


def test_a_line_breaks_where_nothing_is_known():
    chart = Chart("line", "Days", list("abcd"), [Series("Days", [1, None, 3, 4])])

    lines = [e for e in drawn(chart).iter(f"{SVG}line") if "line-1" in e.get("class")]

    assert len(lines) == 1


def test_shares_are_parts_of_a_whole_and_none_is_drawn_where_one_is_hidden():
    chart = Chart(
        "shares", "Outcome", ["a", "b"], [Series("Yes", [30, HIDDEN]), Series("No", [10, 2])]
    )

    svg = drawn(chart)

    assert "75%" in words(svg) and "25%" in words(svg)
    assert "hidden: some of it is small" in words(svg)


def test_hidden_parts_are_drawn_as_the_rest_of_a_whole_that_is_known():
    chart = Chart(
        "shares",
        "Outcome",
        ["a"],
        [Series("Yes", [30]), Series("No", [HIDDEN]), Series("Later", [HIDDEN])],
        wholes=[40],
    )

    parts = [(r.get("class"), r.get("width")) for r in drawn(chart).iter(f"{SVG}rect")]

    assert parts == [("fill-1", "74.70%"), ("fill-hidden", "24.70%")]


def test_months_are_named_shortly_and_each_year_once():
    labels = ["November 2025", "December 2025", "January 2026", "February 2026"]

    shown = words(drawn(Chart("line", "Days", labels, [Series("Days", [1, 2, 3, 4])])))

    assert [word for word in shown if word.isalpha()] == ["Nov", "Dec", "Jan", "Feb"]
    assert shown.count("2025") == shown.count("2026") == 1


def test_each_value_stands_in_the_table_behind_the_chart():
    chart = Chart(
        "bars",
        "Decided in time",
        ["Banbury", "Witney"],
        [Series("%", [91.5, None])],
        unit="% decided in time",
        label_heading="Hub",
    )

    html = Template("{% load ui %}{% chart chart %}").render(Context({"chart": chart}))

    assert re.search(r"Banbury</th><td[^>]*>91.5%</td>", html)
    assert re.search(r"Witney</th><td[^>]*>none</td>", html)


def test_a_chart_needs_a_value_for_each_label():
    with pytest.raises(ValueError, match="a value for each"):
        bars("Requests", ["a", "b"], [1])


@given(st.decimals(-1_000_000, 1_000_000, places=4), st.decimals(0, 1_000_000, places=4))
def test_the_axis_reaches_from_below_the_least_to_above_the_most(low, span):
    low, span = float(low), float(span)
    ticks = nice_ticks(low, low + span)

    # A hair's breadth of a step may be missing: nobody sees it.
    hair = (ticks[1] - ticks[0]) * 1e-6
    assert ticks[0] <= low + hair
    assert ticks[-1] >= low + span - hair
    assert 2 <= len(ticks) <= 9
