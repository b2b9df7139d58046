"""What was found on a map, and looking from where a browser says it is."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from kith.directory.actions import set_up_terms
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county():
    make_places()
    set_up_terms()


def page_of(client, question: str) -> str:
    return client.get(reverse("directory:find") + question).content.decode()


def svg_of(page: str) -> str:
    return page[page.index('<svg class="kith-svg"') : page.index("</svg>")]


def test_each_pin_is_a_link_with_the_number_that_the_list_has(client):
    near = make_service("Play one", place=make_place("Chapel"), kind="Activities")
    make_service(
        "Play two", place=make_place("Hall", easting=452000, longitude=-1.24), kind="Activities"
    )
    assert "kith-svg" not in page_of(client, "?q=play")  # drawn only when it is asked for

    page = page_of(client, "?q=play&map=1")

    svg = svg_of(page)
    assert svg.count('class="point-link"') == 2
    assert reverse("directory:service", args=[near.uid]) in svg
    assert "1: Play one, Chapel" in svg and 'id="found-1"' in page and "Hide the map" in page
    # Nothing is fetched from anywhere else.
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_pins_that_would_lie_on_one_another_are_one_that_names_them_all(client):
    place = make_place("Chapel")
    for name in ("Play one", "Play two", "Play three"):
        make_service(name, place=place, kind="Activities")

    svg = svg_of(page_of(client, "?q=play&map=1"))

    assert svg.count('class="point-link"') == 1
    assert "3 services here or close together: 1: Play one" in svg
    assert 'href="#found-1"' in svg and ">1 +2<" in svg


def test_a_hidden_place_is_on_no_map_and_one_shown_by_its_area_is_said_to_be(client):
    make_service("Play safe", place=make_place("Rose House", shown="on_request"), kind="Activities")
    page = page_of(client, "?q=play&map=1")
    assert "kith-svg" not in page and "None of these stands on a map" in page

    make_service("Play quiet", place=make_place("The attic", shown="area"), kind="Activities")
    page = page_of(client, "?q=play&map=1")

    svg = svg_of(page)
    assert "Play quiet, somewhere in Banbury" in svg
    assert "attic" not in svg and "Rose House" not in svg and "Play safe" not in svg
    assert "1 of the list is not on the map" in page


def test_near_me_answers_with_a_postcode_so_that_no_coordinates_stand_in_an_address(client):
    from kith.places.models import Postcode

    postcode = Postcode.objects.order_by("code").first()
    here = f"{postcode.latitude:.4f},{postcode.longitude:.4f}"
    answer = client.post(
        reverse("directory:near_me"), {"q": "play", "only": ["free", "taking"], "here": here}
    )

    assert answer.status_code == 302
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked == {"q": ["play"], "only": ["free", "taking"], "near": [str(postcode)]}
    for nowhere in ("0,0", "48.85,2.35", "words", "", "999,999", "57.1,-2.1"):
        answer = client.post(
            reverse("directory:near_me"), {"q": "play", "here": nowhere}, follow=True
        )
        assert "We do not know this place" in answer.content.decode()
    # The button shows only where a script can ask; without one a postcode or a town is typed.
    assert 'data-near-me="/find-help/near-me/" hidden' in page_of(client, "")
    assert client.get(reverse("directory:near_me")).status_code == 405
