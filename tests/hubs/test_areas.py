from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from kith.audit.models import Entry
from kith.hubs import actions, queries
from kith.hubs.models import Catchment
from tests.factories.accounts import make_team, make_user
from tests.factories.places import make_catchment, make_hub, make_places

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture
def lead():
    make_places()
    return make_user("county_lead", make_team("Desk", "desk"))


@pytest.fixture
def oxford(lead):
    return make_hub("East Oxford", "OX4 1AA")


@pytest.fixture
def banbury(lead):
    return make_hub("Banbury", "OX16 2AA", order=1)


def test_a_neighbourhood_moves_from_a_day_and_history_is_kept(lead, oxford, banbury, at, seen_by):
    make_catchment(oxford, "OX4 2")

    actions.move_neighbourhoods(codes=["OX4 2"], hub=banbury, since=MONDAY, by=lead, at=at)

    assert queries.hub_of_neighbourhood("OX4 2", date(2026, 11, 22)) == oxford
    assert queries.hub_of_neighbourhood("OX4 2", MONDAY) == banbury
    assert queries.hub_for_postcode("ox42aa", MONDAY) == banbury
    left = queries.changes_of(oxford)
    joined = queries.changes_of(banbury)
    assert [(c.on, c.joined, c.other) for c in left] == [(MONDAY, False, banbury)]
    assert [(c.on, c.joined, c.other) for c in joined] == [(MONDAY, True, oxford)]
    seen_by(make_user("dpo", make_team("Data protection", "desk")))
    entry = Entry.objects.get(what="area.moved")
    assert (entry.before, entry.after) == (
        {"OX4 2": "East Oxford"},
        {"hub": "Banbury", "since": "2026-11-23"},
    )


def test_moving_again_on_the_same_day_puts_the_move_right(lead, oxford, banbury, at):
    make_catchment(oxford, "OX4 2")
    actions.move_neighbourhoods(codes=["OX4 2"], hub=banbury, since=MONDAY, by=lead, at=at)

    actions.move_neighbourhoods(codes=["OX4 2"], hub=None, since=MONDAY, by=lead, at=at)

    assert queries.hub_of_neighbourhood("OX4 2", MONDAY) is None
    assert [(c.on, c.joined, c.other) for c in queries.changes_of(oxford)] == [
        (MONDAY, False, None)
    ]


def test_a_move_before_one_that_is_planned_is_refused_in_words(lead, oxford, banbury, at):
    make_catchment(oxford, "OX4 2")
    actions.move_neighbourhoods(codes=["OX4 2"], hub=banbury, since=MONDAY, by=lead, at=at)

    with pytest.raises(actions.CannotMove, match="goes to Banbury on 23 November 2026 already"):
        actions.move_neighbourhoods(
            codes=["OX4 1", "OX4 2"], hub=oxford, since=date(2026, 11, 20), by=lead, at=at
        )

    assert queries.hub_of_neighbourhood("OX4 1", MONDAY) is None


def test_moving_to_the_hub_that_has_it_changes_nothing(lead, oxford, at):
    make_catchment(oxford, "OX4 2")

    moved = actions.move_neighbourhoods(codes=["OX4 2"], hub=oxford, since=MONDAY, by=lead, at=at)

    assert moved == 0
    assert Catchment.objects.count() == 1


def test_only_whoever_answers_for_hubs_moves_areas(lead, oxford, at):
    worker = make_user("hub_manager", oxford.team)

    with pytest.raises(PermissionDenied, match="county lead or an administrator"):
        actions.move_neighbourhoods(codes=["OX4 1"], hub=oxford, since=MONDAY, by=worker, at=at)
    with pytest.raises(actions.CannotMove, match="not on the county’s map"):
        actions.move_neighbourhoods(codes=["OX99 9"], hub=oxford, since=MONDAY, by=lead, at=at)
    with pytest.raises(actions.CannotMove, match="within a year"):
        actions.move_neighbourhoods(
            codes=["OX4 1"], hub=oxford, since=date(2036, 1, 1), by=lead, at=at
        )
    actions.move_neighbourhoods(codes=["OX4 1"], hub=oxford, since=MONDAY, by=lead, at=at)


def test_the_database_itself_refuses_two_hubs_at_once(lead, oxford, banbury):
    make_catchment(oxford, "OX4 1")

    with (
        pytest.raises(IntegrityError, match="neighbourhood_has_one_hub_at_a_time"),
        transaction.atomic(),
    ):
        make_catchment(banbury, "OX4 1", since=date(2026, 1, 1))
    Catchment.objects.update(until=date(2026, 1, 1))
    make_catchment(banbury, "OX4 1", since=date(2026, 1, 1))


def test_areas_are_proposed_by_the_nearest_hub_and_done_as_proposed(lead, oxford, banbury, at):
    make_catchment(banbury, "OX4 1")
    make_catchment(oxford, "OX4 2")

    proposed = queries.moves_to_nearest(MONDAY)
    done = actions.propose_catchments(since=MONDAY, by=lead, at=at)

    assert done == proposed
    assert [(m.neighbourhood.code, m.held_by and m.held_by.name, m.to.name) for m in done] == [
        ("OX16 1", None, "Banbury"),
        ("OX16 2", None, "Banbury"),
        ("OX4 1", "Banbury", "East Oxford"),
    ]
    assert done[0].km == pytest.approx(5)
    assert queries.moves_to_nearest(MONDAY) == []
    assert queries.hub_of_neighbourhood("OX4 1", date(2026, 11, 22)) == banbury


def test_an_official_area_given_to_a_hub_goes_before_the_sector_around_it(
    lead, oxford, banbury, at
):
    from kith.places.models import Neighbourhood, Postcode

    sector = Neighbourhood.objects.get(code="OX4 1")
    official = Neighbourhood.objects.create(
        code="E01028001",
        kind="lsoa",
        name="Oxford 001A",
        district=sector.district,
        outline=sector.outline,
        easting=sector.easting,
        northing=sector.northing,
        latitude=sector.latitude,
        longitude=sector.longitude,
    )
    Postcode.objects.filter(code="OX41AA").update(lsoa=official)
    make_catchment(oxford, "OX4 1")
    make_catchment(banbury, "E01028001")

    assert queries.hub_for_postcode("OX4 1AA", MONDAY) == banbury
    assert queries.hub_for_postcode("OX4 1AB", MONDAY) == oxford
