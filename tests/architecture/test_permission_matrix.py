"""Every address: signed out, without the permission, at the wrong hub, and with it.

The table is `url_matrix.MATRIX`; an address that is missing from it fails a test.
"""

from collections import Counter
from dataclasses import fields
from operator import attrgetter

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.architecture.rows import County, make_county
from tests.architecture.url_matrix import MATRIX, Page

# Old addresses of allauth that send a visitor on; the interface's own root; a mistyped link.
WITHOUT_A_NAME = 5
OPENED = {200, 204, 302, 400, 409, 422}
REFUSED = {401, 403, 404, 415}


def all_names(resolver=None, space="") -> list[str]:
    """Return the name of every address; `None` is one that has no name."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            found.append(f"{space}{pattern.name}")
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found += all_names(pattern, inner)
    return found


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker):
    """One county for all addresses; each test is rolled back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_county()
        transaction.set_rollback(True)


def address(page: Page, county: County) -> str:
    args = {
        name: attrgetter(value)(county)
        if isinstance(value, str) and value.split(".")[0] in PATHS
        else value
        for name, value in page.args.items()
    }
    return reverse(page.name, kwargs=args)


PATHS = {one.name for one in fields(County)}


@pytest.fixture(scope="module")
def clients(county, django_db_blocker):
    """One browser for each person, signed in once."""
    with django_db_blocker.unblock():
        people = {name for page in MATRIX for name in page.may + page.may_not + page.elsewhere}
        browsers = {name: Client(raise_request_exception=False) for name in ["", *people]}
        for name in people:
            browsers[name].force_login(attrgetter(name)(county))
        return browsers


def ask(page: Page, county: County, client: Client):
    where = address(page, county)
    return client.post(where, {}) if page.post else client.get(where)


def to_sign_in(answer) -> bool:
    return answer.status_code == 302 and answer.url.startswith("/accounts/login/?next=")


def test_every_address_stands_in_the_matrix_once():
    names = [name for name in all_names() if not name.endswith("None")]
    listed = [page.name for page in MATRIX]

    assert sorted(set(names) - set(listed)) == [], "Add these to tests/architecture/url_matrix.py"
    assert sorted(set(listed) - set(names)) == [], "These are gone: take their lines out"
    assert [name for name, times in Counter(listed).items() if times > 1] == []
    assert len([name for name in all_names() if name.endswith("None")]) == WITHOUT_A_NAME


@pytest.mark.django_db
@pytest.mark.parametrize("page", MATRIX, ids=lambda page: page.name)
def test_an_address_opens_for_whom_it_should_and_for_nobody_else(page, county, clients):
    out = ask(page, county, clients[""])
    match page.signed_out:
        case "sign in":
            assert to_sign_in(out) or out.status_code == 404, (out.status_code, "signed out")
        case "open":
            assert out.status_code in OPENED and not to_sign_in(out), (out.status_code, "open")
        case "refused":
            assert out.status_code in REFUSED, (out.status_code, "signed out")
    for who in page.may_not:
        assert ask(page, county, clients[who]).status_code in REFUSED, who
    for who in page.elsewhere:
        assert ask(page, county, clients[who]).status_code == 404, who
    for who in page.may:
        answer = ask(page, county, clients[who])
        assert answer.status_code in OPENED, (answer.status_code, who)
        assert not to_sign_in(answer), who
