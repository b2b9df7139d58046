"""Who may do what with a family's record, and why not."""

from django.db.models import Q
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse
from kith.families.models import EmergencyAccess, Family, Restriction, Standing


def may_add(user: User) -> Decision:
    """New records come from the front door, and from staff."""
    if user.can(Permission.FAMILY_EDIT):
        return ALLOW
    return refuse("You cannot add to the records of families.")


def may_edit(user: User, family: Family) -> Decision:
    """Changing a record belongs to the teams that work with the family, and to the desk."""
    if not user.can(Permission.FAMILY_EDIT):
        return refuse("You cannot change the records of families.")
    if user.can(Permission.FAMILY_SEE_ALL):
        return ALLOW
    teams = user.teams_granting(Permission.FAMILY_EDIT)
    if _in_force(family).filter(team__in=teams).exists():
        return ALLOW
    return refuse("Only a team that works with this family can change its record.")


def may_restrict(user: User, family: Family) -> Decision:
    """Keeping a record to named people belongs to the managers of its hubs, the county lead and the
    data protection officer."""
    if not user.can(Permission.FAMILY_RESTRICT):
        return refuse(
            "Only a hub’s manager, a county lead or the data protection officer can do that."
        )
    if user.can(Permission.AUDIT_SEE_ALL) or user.can(Permission.FAMILY_SEE_ALL):
        return ALLOW
    teams = user.teams_granting(Permission.FAMILY_RESTRICT)
    if _in_force(family).filter(team__in=teams).exists():
        return ALLOW
    return refuse("Only a manager of a hub that works with this family can do that.")


def may_change_restriction(user: User, restriction: Restriction) -> Decision:
    """Who may see is changed by whoever could have restricted it and is named; and by the data
    protection officer, so that no record is ever lost."""
    if not user.can(Permission.FAMILY_RESTRICT):
        return refuse(
            "Only a hub’s manager, a county lead or the data protection officer can do that."
        )
    if user.can(Permission.AUDIT_SEE_ALL):
        return ALLOW
    if restriction.named.filter(user=user, ended_at__isnull=True).exists():
        return ALLOW
    return refuse("Only somebody who is named, or the data protection officer, can change this.")


def may_give_standing(user: User, family: Family) -> Decision:
    """The desk says which teams know of a family; a team that works with it may bring in another."""
    if user.can(Permission.FAMILY_SEE_ALL) or may_edit(user, family):
        return ALLOW
    return refuse("Only the county desk, or a team that works with this family, can do that.")


def may_merge(user: User) -> Decision:
    """Saying that two records are one belongs to the county desk."""
    if user.can(Permission.FAMILY_MERGE):
        return ALLOW
    return refuse("Only the county desk can put records together or part them.")


def may_break_glass(user: User) -> Decision:
    """Hub staff may look at any family's record in an emergency; every look is reviewed."""
    if user.can(Permission.FAMILY_EMERGENCY):
        return ALLOW
    return refuse("Only hub staff can open a record in an emergency.")


def may_review(user: User, emergency: EmergencyAccess) -> Decision:
    """Emergency looks are reviewed by the data protection officer, never by whoever looked."""
    if not user.can(Permission.EMERGENCY_REVIEW):
        return refuse("Only the data protection officer reviews emergency looks.")
    if emergency.user_id == user.pk:
        return refuse("Somebody else must review your own emergency look.")
    return ALLOW


def _in_force(family: Family):  # type: ignore[no-untyped-def]
    now = timezone.now()
    return Standing.objects.filter(Q(until__isnull=True) | Q(until__gt=now), family=family)


def already_reviewed(emergency: EmergencyAccess, viewer: User) -> str:
    """Say who has reviewed an emergency look, to whoever would do so again."""
    if emergency.reviewed_by == viewer:
        return "You have already reviewed this."
    return f"{emergency.reviewed_by} has already reviewed this."
