"""Who may do what with a case, and why not."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from kith.accounts.models import Team, User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse
from kith.accounts.viewer import linked
from kith.casework.models import (
    STEP_UP,
    Assessment,
    AuditedCase,
    Case,
    Handover,
    HandoverOffer,
    LeadProfessional,
    PlannedAction,
    Sharing,
    StepUp,
    Supervision,
)

# So long the hub that handed a case over still sees it, to finish what it was writing.
STAYS_IN_SIGHT = timedelta(days=14)
# What somebody typed of a supervision and did not save, after their last word.
DRAFTS_KEPT_FOR = timedelta(days=90)


def may_open(user: User) -> Decision:
    """Opening a case is accepting a request: it belongs to the county desk."""
    if user.can(Permission.REFERRAL_DECIDE):
        return ALLOW
    return refuse("Only the county desk can accept a request for a hub.")


def may_work(user: User, case: Case) -> Decision:
    """Recording work belongs to the hub whose case it is: to any of its staff, so that a
    colleague on duty can write down a call."""
    if user.can(Permission.CASE_WORK, in_team=case.team_id):
        return ALLOW
    return refuse("Only staff of the hub that has this case can record work on it.")


def may_write_attendance(user: User) -> Decision:
    """Attendance comes from a file for the cases of one's own hub: whoever works in none writes none."""
    if user.teams_granting(Permission.CASE_WORK):
        return ALLOW
    return refuse(
        "Only staff of a hub write down attendance, for the cases of their own hub. Ask the hub to "
        "read the file."
    )


def leads(user: User, case: Case) -> bool:
    """Say whether somebody leads the family's team for a partner for which they still act. A lead of
    the hub's own needs no more than their work there."""
    return LeadProfessional.objects.filter(
        case=case,
        until__isnull=True,
        member__user=user,
        member__organisation__team__in=user.teams_granting(Permission.ACTION_OWN),
        member__until__isnull=True,
        member__withheld_at__isnull=True,
    ).exists()


def may_lead(user: User, case: Case) -> Decision:
    """Meetings, their minutes and what they decide belong to the hub's staff, and to the lead
    professional, who may be a partner's."""
    if may_work(user, case) or leads(user, case):
        return ALLOW
    return refuse("Only the hub, or whoever leads the family's team, can do that.")


def may_allocate(user: User, case: Case) -> Decision:
    """Giving a family to a worker belongs to the hub's manager, or to a county lead."""
    if user.can(Permission.CASE_ALLOCATE, in_team=case.team_id) or leads_county(user):
        return ALLOW
    return refuse("Only this hub's manager or a county lead can give the family to a worker.")


def may_set_intensity(user: User, case: Case) -> Decision:
    """How much work a family needs is said by its worker, whoever stands in for them, or a manager."""
    if may_allocate(user, case):
        return ALLOW
    stands_for = {held.user_id for held in user.current_memberships()}
    if case.worker_id in stands_for and may_work(user, case):
        return ALLOW
    return refuse("Only the family's worker or the hub's manager can say how much work it needs.")


def may_set_weights(user: User) -> Decision:
    """What a family counts is the same in every hub, and the county's to say."""
    if user.can(Permission.SETTINGS_EDIT):
        return ALLOW
    return refuse("Only a county lead or an administrator can change what a family counts.")


def may_supervise(user: User, worker_id: int, team_id: int) -> Decision:
    """Supervision is held by a manager of the worker's hub; nobody holds it with themselves."""
    if user.pk == worker_id:
        return refuse("Somebody else talks with you about your own work.")
    if user.can(Permission.CASE_SUPERVISE, in_team=team_id):
        return ALLOW
    return refuse("Only a manager of the worker's hub can write down what was said in supervision.")


def may_add_to_supervision(user: User, supervision: Supervision) -> Decision:
    """Both who talked may add their words later, and whoever manages the hub by then."""
    if user.pk in (supervision.worker_id, supervision.manager_id):
        return ALLOW
    if user.can(Permission.CASE_SUPERVISE, in_team=supervision.team_id):
        return ALLOW
    return refuse("Only the two people who talked, or a manager of the hub, can add to this.")


def may_draft_supervision(user: User, team: Team, supervision: Supervision | None) -> Decision:
    """Whoever may save what they type of a supervision may have it kept while they type."""
    if supervision is not None:
        return may_add_to_supervision(user, supervision)
    if user.can(Permission.CASE_SUPERVISE, in_team=team):
        return ALLOW
    return refuse("Only a manager of this hub can write down a supervision.")


def may_clear_drafts(user: User) -> Decision:
    """Old drafts are thrown away by the clock, for nobody but their writer may read them."""
    if user.can(Permission.DRAFT_KEEP):
        return ALLOW
    return refuse("Only Kith itself throws old drafts away.")


def may_draw(user: User, team: Team | None) -> Decision:
    """A hub's manager draws from the hub's own cases, a county lead from any, or from all."""
    teams = user.teams_granting(Permission.CASE_AUDIT)
    if any(held.kind == Team.Kind.DESK or held == team for held in teams):
        return ALLOW
    if team is None and teams:
        return refuse("Only a county lead can draw cases from every hub.")
    return refuse("Only this hub's manager or a county lead can draw its cases for an audit.")


def may_audit(user: User, audited: AuditedCase) -> Decision:
    """A manager of the hub or a county lead, and nobody who has worked with the family there."""
    if not may_draw(user, audited.team):
        return refuse("Only the hub's manager or a county lead can audit this case.")
    if _has_worked_on(user, audited.case):
        return refuse("You have worked on this case. Somebody else must audit it.")
    return ALLOW


def _has_worked_on(user: User, case: Case) -> bool:
    """Say whether somebody had the case, wrote in it, assessed, or took on an action."""
    return (
        case.allocations.filter(worker=user).exists()
        or case.contacts.filter(by=user).exists()
        or case.notes.filter(by=user).exists()
        or case.reviews.filter(by=user).exists()
        or case.actions.filter(owner=user).exists()
        or case.assessments.filter(Q(started_by=user) | Q(sent_by=user)).exists()
        or case.reflections.filter(worker=user).exists()
    )


def may_hand_over(user: User, case: Case) -> Decision:
    """Offering a case to another hub belongs to the manager of the hub that has it."""
    if user.can(Permission.CASE_ALLOCATE, in_team=case.team_id) or leads_county(user):
        return ALLOW
    return refuse("Only this hub's manager or a county lead can hand the case to another hub.")


def may_take_over(user: User, offer: HandoverOffer) -> Decision:
    """Taking a case over, or declining to, belongs to the manager of the hub it is offered to."""
    if user.can(Permission.CASE_ALLOCATE, in_team=offer.to_team_id) or leads_county(user):
        return ALLOW
    return refuse("Only a manager of the hub that is asked, or a county lead, can answer this.")


def may_write_down(user: User, case: Case, at: datetime) -> Decision:
    """Notes and contacts are written by the hub that has the case; and for some days by the hub
    that handed it over, so that nothing is lost that somebody was writing meanwhile."""
    may = may_work(user, case)
    return ALLOW if may or handed_over_by(user, case, at) else may


def handed_over_by(user: User, case: Case, at: datetime) -> Handover | None:
    """Return the last handover of a case by a hub of this person's that has not the case now, while
    that hub still finishes what it was writing."""
    teams = user.teams_granting(Permission.CASE_WORK)
    if case.team in teams:
        return None
    return (
        case.handovers.filter(from_team__in=teams, at__gt=at - STAYS_IN_SIGHT)
        .select_related("to_team__hub")
        .order_by("-at", "-pk")
        .first()
    )


def may_step_up(user: User, case: Case) -> Decision:
    """That social care is asked is the word of a manager of the hub that has the case; of a county
    lead, with the reason, where none of them can be reached."""
    if manages(user, case) or leads_county(user):
        return ALLOW
    return refuse("Only this hub's manager, or a county lead for them, can have social care asked.")


def manages(user: User, case: Case) -> bool:
    """Say whether somebody manages the hub that has a case, or covers for who does."""
    return user.can(Permission.CASE_ALLOCATE, in_team=case.team_id)


def may_answer_step_up(user: User | None, step_up: StepUp) -> Decision:
    """What social care says is written down by whoever its private link was sent to, or by the hub
    that was told."""
    if user is None:
        if linked(STEP_UP) == step_up.pk:
            return ALLOW
        return refuse("Only whoever has the link, or the hub, can answer this.")
    return may_work(user, step_up.case)


def may_close(user: User, case: Case) -> Decision:
    """Closing belongs to the hub's manager, who answers for how it ended."""
    if user.can(Permission.CASE_CLOSE, in_team=case.team_id):
        return ALLOW
    return refuse("Only this hub's manager can close a case or open it again.")


def may_sign(user: User, assessment: Assessment) -> Decision:
    """Signing belongs to a manager of the hub that has the case; never to whoever sent it."""
    if not user.can(Permission.ASSESSMENT_SIGN, in_team=assessment.case.team_id):
        return refuse("Only a manager of this hub can sign an assessment or send it back.")
    if assessment.sent_by_id == user.pk:
        return refuse("Somebody else signs what you wrote. Ask another manager of the hub.")
    return ALLOW


def may_share_without_consent(user: User, case: Case) -> Decision:
    """Sharing without consent is decided by a manager, who writes down why."""
    if user.can(Permission.CASE_ALLOCATE, in_team=case.team_id) or leads_county(user):
        return ALLOW
    return refuse("Only this hub's manager or a county lead can decide to share without consent.")


def may_end_sharing(user: User, sharing: Sharing, cases: Iterable[Case]) -> Decision:
    """What the family agreed to is taken back with any worker of a hub that has a case of theirs;
    what is shared without consent ends with a manager."""
    agreed = sharing.ground == Sharing.Ground.CONSENT
    refused = refuse("Only a hub that has a case of this family can end what is shared.")
    for case in cases:
        may = may_work(user, case) if agreed else may_share_without_consent(user, case)
        if may:
            return may
        refused = may
    return refused


def may_withhold(user: User) -> Decision:
    """What has run out is withheld by the clock, everywhere alike."""
    if user.is_service and user.can(Permission.FAMILY_SEE_ALL):
        return ALLOW
    return refuse("What has run out is withheld by Kith itself.")


def may_change_form(user: User) -> Decision:
    """What every hub asks is the county's to say."""
    if user.can(Permission.SETTINGS_EDIT):
        return ALLOW
    return refuse("Only a county lead or an administrator can change the assessment form.")


def may_finish(user: User, action: PlannedAction, team_id: int) -> Decision:
    """An action is finished by staff of the case's hub, by the partner that owns it, or by whoever
    leads the family's team."""
    if (
        user.can(Permission.CASE_WORK, in_team=team_id)
        or owns(user, action)
        or leads(user, Case(pk=action.case_id))
    ):
        return ALLOW
    return refuse("Only the hub, or the partner that owns this action, can say that it is done.")


def may_own_actions(user: User) -> Decision:
    """A partner's people see the actions that their organisation has taken on."""
    if user.can(Permission.ACTION_OWN):
        return ALLOW
    return refuse("This page is for partner organisations.")


def may_remind(user: User) -> Decision:
    """Reminders are sent by the clock, to everybody alike."""
    if user.is_service and user.can(Permission.FAMILY_SEE_ALL):
        return ALLOW
    return refuse("Reminders are sent by Kith itself.")


def owns(user: User, action: PlannedAction) -> bool:
    """Say whether an action belongs to an organisation for which this person acts."""
    organisation = action.owner_organisation
    return (
        organisation is not None
        and organisation.team_id is not None
        and user.can(Permission.ACTION_OWN, in_team=organisation.team_id)
    )


def leads_county(user: User) -> bool:
    """Say whether this person may give families to workers in every hub."""
    return any(
        team.kind == Team.Kind.DESK for team in user.teams_granting(Permission.CASE_ALLOCATE)
    )
