from datetime import date, timedelta

import pytest
from django.core.cache import caches

from kith.accounts.viewer import front_door, seeing_as
from kith.analytics.indicators import Period
from kith.analytics.periods import months_of, periods_on
from kith.hubs.models import Catchment
from kith.partners.models import Organisation
from kith.places.models import Postcode
from kith.places.queries import COUNTRY_FEWER
from kith.referrals import actions, counts
from kith.referrals.models import Referral
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_hub, make_school
from tests.factories.places import make_places
from tests.factories.referrals import AT, make_desk_worker, make_referral

pytestmark = pytest.mark.django_db
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), "November 2026")


def made(number, *, status="", hub=None, days=1, **changes):
    """Some requests of one kind, decided after some days."""
    desk = make_desk_worker()
    for _ in range(number):
        referral = make_referral(**changes)
        if status:
            with seeing_as(desk):
                when = AT + timedelta(days=days)
                if hub:
                    actions.accept(
                        referral=referral, hub=hub, reason="x", words="", by=desk, at=when
                    )
                else:
                    actions.no_further_action(
                        referral=referral, reason="x", words="", by=desk, at=when
                    )


def shown(figure):
    return {row.label: [cell.text for cell in row.cells] for row in (*figure.rows, figure.total)}


def test_requests_are_counted_by_hub_with_those_no_hub_has_apart():
    banbury = make_hub("Banbury")
    made(6, status="accepted", hub=banbury)
    made(7)

    figure = counts.figure(counts.RECEIVED, NOVEMBER, by="hub", at=AT)

    assert shown(figure)["Banbury"] == ["6"]
    assert shown(figure)["No hub (not accepted, or not yet)"] == ["7"]
    assert shown(figure)["All"] == ["13"]


def test_a_small_count_is_hidden_and_so_is_what_would_give_it_away():
    banbury, witney = make_hub("Banbury"), make_hub("Witney")
    made(8, status="accepted", hub=banbury)
    made(2, status="accepted", hub=witney)

    figure = counts.figure(counts.RECEIVED, NOVEMBER, by="hub", at=AT)

    assert shown(figure)["Witney"] == ["hidden"]
    assert shown(figure)["Banbury"] == ["hidden"]
    assert shown(figure)["All"] == ["10"]


def test_decisions_within_the_promise_are_a_share_of_those_due():
    made(6, status="done", days=1)
    made(6, status="done", days=9)

    figure = counts.figure(counts.IN_TIME, NOVEMBER, by="month", at=AT + timedelta(days=10))

    assert shown(figure)["November 2026"] == ["50", "12"]


def test_days_to_a_decision_are_the_middle_of_all():
    made(3, status="done", days=1)
    made(3, status="done", days=5)

    figure = counts.figure(counts.DAYS_TO_DECISION, NOVEMBER, by="month", at=AT)

    assert shown(figure)["All"] == ["3"]


def test_outcomes_stand_beside_who_asked():
    made(5, status="done")
    made(6)

    figure = counts.figure(counts.OUTCOMES, NOVEMBER, by="sender", at=AT)

    row = dict(zip(figure.columns, shown(figure)["Voluntary groups and others"], strict=True))
    assert row["No further action"] == "5"
    assert row["Waiting for a decision"] == "6"
    assert row["All"] == "11"


def test_senders_who_left_no_address_count_as_not_told():
    made(5, status="done")
    made(5, status="done", sender_email="", sender_phone="01632 960001")

    figure = counts.figure(counts.SENDERS_TOLD, NOVEMBER, by="month", at=AT)

    assert shown(figure)["All"] == ["50", "10"]


def test_figures_are_the_same_whoever_looks(seen_by):
    made(6)
    outsider = make_user("hub_worker", make_team())

    seen_by(outsider)
    as_outsider = shown(counts.figure(counts.RECEIVED, NOVEMBER, by="hub", at=AT))
    assert not Referral.objects.exists()
    seen_by(front_door())

    assert as_outsider == shown(counts.figure(counts.RECEIVED, NOVEMBER, by="hub", at=AT))
    assert as_outsider["All"] == ["6"]


def test_every_indicator_can_be_split_in_every_way_it_names():
    for indicator in counts.INDICATORS:
        for way in indicator.by:
            figure = counts.figure(indicator, NOVEMBER, by=way, at=AT)
            assert figure.indicator == indicator
            assert len(figure.rows[0].cells) == len(figure.columns)
    with pytest.raises(LookupError):
        counts.figure(counts.OUTCOMES, NOVEMBER, by="colour", at=AT)


def test_periods_are_whole_months():
    periods = periods_on(date(2026, 11, 22))

    assert periods["year"].name == "November 2025 to October 2026"
    assert (periods["2026"].first, periods["2026"].last) == (date(2026, 4, 1), date(2026, 10, 31))
    assert (periods["2025"].first, periods["2025"].last) == (date(2025, 4, 1), date(2026, 3, 31))
    assert len(months_of(periods["year"])) == 12


def test_schools_that_asked_are_a_share_of_all_and_those_that_did_not_are_named():
    caches["figures"].clear()
    asked = make_school("Orchard", phase="primary")
    make_school("Meadow", phase="primary")
    make_school("Hill", phase="secondary")
    make_school("Closed", phase="primary", active=False)
    for _ in range(2):
        referral = make_referral()
        with seeing_as(front_door()):
            Referral.objects.filter(pk=referral.pk).update(sender_organisation=asked)

    figure = counts.figure(counts.SCHOOLS_ASK, NOVEMBER, by="phase", at=AT)

    assert shown(figure)["Primary"] == ["50", "2"]
    assert shown(figure)["Secondary"] == ["0", "1"]
    assert shown(figure)["Special"] == ["none", "0"]
    assert shown(figure)["All"] == ["33.3", "3"]
    assert counts.partners_that_do_not_ask(counts.SCHOOLS_ASK, NOVEMBER, AT) == [
        ("Hill", "Secondary"), ("Meadow", "Primary"),
    ]  # fmt: skip


def test_voluntary_groups_that_asked_are_told_apart_by_town_and_country():
    caches["figures"].clear()
    make_places()
    hub = make_hub("Banbury")
    Catchment.objects.create(hub=hub, neighbourhood_id="OX16 1", since=date(2020, 1, 1))
    for number in range(COUNTRY_FEWER):
        Postcode.objects.create(
            code=f"OX41{number:03}", easting=450_000, northing=205_000, latitude=51.7, longitude=-1.2,
            district_id="E07000178", neighbourhood_id="OX4 1",
        )  # fmt: skip
    town = make_group("Town friends", easting=451_000, northing=205_000, postcode="OX4 1AA")
    village = make_group("Village hall", easting=470_000, northing=205_000, postcode="OX16 1AA")
    make_group("Nobody knows where")
    make_group("Gone", active=False, easting=470_000, northing=205_000)
    for one in (town, village):
        with seeing_as(front_door()):
            Referral.objects.filter(pk=make_referral().pk).update(sender_organisation=one)
    make_group("Second village", easting=475_000, northing=205_000)

    by_place = counts.figure(counts.GROUPS_ASK, NOVEMBER, by="place", at=AT)
    by_hub = counts.figure(counts.GROUPS_ASK, NOVEMBER, by="hub", at=AT)

    assert shown(by_place) == {
        "In the country": ["50", "2"],
        "In a town": ["100", "1"],
        "Place not known": ["0", "1"],
        "All": ["50", "4"],
    }
    assert shown(by_hub)["Banbury"] == ["100", "1"]
    assert shown(by_hub)["No hub’s area, or not known"] == ["33.3", "3"]
    assert counts.partners_that_do_not_ask(counts.GROUPS_ASK, NOVEMBER, AT) == [
        ("Nobody knows where", "Place not known"), ("Second village", "In the country"),
    ]  # fmt: skip


def make_group(name, **fields):
    return Organisation.objects.create(name=name, kind="voluntary", **fields)
