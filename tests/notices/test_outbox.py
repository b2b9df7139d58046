"""From an action to somebody's letter-box."""

import logging
import socket
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from kith.accounts.viewer import clock, see_as
from kith.notices import actions, delivery, queries
from kith.notices.models import Notice
from tests.factories.accounts import make_team, make_user
from tests.notices.conftest import GREETING

pytestmark = pytest.mark.django_db


@pytest.fixture
def clockwise(db):
    see_as(clock())


@pytest.fixture
def now(monkeypatch, at):
    """The worker's clock, which a test can put forward: `now.set(...)`."""

    class Now:
        moment = at

    monkeypatch.setattr(delivery.timezone, "now", lambda: Now.moment)
    return Now


def greeting(at, *, to="ada@example.org", once="once", **more):
    context = {"reference": "R-2026-000009", "name": "Ada", "words": ""} | more.pop("context", {})
    return actions.send(GREETING, to=to, context=context, once_key=once, at=at, **more)


def delivered(notice):
    delivery.deliver(str(notice.pk))
    notice.refresh_from_db()
    return notice


def test_an_email_goes_to_the_mail_server_once(clockwise, now, at, mail_server):
    notice = greeting(at, about=("referral", 9))

    delivered(notice)
    delivered(notice)

    assert (notice.state, notice.sent_at, notice.tries) == ("sent", at, 1)
    (envelope,) = mail_server.taken
    assert envelope.rcpt_tos == ["ada@example.org"]
    text = envelope.content.decode()
    assert "Subject: Request R-2026-000009: hello from Oxfordshire" in text
    assert f"Message-ID: <{notice.pk}@kith.example>" in text
    assert "Hello Ada,\n\nYour request is R-2026-000009." in text.replace("\r\n", "\n")


def test_the_same_notice_asked_for_twice_is_one(clockwise, at):
    first, second = greeting(at), greeting(at, to="someone.else@example.org")

    assert first == second
    assert Notice.objects.count() == 1


def test_what_is_rolled_back_is_never_sent(clockwise, at):
    from django.db import transaction

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        greeting(at)
        raise ZeroDivisionError

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs")
        assert cursor.fetchone() == (0,)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("answer", ["451 later please", "hang up"])
def test_a_server_that_does_not_take_it_now_is_asked_again_later(
    clockwise, now, at, mail_server, answer
):
    mail_server.answers = [answer]
    notice = delivered(greeting(at))

    assert (notice.state, notice.tries) == ("waiting", 1)
    assert notice.next_try_at == at + timedelta(minutes=1)
    assert notice.problem

    assert delivered(notice).tries == 1  # not due yet
    now.moment = at + timedelta(minutes=1)
    assert delivered(notice).state == "sent"
    assert notice.problem == ""
    assert len(mail_server.taken) == 1


def test_a_server_that_is_not_there_is_tried_for_two_days_and_then_given_up(
    clockwise, now, at, settings
):
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody_listens.getsockname()
    notice = greeting(at)
    waited = []

    for _ in range(len(actions.WAIT_MINUTES) + 1):
        delivered(notice)
        if notice.next_try_at:
            waited.append(notice.next_try_at - now.moment)
            now.moment = notice.next_try_at

    assert [wait.seconds // 60 + wait.days * 1440 for wait in waited] == list(actions.WAIT_MINUTES)
    assert (notice.state, notice.next_try_at) == ("failed", None)
    assert "could not be reached" in notice.problem


def test_a_refused_address_fails_at_once_and_the_desk_can_send_it_again(
    clockwise, now, at, mail_server
):
    mail_server.answers = ["550 nobody called ada@example.org here"]
    notice = delivered(greeting(at))
    desk = make_user("county_desk", make_team("Desk", "desk"))
    manager = make_user("hub_manager", make_team("Witney"))

    assert notice.state == "failed"
    assert notice.problem == "The mail server does not take this address (550)."
    assert queries.failed(desk) == 1

    with pytest.raises(PermissionDenied, match="county desk"):
        actions.send_again(notice=notice, by=manager, at=at)
    actions.send_again(notice=notice, by=desk, at=at)
    assert delivered(notice).state == "sent"
    with pytest.raises(actions.NotFailed):
        actions.send_again(notice=notice, by=desk, at=at)


def test_without_a_mail_server_a_notice_is_one_file_however_often_it_is_written(
    clockwise, now, at, settings, tmp_path
):
    settings.KITH_MAIL_FOLDER = tmp_path / "mail"
    notice = delivered(greeting(at))
    delivery.give_away(notice)

    (letter,) = (tmp_path / "mail").iterdir()
    assert letter.name == f"{notice.pk}.eml"
    assert letter.stat().st_mode & 0o077 == 0
    assert "Hello Ada" in letter.read_text()


def test_nobody_to_send_to_is_no_notice_and_a_wrong_address_is_a_failed_one(clockwise, at):
    assert greeting(at, to=" ") is None
    assert greeting(at, to="key-1@kith.internal") is None

    wrong = greeting(at, to="ada at example")
    assert (wrong.state, wrong.problem) == ("failed", "This is not an e-mail address.")


def test_a_text_goes_through_notify_and_is_refused_clearly_where_there_is_none(
    clockwise, now, at, notify, settings
):
    notice = delivered(greeting(at, to="07700 900 982", channel="text"))
    settings.KITH_NOTIFY_KEY = ""
    refused = greeting(at, to="07700 900 982", channel="text", once="another")

    assert notice.state == "sent"
    (kept,) = notify.kept
    assert kept["path"] == "/v2/notifications/sms"
    assert kept["phone_number"] == "07700 900 982"
    assert kept["personalisation"] == {"body": "Hello Ada: R-2026-000009"}
    assert notice.provider_reference == kept["id"]
    assert (refused.state, refused.problem) == (
        "failed",
        "No provider: text messages are not set up in this county's Kith.",
    )


def test_a_letter_goes_through_notify(clockwise, now, at, notify):
    lines = "Ada Byron\n1 Field Road\nBanbury\nOX16 0AA"

    notice = delivered(greeting(at, to=lines, channel="letter"))

    assert notice.state == "sent"
    said = notify.kept[0]["personalisation"]
    assert said["address_line_1"] == "Ada Byron"
    assert said["address_line_4"] == "OX16 0AA"
    assert said["subject"] == "Request R-2026-000009: hello from Oxfordshire"
    assert greeting(at, to="Ada", channel="letter", once="short").state == "failed"


def test_notify_is_asked_again_when_busy_and_not_when_it_says_no(clockwise, now, at, notify):
    notify.answers = [429, 503, 400]
    busy = delivered(greeting(at, to="07700 900 982", channel="text"))
    assert (busy.state, busy.problem) == ("waiting", "GOV.UK Notify does not take it now (429).")

    now.moment = busy.next_try_at
    assert delivered(busy).state == "waiting"
    now.moment = busy.next_try_at
    assert delivered(busy).state == "failed"
    assert notify.kept == []


def test_a_text_that_notify_has_is_not_sent_twice_when_no_word_came_of_it(
    clockwise, now, at, notify
):
    notify.answers = ["kept, but no word of it"]
    notice = delivered(greeting(at, to="07700 900 982", channel="text"))
    assert notice.state == "waiting"

    now.moment = notice.next_try_at
    delivered(notice)

    assert notice.state == "sent"
    assert len(notify.kept) == 1


def test_nothing_personal_is_logged(clockwise, now, at, mail_server, notify, caplog):
    caplog.set_level(logging.DEBUG)
    mail_server.answers = ["550 nobody called ada@example.org here"]
    notify.answers = [400]

    delivered(greeting(at))
    delivered(greeting(at, to="07700 900 982", channel="text", once="text"))

    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("kith"))
    assert "was not sent" in ours
    everything = "\n".join(r.getMessage() for r in caplog.records if r.name != "mail.log")
    for personal in ("ada@example.org", "900 982", "Ada"):
        assert personal not in everything


def test_only_the_desk_sees_what_was_sent(clockwise, at, seen_by):
    notice = greeting(at)
    desk = make_user("county_desk", make_team("Desk", "desk"))
    worker = make_user("hub_worker", make_team("Witney"))

    seen_by(worker)
    assert not queries.outbox(worker).exists()
    assert not Notice.objects.exists()  # the third wall
    seen_by(desk)
    assert list(queries.outbox(desk, state="waiting", channel="email")) == [notice]
    assert not queries.outbox(desk, state="failed").exists()
