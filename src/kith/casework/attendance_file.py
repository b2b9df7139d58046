"""Attendance and exclusions from a file: every row is read, and every wrong one reported."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

COLUMNS = (
    *("case", "given names", "family name", "kind", "from", "to", "possible", "attended"),
    *("authorised", "unauthorised", "sessions", "source"),
)
KINDS = {
    "attendance": "attendance",
    "suspension": "suspension",
    "permanent exclusion": "permanent",
    "permanent": "permanent",
}
MOST_BYTES, MOST_ROWS = 1_000_000, 2_000
DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y")


class FileUnreadable(ValueError):
    """Nothing can be made of the file. The message says why, and what to do."""


@dataclass
class FileRow:
    """One line of the file: what it says, and what is wrong with it."""

    number: int
    cells: dict[str, str]
    kind: str = ""
    reference: str = ""
    name: tuple[str, str] = ("", "")
    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read(content: bytes) -> list[FileRow]:
    """Return the rows of a CSV file, each understood as far as it can be. Raises FileUnreadable."""
    if len(content) > MOST_BYTES:
        raise FileUnreadable("The file is larger than 1 MB. Send it in parts.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    text = text.replace("\0", "")
    try:
        delimiter = (
            ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
        )
        lines = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise FileUnreadable(
            "This is no CSV file. Save the table as CSV (comma separated) and choose that."
        ) from error
    lines = [[cell.strip() for cell in line] for line in lines]
    if not any(any(line) for line in lines):
        raise FileUnreadable("The file is empty.")
    heading = [" ".join(cell.lower().replace("_", " ").split()) for cell in lines[0]]
    missing = [name for name in COLUMNS if name not in heading and name != "sessions"]
    if missing:
        raise FileUnreadable(
            f"The first line must name the columns. Missing: {', '.join(missing)}. Download the "
            "empty file and fill it in."
        )
    rows = [
        _row(number, dict(zip(heading, line, strict=False)), len(line) > len(heading))
        for number, line in enumerate(lines[1:], start=2)
        if any(line)
    ]
    if not rows:
        raise FileUnreadable("The file has a first line and nothing else.")
    if len(rows) > MOST_ROWS:
        raise FileUnreadable(f"The file has more than {MOST_ROWS:,} rows. Send it in parts.")
    return rows


def _row(number: int, cells: dict[str, str], too_long: bool) -> FileRow:
    row = FileRow(number, cells)
    row.problems += _problems(row)
    if too_long:
        row.problems.append("There are more cells than columns: is a comma in one of them?")
    return row


def _problems(row: FileRow) -> Iterator[str]:
    cells = row.cells
    row.reference = cells.get("case", "").upper()
    if not row.reference:
        yield "No case: write its number, such as C-2026-004217."
    row.name = (cells.get("given names", ""), cells.get("family name", ""))
    if not all(row.name):
        yield "The child's given names and family name are both needed."
    row.kind = KINDS.get(cells.get("kind", "").lower(), "")
    if not row.kind:
        said = cells.get("kind", "")
        wrong = f"Kind is “{said}”" if said else "No kind"
        yield f"{wrong}: write attendance, suspension or permanent exclusion."
    row.facts["source"] = cells.get("source", "")
    if not row.facts["source"]:
        yield "No source: write which school or list it is from."
    for name in ("from", "to") if row.kind == "attendance" else ("from",):
        row.facts[name] = _day(cells.get(name, ""))
        if row.facts[name] is None:
            said = cells.get(name, "")
            wrong = f"“{said}” under “{name}” is no day" if said else f"No day under “{name}”"
            yield f"{wrong}: write it like 27/11/2026."
    numbers = {
        "attendance": ("possible", "attended", "authorised", "unauthorised"),
        "suspension": ("sessions",),
    }
    for name in numbers.get(row.kind, ()):
        said = cells.get(name, "")
        if said.isdecimal() and len(said) < 6:
            row.facts[name] = int(said)
        else:
            row.facts[name] = None
            wrong = f"“{said}” under “{name}” is" if said else f"Under “{name}” is"
            yield f"{wrong} no whole number."


def _day(said: str) -> date | None:
    for form in DAYS:
        try:
            found = datetime.strptime(said, form).date()
        except ValueError:
            continue
        return found if found.year >= 1990 else None
    return None


def empty_file() -> str:
    """Return a file with its columns and two lines to show how it is filled in."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerow(
        ["C-2026-000001", "Ada", "Example", "attendance", "01/09/2026", "23/10/2026", 76, 60, 10, 6,
         "", "Orchard School"]
    )  # fmt: skip
    writer.writerow(
        ["C-2026-000001", "Ada", "Example", "suspension", "12/10/2026", "", "", "", "", "", 4,
         "Orchard School"]
    )  # fmt: skip
    return out.getvalue()
