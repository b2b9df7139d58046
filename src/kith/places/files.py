"""Reading a table that somebody has uploaded: all of it, or a list of all that is wrong with it.

Nothing else than `WrongFile` comes out of a file, whatever is in it.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 200_000
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what stands there, and what should."""

    expected: str
    row: int | None = None  # line of the file, or number of the feature; None: the whole file
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        where = f"Row {self.row}" if self.row else "The file"
        column = f", {self.column}" if self.column else ""
        value = f": “{self.value}”" if self.value else ""
        return f"{where}{column}{value}. Expected {self.expected}."


class WrongFile(Exception):
    """The file cannot be taken in. `problems` is everything that is wrong with it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:3]))
        self.problems = list(problems)


@dataclass(frozen=True)
class Column:
    """A column that is wanted: the headings it may have, and how its values are read.

    `read` returns the value or raises ValueError. Where `blank` is allowed, nothing is None.
    A column that is not `needed` may be missing; then its key is missing from the rows.
    """

    key: str
    names: tuple[str, ...]
    read: Callable[[str], Any]
    expected: str
    needed: bool = True
    blank: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a table: its line in the file, and its values by key."""

    number: int
    values: dict[str, Any]


def shown(value: object) -> str:
    """Return a value as it may be shown back: one line, no marks that hide, not too long."""
    text = "".join(
        letter if unicodedata.category(letter)[0] != "C" else " " for letter in str(value)[:300]
    )
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def text_of(data: bytes, *, most_bytes: int = MOST_BYTES) -> str:
    """Return the text of a file: UTF-8, with or without its mark, or Windows. Raises WrongFile."""
    if len(data) > most_bytes:
        raise WrongFile(Problem(f"a file of {most_bytes // 1024 // 1024} MB at most"))
    if not data.strip():
        raise WrongFile(Problem("a file with something in it; this one is empty"))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise WrongFile(Problem("text. This is a spreadsheet: save it as “CSV UTF-8” first"))
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")):
        raise WrongFile(Problem("text. This is a picture, a PDF or a packed file"))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongFile(Problem("text in UTF-8 or Windows encoding; these bytes are neither"))


def read_table(data: bytes, columns: Sequence[Column]) -> list[Row]:
    """Return the rows of a CSV file, each value read. Raises WrongFile with all problems."""
    lines = csv.reader(io.StringIO(text_of(data), newline=""), strict=True)
    try:
        headings = next(lines, [])
        found = _find(headings, columns)
        problems: list[Problem] = []
        rows: list[Row] = []
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) >= MOST_ROWS:
                raise WrongFile(Problem(f"{MOST_ROWS:,} rows at most"))
            if len(cells) != len(headings):
                problems.append(
                    Problem(
                        f"{len(headings)} values, as many as there are headings",
                        lines.line_num,
                        value=f"{len(cells)} values",
                    )
                )
                continue
            rows.append(_read_row(lines.line_num, cells, headings, found, problems))
    except csv.Error as error:
        raise WrongFile(
            Problem(f"comma-separated values ({error})", lines.line_num or None)
        ) from None
    if problems:
        raise WrongFile(*problems)
    if not rows:
        raise WrongFile(Problem("at least one row below the headings"))
    return rows


def headings_of(data: bytes) -> list[str]:
    """Return the headings of a CSV file. Raises WrongFile."""
    try:
        first = next(csv.reader(io.StringIO(text_of(data), newline="")), [])
    except csv.Error as error:
        raise WrongFile(Problem(f"comma-separated values ({error})", 1)) from None
    return [heading.strip() for heading in first]


def _find(headings: list[str], columns: Sequence[Column]) -> list[tuple[int, Column]]:
    """Return where each wanted column stands. Raises WrongFile for those that are missing."""
    plain = [_plain(heading) for heading in headings]
    found, problems = [], []
    for column in columns:
        wanted = {_plain(name) for name in column.names}
        places = [number for number, heading in enumerate(plain) if heading in wanted]
        if len(places) > 1:
            problems.append(Problem("this heading once only", 1, shown(headings[places[1]])))
        elif places:
            found.append((places[0], column))
        elif column.needed:
            names = " or ".join(f"“{name}”" for name in column.names[:3])
            problems.append(Problem(f"a column with the heading {names}", 1))
    if problems and len(headings) < 2:
        problems.insert(0, Problem("headings divided by commas in the first row", 1))
    if problems:
        raise WrongFile(*problems)
    return found


def _plain(heading: str) -> str:
    return " ".join(heading.casefold().split())


def _read_row(
    number: int,
    cells: list[str],
    headings: list[str],
    found: list[tuple[int, Column]],
    problems: list[Problem],
) -> Row:
    values: dict[str, Any] = {}
    for place, column in found:
        cell = cells[place].strip()
        try:
            if "\0" in cell:
                raise ValueError
            if not cell and not column.blank:
                raise ValueError
            values[column.key] = column.read(cell) if cell else None
        except (ValueError, ArithmeticError):
            problems.append(Problem(column.expected, number, shown(headings[place]), shown(cell)))
    return Row(number, values)


# How values are read. Each raises ValueError.


def words(longest: int) -> Callable[[str], str]:
    """Read a text of one line."""

    def read(cell: str) -> str:
        text = " ".join(cell.split())
        if len(text) > longest or any(unicodedata.category(letter) == "Cc" for letter in text):
            raise ValueError(text)
        return text

    return read


def matching(pattern: str) -> Callable[[str], str]:
    """Read a code in capitals."""
    whole = re.compile(pattern)

    def read(cell: str) -> str:
        if not whole.fullmatch(cell.upper()):
            raise ValueError(cell)
        return cell.upper()

    return read


def number(least: float, most: float) -> Callable[[str], float]:
    """Read a number, with or without commas between thousands."""

    def read(cell: str) -> float:
        if not re.fullmatch(r"[-+]?[\d,]*\.?\d+(?:[eE][-+]?\d{1,3})?\.?|[-+]?[\d,]+\.?", cell):
            raise ValueError(cell)
        value = float(cell.replace(",", ""))
        if not least <= value <= most:
            raise ValueError(cell)
        return value

    return read


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Read a whole number; "60.0" is one."""
    read_number = number(least, most)

    def read(cell: str) -> int:
        value = read_number(cell)
        if value != int(value):
            raise ValueError(cell)
        return int(value)

    return read
