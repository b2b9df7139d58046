"""The directory handed out as a file: what leaves is what everybody may read."""

import csv
import gc
import io
import json
import re
import tracemalloc
from pathlib import Path

import pytest

from kith.directory import downloads
from kith.directory.actions import set_up_terms
from kith.directory.models import Service
from kith.directory.oruk import with_all
from tests.factories.accounts import make_team, make_user
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_places

pytestmark = pytest.mark.django_db
PAGE = Path("docs/how-to/read-the-directory-as-data.md")


@pytest.fixture(autouse=True)
def county():
    make_places()
    set_up_terms()


def body(answer):
    return b"".join(answer.streaming_content)


def table(client, address="/find-help/download/csv/"):
    text = body(client.get(address)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_everything_leaves_as_a_table_as_json_and_line_by_line(client):
    service = make_service("Stay and play", place=make_place(address="1 Mill Lane"), kind="Parenting support",
                           when={}, from_months=0, to_months=59, free=True, phone="01632 960 001")  # fmt: skip
    make_service("Club", place=None)
    (club, play) = table(client)
    assert (club["name"], play["name"]) == ("Club", "Stay and play")
    assert play["id"] == str(service.uid)
    assert (play["youngest_years"], play["oldest_years"], play["free"]) == ("0", "4", "yes")
    assert play["places"] == "The Old Chapel, 1 Mill Lane, Banbury, OX16 5LS"
    assert play["times"] == "Every Tuesday, 10am to 11.30am (The Old Chapel)"
    assert (play["postcode"], play["latitude"], play["kinds"]) == (
        "OX16 5LS",
        "52.06000",
        "Parenting support",
    )
    assert play["page"].endswith(f"/find-help/{service.uid}/")

    told = client.get(f"/api/oruk/v3/services/{service.uid}").json()
    whole = json.loads(body(client.get("/find-help/download/json/")))
    lines = [
        json.loads(line) for line in body(client.get("/find-help/download/ndjson/")).splitlines()
    ]
    assert whole["services"] == lines and lines[1] == told
    answer = client.get("/find-help/download/csv/")
    assert re.search(r'filename="services-\d{4}-\d\d-\d\d.csv"', answer["Content-Disposition"])
    assert client.get("/find-help/download/xml/").status_code == 404


def test_a_search_leaves_as_it_is_shown_and_all_of_it(client):
    for number in range(25):
        make_service(f"Baby group {number:02}", place=make_place(f"Hall {number}"))
    make_service("Youth club")
    found = client.get("/find-help/?q=baby+group")
    assert "25 services" in found.content.decode()
    assert "/find-help/download/csv/?q=baby+group" in found.content.decode()
    assert len(table(client, "/find-help/download/csv/?q=baby+group")) == 25
    assert len(table(client, "/find-help/download/csv/?q=baby+group&page=2")) == 25
    assert table(client, "/find-help/download/csv/?q=zebra") == []
    assert client.get("/find-help/download/csv/?near=nowhere+at+all").status_code == 302
    assert len(table(client)) == 26


def test_nothing_unpublished_for_professionals_or_hidden_leaves_whoever_asks(client):
    secret = {"address": "7 Secret Street", "town": "Banbury", "postcode": "OX16 5LS"}
    make_service("Draft", published=False)
    make_service("For workers", professional_only=True)
    make_service("Ended", status="defunct")
    make_service("Asked", place=make_place("Hidden hall", shown="on_request", **secret))
    make_service(
        "Refuge", place=make_place("Haven house", shown="never", town="", postcode=""), when={}
    )
    make_service(
        "At home",
        place=make_place("Ann’s", shown="area", address="", town="Banbury", postcode="OX16"),
    )
    desk = make_user("county_desk", make_team("County desk", "desk"), "Dora Desk")
    for who in (None, desk):
        if who:
            client.force_login(who)
        for start in (
            ("/find-help/download", "/directory/download") if who else ("/find-help/download",)
        ):
            names = [row["name"] for row in table(client, f"{start}/csv/")]
            assert names == ["Asked", "At home", "Refuge"]
            for kind in ("csv", "json", "ndjson"):
                text = body(client.get(f"{start}/{kind}/")).decode()
                assert not re.search(
                    "Secret Street|Hidden hall|Haven house|Ann’s|OX16 5LS|52.06000", text
                )
    area = next(row for row in table(client) if row["name"] == "At home")
    assert (area["places"], area["postcode"], area["latitude"]) == ("Banbury, OX16", "", "")


def test_a_list_of_the_directory_leaves_as_it_is_filtered(client):
    make_service("Play", assured_on="2020-01-01")
    make_service("Club", assured_on="2026-11-20")
    assert client.get("/directory/download/csv/").status_code == 302, "sign in first"
    client.force_login(make_user("county_desk", make_team("County desk", "desk")))
    assert [row["name"] for row in table(client, "/directory/download/csv/?q=play")] == ["Play"]
    assert "/directory/download/csv/?q=play" in client.get("/directory/?q=play").content.decode()


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(client, begin):
    make_service(f"{begin}cmd|' /C calc'!A1", description=f"{begin}1+1", phone="+44 1632 960 001")
    (row,) = table(client)
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())


def test_a_large_directory_needs_no_more_memory_than_a_small_one(django_assert_max_num_queries):
    provider = make_service("First").provider
    Service.objects.bulk_create(
        Service(provider=provider, name=f"Service {n}", description="Words " * 100, published=True)
        for n in range(1500)
    )
    numbers = list(Service.objects.order_by("pk").values_list("pk", flat=True))
    sum(len(part) for part in downloads.written(numbers[:300], "csv"))

    def most(count):
        size = 0
        tracemalloc.start()
        with django_assert_max_num_queries(6 * (count // downloads.AT_ONCE + 1)):
            for number, part in enumerate(downloads.written(numbers[:count], "ndjson")):
                size += len(part)
                if number % downloads.AT_ONCE == 0:
                    gc.collect()  # what is held counts, not what waits to be thrown away
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size, peak

    (small, few), (large, many) = most(300), most(1500)
    assert large > 4 * small
    assert many < 1.5 * few


def test_every_column_is_described():
    described = set(re.findall(r"^\| `(\w+)`", PAGE.read_text(), re.M))
    assert set(downloads.COLUMNS) <= described
    assert with_all(Service.objects.none()).count() == 0
