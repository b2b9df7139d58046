"""Reading files as spreadsheets save them, and as nobody should."""

import codecs
import csv
import io
import zipfile
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kith.referrals import files
from kith.referrals.files import read, understand
from kith.referrals.requests import Problem, check
from kith.typed import tables
from kith.typed.tables import Unreadable, safe_cell, unquoted
from tests.factories.sheets import GOOD, as_csv, as_xlsx, headings

TODAY = date(2026, 11, 16)
NEEDS = {"behaviour": "behaviour", "housing": "housing", "somewhere to live": "housing"}
SENDING = files.Sending(organisation_id=None, organisation_name="Orchard", needs=NEEDS, schools={})


def understood(content, name="requests.csv"):
    return understand(read(name, content), SENDING)


def problems(row):
    found = row.problems
    if row.request:
        found = check(row.request, today=TODAY, known_needs=set(NEEDS.values()))
    return {files.column_of(problem): problem.message for problem in found}


def test_a_good_row_becomes_a_request_in_which_nothing_is_wrong():
    (row,) = understood(as_csv([GOOD]))

    assert problems(row) == {}
    assert row.number == 2
    assert row.request.sender_reference == "S-1"
    assert row.request.children[0].date_of_birth == date(2014, 3, 2)
    assert row.request.needs == ("behaviour", "housing")
    assert row.request.agreed_how == "spoken"
    assert row.request.adults[0].role == "mother"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_way_a_spreadsheet_saves_text_is_read(encoding, delimiter):
    content = as_csv([GOOD | {"Child 1 first name": "Zoë"}], encoding, delimiter)

    (row,) = understood(content)

    assert row.request.children[0].given_names == "Zoë"
    assert problems(row) == {}


def test_headings_are_known_by_other_names_and_in_any_order():
    renamed = {
        "CHILD 1 FIRST NAME ": "Forename",
        "Child 1 last name": "surname*",
        "Child 1 date of birth": "D.O.B.",
        "Your number": "sender_reference",
        "Family agrees": "Consent?",
    }
    by_title = {title.strip().lower(): name for title, name in renamed.items()}
    row = {by_title.get(title.lower(), title): value for title, value in reversed(GOOD.items())}

    (read_row,) = understood(as_csv([{"Notes of ours": "not for Kith", **row}]))

    assert problems(read_row) == {}


@pytest.mark.parametrize(
    "text",
    ["02/03/2014", "2/3/2014", "2014-03-02", "02.03.2014", "2 March 2014", "2014-03-02 00:00:00"],
)
def test_dates_are_read_as_people_write_them(text):
    assert files.read_date(text) == date(2014, 3, 2)


@pytest.mark.parametrize("text", ["02/03/14", "31/02/2014", "03-14-2014x", "yesterday"])
def test_dates_that_may_mean_two_things_or_nothing_are_asked_about(text):
    (row,) = understood(as_csv([GOOD | {"Child 1 date of birth": text}]))

    assert row.request is None
    assert "14/03/2014" in problems(row)["Child 1 date of birth"]


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"Your number": ""}, "Your number", "own number"),
        ({"Worry": ""}, "Worry", "worried"),
        ({"Postcode": "Banbury"}, "Postcode", ""),
        ({"Needs": "magic"}, "Needs", "not one of the needs"),
        ({"Family agrees": "perhaps"}, "Family agrees", "yes or no"),
        ({"Family agrees": "no"}, "Lawful reason", "lawful reason"),
        ({"Child 1 sex": "X"}, "Child 1 sex", "not one of"),
        ({"Child 1 school number": "999"}, "Child 1 school number", "no school"),
        ({"Child 2 first name": "Ben"}, "Child 2 last name", "last name"),
        ({"Your e-mail": "sam at school"}, "Your e-mail", "name@example.com"),
        ({"Worry": "a\u202eb"}, "Worry", "hidden characters"),
        ({"Worry": "x" * 20_001}, "Worry", "20,000"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_by_its_heading(changes, column, said):
    row, good = understood(as_csv([GOOD | changes, GOOD | {"Your number": "S-2"}]))

    assert said in problems(row)[column]
    assert problems(good) == {}


def test_a_family_without_an_address_and_one_that_has_not_agreed_can_be_sent():
    changes = {
        "Postcode": "none",
        "Family agrees": "No",
        "Who agreed": "",
        "How they agreed": "",
        "Date they agreed": "",
        "Lawful reason": "Section 17",
    }

    (row,) = understood(as_csv([GOOD | changes]))

    assert problems(row) == {}
    assert row.request.no_fixed_address


def test_a_number_that_is_there_twice_counts_once():
    first, second = understood(as_csv([GOOD, GOOD]))

    assert first.request
    assert "also in row 2" in problems(second)["Your number"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"%PDF-1.7", "must be a spreadsheet"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b"PK\x03\x04 broken", "cannot be opened"),
        (b"name,number\nAda,1\n", "Missing: “Your number”"),
        (as_csv([]), "no rows"),
        (as_csv([GOOD]) + b'"open quote' + b"x" * 140_000, "cannot be read"),
        (as_csv([GOOD] * (files.MOST_ROWS + 1)), "2,000 rows or fewer"),
        (b"x" * (files.LARGEST_FILE + 1), "5 MB or smaller"),
        (b"\x81\x8d\x8f\x90,\x9d", "cannot be read"),
        (b",".join([b"Worry"] * 2), "there twice"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_says_what_to_do(content, said):
    with pytest.raises(Unreadable, match=said):
        understood(content)


def test_a_spreadsheet_is_read_with_its_dates_and_numbers():
    row = GOOD | {
        "Child 1 date of birth": date(2014, 3, 2),
        "Your number": 17,
        "Your telephone": 7700900982,
    }

    (read_row,) = understood(as_xlsx([headings(), [row.get(t, "") for t in headings()]]))

    assert problems(read_row) == {}
    assert read_row.request.sender_reference == "17"
    assert read_row.request.sender_phone == "07700900982"
    assert read_row.request.children[0].date_of_birth == date(2014, 3, 2)


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", " " * (tables.LARGEST_UNPACKED + 1))
    far = as_xlsx([headings()], extra='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')

    assert len(bomb.getvalue()) < 100_000
    for content in (bomb.getvalue(), far):
        with pytest.raises(Unreadable, match="too large"):
            read("requests.xlsx", content)


def test_a_document_that_is_no_spreadsheet_is_refused():
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")

    with pytest.raises(Unreadable, match="must be a spreadsheet"):
        read("letter.docx", other.getvalue())


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_is_given_back_is_never_a_formula_and_comes_in_again_unchanged(cell):
    safe = safe_cell(cell)

    assert safe.startswith("'")
    assert unquoted(safe) == cell


MANGLING = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
GOOD_CSV = as_csv([GOOD, GOOD | {"Your number": "S-2"}])
GOOD_XLSX = as_xlsx([headings(), [GOOD.get(title, "") for title in headings()]])


def survives(content):
    try:
        rows = understood(content)
    except Unreadable as said:
        assert str(said).endswith(".")
        return
    for row in rows:
        assert (row.request is None) == bool(row.problems)
        for problem in row.problems:
            assert files.column_of(problem)
        if row.request:
            check(row.request, today=TODAY, known_needs={"behaviour"})


@MANGLING
@given(st.binary(max_size=400))
@example(codecs.BOM_UTF16_LE + b"a")
@example(b"PK\x03\x04")
def test_no_bytes_at_all_break_the_reader(content):
    survives(content)


@MANGLING
@given(st.data())
def test_no_mangled_file_breaks_the_reader(data):
    content = bytearray(data.draw(st.sampled_from([GOOD_CSV, GOOD_XLSX])))
    for _ in range(data.draw(st.integers(1, 8))):
        where = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["change", "cut", "double"])):
            case "change":
                content[where] = data.draw(st.integers(0, 255))
            case "cut":
                del content[where : where + data.draw(st.integers(1, 300))]
                content = content or bytearray(b"x")
            case "double":
                content[where:where] = content[where : where + 200]
    survives(bytes(content))


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["yes", "no", "01/02/2014", "none", "OX16 5QB", "behaviour", "F", "🦊", "\0"]
)


@MANGLING
@given(st.lists(st.dictionaries(st.sampled_from(headings()), CELLS), min_size=1, max_size=5))
def test_whatever_stands_in_the_cells_each_row_is_a_request_or_says_what_is_wrong(rows):
    survives(as_csv(rows))


def test_what_is_given_back_can_be_sent_again():
    """Writing rows as the page of refused rows does, and reading them, loses nothing."""
    wrong = GOOD | {"Worry": '=cmd|"/c calc"!A1', "Postcode": "-", "Address": "1, Field\nRoad"}
    (row,) = understood(as_csv([wrong]))
    text = io.StringIO()
    heading = [column.title for column in files.columns()]
    cells = [safe_cell(row.cells.get(c.key, "")) for c in files.columns()]
    csv.writer(text).writerows([[*heading, "What to mend"], [*cells, "Postcode: ..."]])

    (again,) = understood(text.getvalue().encode("utf-8-sig"))

    assert {k: v for k, v in again.cells.items() if v} == {k: v for k, v in row.cells.items() if v}


def test_a_problem_is_named_by_the_heading_of_its_column():
    assert files.column_of(Problem("children.1.sex", "")) == "Child 2 sex"
    assert files.column_of(Problem("adults.0.phone", "")) == "Adult 1 telephone"
    assert files.column_of(Problem("worry", "")) == "Worry"
    assert files.column_of(Problem("children", "")) == "Children"
