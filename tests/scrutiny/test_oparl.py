"""What was published as OParl: our own validator walks all of it, and nothing exempt is there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kith.accounts.viewer import see_as
from kith.analytics.oparl import validate
from kith.scrutiny.actions import meetings, minutes, papers, publishing
from kith.scrutiny.models import Published
from tests.factories.scrutiny import (
    MEETS,
    NOW,
    add_item,
    call,
    hold,
    make_committee,
    make_meeting,
    make_officer,
)
from tests.scrutiny.test_papers import pdf

pytestmark = pytest.mark.django_db
START = "http://testserver/oparl/"


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def council(officer):
    """A committee with a meeting that was held, one that was cancelled, and a paper taken back."""
    committee = make_committee(officer)
    held = make_meeting(officer, committee)
    item = add_item(officer, held, "The hubs", words="Officers will tell.")
    add_item(
        officer, held, "A placement", words="SECRET", exempt=True, paragraphs=[1],
        public_interest="A child",
    )  # fmt: skip

    def paper(title, **more):
        return papers.keep_paper(
            item=item, details={"title": title, **more}, file=("a.pdf", pdf()), by=officer, at=NOW
        )

    paper("Report")
    gone = paper("Wrong one")
    paper("Prices", exempt=True, paragraphs=[3], public_interest="Prices")
    papers.keep_paper(item=item, details={"title": "To come"}, by=officer, at=NOW)
    hold(officer, held)
    said = {"kind": "question", "words": "Why?", "speaker": "Cllr One"}
    asked = minutes.write_point(item=item, details=said, by=officer, at=NOW)
    said = {"kind": "response", "words": "Because.", "answers": asked}
    minutes.write_point(item=item, details=said, by=officer, at=NOW)
    minutes.write_point(
        item=item, details={"kind": "resolution", "words": "Noted."}, by=officer, at=NOW
    )
    minutes.call_draft(meeting=held, by=officer, at=NOW)
    minutes.clear(meeting=held, cleared_by="Chair", by=officer, at=NOW)
    later = NOW + timedelta(days=30, milliseconds=345)
    publishing.publish_minutes(meeting=held, by=officer, at=later)
    publishing.withdraw_paper(paper=gone, because="Wrong", by=officer, at=later)
    off = call(officer, make_meeting(officer, committee, starts_at=MEETS + timedelta(days=60)))
    meetings.cancel_meeting(meeting=off, why="Snow", by=officer, at=later)
    publishing.show_change(meeting=off, by=officer, at=later)
    planned = make_meeting(officer, committee, starts_at=MEETS + timedelta(days=90))
    draft = make_meeting(officer, committee, starts_at=MEETS + timedelta(days=120))
    publishing.announce(meeting=planned, by=officer, at=later)
    see_as(None)
    return {"held": held, "item": item, "gone": gone, "draft": draft, "off": off}


def fetch(url):
    answer = Client().get(url.removeprefix("http://testserver"))
    return answer.status_code, answer.headers, answer.content


def test_our_own_validator_walks_the_whole_of_it_and_finds_nothing(council):
    report = validate(f"{START}system/1", fetch, plain_http_of=("testserver",))

    assert [str(one) for one in report.findings] == []
    assert report.objects["Meeting"] >= 3
    assert {"AgendaItem", "Paper", "File", "Person", "Membership", "Location"} <= set(
        report.objects
    )


def test_a_meeting_says_who_was_there_and_what_was_resolved(council):
    told = Client().get(f"/oparl/meeting/{council['held'].uid}").json()

    assert told["meetingState"] == "durchgeführt" and told["scrutiny:minutesStatus"] == "draft"
    assert told["start"] == "2026-09-23T10:00:00+01:00" and len(told["participant"]) == 4
    item = next(one for one in told["agendaItem"] if one["name"] == "The hubs")
    assert item["resolutionText"] == "Noted."
    assert item["scrutiny:minutes"][1]["repliesTo"] == 0
    off = Client().get(f"/oparl/meeting/{council['off'].uid}").json()
    assert off["cancelled"] is True


def test_nothing_exempt_or_planned_in_private_is_told(council):
    pages = [fetch(f"{START}list/{kind}")[2] for kind in ("meeting", "agendaitem", "paper", "file")]

    assert b"SECRET" not in b"".join(pages) and b"Prices" not in b"".join(pages)
    assert str(council["draft"].uid).encode() not in pages[0]
    assert Client().get(f"/oparl/meeting/{council['draft'].uid}").status_code == 404


def test_what_was_taken_back_is_told_to_those_who_ask_what_changed(council):
    where = f"/oparl/paper/{council['gone'].uid}"
    told = Client().get(where).json()
    assert told["deleted"] is True and set(told) == {"id", "type", "created", "modified", "deleted"}

    def listed(**asked):
        answer = Client().get("/oparl/list/paper", asked).json()
        return {one["id"].rpartition("/")[2] for one in answer["data"]}

    assert str(council["gone"].uid) not in listed()
    assert str(council["gone"].uid) in listed(modified_since="2026-09-15T00:00:00+01:00")
    assert listed(modified_since="2027-01-01T00:00:00+00:00") == set()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("list/meeting?page=0", 400),
        ("list/meeting?page=x", 400),
        ("list/meeting?created_since=yesterday", 400),
        ("list/nothing", 404),
        ("meeting/1", 404),
        ("file/agenda-1", 404),
        ("file/other-00000000-0000-0000-0000-000000000000", 404),
        ("body/2", 404),
    ],
)
def test_what_is_asked_wrongly_is_answered_with_an_error_of_oparl(asked, status):
    answer = Client().get(f"/oparl/{asked}")

    assert answer.status_code == status
    assert answer.json()["type"] == "https://schema.oparl.org/1.1/Error"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_list_is_handed_out_in_pages(council):
    at = timezone.now()
    Published.objects.bulk_create(
        Published(
            kind="meeting", name=f"M{number}", created=at, modified=at, day=at.date(),
            content={"meeting": Published.objects.get(pk=council["off"].uid).content["meeting"]},
        )
        for number in range(205)
    )  # fmt: skip
    seen, url = [], f"{START}list/meeting"
    while url:
        answer = Client().get(url.removeprefix("http://testserver")).json()
        seen += [one["id"] for one in answer["data"]]
        url = answer["links"].get("next")

    assert len(seen) == len(set(seen)) == 208 == answer["pagination"]["totalElements"]
