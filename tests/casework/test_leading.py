"""A partner's lead professional plans actions for those in the team, as far as the family agreed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from kith.accounts.viewer import front_door, seeing_as
from kith.casework import actions
from kith.casework.models import PlannedAction
from kith.notices.models import Notice
from tests.casework.test_family_actions import of
from tests.casework.test_team import agree, join, notice, said
from tests.factories.casework import make_case, make_partner, make_staffed_hub

pytestmark = pytest.mark.django_db


def team_of(banbury):
    """A case whose team somebody of a school leads; the family agreed that it joins and takes part."""
    case = make_case(banbury, worker=banbury.worker, agencies_told=())
    with seeing_as(banbury.worker):
        organisation, lead = make_partner("Orchard School")
        _write_to(organisation)
        agree(case, banbury.worker, organisation)
        agree(case, banbury.worker, organisation, purpose="help")
        member = join(case, banbury.worker, organisation, email=lead.email, name=lead.name)
        actions.lead_team(member=member, **said(banbury.worker))
    return case, lead, member


def _write_to(organisation):
    organisation.email = "office@kith.example"
    organisation.save(update_fields=["email"])


def plan(case, lead, member, what="Sit with her at lunch", **changes):
    due = timezone.localdate() + timedelta(days=7)
    return actions.plan_as_lead(
        case=case, member=member, what=what, due_on=due, **said(lead), **changes
    )


def test_the_lead_plans_for_themselves_and_for_the_family_and_the_worker_hears(seen_by):
    banbury = make_staffed_hub("Banbury")
    case, lead, mine = team_of(banbury)
    with seeing_as(banbury.worker):
        mother = actions.add_of_family(
            case=case, person=of(case, "Grace"), role="Mother", **said(banbury.worker)
        )
        colleague = actions.add_colleague(
            case=case, worker=banbury.worker, role="Worker", **said(banbury.worker)
        )
    seen_by(lead)
    with pytest.raises(actions.OwnerUnclear, match="Banbury plans what its own people do"):
        plan(case, lead, colleague)

    own, theirs = plan(case, lead, mine), plan(case, lead, mother, what="Ring on Monday")

    assert (own.owner_organisation, own.family_known_as) == (mine.organisation, "The Okafors")
    assert (theirs.who, theirs.made_by) == ("Grace Okafor", lead)
    told = notice("lead_planned", banbury.worker.email)
    assert case.reference in told.body and "Okafor" not in told.body
    assert not _told_partner(), "whoever plans their own action knows of it"
    seen_by(lead)
    assert list(PlannedAction.objects.all()) == [own], "their own action, and no row of others"


def _told_partner():
    with seeing_as(front_door()):
        return Notice.objects.filter(key="casework.partner_asked").exists()


def test_another_partner_is_planned_for_only_as_far_as_the_family_agreed(client, seen_by):
    banbury = make_staffed_hub("Banbury")
    case, lead, _ = team_of(banbury)
    housing, _ = make_partner("Housing First")
    _write_to(housing)
    with seeing_as(banbury.worker):
        agree(case, banbury.worker, housing)
        theirs = join(case, banbury.worker, housing, email="kit@housing.example", name="Kit")
    client.force_login(lead)
    page = f"/cases/{case.reference}/team/action/"
    due = (timezone.localdate() + timedelta(days=7)).isoformat()
    typed = {"what": "Mend the boiler", "member": theirs.pk, "due_on": due}

    refused = client.post(page, typed).content.decode()
    assert "Nobody of the family has agreed that Housing First is told about its part" in refused
    assert "Ask Banbury to talk about it with the family." in refused
    assert "Choose who will do it" in client.post(page, {**typed, "member": ""}).content.decode()
    with seeing_as(banbury.worker):
        assert not PlannedAction.objects.exists()
        agree(case, banbury.worker, housing, purpose="help")
    assert client.post(page, typed).status_code == 302
    assert _told_partner()
    assert "Mend the boiler" in client.get(f"/cases/{case.reference}/team/").content.decode()


def test_nobody_else_plans_so_and_a_lead_no_longer_when_they_left(seen_by):
    banbury = make_staffed_hub("Banbury")
    case, lead, mine = team_of(banbury)
    _, stranger = make_partner("Elsewhere")
    for other in (stranger, banbury.worker):
        seen_by(other)
        with pytest.raises(PermissionDenied, match="leads the family's team"):
            plan(case, other, mine)
    with seeing_as(banbury.worker):
        actions.leave_team(member=mine, because="Left", **said(banbury.worker))
    seen_by(lead)
    with pytest.raises(PermissionDenied):
        plan(case, lead, mine)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from casework_plannedaction")
        assert cursor.fetchone() == (0,)


def test_what_the_hubs_people_set_themselves_is_not_the_teams_to_read_or_review(client):
    banbury = make_staffed_hub("Banbury")
    case, lead, _ = team_of(banbury)
    with seeing_as(banbury.manager):
        held = actions.hold_supervision(
            worker=banbury.worker, team=banbury.team, held_on=timezone.localdate(),
            next_on=timezone.localdate() + timedelta(days=30), words="Talked.",
            **said(banbury.manager),
        )  # fmt: skip
        spoken = actions.reflect(
            supervision=held, case=case, words="Thin.", **said(banbury.manager)
        )
        actions.agree_action(
            reflection=spoken, what="Read the file again", owner=banbury.worker, due_on=timezone.localdate(),
            **said(banbury.manager),
        )  # fmt: skip
    client.force_login(lead)

    assert (
        "Read the file again" not in client.get(f"/cases/{case.reference}/team/").content.decode()
    )
