"""What needs doing today: the right things, first, and no slower with more of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kith.accounts.viewer import front_door, seeing_as
from kith.web.today import today_for
from tests.factories.referrals import make_desk_worker, make_referral, make_sender

pytestmark = pytest.mark.django_db


def number(page, label: str) -> int:
    return next(task.number for task in page.tasks if task.label == label)


def test_the_desk_sees_what_is_past_its_promise_first(seen_by):
    now = timezone.now()
    with seeing_as(front_door()):
        make_referral(at=now - timedelta(days=30))
        make_referral(at=now)
    worker = make_desk_worker()
    seen_by(worker)

    page = today_for(worker, now)

    assert number(page, "Past the promise") == 1
    assert number(page, "Can wait until tomorrow") + number(page, "Due today") == 1
    assert "Late" in page.shelves[0].rows[0][1]
    assert "Late" not in page.shelves[0].rows[1][1]


def test_a_sender_sees_what_their_organisation_sent_and_nothing_else(seen_by):
    mine, other = make_sender("Orchard School"), make_sender("Other School")
    ours = make_referral(by=mine)
    theirs = make_referral(by=other)
    seen_by(mine)

    page = today_for(mine, timezone.now())

    rows = [str(row) for shelf in page.shelves for row in shelf.rows]
    assert any(ours.reference in row for row in rows)
    assert not any(theirs.reference in row for row in rows)


def test_the_first_page_asks_the_database_no_more_when_there_is_more_to_do(client):
    worker = make_desk_worker()
    client.force_login(worker)
    make_referral()
    client.get(reverse("home"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(reverse("home"))

    for _ in range(4):
        make_referral()
    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("home"))

    assert page.status_code == 200
    assert len(many) <= len(few)
