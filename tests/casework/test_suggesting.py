"""Which hub fits a request, and why."""

from datetime import date, timedelta

import pytest

from kith.accounts.viewer import seeing_as
from kith.casework import actions
from kith.casework.suggestions import suggested_hubs
from kith.families import actions as families
from kith.hubs.models import Catchment
from kith.places.models import District, Neighbourhood, Postcode
from kith.referrals.requests import NewChild
from tests.factories.casework import (
    HubPeople,
    make_case,
    make_desk,
    make_hub,
    make_referral,
    make_school,
    make_worker,
)

pytestmark = pytest.mark.django_db
NORTH, SOUTH = {"easting": 445000, "northing": 240000}, {"easting": 445000, "northing": 200000}


@pytest.fixture
def hubs(db):
    return make_hub("North", **NORTH), make_hub("South", **SOUTH)


@pytest.fixture
def desk(db):
    return make_desk()


def make_postcode(code: str, hub, *, easting: int, northing: int) -> None:
    """A postcode in a neighbourhood of its own, which belongs to a hub's area."""
    district, _ = District.objects.get_or_create(code="E07000177", defaults={"name": "Cherwell"})
    where = {"easting": easting, "northing": northing, "latitude": 52.0, "longitude": -1.3}
    area = Neighbourhood.objects.create(
        code=code[:-2], kind="sector", name=code[:-2], district=district, outline={}, **where
    )
    Postcode.objects.create(
        code=code.replace(" ", ""), district=district, neighbourhood=area, **where
    )
    Catchment.objects.create(hub=hub, neighbourhood=area, since=date(2020, 1, 1))


def suggest(desk, referral, at):
    with seeing_as(desk):
        return suggested_hubs(desk, referral, at.date())


def test_the_hub_of_the_familys_area_comes_first_whatever_is_nearer(hubs, desk, at):
    north, south = hubs
    make_postcode("OX16 5QB", south, **NORTH)
    referral = make_referral(at, no_fixed_address=False, postcode="OX16 5QB")

    first, second = suggest(desk, referral, at)

    assert (first.hub, first.in_area, first.km) == (south, True, 40.0)
    assert first.reasons() == ["The family’s postcode is in its area."]
    assert (second.hub, second.km) == (north, 0.0)


def test_the_hub_nearest_to_the_childrens_school_is_named(hubs, desk, at):
    _, south = hubs
    school = make_school("Marsh School", **SOUTH)
    child = NewChild("Ada", "Okafor", date(2014, 3, 2), school_id=school.pk)

    first, second = suggest(desk, make_referral(at, children=(child,)), at)

    assert first.hub == south
    assert first.reasons() == ["It is the nearest hub to Marsh School: 0.0 km."]
    assert second.reasons() == []


def test_a_hub_that_works_with_the_family_now_comes_before_its_area(hubs, desk, at):
    north, south = hubs
    make_postcode("OX16 5QB", north, **NORTH)
    worker = make_worker(south, "Sal South", role="hub_manager")
    case = make_case(HubPeople(south, worker, worker), worker=worker)
    referral = make_referral(at, no_fixed_address=False, postcode="OX16 5QB")
    with seeing_as(desk):
        # The desk has said that both records are one family.

        families.merge(kept=case.family, gone=referral.family, by=desk, at=at)
        referral.refresh_from_db()
        referral.family.refresh_from_db()

    first = suggest(desk, referral, at)[0]

    assert (first.hub, first.open_case) == (south, case)
    assert first.reasons() == [f"It works with this family now: {case.reference} (Sal South)."]
    with seeing_as(worker):
        actions.close(case=case, reason="universal", outcome="better", words="x", by=worker, at=at)
    first, second = suggest(desk, referral, at)
    assert (first.hub, first.in_area) == (north, True)
    assert "has worked with this family before, with Sal South" in second.reasons()[0]


def test_room_for_more_is_counted_with_those_who_wait(hubs, desk, at):
    north, south = hubs
    worker = make_worker(north, role="hub_manager", at_once=2)
    people = HubPeople(north, worker, worker)
    make_case(people, worker=worker)
    make_case(people)
    closed = make_case(people, worker=worker)
    with seeing_as(worker):
        actions.close(
            case=closed, reason="universal", outcome="better", words="x", by=worker, at=at
        )

    rooms = {found.hub: found for found in suggest(desk, make_referral(at), at)}

    room = rooms[north].room
    assert (room.open, room.waiting, room.capacity, room.room) == (1, 1, 2, 0)
    assert rooms[north].full and room.percent == 100
    assert rooms[south].room.percent is None and not rooms[south].full


def test_somebody_away_or_gone_is_not_counted_as_room(hubs, desk, at):
    north, _ = hubs
    worker = make_worker(north, at_once=10)
    worker.posts.update(until=at.date() - timedelta(days=1))

    first = next(found for found in suggest(desk, make_referral(at), at) if found.hub == north)

    assert first.room.capacity == 0
