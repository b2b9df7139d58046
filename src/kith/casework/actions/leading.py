"""What a partner's lead professional puts into the plan, for those in the team."""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import wordings
from kith.casework.actions.agreeing import NotShared, ground_for
from kith.casework.actions.checks import (
    OwnerUnclear,
    WordsMissing,
    check_not_closed,
    lock,
)
from kith.casework.actions.planning import check_goal, check_meeting, put_in_plan
from kith.casework.actions.team import NotInTeam, in_team
from kith.casework.models import (
    Case,
    Goal,
    LeadProfessional,
    PlannedAction,
    Sharing,
    TeamMeeting,
    TeamMember,
)
from kith.casework.permissions import leads
from kith.notices import actions as notices


@transaction.atomic
def plan_as_lead(
    *,
    case: Case,
    member: TeamMember,
    what: str,
    due_on: date,
    goal: Goal | None = None,
    meeting: TeamMeeting | None = None,
    by: User,
    at: datetime,
) -> PlannedAction:
    """Plan an action of a partner in the team, the lead's own among them, or of somebody of the family
    who is in it. The worker is told; the hub plans what its own people do.

    What the family agreed to is held until the transaction ends, for the lead and for whose action it
    is. Raises PermissionDenied, CaseClosed, WordsMissing, NotInTeam, OwnerUnclear, NotOfThisFamily,
    TooEarly, and NotShared where the family has not agreed that the partner is told.
    """
    with seeing_as(front_door()):
        case = lock(case)
        if not leads(by, case):
            raise PermissionDenied(
                "Only whoever leads the family's team for a partner can do that."
            )
        check_not_closed(case)
        _hold_own(case, by, at)
        if not what.strip():
            raise WordsMissing("Write what will be done.")
        check_goal(goal, case)
        check_meeting(meeting, case)
        whose = in_team(case).filter(pk=member.pk).select_related("organisation", "person").first()
        if whose is None:
            raise NotInTeam(f"{member} has left the team meanwhile. Choose again.")
        if whose.organisation is not None and not whose.organisation.active:
            raise OwnerUnclear(f"{whose.organisation} is no longer on the list of partners.")
        if whose.kind == TeamMember.Kind.WORKER:
            raise OwnerUnclear(f"{case.team} plans what its own people do. Ask them to.")
        try:
            action = put_in_plan(
                case=case,
                what=what,
                due_on=due_on,
                organisation=whose.organisation,
                person=whose.person,
                family_known_as=whose.family_known_as,
                goal=goal,
                meeting=meeting,
                by=by,
                at=at,
                seen_by=front_door(),
            )
        except NotShared as refused:
            # The hub asks families, and writes their answers down.
            why = str(refused).partition(" Ask the family")[0]
            raise NotShared(f"{why} Ask {case.team} to talk about it with the family.") from refused
        _tell_worker(action, case, by, at)
    return action


def _hold_own(case: Case, by: User, at: datetime) -> None:
    """Hold what lets the lead see the plan: nobody takes it back in between."""
    lead = LeadProfessional.objects.select_related("member__organisation").get(
        case=case, until__isnull=True
    )
    assert lead.member.organisation is not None
    ground_for(
        case=case,
        organisation=lead.member.organisation,
        purpose=Sharing.Purpose.TEAM,
        by=front_door(),
        at=at,
    )


def _tell_worker(action: PlannedAction, case: Case, by: User, at: datetime) -> None:
    if case.worker is None:
        return
    notices.send(
        wordings.LEAD_PLANNED,
        to=case.worker.email,
        context={
            "reference": case.reference,
            "lead": by.name,
            "link": settings.KITH_ADDRESS + reverse("casework:case", args=[case.reference]),
        },
        once_key=f"casework.lead_planned:{action.pk}",
        at=at,
        about=("case", case.pk),
        team=case.team,
    )
