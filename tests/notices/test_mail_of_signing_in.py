"""E-mails of signing in go through the outbox: tried again, seen by the desk, opened by nobody else."""

import re
import socket
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from kith.accounts import actions as accounts
from kith.accounts.models import User
from kith.accounts.viewer import clock, see_as
from kith.notices import actions, delivery
from kith.notices.models import Notice
from kith.notices.words import NOT_SHOWN, Secret
from tests.factories.accounts import make_team, make_user
from tests.notices.conftest import GREETING

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_in_earnest(settings):
    """pytest puts Django's e-mail into a list; people's goes to the outbox."""
    settings.EMAIL_BACKEND = "kith.notices.outbox.Backend"


@pytest.fixture
def desk_worker():
    return make_user("county_desk", make_team("County desk", "desk"))


def the_notice() -> Notice:
    see_as(clock())
    return Notice.objects.get()


def page_of(notice, worker) -> str:
    client = Client()
    client.force_login(worker)
    return client.get(f"/notices/{notice.pk}/").content.decode()


def test_a_link_to_choose_a_password_outlives_a_mail_server_that_is_away(
    desk_worker, mail_server, settings
):
    port, worker = settings.EMAIL_PORT, make_user(email="sam@hub.example")
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = nobody_listens.getsockname()[1]
        answer = Client().post("/accounts/password/reset/", {"email": worker.email})
        notice = the_notice()
        delivery.deliver(str(notice.pk))
    assert answer.status_code == 302
    notice = the_notice()
    assert (notice.state, notice.to) == ("waiting", "sam@hub.example")
    link = re.search(r"https?://\S+", notice.body)[0]
    waiting = page_of(notice, desk_worker)
    assert "Choose your password" in waiting and "could not be reached" in waiting
    assert link not in waiting and "password/reset" not in waiting and NOT_SHOWN in waiting

    settings.EMAIL_PORT = port
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        see_as(clock())
        delivery.deliver(str(notice.pk))

    (envelope,) = mail_server.taken
    # What people get is whole, and what Kith keeps of it opens nothing.
    assert link in envelope.content.decode().replace("=\r\n", "").replace("=3D", "=")
    notice = the_notice()
    assert (notice.state, notice.body, notice.secrets) == ("sent", NOT_SHOWN, [])
    assert link not in page_of(notice, desk_worker)


def test_an_invitation_is_part_of_what_it_tells_of(at, desk_worker):
    county = make_team("County desk", "desk")
    administrator = make_user("administrator", county)
    person = accounts.add_person(name="Sam", email="sam@hub.example", by=administrator, at=at)
    accounts.invite(person=person, by=administrator, at=at)

    notice = the_notice()

    assert (notice.subject, notice.to) == ("Choose your password", "sam@hub.example")
    assert f"{administrator.name} has made an account for you" in notice.body
    assert "has made an account" not in page_of(notice, desk_worker)
    assert User.objects.filter(pk=person.pk).exists()


def test_of_any_notice_the_secrets_are_shown_to_nobody_and_forgotten(
    at, desk_worker, mail_server, monkeypatch
):
    monkeypatch.setattr(delivery.timezone, "now", lambda: at)
    see_as(clock())
    secret = Secret("https://kith.example/requests/link/s3cr3t/")
    context = {"reference": "R-2026-000009", "name": "Ada", "words": secret}
    notice = actions.send(GREETING, to="ada@example.org", context=context, once_key="a", at=at)
    page = page_of(notice, desk_worker)
    assert "s3cr3t" not in page and "Hello Ada" in page

    see_as(clock())
    delivery.deliver(str(notice.pk))

    assert "s3cr3t" in mail_server.taken[0].content.decode()
    assert "s3cr3t" not in the_notice().body and "Hello Ada" in the_notice().body
