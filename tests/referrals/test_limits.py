"""Strangers cannot fill the house, and whoever needs help is never left without a number to ring."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kith.accounts.models import Tally
from kith.accounts.viewer import clock, front_door, see_as
from kith.referrals.actions import clear_expired_drafts
from kith.referrals.models import Attachment, Draft
from tests.factories.referrals import make_sender
from tests.referrals.asking import Asker, problems, set_the_scene

pytestmark = pytest.mark.django_db
AT = timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def scene(settings):
    settings.KITH_BEGUN_PER_SENDER, settings.KITH_BEGUN_PER_COUNTY = 3, 5
    set_the_scene()
    with time_machine.travel(AT, tick=False):
        yield


def begin(address="192.0.2.1", danger="no", user=None):
    asker = Asker(user)
    return asker.client.post("/requests/new/", {"danger": danger}, REMOTE_ADDR=address)


def begun():
    see_as(front_door())
    return Draft.objects.count()


def test_one_address_can_begin_so_many_in_an_hour_and_then_reads_what_to_do(settings):
    first = Asker().begin()
    assert [begin("127.0.0.1").status_code for _ in range(2)] == [302, 302]

    refused = begin("127.0.0.1")

    page = refused.content.decode()
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert settings.KITH_FRONT_DOOR_PHONE in page
    assert "before <strong" in page and "10:30am" in page
    assert 'href="tel:999"' in page and "0800 1111" in page
    assert begun() == 3
    # What was begun goes on, other addresses too, and all is well an hour later.
    assert first.post("who/", {"sender_kind": "parent"}).status_code == 302
    assert begin("192.0.2.9").status_code == 302
    with time_machine.travel(AT + timedelta(minutes=61)):
        assert begin("127.0.0.1").status_code == 302


def test_whoever_says_that_somebody_is_in_danger_gets_the_numbers_first():
    for _ in range(3):
        begin()

    page = begin(danger="yes").content.decode()

    order = ["Call somebody now</h1>", "In danger right now", "You cannot begin a request here"]
    assert order == sorted(order, key=page.index)


def test_the_county_as_a_whole_has_a_limit_that_keeps_out_nobody_who_is_signed_in():
    answers = [begin(f"192.0.2.{number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    sender = make_sender("Orchard School")

    assert [begin(user=sender).status_code for _ in range(4)] == [302] * 3 + [429]
    assert begin(user=make_sender("Hill School")).status_code == 302


def test_what_was_counted_names_no_address_and_is_cleared_away():
    begin("192.0.2.77")
    kept = Tally.objects.get(key__startswith="begun address")
    assert "192.0.2.77" not in kept.key and len(kept.key.split()[-1]) == 32

    see_as(clock())
    clear_expired_drafts(by=clock(), at=AT + timedelta(minutes=59))
    assert Tally.objects.exists()
    clear_expired_drafts(by=clock(), at=AT + timedelta(minutes=61))
    assert not Tally.objects.exists()


def test_neighbours_behind_one_line_of_the_newer_internet_count_as_one():
    answers = [begin(f"2001:db8:1:2::{number}") for number in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]


def with_file(asker, megabytes, name="letter.txt"):
    content = b"x" * int(megabytes * 1024 * 1024)
    return asker.post("files/add/", {"file": SimpleUploadedFile(name, content)})


def test_the_files_of_a_request_have_a_size_together_and_those_of_an_hour_too(settings):
    asker = Asker().begin()
    assert [with_file(asker, 9).status_code for _ in range(2)] == [302, 302]

    (said,) = problems(with_file(asker, 3))
    assert said == "All files together can be 20 MB. Remove one, or choose a smaller one"
    assert with_file(asker, 1).status_code == 302

    settings.KITH_FILES_PER_SENDER = 20
    other = Asker().begin()
    (said,) = problems(with_file(other, 2))
    assert "Try again after 10:30, or go on without this file" in said
    assert other.post("who/", {"sender_kind": "parent"}).status_code == 302
    see_as(front_door())
    assert Attachment.objects.count() == 3
