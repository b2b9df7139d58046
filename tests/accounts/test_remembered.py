"""Within a transaction the database remembers what somebody may do, and forgets it in time."""

import pytest
from django.db import connection, transaction

from kith.accounts.models import Membership
from kith.accounts.viewer import see_as
from tests.factories.accounts import make_team, make_user

pytestmark = pytest.mark.django_db


def may(permission: str = "family.see") -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select kith_may(%s)", [permission])
        return cursor.fetchone()[0]


def test_a_right_that_is_given_or_ended_counts_at_once_in_the_same_transaction():
    team, ann = make_team("Banbury"), make_user(name="Ann")
    see_as(ann)
    assert not may()

    held = Membership.objects.create(user=ann, team=team, role="hub_worker", since="2020-01-01")
    assert may()
    held.delete()
    assert not may()


def test_one_persons_rights_are_never_anothers():
    team = make_team("Banbury")
    worker, nobody = make_user("hub_worker", team), make_user()
    for _ in range(2):
        see_as(worker)
        assert may() and not may("family.see_all")
        see_as(nobody)
        assert not may()
        see_as(None)
        assert not may()


def test_what_is_taken_back_is_forgotten():
    team, ann = make_team("Banbury"), make_user(name="Ann")
    see_as(ann)
    assert not may()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Membership.objects.create(user=ann, team=team, role="hub_worker", since="2020-01-01")
        assert may()
        raise ZeroDivisionError

    assert not may()


def test_whoever_is_stopped_or_whose_team_is_closed_may_nothing_at_once():
    team = make_team("Banbury")
    worker = make_user("hub_worker", team)
    see_as(worker)
    assert may()
    team.active = False
    team.save(update_fields=["active"])
    assert not may()
    team.active = True
    team.save(update_fields=["active"])
    assert may()
    worker.is_active = False
    worker.save(update_fields=["is_active"])
    assert not may()
