"""Who may write, release and read a case study, and why not."""

from kith.accounts.models import Team, User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse
from kith.casestudies.models import CaseStudy
from kith.casework.models import Case


def may_write(user: User, case: Case) -> Decision:
    """The hub whose case it is tells it."""
    if user.can(Permission.CASE_WORK, in_team=case.team_id):
        return ALLOW
    return refuse("Only staff of the hub that has this case can write a case study of it.")


def may_release(user: User, study: CaseStudy) -> Decision:
    """A manager of the hub or a county lead, and nobody who wrote in it: another pair of eyes."""
    teams = user.teams_granting(Permission.CASE_STUDY_RELEASE)
    if not any(team.kind == Team.Kind.DESK or team.pk == study.case.team_id for team in teams):
        return refuse("Only a manager of this hub or a county lead can release a case study.")
    if _wrote(user, study):
        return refuse("You wrote in it. Another manager, or a county lead, releases it.")
    return ALLOW


def may_withdraw(user: User, study: CaseStudy) -> Decision:
    """Withdrawing asks for no second pair of eyes."""
    teams = user.teams_granting(Permission.CASE_STUDY_RELEASE)
    if any(team.kind == Team.Kind.DESK or team.pk == study.case.team_id for team in teams):
        return ALLOW
    return refuse("Only a manager of this hub or a county lead can withdraw a case study.")


def may_see_list(user: User) -> Decision:
    """Hubs see what they write, readers what was released."""
    asked = (Permission.CASE_STUDY_READ, Permission.CASE_STUDY_RELEASE, Permission.CASE_WORK)
    if any(user.can(permission) for permission in asked):
        return ALLOW
    return refuse("Case studies are for those who write, release or read them.")


def may_read(user: User) -> Decision:
    """Released studies are for the committee, and whoever answers for the hubs."""
    if user.can(Permission.CASE_STUDY_READ):
        return ALLOW
    return refuse("Released case studies are for the committee and those who answer to it.")


def _wrote(user: User, study: CaseStudy) -> bool:
    """Say whether somebody began it, wrote a word of it, or said why something stays."""
    return (
        study.began_by_id == user.pk
        or study.sent_by_id == user.pk
        or study.stays.filter(by=user).exists()
        # Whoever wrote it once wrote in it, though somebody else has written since.
        or study.paragraphs.filter(by=user).exists()
        or CaseStudy.objects.filter(pk=study.pk, paragraphs__events__by=user).exists()
    )
