"""One file of minutes, an agenda or a review's report: read, and its uncertainties said."""

import re
from pathlib import Path
from typing import Any

from kith.analytics.minutes import head as heads
from kith.analytics.minutes import paragraphs
from kith.analytics.minutes.formats import LARGEST, CannotRead, open_document
from kith.analytics.minutes.lines import Document
from kith.analytics.minutes.meeting import read_meeting
from kith.analytics.minutes.points import RECOMMENDING
from kith.analytics.minutes.report import EXEMPLARS, read_report

_MINUTED = re.compile(
    r"\b(?:RESOLVED|were received|was received|meeting (?:was )?(?:closed|finished|ended|concluded|opened|commenced)|were approved|was agreed|were agreed|it was noted|seconded|(?:was|were) (?:duly |then |unanimously )?(?:agreed|confirmed|signed|adopted|accepted) "
    r"|signed by|reported that|thanked|were signed|in the chair|declared an? |had been received|apologies (?:were|from)|none received|there were no|there were none|no declarations|welcomed|closed at|informed the|there was no|apologies:\s*[A-Z])\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:summoned|hereby given|will be held|to be held|is called|to receive|to consider|to approve|to note|to confirm|to discuss|to agree|members of the public are (?:welcome|invited)|you are (?:invited|requested)|are invited to attend)\b",
    re.IGNORECASE,
)


def read(source: Path | bytes, name: str | None = None) -> dict[str, Any]:
    """Return what a file says, in the shape that docs/how-to/read-old-minutes.md describes.

    Raises CannotRead, with what to do, where nothing can be read. Nothing is added that the text does not
    say; what is not certain stands in `warnings`.
    """
    if isinstance(source, bytes):
        data, name = source, name or "document"
    else:
        name = name or source.name
        if source.stat().st_size > LARGEST:
            raise CannotRead(
                f"{name} has {source.stat().st_size / 1e6:.0f} MB, and at most {LARGEST / 1e6:.0f} MB are read. "
                "Send the minutes by themselves, without the papers."
            )
        data = source.read_bytes()
    document = open_document(data, name)
    if not document.lines:
        raise CannotRead(f"{name} has no text in it. Check that it is the right file.")
    kind = doc_type(document)
    if kind == "scrutiny_review_report":
        body = paragraphs.of_lines(
            document.lines,
            paragraphs.width_of(document.lines) if document.kind in ("text", "pdf") else 0,
            broken=document.kind in ("text", "pdf"),
        )
        record = read_report(document, body, heads.read(document, None))
    else:
        record = read_meeting(document, kind)
    record["warnings"] = _sorted([*document.warnings, *record["warnings"]])
    return record


def doc_type(document: Document) -> str:
    """Say what a document is: minutes, agenda or scrutiny_review_report."""
    texts = [line.text for line in document.lines if line.role != "meta"]
    texts = texts or [line.text for line in document.lines]
    whole = "\n".join(texts)
    top = "\n".join(texts[:12])
    minuted = len(_MINUTED.findall(whole))
    planned = len(_PLANNED.findall(whole))
    recommending = sum(
        bool(RECOMMENDING.match(text)) or bool(re.match(r"^Recommendation \d", text))
        for text in texts
    )
    if recommending and not re.search(
        r"\bapologies\b|\bmeeting (?:finished|closed|ended)\b", whole, re.IGNORECASE
    ):
        titled = re.search(
            r"\b(?:review|report|inquiry|task (?:and|&) finish|investigation)\b", top, re.IGNORECASE
        )
        if (titled or any(EXEMPLARS.match(text) for text in texts)) and not re.search(
            r"\bminutes of\b|^minutes\b", top, re.IGNORECASE | re.MULTILINE
        ):
            return "scrutiny_review_report"
    labels = [line for line in document.lines if line.role == "label"]
    if any(line.text.lower().startswith(("minutes", "decision")) for line in labels):
        return "minutes"
    titled_minutes = re.search(
        r"^(?:\W*)(?:draft |unapproved |approved |unconfirmed |confirmed |committee |council |meeting )*(?:minutes\b(?!\s*(?:pdf|of the (?:last|previous)))|record of|notes of)|\bminutes of (?:the |an? )?(?:\w+ ){0,6}(?:meeting|council|committee)",
        top,
        re.IGNORECASE | re.MULTILINE,
    )
    titled_agenda = re.search(
        r"^\W*(?:(?!minutes)\w+ ){0,6}agenda\b(?!,| (?:and|&|for these)| item)|\bsummoned\b|\bnotice (?:of|is)\b",
        top,
        re.IGNORECASE | re.MULTILINE,
    )
    if titled_minutes and not titled_agenda:
        return "agenda" if minuted == 0 and planned >= 3 else "minutes"
    if titled_agenda and not titled_minutes:
        return "minutes" if minuted >= 3 and minuted * 2 > planned else "agenda"
    return "agenda" if planned > minuted * 3 or (minuted == 0 and planned) else "minutes"


def _sorted(warnings: list[Any]) -> list[dict[str, Any]]:
    """Return warnings in the order of their lines, each once, in one shape."""
    entries = (
        one if isinstance(one, dict) else dict(zip(("line", "kind", "text"), one, strict=True))
        for one in warnings
    )
    made = list({tuple(entry.values()): entry for entry in entries}.values())
    return sorted(made, key=lambda entry: (entry["line"] is None, entry["line"] or 0))
