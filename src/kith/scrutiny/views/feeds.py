"""What was published, for calendars and feed readers."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from kith.scrutiny import published, queries
from kith.scrutiny.search_forms import SearchForm
from kith.ui.queries import county_look

LENGTH = timedelta(hours=2)  # of a meeting that does not say when it is meant to end
MOST = 2000
PAGES = {
    "meeting": "meeting",
    "item": "item",
    "file": "paper",
    "review": "report",
    "practice": "practice",
}


@require_safe
def calendar(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Return the published meetings as a calendar that can be subscribed to."""
    committee = published.committee(slug) if slug else None
    if slug and committee is None:
        raise Http404
    made = Calendar()
    made.add("prodid", "-//Kith//Committees//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", str(committee or f"Committees of {county_look().county_name}"))
    for shown in published.meetings(committee)[:MOST]:
        made.add_component(_event(request, shown))
    return HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")


def _event(request: HttpRequest, shown: Any) -> Event:
    told = shown.content["meeting"]
    starts = datetime.fromisoformat(told["starts_at"])
    ends = datetime.fromisoformat(told["ends_at"]) if told["ends_at"] else starts + LENGTH
    cancelled = told["state"] == "cancelled"
    event = Event()
    event.add("uid", f"{shown.pk}@kith")
    # A reader takes what it knows for newer unless the number of changes has grown.
    event.add("sequence", told["times_moved"] + cancelled)
    event.add("dtstamp", shown.modified.astimezone(UTC))
    event.add("dtstart", starts.astimezone(UTC))
    event.add("dtend", ends.astimezone(UTC))
    event.add("summary", f"{'Cancelled: ' if cancelled else ''}{told['committee']['name']}")
    event.add("location", told["place"])
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("url", request.build_absolute_uri(reverse("meetings:meeting", args=[shown.pk])))
    if told["why"]:
        event.add("description", told["why"])
    return event


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Return what was published or changed last as an Atom feed: all, or what a search asks for."""
    known = {committee.slug: committee for committee in queries.committees()}
    form = SearchForm(request.GET)
    form.offer("committee", [("", ""), *((slug, str(one)) for slug, one in known.items())])
    if not form.is_valid():
        return HttpResponse("This search cannot be understood.", status=400)
    said = form.cleaned_data
    asked = published.Asked(said["q"], said["kind"], known.get(said["committee"]))
    rows = [row for row in published.latest(asked) if row.kind in PAGES]
    county = county_look().county_name
    made = Atom1Feed(
        title=f"Committees of {county}" + (f": {said['q']}" if said["q"] else ""),
        link=request.build_absolute_uri(reverse("meetings:committees")),
        feed_url=request.build_absolute_uri(),
        description="Meetings, agendas, papers and minutes as they are published.",
    )
    for row in rows:
        where = request.build_absolute_uri(reverse(f"meetings:{PAGES[row.kind]}", args=[row.pk]))
        made.add_item(
            title=row.name,
            link=where,
            description=f"{row.get_kind_display()}, {row.committee or county}",
            unique_id=f"urn:uuid:{row.pk}",
            pubdate=row.created,
            updateddate=row.modified,
        )
    answer = HttpResponse(
        made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )
    newest = max((row.modified for row in rows), default=timezone.now())
    answer["Last-Modified"] = newest.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return answer
