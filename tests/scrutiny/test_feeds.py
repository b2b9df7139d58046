"""Calendars, feeds, and the shape that ModernGov's readers know."""

from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from lxml import etree

from kith.accounts.viewer import see_as
from kith.analytics.minutes import read
from kith.scrutiny.actions import meetings, minutes, publishing
from kith.scrutiny.models import Published
from tests.factories.scrutiny import (
    LONDON,
    MEETS,
    NOW,
    add_item,
    call,
    hold,
    make_committee,
    make_meeting,
    make_officer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_officer()


def events(client, where="/committees/calendar.ics"):
    return {
        str(one["uid"]): one for one in Calendar.from_ical(client.get(where).content).walk("VEVENT")
    }


def test_the_calendar_follows_a_meeting_that_is_moved_and_cancelled(officer, client):
    meeting = call(officer, make_meeting(officer))
    winter = make_meeting(officer, starts_at=datetime(2026, 11, 4, 10, tzinfo=LONDON))
    call(officer, winter)
    uid = f"{meeting.uid}@kith"
    before = events(client)
    assert before[uid]["dtstart"].dt == MEETS and before[uid]["sequence"] == 0
    assert before[f"{winter.uid}@kith"]["dtstart"].dt.hour == 10, "after the clocks went back"
    see_as(officer)
    meetings.move_meeting(
        meeting=meeting, starts_at=MEETS + timedelta(days=7), ends_at=None, place="Hall", why="Snow",
        by=officer, at=NOW,
    )  # fmt: skip
    publishing.show_change(meeting=meeting, by=officer, at=NOW)
    meetings.cancel_meeting(meeting=meeting, why="Ice", by=officer, at=NOW)
    publishing.show_change(meeting=meeting, by=officer, at=NOW)

    after = events(client)[uid]
    assert after["dtstart"].dt == MEETS + timedelta(days=7)
    assert (after["sequence"], after["status"]) == (2, "CANCELLED")
    assert client.get("/committees/no-such/calendar.ics").status_code == 404


def test_a_feed_holds_what_a_search_asks_for(officer, client):
    committee = make_committee(officer)
    meeting = make_meeting(officer, committee)
    add_item(officer, meeting, "Premises of the hubs")
    add_item(officer, meeting, "Volunteers")
    call(officer, meeting)

    answer = client.get("/committees/feed.atom?q=premises")
    titles = etree.fromstring(answer.content).xpath(
        "//*[local-name()='entry']/*[local-name()='title']/text()"
    )
    assert len(titles) == 1 and "Premises of the hubs" in titles[0]
    assert client.get("/committees/feed.atom?kind=nonsense").status_code == 400


@pytest.fixture
def held(officer):
    meeting = make_meeting(officer)
    item = add_item(officer, meeting, "Hubs & “homes”", words="Officers <b>tell</b>.")
    add_item(
        officer, meeting, "A placement", words="SECRET", exempt=True, paragraphs=[1],
        public_interest="A child",
    )  # fmt: skip
    hold(officer, meeting)
    said = {"kind": "statement", "speaker": "Cllr One", "words": "It is <good> & right."}
    minutes.write_point(item=item, details=said, by=officer, at=NOW)
    minutes.call_draft(meeting=meeting, by=officer, at=NOW)
    minutes.clear(meeting=meeting, cleared_by="Chair", by=officer, at=NOW)
    publishing.publish_minutes(meeting=meeting, by=officer, at=NOW)
    return meeting


def test_readers_of_moderngov_find_committees_meetings_and_one_meeting(held, client):
    listed = etree.fromstring(
        client.get(
            "/mgWebService.asmx/GetMeetings",
            {"lCommitteeId": "0", "sFromDate": "01/09/2026", "sToDate": "30/09/2026"},
        ).content
    )
    assert listed.findtext("meetingscount") == "1"
    number = listed.findtext(".//meetingid")
    answer = client.get("/mgWebService.asmx/GetMeeting", {"lMeetingId": number})
    told = etree.fromstring(answer.content)

    assert (
        told.findtext("meetingdate") == "23/09/2026" and told.findtext("meetingtime") == "10.00 am"
    )
    assert len(told.findall(".//attendee")) == 4
    items = {one.findtext("agendaitemtitle"): one for one in told.iter("agendaitem")}
    body = items["Hubs & “homes”"].findtext("minutesnonemptyhtmlbody")
    assert body == "<p>Cllr One: It is &lt;good&gt; &amp; right.</p>"
    assert items["A placement"].findtext("isrestricted") == "True"
    assert b"SECRET" not in answer.content
    assert client.get(f"/ieListDocuments.aspx?CId=1&MId={number}").url.endswith(f"/{held.uid}/")
    assert client.get("/ieListDocuments.aspx?MId=99999999").status_code == 404


def test_our_own_reader_reads_a_meeting_back_from_what_we_hand_out(held, client):
    content = Published.objects.get(pk=held.uid).content
    number = content["meeting"]["id"]
    made = client.get("/mgWebService.asmx/GetMeeting", {"lMeetingId": number}).content

    found = read(made, "meeting.xml")

    assert (found["date"], found["start_time"], found["finish_time"]) == (
        "2026-09-23",
        "10:00",
        "13:00",
    )
    assert [item["number"] for item in found["items"]] == [
        item["number"] for item in content["agenda"]["items"]
    ]


@pytest.mark.parametrize(
    "asked",
    ["GetMeetings?sFromDate=2026-09-01", "GetMeeting?lMeetingId=x", "GetMeetings?lCommitteeId=%00"],
)
def test_what_cannot_be_understood_is_refused_and_says_why(asked, client):
    assert client.get(f"/mgWebService.asmx/{asked}").status_code == 400
    assert client.get("/mgWebService.asmx/DropTables").status_code == 404
