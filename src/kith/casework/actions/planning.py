"""The plan: who does what for the family, and by when."""

from contextlib import nullcontext
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.casework.actions.agreeing import ground_for
from kith.casework.actions.checks import (
    ActionEnded,
    NotOfThisFamily,
    NotOfThisHub,
    NotPossible,
    OwnerUnclear,
    ReasonMissing,
    TooEarly,
    WordsMissing,
    check_not_closed,
    lock,
    works_in,
)
from kith.casework.actions.inviting import tell_asked
from kith.casework.actions.reminding import tell_partner, tell_worker_done
from kith.casework.family_actions import takes_on
from kith.casework.models import Case, Goal, PlannedAction, TeamMeeting, TeamMember
from kith.casework.permissions import may_finish, may_lead, may_work, owns
from kith.families.models import Person
from kith.partners.models import Organisation


class NotWithheld(NotPossible):
    """Only what a partner no longer sees can be given back."""


@transaction.atomic
def plan_action(
    *,
    case: Case,
    what: str,
    due_on: date,
    owner: User | None = None,
    organisation: Organisation | None = None,
    person: Person | None = None,
    family_known_as: str = "",
    goal: Goal | None = None,
    meeting: TeamMeeting | None = None,
    by: User,
    at: datetime,
) -> PlannedAction:
    """Plan an action of a worker of the hub, of a partner, or of a `person` of the family.

    `family_known_as` is all that the partner is told of the family; `goal` what it is for; `meeting`
    where the team agreed it. Raises PermissionDenied, CaseClosed, WordsMissing, OwnerUnclear,
    NotOfThisHub, NotOfThisFamily, TooEarly, and NotShared where the family has not agreed that the
    partner is told.
    """
    case = lock(case)
    may_work(by, case).or_raise()
    check_not_closed(case)
    if not what.strip():
        raise WordsMissing("Write what will be done.")
    if sum(one is not None for one in (owner, organisation, person)) != 1:
        raise OwnerUnclear(
            "Choose one owner: a worker of the hub, a partner, or somebody of the family."
        )
    if owner is not None and not works_in(owner, case.team_id):
        raise NotOfThisHub(f"{owner} does not work at {case.team}. Choose one of its workers.")
    if organisation is not None and not organisation.active:
        raise OwnerUnclear(f"{organisation} is no longer on the list of partners.")
    if organisation is not None and not family_known_as.strip():
        raise WordsMissing("Say how the partner will know which family this is about.")
    check_goal(goal, case)
    check_meeting(meeting, case)
    return put_in_plan(
        case=case,
        what=what,
        due_on=due_on,
        owner=owner,
        organisation=organisation,
        person=person,
        family_known_as=family_known_as,
        goal=goal,
        meeting=meeting,
        by=by,
        at=at,
    )


def check_goal(goal: Goal | None, case: Case) -> None:
    """Raise OwnerUnclear for a goal of another family, or one that has ended."""
    if goal is not None and (goal.case_id != case.pk or goal.ended_on):
        raise OwnerUnclear("Choose a goal of this family that has not ended.")


def check_meeting(meeting: TeamMeeting | None, case: Case) -> None:
    """Raise OwnerUnclear for a meeting about another family."""
    if meeting is not None and meeting.case_id != case.pk:
        raise OwnerUnclear("That meeting was about another family.")


def put_in_plan(
    *,
    case: Case,
    what: str,
    due_on: date,
    owner: User | None = None,
    organisation: Organisation | None = None,
    person: Person | None = None,
    family_known_as: str = "",
    goal: Goal | None = None,
    meeting: TeamMeeting | None = None,
    by: User,
    at: datetime,
    seen_by: User | None = None,
) -> PlannedAction:
    """Put an action into the plan of a locked case, for whoever was asked whether they may. `seen_by`
    is who reads the family's record where `by` does not see it.

    Raises TooEarly, NotOfThisFamily, NotShared.
    """
    _check_due(due_on, at)
    reader = seen_by or by
    called = _of_the_family(case, person, reader, at) if person else ""
    ground = (
        ground_for(case=case, organisation=organisation, by=reader, at=at) if organisation else None
    )
    action = PlannedAction(
        case=case,
        sharing=ground,
        what=what.strip(),
        goal=goal,
        meeting=meeting,
        owner=owner,
        owner_organisation=organisation,
        owner_person=person,
        owner_called=called,
        family_known_as=family_known_as.strip() if organisation else "",
        due_on=due_on,
        made_at=at,
        made_by=by,
    )
    action.save(force_insert=True)
    if organisation is not None and not owns(by, action):
        tell_partner(action, case, at)
        tell_asked(action, case, at)
    record(
        "action.planned",
        subject=action,
        by=by,
        at=at,
        after={"what": action.what, "owner": action.who, "due_on": due_on},
        family_id=case.family_id,
        team_id=case.team_id,
    )
    return action


@transaction.atomic
def complete_action(
    *,
    action: PlannedAction,
    came_of_it: str,
    member: TeamMember | None = None,
    by: User | None,
    at: datetime,
) -> PlannedAction:
    """Say that an action is done, and what came of it. `by` is None for a `member` of the team who
    has no account: their link must have been opened in this transaction.

    Raises PermissionDenied, CaseClosed, ActionEnded, WordsMissing.
    """
    action, case = _lock_open(action, by, member)
    if not came_of_it.strip():
        raise WordsMissing("Write what was done and what came of it.")
    action.done_on = timezone.localdate(at)
    if by is None or owns(by, action):
        with seeing_as(front_door()):
            tell_worker_done(action, case, at)
    return _end(action, case, "action.done", came_of_it, by, at)


@transaction.atomic
def drop_action(*, action: PlannedAction, reason: str, by: User, at: datetime) -> PlannedAction:
    """Say that an action will not be done, and why.

    Raises PermissionDenied, CaseClosed, ActionEnded, ReasonMissing.
    """
    action, case = _lock_open(action, by)
    may_lead(by, case).or_raise()
    if not reason.strip():
        raise ReasonMissing("Write why this will not be done.")
    action.dropped_on = timezone.localdate(at)
    return _end(action, case, "action.dropped", reason, by, at)


@transaction.atomic
def change_due_date(
    *, action: PlannedAction, due_on: date, reason: str, by: User, at: datetime
) -> PlannedAction:
    """Give an action another date, and say why. Each earlier date stays in the row's history.

    Raises PermissionDenied, CaseClosed, ActionEnded, ReasonMissing, TooEarly.
    """
    action, case = _lock_open(action, by)
    may_lead(by, case).or_raise()
    if not reason.strip():
        raise ReasonMissing("Write why the date changes.")
    _check_due(due_on, at)
    before = {"due_on": action.due_on}
    action.due_on, action.date_reason = due_on, reason.strip()
    action.save(update_fields=["due_on", "date_reason"])
    record(
        "action.date_changed",
        subject=action,
        by=by,
        at=at,
        before=before,
        after={"due_on": due_on, "reason": reason},
        family_id=case.family_id,
        team_id=case.team_id,
    )
    return action


@transaction.atomic
def give_back_action(*, action: PlannedAction, by: User, at: datetime) -> PlannedAction:
    """Let a partner see again what it no longer saw, since the family agrees once more; it is told.

    Raises PermissionDenied, CaseClosed, ActionEnded, NotWithheld, TooEarly, NotShared.
    """
    action, case = _lock_open(action, by)
    may_work(by, case).or_raise()
    if action.withheld_at is None or action.owner_organisation is None:
        raise NotWithheld("The partner sees this action already.")
    if action.due_on < timezone.localdate(at):
        raise TooEarly("Its day has passed. Change the day first, then give it back.")
    action.sharing = ground_for(case=case, organisation=action.owner_organisation, by=by, at=at)
    before, action.withheld_at = action.withheld_at, None
    action.save(update_fields=["sharing", "withheld_at"])
    tell_partner(action, case, at, again=f":{before.isoformat()}")
    tell_asked(action, case, at, again=f":{before.isoformat()}")
    record(
        "action.given_back",
        subject=action,
        by=by,
        at=at,
        after={"what": action.what, "owner": action.who, "due_on": action.due_on},
        family_id=case.family_id,
        team_id=case.team_id,
    )
    return action


def _lock_open(
    action: PlannedAction, by: User | None, member: TeamMember | None = None
) -> tuple[PlannedAction, Case]:
    # A partner sees its own action but no case: the front door looks the case up, and no more.
    with seeing_as(front_door()):
        case = lock(Case(pk=action.case_id))
    if by is None:
        with seeing_as(front_door()):
            locked = PlannedAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
        if (
            member is None
            or locked.withheld_at is not None
            or (member.case_id, member.organisation_id)
            != (locked.case_id, locked.owner_organisation_id)
        ):
            raise PermissionDenied("This is not yours to finish.")
    else:
        locked = PlannedAction.objects.select_for_update().get(pk=action.pk)
        may_finish(by, locked, case.team_id).or_raise()
    if locked.ended:
        how = "done" if locked.done_on else "dropped"
        raise ActionEnded(f"This action was {how} before.")
    check_not_closed(case)
    return locked, case


def _end(
    action: PlannedAction, case: Case, what: str, words: str, by: User | None, at: datetime
) -> PlannedAction:
    action.came_of_it, action.ended_by = words.strip(), by
    with seeing_as(front_door()) if by is None else nullcontext():
        action.save(update_fields=["done_on", "dropped_on", "came_of_it", "ended_by"])
    record(
        what,
        subject=action,
        by=by,
        at=at,
        after={"what": action.what, "words": action.came_of_it},
        family_id=case.family_id,
        team_id=case.team_id,
    )
    return action


def _of_the_family(case: Case, person: Person, reader: User, at: datetime) -> str:
    """Return as what somebody of the family is called who takes something on."""
    member = takes_on(reader, case.family, person, timezone.localdate(at))
    if member is None:
        raise NotOfThisFamily(
            "Choose somebody who is of this family now, and is old enough to take something on."
        )
    return member.name


def _check_due(due_on: date, at: datetime) -> None:
    if due_on < timezone.localdate(at):
        raise TooEarly("That day has passed. Give a day from today on.")
