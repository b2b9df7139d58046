"""Officers and people of other bodies, asked to come by e-mail; what they answer without an account."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from kith.accounts.viewer import clock, see_as, seeing_as
from kith.notices.models import Notice
from kith.scrutiny.actions import inviting, meetings
from kith.scrutiny.models import Invited
from tests.factories.scrutiny import add_item, make_meeting, make_officer

pytestmark = pytest.mark.django_db
ADDRESS = "housing@district.example"
SECRET = "Qwertzuiop"


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def item(officer):
    meeting = make_meeting(officer, starts_at=now() + timedelta(days=30))
    return add_item(officer, meeting, "Housing", words="Who gets a home.")


def ask(officer, item, **more):
    values = {"name": "", "post": "Head of Housing", "body": "A district", "email": ADDRESS, **more}
    return inviting.invite(item=item, **values, by=officer, at=now())


def letters(key):
    with seeing_as(clock()):
        return list(Notice.objects.filter(key=f"scrutiny.{key}").order_by("made_at", "pk"))


def link_in(letter):
    return re.search(r"https?://[^/]+(/committees/asked/\S+)", letter.body)[1]


def test_whoever_is_asked_gets_a_letter_with_a_calendar_entry_and_answers_by_its_link(
    officer, item, client
):
    made = ask(officer, item)
    (letter,) = letters("invited")
    assert letter.to == ADDRESS and "Who gets a home." in letter.body
    assert "METHOD:REQUEST" in letter.calendar

    page = link_in(letter)
    assert "You are asked to come" in client.get(page).content.decode()
    wrong = client.post(page, {"coming": "instead", "says": ""}).content.decode()
    assert "Say who comes: a name and a post." in wrong
    client.post(page, {"coming": "instead", "says": "Jo Field, deputy"})
    see_as(officer)
    made.refresh_from_db()
    assert (made.came, made.says) == ("coming", "Comes instead: Jo Field, deputy")

    client.force_login(officer)
    agenda = client.get(reverse("scrutiny:meeting", args=[item.meeting.uid])).content.decode()
    assert "Comes instead: Jo Field, deputy" in agenda


def test_a_meeting_that_moves_or_is_cancelled_tells_them_and_their_calendar(officer, item, client):
    made = ask(officer, item)
    client.post(link_in(letters("invited")[0]), {"coming": "yes"})
    see_as(officer)
    later = item.meeting.starts_at + timedelta(days=1)
    meetings.move_meeting(
        meeting=item.meeting, starts_at=later, ends_at=None, place="Town Hall", why="Snow", by=officer, at=now(),
    )  # fmt: skip
    (moved,) = letters("invited_again")
    assert "Town Hall" in moved.body and "Snow" in moved.body
    made.refresh_from_db()
    assert made.came == "asked", "who said yes to one day has not said so to another"
    assert client.get(link_in(letters("invited")[0])).status_code == 404, "the newer letter counts"

    see_as(officer)
    item.meeting.refresh_from_db()
    meetings.cancel_meeting(meeting=item.meeting, why="Flood", by=officer, at=now())
    (off,) = letters("not_invited")
    assert "Flood" in off.body and "METHOD:CANCEL" in off.calendar
    assert client.get(link_in(moved)).status_code == 404


def test_nothing_that_is_not_for_the_public_stands_in_a_letter_or_on_its_page(officer, client):
    meeting = make_meeting(officer, starts_at=now() + timedelta(days=30))
    item = add_item(
        officer, meeting, f"{SECRET} lease", words=SECRET, exempt=True, paragraphs=[3], public_interest="x"
    )  # fmt: skip
    ask(officer, item)
    (letter,) = letters("invited")
    assert SECRET not in letter.body + letter.calendar + letter.subject
    assert SECRET not in client.get(link_in(letter)).content.decode()


def test_without_an_address_nobody_is_written_to_and_who_is_asked_no_longer_is_told(officer, item):
    ask(officer, item, email="")
    assert letters("invited") == []
    made = ask(officer, item)
    inviting.take_back_invitation(invited=made, by=officer, at=now())
    assert len(letters("not_invited")) == 1 and Invited.objects.count() == 1
