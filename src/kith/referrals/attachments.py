"""What may be sent with a request: decided by what a file holds, not by what it is called."""

import io
import re
import zipfile
from pathlib import PurePosixPath

import filetype

MOST_FILES = 5
MOST_BYTES = 10 * 1024 * 1024
MOST_BYTES_TOGETHER = 20 * 1024 * 1024
ACCEPTED = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain",
}
KINDS = "PDF, PNG, JPEG, Word (DOCX), OpenDocument (ODT) or plain text (TXT)"
SHEETS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
}
KINDS_OF_SHEETS = f"{KINDS}, or a spreadsheet (XLSX, ODS, CSV)"


class NotAccepted(ValueError):
    """A file cannot be taken. The message says why and what to do."""


def check_file(
    name: str, content: bytes, *, most: int = MOST_BYTES, sheets: bool = False
) -> tuple[str, str]:
    """Return a safe name for a file and what it really is. Raises NotAccepted.

    The name's ending must be that of what the file holds, so that whoever opens it meets what
    they expect. Spreadsheets are taken with `sheets` alone.
    """
    accepted = ACCEPTED | SHEETS if sheets else ACCEPTED
    kinds = KINDS_OF_SHEETS if sheets else KINDS
    if not content:
        raise NotAccepted("The file is empty. Choose another file")
    if len(content) > most:
        # How large it is, nobody knows: no more is read than shows that it is too large.
        raise NotAccepted(
            f"The file is too large. Choose one of {most // 1024**2} MB or less, or take a "
            "photograph of fewer pages"
        )
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")
    ending = {"jpeg": "jpg", "text": "txt"}.get(ending, ending)
    found = _what_it_is(content)
    if sheets and ending == "csv" and (found == "txt" or (not found and _is_western(content))):
        found = "csv"
    if found not in accepted:
        raise NotAccepted(f"We cannot take this kind of file. Save it as {kinds}, and try again")
    if ending != found:
        raise NotAccepted(
            f"The file’s name should end in .{found}, which is what it holds. Rename it, or save it "
            f"again as {kinds}"
        )
    return _safe_name(name, found), accepted[found]


def _what_it_is(content: bytes) -> str:
    guess = filetype.guess_extension(content[:8192])
    if guess in ("pdf", "png", "jpg"):
        return str(guess)
    if content[:4] == b"PK\x03\x04":
        return _what_archive(content)
    if guess is None and _is_text(content):
        return "txt"
    return ""


def _what_archive(content: bytes) -> str:
    """Tell texts and spreadsheets from any other archive. Nothing is unpacked but a few bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if any("vbaproject" in name.lower() for name in names):
                return ""  # holds a program
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return "docx"
            if {"[Content_Types].xml", "xl/workbook.xml"} <= names:
                return "xlsx"
            if "mimetype" in names:
                with archive.open("mimetype") as kind:
                    said = kind.read(100).decode("ascii", "replace").strip()
                for found in ("odt", "ods"):
                    if said == (ACCEPTED | SHEETS)[found]:
                        return "" if any(n.startswith("Basic/") for n in names) else found
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return ""
    return ""


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_western(content: bytes) -> bool:
    """Say whether it is text as older spreadsheet programs write it, and not what any bytes may be."""
    known = filetype.guess_extension(content[:8192])
    return known is None and b"\0" not in content and content[:2] not in (b"PK", b"\xd0\xcf")


def _safe_name(name: str, ending: str) -> str:
    """Return a file's name in letters, digits, spaces and hyphens, as short as a name should be."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    stem = re.sub(r"[^\w\s.()-]+", "", stem, flags=re.UNICODE)
    stem = re.sub(r"\s+", " ", stem).strip(" .") or "file"
    return f"{stem[:100]}.{ending}"
