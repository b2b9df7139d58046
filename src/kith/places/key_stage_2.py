"""Key Stage 2 results as the Department for Education publishes them: the school performance tables.

A row for each school, then one for its authority and two for England; 300 columns and more, whose
number and order change from year to year, so everything is found by its heading. In real files the
rows of new schools stop early: what is missing at the end of a row was not published.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kith.analytics.attainment import MEASURES, Measure, Published, read_cell, year_name
from kith.places import explore_education
from kith.places.files import Column, Problem, WrongFile, read_table, shown, text_of, words

Kind = Literal["school", "special", "authority", "england", "england_state"]
STATUSES = (("provisional", "Provisional"), ("revised", "Revised"), ("final", "Final"))
MOST_BYTES = 40 * 1024 * 1024  # all of England is some 22 MB
FIRST_YEAR = 1996
# What RECTYPE says. In tables of older pupils other numbers stand for the same.
RECORDS: dict[str, Kind] = {
    "1": "school",
    "2": "special",
    "3": "authority",
    "4": "england",
    "5": "england_state",
}
NEEDED = {"RECTYPE": "RECTYPE", "LEA": "LEA or LA", "URN": "URN", "SCHNAME": "SCHNAME"}
OTHER_NAMES = {"RECTYP": "RECTYPE", "LA": "LEA", "LEANO": "LEA", "SCHOOLNAME": "SCHNAME"}
# Who, where and what kind of school: not results.
ABOUT = frozenset(
    re.findall(
        r"\S+",
        """RECTYPE ALPHAIND LEA ESTAB LAESTAB URN SCHNAME ADDRESS1 ADDRESS2 ADDRESS3 TOWN COUNTY PCODE TELNUM
    PCON_CODE PCON_NAME URN_AC SCHNAME_AC OPEN_AC NFTYPE ICLOSE RELDENOM AGERANGE CONFEXAM TAB15 TAB1618
    DUMMY CONTFLAG""",
    )
)
# Headings that only tables of other things have.
NOT_THESE = {
    "ATT8SCR": "results of Key Stage 4 (GCSEs)",
    "P8MEA": "results of Key Stage 4 (GCSEs)",
    "PTL2BASICS_94": "results of Key Stage 4 (GCSEs)",
    "PTAC5EM": "results of Key Stage 4 (GCSEs)",
    "TALLPPE_ALEV_1618": "results of Key Stage 5 (A levels)",
    "PERCTOT": "absence",
    "PNUMEAL": "the census of schools",
    "FIELD NAME": "the names of the columns (metadata)",
}
LAST_YEARS = re.compile(r"(?:TELIG|PTRWM_EXP|PTRWM_HIGH|READ_AVERAGE|PTREADWRITTAMATX)_(\d\d)")
NAMED_YEARS = (
    re.compile(r"(?<!\d)(20\d\d)[-_/ ]?(?:to[-_ ])?(20\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(20\d\d)[-_/ ]?(\d\d)(?!\d)"),
)


@dataclass(frozen=True)
class Line:
    """A row: a school, an authority or England."""

    row: int
    kind: Kind
    authority: str
    establishment: str
    urn: int | None
    name: str
    postcode: str
    school_type: str
    published: dict[str, str]  # by heading in capitals; what is empty is not there
    partial: bool = False  # the file has some of the headings only: what is here besides stays

    def says(self, columns: Sequence[str]) -> Published:
        """Return what is published under the first of some headings that is there."""
        for column in columns:
            if column in self.published:
                return read_cell(self.published[column])
        return Published("")


@dataclass(frozen=True)
class Results:
    """All that one file says, of one year and one stage of publication."""

    year: int
    status: str
    file: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def year_in(name: str) -> int | None:
    """Return the year in which tests were taken that a file's name tells: 2019 of ks2_2018-19.csv."""
    for pattern in NAMED_YEARS:
        for first, last in pattern.findall(name):
            if (int(first) + 1) % 100 == int(last) % 100:
                return int(first) + 1
    single = re.findall(r"(?<!\d)(20\d\d)(?!\d)", name)
    return int(single[0]) if len(set(single)) == 1 else None


def status_in(name: str) -> str:
    """Return whether a file's name says provisional, revised or final; "" where it says none or two."""
    told = [key for key, _ in STATUSES if key in name.casefold()]
    return told[0] if len(told) == 1 else ""


def read(data: bytes, year: int | None, *, name: str, status: str) -> Results:
    """Return the results in a file. Raises WrongFile with everything that is wrong.

    The year and the status are those that were asked, else those that the file's name or its
    columns tell; where they contradict each other the file is refused.
    """
    text = text_of(data, most_bytes=MOST_BYTES)
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        headings = [" ".join(cell.split()).upper() for cell in next(lines, [])]
        headings = [OTHER_NAMES.get(heading, heading) for heading in headings]
        if explore_education.is_such(headings):
            numbered = ((lines.line_num, cells) for cells in lines)
            return _explored(headings, numbered, year, name=name, status=status)
        _check_headings(headings)
        the_year = _year(year, name, headings)
        the_status = status or status_in(name)
        if not the_status:
            raise WrongFile(
                Problem("it to be said whether these are provisional, revised or final")
            )
        reading = _Reading(headings)
        found = [line for cells in lines if (line := reading.line(lines.line_num, cells))]
    except csv.Error as error:
        raise WrongFile(
            Problem(f"comma-separated values ({error})", lines.line_num or None)
        ) from None
    if reading.last_is_short and not text.endswith(("\n", "\r")):
        reading.problems.append(
            Problem("a whole row; the file stops in the middle of it. Download it again", reading.last)
        )  # fmt: skip
    if reading.problems:
        raise WrongFile(*reading.problems)
    if not found:
        raise WrongFile(Problem("at least one row below the headings"))
    return Results(the_year, the_status, name, tuple(found), tuple(reading.notes()))


def _explored(
    headings: list[str],
    rows: Iterator[tuple[int, list[str]]],
    year: int | None,
    *,
    name: str,
    status: str,
) -> Results:
    """Return the results in a file of Explore Education Statistics. Raises WrongFile."""
    told = explore_education.read(headings, rows, year)
    stage = told.status or status_in(name)
    if status and stage and status != stage:
        raise WrongFile(
            Problem(
                f"{status} results, as you chose. The file says that they are {stage}: choose that"
            )
        )
    if not (status or stage):
        raise WrongFile(Problem("it to be said whether these are provisional, revised or final"))
    lines = tuple(
        Line(
            row=place.row,
            kind=place.kind,  # type: ignore[arg-type]
            authority=place.authority,
            establishment=place.establishment,
            urn=place.urn,
            name=place.name,
            postcode="",
            school_type="",
            published=place.published,
            partial=True,
        )
        for place in told.places
    )
    notes = (
        f"A file of Explore Education Statistics: of its years {year_name(told.year)} is read. What is here "
        "already under other headings stays.",
    )
    return Results(told.year, status or stage, name, lines, notes)


def _check_headings(headings: list[str]) -> None:
    """Raise WrongFile where these are not the headings of Key Stage 2 results."""
    there = set(headings)
    for heading, what in NOT_THESE.items():
        if heading in there and not there & {"PTRWM_EXP", "PTREADWRITTAMATX"}:
            raise WrongFile(
                Problem(
                    f"the results of Key Stage 2. This file holds {what}: choose the one with ks2 in its "
                    "name",
                    1,
                    value=heading,
                )
            )
    problems = []
    if len(headings) < 2:
        problems.append(Problem("headings divided by commas in the first row", 1))
    problems += [
        Problem(f"a column with the heading {words}", 1)
        for heading, words in NEEDED.items()
        if heading not in there
    ]
    if not problems and not any(there & set(measure.columns) for measure in MEASURES):
        problems.append(
            Problem(
                "a column of Key Stage 2 results, such as PTRWM_EXP (from 2016) or PTREADWRITTAMATX (to "
                "2015)",
                1,
            )
        )
    twice = [heading for heading, count in Counter(headings).items() if heading and count > 1]
    problems += [
        Problem("this heading once only", 1, value=shown(heading))
        for heading in twice
        if not heading.startswith("DUMMY")
    ]
    if problems:
        raise WrongFile(*problems)


def _year(asked: int | None, name: str, headings: list[str]) -> int:
    """Return the year in which the tests were taken. Raises WrongFile."""
    before = [int(told[1]) for heading in headings if (told := LAST_YEARS.fullmatch(heading))]
    named = year_in(name)
    year = asked or named or (2000 + max(before) + 1 if before else None)
    if year is None:
        raise WrongFile(
            Problem(
                "the year in which the tests were taken: enter it on the form. Neither the file’s name nor "
                "its columns tell it"
            )
        )
    if before and year <= 2000 + max(before):
        raise WrongFile(
            Problem(
                f"results of {year_name(year)}. This file has a column for {year_name(2000 + max(before))} "
                "as a year before, so it is of a later year: correct the year",
                1,
                value=next(h for h in headings if h.endswith(f"_{max(before):02d}")),
            )
        )
    if named and asked and named != asked:
        raise WrongFile(
            Problem(
                f"results of {year_name(asked)}, which you entered. The file’s name says "
                f"{year_name(named)}: correct the year, or rename the file",
                value=shown(name),
            )
        )
    return year


class _Reading:
    """Reads row after row, and remembers what is wrong and what is worth a word."""

    def __init__(self, headings: list[str]) -> None:
        self.headings = headings
        self.place = {heading: number for number, heading in enumerate(headings)}
        self.last_needed = max(self.place[heading] for heading in NEEDED)
        self.checked = [
            (column, measure)
            for measure in MEASURES
            for column in measure.columns
            if column in self.place
        ]
        self.problems: list[Problem] = []
        self.short: list[int] = []
        self.last = 0
        self.last_is_short = False
        self.unknown: dict[str, list[str]] = {}
        self.other: dict[str, list[int]] = {}  # rows of kinds that these tables have not had yet
        self.seen: dict[tuple[object, ...], int] = {}
        self.same: dict[str, str] = {}  # so that "SUPP" is kept once and not a million times

    def line(self, number: int, cells: list[str]) -> Line | None:
        """Return what a row says; None where it is empty or wrong."""
        if not any(cell.strip() for cell in cells):
            return None
        self.last, self.last_is_short = number, len(cells) < len(self.headings)
        before = len(self.problems)
        if len(cells) > len(self.headings) and any(c.strip() for c in cells[len(self.headings) :]):
            self._wrong(
                number,
                f"{len(self.headings)} values, as many as there are headings",
                value=f"{len(cells)} values",
            )
            return None
        if len(cells) <= self.last_needed:
            self._wrong(
                number,
                "at least the kind, number and name of a school",
                value=f"{len(cells)} values",
            )
            return None
        if self.last_is_short:
            self.short.append(number)
        row = {
            heading: self.same.setdefault(cell, cell)
            for heading, cell in zip(self.headings, map(str.strip, cells), strict=False)
            if cell and heading
        }
        if any("\0" in cell for cell in row.values()):
            self._wrong(number, "text without marks that cannot be written")
            return None
        line = self._line(number, row)
        return line if len(self.problems) == before else None

    def _line(self, number: int, row: dict[str, str]) -> Line | None:
        record = row.get("RECTYPE", "")
        kind = RECORDS.get(record)
        if kind is None and re.fullmatch(r"\d", record):
            self.other.setdefault(record, []).append(number)
            return None
        if kind is None:
            self._wrong(
                number,
                "1 (school), 2 (special school), 3 (local authority), 4 or 5 (England)",
                "RECTYPE",
                record,
            )
            return None
        is_school = kind in ("school", "special")
        authority, urn = row.get("LEA", ""), row.get("URN", "")
        if (is_school or kind == "authority") and not re.fullmatch(r"\d{3}", authority):
            self._wrong(number, "the authority’s number of three digits", "LEA", authority)
        if is_school and not re.fullmatch(r"\d{6}", urn):
            self._wrong(number, "the school’s number of six digits", "URN", urn)
        name = " ".join(row.get("SCHNAME", "").split())
        if is_school and not 0 < len(name) <= 200:
            self._wrong(number, "the school’s name, of at most 200 letters", "SCHNAME", name)
        key = (urn,) if is_school else (kind, authority)
        if key in self.seen:
            whom = (
                "school"
                if is_school
                else "authority"
                if kind == "authority"
                else "line for England"
            )
            self._wrong(
                number,
                f"each {whom} once; it is in row {self.seen[key]} too",
                "URN" if is_school else "RECTYPE",
                urn if is_school else row["RECTYPE"],
            )
        self.seen.setdefault(key, number)
        published = {heading: cell for heading, cell in row.items() if heading not in ABOUT}
        self._check_numbers(number, published)
        return Line(
            row=number,
            kind=kind,
            authority=authority if is_school or kind == "authority" else "",
            establishment=row.get("ESTAB", "") if is_school else "",
            urn=int(urn) if is_school and urn.isascii() and urn.isdigit() else None,
            name=name[:200],
            postcode=row.get("PCODE", "")[:10] if is_school else "",
            school_type=row.get("NFTYPE", "")[:10] if is_school else "",
            published=published,
        )

    def _check_numbers(self, number: int, published: dict[str, str]) -> None:
        for column, measure in self.checked:
            said = read_cell(published.get(column, ""))
            low, high = measure.limits
            if said.value is not None and not low <= said.value <= high:
                self._wrong(number, f"a number from {low:g} to {high:g}", column, said.text)
            self._remember(number, column, said)
        for column in ("TELIG", "TFSM6CLA1A", "TNOTFSM6CLA1A"):
            said = read_cell(published.get(column, ""))
            if said.value is not None and not (
                0 <= said.value <= 2_000_000 and said.value.is_integer()
            ):
                self._wrong(number, "a whole number of pupils", column, said.text)
            self._remember(number, column, said)

    def _remember(self, number: int, column: str, said: Published) -> None:
        if said.is_known:
            return
        if len(said.text) > 12:
            self._wrong(number, "a number, or a code such as SUPP", column, said.text)
            return
        self.unknown.setdefault(said.text, []).append(f"row {number}, {column}")

    def _wrong(self, number: int, expected: str, column: str = "", value: str = "") -> None:
        self.problems.append(Problem(expected, number, column, shown(value)))

    def notes(self) -> Iterator[str]:
        """Say what is worth knowing of a file that is not wrong."""
        if self.short:
            rows = ", ".join(str(number) for number in self.short[:5])
            more = f" and {len(self.short) - 5} more" if len(self.short) > 5 else ""
            yield (
                f"{len(self.short)} rows stop before the last column (row {rows}{more}), as those of new "
                "schools do. What they do not have is kept as not published."
            )
        for record, numbers in sorted(self.other.items()):
            yield (
                f"{len(numbers):,} rows have the record type {record}, which Kith does not know (the first is row "
                f"{numbers[0]}). They are left out."
            )
        for code, where in sorted(self.unknown.items()):
            yield (
                f"A code that Kith does not know: “{shown(code)}”, in {len(where):,} cells, first in {where[0]}. "
                "It is kept as it is, and counts as not published."
            )


def measures_of(published: dict[str, str]) -> list[Measure]:
    """Return the measures of which something is published, in their order."""
    return [
        measure for measure in MEASURES if any(column in published for column in measure.columns)
    ]


# The names of the columns


@dataclass(frozen=True)
class Labels:
    """What the headings of a year's results stand for."""

    year: int
    labels: dict[str, str]


HEADING_NAMES = ("Field Name", "Field Reference", "Metafile heading", "Column name", "Variable")
LABEL_NAMES = (
    *("Label/Description", "Field Description", "Metafile description", "Description", "Label"),
)  # fmt: skip


def read_labels(data: bytes, year: int | None) -> Labels:
    """Return what a year's headings stand for, from its file of metadata. Raises WrongFile.

    A heading that is there twice keeps its first label.
    """
    if year is None:
        raise WrongFile(Problem("the year that the names of columns are for"))
    rows = read_table(
        data,
        [
            Column(
                "heading", HEADING_NAMES, words(60), "a heading of at most 60 letters", blank=True
            ),
            Column(
                "label", LABEL_NAMES, words(1000), "a text of at most 1,000 letters", blank=True
            ),
        ],
    )
    labels: dict[str, str] = {}
    for row in rows:
        if row.values["heading"] and row.values["label"]:
            labels.setdefault(row.values["heading"].upper(), row.values["label"])
    if not any(set(measure.columns) & labels.keys() for measure in MEASURES):
        raise WrongFile(Problem("the headings of Key Stage 2 results, such as PTRWM_EXP"))
    return Labels(year, labels)
