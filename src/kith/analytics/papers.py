"""What a committee paper holds: its words, to be searched, and how many pages.

Files come from people, and some are broken or made to harm. So they are read in a process of their own,
with a limit of time and of memory: `read_apart`.
"""

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from kith.analytics.bounded import limit_memory, run_apart

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
SHEETS = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
)
CSV = "text/csv"
MOST_WORDS = 2_000_000  # letters that are kept of one paper
MOST_LINES, MOST_COLUMNS = 40, 12  # of a spreadsheet that is shown as a table beside its file
FEWEST = 20  # letters a page: with fewer, on the whole, its pages are pictures


@dataclass(frozen=True)
class Held:
    """What was found in a file. `state` is read, scanned, locked or broken."""

    state: str
    text: str = ""
    pages: int | None = None
    table: list[list[str]] = field(default_factory=list)  # the first sheet, if it is a small one


def read(content: bytes, mime: str) -> Held:
    """Return the words of a file and how many pages it has; never raises for what a file holds."""
    try:
        if mime == PDF:
            return _pdf(content)
        if mime == WORD:
            return Held("read", "\n".join(_word(content))[:MOST_WORDS])
        if mime == ODT:
            return Held("read", _open_document(content)[:MOST_WORDS])
        if mime in SHEETS:
            return _spreadsheet(content)
        if mime == CSV:
            return _separated(content)
        if mime == "text/plain":
            return Held("read", content.decode("utf-8", "replace")[:MOST_WORDS])
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except Exception:  # whatever a reader trips over, the file is broken for us
        return Held("broken")
    return Held("scanned")


def _pdf(content: bytes) -> Held:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        return Held("locked")
    pages: list[str] = []
    for page in reader.pages:
        pages.append(page.extract_text() or "")
        if sum(map(len, pages)) > MOST_WORDS:
            break
    many = len(reader.pages)
    text = "\n\f".join(pages).replace("\0", " ")[:MOST_WORDS]
    return Held("read" if len(text) >= FEWEST * len(pages) else "scanned", text, many)


def _word(content: bytes) -> Iterator[str]:
    from docx import Document

    document = Document(io.BytesIO(content))
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield " | ".join(cell.text for cell in row.cells)
        else:
            yield block.text


def _open_document(content: bytes) -> str:
    import zipfile

    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if archive.getinfo("content.xml").file_size > 50_000_000:
            return ""
        body = archive.read("content.xml")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(body, parser)
    return "\n".join("".join(one.itertext()) for one in root.iter("{*}p", "{*}h"))


def _spreadsheet(content: bytes) -> Held:
    """Read what the cells showed when it was saved. Formulas are never run."""
    from python_calamine import load_workbook

    book = load_workbook(io.BytesIO(content))
    lines: list[str] = []
    first: list[list[str]] = []
    for number, name in enumerate(book.sheet_names):
        sheet = book.get_sheet_by_name(name).to_python()
        rows = [row for row in ([_cell(cell) for cell in row] for row in sheet) if any(row)]
        first = rows if number == 0 else first
        lines += [name, *(" | ".join(filter(None, row)) for row in rows)]
    return Held("read", "\n".join(lines)[:MOST_WORDS], None, _to_show(first))


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.10g}"
    return str(value).strip()


def _separated(content: bytes) -> Held:
    import csv

    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    text = text[:MOST_WORDS]
    begins = text.split("\n", 1)[0]
    sign = max((",", ";", "\t", "|"), key=begins.count)
    read = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    rows = [row for row in ([cell.strip() for cell in row] for row in read) if any(row)]
    return Held("read", "\n".join(" | ".join(row) for row in rows), None, _to_show(rows))


def _to_show(rows: list[list[str]]) -> list[list[str]]:
    """Return a table that a page can show; nothing of one that is too large for it."""
    wide = max(map(len, rows), default=0)
    if len(rows) < 2 or len(rows) > MOST_LINES or wide > MOST_COLUMNS:
        return []
    return [[cell[:200] for cell in row] + [""] * (wide - len(row)) for row in rows]


def read_apart(content: bytes, mime: str, *, seconds: float) -> Held | None:
    """Read a file in a process of its own; None where it takes longer, `broken` where it takes too much."""
    told = run_apart("kith.analytics.papers", mime, data=content, seconds=seconds)
    if not told:
        return None if told is None else Held("broken")
    return Held(**json.loads(told))


def main() -> None:
    """Read a file from standard input, within limits, and write what it holds as JSON."""
    limit_memory()
    held = read(sys.stdin.buffer.read(), sys.argv[1])
    sys.stdout.write(json.dumps(asdict(held)))


if __name__ == "__main__":
    main()
