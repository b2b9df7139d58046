"""From rows to a file: a workbook, CSV files in a ZIP. What is to be mended always comes first."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.writer.excel import save_workbook

from kith.analytics.returns.annex_a_reading import Report
from kith.analytics.returns.faults import KINDS, Fault
from kith.typed.tables import safe_cell

Row = Sequence[Any]
FIRST_SHEET = "To mend"
TO_MEND = ("What is wrong", "Where", "Family", "What the return says meanwhile", "What to do")
NOTHING_TO_MEND = "Nothing to mend was found."
DAY = "DD/MM/YYYY"
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "xml": "application/xml",
}
WIDEST, NARROWEST = 44, 14


def to_mend(faults: Iterable[Fault]) -> list[tuple[str, ...]]:
    """Return what is to be mended as rows, without the heading."""
    rows: list[tuple[str, ...]] = []
    for fault in faults:
        kind = KINDS[fault.kind]
        rows.append((kind.name, fault.what, fault.family, kind.meanwhile, kind.mend))
    return rows or [(NOTHING_TO_MEND, "", "", "", "")]


def workbook(
    columns: Mapping[str, Sequence[str]],
    tables: Mapping[str, Iterable[Row]],
    faults: Sequence[Fault],
    *,
    done: Callable[[str, int], None],
) -> bytes:
    """Return a workbook with a sheet for each table. `done` hears how many rows each has."""
    book = Workbook(write_only=True)
    _sheet(book, FIRST_SHEET, TO_MEND, to_mend(faults))
    for name, rows in tables.items():
        done(name, _sheet(book, name, columns[name], rows))
    file = io.BytesIO()
    save_workbook(book, file)
    return file.getvalue()


def _sheet(book: Any, name: str, heading: Sequence[str], rows: Iterable[Row]) -> int:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for number, title in enumerate(heading):
        letter = chr(ord("A") + number)
        sheet.column_dimensions[letter].width = max(NARROWEST, min(WIDEST, len(title) + 2))
    titles = []
    for title in heading:
        cell = WriteOnlyCell(sheet, title)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        titles.append(cell)
    sheet.append(titles)
    count = 0
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    return count


def _cell(sheet: Any, value: Any) -> Any:
    match value:
        case datetime() | date():
            cell = WriteOnlyCell(sheet, value)
            cell.number_format = DAY
            return cell
        case str() if value[:1] == "=":
            # Words, and never a formula.
            cell = WriteOnlyCell(sheet, _legal(value))
            cell.data_type = "s"
            return cell
        case str():
            return _legal(value)
        case _:
            return value


def _legal(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def csv_files(
    columns: Mapping[str, Sequence[str]],
    tables: Mapping[str, Iterable[Row]],
    faults: Sequence[Fault],
    *,
    done: Callable[[str, int], None],
) -> bytes:
    """Return a ZIP with a CSV file for each table. `done` hears how many rows each has."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _csv(archive, "to_mend", TO_MEND, to_mend(faults))
        for name, rows in tables.items():
            done(name, _csv(archive, name, columns[name], rows))
    return file.getvalue()


def _csv(archive: zipfile.ZipFile, name: str, heading: Sequence[str], rows: Iterable[Row]) -> int:
    count = 0
    with (
        archive.open(f"{name}.csv", "w") as raw,
        io.TextIOWrapper(raw, encoding="utf-8", newline="") as text,
    ):
        writer = csv.writer(text)
        writer.writerow(heading)
        for row in rows:
            writer.writerow([_text(value) for value in row])
            count += 1
    return count


def _text(value: Any) -> Any:
    match value:
        case None:
            return ""
        case datetime() | date():
            return value.isoformat()
        case str():
            return safe_cell(value)
        case _:
            return value


REPORT = ("Sheet", "Row", "Column", "Found", "Allowed, or taken for", "What it is", "How often")


def report_lines(report: Report) -> list[tuple[str, ...]]:
    """Return all that a report of a workbook says, as lines for a CSV file."""
    lines: list[tuple[str, ...]] = [REPORT]
    for what, findings in (("heading", report.headings), ("wrong", report.wrong)):
        lines += [
            (one.sheet, str(one.row), one.column, one.found, one.allowed, what, "1")
            for one in findings
        ]
    lines += [
        (sheet, "", column, was.found, was.means, "understood", str(count))
        for (sheet, column, was), count in report.understood.items()
    ]
    lines += [(sheet, "", "", "", "", "not read: not a list", "1") for sheet in report.not_read]
    return [tuple(safe_cell(cell) for cell in line) for line in lines]
