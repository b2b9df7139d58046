"""Letters about what committees publish: confirmed by whoever owns the address, and stopped with one click."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.timezone import now

from kith.accounts.viewer import clock, see_as, seeing_as
from kith.notices.delivery import _message
from kith.notices.models import Notice
from kith.scrutiny.actions import alerting, publishing
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Alert, Published
from tests.factories.scrutiny import add_item, call, make_committee, make_meeting, make_officer

pytestmark = pytest.mark.django_db
ADDRESS = "reader@home.example"


@pytest.fixture
def officer():
    return make_officer()


def letters(key):
    with seeing_as(clock()):
        return list(Notice.objects.filter(key=f"scrutiny.{key}").order_by("made_at", "pk"))


def alerts():
    with seeing_as(clock()):
        return list(Alert.objects.order_by("pk"))


def link_in(letter):
    return re.search(r"https?://[^/]+(/committees/told/\S+)", letter.body)[1]


def confirmed(client, **asked):
    alerting.ask_for(email=ADDRESS, at=now(), **asked)
    client.post(link_in(letters("alert_asked")[-1]))


def test_nothing_but_one_letter_is_sent_until_its_link_is_followed_and_confirmed(officer, client):
    committee = make_committee(officer)
    alerting.ask_for(email=ADDRESS, committee=committee, at=now())
    (letter,) = letters("alert_asked")
    assert letter.to == ADDRESS and str(committee) in letter.body

    with seeing_as(clock()):
        assert alerting.tell(by=clock(), at=now() + timedelta(hours=1)) == 0
    shown = client.get(link_in(letter))
    assert "Do you want to be told?" in shown.content.decode()
    assert alerts()[0].confirmed_at is None, "programs open links too: opening changes nothing"
    assert "You will be told" in client.post(link_in(letter)).content.decode()
    assert alerts()[0].confirmed_at


def test_a_letter_tells_what_is_new_since_the_last_and_only_what_is_published(officer, client):
    meeting = make_meeting(officer, starts_at=now() + timedelta(days=30))
    add_item(officer, meeting, "Buses for villages")
    add_item(officer, meeting, "Qwertzuiop", exempt=True, paragraphs=[3], public_interest="A lease")
    confirmed(client, committee=meeting.committee)
    see_as(officer)
    draft = make_meeting(
        officer, meeting.committee, starts_at=meeting.starts_at + timedelta(days=9)
    )
    add_item(officer, draft, "Zyxwvut draft")
    later = alerts()[0].told_until + timedelta(hours=1)
    call(officer, meeting, at=later)

    with seeing_as(clock()):
        assert alerting.tell(by=clock(), at=later + timedelta(hours=1)) == 1
        assert alerting.tell(by=clock(), at=later + timedelta(hours=2)) == 0, "it is news once"
    (letter,) = letters("alert")
    assert reverse("meetings:meeting", args=[meeting.uid]) in letter.body
    assert "Zyxwvut" not in letter.body and "lease" not in letter.body
    assert letter.body.count("Meeting: ") == 1 and "Agenda item" not in letter.body, (
        "told once, by its meeting"
    )


def test_words_find_the_item_that_holds_them_and_a_thing_is_followed_by_itself(officer, client):
    meeting = make_meeting(officer, starts_at=now() + timedelta(days=30))
    item = add_item(officer, meeting, "A bus for villages")
    confirmed(client, words="village bus")
    see_as(officer)
    later = alerts()[0].told_until + timedelta(hours=1)
    call(officer, meeting, at=later)
    confirmed(client, thing=Published.objects.get(pk=item.uid))
    with seeing_as(clock()):
        assert alerting.tell(by=clock(), at=later + timedelta(minutes=1)) == 2
    of_words, of_thing = sorted(letters("alert"), key=lambda one: "“village bus”" not in one.body)
    page = reverse("meetings:item", args=[item.uid])
    assert page in of_words.body and "“village bus” in all committees" in of_words.body
    assert page in of_thing.body and "A bus for villages" in of_thing.body


def test_the_letter_stops_with_one_click_and_the_address_is_forgotten(officer, client):
    meeting = make_meeting(officer, starts_at=now() + timedelta(days=30))
    confirmed(client, committee=meeting.committee)
    see_as(officer)
    later = alerts()[0].told_until + timedelta(hours=1)
    call(officer, meeting, at=later)
    with seeing_as(clock()):
        alerting.tell(by=clock(), at=later)
    (letter,) = letters("alert")
    message = _message(letter).message()
    assert message["List-Unsubscribe"] == f"<{letter.secrets[0]}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    stop = link_in(letter)
    assert "Stop these letters?" in client.get(stop).content.decode() and len(alerts()) == 1
    answer = client.post(stop, {"List-Unsubscribe": "One-Click"})
    assert "You are told no more" in answer.content.decode() and alerts() == []
    assert client.post(stop).status_code == 404, "the link is over"
    assert mail.outbox == []


def test_asking_says_the_same_whatever_is_known_and_leaves_an_address_in_peace(officer, client):
    committee = make_committee(officer)
    page = reverse("meetings:ask_for_alert")
    said = []
    for words in ("one", "two", "three", "four", "five"):
        answer = client.post(page, {"words": words, "committee": committee.slug, "email": ADDRESS})
        said.append(answer.content.decode())
    assert all("Look into your e-mail" in one for one in said)
    assert len(letters("alert_asked")) == alerting.LETTERS_A_DAY

    client.post(link_in(letters("alert_asked")[0]))
    for _ in range(4):
        client.post(page, {"words": "one", "committee": committee.slug, "email": ADDRESS})
    assert letters("alert_known") == [], "nor does asking again and again for what is told already"

    answer = client.post(page, {"words": "", "committee": "", "email": ADDRESS})
    assert "Choose a committee, or write a word" in answer.content.decode()
    answer = client.post(page, {"words": "x", "email": "no address"})
    assert "Look into" not in answer.content.decode()
    client.post(page, {"words": "x", "email": "bot@spam.example", "subject": "buy"})
    assert {one.email for one in alerts()} == {ADDRESS}, "a program that fills in every field"
    with pytest.raises(ScrutinyRefused):
        alerting.ask_for(email=ADDRESS, words="  ", at=now())


def test_who_never_confirmed_is_forgotten(officer):
    alerting.ask_for(email=ADDRESS, committee=make_committee(officer), at=now())
    with seeing_as(clock()):
        alerting.tell(by=clock(), at=now() + timedelta(days=alerting.CONFIRM_DAYS, hours=1))
    assert alerts() == []


def test_nobody_but_the_clock_reads_the_addresses(officer, client):
    alerting.ask_for(email=ADDRESS, committee=make_committee(officer), at=now())
    see_as(officer)
    assert not Alert.objects.exists()
    see_as(None)
    assert not Alert.objects.exists()
    assert publishing.take_back(Published.objects.none(), at=now()) == 0
