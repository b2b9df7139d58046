"""Reading about emergency looks."""

from datetime import datetime

from django.db.models import QuerySet

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.accounts.viewer import front_door, seeing_as
from kith.families.models import EmergencyAccess, Family


def open_for(viewer: User, at: datetime) -> QuerySet[EmergencyAccess]:
    """Return the viewer's own emergency looks that are open now."""
    return (
        EmergencyAccess.objects.filter(user=viewer, until__gt=at)
        .select_related("family")
        .order_by("until", "pk")
    )


def reviewed_by(viewer: User, state: str = "waiting") -> QuerySet[EmergencyAccess]:
    """Return emergency looks that the viewer reviews: `waiting` for it, or `done`."""
    if not viewer.can(Permission.EMERGENCY_REVIEW):
        return EmergencyAccess.objects.none()
    # The reviewer sees who looked and why, and not the family: no join with it.
    found = EmergencyAccess.objects.select_related("user", "reviewed_by")
    if state == "done":
        return found.filter(reviewed_at__isnull=False).order_by("-reviewed_at", "pk")
    if state == "waiting":
        found = found.filter(reviewed_at__isnull=True)
    return found.order_by("at", "pk")


def references(viewer: User, family_ids: set[int]) -> dict[int, str]:
    """Return families' reference numbers, for those who read the log and see no family."""
    allowed = (Permission.AUDIT_SEE_ALL, Permission.AUDIT_SEE_TEAM, Permission.EMERGENCY_REVIEW)
    if not any(viewer.can(permission) for permission in allowed):
        return {}
    with seeing_as(front_door()):
        return dict(Family.objects.filter(pk__in=family_ids).values_list("pk", "reference"))


def number_of(viewer: User, reference: str) -> int | None:
    """Return the number under which the log knows a family, for those who read the log."""
    if not viewer.can(Permission.AUDIT_SEE_ALL):
        return (
            Family.objects.filter(reference=reference.strip().upper())
            .values_list("pk", flat=True)
            .first()
        )
    with seeing_as(front_door()):
        return (
            Family.objects.filter(reference=reference.strip().upper())
            .values_list("pk", flat=True)
            .first()
        )
