"""Word files. A line's number is the number of its paragraph, rows of tables included."""

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from kith.analytics.minutes.formats import CannotRead
from kith.analytics.minutes.lines import Document, Line, collapse, plain


def of_docx(data: bytes, name: str) -> Document:
    """Return a Word file's paragraphs, with the numbers that Word itself puts before them."""
    try:
        file = docx.Document(io.BytesIO(data))
        numbers = _Numbers(file)
        document = Document([], name, "docx")
        blank = 0
        for at, block in enumerate(_blocks(file), 1):
            for line in _lines(block, at, blank, numbers):
                document.lines.append(line)
            blank = blank + 1 if isinstance(block, Paragraph) and not block.text.strip() else 0
    except CannotRead:
        raise
    except Exception as problem:  # python-docx raises whatever a damaged part makes it raise
        raise CannotRead(
            f"{name} is a damaged Word file. Open it in Word, save it again, and send that."
        ) from problem
    if not document.lines:
        raise CannotRead(
            f"{name} has no text in it: it may be a picture of a page. Send a file with text."
        )
    return document


def _blocks(file: Any) -> Iterator[Any]:
    for part in file.sections[:1]:
        for paragraph in part.header.paragraphs:
            if paragraph.text.strip():
                yield paragraph
    for block in file.iter_inner_content():
        if isinstance(block, Table):
            yield from block.rows
        else:
            yield block


def _lines(block: Any, at: int, blank: int, numbers: "_Numbers") -> Iterator[Line]:
    if not isinstance(block, Paragraph):
        seen: list[str] = []
        for cell in block.cells:
            if cell._tc in seen:
                continue  # merged cells come more than once
            seen.append(cell._tc)
            for paragraph in cell.paragraphs:
                shown = collapse(paragraph.text)
                if shown:
                    yield Line(
                        numbers.before(paragraph) + shown,
                        at,
                        role="cell",
                        strong=_is_bold(paragraph),
                        printed=shown,
                    )
        return
    number = numbers.before(block)
    style = (block.style.name if block.style is not None else "") or ""
    parts = [part for part in re.split(r"[\n\v]+", block.text) if part.strip()]
    for place, part in enumerate(parts):
        shown = plain(part)
        if not shown:
            continue
        bullet = re.match(r"^[-–•·▪]\s+(?=\S)", shown)
        role = (
            "bullet"
            if number == "•" or bullet
            else "heading"
            if style.startswith(("Heading", "Title"))
            else ""
        )
        shown = shown[bullet.end() :] if bullet else shown
        text = f"{number} {shown}" if place == 0 and number and number != "•" else shown
        yield Line(
            text,
            at,
            role=role,
            strong=_is_bold(block) or role == "heading",
            blank_before=blank + 1 if place == 0 else 0,
            printed=f"{number} {part.strip()}" if place == 0 and number != "•" else part.strip(),
        )


def _is_bold(paragraph: Paragraph) -> bool:
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.bold for run in runs)


class _Numbers:
    """Word counts its lists when it shows them; the numbers are not in the text, and are counted here."""

    def __init__(self, file: Any) -> None:
        self.counts: dict[tuple[str, int], int] = {}
        self.levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self.lists: dict[str, str] = {}
        try:
            root = file.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        for abstract in root.iter(qn("w:abstractNum")):
            key = abstract.get(qn("w:abstractNumId"))
            for level in abstract.iter(qn("w:lvl")):
                form, text, start = (
                    level.find(qn(f"w:{part}")) for part in ("numFmt", "lvlText", "start")
                )
                self.levels[key, int(level.get(qn("w:ilvl")) or 0)] = (
                    form.get(qn("w:val")) if form is not None else "decimal",
                    text.get(qn("w:val")) if text is not None else "%1.",
                    int(start.get(qn("w:val"))) if start is not None else 1,
                )
        for one in root.iter(qn("w:num")):
            abstract = one.find(qn("w:abstractNumId"))
            if abstract is not None:
                self.lists[one.get(qn("w:numId"))] = abstract.get(qn("w:val"))

    def before(self, paragraph: Paragraph) -> str:
        """Return what Word shows before a paragraph: "3.", "•", or nothing."""
        found = self._place(paragraph)
        if found is None:
            return ""
        key, level = found
        form, text, start = self.levels.get((key, level), ("bullet", "", 1))
        if form == "bullet":
            return "•"
        self.counts[key, level] = self.counts.get((key, level), start - 1) + 1
        for deeper in [place for place in self.counts if place[0] == key and place[1] > level]:
            del self.counts[deeper]
        shown = text
        for at in range(level + 1):
            own, _, first = self.levels.get((key, at), ("decimal", "", 1))
            shown = shown.replace(f"%{at + 1}", _written(self.counts.get((key, at), first), own))
        return shown.strip()

    def _place(self, paragraph: Paragraph) -> tuple[str, int] | None:
        element: Any = paragraph._p.pPr.numPr if paragraph._p.pPr is not None else None
        style = paragraph.style
        while element is None and style is not None:
            properties = style.element.pPr
            element = properties.numPr if properties is not None else None
            style = style.base_style
        if element is None or element.numId is None:
            return None
        key = self.lists.get(str(element.numId.val))
        if key is None:
            return None
        return key, element.ilvl.val if element.ilvl is not None else 0


def _written(number: int, form: str) -> str:
    if form == "lowerLetter":
        return chr(96 + (number - 1) % 26 + 1)
    if form == "upperLetter":
        return chr(64 + (number - 1) % 26 + 1)
    if form in ("lowerRoman", "upperRoman"):
        shown, left = "", number
        for value, letters in ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
            while left >= value:
                shown, left = shown + letters, left - value
        return shown.upper() if form == "upperRoman" else shown
    if form == "none":
        return ""
    return str(number)
