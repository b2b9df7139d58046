"""Lists that every page reads are asked for once, until somebody changes them."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kith.accounts.models import Cover
from kith.accounts.viewer import see_as
from kith.audit import lists
from kith.hubs.models import ClosedDay
from kith.ui.models import Look
from kith.ui.queries import county_look
from tests.factories.accounts import make_user
from tests.factories.referrals import make_desk_worker


def name_on_the_start_page() -> str:
    page = Client().get("/").content.decode()
    return page.split('<a class="kith-header__name"')[1].split(">")[1].split("<")[0].strip()


def test_a_change_of_a_list_shows_on_the_very_next_page(fresh_database):
    Look.objects.update_or_create(pk=1, defaults={"county_name": "Rutland"})
    assert name_on_the_start_page() == "Rutland"

    Look.objects.filter(pk=1).update(county_name="Dorset")

    assert name_on_the_start_page() == "Dorset"


def test_an_unchanged_list_is_not_asked_for_again(fresh_database):
    Look.objects.update_or_create(pk=1, defaults={"county_name": "Rutland"})
    name_on_the_start_page()

    with CaptureQueriesContext(connection) as asked:
        assert name_on_the_start_page() == "Rutland"

    assert not [query for query in asked if "ui_look" in query["sql"]]


def test_what_is_not_yet_committed_or_is_taken_back_is_kept_for_nobody(fresh_database):
    Look.objects.update_or_create(pk=1, defaults={"county_name": "Rutland"})
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Look.objects.filter(pk=1).update(county_name="Dorset")
        assert name_on_the_start_page() == "Dorset"  # within the transaction that changes it
        raise ZeroDivisionError

    assert name_on_the_start_page() == "Rutland"


def test_whoever_may_change_a_list_is_always_told_what_it_is_now(fresh_database):
    with transaction.atomic():
        version = see_as(None)
        with lists.as_of(version):
            county_look()
        Look.objects.update_or_create(pk=1, defaults={"county_name": "Dorset"})
        assert county_look().county_name == "Dorset"


def test_all_changes_of_one_transaction_count_once(fresh_database):
    def version() -> int:
        with transaction.atomic():
            return int(see_as(None).split()[0])

    before = version()
    with transaction.atomic():
        for days in range(3):
            ClosedDay.objects.create(day=timezone.localdate() + timedelta(days=days), name="Shut")
    assert version() == before + 1
    with transaction.atomic():
        ann = make_user(name="Ann")  # what people are called is a list
    assert version() == before + 2
    with transaction.atomic():
        ann.name = "Anne"
        ann.save()
    assert version() == before + 3
    with transaction.atomic():
        type(ann).objects.filter(pk=ann.pk).update(last_login=timezone.now())  # all else is none
    assert version() == before + 3


def test_somebody_who_is_stopped_covers_for_nobody_on_the_next_page(fresh_database):
    with transaction.atomic():
        away, covers = make_desk_worker("Ann Away"), make_user(name="Sue Covers")
        Cover.objects.create(
            absent=away, covered_by=covers, agreed_by=away, since=timezone.localdate()
        )
    client = Client()
    client.force_login(covers)
    assert client.get("/requests/desk/").status_code == 200
    away.is_active = False
    away.save(update_fields=["is_active"])

    assert client.get("/requests/desk/").status_code == 403


def test_the_application_cannot_set_the_count_back(fresh_database):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("update kith_lists set version = 0")
