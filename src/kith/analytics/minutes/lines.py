"""The lines of a document, whatever it was written in, and where each stands."""

import html
import re
from dataclasses import dataclass, field, replace

_BLANKS = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u2060\ufeff\u3000]+")
_BULLET = re.compile(r"^(?:[-–—•·▪●○◦➢►✓\uf0b7\uf0a7\uf02d]|\*(?!\*|\d)|o(?=\s{2,}))\s+(?=\S)")
_BULLET_ALONE = re.compile(r"^[-–—•·▪●○◦*\uf0b7\uf0a7o]$")
_FURNITURE = re.compile(
    r"^(?:-+\s*)?(?:page\s*)?(?:\d{1,4}|[ivx]+)(?:\s*of\s*\d{1,4})?(?:\s*-+)?$|^page\s*\d+\s*/\s*\d+$"
    r"|^page\s*\d+\b.{0,20}$|^\(?image omitted\)?$|^\[image[^\]]*\]$",
    re.IGNORECASE,
)
LABELS = re.compile(
    r"^(?:Minutes|Decisions?|Additional documents|Supporting documents|Recommendations?"
    r"|Reasons? for decision|Alternative options[\w\s]*)\s*:$",
    re.IGNORECASE,
)
_SHARE = re.compile(r"^(?:Share this item|View directions|Skip to (?:main )?content)$")
_PDF_SIZE = re.compile(r"\s*(?:\bpdf icon\s*)?\b(?:PDF|DOCX?)\s+[\d.,]+\s?[KM]B\b", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One line. `item` is the number that the document's own structure gives ("" where none)."""

    text: str
    number: int
    page: int | None = None
    role: str = ""  # heading, item, label, bullet, meta, cell, title
    item: str | None = None
    blank_before: int = 0
    indent: int = 0
    strong: bool = False
    printed: str = ""  # as it stood, with its runs of spaces


@dataclass
class Document:
    """A document's lines, and what was said about it on the way."""

    lines: list[Line]
    name: str
    kind: str  # text, html, xml, docx, pdf
    warnings: list[dict[str, object]] = field(default_factory=list)
    attendees: list[dict[str, str]] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    restricted: set[int] = field(default_factory=set)

    def warn(self, line: int | None, kind: str, text: str) -> None:
        self.warnings.append({"line": line, "kind": kind, "text": text})


def collapse(text: str) -> str:
    """Return a text with each run of white space, of any kind, as one space."""
    return _BLANKS.sub(" ", text).strip()


def without_sizes(text: str) -> str:
    """Return a title without the "PDF 283 KB" that a link to its paper left in it."""
    return _PDF_SIZE.sub("", text).strip()


def is_furniture(text: str) -> bool:
    """Say whether a line is a page's number or a picture's place, and nothing anybody said."""
    return bool(_FURNITURE.match(text))


def of_text(text: str, *, markdown: bool = False) -> list[Line]:
    """Return the lines of plain text or Markdown; the numbers are those of the file."""
    rows = re.split(r"\r\n|\r|\n", text)
    lines: list[Line] = []
    blank, page = 0, 1
    paged = "\f" in text
    front = _front_matter(rows)
    for number, raw in enumerate(rows, 1):
        page += raw.count("\f")
        raw = raw.replace("\f", "")
        if number <= front:
            shown = collapse(raw)
            if shown.strip("-"):
                lines.append(Line(shown, number, role="meta", printed=raw))
            continue
        place = page if paged else None
        if not collapse(raw):
            blank += 1
            continue
        made = _of_row(raw, number, place, blank)
        if made is None:
            if lines and re.fullmatch(r"\s*=+\s*", raw):
                lines[-1] = replace(lines[-1], role="heading", strong=True)
            # What stood on either side of a page's number is never put together: the text does not have it so.
            blank = max(blank, 3)
            continue
        lines.extend(made)
        blank = 0
    return _joined_bullets(lines)


def _front_matter(rows: list[str]) -> int:
    """Return how many rows the front matter has that some sites put above the text."""
    if not rows or rows[0].strip().lstrip("\ufeff") != "---":
        return 0
    for at, row in enumerate(rows[1:80], 2):
        if row.strip() == "---":
            return at
    return 0


def _of_row(raw: str, number: int, page: int | None, blank: int) -> list[Line] | None:
    """Return the lines of one row; several for a row of a table, None for a rule."""
    if re.fullmatch(r"[\s|:=_+*-]*", raw) and not _BULLET_ALONE.match(raw.strip()):
        return None
    stripped = raw.strip()
    if re.match(r"<(?:table|tr|td|div|p|ul|ol)\b", stripped, re.IGNORECASE):
        opened = re.sub(r"<(?:ol|ul)\b[^>]*>", "</p>", stripped)
        parts = re.split(r"</(?:td|th|tr|p|div|li|h\d)>|<br\s*/?>", opened)
        shown_parts = [shown for part in parts if (shown := plain(part))]
        return [
            Line(part, number, page, "cell", blank_before=1, printed=part) for part in shown_parts
        ]
    if stripped.count("|") >= 1 and (
        stripped.startswith("|") or stripped.endswith("|") or " | " in stripped
    ):
        cells = [plain(cell) for cell in stripped.strip("|").split("|")]
        cells = [cell for cell in cells if cell and not re.fullmatch(r"[:\s-]*", cell)]
        return [
            Line(cell, number, page, "cell", blank_before=blank if at == 0 else 0, printed=cell)
            for at, cell in enumerate(cells)
        ] or None
    level = re.match(r"\s*(#{1,6})\s+", raw)
    body = raw[level.end() :] if level else raw
    indent = len(body) - len(body.lstrip(" \t\u00a0"))
    bare = body.strip(" \t\u00a0`>")
    strong = bool(re.fullmatch(r"(?:\*\*|__).+?(?:\*\*|__)[.:]?", bare)) and bare.count("**") <= 4
    bullet = _BULLET.match(_BLANKS.sub(" ", bare) if bare[:1] != "o" else bare)
    if bullet:
        bare = bare[bullet.end() :] if bare[:1] != "o" else bare[1:]
    shown = plain(bare)
    if _SHARE.match(shown):
        return None
    if LABELS.match(shown):
        return [Line(shown, number, page, "label", blank_before=blank, printed=shown)]
    if not shown or (is_furniture(shown) and not shown.isdigit()):
        return None
    role = "heading" if level else "bullet" if bullet else ""
    return [
        Line(
            *(shown, number, page, role),
            blank_before=blank,
            indent=indent,
            strong=strong or bool(level),
            printed=body.strip(),
        )
    ]


def plain(text: str) -> str:
    """Return Markdown's words without its marks; plain text stays as it is."""
    text = html.unescape(text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)", r"\1", text)
    text = re.sub(
        r"<br\s*/?>|</?(?:u|b|i|em|strong|span|p|div|table|tbody|thead|tr|td|th|ul|ol|li|sup|sub|font|h\d)\b[^<>]*>",
        " ",
        text,
    )
    text = re.sub(r"\*\*|__(?=\S)|(?<=\S)__", "", text)
    text = re.sub(r"(?<![\w*])\*(?=[^\s*\d])([^*\n]+?)\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<!\w)_(?=\S)([^_\n]+?)_(?!\w)", r"\1", text)
    text = re.sub(r"\\([.\-*_#()\[\]+&'\"!])", r"\1", text)
    return collapse(text).lstrip("`").strip()


def _joined_bullets(lines: list[Line]) -> list[Line]:
    """Return lines where a bullet that stood alone belongs to the line after it."""
    kept: list[Line] = []
    waiting = False
    for line in lines:
        if _BULLET_ALONE.match(line.text):
            waiting = True
            continue
        kept.append(replace(line, role="bullet") if waiting and not line.role else line)
        waiting = False
    return kept


LONGEST_LINE = 1_500  # letters; what is longer is read in pieces, so that no pattern takes for ever


def cut(lines: list[Line]) -> list[Line]:
    """Return lines where one of enormous length stands in pieces, cut behind a sentence or a word."""
    made: list[Line] = []
    for line in lines:
        text, first = line.text, True
        while len(text) > LONGEST_LINE * 2:
            at = max(text.rfind(". ", 0, LONGEST_LINE) + 1, 0) or text.rfind(" ", 0, LONGEST_LINE)
            at = at if at > 0 else LONGEST_LINE
            piece = text[:at].strip()
            if piece:
                made.append(
                    replace(
                        line,
                        text=piece,
                        printed=piece,
                        blank_before=line.blank_before if first else 0,
                    )
                )
            text, first = text[at:].strip(), False
        if first:
            made.append(line)
        elif text:
            made.append(
                replace(
                    line,
                    text=text,
                    printed=text,
                    blank_before=0,
                    role="" if line.role == "item" else line.role,
                )
            )
    return made


def without_repeats(lines: list[Line]) -> list[Line]:
    """Return a paged document's lines without what stands at the head or foot of most pages."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page or 0, []).append(line)
    if len(pages) < 3:
        return [
            line
            for line in lines
            if not (line.page and _at_edge(line, pages) and is_furniture(line.text))
        ]
    counts: dict[str, set[int]] = {}
    for page, on_page in pages.items():
        for line in on_page[:3] + on_page[-3:]:
            counts.setdefault(_shape(line.text), set()).add(page)
    usual = {shape for shape, on in counts.items() if len(on) >= max(3, len(pages) // 2)}
    first = min(pages)
    return [
        line
        for line in lines
        if not (
            _at_edge(line, pages)
            and (is_furniture(line.text) or (_shape(line.text) in usual and line.page != first))
        )
    ]


def _at_edge(line: Line, pages: dict[int, list[Line]]) -> bool:
    on_page = pages[line.page or 0]
    return line in on_page[:3] or line in on_page[-3:]


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text.lower())
