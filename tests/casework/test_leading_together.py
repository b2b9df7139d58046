"""A lead professional plans while what the family agreed to is taken back, on a database that commits."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kith.accounts.viewer import see_as
from kith.casework import actions, sharing
from tests.casework.test_leading import plan, team_of
from tests.casework.test_team import said
from tests.factories.casework import make_staffed_hub
from tests.factories.together import in_one_moment


def test_nothing_is_planned_by_a_lead_in_the_moment_in_which_it_is_taken_back(fresh_database):
    banbury = make_staffed_hub("Banbury")
    with transaction.atomic():
        teams = [team_of(banbury) for _ in range(2)]

    def take_back(number, purpose):
        case, _, member = teams[number]
        see_as(banbury.worker)
        [ground] = sharing.grounds(
            banbury.worker, case.family, purpose, member.organisation, timezone.localdate()
        )
        return actions.take_back(sharing=ground, said_by="Grace", **said(banbury.worker))

    def planned(number):
        case, lead, member = teams[number]
        see_as(lead)
        return plan(case, lead, member)

    told_too_late = in_one_moment(lambda: take_back(0, "help"), lambda: planned(0))
    in_no_team = in_one_moment(lambda: take_back(1, "team"), lambda: planned(1))

    assert isinstance(told_too_late, actions.NotShared)
    assert isinstance(in_no_team, (actions.NotShared, PermissionDenied))
