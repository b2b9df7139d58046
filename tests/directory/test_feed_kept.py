"""What the feed was asked before is answered from memory: never what was, never what somebody typed."""

import pytest
from django.db import connection
from django.test import Client

from kith.directory.models import Place, Schedule, Service
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_places

SERVICES = "/api/oruk/v3/services"


@pytest.fixture
def service(fresh_database):
    make_places()
    return make_service("Stay and play", place=make_place("The Old Chapel"), when={})


def questions(client, address, **headers):
    """Return the answer, and how many questions the database was asked for it."""
    asked = []

    def count(execute, sql, *rest):
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        return client.get(address, headers=headers), len(asked)


def test_the_same_page_costs_one_question_and_is_the_same_to_the_letter(service):
    client = Client()
    first, _ = questions(client, f"{SERVICES}?per_page=50")
    again, asked = questions(client, f"{SERVICES}?per_page=50")

    assert asked == 1
    assert (again.content, dict(again.headers)) == (first.content, dict(first.headers))
    assert again["Access-Control-Allow-Origin"] == "*"
    known, asked = questions(client, f"{SERVICES}?per_page=50", if_none_match=first["ETag"])
    assert (known.status_code, known.content, asked) == (304, b"", 1)


def test_whatever_changes_shows_in_the_next_answer(service):
    client = Client()
    address = f"{SERVICES}?full=true&per_page=50"
    hidden = {"easting": None, "northing": None, "latitude": None, "longitude": None}
    for change in (
        lambda: Service.objects.update(name="Play and stay"),
        lambda: Schedule.objects.update(weekday=4),
        lambda: Schedule.objects.all().delete(),
        lambda: Place.objects.update(shown="on_request", **hidden),
        lambda: Service.objects.update(published=False),
    ):
        before = client.get(address).content
        assert client.get(address).content == before

        change()

        after = client.get(address).content
        assert after != before
        assert Client().get(address).content == after


def test_what_somebody_looks_for_is_never_kept(service):
    client = Client()
    for typed in (
        "search=play",
        "text=play",
        "postcode=OX16 5LS&proximity=900",
        "coverage=OX16 5LS",
    ):
        address = f"{SERVICES}?{typed}"
        client.get(address)
        _, asked = questions(client, address)
        assert asked > 1, typed
