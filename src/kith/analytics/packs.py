"""One document of many: a committee's reports pack, with contents, bookmarks and a page before each part.

Plain Python over PDF files. A file that cannot be put in is told as a page that says so, and stops nothing.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

MOST_PAGES = 5_000


@dataclass(frozen=True)
class Part:
    """A part of the pack: its heading, how deep it stands (0 or 1), and its pages as PDF."""

    heading: str
    level: int
    pdf: bytes


@dataclass(frozen=True)
class Line:
    """A line of the contents: where a part begins, counted from 1."""

    heading: str
    level: int
    page: int


@dataclass(frozen=True)
class Pack:
    """The document, how many pages it has, and the parts that could not be put in."""

    pdf: bytes
    pages: int
    left_out: tuple[str, ...]


def put_together(
    front: bytes,
    parts: Sequence[Part],
    *,
    contents: Callable[[Sequence[Line]], bytes],
    instead: Callable[[str], bytes],
    title: str,
    stamp: bytes = b"",
) -> Pack:
    """Return the pack: the front, the contents, then each part with a bookmark. `stamp` is a page that is laid
    over each of its pages.

    `contents` makes the page of contents of its lines, `instead` the page that stands for a part that could not
    be put in. The contents are made twice: their own length moves what follows.
    """
    left_out: list[str] = []
    read: list[tuple[Part, PdfReader]] = []
    together = 0
    for part in parts:
        reader = _read(part.pdf)
        if reader is None or together + len(reader.pages) > MOST_PAGES:
            left_out.append(part.heading)
            reader = PdfReader(io.BytesIO(instead(part.heading)))
        together += len(reader.pages)
        read.append((part, reader))
    first = PdfReader(io.BytesIO(front))
    length = len(PdfReader(io.BytesIO(contents(_lines(read, len(first.pages) + 1)))).pages)
    lines = _lines(read, len(first.pages) + length)
    writer = PdfWriter()
    writer.append(first, import_outline=False)
    writer.append(PdfReader(io.BytesIO(contents(lines))), import_outline=False)
    above = None
    for (part, reader), line in zip(read, lines, strict=True):
        writer.append(reader, import_outline=False)
        mark = writer.add_outline_item(
            title=part.heading,
            page_number=line.page - 1,
            parent=above if part.level else None,
        )
        above = above if part.level else mark
    if stamp:
        laid = PdfReader(io.BytesIO(stamp)).pages[0]
        for page in writer.pages:
            page.merge_page(laid)
    writer.add_metadata({"/Title": title})
    pages = len(writer.pages)
    out = io.BytesIO()
    writer.write(out)
    return Pack(out.getvalue(), pages, tuple(left_out))


def _read(pdf: bytes) -> PdfReader | None:
    """Return a reader of a file whose pages can all be reached; None of one that is locked or broken."""
    try:
        reader = PdfReader(io.BytesIO(pdf))
        if reader.is_encrypted and not reader.decrypt(""):
            return None
        for page in reader.pages:
            page.mediabox  # noqa: B018 - reading it is the test
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return reader


def _lines(read: Sequence[tuple[Part, PdfReader]], before: int) -> list[Line]:
    lines, page = [], before + 1
    for part, reader in read:
        lines.append(Line(part.heading, part.level, page))
        page += len(reader.pages)
    return lines
