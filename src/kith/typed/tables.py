"""Tables that people send as files: from whatever a spreadsheet saved to rows of cells, as typed.

A file that cannot be read raises `Unreadable`, which says what to do.
"""

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from python_calamine import load_workbook

# What a spreadsheet may unpack to: a small file can hold a very large one.
LARGEST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 500
DELIMITERS = (",", ";", "\t", "|")
# A spreadsheet would run these as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Rows = list[tuple[int, list[str]]]


class Unreadable(Exception):
    """A file cannot be read at all. The message says what to do."""


@dataclass(frozen=True)
class Limits:
    """How large a file may be."""

    bytes: int
    rows: int
    columns: int = 200

    @property
    def too_many(self) -> Unreadable:
        """What to say of a file with too many rows."""
        return Unreadable(f"The file must have {self.rows:,} rows or fewer. Split it into two.")


def read_table(content: bytes, *, headings: Collection[str], limits: Limits) -> Rows:
    """Return the rows of a file that hold something, with their numbers. Raises Unreadable.

    `headings` are those that are known, as `plain_heading` writes them: by them is seen which sign
    separates the cells of a text.
    """
    if not content:
        raise Unreadable("The file is empty. Choose another file.")
    if len(content) > limits.bytes:
        megabytes = limits.bytes // 1024 // 1024
        raise Unreadable(f"The file must be {megabytes} MB or smaller. Split it into two.")
    if content.startswith(b"PK"):
        return _spreadsheet(content, limits)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("This is an old Excel file. Save it as .xlsx or as CSV, and send that.")
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise Unreadable("The file must be a spreadsheet: .xlsx or .csv.")
    return _text(_decoded(content), headings, limits)


def plain_heading(heading: str) -> str:
    """Return a heading without capitals, signs and the star of a required column."""
    return " ".join(re.sub(r"[^a-z0-9 ]", "", heading.lower().replace("_", " ")).split())


def safe_cell(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def unquoted(cell: str) -> str:
    """Take away the apostrophe that `safe_cell` put before a formula."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content[:200]:
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(
        "The letters in this file cannot be read. In Excel, choose Save As, CSV UTF-8, and send that."
    )


def _text(text: str, headings: Collection[str], limits: Limits) -> Rows:
    """Read separated values, whichever way of separating them gives most headings we know."""
    best: Rows = []
    most = -1
    for delimiter in DELIMITERS:
        first = next(_separated(text, delimiter), (0, []))[1]
        found = sum(plain_heading(cell) in headings for cell in first)
        if found > most:
            most, separator = found, delimiter
    for number, cells in _separated(text, separator):
        best.append((number, cells))
        if len(best) > limits.rows + 1:
            raise limits.too_many
    return best


def _separated(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield rows that hold something, with the number of the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise Unreadable(
            f"Line {begins} cannot be read: a quotation mark is missing, or a cell is too long."
        ) from None


def _spreadsheet(content: bytes, limits: Limits) -> Rows:
    broken = Unreadable("This spreadsheet cannot be opened. Save it again as .xlsx or as CSV.")
    try:
        _check_unpacked(content, limits)
        book = load_workbook(io.BytesIO(content))
        cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except Unreadable:
        raise
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException:
        # The reader is written in Rust, and what it cannot answer is not an Exception.
        raise broken from None
    rows = [(number, [_cell(cell) for cell in row]) for number, row in enumerate(cells, start=1)]
    return [(number, row) for number, row in rows if any(cell.strip() for cell in row)]


def _check_unpacked(content: bytes, limits: Limits) -> None:
    """Refuse a spreadsheet that would unpack to more than we can hold, before it is unpacked."""
    too_large = Unreadable(
        f"The spreadsheet is too large. Keep to {limits.rows:,} rows and {limits.columns} columns, "
        "and delete what stands far away on the sheet."
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if "xl/workbook.xml" not in archive.namelist():
            raise Unreadable("The file must be a spreadsheet: .xlsx or .csv.")
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise too_large
        for part in parts:
            if not part.filename.startswith("xl/worksheets/"):
                continue
            with archive.open(part) as opened:
                # The sizes in the archive's own list may lie.
                xml = opened.read(LARGEST_UNPACKED + 1)
            if len(xml) > LARGEST_UNPACKED:
                raise too_large
            for letters, digits in re.findall(rb'\br="([A-Z]{0,4})(\d{1,10})"', xml):
                if int(digits) > limits.rows * 5 or _column_number(letters) > limits.columns:
                    raise too_large


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _cell(value: Any) -> str:
    """Return a cell of a spreadsheet as it would be typed."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        # A telephone number typed into a number cell has lost its nought.
        return f"0{int(value)}" if 7e9 <= value < 8e9 else str(int(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
