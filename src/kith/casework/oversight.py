"""What is known of a hub's oversight of its work. Everything starts from `queries.visible_to(viewer)`."""

from django.db.models import QuerySet

from kith.accounts.models import User
from kith.casework.models import Case, IntensityChange
from kith.casework.queries import visible_to


def intensity_changes_of(viewer: User, case: Case) -> QuerySet[IntensityChange]:
    """Return who said when that a family needs more work, or less, the latest first."""
    return (
        IntensityChange.objects.filter(case=case, case__in=visible_to(viewer))
        .select_related("by")
        .order_by("-at", "-pk")
    )
