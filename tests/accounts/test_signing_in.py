"""Signing in, being locked out, the second step, and what ends a sign-in."""

import time
from collections import Counter

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from kith.accounts import actions, browsers
from kith.accounts.models import User
from kith.accounts.viewer import front_door
from kith.audit.models import Entry
from tests.factories.accounts import make_team, make_user

PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return make_user("hub_worker", make_team("Banbury"), email="worker@kith.example")


def sign_in(client, email="worker@kith.example", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def add_app(person) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    return secret


def code_of(secret: str, steps: int = 0) -> str:
    """Return the code that an app shows; the next one, where this one is about to be over."""
    left = 30 - time.time() % 30
    if left < 3:
        time.sleep(left)
    counter = next(iter(totp.yield_hotp_counters_from_time())) + steps
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_a_wrong_password_is_refused_in_plain_words_and_a_right_one_signs_in(
    client, worker, seen_by
):
    wrong = sign_in(client, password="wrong")
    assert "is not right" in wrong.content.decode()
    assert 'value="worker@kith.example"' in wrong.content.decode(), "what was typed is kept"
    assert not signed_in(client)

    right = sign_in(client, email="WORKER@kith.example")
    assert (right.status_code, right.url) == (302, reverse("home"))
    assert signed_in(client)


def test_an_unknown_address_gets_the_same_answer_as_a_wrong_password(client, worker):
    wrong = sign_in(client, password="wrong").content.decode()
    unknown = sign_in(client, email="nobody@kith.example").content.decode()

    assert "is not right" in wrong
    assert "is not right" in unknown


def test_signing_in_changes_the_session_so_that_a_planted_one_is_worth_nothing(client, worker):
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["kith_session"] = planted = session.session_key

    sign_in(client)

    assert signed_in(client)
    assert client.cookies["kith_session"].value != planted


def test_after_five_wrong_passwords_even_the_right_one_waits(client, worker):
    cache.clear()
    for _ in range(5):
        sign_in(client, password="wrong")

    locked = sign_in(client)
    assert "too many times" in locked.content.decode().lower()
    assert not signed_in(client)

    cache.clear()
    sign_in(client)
    assert signed_in(client)


def test_wrong_sign_ins_stand_in_the_log_and_a_lock_out_once(client, worker, seen_by):
    cache.clear()
    for _ in range(9):
        sign_in(client, password="hunter2")
    for name in ("mistyped", "another", "third"):
        sign_in(client, email=f"{name}@kith.example", password="hunter2")

    seen_by(make_user("dpo", make_team("County", "desk")))
    entries = list(Entry.objects.filter(what__startswith="account."))
    told = Counter((entry.what, entry.subject_name) for entry in entries)
    assert told == {
        ("account.sign_in_failed", worker.name): 5,
        ("account.locked_out", worker.name): 1,
        ("account.sign_in_failed", "An address that no account has"): 1,
    }
    kept = str([vars(entry) for entry in entries])
    assert "hunter2" not in kept
    assert "mistyped" not in kept


def test_a_wrong_code_stands_in_the_log_of_the_account(client, worker, seen_by):
    cache.clear()
    secret = add_app(worker)
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    seen_by(make_user("dpo", make_team("County", "desk")))
    (failed,) = Entry.objects.filter(what="account.sign_in_failed")
    assert (failed.subject_name, failed.after) == (worker.name, {"wrong": "code"})
    assert signed_in(client)


def test_the_cookie_is_closed_to_scripts_and_kept_from_other_sites(client, worker):
    sign_in(client)

    cookie = client.cookies["kith_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_on_a_real_server_cookies_and_redirects_insist_on_tls(monkeypatch):
    import subprocess
    import sys

    words = (
        "from kith import settings as s; "
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, "
        "s.SECURE_HSTS_SECONDS > 0, s.DEBUG, s.KITH_SECOND_FACTOR)"
    )
    done = subprocess.run(
        [sys.executable, "-c", words],
        capture_output=True,
        text=True,
        check=True,
        env={
            "PATH": "/usr/bin",
            "KITH_MODE": "server",
            "KITH_SECRET_KEY": "x" * 50,
            "DATABASE_URL": "postgresql://h/k",
        },
    )
    assert done.stdout.split() == ["True", "True", "True", "True", "False", "True"]


def test_an_ended_account_is_signed_out_at_once_and_cannot_sign_in(client, worker):
    administrator = make_user("administrator", make_team("County", "desk"))
    sign_in(client)
    assert client.get(reverse("accounts:me")).status_code == 200

    actions.end_person(person=worker, by=administrator, at=timezone.now())

    assert client.get(reverse("accounts:me")).status_code == 302
    assert "been ended" in sign_in(client, follow=False).content.decode() or not signed_in(client)
    assert not signed_in(client)


def test_nobody_signs_in_as_kith_itself_or_as_a_partners_system(client):
    door = front_door()
    door.set_password(PASSWORD)
    door.save()

    sign_in(client, email=door.email)

    assert not signed_in(client)


def test_signing_in_and_out_stands_in_the_log(client, worker, seen_by):
    sign_in(client)

    dpo = make_user("dpo", make_team("County", "desk"))
    seen_by(dpo)
    assert Entry.objects.filter(what="account.signed_in", by_id=worker.pk).count() == 1


def test_after_signing_out_the_old_cookie_opens_nothing(client, worker):
    sign_in(client)
    cookie = client.cookies["kith_session"].value
    client.post("/accounts/logout/")
    client.cookies["kith_session"] = cookie

    assert client.get(reverse("accounts:me")).status_code == 302


# The second step


def test_staff_without_a_second_step_are_led_to_set_one_up_and_then_go_on(client, worker, settings):
    settings.KITH_SECOND_FACTOR = True
    sign_in(client)

    led = client.get(reverse("accounts:me"))
    assert (led.status_code, led.url) == (302, reverse("mfa_index"))
    assert client.get(reverse("mfa_index")).status_code == 200

    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "That code is not right" in wrong.content.decode()
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})

    assert Authenticator.objects.filter(user=worker, type="totp").exists()
    assert client.get(reverse("accounts:me")).status_code == 200


def test_a_password_alone_does_not_open_an_account_that_has_a_second_step(client, worker):
    secret = add_app(worker)

    first = sign_in(client)
    assert (first.status_code, first.url) == (302, reverse("mfa_authenticate"))
    assert not signed_in(client)
    assert client.get(reverse("accounts:me")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "That code is not right" in wrong.content.decode()
    assert not signed_in(client)

    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert signed_in(client)


def test_a_code_is_good_once(client, worker):
    secret = add_app(worker)
    code = code_of(secret)
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    client.post("/accounts/logout/")

    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code})

    assert not signed_in(client)


def test_taking_the_second_step_off_leads_back_to_setting_one_up(client, worker, settings):
    settings.KITH_SECOND_FACTOR = True
    secret = add_app(worker)
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.get(reverse("accounts:me")).status_code == 200

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=worker).exists()
    assert client.get(reverse("accounts:me")).status_code == 302


@pytest.mark.parametrize(("county_asks", "status"), [(False, 200), (True, 302)])
def test_partners_who_only_send_requests_need_one_where_the_county_says_so(
    client, settings, county_asks, status
):
    settings.KITH_SECOND_FACTOR = True
    settings.KITH_SECOND_FACTOR_PARTNERS = county_asks
    make_user("referrer", make_team("School", "partner"), email="senco@kith.example")
    sign_in(client, email="senco@kith.example")

    assert client.get(reverse("accounts:me")).status_code == status


def test_changing_how_one_signs_in_asks_for_the_password_again(client, worker):
    client.force_login(worker)

    asked = client.get(reverse("mfa_activate_totp"))

    assert asked.status_code == 302
    assert asked.url.startswith(reverse("account_reauthenticate"))


# Passwords


def test_a_new_password_comes_by_a_link_that_works_once(
    client, worker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/password/reset/", {"email": "worker@kith.example"})
    (letter,) = mail.outbox
    assert letter.subject == "Choose your password"
    assert worker.name not in letter.subject
    link = next(line for line in letter.body.splitlines() if "/password/reset/key/" in line)
    path = "/" + link.split("/", 3)[3]

    form = client.get(path, follow=True)
    short = client.post(form.request["PATH_INFO"], {"password1": "short", "password2": "short"})
    assert "at least 12" in short.content.decode()
    new = "three quite odd words"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})

    assert User.objects.get(pk=worker.pk).check_password(new)
    client.logout()
    again = client.get(path, follow=True)
    assert "does not work any more" in again.content.decode()


def test_asking_for_a_new_password_does_not_tell_who_has_an_account(
    client, worker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        known = client.post("/accounts/password/reset/", {"email": worker.email}, follow=True)
        unknown = client.post(
            "/accounts/password/reset/", {"email": "nobody@kith.example"}, follow=True
        )

    assert known.content == unknown.content
    assert [letter.to for letter in mail.outbox] == [[worker.email], ["nobody@kith.example"]]


def test_changing_the_password_signs_out_everywhere(client, worker):
    from django.test import Client

    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)

    new = "three quite odd words"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert client.get(reverse("accounts:me")).status_code == 302
    assert elsewhere.get(reverse("accounts:me")).status_code == 302
    sign_in(client, password=new)
    assert signed_in(client)


# Sessions


WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/137.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (ANDROID, "Chrome on Android"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/137.0 Safari/537.36 Edg/137.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari on an iPhone",
        ),
        ("curl/8.5.0", "Another browser"),
        ("", "Another browser"),
    ],
)
def test_a_browser_is_told_in_words(user_agent, words):
    assert browsers.in_words(user_agent) == words


def test_a_person_sees_where_they_are_signed_in_and_ends_one(client, worker):
    from django.test import Client

    elsewhere = Client(HTTP_USER_AGENT=ANDROID)
    sign_in(elsewhere)
    sign_in(client)
    page = client.get(reverse("usersessions_list")).content.decode()
    assert "Chrome on Android" in page
    assert "Mozilla" not in page
    session = UserSession.objects.get(user_agent=ANDROID)

    stranger = Client()
    stranger.force_login(make_user())
    stranger.post(reverse("accounts:end_session", args=[session.pk]))
    assert elsewhere.get(reverse("accounts:me")).status_code == 200, "not somebody else's to end"

    client.post(reverse("accounts:end_session", args=[session.pk]))
    assert elsewhere.get(reverse("accounts:me")).status_code == 302
    assert client.get(reverse("accounts:me")).status_code == 200


@pytest.mark.parametrize(
    "typed",
    ["a\0b", "<script>alert(1)</script>@x.example", "‮moc@x.example", "x" * 100_000, ""],
)
def test_nonsense_in_the_sign_in_form_gets_an_answer_and_no_error(client, worker, typed):
    cache.clear()
    answer = sign_in(client, email=typed, password=typed)

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert not signed_in(client)


@pytest.mark.parametrize(
    "name", ["account_email", "account_signup", "socialaccount_connections", "socialaccount_signup"]
)
def test_pages_that_kith_does_not_offer_are_closed(client, worker, name):
    client.force_login(worker)

    assert client.get(reverse(name)).status_code == 302
    assert client.post(reverse(name), {"email": "new@kith.example"}).status_code in {302, 405}
    assert User.objects.filter(email="new@kith.example").count() == 0
