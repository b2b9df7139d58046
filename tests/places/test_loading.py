"""The whole county, loaded once from the postcode directory."""

import json
from collections import Counter

import numpy as np
import pytest
import shapely
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from kith.hubs.actions import set_up
from kith.hubs.models import Catchment, Hub
from kith.hubs.queries import hub_for_postcode, nearest_hubs
from kith.places.actions import load_county
from kith.places.county import the_county
from kith.places.grid import to_metres
from kith.places.models import District, Neighbourhood, Postcode
from kith.places.queries import NotAPostcode, NotInTheCounty, distance_km, find_postcode


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker):
    """Oxfordshire, for the tests of this file, in a transaction that is then undone."""
    from datetime import datetime

    from kith.hubs.calendar import LONDON

    with django_db_blocker.unblock(), transaction.atomic():
        loaded = load_county()
        set_up(at=datetime(2024, 1, 8, 9, tzinfo=LONDON))
        yield loaded
        transaction.set_rollback(True)


pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def shapes():
    return {
        area.code: shapely.transform(
            shapely.from_geojson(json.dumps(area.outline)),
            lambda xy: np.column_stack(to_metres(xy[:, 0], xy[:, 1])),
        )
        for area in Neighbourhood.objects.all()
    }


def test_every_postcode_of_the_five_districts_is_there(county):
    assert District.objects.count() == 5
    assert Postcode.objects.count() == 38_821 == county.postcodes
    assert Counter(Postcode.objects.values_list("district_id", flat=True)) == {
        "E07000177": 9166,
        "E07000178": 6728,
        "E07000179": 8971,
        "E07000180": 5749,
        "E07000181": 8207,
    }


def test_loading_again_changes_nothing():
    again = load_county()

    assert (again.districts, again.neighbourhoods, again.postcodes) == (0, 0, 0)


def test_neighbourhoods_cover_the_county_and_do_not_overlap(shapes):
    outlines = np.array(list(shapes.values()))
    together = shapely.union_all(outlines)

    assert shapely.is_valid(outlines).all()
    assert shapely.area(outlines).sum() == pytest.approx(together.area, rel=1e-4)
    # Oxfordshire has 2,605 square kilometres (Office for National Statistics).
    assert together.area / 1e6 == pytest.approx(2605, rel=0.02)


def test_every_postcode_lies_in_or_near_its_neighbourhood(shapes):
    rows = list(Postcode.objects.values_list("easting", "northing", "neighbourhood_id"))
    points = shapely.points([row[0] for row in rows], [row[1] for row in rows])
    own = np.array([shapes[row[2]] for row in rows])

    away = shapely.distance(points, own)

    assert away.max() < 2000
    assert (away > 600).sum() < 20  # metres; by the edge of the county
    assert (away == 0).mean() > 0.95


def test_the_middle_of_a_neighbourhood_lies_inside_it(shapes):
    for area in Neighbourhood.objects.all():
        assert shapes[area.code].buffer(60).contains(shapely.Point(area.easting, area.northing))


def test_outlines_are_small_enough_for_a_page():
    assert sum(len(json.dumps(area.outline)) for area in Neighbourhood.objects.all()) < 250_000


def test_recoded_sectors_are_no_neighbourhoods_but_their_postcodes_have_one():
    assert not Neighbourhood.objects.filter(code="OX8 6").exists()
    assert find_postcode("OX8 6AA").neighbourhood.code.startswith("OX28")


def test_a_postcode_is_found_with_its_place():
    found = find_postcode("0x4 1eh")

    assert str(found) == "OX4 1EH"
    assert found.district.name == "Oxford"
    assert found.neighbourhood.code == "OX4 1"
    assert (found.latitude, found.longitude) == (
        pytest.approx(51.74, abs=0.02),
        pytest.approx(-1.24, abs=0.02),
    )


@pytest.mark.parametrize(
    ("typed", "error", "words"),
    [
        ("OX4", NotAPostcode, "only the first half"),
        ("RG1 1AA", NotInTheCounty, "RG1 1AA is not in Oxfordshire"),
        ("OX4 1ZZ", NotInTheCounty, "We do not know the postcode OX4 1ZZ"),
    ],
)
def test_a_postcode_that_is_not_found_says_why(typed, error, words):
    with pytest.raises(error, match=words):
        find_postcode(typed)


def test_there_are_seven_hubs_at_real_postcodes():
    hubs = list(Hub.objects.order_by("order"))

    assert [hub.name for hub in hubs] == [
        "Abingdon",
        "Banbury",
        "Bicester",
        "Didcot",
        "East Oxford",
        "Littlemore",
        "Witney",
    ]
    assert {hub.shares_with for hub in hubs} == {"", "Littlemore Library"}


@pytest.mark.parametrize(
    ("postcode", "hub"),
    [
        ("OX14 3QZ", "Abingdon"),
        ("OX15 6AA", "Banbury"),
        ("OX7 5AA", "Witney"),
        ("OX26 6HY", "Bicester"),
        ("OX11 8SH", "Didcot"),
        ("RG9 1AA", "Didcot"),
        ("OX3 7AA", "East Oxford"),
        ("OX4 4PF", "Littlemore"),
        ("OX18 4AA", "Witney"),
    ],
)
def test_a_postcode_has_the_nearest_hub(at, postcode, hub):
    found = hub_for_postcode(postcode, at.date())

    assert found is not None
    assert found.name == hub


def test_every_neighbourhood_has_exactly_one_hub(at):
    assert Catchment.objects.count() == Neighbourhood.objects.count()
    assert hub_for_postcode("nonsense", at.date()) is None
    assert hub_for_postcode("RG1 1AA", at.date()) is None


def test_nearest_hubs_come_with_their_distance():
    place = find_postcode("OX4 4PF")

    away = nearest_hubs(place.easting, place.northing)

    assert [hub.name for hub, _ in away][:2] == ["Littlemore", "East Oxford"]
    assert away[0][1] == 0
    assert away[1][1] == pytest.approx(2.3, abs=0.3)
    assert distance_km(0, 0, 3000, 4000) == 5


def test_setting_up_again_changes_nothing(at):
    before = list(Catchment.objects.order_by("pk").values())

    set_up(at=at)

    assert list(Catchment.objects.order_by("pk").values()) == before
    assert Hub.objects.count() == 7


def test_another_county_names_its_own_districts(settings):
    settings.KITH_DISTRICTS = "E07000178=Oxford, E07000177 = Cherwell"
    assert the_county().districts == {"E07000178": "Oxford", "E07000177": "Cherwell"}

    settings.KITH_DISTRICTS = "Oxford"
    with pytest.raises(ImproperlyConfigured, match="ONS code and its name"):
        the_county()
