"""Maps are pictures with the same facts as a table, and can be walked by keyboard."""

import xml.etree.ElementTree as ElementTree

import pytest
from django.template import Context, Template

from kith.ui.maps import Area, Map, Place, draw, shades_of

SVG = "{http://www.w3.org/2000/svg}"


def square(x: float, y: float, size: float = 0.1) -> dict:
    corners = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [corners]}


def drawn(picture: Map) -> ElementTree.Element:
    return ElementTree.fromstring(draw(picture, "m"))


def county() -> Map:
    return Map(
        "Where requests come from",
        areas=[
            Area("OX4 1", square(-1.3, 51.7), [12], shade=2, href="/places/OX4-1/"),
            Area("OX4 2", square(-1.2, 51.7), [40], shade=5),
        ],
        places=[Place("East Oxford hub", -1.25, 51.75, ["Cowley Road"], href="/hubs/east-oxford/")],
        headings=["Place", {"label": "Requests", "numeric": True}],
        legend=[("shade-2", "10 to under 20"), ("shade-5", "40 or more")],
    )


def test_a_map_says_what_it_shows_and_its_areas_are_links_with_names():
    svg = drawn(county())

    assert svg.find(f"{SVG}title").text == "Where requests come from"
    assert svg.get("role") == "group"
    labels = [a.get("aria-label") for a in svg.iter(f"{SVG}a")]
    assert labels == ["OX4 1: 12", "East Oxford hub"]


def test_north_is_up_and_east_is_right_and_neighbours_touch():
    svg = drawn(
        Map(
            "Two by two",
            areas=[
                Area("south west", square(-1.3, 51.7)),
                Area("south east", square(-1.2, 51.7)),
                Area("north west", square(-1.3, 51.8)),
            ],
        )
    )
    corners = []
    for path in svg.iter(f"{SVG}path"):
        points = path.get("d").strip("MZ").split("L")
        xs, ys = zip(*(map(float, point.split()) for point in points), strict=True)
        corners.append((min(xs), max(xs), min(ys), max(ys)))
    south_west, south_east, north_west = corners

    assert south_west[1] == pytest.approx(south_east[0], abs=0.2)
    assert north_west[3] == pytest.approx(south_west[2], abs=0.2)


def test_the_table_has_the_same_facts_as_the_map():
    html = Template("{% load ui %}{% map county table='open' %}").render(
        Context({"county": county()})
    )

    for words in ("OX4 1", "12", "OX4 2", "40", "East Oxford hub", "Cowley Road", "40 or more"):
        assert words in html


def test_names_are_text_and_broken_outlines_leave_the_rest_standing():
    name = '<script>"&\x00\ud800'
    svg = draw(
        Map(
            name,
            areas=[
                Area(name, {"type": "Polygon", "coordinates": "?"}, [name], href='/x?"<'),
                Area("empty", {"type": "MultiPolygon", "coordinates": []}),
                Area("whole", square(-1, 51)),
            ],
        ),
        "m",
    )

    assert "<script" not in svg
    assert len(list(ElementTree.fromstring(svg).iter(f"{SVG}path"))) == 3


def test_an_empty_map_says_so():
    html = Template("{% load ui %}{% map nothing %}").render(Context({"nothing": Map("Nothing")}))

    assert "There is nothing to show yet" in html


def test_overlapping_areas_are_drawn_too():
    overlapping = [Area("a", square(-1, 51)), Area("b", square(-0.95, 51.05))]

    assert len(list(drawn(Map("Overlap", areas=overlapping)).iter(f"{SVG}path"))) == 2


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 10, 50], [1, 2, 5]),
        ([3, 3], [1, 1]),
        ([None, 5], [None, 1]),
        ([], []),
        ([None], [None]),
    ],
)
def test_shades_go_in_equal_steps_from_the_least_to_the_most(values, expected):
    shades, legend = shades_of(values)

    assert shades == expected
    assert len(legend) == len({shade for shade in shades if shade is not None})


@pytest.mark.parametrize(
    ("longitude", "name", "to_its_left"),
    [(-1.25, "Hub", False), (-1.12, "Hub", False), (-1.12, "Chipping Norton", True)],
)
def test_a_name_stands_where_it_has_room_even_as_large_as_on_a_phone(longitude, name, to_its_left):
    picture = Map(
        "Two",
        areas=[Area("west", square(-1.3, 51.7)), Area("east", square(-1.2, 51.7))],
        places=[Place(name, longitude, 51.75)],
    )

    label = drawn(picture).find(f"{SVG}text")

    assert ("end" in label.get("class").split()) is to_its_left
