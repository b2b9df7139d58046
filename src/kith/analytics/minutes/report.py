"""Themes, findings and recommendations: of a review's report, or of an item of minutes."""

import re
from typing import Any

from kith.analytics.minutes import dates as days
from kith.analytics.minutes.head import Head
from kith.analytics.minutes.lines import Document
from kith.analytics.minutes.names import sentences
from kith.analytics.minutes.paragraphs import Paragraph
from kith.analytics.minutes.points import RECOMMENDING, TRUNCATED

EXEMPLARS = re.compile(
    r"^(?:examples of\s+)?(?:exemplar|good|best|notable|effective)\s+practice(?:\s+examples?)?\s*[:.]?$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"^Recommendation\s+(?P<number>[A-Z]?\d{1,2})\s*[:.–-]?\s*(?P<text>.*)$", re.IGNORECASE
)
_WORDS = (
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
NUMBER_WORDS = {word: at for at, word in enumerate(_WORDS.split())}


def count_of(word: str) -> int | None:
    return int(word) if word.isdigit() else NUMBER_WORDS.get(word.lower())


def is_title(paragraph: Paragraph) -> bool:
    """Say whether a paragraph is a heading: short, with a capital, with no end of a sentence."""
    text = paragraph.text
    if paragraph.role == "heading":
        return True
    return (
        paragraph.role not in ("bullet", "cell", "meta")
        and not paragraph.mark
        and 1 <= len(text.split()) <= 9
        and bool(re.match(r"[A-Z0-9‘“'\"]", text))
        and not re.search(r"[.,;!?]$", text)
        and not RECOMMENDING.match(text)
        and not TRUNCATED.search(text)
    )


def themes_of(
    paragraphs: list[Paragraph], prefix: str, *, first_id: int = 1
) -> tuple[int, list[dict[str, Any]], list[dict[str, Any]], list[tuple[int | None, str, str]]]:
    """Return where the themes begin among paragraphs, the themes, the recommendations and warnings.

    A theme is what stands before "Committee Recommendation": its heading and findings, and the recommendations
    after it.
    """
    marks = [
        at
        for at, one in enumerate(paragraphs)
        if RECOMMENDING.match(one.text) and one.role != "bullet"
    ]
    if not marks:
        return len(paragraphs), [], [], []
    warnings: list[tuple[int | None, str, str]] = []
    begin = marks[0]
    for at in range(marks[0] - 1, -1, -1):
        if is_title(paragraphs[at]):
            begin = at
            break
    themes: list[dict[str, Any]] = []
    recommendations: list[dict[str, Any]] = []
    at, theme = begin, None
    while at < len(paragraphs):
        one = paragraphs[at]
        if RECOMMENDING.match(one.text) and one.role != "bullet":
            if theme is None:
                theme = _theme(None, None)
                themes.append(theme)
            at += 1
            taken = _recommended(paragraphs, at)
            for entry in taken:
                recommendation = _recommendation(
                    entry, f"{prefix}{first_id + len(recommendations)}", theme["title"]
                )
                theme["recommendations"].append(recommendation["id"])
                recommendations.append(recommendation)
            at += len(taken)
            if not taken:
                warnings.append(
                    (
                        one.line,
                        "recommendation",
                        "A heading for recommendations with none under it: check.",
                    )
                )
            theme = None
            continue
        if EXEMPLARS.match(one.text):
            break
        if is_title(one) and (theme is None or theme["findings"] or theme["title"] is None):
            theme = _theme(one.text, one.line)
            themes.append(theme)
        else:
            if theme is None:
                if (
                    not any(mark > at for mark in marks)
                    and one.blank_before < 3
                    and not any(TRUNCATED.search(p.text) for p in paragraphs[at:])
                ):
                    return begin, themes, recommendations, warnings
                theme = _theme(None, None)
                themes.append(theme)
                warnings.append(
                    (
                        one.line,
                        "theme",
                        "A theme begins here whose heading is not in the text: give it one.",
                    )
                )
            finding: dict[str, Any] = {
                "line": one.line,
                "lines": list(one.lines),
                "text": TRUNCATED.sub("", one.text),
            }
            if TRUNCATED.search(one.text):
                finding["truncated"] = True
            if one.page is not None:
                finding["page"] = one.page
            theme["findings"].append(finding)
        at += 1
    return begin, themes, recommendations, warnings


def _theme(title: str | None, line: int | None) -> dict[str, Any]:
    return {
        "title": title,
        "title_stated": title is not None,
        "line": line,
        "findings": [],
        "recommendations": [],
    }


def _recommended(paragraphs: list[Paragraph], at: int) -> list[Paragraph]:
    """Return the entries under a heading for recommendations: all bullets, or one paragraph without."""
    entries: list[Paragraph] = []
    for one in paragraphs[at:]:
        if RECOMMENDING.match(one.text) or one.role == "heading":
            break
        if one.role == "bullet" or one.mark:
            entries.append(one)
        else:
            return entries or [one]
    return entries


def _recommendation(entry: Paragraph, key: str, theme: str | None) -> dict[str, Any]:
    text = TRUNCATED.sub("", entry.text)
    kind = "recommendation"
    if re.match(r"^(?:to\s+)?invite\b", text, re.IGNORECASE) and re.search(r"\bmeeting\b", text):
        kind = "committee_action"
    elif re.search(
        r"\brequest(?:ed|s)? (?:an? )?(?:explanation|information|report|details|update|figures)",
        text,
    ):
        kind = "information_request"
    made: dict[str, Any] = {
        "id": key,
        "theme": theme,
        "text": text,
        "line": entry.line,
        "kind": kind,
        "owner": None,
        "due": None,
    }
    parts = sentences(text)
    if len(parts) > 1:
        made["parts"] = parts
    if entry.page is not None:
        made["page"] = entry.page
    return made


def read_report(document: Document, paragraphs: list[Paragraph], head: Head) -> dict[str, Any]:
    """Return the record of a review's report."""
    numbered = _numbered_recommendations(paragraphs)
    begin, themes, recommendations, warnings = themes_of(paragraphs, "R")
    if len(numbered) > len(recommendations):
        begin, themes, recommendations, warnings = len(paragraphs), [], numbered, []
    exemplars = _exemplars(paragraphs)
    top = [one for one in paragraphs[:begin] if one.role != "meta"]
    titles = [one for one in top[:6] if is_title(one) or len(one.text) < 70]
    title = next(
        (
            one.text
            for one in titles
            if re.search(r"\b(?:review|report|inquiry|investigation)\b", one.text, re.IGNORECASE)
        ),
        titles[0].text if titles else None,
    )
    introduction = [one.text for one in top if one not in titles and len(one.text.split()) > 12]
    discussed = next(
        (
            day.iso
            for one in top
            for day in days.dates(one.text)
            if re.search(r"\bmeeting\b", one.text[max(0, day.start - 60) : day.end + 60])
        ),
        None,
    )
    as_printed, committee = _committee(top, head)
    dated = next(
        (
            (iso, words)
            for one in top[:8]
            for iso, words in days.months(one.text)
            if len(one.text) < 60
        ),
        None,
    )
    whole = next(
        (
            (day.iso, day.words)
            for one in top[:8]
            if len(one.text) < 60
            for day in days.dates(one.text)
            if day.iso
        ),
        None,
    )
    date, date_text = whole or dated or (None, None)
    text = " ".join(one.text for one in top)
    declared = re.search(r"\b(\d{1,2}|[a-z]{3,9})\s+(?:key\s+|main\s+)?themes\b", text)
    declared_count = count_of(declared[1]) if declared else None
    visits = _visits(top, paragraphs)
    per_theme = {
        theme["title"]: len(theme["recommendations"]) for theme in themes if theme["title"]
    }
    record: dict[str, Any] = {
        "file": document.name,
        "doc_type": "scrutiny_review_report",
        "title": title,
        "committee": committee,
        "committee_as_printed": as_printed,
        "date": date,
        "date_text": date_text,
        "meeting_discussed": discussed,
        "introduction": introduction,
        "site_visits": visits,
        "declared_theme_count": declared_count,
        "themes": themes,
        "recommendations": recommendations,
        "recommendation_count": len(recommendations),
        "recommendations_per_theme": per_theme,
        "exemplar_practice": exemplars,
        "exemplar_count": len(exemplars),
    }
    record["warnings"] = [*warnings, *_count_warnings(record, text, paragraphs)]
    if date is None:
        record["warnings"].append((None, "date", "No date of the report was found: add it."))
    elif len(date) == 7:
        line = next((one.line for one in top if date_text and date_text in one.text), None)
        record["warnings"].append(
            (line, "date", f"The report is dated “{date_text}”, without a day.")
        )
    return record


def _committee(top: list[Paragraph], head: Head) -> tuple[str | None, str | None]:
    printed = next(
        (
            one.text
            for one in top[:3]
            if re.search(r"\b(?:Scrutiny|Committee|Panel|Council|Board)\b", one.text)
            and len(one.text) < 90
        ),
        head.committee,
    )
    text = " ".join(one.text for one in top)
    if printed and not re.search(r"(?:Committee|Panel|Board|Commission|Council)$", printed):
        fuller = re.search(
            rf"{re.escape(printed)} (?:Sub-)?(?:Committee|Panel|Board|Commission)\b", text
        )
        return printed, fuller[0] if fuller else printed
    return printed, printed


def _numbered_recommendations(paragraphs: list[Paragraph]) -> list[dict[str, Any]]:
    """Return recommendations that a report numbers in words: "Recommendation 3: …"."""
    found: dict[str, dict[str, Any]] = {}
    for at, one in enumerate(paragraphs):
        match = _NUMBERED.match(one.text)
        if not match:
            continue
        entry = one
        text = match["text"].strip()
        if not text and at + 1 < len(paragraphs):
            entry = paragraphs[at + 1]
            text = entry.text
        if len(text.split()) < 4:
            continue
        made = _recommendation(entry, f"R{match['number']}", None)
        made["text"] = text
        found.setdefault(match["number"], made)
    return list(found.values())


def _exemplars(paragraphs: list[Paragraph]) -> list[dict[str, Any]]:
    start = next((at for at, one in enumerate(paragraphs) if EXEMPLARS.match(one.text)), None)
    if start is None:
        return []
    found: list[dict[str, Any]] = []
    for one in paragraphs[start + 1 :]:
        if one.role == "heading" or (is_title(one) and not re.search(r"[.]$", one.text)):
            break
        entry: dict[str, Any] = {"id": f"E{len(found) + 1}", "text": one.text, "line": one.line}
        if one.page is not None:
            entry["page"] = one.page
        found.append(entry)
    return found


def _visits(top: list[Paragraph], paragraphs: list[Paragraph]) -> dict[str, Any] | None:
    for one in top:
        if not re.search(r"\bvisit(?:ed|s)\b", one.text):
            continue
        hubs = re.search(
            r"\b(?:each of the|all|the)\s+(\d{1,2}|[a-z]{3,9})\s+(?:hubs|centres|sites|places|schools|homes)\b",
            one.text,
        )
        least = re.search(
            r"\bat least (\d{1,2}|[a-z]{3,9}) (?:committee )?(?:members|councillors)\b", one.text
        )
        share = re.search(
            r"\b((?:a majority|all|most|some|half) of the (?:committee )?(?:members|committee members|councillors))\b",
            one.text,
        )
        named = sorted(
            {
                match[1]
                for other in paragraphs
                for match in re.finditer(
                    r"\bThe ([A-Z][a-z]+(?: [A-Z][a-z]+)?) [Hh]ub\b", other.text
                )
            }
        )
        return {
            "line": one.line,
            "hubs": count_of(hubs[1]) if hubs else None,
            "members_per_hub_minimum": count_of(least[1]) if least else None,
            "participation": share[1] if share else None,
            "named_hubs": named,
            "visits_listed": False,
            "feedback_summary": one.text,
        }
    return None


def _count_warnings(
    record: dict[str, Any], text: str, paragraphs: list[Paragraph]
) -> list[tuple[int | None, str, str]]:
    warnings: list[tuple[int | None, str, str]] = []
    declared, found = record["declared_theme_count"], len(record["themes"])
    line = next((one.line for one in paragraphs if re.search(r"\bthemes\b", one.text)), None)
    if declared is not None and found and declared != found:
        warnings.append(
            (line, "count", f"The text speaks of {declared} themes, and {found} were found.")
        )
    for one in paragraphs:
        match = re.search(
            r"\b(\d{1,2}|[a-z]{3,9})\s+(?:key\s+|main\s+|final\s+)?recommendations\b", one.text
        )
        number = count_of(match[1]) if match else None
        if number is not None and number != record["recommendation_count"]:
            warnings.append(
                (
                    one.line,
                    "count",
                    f"The text speaks of {number} recommendations, and {record['recommendation_count']} were found.",
                )
            )
    titles = {_plain(theme["title"]) for theme in record["themes"] if theme["title"]}
    quoted = re.search(r"themes (?:which were|were|are|being|namely|:)\s*(.{10,300}?)\.", text)
    if quoted and titles:
        named = [
            _plain(name) for name in re.findall(r"[‘'“\"]([A-Z][^’'”\"]{2,60})[’'”\"]", quoted[1])
        ]
        missing = [name for name in named if name not in titles]
        for name in missing:
            warnings.append(
                (
                    line,
                    "count",
                    f"The theme “{name}” is announced, and no heading of that name was found.",
                )
            )
        if declared is not None and named and declared != len(named):
            warnings.append(
                (line, "count", f"The text speaks of {declared} themes and names {len(named)}.")
            )
    return warnings


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip().lower())
