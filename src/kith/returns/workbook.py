"""Opening a workbook that somebody uploads. Nothing of it is kept."""

import io
import re
import zipfile
from typing import Any

from python_calamine import load_workbook

LARGEST = 10 * 1024 * 1024
LARGEST_UNPACKED = 80 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS, MOST_COLUMNS = 50_000, 100  # of one sheet
MOST_CELLS = 1_000_000  # of all sheets, the empty ones between others too
PLACE = re.compile(rb'\br="([A-Z]{1,4})(\d{1,10})"')
TOO_LARGE = (
    f"The workbook is too large. Keep to {MOST_ROWS:,} rows and {MOST_COLUMNS} columns on a sheet, "
    "and delete what stands far away from the rest."
)


class Unreadable(Exception):
    """A workbook cannot be opened. The message says what to do."""


def sheets_of(content: bytes) -> list[tuple[str, list[list[Any]]]]:
    """Return the sheets of a workbook, each with its name and rows. Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(f"The file must be {LARGEST // 1024 // 1024} MB or smaller.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            "This is an old Excel file, or one with a password. Save it as .xlsx without a password."
        )
    if not content.startswith(b"PK"):
        raise Unreadable("The file must be a workbook: .xlsx.")
    broken = Unreadable("This workbook cannot be opened. Save it again as .xlsx.")
    try:
        _check_unpacked(content)
        book = load_workbook(io.BytesIO(content))
        return [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except Unreadable:
        raise
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException:
        # The reader is written in Rust, and what it cannot answer is not an Exception.
        raise broken from None


def _check_unpacked(content: bytes) -> None:
    """Refuse a workbook that would unpack to more than we can hold, before it is unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if "xl/workbook.xml" not in archive.namelist():
            raise Unreadable("The file must be a workbook: .xlsx.")
        if len(parts) > MOST_PARTS:
            raise Unreadable(TOO_LARGE)
        left, cells = LARGEST_UNPACKED, 0
        for part in parts:
            with archive.open(part) as opened:
                # The sizes in the archive's own list may lie.
                xml = opened.read(left + 1)
            left -= len(xml)
            if left < 0:
                raise Unreadable(TOO_LARGE)
            if part.filename.startswith("xl/worksheets/"):
                cells += _spread(xml)
        if cells > MOST_CELLS:
            raise Unreadable(TOO_LARGE)


def _spread(xml: bytes) -> int:
    """Return how many cells a sheet spans. Raises Unreadable where it is too far."""
    rows = columns = 0
    for letters, digits in PLACE.findall(xml):
        rows = max(rows, int(digits))
        columns = max(columns, _number(letters))
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise Unreadable(TOO_LARGE)
    return rows * columns


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
