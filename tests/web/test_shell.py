import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["start", "help", "privacy", "cookies", "accessibility"])
def test_the_pages_for_everybody_open_without_signing_in(client, name):
    page = client.get(reverse(name))

    assert page.status_code == 200
    assert b"<h1" in page.content
    assert b"999" in page.content
