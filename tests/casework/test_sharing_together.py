"""Sharing something while it is taken back, on a database that commits."""

from django.db import transaction

from kith.accounts.viewer import see_as
from kith.casework import actions, sharing
from kith.casework.models import PlannedAction
from tests.casework.test_sharing import TODAY, plan
from tests.factories.casework import AT, make_case, make_partner, make_staffed_hub
from tests.factories.together import in_one_moment


def test_nothing_is_shared_in_the_moment_in_which_it_is_taken_back(fresh_database):
    banbury = make_staffed_hub("Banbury")
    cases = [make_case(banbury) for _ in range(2)]
    home_start, _ = make_partner()

    def share(case):
        see_as(banbury.worker)
        return plan(case, home_start, banbury.worker)

    def withdraw(case):
        see_as(banbury.worker)
        [ground] = sharing.grounds(banbury.worker, case.family, "help", home_start, TODAY)
        return actions.take_back(sharing=ground, said_by="Grace", by=banbury.worker, at=AT)

    shared_late = in_one_moment(lambda: withdraw(cases[0]), lambda: share(cases[0]))
    taken_back_late = in_one_moment(lambda: share(cases[1]), lambda: withdraw(cases[1]))

    assert isinstance(shared_late, actions.NotShared)
    assert taken_back_late.ended_at == AT
    with transaction.atomic():
        see_as(banbury.worker)
        [planned] = PlannedAction.objects.all()
    assert planned.withheld_at == AT
