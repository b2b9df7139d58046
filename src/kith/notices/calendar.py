"""An entry for somebody's calendar: they are asked to something, or it is called off (RFC 5546)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText


@dataclass(frozen=True)
class Entry:
    """What stands in the entry. Nobody else who is asked stands in it: calendars are read by others."""

    uid: str
    sequence: int  # grows with each change
    starts_at: datetime
    ends_at: datetime
    summary: str
    place: str
    words: str
    organiser: str
    confidential: bool = True


def entry(told: Entry, *, product: str, email: str, at: datetime, over: bool = False) -> str:
    """Return the entry for one person, as iCalendar text: a request, or with `over` a cancellation."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Kith//{product}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if over else "REQUEST")
    event = Event()
    event.add("uid", f"{told.uid}@{_house()}")
    event.add("sequence", told.sequence)
    event.add("dtstamp", at)
    # In UTC, which every calendar shows in its owner's own time.
    event.add("dtstart", told.starts_at.astimezone(UTC))
    event.add("dtend", told.ends_at.astimezone(UTC))
    event.add("summary", told.summary)
    event.add("location", told.place)
    event.add("description", told.words)
    event.add("status", "CANCELLED" if over else "CONFIRMED")
    event.add("class", "CONFIDENTIAL" if told.confidential else "PUBLIC")
    organiser = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organiser.params["cn"] = vText(told.organiser)
    event["organizer"] = organiser
    asked = vCalAddress(f"mailto:{email}")
    asked.params["rsvp"] = vText("FALSE")  # the answer is given on the page
    event.add("attendee", asked, encode=False)
    calendar.add_component(event)
    return calendar.to_ical().decode()


def _house() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "kith.example"
