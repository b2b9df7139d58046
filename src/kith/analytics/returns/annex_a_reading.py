"""Reading an Annex A workbook that somebody else filled in: what each cell means, or what is wrong.

The rules are those of liia-tools (`spec/annex_a`), kept as data in `annex_a_rules.json`: headings
and values are known by patterns, tried in order. Corrected here: a value is first read by the code
it begins with, so that "3F" is never the police (whose pattern was any text with a 6 in it) nor
"1D" unknown; patterns that were only such codes, or that match anything, are left out; "Not known"
is not "No"; both letters under which NOBT is written are taken. No cell is left out: each is right,
understood or wrong.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

RULES = Path(__file__).with_name("annex_a_rules.json")
SHEET = re.compile(r"list\s*0*(\d+)\b", re.I)
# A value may begin with a letter, a code, or both: "l) 3F: Health services", "3F", "N1 - Abuse".
BEGINS = re.compile(r"\s*(?:([a-z]{1,2}\d?)\)\s*)?([a-z0-9+]{1,7})?(?![a-z0-9])", re.I)
CODE = re.compile(r"(?=.*\d|[A-Z]{3,}\b)[A-Z0-9]{1,7}")
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.I)
SPREADSHEET_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")
LONGEST = 300  # characters of a value that is one of a list
DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d %B %Y")
FIRST_YEAR, LAST_YEAR = 1900, 2100
NAMED = 8  # choices that are named in full where a value is none of them

Cell = str | int | float | bool | date | datetime | None


@dataclass(frozen=True)
class Choice:
    """One value that a column may hold, and how else it is written."""

    value: str
    name: str
    patterns: tuple[re.Pattern[str], ...]
    letters: frozenset[str]
    code: str


@dataclass(frozen=True)
class Column:
    """One column of a list, and what it may hold."""

    name: str
    type: str = "text"  # or date, integer, postcode, choice
    blank: bool = False
    patterns: tuple[re.Pattern[str], ...] = ()
    choices: tuple[Choice, ...] = ()

    @property
    def allowed(self) -> str:
        """Say what may stand here."""
        words = {
            "date": "a date, such as 16/11/2026",
            "integer": "a whole number",
            "postcode": "a postcode, such as OX16 5QB",
            "text": "some words",
        }
        if self.type != "choice":
            said = words[self.type]
        else:
            values = [choice.value for choice in self.choices]
            said = "one of: " + "; ".join(values[:NAMED])
            if len(values) > NAMED:
                said += f"; and {len(values) - NAMED} more"
        return f"{said}, or nothing" if self.blank else said


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be: where, what was found, and what is allowed."""

    sheet: str
    row: int  # as the spreadsheet counts; 1 is the headings
    column: str
    found: str
    allowed: str


@dataclass(frozen=True)
class Understood:
    """A value that is not as the list writes it, and what it was taken for."""

    found: str
    means: str


@dataclass
class Report:
    """What a workbook holds: every cell is counted once, under one of three."""

    rows: dict[str, int] = field(default_factory=dict)
    right: int = 0
    understood: dict[tuple[str, str, Understood], int] = field(default_factory=dict)
    wrong: list[Finding] = field(default_factory=list)
    headings: list[Finding] = field(default_factory=list)
    not_read: list[str] = field(default_factory=list)  # sheets that are no list

    @property
    def cells(self) -> int:
        """How many cells of known columns were read."""
        return self.right + sum(self.understood.values()) + len(self.wrong)


@cache
def rules() -> dict[str, tuple[Column, ...]]:
    """Return the columns of each list."""
    held = json.loads(RULES.read_text())
    choices = {name: tuple(map(_choice, values)) for name, values in held["choices"].items()}
    return {
        name: tuple(
            Column(
                name=column["name"],
                type="choice" if "choices" in column else column.get("type", "text"),
                blank=column.get("blank", False),
                patterns=_compiled(column.get("patterns", ())),
                choices=choices[column["choices"]] if "choices" in column else (),
            )
            for column in columns
        )
        for name, columns in held["lists"].items()
    }


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.I) for pattern in patterns)


def _choice(held: Mapping[str, Any]) -> Choice:
    spellings = [held["value"], *held.get("also", ())]
    begun = [BEGINS.match(spelling) for spelling in spellings]
    letters = {match[1].lower() for match in begun if match and match[1]}
    code = (begun[0][2] or "") if begun[0] else ""
    return Choice(
        value=held["value"],
        name=held["name"],
        patterns=_compiled(held["patterns"]),
        letters=frozenset(letters),
        code=code.upper() if CODE.fullmatch(code.upper()) else "",
    )


# Cells


def read_cell(column: Column, value: Cell) -> str | Understood | None:
    """Say what a cell holds: its meaning where it is right, `Understood` where it is written
    otherwise, None where it is wrong."""
    text = _plain(value)
    if not text:
        return "" if column.blank else None
    if text.upper() in SPREADSHEET_ERRORS:
        return None
    match column.type:
        case "date":
            return _date(value, text)
        case "integer":
            return _integer(value, text)
        case "postcode":
            return text if POSTCODE.fullmatch(text) else None
        case "choice":
            return _chosen(column.choices, text)
        case _:
            return text


def _plain(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case datetime() | date():
            return f"{value:%d/%m/%Y}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return " ".join(str(value).split())


def _date(value: Cell, text: str) -> str | Understood | None:
    if isinstance(value, date):
        return text if FIRST_YEAR <= value.year <= LAST_YEAR else None
    if not isinstance(value, str):
        return None
    for form in DAYS:
        try:
            day = datetime.strptime(text, form)
        except ValueError:
            continue
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return None
        said = f"{day:%d/%m/%Y}"
        return said if said == text else Understood(text, said)
    return None


def _integer(value: Cell, text: str) -> str | None:
    if isinstance(value, date | bool):
        return None
    return text if re.fullmatch(r"-?\d{1,9}", text) else None


def _chosen(choices: Sequence[Choice], text: str) -> str | Understood | None:
    folded = text.casefold()
    for choice in choices:
        if folded == choice.value.casefold():
            return choice.value if text == choice.value else Understood(text, choice.value)
    if len(text) > LONGEST:
        return None
    for choice in choices:
        if folded == choice.name.casefold():
            return Understood(text, choice.value)
    begun = BEGINS.match(text)
    letter = (begun[1] or "").lower() if begun else ""
    code = (begun[2] or "").upper() if begun else ""
    by_code = [choice for choice in choices if code and choice.code == code]
    by_letter = [choice for choice in choices if letter in choice.letters]
    if by_code:
        # A letter that says something else than the code: nobody can tell which was meant.
        if letter and letter not in by_code[0].letters:
            return None
        return Understood(text, by_code[0].value)
    if by_letter:
        rest = text.partition(")")[2].strip()
        if rest and not _says(by_letter[0], rest):
            return None
        return Understood(text, by_letter[0].value)
    for choice in choices:
        if any(pattern.match(text) for pattern in choice.patterns):
            return Understood(text, choice.value)
    return None


def _says(choice: Choice, words: str) -> bool:
    """Say whether words after a letter are those of its choice, or begin like them."""
    own = choice.value.partition(")")[2].strip().casefold()
    folded = words.casefold()
    return (
        own.startswith(folded)
        or folded.startswith(own)
        or folded == choice.name.casefold()
        or any(pattern.match(words) for pattern in choice.patterns)
    )


# Workbooks


def read(sheets: Iterable[tuple[str, Sequence[Sequence[Cell]]]]) -> Report:
    """Read the sheets of a workbook, each with its name and rows, the first of which is headings."""
    report = Report()
    taken: set[str] = set()
    for title, rows in sheets:
        found = SHEET.search(title)
        name = f"List {found[1]}" if found else ""
        if name not in rules() or name in taken:
            report.not_read.append(title)
            continue
        taken.add(name)
        _read_list(report, title, rules()[name], rows)
    return report


def _read_list(
    report: Report, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]
) -> None:
    headings = [_plain(cell) for cell in rows[0]] if rows else []
    places = _places(columns, headings)
    for number, heading in enumerate(headings):
        held = any(_at(row, number) not in (None, "") for row in rows[1:])
        if number not in places.values() and (heading or held):
            said = heading or f"column {_letters(number)}, without a heading"
            report.headings.append(
                Finding(title, 1, said, said, "no such column is asked for: it was not read")
            )
    for column in columns:
        if column.name not in places:
            report.headings.append(
                Finding(title, 1, column.name, "no column with this heading", column.allowed)
            )
    count = 0
    for number, row in enumerate(rows[1:], start=2):
        if not any(_plain(cell) for cell in row):
            continue
        count += 1
        for column in columns:
            if column.name not in places:
                continue
            value = _at(row, places[column.name])
            meaning = read_cell(column, value)
            if meaning is None:
                found = _plain(value)[:LONGEST] or "nothing"
                report.wrong.append(Finding(title, number, column.name, found, column.allowed))
            elif isinstance(meaning, Understood):
                key = (title, column.name, meaning)
                report.understood[key] = report.understood.get(key, 0) + 1
            else:
                report.right += 1
    report.rows[title] = count


def _places(columns: Sequence[Column], headings: Sequence[str]) -> dict[str, int]:
    """Return where each column stands: by its name first, then by its patterns, each place once."""
    places: dict[str, int] = {}
    bare = [_bare(heading) for heading in headings]
    for column in columns:
        if _bare(column.name) in bare:
            places.setdefault(column.name, bare.index(_bare(column.name)))
    for column in columns:
        if column.name in places:
            continue
        for number, heading in enumerate(headings):
            if number not in places.values() and any(
                pattern.match(heading[:LONGEST]) for pattern in column.patterns
            ):
                places[column.name] = number
                break
    return places


def _bare(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", heading.casefold()).strip()


def _at(row: Sequence[Cell], number: int) -> Cell:
    return row[number] if number < len(row) else None


def _letters(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
