"""Whatever is typed into a page of the request: a clear word at the field, the text kept, no harm."""

import html
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve

from kith.accounts.viewer import clock, front_door, see_as, seeing_as
from kith.referrals.attachments import MOST_BYTES
from kith.referrals.models import Attachment, Draft, Referral
from tests.factories.referrals import make_sender
from tests.referrals.asking import EVERYONE, KINDS, Asker, problems, set_the_scene

pytestmark = pytest.mark.django_db

NASTIES = {
    "script": "<script>alert(1)</script>{{ 7*7 }}{% load x %}",
    "sql": "'; drop table referrals_referral; --",
    "nul and turned round": "a\0b \u202eevil\u202c \u2066x \ud83d",
    "piled up": "Z" + "\u0301" * 200 + "👩‍👧 \u200b",
    "spaces": " \t\r\n ",
    "long": "y" * 11_000,
}


@pytest.fixture(autouse=True)
def scene():
    set_the_scene()


@pytest.mark.parametrize("kind", ["partner", "young_person"])
def test_nothing_typed_into_any_field_breaks_a_page_or_is_half_saved(kind):
    asker = Asker(make_sender() if kind == "partner" else None, KINDS.get(kind, EVERYONE)).begin()
    seen = set()
    for _ in range(40):
        address = asker.here()
        name = resolve(address).kwargs.get("name", "check")
        if name == "check":
            break
        if name == "adults" and name not in seen:
            seen.add(name)
            address = asker.post(f"{name}/", {"another": "yes"}).url
            name = resolve(address).kwargs["name"]
        right = asker.answers[name]
        for field in right:
            if field in ("another", "chosen"):
                continue
            for nasty, text in NASTIES.items():
                if field not in TEXTS and nasty != "script":
                    continue
                try_it(asker, address, {**right, field: text}, f"{name}.{field}: {nasty}")
        assert asker.client.post(address, right).status_code == 302
    assert asker.send().url.endswith("/done/")
    with seeing_as(front_door()):
        referral = Referral.objects.get()
        assert referral.worry == EVERYONE["worry"]["worry"]


def try_it(asker, address, data, what):
    before = answers(asker)
    typed = {**data}
    sent = {key: _as_bytes(value) for key, value in data.items()}
    response = asker.client.post(address, sent)
    assert response.status_code in (200, 302), what
    if response.status_code == 302:
        return
    assert answers(asker) == before, f"{what}: half saved"
    assert problems(response), f"{what}: no message"
    page = response.content.decode()
    assert "<script>alert" not in page, what
    for field, value in typed.items():
        if field in TEXTS and isinstance(value, str) and value.isalnum():
            assert html.escape(value) in page, f"{what}: {field} not kept"


TEXTS = {
    *("sender_name", "sender_email", "sender_phone", "given_names", "family_name", "postcode"),
    *("address", "worry", "going_well", "tried", "would_be_different", "lawful_reason"),
    *("agreed_by", "contact_advice", "school_name", "sender_organisation_name", "phone"),
    *("date_of_birth_year", "agreed_on_day"),
}


def _as_bytes(value):
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return value


def answers(asker) -> dict:
    with seeing_as(clock()):
        return Draft.objects.get(pk=asker.number).answers


def test_ten_megabytes_of_text_are_refused_in_words():
    asker = Asker().begin().fill(until="worry")
    before = answers(asker)

    response = asker.post("worry/", {"worry": "x" * 10_000_000})

    assert response.status_code == 200
    assert "10,000,000 characters" in problems(response)[0]
    assert answers(asker) == before


NO_PAGES = (
    "child/99/", "child/2/", "school/5/", "more/9/", "adult/7/", "nonsense/", "check/", "done/",
    "lawful/", "main_need/", "who/3/", "worry/0/", "children/0/", "__proto__/",
    "children/9/remove/", "worry/0/remove/",
)  # fmt: skip


def test_an_address_that_is_no_page_of_this_request_leads_back_to_where_one_was():
    asker = Asker().begin().fill(until="adults")
    before = answers(asker)

    for address in NO_PAGES:
        for response in (
            asker.client.get(f"{asker.base}{address}"),
            asker.post(address, {"a": "b"}),
        ):
            assert response.status_code in (302, 405), address
        assert asker.here().endswith("/adults/"), address
    assert answers(asker) == before


# The page, what is changed in a right answer, and what is said of it: in the order of the pages.
REFUSED = (
    ("who", {"sender_kind": "queen"}, "Choose one of the answers"),
    ("who", {"sender_kind": "partner"}, "Choose one of the answers"),
    ("you", {"sender_email": "no"}, "Enter an e-mail address like name@example.com"),
    ("you", {"sender_email": "", "sender_phone": ""}, "Enter an e-mail address or a telephone"),
    ("you", {"sender_name": "12"}, "Enter your name in letters"),
    ("you", {"sender_phone": "ring me"}, "Enter a telephone number like"),
    (
        "organisation",
        {"sender_organisation_name": "", "chosen": ""},
        "name of your organisation",
    ),
    ("organisation", {"chosen": ""}, "Check the spelling, or choose"),
    ("home", {"postcode": "OX4"}, "only the first half of a postcode"),
    ("worry", {"worry": ""}, "Write what you are worried about"),
    ("needs", {"needs": []}, "Choose at least one thing"),
    ("needs", {"needs": ["<b>"]}, "Choose from the answers"),
    ("main_need", {"main_need": ""}, "Choose the one that matters most"),
    ("main_need", {"main_need": "housing"}, "Choose one of the answers"),
    ("agreement", {"basis": ""}, "Say whether the family has agreed"),
    ("consent", {"agreed_by": ""}, "Enter who agreed"),
    ("consent", {"agreed_on_year": "2999"}, "must be today or in the past"),
    ("consent", {"agreed_on_day": "31", "agreed_on_month": "2"}, "real date"),
    ("language", {"needed": "yes", "interpreter": ""}, "Enter the language"),
    ("contact", {"post_is_safe": ""}, "Choose yes or no"),
)


def test_each_answer_that_cannot_be_taken_gets_a_message_that_says_what_to_do():
    asker = Asker().begin()

    for page, data, message in REFUSED:
        asker.fill(until=page)
        response = asker.post(f"{page}/", EVERYONE[page] | data)

        assert response.status_code == 200, message
        assert message in problems(response)[0]
        assert "There is a problem" in response.content.decode(), message


def docx(**extra: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, text in {"[Content_Types].xml": "x", "word/document.xml": "x", **extra}.items():
            archive.writestr(name, text)
    return kept.getvalue()


PDF = b"%PDF-1.7\n" + b"x" * 100
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


FILES = (
    ("letter.pdf", PDF, ""),
    ("photo.PNG", PNG, ""),
    ("../../etc/letter.docx", docx(), ""),
    ("notes.txt", "Grüße".encode(), ""),
    ("empty.pdf", b"", "empty"),
    ("program.exe", b"MZ\x90\0" + b"\0" * 200, "We cannot take this kind of file"),
    ("program.pdf", b"MZ\x90\0" + b"\0" * 200, "We cannot take this kind of file"),
    ("photo.pdf", PNG, "should end in .png"),
    ("macros.docx", docx(**{"word/vbaProject.bin": "x"}), "We cannot take this kind of file"),
    ("archive.zip", b"PK\x03\x04rubbish", "We cannot take this kind of file"),
    ("page.html", b"<html><script>1</script>", "should end in .txt"),
    ("large.pdf", PDF + b"x" * MOST_BYTES, "The file is too large. Choose one of 10 MB or less"),
    ("none.pdf", None, "Choose a file first"),
)


def test_a_file_is_taken_or_refused_by_what_it_holds():
    asker = Asker().begin().fill(until="files")

    for name, content, message in FILES:
        data = {} if content is None else {"file": SimpleUploadedFile(name, content)}
        response = asker.client.post(f"{asker.base}files/add/", data)

        with seeing_as(clock()):
            kept = list(Attachment.objects.all())
        if message:
            found = problems(response)[0]
            assert message in found or (name == "empty.pdf" and "empty" in found), name
            assert not kept, name
            continue
        assert response.status_code == 302, name
        assert [file.name for file in kept] == [name.rpartition("/")[2].lower()]
        assert bytes(kept[0].content) == content, name
        asker.client.post(f"{asker.base}files/{kept[0].pk}/remove/")


def test_a_sixth_file_is_refused_and_one_may_be_taken_out():
    asker = Asker().begin().fill(until="files")
    for number in range(5):
        file = SimpleUploadedFile(f"letter {number}.pdf", PDF)
        assert asker.client.post(f"{asker.base}files/add/", {"file": file}).status_code == 302

    sixth = asker.client.post(
        f"{asker.base}files/add/", {"file": SimpleUploadedFile("sixth.pdf", PDF)}
    )
    assert "You can add 5 files" in problems(sixth)[0]
    see_as(clock())
    first = Attachment.objects.order_by("added_at")[0].pk
    asker.client.post(f"{asker.base}files/{first}/remove/")
    asker.fill().send()

    with seeing_as(front_door()):
        referral = Referral.objects.get()
        files = list(referral.attachments.order_by("name"))
    assert len(files) == 4 and files[0].name == "letter 1.pdf"
    address = f"/requests/sent/{referral.reference}/files/{files[0].pk}/"
    asker.client.get(f"{asker.base}done/")
    response = asker.client.get(address)
    assert response.content == PDF and "attachment" in response["Content-Disposition"]
    assert Asker(make_sender()).client.get(address).status_code == 404


def test_a_cookie_that_was_tampered_with_opens_nothing():
    writer, thief = Asker().begin(), Asker()
    cookie = writer.client.cookies["kith_requests"].value
    thief.client.cookies["kith_requests"] = cookie[:-3] + "abc"

    assert thief.client.get(f"{writer.base}who/").status_code == 404
    assert writer.client.get(f"{writer.base}who/").status_code == 200
