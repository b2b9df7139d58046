"""Papers as files: what is taken, what is read of them, and who can open them."""

import io
from datetime import timedelta
from functools import cache

import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfWriter

from kith.accounts.viewer import see_as
from kith.analytics import papers as reading
from kith.scrutiny import published
from kith.scrutiny.actions import papers, publishing
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Content, Published
from kith.ui.paper import as_paper
from tests.factories.accounts import make_team, make_user
from tests.factories.scrutiny import MEETS, NOW, add_item, call, make_meeting, make_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def item(officer):
    return add_item(officer, make_meeting(officer))


@cache
def pdf(words: str = "The budget of the hubs grew by a tenth. " * 3) -> bytes:
    return as_paper(
        b"#let it = json(bytes(sys.inputs.it))\n#set document(title: it.w)\n#it.w", {"w": words}
    )


def locked_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def blank_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word() -> bytes:
    document = Document()
    document.add_paragraph("Volunteers came to every hub.")
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Banbury", "seventeen"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def add(officer, item, name="report.pdf", content=None, **details):
    return papers.keep_paper(
        item=item,
        details={"title": "Report"} | details,
        file=(name, pdf() if content is None else content),
        by=officer,
        at=NOW,
    )


def test_the_words_of_a_paper_are_found_once_it_is_published_and_not_before(officer, item):
    add(officer, item)
    add(officer, item, "volunteers.docx", word())
    assert not published.search(published.Asked("budget")).exists()

    call(officer, item.meeting)

    [found] = published.search(published.Asked("hub budgets"))
    assert found.name == "Report" and found.content["pages"] == 1
    assert "«budget»" in published.headlines([found], "budget")[found.pk]
    assert published.search(published.Asked("seventeen volunteers")).exists(), "also of a table"


def test_of_what_holds_a_common_word_the_newest_are_found_and_the_page_says_so(
    officer, item, client, monkeypatch
):
    for name in ("one", "two", "three"):
        add(officer, item, title=name)
    call(officer, item.meeting)
    monkeypatch.setattr(published, "MOST_RANKED", 2)

    assert published.search(published.Asked("budget")).count() == 2
    page = client.get(reverse("meetings:search"), {"q": "budget"})
    assert b"2 or more found: these are the newest" in page.content


def test_a_passworded_pdf_is_refused_and_a_scanned_one_says_what_it_lacks(officer, item):
    with pytest.raises(ScrutinyRefused, match="protected by a password") as refused:
        add(officer, item, content=locked_pdf())
    assert refused.value.field == "file"
    assert not item.papers.exists() and not Content.objects.exists(), "nothing is half done"

    assert add(officer, item, content=blank_pdf()).text_state == "scanned"
    assert add(officer, item, content=b"%PDF-1.7\nbroken").text_state == "broken"


def test_a_file_that_is_too_large_or_something_else_is_refused(officer, item, monkeypatch):
    with pytest.raises(ScrutinyRefused, match="cannot take this kind of file"):
        add(officer, item, "page.html", b"<script>alert(1)</script>\0")
    monkeypatch.setattr(papers, "MOST_BYTES", 1000)
    with pytest.raises(ScrutinyRefused, match="smaller pictures, or in several parts"):
        add(officer, item)


def test_a_paper_to_follow_is_shown_so_until_its_file_comes_in_a_supplement(officer, item):
    paper = papers.keep_paper(item=item, details={"title": "Figures"}, by=officer, at=NOW)
    call(officer, item.meeting)
    told = Published.objects.get(pk=item.uid).content["papers"][0]
    assert told["to_follow"] is True

    late = MEETS - timedelta(days=1)
    papers.keep_paper(
        item=item,
        details={"title": "Figures"},
        paper=paper,
        file=("figures.pdf", pdf()),
        by=officer,
        at=late,
    )
    with pytest.raises(ScrutinyRefused, match="Say under the paper why it is urgent"):
        publishing.publish_agenda(meeting=item.meeting, by=officer, at=late)
    why = {"title": "Figures", "late_because": "The year closed on Monday"}
    papers.keep_paper(item=item, details=why, paper=paper, by=officer, at=late)
    publishing.publish_agenda(meeting=item.meeting, by=officer, at=late)

    told = Published.objects.get(pk=item.uid).content["papers"][0]
    assert told["to_follow"] is False and told["file_name"] == "figures.pdf"
    with pytest.raises(ScrutinyRefused, match="published with its file"):
        add_again = ("other.pdf", pdf("x"))
        papers.keep_paper(
            item=item, details={"title": "F"}, paper=paper, file=add_again, by=officer, at=late
        )


def test_the_public_opens_what_is_published_and_nothing_else(officer, item, client):
    open_paper = add(officer, item)
    secret = pdf("The landlord asks for ten thousand. " * 3)
    exempt = add(
        officer, item, content=secret, exempt=True, paragraphs=[3], public_interest="Their prices"
    )
    addresses = [reverse("meetings:file", args=[one.uid]) for one in (open_paper, exempt)]
    assert [client.get(one).status_code for one in addresses] == [404, 404], "not published yet"
    see_as(officer)
    call(officer, item.meeting)

    answer = client.get(addresses[0])
    assert answer.status_code == 200 and answer.content == pdf()
    assert answer["Content-Type"] == "application/pdf" and answer["ETag"]
    # A sandbox would stop the browser's own reader of PDF: the public would see nothing.
    assert answer["Content-Disposition"].startswith("inline")
    assert "sandbox" not in answer["Content-Security-Policy"]
    kept = client.get(addresses[0], {"save": "1"})
    assert kept["Content-Disposition"].startswith("attachment")
    assert client.get(addresses[0], headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(addresses[1]).status_code == 404
    assert (
        b"landlord" not in client.get(reverse("meetings:meeting", args=[item.meeting.uid])).content
    )
    see_as(None)
    assert set(Content.objects.values_list("pk", flat=True)) == {open_paper.content_id}

    member = make_user(
        "committee_member", item.meeting.committee.team or make_team("T", "committee")
    )
    client.force_login(member)
    assert client.get(reverse("scrutiny:own_file", args=[exempt.uid])).status_code == 404, "no seat"
    client.force_login(officer)
    assert client.get(reverse("scrutiny:own_file", args=[exempt.uid])).content == secret


def test_a_withdrawn_paper_is_gone_for_whoever_has_its_address(officer, item, client):
    paper = add(officer, item)
    call(officer, item.meeting)
    publishing.withdraw_paper(paper=paper, because="It named a child", by=officer, at=NOW)

    assert client.get(reverse("meetings:file", args=[paper.uid])).status_code == 410
    page = client.get(reverse("meetings:paper", args=[paper.uid]))
    assert page.status_code == 410 and b"No longer published" in page.content
    see_as(None)
    assert not Content.objects.exists()


def test_the_same_file_twice_is_kept_once(officer, item):
    one, other = add(officer, item), add(officer, item)

    assert one.content_id == other.content_id
    assert Content.objects.count() == 1


def test_reading_takes_no_longer_than_it_may():
    assert reading.read_apart(pdf(), reading.PDF, seconds=0.01) is None
    assert reading.read_apart(pdf(), reading.PDF, seconds=30).state == "read"
