import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.directory.models import Term
from kith.places.models import Postcode
from kith.referrals.models import Need

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_county_begins_with_places_needs_and_one_administrator_and_only_once(
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("begin", "--name", "Ann Adams", "--email", "ann@county.example", verbosity=0)

    ann = User.objects.get(email="ann@county.example")
    assert ann.can(Permission.PEOPLE_MANAGE)
    assert not ann.can(Permission.FAMILY_SEE)
    assert [letter.to for letter in mail.outbox] == [["ann@county.example"]]
    assert Postcode.objects.count() > 30_000
    assert Need.objects.exists()
    assert Term.objects.filter(name="Parenting support").exists(), "services can be sorted"
    with pytest.raises(CommandError, match="already"):
        call_command("begin", "--name", "Eve", "--email", "eve@county.example", verbosity=0)


def test_an_address_that_is_none_is_refused():
    with pytest.raises(CommandError, match="e-mail address"):
        call_command("begin", "--name", "Ann", "--email", "ann", verbosity=0)

    assert not User.objects.filter(name="Ann").exists()
