"""Reading an Annex A workbook that somebody else filled in: nothing wrong goes unsaid."""

import io
from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import Workbook

from kith.accounts.viewer import see_as
from kith.analytics.returns import annex_a_reading
from kith.analytics.returns.annex_a_reading import Understood, read, read_cell, rules
from kith.audit.models import Entry
from kith.returns import workbook
from tests.factories.accounts import make_team, make_user

SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "annex-a" / "Annex_A.sample.xlsx"
HEADINGS = ["child ID no.", "Gender", "Ethnicity", "Date of  Birth", "Age", "date of contact", "Contact source (code)"]  # fmt: skip
GOOD = ["KP1", "b) Female", "a) WBRI", date(2014, 3, 2), 12, date(2026, 11, 2), "e) 2A: Schools"]


def column(name, of="List 1"):
    return next(one for one in rules()[of] if one.name == name)


def meaning(name, value, of="List 1"):
    found = read_cell(column(name, of), value)
    return found.means if isinstance(found, Understood) else found


def a_workbook(**sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("3F", "l) 3F: Health services"),  # has an F, and no 6
        ("1D", "d) 1D: Individual"),
        ("10", "u) 10: Unknown"),
        ("1A: Individual", "a) 1A: Individual"),
        (6, "q) 6: Police"),
        (6.0, "q) 6: Police"),
        ("4", "m) 4: Housing"),
        ("Police", "q) 6: Police"),
        ("School nurse", "i) 3C: Health services"),
        ("School", "e) 2A: Schools"),
        ("p1) 5D: LA services", "p1) 5D: LA services"),
        ("Early help team", "p1) 5D: LA services"),
        ("l) 3f: health services", "l) 3F: Health services"),
        ("Locality 16", None),  # the old pattern said police
        ("Floor 4", None),  # and housing
        ("Ward 10", None),
        ("q) 3F: Health services", None),  # the letter says police
        ("q) Schools", None),
        ("", None),
        ("#N/A", None),
        ("6" * 400, None),
    ],
)
def test_a_source_is_known_by_its_code_and_never_by_a_digit_somewhere_in_it(written, means):
    assert meaning("Contact Source", written) == means


@pytest.mark.parametrize(
    ("name", "of", "written", "means"),
    [
        ("Ethnicity", "List 1", "s) NOBT", "t) NOBT"),
        ("Ethnicity", "List 1", "t) NOBT", "t) NOBT"),
        ("Ethnicity", "List 1", "White and Asian", "h) MWAS"),
        ("Ethnicity", "List 1", "White  British", "a) WBRI"),
        ("Ethnicity", "List 1", "African", "o) BAFR"),
        ("Ethnicity", "List 1", "Martian", None),
        ("Gender", "List 1", "F", "b) Female"),
        ("Gender", "List 1", "female", "b) Female"),
        ("Gender", "List 1", "Male", "a) Male"),
        ("Referral NFA?", "List 3", "Yes", "a) Yes"),
        ("Referral NFA?", "List 3", True, "a) Yes"),
        ("Referral NFA?", "List 3", "Not known", "c) Unknown"),  # and not No
        ("Referral NFA?", "List 3", "Nope", None),
        ("LA in Touch", "List 9", "NREQ", "e) NREQ"),  # and not No
        ("Type of Accommodation", "List 9", "Anything at all", None),
        ("Suitability of Accommodation", "List 9", "Not suitable", "b) Unsuitable"),
        ("Date of Birth", "List 1", "2/3/2014", "02/03/2014"),
        ("Date of Birth", "List 1", datetime(2014, 3, 2), "02/03/2014"),
        ("Date of Birth", "List 1", "2014-03-02", "02/03/2014"),
        ("Date of Birth", "List 1", "31/02/2014", None),
        ("Date of Birth", "List 1", 41700, None),
        ("Date of Birth", "List 1", "", ""),
        ("Age of Child (Years)", "List 1", 6.13, None),
        ("Age of Child (Years)", "List 1", "twelve", None),
        ("Age of Child (Years)", "List 1", 12.0, "12"),
        ("Placement postcode", "List 8", "nope", None),
        ("Placement postcode", "List 8", "OX16 5QB", "OX16 5QB"),
    ],
)
def test_other_values_are_understood_where_that_is_certain(name, of, written, means):
    assert meaning(name, written, of) == means


def test_every_value_that_a_list_allows_is_right_as_it_stands():
    wrong = [
        (name, one.name, choice.value)
        for name, columns in rules().items()
        for one in columns
        for choice in one.choices
        if read_cell(one, choice.value) != choice.value
    ]

    assert wrong == []


@given(some.text(max_size=40) | some.integers() | some.floats() | some.dates() | some.booleans())
def test_anything_at_all_in_a_cell_is_right_or_understood_or_wrong(value):
    for one in rules()["List 1"]:
        found = read_cell(one, value)
        assert found is None or isinstance(found, str | Understood)
        if one.choices and found is not None:
            means = found.means if isinstance(found, Understood) else found
            assert means in {choice.value for choice in one.choices}


def test_a_messy_workbook_is_told_cell_by_cell_and_none_is_dropped():
    report = read(
        [
            (
                "list 1 - contacts",
                [
                    [*HEADINGS, "Remarks"],
                    [*GOOD, ""],
                    ["", "Girl?", "WBRI", "soon", 6.5, None, "Locality 16"],
                    [None] * 7,
                    ["KP3", "F", "", None, None, "2026-11-03"],
                ],
            ),
            ("Notes", [["whatever"]]),
        ]
    )

    assert report.rows == {"list 1 - contacts": 2 + 1}
    assert report.not_read == ["Notes"]
    assert [(finding.row, finding.column, finding.found) for finding in report.wrong] == [
        (3, "Child Unique ID", "nothing"),
        (3, "Gender", "Girl?"),
        (3, "Date of Birth", "soon"),
        (3, "Age of Child (Years)", "6.5"),
        (3, "Date of Contact", "nothing"),
        (3, "Contact Source", "Locality 16"),
        (5, "Ethnicity", "nothing"),
        (5, "Contact Source", "nothing"),
    ]
    assert report.cells == 3 * 7
    assert [finding.column for finding in report.headings] == ["Remarks"]


def test_a_list_without_a_column_says_so():
    report = read([("List 1", [HEADINGS[:6], GOOD[:6]])])

    assert [(one.column, one.found) for one in report.headings] == [
        ("Contact Source", "no column with this heading")
    ]


def test_the_sample_workbook_is_read_in_full():
    if not SAMPLE.exists():
        pytest.skip(f"NOT READ: the sample workbook {SAMPLE.name} is not on this machine")

    report = read(workbook.sheets_of(SAMPLE.read_bytes()))

    assert list(report.rows) == [f"List {number}" for number in range(1, 12)]
    assert sum(report.rows.values()) == 59
    assert (report.not_read, report.headings) == ([], [])
    found = {(one.sheet, one.row, one.column): one.found for one in report.wrong}
    assert found["List 6", 2, "Primary Need Code"] == "PSRMEM - Support with memory and cognition"
    assert found["List 8", 3, "Placement postcode"] == "nope"
    assert found["List 8", 4, "Ethnicity"] == "nothing"
    assert found["List 1", 2, "Age of Child (Years)"].startswith("6.138")
    assert len(report.wrong) == len(found) == 78
    columns = {name: len(columns) for name, columns in rules().items()}
    assert report.cells == sum(columns[name] * count for name, count in report.rows.items())


# The page


@pytest.fixture
def lead(db):
    return make_user("county_lead", make_team("County desk", "desk"))


def upload(lead, content, **more):
    client = Client()
    client.force_login(lead)
    file = SimpleUploadedFile("a.xlsx", content)
    return client.post(reverse("returns:read"), {"file": file, **more})


def test_the_page_tells_what_is_wrong_and_the_log_only_how_much(lead):
    content = a_workbook(List_1=[HEADINGS, [*GOOD[:6], "<b>Locality 16</b>"]])

    page = upload(lead, content).content.decode()

    assert "&lt;b&gt;Locality 16&lt;/b&gt;" in page
    assert "Wrong values in each column" in page
    assert "7 cells were read in 1 list: 6 right, 0 understood" in page
    see_as(make_user("dpo", make_team("Officers", "desk")))
    entry = Entry.objects.get(what="return.workbook_read")
    assert entry.after == {"rows": 1, "wrong": 1}


def test_the_report_comes_as_a_file_that_no_spreadsheet_runs(lead):
    content = a_workbook(List_1=[HEADINGS, [*GOOD[:6], "@SUM(1)"]])

    report = upload(lead, content, **{"as": "csv"})

    assert report["Content-Disposition"] == 'attachment; filename="annex-a-report.csv"'
    assert "List 1,2,Contact Source,'@SUM(1)," in report.content.decode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK not really", "cannot be opened"),
        (b"Child Unique ID,Gender", "must be a workbook"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel file"),
    ],
)
def test_what_is_no_workbook_is_refused_at_the_field(lead, content, said):
    assert said in upload(lead, content).content.decode()


def test_a_cell_far_away_does_not_fill_the_memory(lead):
    book = Workbook()
    book.active.title = "List 1"
    book.active["A900000"] = "x"
    file = io.BytesIO()
    book.save(file)

    with pytest.raises(workbook.Unreadable, match="far away"):
        workbook.sheets_of(file.getvalue())


def test_nothing_chosen_is_said_at_the_field(lead):
    client = Client()
    client.force_login(lead)

    assert "Choose a workbook." in client.post(reverse("returns:read")).content.decode()


def test_the_rules_have_a_source():
    assert "liia-tools" in annex_a_reading.RULES.read_text()
