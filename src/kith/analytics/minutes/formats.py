"""What was handed over, whatever it is, as lines: text, HTML, ModernGov's XML, Word, PDF."""

import io
import re
import zipfile
from pathlib import PurePath

from kith.analytics.minutes.items import parted
from kith.analytics.minutes.lines import Document, cut, of_text

LARGEST = 30_000_000  # bytes of a file
LARGEST_UNPACKED = 200_000_000  # bytes of a Word file's parts together
LONGEST_TEXT = 5_000_000  # letters


class CannotRead(Exception):
    """A file that gives nothing to read. The message says what to do about it."""


def open_document(data: bytes, name: str) -> Document:
    """Return the lines of a file. Raises CannotRead with a sentence for whoever sent it."""
    document = _opened(data, name)
    document.lines = cut(parted(document.lines))
    return document


def _opened(data: bytes, name: str) -> Document:
    if len(data) > LARGEST:
        raise CannotRead(
            f"{name} has {len(data) / 1e6:.0f} MB, and at most {LARGEST / 1e6:.0f} MB are read. "
            "Send the minutes by themselves, without the papers."
        )
    if not data.strip(b"\0 \t\r\n"):
        raise CannotRead(f"{name} is empty. Save it again and send it once more.")
    if data[:1024].lstrip().startswith(b"%PDF"):
        from kith.analytics.minutes.pdf import of_pdf

        return of_pdf(data, name)
    if data.startswith(b"PK\x03\x04"):
        return _of_zip(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise CannotRead(
            f"{name} is in the old format of Word or Excel (.doc, .xls), or has a password. Open it, save it as "
            ".docx or as a PDF without a password, and send that."
        )
    text = decoded(data, name)
    head = text[:3000].lstrip("\ufeff \t\r\n").lower()
    if re.match(
        r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!doctype\s+(?!html)[^>]*(?:\[.*?\]\s*)?>\s*)*<(?:meeting|soap:|string|getmeeting|meetings)\b",
        head,
        re.DOTALL,
    ) or (
        head.startswith("<?xml")
        and "<html" not in head
        and not re.search(r"<!doctype\s+html", head)
    ):
        from kith.analytics.minutes.webservice import of_xml

        return of_xml(text, name)
    if _is_page(text, head):
        from kith.analytics.minutes.page import of_html

        return of_html(text, name)
    return Document(of_text(text), name, "text")


def _is_page(text: str, head: str) -> bool:
    """Say whether a text is a web page: marked as one, or with tags at the head of most lines."""
    if re.search(r"<!doctype\s+html|<html\b|<body\b|<head\b", head):
        return True
    rows = [row.strip() for row in text[:200_000].split("\n") if row.strip()]
    tagged = sum(bool(re.match(r"</?[a-zA-Z][^>]*>", row)) for row in rows)
    opens = ("<p", "<div", "<h1", "<h2", "<table", "<section", "<article", "<main")
    return bool(rows) and (tagged > len(rows) * 0.4 or rows[0].lower().startswith(opens))


def decoded(data: bytes, name: str) -> str:
    """Return a text file's letters: UTF-8, UTF-16 with its mark, or Windows' western letters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    odd = sum(1 for one in text[:20_000] if ord(one) < 32 and one not in "\t\r\n\f\v\x1b")
    if odd > len(text[:20_000]) * 0.02 and odd > 5:
        raise CannotRead(
            f"{name} is no text, Word file, PDF or web page. Save the minutes as one of these and send that."
        )
    if len(text) > LONGEST_TEXT:
        raise CannotRead(
            f"{name} has {len(text):,} letters, and at most {LONGEST_TEXT:,} are read. Send one meeting at a time."
        )
    return text.replace("\0", " ")


def _of_zip(data: bytes, name: str) -> Document:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            names = set(pack.namelist())
            unpacked = sum(part.file_size for part in pack.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as problem:
        raise CannotRead(
            f"{name} is damaged and cannot be opened. Save it again and send it once more."
        ) from problem
    if "word/document.xml" not in names:
        kind = "a spreadsheet" if any(one.startswith("xl/") for one in names) else "no Word file"
        raise CannotRead(
            f"{name} is {kind}. Save the minutes as .docx, PDF, HTML or text and send that."
        )
    if unpacked > LARGEST_UNPACKED:
        raise CannotRead(
            f"{name} unpacks to {unpacked / 1e6:.0f} MB, more than is read. Send the minutes without pictures."
        )
    from kith.analytics.minutes.word import of_docx

    return of_docx(data, name)


def short(name: str) -> str:
    return PurePath(name).name
