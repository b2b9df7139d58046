"""Passkeys: added, used alone, as the second step and to confirm; and what is no passkey."""

import json
import re

import pytest
from django.core.cache import cache
from django.test import Client
from fido2.utils import websafe_encode

from kith.accounts.models import User
from kith.accounts.viewer import see_as
from kith.audit.models import Entry
from tests.factories.accounts import make_team, make_user
from tests.factories.passkeys import Authenticator

pytestmark = pytest.mark.django_db
ADD, ALONE = "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/login/"
CONFIRM, STEP = "/accounts/2fa/webauthn/reauthenticate/", "/accounts/2fa/authenticate/"
PASSWORD = "correct horse battery"


@pytest.fixture
def worker():
    cache.clear()
    return make_user("hub_worker", make_team("Banbury"), email="worker@kith.example")


def sign_in(client):
    return client.post("/accounts/login/", {"login": "worker@kith.example", "password": PASSWORD})


def asked_on(page) -> dict:
    """What a page asks the browser for."""
    return json.loads(re.search(r'id="js_data"[^>]*>(.*?)</script>', page.content.decode())[1])


def asked_alone(client) -> dict:
    return client.get(ALONE, headers={"Accept": "application/json"}).json()


def failures() -> list[tuple[str, str]]:
    """What the log tells of sign-ins that failed, the oldest first."""
    dpo = User.objects.filter(name="Watchful").first()
    see_as(dpo or make_user("dpo", make_team("DPO", "desk"), "Watchful"))
    told = Entry.objects.filter(what="account.sign_in_failed").order_by("at")
    return [(one.subject_name, one.after["wrong"]) for one in told]


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def passkey(worker):
    """Add one as its owner would."""
    client, made = Client(), Authenticator()
    sign_in(client)
    answer = made.make(asked_on(client.get(ADD)))
    added = client.post(ADD, {"name": "My laptop", "credential": answer, "passwordless": "on"})
    assert (added.status_code, added.url) == (302, "/accounts/2fa/recovery-codes/")
    listed = client.get("/accounts/2fa/webauthn/").content.decode()
    assert "My laptop" in listed
    return made


def test_a_passkey_signs_in_alone_and_once_for_each_challenge(passkey):
    client = Client()
    answer = passkey.sign(asked_alone(client))

    assert client.post(ALONE, {"credential": answer}).status_code == 302
    assert signed_in(client)

    client.logout()
    asked_alone(client)
    again = client.post(ALONE, {"credential": answer}, follow=True)
    assert not signed_in(client), "an answer that was listened in on opens nothing"
    assert "This passkey was not accepted" in again.content.decode()


def test_a_passkey_is_the_second_step_and_confirms_changes(passkey):
    client = Client()
    assert sign_in(client).url == STEP
    wrong = client.post(STEP, {"credential": "{}"})
    assert not signed_in(client)
    assert "This passkey was not accepted" in wrong.content.decode()

    client.post(STEP, {"credential": passkey.sign(asked_on(client.get(STEP)))})

    assert signed_in(client)
    confirmed = client.post(CONFIRM, {"credential": passkey.sign(asked_on(client.get(CONFIRM)))})
    assert confirmed.status_code == 302


def test_a_passkey_of_another_site_or_an_ended_account_opens_nothing(passkey, worker):
    client = Client()
    asked = asked_alone(client)
    passkey.site = "evil.example"
    client.post(ALONE, {"credential": passkey.sign(asked)})
    assert not signed_in(client)

    passkey.site = "testserver"
    User.objects.filter(pk=worker.pk).update(is_active=False)
    client.post(ALONE, {"credential": passkey.sign(asked_alone(client))})
    assert not signed_in(client)


def test_the_log_tells_of_passkeys_that_were_not_accepted(passkey, worker):
    stranger, owner = Client(), Client()
    passkey.site = "evil.example"
    stranger.post(ALONE, {"credential": passkey.sign(asked_alone(stranger))})
    sign_in(owner)
    owner.post(STEP, {"credential": passkey.sign(asked_on(owner.get(STEP)))})
    passkey.site = "testserver"
    User.objects.filter(pk=worker.pk).update(is_active=False)
    stranger.post(ALONE, {"credential": passkey.sign(asked_alone(stranger))})
    # Of somebody else's passkey, that says it is the worker's: no account is blamed.
    another = Authenticator()
    another.owner = passkey.owner
    stranger.post(ALONE, {"credential": another.sign(asked_alone(stranger))})
    stranger.post(ALONE, {"credential": "{}"})

    assert failures() == [
        (worker.name, "passkey"), (worker.name, "passkey"),
        (worker.name, "the account is ended"), ("A passkey that no account has", "passkey"),
    ]  # fmt: skip


NONSENSE = {
    "clientDataJSON": (b"[]", b"{}", b"\xff", b"null"),
    "authenticatorData": (b"\xff" * 60, b"\0" * 37),
    "attestationObject": (b"\xff", b"\xa0", b"\x9f" * 99),
    "userHandle": (b"\xff", b"9" * 30, b"-1", b"\0"),
}


def hostile(good: str) -> list[str]:
    """Answers that no browser gives, made from one that it gave."""
    whole = json.loads(good)

    def but(**changes) -> str:
        return json.dumps({**whole, "response": {**whole["response"], **changes}})

    return [
        *("", "null", "[]", "1", '"x"', "{}", "nonsense", "\0", "[" * 2000, '{"id":"%%%"}'),
        *('{"response":null}', '{"response":[]}', '{"response":{}}'),
        *(json.dumps({**whole, name: wrong}) for name in ("id", "rawId") for wrong in (5, "AA")),
        *(but(**{name: wrong}) for name in whole["response"] for wrong in (5, "!!!", [])),
        *(
            but(**{name: websafe_encode(text)})
            for name, texts in NONSENSE.items()
            if name in whole["response"]
            for text in texts
        ),
    ]


def test_what_is_no_passkey_gets_words_and_never_an_error_of_ours(passkey, worker):
    stranger, owner = Client(), Client()
    made, used = Authenticator(), passkey.sign(asked_alone(stranger))

    for text in hostile(used):
        cache.clear()
        refused = stranger.post(ALONE, {"credential": text})
        assert refused.status_code == 302, text
    assert not signed_in(stranger)
    assert "This passkey was not accepted" in stranger.get("/accounts/login/").content.decode()

    sign_in(owner)
    owner.post(STEP, {"credential": passkey.sign(asked_on(owner.get(STEP)))})
    for text in hostile(made.make(asked_on(owner.get(ADD)))):
        cache.clear()
        refused = owner.post(ADD, {"name": "x", "credential": text})
        assert refused.status_code == 200, text
        assert "This passkey could not be added" in refused.content.decode(), text
