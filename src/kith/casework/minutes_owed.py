"""Meetings that nobody has written down: when their chair is reminded, and when the manager sees it."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from kith.casework.models import TeamMeeting
from kith.hubs.calendar import working_days_ago

# Working days after a meeting: its chair is reminded of the minutes; the case counts as stuck.
REMINDED_AFTER, STUCK_AFTER = 2, 4
FORGOTTEN = timedelta(days=90)  # nobody writes down what was said so long ago


def without_minutes(at: datetime, working_days: int) -> QuerySet[TeamMeeting]:
    """Return the meetings of open cases that were held so many working days ago and more, in the last
    three months, and that nobody has written down."""
    return TeamMeeting.objects.filter(
        case__closed_at__isnull=True,
        starts_at__lte=working_days_ago(at, working_days),
        starts_at__gt=at - FORGOTTEN,
        cancelled_at__isnull=True,
        minutes__isnull=True,
    )
