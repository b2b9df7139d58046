"""Web pages: ModernGov's own, and a council's page with its menus around the article."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import html as lxml_html
from lxml.etree import LxmlError

from kith.analytics.minutes.formats import CannotRead
from kith.analytics.minutes.lines import LABELS, Document, Line, collapse, without_sizes

_BLOCKS_TEXT = "address article aside blockquote body caption dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
_BLOCKS = set(_BLOCKS_TEXT.split())
_DROPPED_TEXT = "script style noscript template svg iframe object embed nav footer aside button select input textarea head img video audio canvas form map link meta"
_DROPPED = set(_DROPPED_TEXT.split())
_CHROME = re.compile(
    r"\b(?:nav|navbar|menu|breadcrumb\w*|sidebar|cookie\w*|footer|site-?header|skip-?link|social|share|search-?box|pagination|widget|masthead|banner)\b",
    re.IGNORECASE,
)
_NUMBER_CELL = re.compile(r"^\*?(?:[A-Z]{0,4}\s?\d{1,4}[A-Za-z]?(?:[/.-]\d{1,4}[A-Za-z]?)*)[.)]?$")
_MOST = 200_000  # elements


@dataclass
class _Walk:
    """What has been written down of a page so far."""

    document: Document
    lines: list[Line] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    at: int = 1
    role: str = ""
    strong: int = 0
    plain: int = 0
    pending: str | None = None  # the number of an item whose title comes next
    seen: int = 0

    def say(self, text: str | None, line: int) -> None:
        if not text or not text.strip():
            if text and self.words:
                self.words.append(" ")
            return
        if not "".join(self.words).strip():
            self.at = line + text[: len(text) - len(text.lstrip())].count("\n")
        self.words.append(text)
        if self.strong:
            self.strong += len(text.strip())
        else:
            self.plain += len(text.strip())

    def end(self) -> None:
        """The paragraph is over."""
        raw = "".join(self.words)
        text = collapse(raw)
        self.words = []
        bold = self.plain == 0
        self.plain = 0
        if not text:
            return
        role = self.role
        if LABELS.match(text):
            role = "label"
        bullet = re.match(r"^[-–•·▪o]\s+(?=\S)|^[•·▪]", text)
        if bullet and role in ("", "bullet"):
            role, text = "bullet", text[bullet.end() :]
        item = None
        if role == "title-of-item":
            role, item, text = "item", self.pending or "", without_sizes(text)
            self.pending = None
            if not text:
                return
        self.lines.append(
            Line(
                text,
                self.at,
                role=role,
                item=item,
                strong=bold and role not in ("item", "label"),
                blank_before=1,
                printed=raw.strip(),
            )
        )


def of_html(text: str, name: str) -> Document:
    """Return the lines of a page: of its article, where it has menus around it."""
    document = Document([], name, "html")
    text = re.sub(r"<\?xml[^>]*\?>", "", text, count=1).strip()
    try:
        root = lxml_html.document_fromstring(
            text,
            parser=lxml_html.HTMLParser(
                no_network=True,
                remove_comments=True,
                remove_pis=True,
                huge_tree=False,
                recover=True,
            ),
        )
    except (LxmlError, ValueError, AssertionError, TypeError) as problem:
        raise CannotRead(
            f"{name} is no web page that can be read. Save the page again, or copy its text into a file."
        ) from problem
    start = _article(root)
    walk = _Walk(document)
    title = root.find(".//title")
    if (
        title is not None
        and title.text_content()
        and not any(True for _ in _classed(root, "mgSubTitleTxt"))
    ):
        walk.lines.append(
            Line(f"title: {collapse(title.text_content())}", title.sourceline or 1, role="meta")
        )
    _walk_from(start, walk)
    document.lines = _numbered_lists(walk.lines)
    if not any(line.role != "meta" for line in document.lines):
        raise CannotRead(
            f"{name} is a web page in which no text was found: a script makes what it shows, or it is built in a way "
            "that cannot be followed. Open it, select all, and save the text."
        )
    return document


def _classed(root: Any, word: str) -> Iterator[Any]:
    for element in root.iter():
        if isinstance(element.tag, str) and word in (element.get("class") or ""):
            yield element


def _article(root: Any) -> Any:
    """Return the part of a page that holds the minutes."""
    for word in ("mgContent", "mgItemTable"):
        found = next(_classed(root, word), None)
        if found is not None:
            title = next(_classed(root, "mgSubTitleTxt"), None)
            if title is None or any(parent is found for parent in title.iterancestors()):
                return found
            ancestors = list(found.iterancestors())
            return next((parent for parent in title.iterancestors() if parent in ancestors), found)
    body = root.find(".//body")
    whole = body if body is not None else root
    choices = [
        element
        for element in whole.iter()
        if isinstance(element.tag, str)
        and (
            element.tag in ("main", "article")
            or element.get("role") == "main"
            or element.get("id") in ("content", "main", "main-content", "maincontent")
        )
    ]
    choices = [
        one
        for one in choices
        if re.search(
            r"\b(?:minutes|agenda|apologies|present|recommendations?)\b",
            one.text_content(),
            re.IGNORECASE,
        )
    ]
    if choices:
        best = max(choices, key=lambda one: len(one.text_content()))
        if len(best.text_content()) > len(whole.text_content()) * 0.2:
            return best
    return whole


def _walk_from(start: Any, walk: _Walk) -> None:
    """Write down an element's paragraphs. A stack, not a recursion: a hostile page nests as deep as it likes."""
    stack: list[tuple[Any, bool]] = [(start, False)]
    while stack:
        element, leaving = stack.pop()
        if leaving:
            _leave(element, walk)
            if element is not start:
                walk.say(element.tail, element.sourceline or walk.at)
            continue
        walk.seen += 1
        if walk.seen > _MOST:
            walk.document.warn(
                None, "limit", f"Only the first {_MOST:,} parts of the page were read."
            )
            return
        if not isinstance(element.tag, str) or _left_out(element, start):
            if element is not start:
                walk.say(element.tail, element.sourceline or walk.at)
            continue
        _enter(element, walk)
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))


def _left_out(element: Any, start: Any) -> bool:
    if element.tag in _DROPPED:
        return True
    if (
        "mgFileSize" in (element.get("class") or "")
        or element.get("hidden") is not None
        or re.search(r"display\s*:\s*none", element.get("style") or "")
    ):
        return True
    marks = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
    if (
        element is not start
        and element.tag in ("div", "ul", "section", "header")
        and _CHROME.search(marks)
        and not re.search(r"\bmg(?!Links)\w+", marks)
    ):
        return len(element.text_content()) < 6000
    return "mgLinks" in marks or "mgActionList" in marks


def _enter(element: Any, walk: _Walk) -> None:
    tag, classes = element.tag, element.get("class") or ""
    line = element.sourceline or walk.at
    if tag == "br":
        walk.end()
    elif tag in _BLOCKS:
        walk.end()
        walk.role = _role(element, tag, classes, walk)
    elif tag in ("b", "strong"):
        walk.strong += 1
    if tag == "li":
        walk.role = "bullet"
        number = _list_number(element)
        if number:
            walk.role = f"listed {number}"
    walk.say(element.text, line)


def _role(element: Any, tag: str, classes: str, walk: _Walk) -> str:
    if "mgSubTitleTxt" in classes:
        return "title"
    if "mgSubItemTitleTxt" in classes:
        return "label"
    if _in_number_cell(element):
        return "number"
    if "mgAiTitleTxt" in classes:
        return "title-of-item"
    if re.fullmatch(r"h[1-6]", tag):
        return "heading"
    if tag in ("td", "th"):
        return "cell"
    if (
        tag in ("p", "div", "span")
        and walk.role.startswith(("listed", "bullet", "cell", "number"))
        and element.getparent() is not None
        and element.getparent().tag in ("li", "td", "th")
    ):
        return walk.role
    return ""


def _in_number_cell(element: Any) -> bool:
    for one in (element, *list(element.iterancestors())[:3]):
        if "mgItemNumberCell" in (one.get("class") or ""):
            return True
    return False


def _list_number(element: Any) -> str | None:
    """Return the number that a browser shows before an entry of a numbered list."""
    parent = element.getparent()
    if parent is None or parent.tag != "ol" or (parent.get("type") or "1") != "1":
        return None
    if any(one.tag in ("ol", "ul", "li", "td") for one in parent.iterancestors()):
        return None
    start = parent.get("start") or "1"
    place = int(start) if start.isdigit() and len(start) < 6 else 1
    for child in parent:
        if child is element:
            return str(place)
        if child.tag == "li":
            place += 1
    return None


def _leave(element: Any, walk: _Walk) -> None:
    if element.tag in ("b", "strong"):
        walk.strong = max(0, walk.strong - 1) if walk.strong < 2 else 0
    if element.tag in _BLOCKS:
        if walk.role == "number":
            number = collapse("".join(walk.words))
            if number:
                walk.pending = number.rstrip(".) ") or None
                walk.words, walk.plain = [], 0
        walk.end()
        if element.tag != "span":
            walk.role = ""


def _numbered_lists(lines: list[Line]) -> list[Line]:
    """Give a page's lines their last roles: numbers of table rows and of numbered lists."""
    made: list[Line] = []
    has_items = any(line.role == "item" for line in lines)
    listed = [line for line in lines if line.role.startswith("listed ")]
    # A numbered list is the agenda where it is most of the page, and a list in somebody's speech where it is not.
    whole = len(listed) >= 3 and not has_items
    for line in lines:
        if line.role.startswith("listed "):
            number = line.role.split()[1]
            if whole and not re.match(r"^\d+[.)]", line.text):
                made.append(
                    Line(
                        f"{number}. {line.text}",
                        line.number,
                        strong=line.strong,
                        blank_before=1,
                        printed=f"{number}. {line.text}",
                    )
                )
            else:
                made.append(
                    Line(line.text, line.number, role="bullet", blank_before=1, printed=line.text)
                )
            continue
        made.append(line)
    return made
