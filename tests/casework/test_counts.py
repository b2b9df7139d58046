from datetime import date, timedelta

import pytest

from kith.accounts.viewer import seeing_as
from kith.analytics.indicators import Period
from kith.casework import actions, counts
from tests.factories.casework import AT, make_case, make_staffed_hub

pytestmark = pytest.mark.django_db
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), "November 2026")


def shown(figure):
    return {row.label: [cell.text for cell in row.cells] for row in (*figure.rows, figure.total)}


def test_open_cases_are_counted_by_hub_and_small_ones_hidden():
    banbury, witney = make_staffed_hub("Banbury"), make_staffed_hub("Witney")
    for _ in range(6):
        make_case(banbury, worker=banbury.worker)
    make_case(witney)

    figure = counts.figure(counts.OPEN_CASES, NOVEMBER, by="hub", at=AT)

    assert figure.columns == ("Waiting for a worker", "Open", "All")
    assert shown(figure)["Witney"][0] == "hidden"
    assert shown(figure)["Witney"][1] == "0"
    assert shown(figure)["All"][0] == "hidden"


def test_first_contact_counts_those_reached_late_and_not_at_all():
    hub = make_staffed_hub("Banbury")
    for days in (1, 1, 1, 1, 1, 20, 20, 20, 20, 20):
        case = make_case(hub, worker=hub.worker)
        with seeing_as(hub.worker):
            actions.record_contact(
                case=case,
                how="phone",
                with_whom="Grace",
                succeeded=True,
                words="Spoke for a while",
                contacted_at=AT + timedelta(days=days),
                by=hub.worker,
                at=AT + timedelta(days=days),
            )
    for _ in range(5):
        make_case(hub, worker=hub.worker)

    later = AT + timedelta(days=40)
    in_time = counts.figure(counts.CONTACT_IN_TIME, NOVEMBER, by="hub", at=later)
    days = counts.figure(counts.DAYS_TO_CONTACT, NOVEMBER, by="hub", at=later)

    assert shown(in_time)["Banbury"] == ["33.3", "15"]
    assert shown(days)["Banbury"] == ["10.5"]


def test_every_indicator_can_be_split_in_every_way_it_names():
    make_staffed_hub("Banbury")
    for indicator in counts.INDICATORS:
        for way in indicator.by:
            figure = counts.figure(indicator, NOVEMBER, by=way, at=AT)
            assert len(figure.rows[0].cells) == len(figure.columns)
