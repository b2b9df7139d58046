"""Behind a proxy that ends TLS: whose word is taken about visitors, and what they get."""

import pytest
from django.test import Client

from tests.factories.accounts import make_team, make_user

EMAIL, PASSWORD = "worker@kith.example", "correct horse battery"
PROXY, STRANGER = "127.0.0.1", "203.0.113.9"


@pytest.fixture
def behind_tls(settings, db):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^health$"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 3600
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.KITH_PROXY_ADDRESSES = [PROXY]


def test_only_the_proxy_says_that_a_visitor_came_over_tls(behind_tls):
    said = {"x-forwarded-proto": "https"}

    through = Client(REMOTE_ADDR=PROXY).get("/accounts/login/", headers=said)
    past = Client(REMOTE_ADDR=STRANGER).get("/accounts/login/", headers=said)
    plain = Client(REMOTE_ADDR=PROXY).get(
        "/accounts/login/?a=1", headers={"x-forwarded-proto": "http"}
    )

    assert through.status_code == 200
    assert through["Strict-Transport-Security"].startswith("max-age=3600")
    assert all(cookie["secure"] for cookie in through.cookies.values()) and through.cookies
    for answer in (past, plain):
        assert answer.status_code == 301 and answer["Location"].startswith("https://testserver/")
    assert Client(REMOTE_ADDR=STRANGER).get("/health").status_code == 200


def test_only_the_proxy_says_where_a_visitor_comes_from(behind_tls, settings):
    """Wrong passwords from one address lock it out, whatever else the visitor claims."""
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/5m/ip"}
    make_user("hub_worker", make_team("Banbury"), email=EMAIL)

    def signs_in(sender: str, visitor: str, password: str = PASSWORD) -> bool:
        client = Client(REMOTE_ADDR=sender)
        client.post(
            "/accounts/login/",
            {"login": EMAIL, "password": password},
            headers={"x-forwarded-proto": "https", "x-forwarded-for": f"9.9.9.9, {visitor}"},
        )
        return "_auth_user_id" in client.session

    for _ in range(3):
        assert not signs_in(PROXY, "198.51.100.1", "wrong")

    assert not signs_in(PROXY, "198.51.100.1")
    assert not signs_in(STRANGER, "198.51.100.2"), "plain, whatever a stranger says"
    assert signs_in(PROXY, "198.51.100.2")
