from datetime import date

import pytest
from django.db import IntegrityError

from kith.accounts.models import Cover, Membership
from kith.accounts.permissions import Permission
from tests.factories.accounts import make_team, make_user

pytestmark = pytest.mark.django_db


def test_a_role_allows_things_in_its_own_team_only():
    banbury, witney = make_team("Banbury"), make_team("Witney")
    worker = make_user("hub_worker", banbury)

    assert worker.can(Permission.FAMILY_SEE, in_team=banbury)
    assert not worker.can(Permission.FAMILY_SEE, in_team=witney)
    assert worker.teams_granting(Permission.FAMILY_SEE) == [banbury]


def test_a_role_is_held_from_its_first_day_until_its_last():
    banbury = make_team("Banbury")
    worker = make_user()
    Membership.objects.create(
        user=worker, team=banbury, role="hub_worker", since=date(2024, 5, 1), until=date(2024, 9, 1)
    )

    assert worker.current_memberships(date(2024, 8, 31))
    assert not worker.current_memberships(date(2024, 9, 1))
    assert not worker.can(Permission.FAMILY_SEE)


def test_a_role_is_not_held_twice_at_once():
    banbury = make_team("Banbury")
    worker = make_user("hub_worker", banbury)

    with pytest.raises(IntegrityError, match="membership_held_once_at_a_time"):
        Membership.objects.create(
            user=worker, team=banbury, role="hub_worker", since=date(2024, 5, 1)
        )


def test_whoever_covers_for_a_colleague_may_do_what_the_colleague_may():
    banbury, witney = make_team("Banbury"), make_team("Witney")
    absent = make_user("hub_manager", banbury)
    standing_in = make_user("hub_worker", witney)
    Cover.objects.create(
        absent=absent, covered_by=standing_in, since=date(2020, 1, 1), agreed_by=absent
    )

    assert standing_in.can(Permission.CASE_ALLOCATE, in_team=banbury)
    assert not standing_in.can(Permission.CASE_ALLOCATE, in_team=witney)
