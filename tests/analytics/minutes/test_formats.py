"""The same meeting as text, page, web service, Word file and PDF; and files that cannot be read."""

import io
import time
import zipfile

import docx
import pytest
import typst
from pypdf import PdfReader, PdfWriter

from kith.analytics.minutes import CannotRead, read

ITEMS = [
    ("1/24", "Apologies for Absence", "Apologies were received from Councillor Ines Hartwell (Councillor Tom Veale substituting)."),
    ("2/24", "Minutes", "The minutes of 7 May 2024 were approved and signed."),
    ("3/24", "Hubs", "Jo Amblin (JA) gave an overview. A question was asked about cost. In response, JA said that it was within budget."),
]  # fmt: skip
TITLE = "Norland Scrutiny Committee - Tuesday, 4 June 2024 10.00 am"
END = "The meeting finished at 12.40 pm."


def page(body):
    return f"<!DOCTYPE html><html><head><title>x</title><style>p {{}}</style></head><body>{body}</body></html>".encode()


def as_moderngov():
    rows = "".join(
        f'<tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt"><a name="A"></a>{number}</p></td><td>'
        f'<p class="mgAiTitleTxt"><a href="x.pdf">{title}</a> <img alt="pdf"> PDF 283 KB</p><div class="mgWordPara"><p>To consider.</p></div>'
        f'<p class="mgSubItemTitleTxt">Minutes:</p><div class="mgWordPara"><p>{words}</p></div></td></tr>'
        for number, title, words in ITEMS
    )
    return page(
        f'<nav><a href="/">Other Town Council, Monday 1 January 2001</a></nav><div class="mgContent"><h2 class="mgSubTitleTxt">{TITLE}</h2>'
        f'<table class="mgItemTable"><tr><th>No.</th><th>Item</th></tr>{rows}</table><p>{END}</p></div><footer>Call 7 pm</footer>'
    )


def as_council_page():
    items = "".join(f"<h3>{number} {title}</h3><p>{words}</p>" for number, title, words in ITEMS)
    return page(
        '<header><nav><ul><li>1. Home</li><li>2. Bins</li></ul></nav></header><div class="sidebar">Next: Thursday 6 June 2024</div>'
        f"<main><h1>{TITLE}</h1>{items}<p>{END}</p></main><footer>Meeting closed at 5 pm</footer>"
    )


def as_service():
    items = "".join(
        f"<agendaitem><agendaitemtitle>{title}</agendaitemtitle><fulldisplaynumberformat>{number}</fulldisplaynumberformat><isrestricted>False</isrestricted>"
        f"<isdisplayallowed>True</isdisplayallowed><minutesnonemptyhtmlbody>&lt;p&gt;{words}&amp;nbsp;&lt;/p&gt;</minutesnonemptyhtmlbody></agendaitem>"
        for number, title, words in ITEMS
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><meeting><committeetitle>Norland Scrutiny Committee</committeetitle><meetingdate>04/06/2024</meetingdate>'
        f"<meetingtime>10.00 am</meetingtime><meetingactualfinishtime>12.40 pm</meetingactualfinishtime><agendaitems>{items}</agendaitems></meeting>"
    ).encode()


def as_word(*, table=False):
    file = docx.Document()
    file.add_paragraph(TITLE)
    rows = file.add_table(0, 2) if table else None
    for number, title, words in ITEMS:
        if rows is not None:
            cells = rows.add_row().cells
            cells[0].text = number
            cells[1].text = title
            cells[1].add_paragraph(words)
            continue
        file.add_heading(f"{number} {title}", 2)
        file.add_paragraph(words)
    file.add_paragraph(END)
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def as_pdf():
    body = "".join(f"*{number} {title}*\n\n{words}\n\n" for number, title, words in ITEMS)
    return typst.compile(f"#set page(width: 12cm)\n{TITLE}\n\n{body}{END}\n".encode())


def as_text():
    return "\n\n".join(
        [TITLE, *(f"{number} {title}\n\n{words}" for number, title, words in ITEMS), END]
    ).encode()


FORMATS = {
    "minutes.txt": as_text,
    "ieListDocuments.html": as_moderngov,
    "page.html": as_council_page,
    "GetMeeting.xml": as_service,
    "minutes.docx": as_word,
    "table.docx": lambda: as_word(table=True),
    "minutes.pdf": as_pdf,
}


@pytest.mark.parametrize("name", FORMATS)
def test_one_meeting_is_read_alike_from_every_kind_of_file(name):
    record = read(FORMATS[name](), name)

    assert (record["doc_type"], record["committee"], record["date"]) == (
        "minutes",
        "Norland Scrutiny Committee",
        "2024-06-04",
    )
    assert (record["start_time"], record["finish_time"]) == ("10:00", "12:40")
    assert [(item["number"], item["title"]) for item in record["items"]] == [
        (number, title) for number, title, _ in ITEMS
    ]
    assert record["apologies"] == ["hartwell"]
    assert record["substitutes"] == [{"for": "hartwell", "substitute": "veale"}]
    assert [(point["kind"], point["speaker"]) for point in record["items"][2]["points"]] == [
        ("presentation", "amblin"),
        ("question", None),
        ("response", "amblin"),
    ]
    assert all(
        point["line"] > 0 and ("page" in point) == name.endswith("pdf")
        for item in record["items"]
        for point in item["points"]
    )


def test_what_is_not_for_the_public_is_never_kept():
    secret = (
        as_service()
        .replace(b"<isrestricted>False", b"<isrestricted>True", 1)
        .replace(b"Councillor Ines", b"SECRET ONE")
    )
    hidden = (
        as_service()
        .replace(b"<isdisplayallowed>True", b"<isdisplayallowed>False", 1)
        .replace(b"Councillor Ines", b"SECRET ONE")
    )

    for data in (secret, hidden):
        record = read(data, "GetMeeting.xml")
        assert "SECRET" not in str(record) and "Veale" not in str(record)
        assert (
            record["items"][0]["title"] == "Apologies for Absence"
            and record["items"][0]["restricted"] is True
        )
        assert record["items"][1]["points"]


def test_word_counts_its_lists_itself_and_so_do_we():
    file = docx.Document()
    file.add_paragraph("Ambleford Parish Council")
    file.add_paragraph("Minutes of the meeting held on Tuesday 4 June 2024 at 7.30 pm")
    for title in ("Apologies", "Minutes", "Highways"):
        file.add_paragraph(title, style="List Number")
        file.add_paragraph("This was noted.")
    made = io.BytesIO()
    file.save(made)

    assert [item["number"] for item in read(made.getvalue(), "a.docx")["items"]] == ["1", "2", "3"]


def test_a_scanned_pdf_and_one_with_a_password_are_refused_with_what_to_do():
    blank = PdfWriter()
    blank.add_blank_page(200, 200)
    locked = PdfWriter(clone_from=PdfReader(io.BytesIO(as_pdf())))
    locked.encrypt("secret", algorithm="AES-256")
    scanned, protected = io.BytesIO(), io.BytesIO()
    blank.write(scanned)
    locked.write(protected)

    with pytest.raises(CannotRead, match="text recognition"):
        read(scanned.getvalue(), "scan.pdf")
    with pytest.raises(CannotRead, match="has a password"):
        read(protected.getvalue(), "locked.pdf")


BAD = {
    "entities.xml": b'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><meeting><meetingdate>&b;</meetingdate></meeting>',
    "outside.xml": b'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]><meeting><meetingdate>&a;</meetingdate></meeting>',
    "other.xml": b"<?xml version='1.0'?><invoice><total>3</total></invoice>",
    "broken.pdf": b"%PDF-1.7\nnot really",
    "broken.docx": b"PK\x03\x04 not really",
    "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900,
    "program.exe": bytes(range(256)) * 40,
    "empty.txt": b"  \n\n ",
    "huge.txt": b"a" * 31_000_000,
    "script.html": b"<!DOCTYPE html><html><body><script>document.write('x')</script></body></html>",
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(name):
    with pytest.raises(CannotRead) as refused:
        read(BAD[name], name)

    assert (
        name in str(refused.value)
        and "\n" not in str(refused.value)
        and "/etc" not in str(refused.value)
    )


def test_a_word_file_that_unpacks_without_end_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("word/document.xml", b" " * 210_000_000)

    with pytest.raises(CannotRead, match="unpacks to"):
        read(made.getvalue(), "bomb.docx")


def test_hostile_pages_are_harmless():
    deep = page("<div>" * 5_000 + "Apologies were received from Cllr Amblin." + "</div>" * 5_000)
    script = page(
        "<h1>Minutes of Ambleford Parish Council, 4 June 2024</h1><p onclick=x>Noted.<script>alert('EVIL')</script></p><p style='display:none'>HIDDEN</p>"
    )

    with pytest.raises(CannotRead, match="select all"):
        read(deep, "deep.html")
    assert "EVIL" not in str(read(script, "script.html")) and "HIDDEN" not in str(
        read(script, "script.html")
    )


@pytest.mark.parametrize(
    "line",
    [
        "Amblin Birch Corley " * 2_000,
        "Councillor Amblin, " * 2_000,
        "Cllr A and " * 3_000,
        "7.30 pm on 4 June 2024 " * 1_500,
    ],
)
def test_a_line_without_end_does_not_keep_the_reader_for_ever(line):
    began = time.process_time()

    read(f"Minutes of the meeting held on 4 June 2024\n\n1. Apologies\n{line}".encode(), "long.txt")

    assert time.process_time() - began < 15, (
        "it takes one second or two; before it was cut, minutes"
    )
