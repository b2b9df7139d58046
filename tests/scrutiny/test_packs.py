"""The reports pack: all that is published of a meeting as one document, and nothing else."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from kith.accounts.viewer import see_as
from kith.scrutiny.actions import papers, publishing
from kith.scrutiny.models import Published
from tests.factories.scrutiny import NOW, add_item, call, make_meeting, make_officer
from tests.scrutiny.test_papers import pdf, word

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def meeting(officer):
    meeting = make_meeting(officer)
    item = add_item(officer, meeting, "The hubs")

    def paper(title, content, name="a.pdf", **more):
        return papers.keep_paper(
            item=item, details={"title": title, **more}, file=(name, content), by=officer, at=NOW
        )

    paper("Report", pdf("Budget words. " * 20))
    paper("Volunteers", word(), "v.docx")
    paper("Broken", b"%PDF-1.7\nnothing")
    paper(
        "Prices", pdf("The landlord asks. " * 20), exempt=True, paragraphs=[3], public_interest="x"
    )
    return call(officer, meeting)


def packed(meeting) -> PdfReader:
    shown = publishing.keep_pack(meeting=meeting.uid, at=NOW)
    assert shown is not None
    return PdfReader(io.BytesIO(publishing.Content.objects.get(pk=shown.sha).held))


def test_the_pack_has_contents_whose_pages_are_right_and_a_bookmark_for_each_paper(meeting):
    reader = packed(meeting)
    words = [page.extract_text() for page in reader.pages]

    marks = {
        mark.title.partition(": ")[2]: reader.get_destination_page_number(mark)
        for mark in reader.outline
    }
    assert list(marks) == ["Report", "Volunteers", "Broken"]
    assert "Budget words" in words[marks["Report"]]
    assert (
        "Volunteers came" in words[marks["Volunteers"]] and "layout" in words[marks["Volunteers"]]
    )
    assert "could not be put into this pack" in " ".join(words[marks["Broken"]].split())
    contents = " ".join(next(page for page in words if "Contents" in page).split())
    for title, page in marks.items():
        assert f"{title} {page + 1}" in contents


def test_nothing_exempt_is_in_the_pack_and_it_is_gone_as_soon_as_a_paper_is_withdrawn(
    meeting, officer, client
):
    reader = packed(meeting)
    assert "landlord" not in " ".join(page.extract_text() for page in reader.pages)
    where = reverse("meetings:pack", args=[meeting.uid])
    assert client.get(where).status_code == 200

    see_as(officer)
    paper = papers.Paper.objects.get(title="Report")
    publishing.withdraw_paper(paper=paper, because="Wrong", by=officer, at=NOW)

    assert client.get(where).status_code == 404
    see_as(officer)
    again = packed(meeting)
    assert "Budget" not in " ".join(page.extract_text() for page in again.pages)
    assert publishing.keep_pack(meeting=meeting.uid, at=NOW) is None, "made once"
    assert Published.objects.get(pk=meeting.uid).content["pack"]["left_out"]
