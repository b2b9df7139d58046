"""Agendas and minutes on paper: what is published, tagged, and nothing else."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from kith.scrutiny import printing
from kith.scrutiny.actions import inviting, minutes, publishing
from kith.scrutiny.models import Published
from tests.factories.scrutiny import NOW, add_item, hold, make_meeting, make_officer

pytestmark = pytest.mark.django_db


def words_of(pdf: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split()
    )


def is_tagged(pdf: bytes) -> bool:
    root = PdfReader(io.BytesIO(pdf)).root_object
    return "/StructTreeRoot" in root and root["/MarkInfo"]["/Marked"] and "/Lang" in root


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def meeting(officer):
    meeting = make_meeting(officer)
    item = add_item(officer, meeting, "Hubs, Łódź and Ŵyth", words="Read " + "long" * 40)
    inviting.invite(
        item=item, name="", post="Head of Housing", body="A district", by=officer, at=NOW
    )
    add_item(
        officer,
        meeting,
        "A placement",
        words="SECRETWORDS",
        exempt=True,
        paragraphs=[2],
        public_interest="A child could be known.",
        brief="Ask the public to leave.",
        minutes_planned=15,
    )
    hold(officer, meeting)
    said = {"kind": "resolution", "words": "That it be noted.", "votes_for": 3, "carried": True}
    minutes.write_point(item=item, details=said, by=officer, at=NOW)
    minutes.call_draft(meeting=meeting, by=officer, at=NOW)
    minutes.clear(meeting=meeting, cleared_by="Cllr Chair", by=officer, at=NOW)
    publishing.publish_minutes(meeting=meeting, by=officer, at=NOW)
    return meeting


def test_the_agenda_on_paper_says_what_was_published_and_is_tagged(meeting, client):
    answer = client.get(reverse("meetings:agenda_pdf", args=[meeting.uid]))

    words = words_of(answer.content)
    assert answer["Content-Type"] == "application/pdf" and is_tagged(answer.content)
    for part in ("Wednesday, 23 September 2026 at 10am", "Łódź", "Head of Housing", "paragraph 2"):
        assert part in words
    assert "SECRETWORDS" not in words


def test_minutes_on_paper_have_the_attendance_and_say_that_they_are_a_draft(meeting, client):
    words = words_of(client.get(reverse("meetings:minutes_pdf", args=[meeting.uid])).content)

    for part in ("Draft minutes", "RESOLVED", "For 3, against 0", "Attendance", "Present"):
        assert part in words
    assert "SECRETWORDS" not in words and "Ask the public" not in words


def test_the_chairs_brief_has_times_and_notes_and_is_for_officers(meeting, client, officer):
    where = reverse("scrutiny:brief", args=[meeting.uid])
    assert client.get(where).status_code == 302
    client.force_login(officer)

    words = words_of(client.get(where).content)
    assert "Ask the public to leave." in words and "15 minutes" in words


def test_a_paper_that_wrote_itself_is_printed_with_its_tables(meeting):
    told = {
        "title": "Figures",
        "drawn_at": "2026-09-01T09:00:00+01:00",
        "sections": [
            {
                "heading": "Requests",
                "paragraphs": ["By hub."],
                "table": {"head": ["Hub", "Now"], "rows": [["Banbury", "17"]]},
            },
            {"heading": "", "paragraphs": []},
        ],
    }

    made = printing.paper(told, Published.objects.get(pk=meeting.uid).content, "Kithshire")
    assert "Banbury" in words_of(made) and is_tagged(made)
