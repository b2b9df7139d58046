"""What a committee paper holds: its words, to be searched, and how many pages.

Files come from people, and some are broken or made to harm. So they are read in a process of their own,
with a limit of time and of memory: `read_apart`.
"""

import contextlib
import io
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
MOST_MEMORY = 2 * 1024**3  # bytes that the reader may take
MOST_WORDS = 2_000_000  # letters that are kept of one paper
FEWEST = 20  # letters a page: with fewer, on the whole, its pages are pictures


@dataclass(frozen=True)
class Held:
    """What was found in a file. `state` is read, scanned, locked or broken."""

    state: str
    text: str = ""
    pages: int | None = None


def read(content: bytes, mime: str) -> Held:
    """Return the words of a file and how many pages it has; never raises for what a file holds."""
    try:
        if mime == PDF:
            return _pdf(content)
        if mime == WORD:
            return Held("read", "\n".join(_word(content))[:MOST_WORDS])
        if mime == ODT:
            return Held("read", _open_document(content)[:MOST_WORDS])
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


def read_apart(content: bytes, mime: str, *, seconds: float) -> Held | None:
    """Read a file in a process of its own; None where it takes longer, `broken` where it takes too much."""
    command = [sys.executable, "-m", "kith.analytics.papers", mime]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        return Held("broken")
    return Held(**json.loads(done.stdout))


def main() -> None:
    """Read a file from standard input, within limits, and write what it holds as JSON."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    held = read(sys.stdin.buffer.read(), sys.argv[1])
    sys.stdout.write(json.dumps(asdict(held)))


if __name__ == "__main__":
    main()
