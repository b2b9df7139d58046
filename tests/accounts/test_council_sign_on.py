"""Signing in with the council's own sign-on, against a real OpenID Connect provider on loopback."""

from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.urls import reverse

from kith.accounts.models import User
from tests.accounts.test_passkeys import failures
from tests.accounts.test_signing_in import add_app, code_of, signed_in
from tests.factories.accounts import make_team, make_user

pytestmark = pytest.mark.django_db
EMAIL = "worker@kith.example"


@pytest.fixture(scope="module")
def provider():
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def council(provider, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "council",
                    "name": "your Oxfordshire account",
                    "client_id": "kith",
                    "secret": "secret",
                    "settings": {"server_url": provider},
                }
            ],
        }
    }
    return provider


def come_by_the_council(client, provider, email, *, verified=True, number="1"):
    """Sign in at the provider as somebody, and come back."""
    claims = {"email": email, "email_verified": verified, "name": "Somebody"}
    httpx.put(f"{provider}/users/{number}", json=claims).raise_for_status()
    there = client.post(reverse("openid_connect_login", args=["council"]))
    assert there.status_code == 302, there.content
    assert "code_challenge" in there.url
    back = httpx.post(there.url, data={"sub": number})
    return client.get(back.headers["location"].replace("http://testserver", ""))


def test_the_sign_in_page_offers_it_by_name_and_only_where_there_is_one(client, council, settings):
    page = client.get(reverse("account_login")).content.decode()
    assert "Sign in with your Oxfordshire account" in page

    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "Oxfordshire account" not in client.get(reverse("account_login")).content.decode()


def test_an_account_that_exists_is_found_by_its_address_and_signed_in(client, council):
    worker = make_user("hub_worker", make_team("Banbury"), email=EMAIL)

    answer = come_by_the_council(client, council, EMAIL.upper())

    assert (answer.status_code, answer.url) == (302, reverse("home"))
    assert client.session["_auth_user_id"] == str(worker.pk)
    assert SocialAccount.objects.filter(user=worker).count() == 1

    client.logout()
    come_by_the_council(client, council, EMAIL)
    assert client.session["_auth_user_id"] == str(worker.pk)
    assert SocialAccount.objects.filter(user=worker).count() == 1


def test_an_unknown_address_is_told_so_and_no_account_is_made(client, council):
    before = User.objects.count()

    answer = come_by_the_council(client, council, "stranger@kith.example", number="2")

    assert "There is no account for you yet" in answer.content.decode()
    assert not signed_in(client)
    assert User.objects.count() == before


def test_an_address_that_the_council_has_not_confirmed_opens_nothing(client, council):
    make_user("hub_worker", make_team("Banbury"), email=EMAIL)

    answer = come_by_the_council(client, council, EMAIL, verified=False, number="3")

    assert not signed_in(client)
    assert answer.status_code in {200, 302}


def test_an_ended_account_stays_ended(client, council):
    make_user("hub_worker", make_team("Banbury"), email=EMAIL, is_active=False)

    come_by_the_council(client, council, EMAIL, number="4")

    assert not signed_in(client)


def test_the_second_step_is_asked_for_here_too(client, council):
    worker = make_user("hub_worker", make_team("Banbury"), email=EMAIL)
    secret = add_app(worker)

    answer = come_by_the_council(client, council, EMAIL, number="5")
    assert (answer.status_code, answer.url) == (302, reverse("mfa_authenticate"))
    assert not signed_in(client)

    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert signed_in(client)


def test_an_answer_that_was_not_asked_for_is_refused(client, council):
    answer = client.get(
        reverse("openid_connect_callback", args=["council"]), {"code": "x", "state": "y"}
    )

    assert "did not work" in answer.content.decode()
    assert not signed_in(client)


def test_a_sign_on_that_is_away_gets_an_answer_and_no_error(client, council, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"] = {
        "server_url": "http://127.0.0.1:9"
    }

    answer = client.post(reverse("openid_connect_login", args=["council"]))

    assert answer.status_code == 200
    assert "did not work" in answer.content.decode()


def test_the_log_tells_of_council_sign_ons_that_opened_nothing(client, council):
    cache.clear()
    known = make_user("hub_worker", make_team("Banbury"), "Known", email=EMAIL)
    ended = make_user(
        "hub_worker", make_team("Witney"), "Ended", email="e@kith.example", is_active=False
    )
    refused = reverse("openid_connect_callback", args=["council"])

    come_by_the_council(client, council, EMAIL, verified=False, number="6")
    come_by_the_council(client, council, "e@kith.example", number="7")
    there = client.post(reverse("openid_connect_login", args=["council"])).url
    state = parse_qs(urlsplit(there).query)["state"][0]
    client.get(refused, {"error": "access_denied", "state": state})  # they thought better of it
    known_of = [(known.name, "council sign-on"), (ended.name, "the account is ended")]
    assert failures() == known_of

    come_by_the_council(client, council, "stranger@kith.example", number="8")
    client.get(refused, {"code": "x", "state": "y"})

    nobody = "Somebody at the council’s sign-on"
    assert failures() == [*known_of, (nobody, "council sign-on")], "once in five minutes"
