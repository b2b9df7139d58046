"""Who is involved with a family, now and before, and what each may see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kith.casework import actions
from kith.casework.involvement import involved
from kith.families import queries as families
from tests.casework.test_reading import assess, in_team
from tests.factories.casework import (
    ask_social_care,
    make_case,
    make_partner,
    make_social_care,
    make_staffed_hub,
    make_worker,
)

pytestmark = pytest.mark.django_db


def test_teams_workers_partners_and_senders_stand_with_what_each_may_see(client, seen_by):
    banbury = make_staffed_hub("Banbury")
    now = timezone.now()
    case = make_case(banbury, worker=banbury.worker, at=now - timedelta(days=30))
    home_start, _ = make_partner("Home-Start")
    other = make_worker(banbury.hub, "Oli Other")
    seen_by(banbury.worker)
    action = actions.plan_action(
        case=case, what="Visit", organisation=home_start, family_known_as="A.O.",
        due_on=timezone.localdate() + timedelta(days=7), by=banbury.worker,
        at=now - timedelta(days=20),
    )  # fmt: skip
    seen_by(banbury.manager)
    actions.reallocate(
        case=case, from_worker=banbury.worker, worker=other, reason="Away", by=banbury.manager,
        at=now - timedelta(days=10),
    )  # fmt: skip

    def told():
        records = families.records_called(banbury.manager, case.family.reference)
        return [
            {one.who: (one.what, one.may_see) for one in part}
            for part in involved(banbury.manager, records, timezone.now())
        ]

    present, past = told()
    assert present["Banbury"] == ("Works with the family", "The whole record")
    assert present["Home-Start"] == ("1 action of the plan", "Its own actions")
    assert "Oli Other, Banbury" in present
    assert "Worker of Banbury, Banbury" in past
    assert past["Orchard School"][1] == "What they sent, and what came of it"

    actions.take_back(sharing=action.sharing, said_by="Grace", by=banbury.manager, at=now)

    present, past = told()
    assert "Home-Start" not in present
    assert past["Home-Start"] == (
        "1 action of the plan",
        "Nothing any more; may be told no more",
    )
    client.force_login(banbury.manager)
    shown = client.get(f"/cases/family/{case.family.reference}/involved/").content.decode()
    assert "Nothing any more; may be told no more" in shown


def test_an_assessment_that_is_open_to_a_partner_and_social_care_stand_there_too(seen_by):
    banbury = make_staffed_hub("Banbury")
    now = timezone.now()
    case = make_case(banbury, worker=banbury.worker, at=now - timedelta(days=30))
    in_team(case, banbury)
    assess(case, banbury)
    make_social_care()
    seen_by(banbury.manager)
    asked = ask_social_care(case, banbury.manager, now)
    records = families.records_called(banbury.manager, case.family.reference)

    def told():
        present, _ = involved(banbury.manager, records, now)
        return {one.who: (one.what, one.may_see) for one in present}

    assert (
        f"; the assessment of {timezone.localdate():%-d %B %Y}"
        in told()["Sam Bright, Home-Start"][1]
    )
    assert asked.organisation.name not in told(), "nothing was sent yet"
    actions.send_step_up(
        step_up=asked, way="phone", spoke_with="Sol Care", by=banbury.manager, at=now
    )
    assert told()[asked.organisation.name] == (
        f"Asked to take the family up, from {case.reference}",
        "What was sent to them",
    )
