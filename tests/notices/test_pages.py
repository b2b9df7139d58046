"""The outbox, the words and the demonstration's letter-box, in a browser."""

import pytest
from django.urls import reverse

from kith.accounts.viewer import clock, see_as, seeing_as
from kith.notices import actions, delivery, queries, words
from kith.notices.models import Notice
from tests.factories.accounts import make_team, make_user
from tests.notices.conftest import GREETING

pytestmark = pytest.mark.django_db
WORDING = words.find("referral.received")
WORDS = reverse("notices:wording", args=[WORDING.key, "email"])


@pytest.fixture
def desk(client):
    desk = make_user("county_desk", make_team("Desk", "desk"))
    client.force_login(desk)
    return desk


@pytest.fixture
def lead(client):
    lead = make_user("county_lead", make_team("Desk", "desk"))
    client.force_login(lead)
    return lead


def greeting(at, to="ada@example.org", once="once"):
    context = {"reference": "R-1", "name": "<b>Ada</b>", "words": ""}
    with seeing_as(clock()):
        return actions.send(GREETING, to=to, context=context, once_key=once, at=at)


def test_the_desk_finds_what_could_not_be_sent_and_sends_it_again(client, desk, at):
    greeting(at)
    failed = greeting(at, to="no address", once="wrong")

    everything = client.get(reverse("notices:outbox")).content.decode()
    only = client.get(reverse("notices:outbox"), {"state": "failed"}).content.decode()
    page = client.get(reverse("notices:one", args=[failed.pk])).content.decode()
    client.post(reverse("notices:send_again", args=[failed.pk]))

    assert "1 could not be sent" in everything
    assert "ada@example.org" in everything
    assert "ada@example.org" not in only
    assert "This is not an e-mail address." in page
    assert "&lt;b&gt;Ada&lt;/b&gt;" in page
    see_as(desk)
    assert Notice.objects.get(pk=failed.pk).state == "waiting"


def test_only_the_desk_has_the_outbox_and_only_leads_the_words(client, at):
    notice = greeting(at)
    outbox, one = reverse("notices:outbox"), reverse("notices:one", args=[notice.pk])
    again = reverse("notices:send_again", args=[notice.pk])
    restore = reverse("notices:restore", args=[WORDING.key, "email"])

    assert client.get(outbox).status_code == 302
    client.force_login(make_user("hub_manager", make_team("Witney")))
    assert client.get(outbox).status_code == 403
    assert client.get(one).status_code == client.post(again).status_code == 404
    assert client.get(reverse("notices:wordings")).status_code == 403
    assert client.get(WORDS).status_code == client.post(restore).status_code == 403
    client.force_login(make_user("county_lead", make_team("Desk", "desk")))
    assert client.get(outbox).status_code == client.get(WORDS).status_code == 200


def test_a_county_tries_its_own_words_saves_them_and_goes_back(client, lead):
    own = {"subject": "We have ((reference))", "body": "Hello.\n\nSee ((link))"}

    preview = client.post(WORDS, own | {"preview": "yes"}).content.decode()
    assert "Preview: not saved yet" in preview
    assert "We have R-2026-004217" in preview
    assert not queries.words_now(WORDING, "email").own

    client.post(WORDS, own | {"save": "yes"})
    assert queries.words_now(WORDING, "email").subject == "We have ((reference))"
    assert "Your own" in client.get(reverse("notices:wordings")).content.decode()

    client.post(reverse("notices:restore", args=[WORDING.key, "email"]))
    assert not queries.words_now(WORDING, "email").own


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"body": "Dear ((surname))"}, "This notice has no field ((surname))"),
        ({"subject": "About ((link))"}, "Take ((link)) out of the subject"),
        ({"body": " "}, "Enter words"),
        ({"body": "x" * 20_001}, "20,000"),
    ],
)
def test_words_that_cannot_be_used_are_refused_and_kept_on_the_page(client, lead, own, said):
    given = {"subject": "Hello", "body": "Hello there"} | own

    answer = client.post(WORDS, given | {"save": "yes"})

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert given["subject"] in answer.content.decode()
    assert not queries.words_now(WORDING, "email").own


def test_words_of_a_text_message_have_no_subject(client, lead):
    text = reverse("notices:wording", args=[WORDING.key, "text"])

    page = client.get(text).content.decode()
    client.post(text, {"body": "Got it: ((reference))", "save": "yes"})

    assert "No provider: text messages are not set up" in page
    assert 'name="subject"' not in page
    assert queries.words_now(WORDING, "text").body == "Got it: ((reference))"
    assert client.get(reverse("notices:wording", args=["no.such", "email"])).status_code == 404
    assert client.get(reverse("notices:wording", args=[WORDING.key, "drum"])).status_code == 404


def test_the_words_a_decision_begins_with_have_no_subject_and_no_channel(client, lead):
    begins = reverse("notices:wording", args=["referral.words.send_on", "page"])

    page = client.post(begins, {"body": "Hello. ((organisation)) helps.", "preview": "yes"})
    client.post(begins, {"body": "Thank you. ((organisation)) helps ((children)).", "save": "yes"})

    assert "Hello. Home-Start helps." in page.content.decode()
    assert 'name="subject"' not in page.content.decode()
    assert "In a subject" not in page.content.decode()
    wording = words.find("referral.words.send_on")
    said = {"organisation": "The advice centre", "children": "Ada"}
    filled = queries.words_to_begin_with(wording, said)
    assert filled == "Thank you. The advice centre helps Ada."
    assert client.get(begins.replace("/page/", "/email/")).status_code == 404
    outbox = client.get(reverse("notices:outbox")).content.decode()
    assert "referral.words" not in outbox


def test_the_letter_box_is_there_in_the_demonstration_and_nowhere_else(
    client, at, settings, tmp_path
):
    settings.KITH_MAIL_FOLDER = tmp_path
    notice = greeting(at)
    delivery.give_away(notice)
    box = reverse("notices:letter_box")
    letter = reverse("notices:letter", args=[notice.pk])

    assert client.get(box).status_code == client.get(letter).status_code == 404
    settings.DEMO = True
    assert "ada@example.org" in client.get(box).content.decode()
    text = client.get(letter).content.decode()
    assert "&lt;b&gt;Ada&lt;/b&gt;" in text
    missing = reverse("notices:letter", args=["00000000-0000-0000-0000-000000000000"])
    assert client.get(missing).status_code == 404
