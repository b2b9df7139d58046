"""An assessment is signed, or somebody joins, while it is taken back that partners read it: on a
database that commits."""

from django.db import transaction
from django.utils import timezone

from kith.accounts.viewer import front_door, see_as, seeing_as
from kith.casework import actions
from kith.casework.models import Assessment, AssessmentShare, Sharing
from tests.casework.test_assessing import begin, fill
from tests.casework.test_reading import assess, in_team, seen_in_sql
from tests.casework.test_team import said
from tests.factories.casework import make_case, make_staffed_hub
from tests.factories.together import in_one_moment


def test_who_reads_ends_with_the_agreement_whichever_comes_first(fresh_database):
    banbury = make_staffed_hub("Banbury")
    with transaction.atomic():
        case = make_case(banbury, worker=banbury.worker)
        member, partner = in_team(case, banbury)
        assess(case, banbury)
        with seeing_as(banbury.worker):
            again = begin(case, banbury.worker, timezone.now())
            fill(again, banbury.worker, timezone.now())
            actions.send_to_manager(assessment=again, **said(banbury.worker))
            agreed = Sharing.objects.get(purpose="assessment", family=case.family)
        assert seen_in_sql(partner)[1] == 1

    def sign():
        see_as(banbury.manager)
        return actions.sign(assessment=again, **said(banbury.manager))

    def withdraw():
        see_as(banbury.worker)
        return actions.take_back(sharing=agreed, said_by="Grace", **said(banbury.worker))

    in_one_moment(sign, withdraw)

    with transaction.atomic():
        with seeing_as(front_door()):
            assert Assessment.objects.get(pk=again.pk).status == "signed"
            assert not AssessmentShare.objects.filter(ended_at__isnull=True).exists()
            assert AssessmentShare.objects.filter(member=member).exists()
        assert seen_in_sql(partner) == (set(), 0)
