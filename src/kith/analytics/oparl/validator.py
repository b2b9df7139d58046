"""Our own validator of OParl 1.1 endpoints: it walks one and tells what a reader would stumble over.

Plain Python: how an address is fetched is the caller's. OParl's own checkers are unfinished, or not to be
had from a package index.
"""

import json
import re
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from kith.analytics.oparl.types import (
    FILTERS,
    LIST_OF,
    NOT_OF_EXEMPT,
    OF_DELETED,
    TYPES,
    VERSION,
    Property,
)

Fetch = Callable[[str], tuple[int, Mapping[str, str], bytes]]
Object = dict[str, Any]

OWN_PROPERTY = re.compile(r"^[A-Za-z][\w.-]*:[A-Za-z]\w*$")
DAY = re.compile(r"^\d{4}-\d\d-\d\d$")
MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")
ESCAPED = re.compile(r"&(amp|lt|gt|quot|apos|nbsp|#\d+|#x[0-9a-fA-F]+);")
TEXTUAL = {
    "text": str,
    "url": str,
    "date": str,
    "moment": str,
    "whole": int,
    "yes": bool,
    "map": dict,
}
LONG_AGO = "1900-01-01T00:00:00+00:00"
LINKS = ("first", "prev", "self", "next", "last")
COUNTS = ("totalElements", "elementsPerPage", "currentPage", "totalPages")


@dataclass(frozen=True)
class Finding:
    """What is wrong, where (an address, and a JSON pointer into what it answers), and what to do."""

    where: str
    what: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.to_do}"


@dataclass
class Report:
    """What was found of an endpoint; `objects`: how many of each kind were looked at."""

    findings: list[Finding] = field(default_factory=list)
    objects: Counter[str] = field(default_factory=Counter)
    asked: int = 0

    @property
    def good(self) -> bool:
        return not self.findings


def validate(
    start: str,
    fetch: Fetch,
    *,
    plain_http_of: tuple[str, ...] = (),
    most: int = 20_000,
    files: int = 20,
) -> Report:
    """Walk an endpoint from its System object and return everything that is wrong with it.

    `plain_http_of` names hosts that may be asked without TLS: one's own, in tests. At most `most`
    addresses are asked, and the contents of `files` files.
    """
    walk = _Walk(fetch, plain_http_of, most, files)
    walk.begin(start)
    return walk.report


class _Stop(Exception):
    """More addresses than may be asked."""


@dataclass
class _Walk:
    """What is known of an endpoint while it is walked."""

    fetch: Fetch
    plain_http_of: tuple[str, ...]
    most: int
    files: int
    report: Report = field(default_factory=Report)
    # What is still to be asked: an object's address, the kind it should be, and where that was said.
    to_ask: deque[tuple[str, str, str]] = field(default_factory=deque)
    kinds: dict[str, str] = field(default_factory=dict)  # of each address asked, what it should be
    known: dict[str, Object] = field(default_factory=dict)  # what each object's address answered
    embedded: dict[str, tuple[str, Object]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)  # address: kind, of those to walk
    walked: dict[str, list[Object]] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)

    def say(self, where: str, what: str, to_do: str) -> None:
        if (where, what) not in self.told:
            self.told.add((where, what))
            self.report.findings.append(Finding(where, what, to_do))

    # Asking

    def ask(self, url: str) -> tuple[int, Mapping[str, str], bytes]:
        if self.report.asked >= self.most:
            raise _Stop
        self.report.asked += 1
        status, headers, body = self.fetch(url)
        return status, {name.lower(): value for name, value in headers.items()}, body

    def ask_json(self, url: str, *, error: bool = False) -> Object | None:
        """Return what an address answers, or None where that is nothing one can read.

        With `error`, the address is none, and an OParl Error is what should come.
        """
        status, headers, body = self.ask(url)
        if headers.get("access-control-allow-origin") != "*":
            self.say(
                url,
                "Other websites cannot read this.",
                "Send Access-Control-Allow-Origin: * with all JSON.",
            )
        if headers.get("content-type", "").split(";")[0].strip() != "application/json":
            self.say(url, "The answer is not called JSON.", "Send Content-Type: application/json.")
        if body.startswith(b"\xef\xbb\xbf"):
            self.say(url, "The answer begins with a byte order mark.", "Send UTF-8 without it.")
            body = body[3:]
        try:
            answer = json.loads(body.decode("utf-8"))
        except ValueError:
            self.say(url, "The answer is no JSON in UTF-8.", "Send valid JSON, in UTF-8.")
            return None
        if not isinstance(answer, dict):
            self.say(url, "The answer is no object.", "Send one JSON object.")
            return None
        if error or status >= 400:
            self._check_error(url, status, answer, expected=error)
            return None
        if status != 200:
            self.say(url, f"The answer has the status {status}.", "Answer 200, or an error.")
        return answer

    def _check_error(self, url: str, status: int, answer: Object, *, expected: bool) -> None:
        if expected and status < 400:
            self.say(
                url,
                f"An address that is none is answered with {status}.",
                "Answer 404 with an Error object.",
            )
            return
        if not expected:
            self.say(
                url, f"This is linked, and answers {status}.", "Answer it, or link it no more."
            )
        if answer.get("type") != f"{VERSION}Error" or not answer.get("message"):
            self.say(
                url,
                "The error is no OParl Error.",
                f"Send an object with type {VERSION}Error and a message.",
            )

    # The walk

    def begin(self, start: str) -> None:
        try:
            self._check_url(start, start)
            self.to_ask.append((start, "System", start))
            self._ask_all()
            self._check_embedded()
            self._check_listed()
            self._check_deleted()
            self._check_exempt()
            for url, kind in list(self.lists.items()):
                self._check_filters(url, kind)
            self._check_files()
            self.ask_json(start.rstrip("/") + "/no-such-thing", error=True)
        except _Stop:
            self.say(
                start,
                f"There is more than {self.most} addresses.",
                "Allow more, or what is beyond was not looked at.",
            )

    def _ask_all(self) -> None:
        """Ask every address once, and walk every list, until nothing new is named."""
        while True:
            if self.to_ask:
                url, kind, where = self.to_ask.popleft()
                before = self.kinds.get(url)
                if before is None:
                    self.kinds[url] = kind
                    self._ask_object(url, kind, where)
                elif before != kind:
                    self.say(
                        where,
                        f"This leads to a {before}, and a {kind} belongs here.",
                        f"Link a {kind}.",
                    )
                continue
            new = [url for url in self.lists if url not in self.walked]
            if not new:
                return
            for url in new:
                self.walked[url] = self._walk_list(url, self.lists[url])

    def _ask_object(self, url: str, kind: str, where: str) -> None:
        found = self.ask_json(url)
        if found is None:
            if where != url:
                self.say(
                    where, "What is linked cannot be had.", f"Answer {url}, or link it no more."
                )
            return
        self.known[url] = found
        self.report.objects[kind] += 1
        if found.get("type") != VERSION + kind:
            self.say(where, f"{url} is no {kind}.", f"Link an object of type {VERSION}{kind}.")
        if found.get("id") != url:
            self.say(f"{url}#/id", "The id is not its own address.", f"Let the id be {url}.")
        self.check_object(found, kind, url, "")

    def _walk_list(self, url: str, kind: str, *, among: bool = False) -> list[Object]:
        """Return all objects of a list, page by page; with `among`, only as a filter's answer."""
        found: list[Object] = []
        asked: list[str] = []
        page: str | None = url
        total: int | None = None
        while page:
            if page in asked:
                self.say(
                    f"{asked[-1]}#/links/next", "The pages run in a circle.", "Let next lead on."
                )
                break
            answer = self.ask_json(page)
            if answer is None:
                break
            asked.append(page)
            data = self._check_page(page, answer, len(asked))
            told = answer.get("pagination", {}).get("totalElements")
            if total is not None and told != total:
                self.say(
                    f"{page}#/pagination/totalElements",
                    "The number of all changes from page to page.",
                    "Count all that the list holds, on each page.",
                )
            total = told if isinstance(told, int) else total
            self._check_kept(url, page, answer)
            if not among:
                for place, one in enumerate(data):
                    self._check_in_list(one, kind, page, f"/data/{place}")
            found += data
            following = answer.get("links", {}).get("next")
            page = following if isinstance(following, str) and _can_be_asked(following) else None
        self._check_whole(url, found, asked, total)
        return found

    def _check_in_list(self, one: Object, kind: str, page: str, pointer: str) -> None:
        self.check_object(one, kind, page, pointer)
        self._remember(one, kind, f"{page}#{pointer}")

    def _remember(self, one: Object, kind: str, at: str) -> None:
        """Ask later what an object's own address says of it."""
        address = one.get("id")
        if isinstance(address, str) and _can_be_asked(address):
            self.to_ask.append((address, kind, f"{at}/id"))
            self.embedded.setdefault(address, (at, one))

    def _check_page(self, page: str, answer: Object, number: int) -> list[Object]:
        data, links, told = (answer.get(name) for name in ("data", "links", "pagination"))
        if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
            self.say(f"{page}#/data", "A list has its objects in data.", "Send a list of objects.")
            data = []
        if not isinstance(links, dict):
            self.say(f"{page}#/links", "A list has links.", "Send links, with first and next.")
            answer["links"] = {}
        else:
            self._check_not_empty(links, f"{page}#/links")
            for name, value in links.items():
                if name not in (*LINKS, "web"):
                    self.say(f"{page}#/links/{name}", "This is no link of a list.", "Leave it out.")
                elif not isinstance(value, str) or not value:
                    self.say(
                        f"{page}#/links/{name}",
                        "This is no address.",
                        "Leave out what is not there.",
                    )
                else:
                    self._check_url(value, f"{page}#/links/{name}")
            if number > 1 and not links.get("prev"):
                self.say(f"{page}#/links/prev", "The page before is not linked.", "Send prev.")
        if not isinstance(told, dict):
            self.say(f"{page}#/pagination", "A list counts its pages.", "Send pagination.")
            answer["pagination"] = {}
            return data
        self._check_not_empty(told, f"{page}#/pagination")
        for name in set(told) - set(COUNTS):
            self.say(f"{page}#/pagination/{name}", "This counts no pages.", "Leave it out.")
        for name in COUNTS:
            value = told.get(name)
            if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
                self.say(f"{page}#/pagination/{name}", "This is no whole number.", "Send a number.")
        if told.get("currentPage") not in (None, number):
            self.say(
                f"{page}#/pagination/currentPage",
                f"This is page {number} of the walk.",
                "Count pages from 1.",
            )
        size = told.get("elementsPerPage")
        if isinstance(size, int) and len(data) > size:
            self.say(f"{page}#/data", f"There are more than {size} on this page.", "Keep to it.")
        pages = told.get("totalPages")
        if isinstance(pages, int) and isinstance(answer["links"], dict):
            last = number >= pages
            if last == bool(answer["links"].get("next")):
                self.say(
                    f"{page}#/links/next",
                    "next does not stand on all pages but the last.",
                    "Send next on every page but the last.",
                )
        return data

    def _check_not_empty(self, told: Object, at: str) -> None:
        if not told:
            self.say(at, "Nothing stands in it.", "Say what there is of it.")

    def _check_whole(
        self, url: str, found: list[Object], asked: list[str], total: int | None
    ) -> None:
        ids = [one.get("id") for one in found]
        for one, times in Counter(map(str, ids)).items():
            if times > 1:
                self.say(
                    url,
                    f"{one} stands in the list {times} times.",
                    "Keep the order, so that each comes once.",
                )
        if asked and total is not None and total != len(found):
            self.say(
                url,
                f"The pages hold {len(found)} objects, and totalElements says {total}.",
                "Let next lead through the whole list.",
            )

    def _check_kept(self, url: str, page: str, answer: Object) -> None:
        """Check that the links of a page ask for what was asked: all filters stay."""
        asked = dict(parse_qsl(urlsplit(url).query))
        for name in LINKS:
            link = answer.get("links", {}).get(name)
            if not isinstance(link, str) or not _can_be_asked(link):
                continue
            kept = dict(parse_qsl(urlsplit(link).query))
            for key, value in asked.items():
                if kept.get(key) != value:
                    self.say(
                        f"{page}#/links/{name}",
                        f"{key} is lost.",
                        "Keep the filters of the request in all links.",
                    )

    # One object

    def check_object(self, one: Object, kind: str, url: str, pointer: str) -> None:
        """Check an object's own properties, and remember what it links."""
        at = f"{url}#{pointer}"
        if one.get("type") != VERSION + kind:
            self.say(f"{at}/type", f"The type is not that of a {kind}.", f"Send {VERSION}{kind}.")
        deleted = one.get("deleted") is True
        for name, prop in TYPES[kind].items():
            needed = prop.must and (not deleted or name in OF_DELETED)
            if needed and name not in one:
                self.say(f"{at}/{name}", f"A {kind} has a property {name}.", "Send it.")
        for name, value in one.items():
            here = f"{pointer}/{_escaped(name)}"
            self._check_empty(value, f"{url}#{here}")
            known = TYPES[kind].get(name)
            if known:
                self._check_property(value, known, url, here)
            elif not OWN_PROPERTY.match(name):
                self.say(
                    f"{url}#{here}",
                    f"A {kind} of OParl has no property {name}.",
                    "Leave it out, or give it a prefix of your own, as in own:name.",
                )
        self._check_order(one, at)
        if deleted:
            for name in one.keys() - OF_DELETED:
                self.say(f"{at}/{name}", "This was deleted, and still says it.", "Leave it out.")
        elif kind == "AgendaItem" and one.get("public") is False:
            for name in one.keys() & NOT_OF_EXEMPT:
                self.say(
                    f"{at}/{_escaped(name)}",
                    "The item is not for the public, and its matter stands here.",
                    "Publish title and reason only.",
                )
        elif kind == "Meeting":
            self._check_agenda(one, at)

    def _check_order(self, one: Object, at: str) -> None:
        created, modified = _moment(one.get("created")), _moment(one.get("modified"))
        if created and modified and created > modified:
            self.say(
                f"{at}/modified", "This was changed before it was made.", "Mend one of the two."
            )
        for first, last in (("startDate", "endDate"), ("start", "end")):
            since, until = one.get(first), one.get(last)
            if first == "start":
                since, until = _moment(since), _moment(until)
            if type(since) is type(until) and since and until and since > until:
                self.say(f"{at}/{last}", "This ends before it begins.", "Mend one of the two.")

    def _check_agenda(self, meeting: Object, at: str) -> None:
        items = meeting.get("agendaItem")
        if not isinstance(items, list):
            return
        for place, item in enumerate(items):
            if isinstance(item, dict) and item.get("order") != place:
                self.say(
                    f"{at}/agendaItem/{place}/order",
                    f"The order of the item at place {place} is {item.get('order')}.",
                    "Count from 0, in the order of the list.",
                )

    def _check_empty(self, value: Any, at: str) -> None:
        if value is None or value in ("", [], {}):
            self.say(at, "There is nothing in it.", "Leave out what has no value.")
        elif isinstance(value, list):
            for place, part in enumerate(value):
                self._check_empty(part, f"{at}/{place}")
        elif isinstance(value, dict) and not str(value.get("type", "")).startswith(VERSION):
            for name, part in value.items():
                self._check_empty(part, f"{at}/{_escaped(name)}")
        elif isinstance(value, str) and ESCAPED.search(value):
            self.say(at, "The text is written for HTML.", "Send it as it is, not escaped.")

    def _check_property(self, value: Any, prop: Property, url: str, pointer: str) -> None:
        if value is None:
            return
        if prop.many:
            if not isinstance(value, list):
                self.say(f"{url}#{pointer}", "This is no list.", "Send a list, also of one.")
                return
            for place, one in enumerate(value):
                self._check_value(one, prop, url, f"{pointer}/{place}")
        else:
            self._check_value(value, prop, url, pointer)

    def _check_value(self, value: Any, prop: Property, url: str, pointer: str) -> None:
        at = f"{url}#{pointer}"
        if value is None or value == "":
            return
        if prop.kind == "object":
            if not isinstance(value, dict):
                self.say(
                    at, f"Here stands a {prop.of} itself.", "Send the object, not its address."
                )
                return
            self.check_object(value, prop.of, url, pointer)
            self._remember(value, prop.of, at)
            return
        expected = TEXTUAL.get(prop.kind, str)
        if not isinstance(value, expected) or isinstance(value, bool) != (expected is bool):
            self.say(at, "The value is of another type.", f"Send {_said(prop)}.")
            return
        kept: Any = value  # of the type that its kind asks for
        if prop.kind in ("url", "link", "list"):
            can_be_asked = self._check_url(kept, at)
            if can_be_asked and prop.kind == "link":
                self.to_ask.append((kept, prop.of, at))
            elif can_be_asked and prop.kind == "list":
                self.lists.setdefault(kept, prop.of)
        elif prop.kind == "date" and (not DAY.match(kept) or not _day(kept)):
            self.say(at, f"{kept} is no day.", "Write it as 2012-09-26.")
        elif prop.kind == "moment" and (not MOMENT.match(kept) or not _moment(kept)):
            self.say(
                at,
                f"{kept} is no moment with its offset.",
                "Write it as 2012-09-26T10:00:00+01:00, without Z.",
            )
        elif prop.kind == "whole" and kept < 0:
            self.say(at, "The number is below nought.", "Send a count.")

    def _check_url(self, value: str, at: str) -> bool:
        """Return whether an address can be asked at all."""
        if not _can_be_asked(value):
            self.say(at, f"{value} is no address.", "Send a whole address, with https://.")
            return False
        parts = urlsplit(value)
        if parts.scheme == "http" and parts.hostname not in self.plain_http_of:
            self.say(at, "The address is not encrypted.", "Use https.")
        return True

    # What belongs together

    def _check_embedded(self) -> None:
        """Check that what stands inside another is the same as at its own address."""
        for url, (where, one) in self.embedded.items():
            alone = self.known.get(url)
            if alone is None:
                continue
            for name in ("type", "created", "modified", "name", "deleted"):
                if one.get(name) != alone.get(name):
                    self.say(
                        f"{where}/{name}",
                        f"{url} says something else.",
                        "Let an object say the same wherever it stands.",
                    )

    def _check_listed(self) -> None:
        """Check that every object stands in its body's list."""
        bodies = [one for url, one in self.known.items() if self.kinds.get(url) == "Body"]
        for url, one in self.known.items():
            kind = self.kinds[url]
            name = LIST_OF.get(kind)
            lists = [body[name] for body in bodies if name and isinstance(body.get(name), str)]
            if not lists or one.get("deleted") is True:
                continue
            held = {
                str(item.get("id")) for address in lists for item in self.walked.get(address, [])
            }
            if url not in held:
                self.say(url, f"This {kind} is not in its body's list.", f"List it in {lists[0]}.")

    def _check_deleted(self) -> None:
        for url, found in self.walked.items():
            for one in found:
                if one.get("deleted") is True:
                    self.say(
                        url,
                        f"{one.get('id')} was deleted, and is still in the list.",
                        "Tell of what was deleted only where modified_since is asked.",
                    )

    def _check_exempt(self) -> None:
        """Check that no file and no paper leads to an item that is not for the public."""
        shut = {url for url, one in self.known.items() if one.get("public") is False}
        for url, one in self.known.items():
            named = one.get("agendaItem")
            if self.kinds[url] in ("File", "Consultation"):
                for item in named if isinstance(named, list) else [named]:
                    if isinstance(item, str) and item in shut:
                        self.say(
                            f"{url}#/agendaItem",
                            f"{item} is not for the public.",
                            "Publish no file and no paper of it.",
                        )

    def _check_filters(self, url: str, kind: str) -> None:
        """Ask a list with each filter, of a moment in the midst of its own, and compare."""
        everything = self.walked.get(url, [])
        for name in FILTERS:
            about = name.split("_")[0]
            moments = sorted(
                (moment, str(one[about]))
                for one in everything
                if (moment := _moment(one.get(about)))
            )
            if not moments:
                continue
            at, value = moments[len(moments) // 2]
            asked = _with(url, name, value)
            since = name.endswith("since")
            answer = self._walk_list(asked, kind, among=True)
            got = {str(one.get("id")) for one in answer if one.get("deleted") is not True}
            right = {
                str(one.get("id"))
                for one in everything
                if (moment := _moment(one.get(about))) and (moment >= at if since else moment <= at)
            }
            if got != right:
                self.say(
                    asked,
                    f"{name} does not filter: {len(got)} came, and {len(right)} are asked for.",
                    f"Send what was {about} {'at or after' if since else 'at or before'} that moment.",
                )
            if name != "modified_since" and any(one.get("deleted") is True for one in answer):
                self.say(
                    asked, "Something deleted is told.", "Tell of it with modified_since only."
                )
        gone = self._walk_list(_with(url, "modified_since", LONG_AGO), kind, among=True)
        for one in gone:
            if one.get("deleted") is True and _can_be_asked(str(one.get("id"))):
                self.check_object(one, kind, one["id"], "")
                alone = self.ask_json(one["id"])
                if alone is not None and alone.get("deleted") is not True:
                    self.say(
                        f"{one['id']}#/deleted",
                        "The list says that this was deleted.",
                        "Say so at its address too.",
                    )

    def _check_files(self) -> None:
        """Ask for the contents of some files: to look at, and to save."""
        found = [one for url, one in self.known.items() if self.kinds[url] == "File"]
        for one in [one for one in found if one.get("deleted") is not True][: self.files]:
            for name, saved in (("accessUrl", False), ("downloadUrl", True)):
                address = one.get(name)
                if not isinstance(address, str) or not _can_be_asked(address):
                    continue
                status, headers, body = self.ask(address)
                if status != 200:
                    self.say(
                        address, f"The file answers {status}.", "Send it, or delete its object."
                    )
                    continue
                attached = headers.get("content-disposition", "").startswith("attachment")
                if attached != saved:
                    self.say(
                        address,
                        f"{name} is {'not ' if saved else ''}sent to be saved.",
                        "Send Content-Disposition: attachment from downloadUrl only.",
                    )
                size = one.get("size")
                if isinstance(size, int) and len(body) != size:
                    self.say(
                        f"{one['id']}#/size", f"The file has {len(body)} bytes.", "Tell its size."
                    )


def _can_be_asked(address: str) -> bool:
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
    return whole and not re.search(r"\s", address)


def _with(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query), (name, value)]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _said(prop: Property) -> str:
    words = {
        "whole": "a whole number", "yes": "true or false", "map": "a GeoJSON feature",
        "link": f"the address of a {prop.of}", "list": f"the address of a list of {prop.of}",
    }  # fmt: skip
    return words.get(prop.kind, "a text")


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str) or not MOMENT.match(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
