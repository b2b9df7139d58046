"""The entry for the calendar of somebody who is asked to a meeting of a team around a family."""

from datetime import datetime, timedelta

from kith.casework.models import TeamMeeting
from kith.notices import calendar


def entry(
    meeting: TeamMeeting, *, email: str, hub: str, phone: str, at: datetime, over: bool = False
) -> str:
    """Return the entry for one person, as iCalendar text: a request, or with `over` a cancellation.

    Nothing of the family stands in it: calendars are read by others.
    """
    told = calendar.Entry(
        uid=str(meeting.uid),
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.starts_at + timedelta(minutes=meeting.minutes_long),
        summary=f"Meeting with {hub}",
        place=meeting.place,
        words=f"{hub}, {phone}" if phone else hub,
        organiser=hub,
    )
    return calendar.entry(told, product="Team around the family", email=email, at=at, over=over)
