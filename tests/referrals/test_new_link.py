"""A sender without an account whose link has run out comes by a new one."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from kith.accounts.actions import make_link
from kith.accounts.viewer import front_door, seeing_as
from kith.notices.models import Notice
from tests.factories.referrals import make_referral

pytestmark = pytest.mark.django_db


def letters() -> list[Notice]:
    with seeing_as(front_door()):
        return list(Notice.objects.filter(key="referral.new_link"))


def test_a_link_that_has_run_out_offers_a_new_one_to_the_same_address_only(client):
    cache.clear()
    referral = make_referral()
    old = make_link(
        purpose="referral",
        subject_id=referral.pk,
        sent_to="sam@school.example",
        at=timezone.now() - timedelta(days=400),
    )

    page = client.get(f"/requests/link/{old}/")
    assert page.status_code == 404
    assert "Send me a new link" in page.content.decode()
    assert "sam@school.example" not in page.content.decode()

    sent = client.post(f"/requests/link/{old}/new/")
    assert "sam@school.example" not in sent.content.decode()
    (letter,) = letters()
    assert letter.to == "sam@school.example"
    assert "/requests/link/" not in letter.shown_body, "the outbox shows nobody the link"
    path = next(word for word in letter.body.split() if "/requests/link/" in word)
    opened = client.get("/" + path.split("/", 3)[3], follow=True)
    assert opened.status_code == 200
    assert referral.reference in opened.content.decode()


def test_a_guessed_link_gets_the_same_words_and_no_letter(client):
    cache.clear()

    page = client.get("/requests/link/guess/")
    assert "Send me a new link" not in page.content.decode()
    sent = client.post("/requests/link/guess/new/")

    assert "Look in your e-mail" in sent.content.decode()
    assert letters() == []
