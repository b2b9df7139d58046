"""An entry for somebody's calendar: they are asked to a meeting, or it is called off (RFC 5546)."""

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from kith.casework.models import TeamMeeting

KITH = "-//Kith//Team around the family//EN"


def entry(
    meeting: TeamMeeting, *, email: str, hub: str, phone: str, at: datetime, over: bool = False
) -> str:
    """Return the entry for one person, as iCalendar text: a request, or with `over` a cancellation.

    Nobody else who is asked stands in it, and nothing of the family: calendars are read by others.
    """
    calendar = Calendar()
    calendar.add("prodid", KITH)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if over else "REQUEST")
    event = Event()
    event.add("uid", f"{meeting.uid}@{_house()}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", at)
    # In UTC, which every calendar shows in its owner's own time.
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add(
        "dtend", (meeting.starts_at + timedelta(minutes=meeting.minutes_long)).astimezone(UTC)
    )
    event.add("summary", f"Meeting with {hub}")
    event.add("location", meeting.place)
    event.add("description", f"{hub}, {phone}" if phone else hub)
    event.add("status", "CANCELLED" if over else "CONFIRMED")
    event.add("class", "CONFIDENTIAL")
    organiser = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organiser.params["cn"] = vText(hub)
    event["organizer"] = organiser
    asked = vCalAddress(f"mailto:{email}")
    asked.params["rsvp"] = vText("FALSE")  # the answer is given on the page
    event.add("attendee", asked, encode=False)
    calendar.add_component(event)
    return calendar.to_ical().decode()


def _house() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "kith.example"
