"""PDF files: the lines of their text, with page and line."""

import io
import logging

import pypdf

from kith.analytics.minutes.formats import CannotRead
from kith.analytics.minutes.lines import Document, Line, of_text, without_repeats

MOST_PAGES = 1500


def of_pdf(data: bytes, name: str) -> Document:
    """Return a PDF's lines. A line's number counts through the whole text; its page is told beside it."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise CannotRead(
                f"{name} has a password. Open it, save a copy without one (print to PDF does), and send that."
            )
        count = len(reader.pages)
    except CannotRead:
        raise
    except Exception as problem:  # pypdf raises whatever a damaged file makes it raise
        raise CannotRead(
            f"{name} is a damaged PDF and cannot be opened. Save it again and send it once more."
        ) from problem
    if count > MOST_PAGES:
        raise CannotRead(
            f"{name} has {count:,} pages, and at most {MOST_PAGES:,} are read. Send the minutes without the papers."
        )
    document = Document([], name, "pdf")
    number, empty = 0, []
    lines: list[Line] = []
    for page, sheet in enumerate(reader.pages, 1):
        try:
            text = sheet.extract_text() or ""
        except Exception:
            document.warn(number or None, "page", f"Page {page} is damaged and was left out.")
            continue
        if not text.strip():
            empty.append(page)
            continue
        rows = text.count("\n") + 1
        lines.extend(_moved(line, number, page) for line in of_text(text.replace("\f", " ")))
        number += rows
    if not lines:
        raise CannotRead(
            f"{name} is a scanned PDF: it holds pictures of {count} page{'s' if count > 1 else ''} and no text. "
            "Run text recognition over it (OCR, as Acrobat or ocrmypdf do), check the result, and send that."
        )
    for page in empty:
        document.warn(
            None,
            "page",
            f"Page {page} has no text: it is empty, or a scanned picture that must be read by a person.",
        )
    document.lines = without_repeats(lines)
    return document


def _moved(line: Line, by: int, page: int) -> Line:
    return Line(
        line.text,
        line.number + by,
        page,
        line.role,
        line.item,
        line.blank_before,
        line.indent,
        line.strong,
        line.printed,
    )
