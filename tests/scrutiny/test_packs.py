"""The reports pack: all that is published of a meeting as one document, and nothing else."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from kith.accounts.viewer import see_as
from kith.audit.models import Entry
from kith.scrutiny import published
from kith.scrutiny.actions import papers, publishing
from kith.scrutiny.models import Content, Published
from tests.factories.accounts import make_team, make_user
from tests.factories.scrutiny import NOW, add_item, call, make_meeting, make_officer
from tests.scrutiny.test_papers import pdf, word
from tests.scrutiny.test_publishing import public_text

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


def test_members_take_all_papers_as_one_file_marked_on_each_page_and_it_is_noted(
    officer, meeting, client
):
    client.force_login(officer)
    answer = client.get(reverse("scrutiny:private_pack", args=[meeting.uid]))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.getvalue())).pages]
    assert all("Not for publication. For Officer alone." in page for page in pages)
    together = " ".join(pages)
    assert "Budget words" in together and "The landlord asks" in together
    see_as(make_user("dpo", make_team("County", "desk")))
    assert Entry.objects.filter(what="scrutiny.private_pack_made").count() == 1

    client.logout()
    address = reverse("scrutiny:private_pack", args=[meeting.uid])
    assert client.get(address).status_code in (302, 403)
    assert "The landlord asks" not in public_text()


def test_a_pack_that_is_made_anew_leaves_nothing_of_the_one_before(officer, meeting):
    assert "being made" in published.pack_in_words(meeting.uid)
    publishing.keep_pack(meeting=meeting.uid, at=NOW)
    first = Published.objects.get(pk=meeting.uid).sha
    assert Content.objects.filter(pk=first).exists()
    assert published.pack_in_words(meeting.uid).endswith(
        "could not be put in: 7/26 The hubs: Broken."
    )

    publishing.publish_agenda(meeting=meeting, because="A slip", by=officer, at=NOW)

    assert not Content.objects.filter(pk=first).exists()
    assert Published.objects.get(pk=meeting.uid).sha == ""
