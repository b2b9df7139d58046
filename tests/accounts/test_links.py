"""Private links: what they open, when they are over, and how a new one is come by."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from kith.accounts import actions
from kith.accounts.links import State, new_link, open_link
from kith.accounts.models import OneTimeLink
from kith.accounts.viewer import linked

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of_nobody():
    cache.clear()
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return request


def make(at=None, **more):
    given = {"purpose": "referral", "subject_id": 7, "sent_to": "sam@school.example"} | more
    return actions.make_link(**given, at=at or timezone.now())


def test_a_link_opens_one_thing_for_one_purpose(request_of_nobody):
    secret = make()

    opened = open_link(request_of_nobody, secret, "referral")

    assert (opened.state, opened.subject_id, opened.status) == (State.OPEN, 7, 200)
    assert linked("referral") == 7
    assert linked("something else") is None
    assert OneTimeLink.objects.get().last_used_at is not None
    assert open_link(request_of_nobody, secret, "draft").state is State.UNKNOWN
    assert open_link(request_of_nobody, secret + "x", "referral").state is State.UNKNOWN


def test_the_secret_itself_is_kept_nowhere(request_of_nobody):
    secret = make()

    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(l)::text from accounts_onetimelink l")
        assert secret not in cursor.fetchone()[0]


def test_a_link_that_is_over_opens_nothing_and_a_new_one_goes_to_the_same_address_only(
    request_of_nobody,
):
    old = make(at=timezone.now() - timedelta(days=actions.links.LINK_DAYS, minutes=1))
    assert open_link(request_of_nobody, old, "referral").state is State.OVER
    assert linked("referral") is None

    fresh, address = new_link(request_of_nobody, old, "referral")

    assert address == "sam@school.example"
    assert open_link(request_of_nobody, fresh, "referral").state is State.OPEN
    assert open_link(request_of_nobody, old, "referral").state is State.UNKNOWN
    assert new_link(request_of_nobody, old, "referral") is None, "once"


def test_an_ended_link_cannot_be_renewed(request_of_nobody):
    secret = make()
    assert actions.end_links(purpose="referral", subject_id=7, at=timezone.now()) == 1

    assert open_link(request_of_nobody, secret, "referral").status == 404
    assert new_link(request_of_nobody, secret, "referral") is None


def test_a_link_that_was_sent_nowhere_cannot_be_renewed(request_of_nobody):
    assert new_link(request_of_nobody, make(sent_to=""), "referral") is None


def test_guessing_is_slowed_down(request_of_nobody):
    good = make()
    answers = [open_link(request_of_nobody, "guess", "referral").status for _ in range(61)]

    assert answers[0] == 404
    assert answers[-1] == 429
    assert open_link(request_of_nobody, good, "referral").state is State.TOO_MANY


def test_good_links_are_not_counted(request_of_nobody):
    good = make()

    assert all(
        open_link(request_of_nobody, good, "referral").state is State.OPEN for _ in range(70)
    )


def test_asking_for_new_links_is_slowed_down(request_of_nobody):
    asked = [new_link(request_of_nobody, make(subject_id=n), "referral") for n in range(21)]

    assert asked[0] is not None
    assert asked[-1] is None
