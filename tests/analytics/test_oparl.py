"""The validator of OParl: a good endpoint is good, and every rule that is broken is found."""

import json
from copy import deepcopy
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from kith.analytics.oparl import validate
from kith.analytics.oparl.types import TYPES, VERSION

ROOT = "https://council.example/oparl"
EARLY, LATER, LATE = (f"2012-{month:02}-05T09:00:00+01:00" for month in (5, 7, 10))
PAGE = 2
LISTS = {
    "organization": "Organization", "person": "Person", "meeting": "Meeting", "paper": "Paper",
    "agendaItem": "AgendaItem", "consultation": "Consultation", "file": "File",
    "locationList": "Location", "legislativeTermList": "LegislativeTerm", "membership": "Membership",
}  # fmt: skip


def thing(kind, name, /, *, created=EARLY, modified=LATER, **more):
    return {
        "id": f"{ROOT}/{kind.lower()}/{name}",
        "type": VERSION + kind,
        "created": created,
        "modified": modified,
        **more,
    }


class Endpoint:
    """An invented council: its objects by address, and what it answers."""

    def __init__(self):
        body, committee = f"{ROOT}/body/1", f"{ROOT}/organization/138"
        term = thing(
            "LegislativeTerm", "2012", body=body, startDate="2012-05-15", endDate="2013-05-20"
        )
        place = thing("Location", "hall", description="County Hall")
        file = thing(
            "File", "report", name="The hubs", mimeType="application/pdf", size=4,
            accessUrl=f"{ROOT}/held/report", downloadUrl=f"{ROOT}/held/report?save=1",
        )  # fmt: skip
        items = [
            thing("AgendaItem", "1", number="223/12", order=0, name="Apologies", public=True),
            thing(
                "AgendaItem", "2", number="224/12", order=1, name="Early help", public=True,
                created=LATER, modified=LATE, auxiliaryFile=[file], **{"scrutiny:agendaText": "Tom & Ann speak."},
            ),
            thing(
                "AgendaItem", "3", number="225/12", order=2, name="A contract", public=False,
                **{"scrutiny:exemptParagraphs": [3]},
            ),
        ]  # fmt: skip
        consultation = thing(
            "Consultation",
            "1",
            paper=f"{ROOT}/paper/1",
            agendaItem=items[1]["id"],
            organization=[committee],
        )
        seats = [
            thing(
                "Membership", str(number), person=f"{ROOT}/person/{number}", organization=committee,
                votingRight=number == 1, startDate="2012-05-15",
            )
            for number in (1, 2)
        ]  # fmt: skip
        people = [
            thing("Person", str(number), body=body, name=name, membership=[seats[number - 1]])
            for number, name in (
                (1, "Ann Other"),
                (2, "Tom Nobody"),
            )
        ]
        objects = [
            thing("System", "1", oparlVersion=VERSION, name="Kith", body=f"{ROOT}/bodies"),
            thing(
                "Body", "1", name="Invented County Council", legislativeTerm=[term], location=place,
                equivalent=["https://ons.example/E10000099"],
                **{name: f"{ROOT}/all/{name}" for name in LISTS},
            ),
            term, place, file, consultation, *items, *seats, *people,
            thing(
                "Organization", "138", body=body, name="Children’s Scrutiny", memberCount=2,
                membership=[seat["id"] for seat in seats], organizationType="Gremium",
            ),
            thing(
                "Meeting", "3563", name="Children’s Scrutiny", cancelled=False, agendaItem=items,
                start="2012-09-26T10:00:00+01:00", end="2012-09-26T13:00:00+01:00", location=place,
                organization=[committee], participant=[people[0]["id"]], modified=LATE,
            ),
            thing("Meeting", "3564", name="Later", start="2012-11-06T10:00:00+00:00", created=LATE, modified=LATE),
            thing("Meeting", "3565", name="Last", start="2012-12-06T10:00:00+00:00"),
            thing(
                "Paper", "1", body=body, name="The hubs", mainFile=file, consultation=[consultation],
                date="2012-09-18", originatorOrganization=[committee],
            ),
            thing("Paper", "2", deleted=True, modified=LATE),
        ]  # fmt: skip
        self.objects = {one["id"]: deepcopy(one) for one in objects}
        self.start = f"{ROOT}/system/1"
        self.headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}
        self.filters = True
        self.keep = True
        self.change = lambda url, answer: answer
        self.raw = {}

    def __getitem__(self, name):
        return self.objects[f"{ROOT}/{name}"]

    def both(self, name, /, **values):
        """Change an object wherever it stands."""

        def put(part):
            if isinstance(part, dict):
                if part.get("id") == f"{ROOT}/{name}":
                    part.update(values)
                    for key in [key for key, value in part.items() if value is ...]:
                        del part[key]
                for value in part.values():
                    put(value)
            elif isinstance(part, list):
                for value in part:
                    put(value)

        put(self.objects)

    def fetch(self, url):
        if url in self.raw:
            return self.raw[url]
        path, query = urlsplit(url).path, dict(parse_qsl(urlsplit(url).query))
        if path.startswith("/oparl/held/"):
            saved = {"Content-Disposition": "attachment; filename=report.pdf"} if query else {}
            return 200, saved, b"%PDF"
        address = f"https://council.example{path}"
        if path.startswith("/oparl/all/") or path == "/oparl/bodies":
            kind = LISTS.get(path.rsplit("/", 1)[1], "Body")
            answer = self.page(address, kind, query)
        elif address in self.objects:
            answer = deepcopy(self.objects[address])
        else:
            error = self.change(url, {"type": f"{VERSION}Error", "message": "Not here."})
            return 404, self.headers, json.dumps(error).encode()
        answer = self.change(url, answer)
        return 200, self.headers, json.dumps(answer, ensure_ascii=False).encode()

    def page(self, address, kind, query):
        asked = {name: value for name, value in query.items() if name != "page"}
        found = [one for one in self.objects.values() if one["type"] == VERSION + kind]
        if "modified_since" not in asked:
            found = [one for one in found if "deleted" not in one]
        for name, value in asked.items() if self.filters else ():
            about, way = name.split("_")
            at = datetime.fromisoformat(value)
            found = [
                one for one in found
                if about in one and (datetime.fromisoformat(one[about]) - at).total_seconds() * (1 if way == "since" else -1) >= 0
            ]  # fmt: skip
        number, pages = int(query.get("page", 1)), max(1, -(-len(found) // PAGE))
        kept = asked if self.keep else {}

        def link(to):
            return f"{address}?{urlencode({**kept, 'page': to})}"

        links = {"first": link(1), "self": link(number), "last": link(pages)}
        links |= {"next": link(number + 1)} if number < pages else {}
        links |= {"prev": link(number - 1)} if number > 1 else {}
        return {
            "data": deepcopy(found[(number - 1) * PAGE : number * PAGE]),
            "pagination": {
                "totalElements": len(found), "elementsPerPage": PAGE, "currentPage": number, "totalPages": pages,
            },
            "links": links,
        }  # fmt: skip


def found_in(endpoint, **options):
    return validate(endpoint.start, endpoint.fetch, **options)


def test_a_good_endpoint_has_no_findings():
    report = found_in(Endpoint())

    assert [str(one) for one in report.findings] == []
    assert report.good
    assert report.objects == {
        "System": 1, "Body": 1, "LegislativeTerm": 1, "Organization": 1, "Person": 2, "Membership": 2,
        "Meeting": 3, "AgendaItem": 3, "Paper": 1, "Consultation": 1, "File": 1, "Location": 1,
    }  # fmt: skip


def test_all_twelve_kinds_are_known_with_what_each_must_say():
    assert len(TYPES) == 12
    musts = {
        kind: {name for name, prop in props.items() if prop.must} for kind, props in TYPES.items()
    }
    all_have = {"id", "type", "created", "modified"}
    assert all(all_have <= must for must in musts.values())
    assert musts["Body"] - all_have == {
        "name", "organization", "person", "meeting", "paper", "legislativeTerm",
    }  # fmt: skip
    assert musts["File"] - all_have == {"accessUrl"}
    assert musts["AgendaItem"] - all_have == {"order"}
    assert musts["System"] - all_have == {"oparlVersion", "body"}


def answers(endpoint, ending, /, **values):
    """Let one address answer something else."""

    def change(url, answer):
        return {**answer, **values} if url.endswith(ending) else answer

    endpoint.change = change


def _lose_a_page(endpoint):
    def change(url, answer):
        if "all/meeting" in url and "since" not in url and "until" not in url:
            answer["links"].pop("next", None)
        return answer

    endpoint.change = change


def _circle(endpoint):
    def change(url, answer):
        if "all/agendaItem" in url and "next" not in answer.get("links", {"next": 1}):
            answer["links"]["next"] = answer["links"]["first"]
        return answer

    endpoint.change = change


def _twice(endpoint):
    def change(url, answer):
        if "all/agendaItem" in url and "page=2" in url:
            answer["data"] = [deepcopy(endpoint["agendaitem/1"])]
        return answer

    endpoint.change = change


def _lose_from_list(endpoint, kind="person"):
    def change(url, answer):
        if f"all/{kind}" in url:
            answer["data"] = answer["data"][:1]
            answer["pagination"]["totalElements"] = 1
        return answer

    endpoint.change = change


def _tell_deleted(endpoint):
    def change(url, answer):
        if "all/paper" in url and "since" not in url:
            answer["data"].append(deepcopy(endpoint["paper/2"]))
            answer["pagination"]["totalElements"] += 1
        return answer

    endpoint.change = change


def _deleted_in_list_only(endpoint):
    def change(url, answer):
        if url.endswith("paper/2"):
            answer.pop("deleted")
        return answer

    endpoint.change = change


def _two_answers(endpoint):
    def change(url, answer):
        return {**answer, "name": "Another"} if url.endswith("agendaitem/1") else answer

    endpoint.change = change


def _headers(endpoint, **headers):
    endpoint.headers = {**endpoint.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}


def _raw(endpoint, name, status, body, **headers):
    endpoint.raw[f"{ROOT}/{name}"] = (status, {**endpoint.headers, **headers}, body)


BROKEN = {
    "a required property is missing": (lambda e: e.both("file/report", accessUrl=...), "property accessUrl"),
    "created is missing": (lambda e: e.both("agendaitem/1", created=...), "property created"),
    "the type is another": (
        lambda e: e.both("paper/1", type=VERSION + "Report"), "type is not that of a Paper"),
    "the version of the type is another": (
        lambda e: e.both("person/1", type="https://schema.oparl.org/1.0/Person"), "type is not that"),
    "a property is unknown": (lambda e: e.both("meeting/3564", agenda="x"), "has no property agenda"),
    "a number is text": (lambda e: e.both("organization/138", memberCount="2"), "another type"),
    "true is text": (lambda e: e.both("meeting/3563", cancelled="False"), "another type"),
    "a number is true": (lambda e: e.both("organization/138", memberCount=True), "another type"),
    "a text is a number": (lambda e: e.both("person/2", name=7), "another type"),
    "a list is one": (lambda e: e.both("meeting/3563", organization=f"{ROOT}/organization/138"), "no list"),
    "an object is its address": (
        lambda e: e.both("meeting/3563", location=f"{ROOT}/location/hall"), "Here stands a Location itself"),
    "a day is written the English way": (lambda e: e.both("paper/1", date="18/09/2012"), "is no day"),
    "a day is none": (lambda e: e.both("paper/1", date="2012-02-30"), "is no day"),
    "a moment ends in Z": (
        lambda e: e.both("meeting/3563", start="2012-09-26T09:00:00Z"), "no moment with its offset"),
    "a moment has no offset": (
        lambda e: e.both("meeting/3563", start="2012-09-26T09:00:00"), "no moment with its offset"),
    "a moment is none": (
        lambda e: e.both("meeting/3563", start="2012-09-26T25:00:00+01:00"), "no moment with its offset"),
    "it was changed before it was made": (
        lambda e: e.both("membership/1", created=LATE, modified=EARLY), "changed before it was made"),
    "it ends before it begins": (
        lambda e: e.both("meeting/3563", end="2012-09-26T09:00:00+01:00"), "ends before it begins"),
    "a term ends before it begins": (
        lambda e: e.both("legislativeterm/2012", endDate="2011-05-20"), "ends before it begins"),
    "nothing is null": (lambda e: e.both("meeting/3563", end=None), "nothing in it"),
    "nothing is an empty text": (lambda e: e.both("person/1", name=""), "nothing in it"),
    "nothing is an empty list": (lambda e: e.both("meeting/3563", participant=[]), "nothing in it"),
    "nothing is empty within one's own property": (
        lambda e: e.both("meeting/3563", **{"scrutiny:apologies": [{"name": ""}]}), "nothing in it"),
    "a text is escaped for HTML": (lambda e: e.both("agendaitem/1", name="Tom &amp; Ann"), "written for HTML"),
    "what is linked cannot be had": (
        lambda e: e.both("meeting/3563", participant=[f"{ROOT}/person/9"]), "cannot be had"),
    "what is linked is something else": (
        lambda e: e.both("meeting/3563", participant=[f"{ROOT}/organization/138"]), "Person"),
    "what stands inside cannot be had": (
        lambda e: e.objects.pop(f"{ROOT}/agendaitem/2"), "cannot be had"),
    "the id is another address": (lambda e: answers(e, "person/1", id=f"{ROOT}/person/one"), "not its own address"),
    "the same object says two things": (_two_answers, "says something else"),
    "an object is not in the list of its body": (_lose_from_list, "is not in its body's list"),
    "the order begins with 1": (lambda e: e.both("agendaitem/1", order=1), "The order of the item at place 0"),
    "the order jumps": (lambda e: e.both("agendaitem/3", order=7), "The order of the item at place 2"),
    "the order is not that of the list": (
        lambda e: e["meeting/3563"]["agendaItem"].reverse(), "The order of the item at place 0"),
    "a page is not reached": (_lose_a_page, "totalElements says"),
    "the pages run in a circle": (_circle, "run in a circle"),
    "an object comes twice": (_twice, "2 times"),
    "there is no next": (_lose_a_page, "on all pages but the last"),
    "the number of the page is wrong": (
        lambda e: answers(e, "all/meeting", pagination={"currentPage": 0}), "page 1 of the walk"),
    "a list has no data": (lambda e: answers(e, "all/meeting", data=None), "its objects in data"),
    "a list has no links": (lambda e: answers(e, "all/meeting", links=None), "A list has links"),
    "a link of a list is null": (
        lambda e: answers(e, "all/file", links={"prev": None}), "no address"),
    "a list does not count": (lambda e: answers(e, "all/meeting", pagination=None), "counts its pages"),
    "filters do nothing": (lambda e: setattr(e, "filters", False), "modified_since does not filter"),
    "created_until does nothing": (lambda e: setattr(e, "filters", False), "created_until does not filter"),
    "filters are lost in links": (lambda e: setattr(e, "keep", False), "created_since is lost"),
    "what was deleted is told without being asked": (_tell_deleted, "still in the list"),
    "what was deleted still says what it said": (
        lambda e: e["paper/2"].update(name="A secret"), "deleted, and still says it"),
    "what was deleted is not at its address": (_deleted_in_list_only, "The list says that this was deleted"),
    "other websites cannot read": (
        lambda e: _headers(e, Access_Control_Allow_Origin="https://council.example"), "Other websites"),
    "it is not called JSON": (lambda e: _headers(e, Content_Type="text/html"), "not called JSON"),
    "an exempt item has a resolution": (
        lambda e: e.both("agendaitem/3", resolutionText="The contract is let."), "not for the public"),
    "an exempt item has minutes": (
        lambda e: e.both("agendaitem/3", **{"scrutiny:minutes": [{"text": "x"}]}), "not for the public"),
    "an exempt item has the words of the agenda": (
        lambda e: e.both("agendaitem/3", **{"scrutiny:agendaText": "Of a firm."}), "not for the public"),
    "a file belongs to an exempt item": (
        lambda e: e.both("file/report", agendaItem=[f"{ROOT}/agendaitem/3"]), "is not for the public"),
    "a paper is treated in an exempt item": (
        lambda e: e.both("consultation/1", agendaItem=f"{ROOT}/agendaitem/3"), "is not for the public"),
    "an address is not encrypted": (
        lambda e: e.both("body/1", website="http://council.example/"), "not encrypted"),
    "an address is none": (lambda e: e.both("body/1", website="council.example"), "is no address"),
    "an error is a page": (
        lambda e: _raw(e, "system/1/no-such-thing", 404, b"<h1>Not found</h1>"), "no JSON"),
    "an error is another object": (
        lambda e: _raw(e, "system/1/no-such-thing", 404, b'{"detail": "Not found"}'), "no OParl Error"),
    "an error has the status 200": (
        lambda e: _raw(e, "system/1/no-such-thing", 200, b'{"a": 1}'), "that is none is answered with 200"),
    "an answer is no JSON": (lambda e: _raw(e, "person/1", 200, b"{'id': 1}"), "no JSON in UTF-8"),
    "an answer is Latin": (lambda e: _raw(e, "person/1", 200, '{"a": "é"}'.encode("latin-1")), "no JSON in UTF-8"),
    "an answer is a list": (lambda e: _raw(e, "person/1", 200, b"[]"), "is no object"),
    "an answer begins with a mark": (
        lambda e: _raw(e, "person/1", 200, b"\xef\xbb\xbf{}"), "byte order mark"),
    "a file to look at is saved": (
        lambda e: e.both("file/report", accessUrl=f"{ROOT}/held/report?save=1"), "accessUrl is sent to be saved"),
    "a file to save is shown": (
        lambda e: e.both("file/report", downloadUrl=f"{ROOT}/held/report"), "downloadUrl is not sent to be saved"),
    "a file cannot be had": (lambda e: _raw(e, "held/report", 410, b""), "The file answers 410"),
    "a file has another size": (lambda e: e.both("file/report", size=5), "has 4 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("rule", BROKEN)
def test_whatever_is_broken_is_found(rule):
    breaking, words = BROKEN[rule]
    endpoint = Endpoint()
    breaking(endpoint)

    findings = found_in(endpoint).findings

    assert any(words in one.what for one in findings), [str(one) for one in findings]
    assert all(one.where.startswith(ROOT) and one.to_do for one in findings)


def test_a_finding_says_where_with_a_pointer():
    endpoint = Endpoint()
    endpoint["meeting/3563"]["scrutiny:a/b"] = 1  # a name with a stroke is no name
    endpoint["meeting/3563"]["agendaItem"][1]["start"] = "noon"

    where = {one.where for one in found_in(endpoint).findings}

    assert f"{ROOT}/meeting/3563#/scrutiny:a~1b" in where
    assert f"{ROOT}/meeting/3563#/agendaItem/1/start" in where


def test_plain_http_is_only_for_ones_own_host_in_tests():
    endpoint = Endpoint()
    text = json.dumps(endpoint.objects).replace("https://council.example", "http://127.0.0.1")

    def fetch(url):
        status, headers, body = endpoint.fetch(
            url.replace("http://127.0.0.1", "https://council.example")
        )
        return status, headers, body.replace(b"https://council.example", b"http://127.0.0.1")

    start = "http://127.0.0.1/oparl/system/1"
    assert "http://127.0.0.1" in text
    assert validate(start, fetch, plain_http_of=("127.0.0.1",)).good
    assert any("not encrypted" in one.what for one in validate(start, fetch).findings)


def test_an_endpoint_without_end_is_left_and_says_so():
    report = found_in(Endpoint(), most=10)

    assert report.asked == 10
    assert "more than 10 addresses" in report.findings[-1].what


@pytest.mark.parametrize(
    "junk", [None, 0, -1, True, "", "x", "http://[", [], [[]], {}, {"id": []}, 1e400]
)
def test_nothing_that_an_endpoint_says_stops_the_walk(junk):
    for kind in ("meeting/3563", "agendaitem/2", "person/1", "body/1", "file/report"):
        for name in Endpoint()[kind]:
            endpoint = Endpoint()
            endpoint[kind][name] = junk
            answer = endpoint.fetch
            endpoint.fetch = lambda url, answer=answer: answer(
                url.split("?")[0]
            )  # filters ask dates
            assert isinstance(found_in(endpoint).findings, list)
    for part in ("data", "links", "pagination"):
        endpoint = Endpoint()
        answers(endpoint, "all/meeting", **{part: junk})
        assert found_in(endpoint).findings
