"""ModernGov's web service: the XML of GetMeeting. What is restricted is not kept, whatever it says."""

import re
from typing import Any

from lxml import etree

from kith.analytics.minutes import dates as days
from kith.analytics.minutes.formats import CannotRead
from kith.analytics.minutes.lines import Document, Line, collapse, without_sizes
from kith.analytics.minutes.page import of_html


def of_xml(text: str, name: str) -> Document:
    """Return a meeting's lines. Entities of the file's own are refused, and nothing is fetched."""
    if re.search(r"<!ENTITY", text, re.IGNORECASE):
        raise CannotRead(
            f"{name} defines entities of its own, which ModernGov never does. It was not read; fetch it again from the council."
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.LxmlError, ValueError) as problem:
        raise CannotRead(
            f"{name} is damaged XML: {_first_line(problem)}. Fetch it again."
        ) from problem
    meeting = _meeting(root)
    if meeting is None:
        raise CannotRead(
            f"{name} is XML, but not of ModernGov's GetMeeting. Fetch mgWebService.asmx/GetMeeting?lMeetingId=… and send that."
        )
    document = Document([], name, "xml")
    _head(meeting, document)
    for one in meeting.iter():
        if _tag(one) == "attendee":
            document.attendees.append(
                {
                    "name": collapse(_unescaped(one.get("name") or "")),
                    "role": collapse(_unescaped(one.get("roledescription") or "")),
                    "attendance": collapse(one.get("attendance") or ""),
                    "line": str(one.sourceline or 1),
                }
            )
    for one in meeting.iter():
        if _tag(one) == "agendaitem":
            _item(one, document)
    if not document.lines:
        raise CannotRead(
            f"{name} holds no meeting: it is empty. Check the meeting's number and fetch it again."
        )
    return document


def _first_line(problem: Exception) -> str:
    return str(problem).split("\n")[0][:120]


def _tag(element: Any) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _meeting(root: Any) -> Any:
    if root is None:
        return None
    for element in root.iter():
        if _tag(element) == "meeting" and _child(element, "meetingdate") is not None:
            return element
    return None


def _child(element: Any, name: str) -> Any:
    return next((child for child in element if _tag(child) == name), None)


def _value(element: Any, name: str) -> tuple[str, int]:
    child = _child(element, name)
    if child is None:
        return "", element.sourceline or 1
    return collapse(_unescaped("".join(child.itertext()))), child.sourceline or 1


def _unescaped(text: str) -> str:
    """Return a text whose entities were written twice over."""
    for code, letter in (
        ("&amp;", "&"),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&quot;", '"'),
        ("&nbsp;", " "),
        ("&ndash;", "–"),
        ("&rsquo;", "’"),
        ("&lsquo;", "‘"),
        ("&lt;", "<"),
        ("&gt;", ">"),
    ):
        text = text.replace(code, letter)
    return text


def _head(meeting: Any, document: Document) -> None:
    committee, line = _value(meeting, "committeetitle")
    if committee:
        document.lines.append(Line(committee, line, role="title"))
    date, line = _value(meeting, "meetingdate")
    time, _ = _value(meeting, "meetingtime")
    found = next(iter(days.dates(date)), None)
    if found:
        document.lines.append(Line(f"{date} {time}".strip(), line, role="title"))
    status, line = _value(meeting, "meetingstatus")
    if status.lower() in ("cancelled", "moved", "postponed"):
        document.warn(line, "status", f"ModernGov says that this meeting was {status.lower()}.")
        document.facts["status"] = status.lower()
    place, line = _value(meeting, "meetinglocation")
    if place:
        document.lines.append(Line(f"Venue: {place}", line))
    began, line = _value(meeting, "meetingactualstarttime")
    if began and began != time and time:
        document.warn(
            line, "start_time", f"The meeting was called for {time} and began at {began}."
        )
    ended, line = _value(meeting, "meetingactualfinishtime")
    if ended:
        document.facts["finish"], document.facts["finish_line"] = ended, str(line)


def _item(item: Any, document: Document) -> None:
    title, line = _value(item, "agendaitemtitle")
    number, _ = _value(item, "fulldisplaynumberformat")
    if not number:
        number = f"{_value(item, 'minutesitemnumber')[0]}{_value(item, 'minutesitemsubnumber')[0]}"
    title = without_sizes(title)
    document.lines.append(
        Line(title or "(no title)", line, role="item", item=number.rstrip(". ") or "")
    )
    if not title:
        document.warn(line, "item", f"Item {number} has no title.")
    if _is_true(item, "isrestricted") or _is_false(item, "isdisplayallowed"):
        document.restricted.add(line)
        document.warn(
            line,
            "restricted",
            f"Item {number or title} is not for the public: only its title was kept.",
        )
        return
    _body(item, "agendatext", None, document)
    if not _is_false(item, "isdecisionpublished"):
        _body(item, "decisionnonemptyhtmlbody", "Decision:", document)
    if _is_false(item, "isminutepublished"):
        if _value(item, "minutesnonemptyhtmlbody")[0]:
            document.warn(
                line,
                "unpublished",
                f"The minutes of item {number} are not published and were not kept.",
            )
        return
    _body(item, "minutesnonemptyhtmlbody", "Minutes:", document)


def _is_true(item: Any, name: str) -> bool:
    return _value(item, name)[0].lower() in ("true", "1", "yes")


def _is_false(item: Any, name: str) -> bool:
    child = _child(item, name)
    if child is None:
        return False
    return _value(item, name)[0].lower() in ("false", "0", "no")


def _body(item: Any, name: str, label: str | None, document: Document) -> None:
    """Add the paragraphs of one body: escaped HTML, or raw markup; both occur."""
    child = _child(item, name)
    if child is None:
        return
    if len(child):
        markup = (child.text or "") + "".join(
            etree.tostring(part, encoding="unicode") for part in child
        )
    else:
        markup = child.text or ""
    for _ in range(2):
        # Entities are written twice over by some hosts.
        if "<" not in markup and "&lt;" in markup:
            markup = _unescaped(markup)
    if not collapse(re.sub(r"<[^>]*>", "", markup)):
        return
    line = child.sourceline or 1
    if label:
        document.lines.append(Line(label, line, role="label"))
    try:
        part = of_html(f"<html><body>{markup}</body></html>", document.name)
    except CannotRead:
        return
    for one in part.lines:
        if one.role == "meta":
            continue
        role = one.role if one.role in ("bullet", "heading", "cell") else ""
        document.lines.append(
            Line(
                one.text,
                line + one.number - 1,
                role=role,
                strong=one.strong,
                blank_before=1,
                printed=one.printed,
            )
        )
