"""What was published, in the shape of ModernGov's read-only web service, so that readers made for it work.

There is no published schema of it: the names are those that readers of it ask for. Only GET; nobody's home
address, e-mail or telephone is told.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_safe
from lxml import etree

from kith.scrutiny import published

STATUS = {
    "planned": "Provisional",
    "called": "Confirmed",
    "held": "Confirmed",
    "cancelled": "Cancelled",
}
MOST = 5000


def _add(parent: Any, name: str, value: object = "") -> Any:
    child = etree.SubElement(parent, name)
    if isinstance(value, bool):
        child.text = "True" if value else "False"
    else:
        # XML has no place for most control characters.
        child.text = "".join(one for one in str(value) if one >= " " or one in "\n\t")
    return child


def _day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def _clock(value: str | None) -> str:
    if not value:
        return ""
    at = localtime(datetime.fromisoformat(value))
    return f"{at.hour % 12 or 12}.{at.minute:02} {'am' if at.hour < 12 else 'pm'}"


def _html(points: list[Mapping[str, Any]]) -> str:
    def one(point: Mapping[str, Any]) -> str:
        front = {"resolution": "RESOLVED: ", "recommendation": "RECOMMENDED: "}.get(
            point["kind"], ""
        )
        front = front or (f"{point['speaker']}: " if point["speaker"] else "")
        return f"<p>{escape(front + point['words'])}</p>"

    return "".join(map(one, points))


def _number(asked: Mapping[str, str], name: str) -> int:
    try:
        return int(asked.get(name.lower(), "0") or 0)
    except ValueError:
        raise _Wrong(f"{name} is a whole number.") from None


def _date(asked: Mapping[str, str], name: str) -> date | None:
    text = asked.get(name.lower(), "").strip()
    if not text:
        return None
    try:
        return datetime.strptime(text[:10], "%d/%m/%Y").date()
    except ValueError:
        raise _Wrong(f"{name} is a day such as 26/09/2012.") from None


class _Wrong(Exception):
    """A parameter cannot be understood."""


def get_committees(request: HttpRequest, asked: Mapping[str, str]) -> Any:
    """Return the committees."""
    root = etree.Element("committees")
    found = list(published.committees())
    _add(root, "committeescount", len(found))
    for committee in found:
        told = _add(root, "committee")
        _add(told, "committeeid", committee.pk)
        _add(told, "committeetitle", committee.name)
        _add(told, "committeecategory", committee.get_kind_display())
        _add(told, "committeedeleted", bool(committee.until and committee.until < localdate()))
    return root


def get_meetings(request: HttpRequest, asked: Mapping[str, str]) -> Any:
    """Return the meetings of a committee, or of all (0), between two days."""
    wanted, since, until = _number(asked, "lCommitteeId"), _date(asked, "sFromDate"), _date(asked, "sToDate")  # fmt: skip
    rows = published.meetings()
    rows = rows.filter(committee=wanted) if wanted else rows
    rows = rows.filter(day__gte=since) if since else rows
    rows = rows.filter(day__lte=until) if until else rows
    root = etree.Element("getmeetings")
    by: dict[int, list[Any]] = {}
    for row in rows.order_by("day", "pk")[:MOST]:
        by.setdefault(row.committee_id or 0, []).append(row)
    _add(root, "meetingscount", sum(map(len, by.values())))
    for number, meetings in by.items():
        committee = _add(root, "committee")
        _add(committee, "committeeid", number)
        _add(committee, "committeetitle", meetings[0].committee.name)
        listed = _add(committee, "committeemeetings")
        for row in meetings:
            _short(_add(listed, "meeting"), row)
    return root


def _short(told: Any, row: Any) -> None:
    meeting = row.content["meeting"]
    _add(told, "meetingid", meeting["id"])
    _add(told, "meetingdate", _day(row.day))
    _add(told, "meetingtime", _clock(meeting["starts_at"]))
    _add(told, "meetingstatus", STATUS[meeting["state"]])
    _add(told, "iswebcast", bool(meeting["webcast"]))


def get_meeting(request: HttpRequest, asked: Mapping[str, str]) -> Any:
    """Return one meeting with its agenda, and its minutes where they are published."""
    row = published.numbered("meeting", _number(asked, "lMeetingId"))
    root = etree.Element("meeting")
    if row is None:
        return root
    meeting, minutes = row.content["meeting"], row.content.get("minutes") or {}
    agenda = row.content.get("agenda") or {}
    _short(root, row)
    _add(root, "meetinglocation", meeting["place"])
    _add(root, "meetingactualstarttime", _clock(minutes.get("began_at")))
    _add(root, "meetingactualfinishtime", _clock(minutes.get("finished_at")))
    _add(root, "meetingplannedfinishtime", _clock(meeting["ends_at"]))
    _add(root, "agendaid", meeting["id"])
    _add(root, "agendapublished", bool(agenda))
    _add(root, "decisionpublished", bool(minutes))
    _add(root, "minutepublished", bool(minutes))
    seats = {one["uid"]: one for one in agenda.get("members", [])}
    people = _add(root, "attendees")
    for one in minutes.get("attendance", []):
        seat = seats.get(one["uid"], {})
        etree.SubElement(
            people, "attendee", memberid="", name=one["name"],
            roledescription=seat.get("role", "Substitute"), attendance=one["said"],
            politicalparty=seat.get("group", ""), ward=seat.get("division", ""),
            representing=seat.get("represents", ""),
        )  # fmt: skip
    listed = _add(root, "agendaitems")
    for item in agenda.get("items", []):
        _item(request, _add(listed, "agendaitem"), item, minutes, row)
    return root


def _item(
    request: HttpRequest, told: Any, item: Mapping[str, Any], minutes: Mapping[str, Any], row: Any
) -> None:
    points = minutes.get("items", {}).get(item["uid"], [])
    decided = [one for one in points if one["kind"] in ("resolution", "recommendation")]
    number = item["number"]
    _add(told, "agendaitemid", item["id"])
    _add(told, "agendaitemtitle", item["title"])
    _add(told, "fulldisplaynumberformat", number)
    _add(told, "minutesitemnumber", number.partition("/")[0])
    _add(told, "minutesitemsubnumber")
    _add(told, "agendatext", f"<p>{escape(item['words'])}</p>" if item["words"] else "")
    _add(told, "isdecision", bool(decided))
    _add(told, "isdecisionpublished", bool(decided))
    _add(told, "isminutepublished", bool(points))
    _add(told, "isrestricted", not item["public"])
    _add(told, "isdisplayallowed", item["public"])
    _add(told, "decisionnonemptyhtmlbody", _html(decided))
    _add(told, "minutesnonemptyhtmlbody", _html(points))
    files = [one for one in item["papers"] if one["public"] and one["sha"]]
    if files:
        linked = _add(told, "linkeddocuments")
        for one in files:
            paper = _add(linked, "linkeddoc")
            _add(paper, "attachmentid", one["id"])
            _add(paper, "title", one["title"])
            _add(paper, "ownertitle", row.content["meeting"]["committee"]["name"])
            where = reverse("meetings:file", args=[one["uid"]])
            _add(paper, "url", request.build_absolute_uri(where))
            _add(paper, "isrestricted", False)
            _add(paper, "isdecisionattachment", False)
            _add(paper, "publicationdate", _day(localdate(row.created)))


def get_attachment(request: HttpRequest, asked: Mapping[str, str]) -> Any:
    """Return what is told of a paper, with the address of its file."""
    row = published.numbered("file", _number(asked, "lAttachmentId"))
    root = etree.Element("attachment")
    if row is None or not row.sha or row.above is None or row.above.above is None:
        return root
    told, meeting = _add(root, "attachmentdetails"), row.above.above
    _add(told, "attachmentid", row.content["id"])
    _add(told, "title", row.name)
    _add(told, "url", request.build_absolute_uri(reverse("meetings:file", args=[row.pk])))
    _add(told, "isurl", False)
    _add(told, "isrestricted", False)
    _add(told, "publicationdate", _day(localdate(row.created)))
    _add(told, "meetingdate", _day(meeting.day))
    _add(told, "decisiondate")
    _add(told, "committeetitle", meeting.content["meeting"]["committee"]["name"])
    _add(told, "ownertitle", meeting.content["meeting"]["committee"]["name"])
    return root


def get_councillors_by_ward(request: HttpRequest, asked: Mapping[str, str]) -> Any:
    """Return the councillors by their divisions: names and groups, and no address of theirs."""
    root = etree.Element("councillorsbyward")
    wards = _add(root, "wards")
    by: dict[str, list[Any]] = {}
    for member in published.people().filter(councillor=True, until__isnull=True):
        by.setdefault(member.division, []).append(member)
    for division, members in sorted(by.items()):
        ward = _add(wards, "ward")
        _add(ward, "wardtitle", division)
        listed = _add(ward, "councillors")
        for member in members:
            told = _add(listed, "councillor")
            _add(told, "councillorid", member.pk)
            _add(told, "fullusername", member)
            _add(told, "politicalpartytitle", member.group)
            _add(told, "representing", member.represents)
            _add(told, "keyposts")
    return root


OPERATIONS: dict[str, Callable[[HttpRequest, Mapping[str, str]], Any]] = {
    "getcommittees": get_committees,
    "getmeetings": get_meetings,
    "getallmeetingsbydate": get_meetings,
    "getmeeting": get_meeting,
    "getattachment": get_attachment,
    "getcouncillorsbyward": get_councillors_by_ward,
}


@require_safe
def service(request: HttpRequest, operation: str) -> HttpResponse:
    """Answer an operation with XML."""
    act = OPERATIONS.get(operation.lower())
    if act is None:
        raise Http404
    asked = {name.lower(): value for name, value in request.GET.items()}
    try:
        root = act(request, asked)
    except _Wrong as problem:
        return HttpResponse(str(problem), status=400, content_type="text/plain; charset=utf-8")
    made = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return HttpResponse(made, content_type="text/xml; charset=utf-8")


@require_safe
def old_meeting(request: HttpRequest) -> HttpResponse:
    """Lead from the address that ModernGov gives a meeting to ours."""
    return _lead(request, "meeting", "MId", "meetings:meeting")


@require_safe
def old_item(request: HttpRequest) -> HttpResponse:
    """Lead from the address that ModernGov gives an item to ours."""
    return _lead(request, "item", "ID", "meetings:item")


def _lead(request: HttpRequest, kind: str, name: str, page: str) -> HttpResponse:
    asked = {key.lower(): value for key, value in request.GET.items()}
    number = asked.get(name.lower(), "")
    found = published.numbered(kind, int(number)) if number.isdigit() and len(number) < 12 else None  # fmt: skip
    if found is None:
        raise Http404
    return redirect(page, found.pk)
