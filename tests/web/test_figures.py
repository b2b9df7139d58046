"""The dashboards: who sees which figures, the same values in page, table and download."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.db import connection
from django.urls import reverse

from kith.analytics.indicators import HIDDEN, NOTHING, Cell, Figure, Indicator, Period, Row
from kith.figures.registry import HOMES
from kith.figures.words import lines
from kith.web import figures
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_hub

pytestmark = pytest.mark.django_db

MAY = Period(date(2026, 5, 1), date(2026, 6, 30), "May to June 2026")
AT = datetime(2026, 7, 1, 9, 0, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture(autouse=True)
def counted_anew():
    caches["figures"].clear()
    yield
    caches["figures"].clear()


@pytest.fixture
def desk():
    return make_team("County desk", "desk")


@pytest.fixture
def lead(desk):
    return make_user("county_lead", desk)


def made(kind: str, rows: list, columns=("Requests",), by="hub") -> Figure:
    indicator = Indicator(
        "k", "Decided in time", "Words.", "% decided", "more", kind, "Requests", ("hub", "month")
    )
    lines = tuple(Row(key, key.title(), tuple(cells)) for key, *cells in rows)
    return Figure(indicator, MAY, by, columns, lines, Row("all", "All", lines[0].cells), AT)


def test_every_indicator_of_every_module_has_its_page_for_the_county_lead(client, lead):
    client.force_login(lead)

    for key, (indicator, _) in HOMES.items():
        for way in indicator.by:
            page = client.get(reverse("figure", args=[key]), {"by": way})

            assert page.status_code == 200, (key, way)
            assert indicator.definition.split(".")[0] in page.content.decode().replace(
                "&#x27;", "'"
            ).replace("&quot;", '"')


def test_the_dashboard_shows_a_tile_and_a_way_to_the_definition_of_each_figure(client, lead):
    client.force_login(lead)

    page = client.get(reverse("figures")).content.decode()

    for key in figures.COUNTY_TILES:
        assert HOMES[key][0].name in page
        assert reverse("figure", args=[key]) in page


def test_figures_are_for_hub_and_county_staff_and_a_hub_sees_only_its_own(client, lead):
    banbury, witney = make_hub("Banbury"), make_hub("Witney")
    manager = make_user("hub_manager", banbury.team)
    referrer = make_user("referrer", make_team("School", "partner"))

    client.force_login(referrer)
    assert client.get(reverse("figures")).status_code == 403
    client.force_login(manager)
    assert client.get(reverse("figures"), {"hub": banbury.slug}).status_code == 200
    assert client.get(reverse("figures"), {"hub": witney.slug}).status_code == 404
    assert (
        client.get(reverse("figure", args=["requests-received"]), {"hub": witney.slug}).status_code
        == 404
    )
    client.force_login(lead)
    assert client.get(reverse("figures"), {"hub": witney.slug}).status_code == 200


def test_a_hub_manager_never_sees_the_hubs_side_by_side(client):
    banbury, witney = make_hub("Banbury"), make_hub("Witney")
    manager = make_user("hub_manager", banbury.team)
    client.force_login(manager)

    for question in ({"hub": banbury.slug}, {"hub": "", "by": "hub"}, {"by": "hub"}):
        for name in ("figure", "figure_csv"):
            for key in HOMES:
                page = client.get(reverse(name, args=[key]), question)
                assert witney.name not in page.content.decode(), (name, key, question)
        assert witney.name not in client.get(reverse("figures"), question).content.decode()


@pytest.mark.parametrize(
    "question", [{"period": "1066"}, {"period": "\x00"}, {"by": "<script>"}, {"by": ""}]
)
def test_an_odd_address_gets_the_usual_figure(client, lead, question):
    client.force_login(lead)

    page = client.get(reverse("figure", args=["requests-received"]), question)

    assert page.status_code == 200
    assert b"<script>" not in page.content


def test_there_is_no_page_for_a_figure_that_does_not_exist(client, lead):
    client.force_login(lead)

    assert client.get(reverse("figure", args=["secret-figure"])).status_code == 404
    assert client.get(reverse("figures"), {"hub": "nowhere"}).status_code == 404


def test_the_download_has_the_values_of_the_page(client, lead):
    client.force_login(lead)

    answer = client.get(reverse("figure_csv", args=["requests-received"]), {"by": "month"})

    lines = answer.content.decode().splitlines()
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert lines[0] == "Month,Requests"
    assert len(lines) == 14  # twelve months, the heading and the sum
    assert lines[-1].startswith("All,")


def test_what_is_hidden_stays_hidden_in_picture_table_and_download():
    figure = made(
        "share",
        [("witney", HIDDEN, HIDDEN), ("banbury", Cell(91.5), Cell(20))],
        ("% yes", "Out of"),
    )

    assert lines(figure)[0] == ["Witney", "hidden", "hidden"]
    assert lines(figure)[1] == ["Banbury", "91.5%", "20"]
    assert "Witney,hidden,hidden" in figures.as_csv(figure)
    assert figures.chart_of(figure).table_rows[0] == ["Witney", "hidden"]


def test_a_name_in_the_download_is_never_taken_for_a_formula():
    figure = made("count", [("=cmd()", Cell(7)), ("b", NOTHING)])

    assert figures.as_csv(figure).splitlines()[1] == "'=Cmd(),7"


@pytest.mark.parametrize(
    ("kind", "by", "columns", "expected"),
    [
        ("count", "month", 1, "columns"),
        ("count", "hub", 1, "bars"),
        ("share", "month", 2, "line"),
        ("share", "hub", 2, "bars"),
        ("count", "sender", 3, "shares"),
    ],
)
def test_each_figure_gets_the_chart_that_suits_it(kind, by, columns, expected):
    cells = [Cell(6.0)] * columns
    figure = made(kind, [("a", *cells), ("b", *cells)], tuple("xyz"[:columns]), by)

    assert figures.chart_of(figure).kind == expected


def test_figures_leave_whoever_looks_as_they_were(lead, seen_by):
    seen_by(lead)

    figures.board(MAY, AT)

    with connection.cursor() as cursor:
        cursor.execute("select kith_viewer()")
        assert cursor.fetchone() == (lead.pk,)
