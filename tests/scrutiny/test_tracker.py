"""What the public may follow of recommendations, and what never leaves the room."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from kith.accounts.viewer import see_as
from kith.scrutiny.actions import answering, recommending, tracking
from kith.scrutiny.actions.answering import Reply
from kith.scrutiny.actions.refusals import ScrutinyRefused
from tests.factories.recommendations import AFTER, make_agreed, make_draft, make_item, send
from tests.factories.scrutiny import make_committee, make_officer

pytestmark = pytest.mark.django_db
LATER = AFTER + timedelta(days=20)


@pytest.fixture
def officer():
    return make_officer()


def public_text() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(json_agg(p)::text, '') from scrutiny_published p")
        return str(cursor.fetchone()[0])


def test_a_citizen_follows_what_was_published_and_finds_it_by_its_words(client, officer):
    found = send(
        officer,
        make_agreed(officer, words="That hubs open on Saturdays."),
        email="secret@x.example",
    )
    answering.answer(
        recommendation=found,
        reply=Reply("not", "No.", reason="Nobody to open them."),
        by=officer,
        at=LATER,
    )
    where = reverse("recommendations:public_one", args=[found.uid])
    assert client.get(where).status_code == 404
    see_as(officer)
    tracking.publish(recommendation=found, by=officer, at=LATER)
    see_as(None)

    page = client.get(where).content.decode()
    assert "That hubs open on Saturdays." in page
    assert "Nobody to open them." in page
    assert "Saturdays" in client.get(reverse("recommendations:public")).content.decode()
    found_by = client.get(reverse("meetings:search"), {"q": "saturdays"}).content.decode()
    assert where in found_by
    assert "secret@x.example" not in public_text()


def test_drafts_what_is_exempt_and_what_was_taken_back_are_never_seen(client, officer):
    committee = make_committee(officer)
    draft = make_draft(officer, committee, words="ZEBRAFISH")
    with pytest.raises(ScrutinyRefused, match="Only what the committee agreed"):
        tracking.publish(recommendation=draft, by=officer, at=LATER)
    item = make_item(officer, committee)
    item.exempt, item.paragraphs, item.public_interest = True, [3], "Money."
    item.save()
    secret = recommending.agree(recommendation=draft, item=item, by=officer, at=AFTER)
    with pytest.raises(ScrutinyRefused, match="not for the public"):
        tracking.publish(recommendation=secret, by=officer, at=LATER)
    assert "ZEBRAFISH" not in public_text()
    open_one = make_agreed(officer, words="QUOKKA")
    tracking.publish(recommendation=open_one, by=officer, at=LATER)
    assert "QUOKKA" in public_text()

    tracking.unpublish(recommendation=open_one, by=officer, at=LATER)

    assert "QUOKKA" not in public_text()
    where = reverse("recommendations:public_one", args=[open_one.uid])
    gone = client.get(where)
    assert gone.status_code == 410
    assert "QUOKKA" not in gone.content.decode()
    see_as(officer)
    with pytest.raises(ScrutinyRefused, match="It is not published"):
        tracking.unpublish(recommendation=open_one, by=officer, at=LATER)


def test_what_is_new_is_seen_only_once_it_is_published_again(client, officer):
    found = send(officer, make_agreed(officer))
    tracking.publish(recommendation=found, by=officer, at=AFTER)
    answering.answer(
        recommendation=found, reply=Reply("accepted", "Gladly so."), by=officer, at=LATER
    )
    assert "Gladly so." not in public_text()
    tracking.publish(recommendation=found, by=officer, at=LATER)
    assert "Gladly so." in public_text()
