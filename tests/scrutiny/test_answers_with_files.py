"""Answers with what stands behind them: files that are checked, read, published, replaced and withdrawn."""

import io
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from kith.accounts.viewer import clock, see_as, seeing_as
from kith.analytics import papers as reading
from kith.notices.models import Notice as Letter
from kith.scrutiny import published
from kith.scrutiny.actions import answering, papers, tracking
from kith.scrutiny.actions.answering import Reply
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Answer, Attached, Published
from kith.scrutiny.oparl import OParl
from tests.factories.accounts import make_team, make_user
from tests.factories.recommendations import AFTER, make_agreed, send
from tests.factories.scrutiny import make_officer
from tests.scrutiny.test_papers import blank_pdf, locked_pdf, pdf, word

pytestmark = pytest.mark.django_db
LATER = AFTER + timedelta(days=20)


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def asked(officer):
    return send(officer, make_agreed(officer, kind="information_request"))


def sheet(*more) -> bytes:
    """A spreadsheet with money by month, and a formula that nobody may run."""
    book = Workbook()
    page = book.active
    for row in (["Month", "Pounds left"], ["April 2026", 31000], ["May 2026", 44500.5], *more):
        page.append(row)
    page["D1"] = '=HYPERLINK("https://evil.example", "click")'
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def explain(officer, found, *files, **more):
    reply = Reply("explained", "Posts stood empty.", files=files, **more)
    return answering.answer(recommendation=found, reply=reply, by=officer, at=LATER)


def public_text() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(json_agg(p)::text, '') from scrutiny_published p")
        return str(cursor.fetchone()[0])


def test_an_explanation_is_published_with_its_table_and_found_by_its_words(client, officer, asked):
    explain(officer, asked, ("underspend.xlsx", sheet()), ("why.docx", word()))
    [table, why] = Attached.objects.all()
    address = reverse("meetings:file", args=[table.uid])
    assert "underspend" not in public_text()
    assert client.get(address).status_code == 404

    see_as(officer)
    tracking.publish(recommendation=asked, by=officer, at=LATER)
    see_as(None)

    page = client.get(reverse("recommendations:public_one", args=[asked.uid])).content.decode()
    assert "underspend.xlsx" in page and "Spreadsheet" in page
    assert "44,500.5" in page and "May 2026</th>" in page, "as a table, month by month"
    assert "evil.example" not in page and "HYPERLINK" not in page, (
        "formulas are neither run nor shown"
    )
    got = client.get(address)
    assert got.content == bytes(table.content.held)
    assert "attachment" in got["Content-Disposition"]
    assert published.search(published.Asked("April pounds")).filter(pk=table.uid).exists()
    assert published.search(published.Asked("seventeen volunteers")).filter(pk=why.uid).exists()
    own = client.get(reverse("meetings:paper", args=[table.uid])).content.decode()
    assert reverse("recommendations:public_one", args=[asked.uid]) in own and "44,500.5" in own


def test_what_takes_the_place_of_a_file_leaves_the_earlier_one(client, officer, asked):
    explain(officer, asked, ("first.csv", b"Month;Left\nMay;4\n"))
    first = Attached.objects.get()
    tracking.publish(recommendation=asked, by=officer, at=LATER)

    with pytest.raises(ScrutinyRefused, match="the one file"):
        explain(officer, asked, replaces=first)
    explain(officer, asked, ("second.csv", b"Month;Left\nMay;5\n"), replaces=first)
    with pytest.raises(ScrutinyRefused, match="Another file took its place"):
        explain(officer, asked, ("third.csv", b"Month;Left\nMay;6\n"), replaces=first)
    explain(officer, asked, ("draft.txt", b"A slip of the hand."))
    slip = Attached.objects.get(file_name="draft.txt")
    explain(officer, asked, ("right.txt", b"As it was meant."), replaces=slip)
    tracking.publish(recommendation=asked, by=officer, at=LATER)

    names = set(Published.objects.filter(kind="file", gone_at=None).values_list("name", flat=True))
    assert names == {"first.csv", "second.csv", "right.txt"}, (
        "nobody read the slip, so it is not told"
    )
    page = client.get(reverse("recommendations:public_one", args=[asked.uid])).content.decode()
    assert page.count("Earlier: another took its place") == 1
    assert client.get(reverse("meetings:file", args=[first.uid])).status_code == 200


def test_a_file_that_is_withdrawn_is_gone_at_once_and_for_good(client, officer, asked):
    explain(officer, asked, ("names.txt", b"ZEBRAFISH"), ("table.csv", b"Month,Left\nMay,4\n"))
    bad, good = Attached.objects.all()
    tracking.publish(recommendation=asked, by=officer, at=LATER)
    assert "ZEBRAFISH" in public_text()

    with pytest.raises(PermissionDenied):
        tracking.withdraw_file(
            attached=bad,
            because="It names people.",
            by=make_user("county_lead", make_team("Desk", "desk"), "Lead"),
            at=LATER,
        )
    tracking.withdraw_file(attached=bad, because="It names people.", by=officer, at=LATER)
    tracking.publish(recommendation=asked, by=officer, at=LATER)

    assert "ZEBRAFISH" not in public_text() and "names.txt" not in public_text()
    assert client.get(reverse("meetings:file", args=[bad.uid])).status_code == 410
    assert client.get(reverse("meetings:file", args=[good.uid])).status_code == 200
    told = OParl("https://x.example/oparl/", "County", lambda *_: "https://x.example/file")
    assert told.one("file", str(bad.uid))["deleted"] is True
    assert "agendaItem" not in told.one("file", str(good.uid))
    assert told.one("paper", str(good.uid))["superordinatedPaper"] == [told.at("Paper", asked.uid)]
    see_as(officer)
    tracking.unpublish(recommendation=asked, by=officer, at=LATER)
    assert client.get(reverse("meetings:file", args=[good.uid])).status_code == 410


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("locked.pdf", locked_pdf(), "“locked.pdf”: This PDF is protected by a password"),
        ("empty.csv", b"", "The file is empty"),
        ("macro.xlsx", b"PK\x03\x04 nothing of the kind", "cannot take this kind of file"),
        ("table.csv", pdf(), "name should end in .pdf"),
        ("page.html", b"\x3cscript\x3e\x00", "cannot take this kind of file"),
    ],
)
def test_a_bad_file_is_refused_by_its_name_and_nothing_is_half_done(
    officer, asked, name, content, said
):
    with pytest.raises(ScrutinyRefused, match=re.escape(said)) as refused:
        explain(officer, asked, ("good.txt", b"Good."), (name, content))

    assert refused.value.field == "attached"
    assert not Answer.objects.exists() and not Attached.objects.exists()


def test_there_are_limits_for_all_files_together(officer, asked, monkeypatch):
    with pytest.raises(ScrutinyRefused, match="up to 5 files"):
        explain(officer, asked, *[(f"{one}.txt", b"x") for one in range(6)])
    monkeypatch.setattr(papers, "MOST_BYTES", 30)
    with pytest.raises(ScrutinyRefused, match="together"):
        explain(officer, asked, ("a.txt", b"x" * 20), ("b.txt", b"x" * 20))


def test_a_file_that_takes_long_to_read_is_read_later_and_then_found(officer, asked, monkeypatch):
    monkeypatch.setattr(papers, "read_apart", lambda *_, **__: None)
    explain(officer, asked, ("long.txt", b"A quokka by month."))
    kept = Attached.objects.get()
    tracking.publish(recommendation=asked, by=officer, at=LATER)
    assert kept.text == ""

    monkeypatch.setattr(papers, "read_apart", reading.read_apart)
    answering.read_attached_later(attached=kept.pk)

    assert published.search(published.Asked("quokka")).filter(pk=kept.uid).exists()


def test_spreadsheets_are_read_as_they_were_saved():
    small = reading.read(sheet(), reading.SHEETS[0])
    assert small.state == "read" and small.table[1][:2] == ["April 2026", "31,000"]
    wide = reading.read(sheet(*[["June", 1]] * 60), reading.SHEETS[0])
    assert wide.table == [] and "June | 1" in wide.text, "too long to show, and found all the same"
    assert reading.read("Ort;Pfund\nÄ;£4".encode("cp1252"), reading.CSV).table == [
        ["Ort", "Pfund"],
        ["Ä", "£4"],
    ]
    assert reading.read(b"PK broken", reading.SHEETS[1]).state == "broken"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_what_was_typed_stays_when_a_file_is_refused_and_members_open_what_came(
    client, officer, asked
):
    client.force_login(officer)
    where = reverse("recommendations:answer", args=[asked.uid])
    told = {"said": "explained", "words": "Posts stood empty.", "by_whom": "Director"}

    refused = client.post(
        where, told | {"attached": [upload("x.pdf", locked_pdf())]}
    ).content.decode()
    assert "protected by a password" in refused and 'id="id_attached_error"' in refused
    assert "Posts stood empty." in refused
    done = client.post(
        where,
        told | {"attached": [upload("scan.pdf", blank_pdf()), upload("a.csv", b"a,b\n1,2\n")]},
    )
    assert done.status_code == 302
    shown = client.get(reverse("recommendations:one", args=[asked.uid])).content.decode()

    scan = Attached.objects.get(file_name="scan.pdf")
    assert "cannot be searched or read aloud" in shown and "Table of a.csv" in shown
    assert client.get(reverse("recommendations:file", args=[scan.uid])).content == blank_pdf()
    assert "Does the file take the place" in client.get(where).content.decode()
    said = {"because": "Wrong one."}
    client.post(reverse("recommendations:withdraw_file", args=[scan.uid]), said)
    assert (
        "Wrong one."
        in client.get(reverse("recommendations:one", args=[asked.uid])).content.decode()
    )


def test_an_owner_without_an_account_sends_a_table_with_the_answer(client, officer):
    found = send(officer, make_agreed(officer), at=timezone.now(), email="owner@county.example")
    with seeing_as(clock()):
        letter = Letter.objects.get(key="scrutiny.recommended")
    see_as(None)
    path = letter.body.split("Answer here. You need no account:\n")[1].split("\n")[0]
    client.get("/" + path.split("/", 3)[3])
    own = reverse("recommendations:by_link")
    told = {"said": "accepted", "words": "Gladly.", "by_whom": "Director"}

    refused = client.post(
        own, told | {"attached": [upload("x.zip", b"PK\x03\x04")]}
    ).content.decode()
    assert "cannot take this kind of file" in refused and "Gladly." in refused
    done = client.post(
        own, told | {"attached": [upload("plan.ods.csv", b"a,b\n1,2\n")]}, follow=True
    )

    assert "The committee has your answer" in done.content.decode()
    assert "plan.ods.csv" in done.content.decode()
    see_as(officer)
    assert Attached.objects.get().answer.recommendation == found
