"""What was said and decided at an item, as points: which line, which kind, who."""

import re
from dataclasses import dataclass, field
from typing import Any

from kith.analytics.minutes.names import HONORIFIC, read_name, sentences
from kith.analytics.minutes.paragraphs import Paragraph
from kith.analytics.minutes.people import People, Person

TRUNCATED = re.compile(
    r"\s*(?:\.{3}|…)\s*view the full (?:minutes|agenda|decision) text for item\s*(?P<number>[\w/.-]+)?\s*$",
    re.IGNORECASE,
)
RECOMMENDING = re.compile(
    r"^(?:the\s+)?(?:(?:committee|panel|board|group|scrutiny|review|key|summary of|final)\s+)*recommendations?(?:\s+(?:of|from|to|by) [\w\s’']{2,40})?\s*[:.–-]?$",
    re.IGNORECASE,
)
_KINDS = [
    (
        "decision",
        r"^(?:It (?:was|were)\s+)?(?:\W*)(?:RESOLVED|AGREED|RECOMMENDED|DECIDED|APPROVED|APRROVED|NOTED)\b|^Resolved\b|^Recommended\b|\bR\s?E\s?S\s?O\s?L\s?V\s?E\s?D\b|\b(?:it was|was|were|unanimously|the (?:council|committee|board|panel|cabinet|meeting|members)) (?:unanimously |therefore |duly |also |then )?(?:RESOLVED|resolved|AGREED|agreed)\b(?! to differ)|\bRESOLVED\b|^Agreed\b|^Approved\b",
    ),
    (
        "declaration",
        r"\bdeclar(?:ed|ation|ations)\b[^.]*\binterests?\b|\b(?:no|nil) (?:declarations?|interests?)\b|\binterests? (?:was|were) declared\b|\bparty whip\b",
    ),
    (
        "vote",
        r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+(?:votes?\s+)?(?:in favour|for|agreed|against|abst\w+)\b.*\b(?:against|abst\w+|in favour)\b|\b(?:carried|lost) (?:unanimously|by)\b|\bon being put to the vote\b",
    ),
    ("matter_arising", r"\bpage \d+ of the (?:previous |last )?minutes\b"),
    (
        "response",
        r"^In (?:response|reply|answer)\b|\b(?:responded|replied|answered|clarified|explained in (?:reply|response))\b",
    ),
    (
        "request",
        r"\brequested (?:that|a|an|the|for|to)\b|\blike to request\b|\basked (?:that|for (?:a|an|the|further|more)\b.*\b(?:to be|be|report|information|update))|\bwas asked to\b|\bbe asked to\b|\binstructed to\b",
    ),
    ("suggestion", r"\bsuggestion was made\b|^(?:It was |[\w .]+ )suggested\b"),
    (
        "question",
        r"\bquestions? (?:was|were) (?:asked|raised|put)\b|^Questioning\b|\b(?:also |then )?(?:asked|enquired|inquired|queried|questioned)\b(?! (?:the clerk to|to|by|for volunteers))|\?$",
    ),
    ("case_study", r"\bcase stud(?:y|ies)\b"),
    (
        "attendance",
        r"\b(?:was|were) joined by\b|\b(?:joined|left|entered|rejoined|withdrew from) the (?:meeting|room|chamber|table)\b|\btook the chair\b|\bwelcomed\b.*\bto the meeting\b",
    ),
    (
        "presentation",
        r"\b(?:gave|delivered|made|provided) (?:an? )?(?:[\w-]+ )?(?:overview|presentation|introduction)\b|\bpresented\b|\bspoke to the (?:presentation|report)\b|\bintroduced (?:the|a|his|her|this) (?:report|item|paper|strategy|presentation)\b|\bpresentation (?:on|by|from|was given)\b",
    ),
    (
        "update",
        r"\b(?:gave|provided|presented) (?:an?|the) (?:[\w-]+ )?(?:update|report)\b|\bupdated (?:the|members|councillors)\b",
    ),
    (
        "concern",
        r"\b(?:expressed|raised|voiced|shared)\b[^.]*\bconcerns?\b|\bconcerns? (?:was|were) (?:expressed|raised|voiced)\b|\b(?:was|were) concerned\b",
    ),
    (
        "commendation",
        r"\b(?:commended|congratulated|thanked|praised|paid tribute|applauded)\b|\bthanks (?:was|were)\b|\bvote of thanks\b",
    ),
    ("suggestion", r"\bsuggest(?:ed|ion)\b"),
    (
        "noted",
        r"\b(?:was|were) noted\b|^(?:Noted|The (?:committee|panel|council|board|meeting) noted)\b",
    ),
]
_KIND_PATTERNS = [
    (kind, re.compile(pattern, re.IGNORECASE if kind not in ("decision",) else 0))
    for kind, pattern in _KINDS
]
_PRONOUN = re.compile(
    r"^(?:In (?:response|reply),?\s+)?(?:He|She|They|His|Her|It was (?:his|her) view)\b|^(?:In (?:response|reply),?\s+)?(?:he|she)\b"
)
_LEAD = re.compile(
    r"^(?:In (?:response|reply|answer)(?: to [^,]{3,80})?,?\s+|However,?\s+|Finally,?\s+|Also,?\s+)"
)
_BODY = re.compile(
    r"\bThe (?:Committee|committee|Council|council|Panel|panel|Board|board|Cabinet|Members|members|Meeting|meeting)\b"
)
_SPLIT_INTO = {"question", "response", "decision", "request", "vote"}


@dataclass
class Talk:
    """The state of a discussion while it is read line by line."""

    people: People
    chair: Person | None = None
    last: Person | None = None
    questions: int = 0
    open_question: str | None = None
    previous_kind: str = ""
    unknown_initials: dict[str, int] = field(default_factory=dict)


def kind_of(sentence: str) -> str | None:
    """Return what kind of thing a sentence minutes; None for a plain statement."""
    for kind, pattern in _KIND_PATTERNS:
        if pattern.search(sentence):
            return kind
    return None


def points_of(paragraph: Paragraph, talk: Talk, *, arising: bool = False) -> list[dict[str, Any]]:
    """Return the points of one paragraph: one, or several where questions and answers stand in it."""
    text = TRUNCATED.sub("", paragraph.text)
    groups: list[tuple[str | None, list[str]]] = []
    about: Person | None = None
    for sentence in sentences(text):
        kind = kind_of(sentence)
        _unknown(sentence, talk, paragraph)
        subject = _subject(sentence, talk)
        another = subject is not None and about is not None and subject is not about
        about = subject or about
        if groups and not another and not _parts(groups[-1][0], kind, sentence, talk):
            groups[-1][1].append(sentence)
        else:
            if groups and groups[-1][0] == "question" and kind in (None, "concern", "noted"):
                kind = "response"
            groups.append((kind, [sentence]))
    return [
        _point(paragraph, kind, _whole(text, parts), parts[0], talk, arising, first=at == 0)
        for at, (kind, parts) in enumerate(groups)
    ]


def _whole(text: str, parts: list[str]) -> str:
    """Return sentences as they stand in the text, with what stands between them."""
    start = text.find(parts[0])
    end = text.find(parts[-1], start)
    return text[start : end + len(parts[-1])] if start >= 0 and end >= 0 else " ".join(parts)


def _parts(before: str | None, kind: str | None, sentence: str, talk: Talk) -> bool:
    """Say whether a sentence begins a point of its own."""
    if before == "question":
        return kind != "question" and (
            kind in _SPLIT_INTO or (bool(_subject(sentence, talk)) and not _PRONOUN.match(sentence))
        )
    if kind in ("question",):
        return before not in ("question", "response", "request", "decision") or bool(
            _subject(sentence, talk)
        )
    if kind == "response" and re.match(r"^In (?:response|reply|answer)\b", sentence):
        return True
    return (
        kind == "decision"
        and before != "decision"
        and bool(
            re.match(
                r"^(?:\W*)(?:It was )?(?:unanimously )?(?:RESOLVED|AGREED|RECOMMENDED|Resolved|Agreed)\b|^RESOLVED",
                sentence,
            )
        )
    )


def _point(
    paragraph: Paragraph,
    kind: str | None,
    text: str,
    opening: str,
    talk: Talk,
    arising: bool,
    *,
    first: bool,
) -> dict[str, Any]:
    speaker = _speaker(opening, talk, paragraph)
    if kind is None or (kind == "case_study" and speaker is None):
        kind = kind or "statement"
        if (
            speaker is None
            and kind == "statement"
            and re.search(r"\b(?:as follows|following)\s*:$", text)
        ):
            kind = "lead_in"
    if kind == "presentation" and re.search(r"\bcase study\b", text):
        kind = "case_study"
    if (
        kind == "response"
        and not talk.questions
        and not re.match(r"^In (?:response|reply|answer)", text)
    ):
        kind = "statement"
    if arising and kind in (
        "statement",
        "concern",
        "noted",
        "commendation",
        "question",
        "response",
    ):
        kind = "matter_arising"
    point: dict[str, Any] = {"line": paragraph.line, "kind": kind, "speaker": speaker, "text": text}
    if paragraph.page is not None:
        point["page"] = paragraph.page
    if paragraph.mark and first:
        point["mark"] = paragraph.mark
    if _BODY.match(text):
        point["actor"] = "committee"
    if kind == "question":
        talk.questions += 1
        talk.open_question = point["id"] = f"Q{talk.questions}"
    elif kind == "response" and talk.open_question:
        point["replies_to"] = talk.open_question
    if kind == "matter_arising":
        cited = re.search(
            r"\bpage \d+ of the (?:previous |last )?minutes\b|\bminute (?:no\.? )?[\d/.]+",
            text,
            re.IGNORECASE,
        )
        if cited:
            point["cites"] = cited[0]
    talk.previous_kind = kind
    return point


def _subject(sentence: str, talk: Talk) -> Person | None:
    """Return who a sentence is about, where it begins with somebody known."""
    text = _LEAD.sub("", sentence)
    initials = re.match(r"^([A-Z][A-Za-z]{1,4})\b(?=[\s,;])", text)
    if initials:
        known = talk.people.by_initials(initials[1])
        if known:
            return known
    if HONORIFIC.match(text):
        name = read_name(text[:80])
        if name:
            known = talk.people.find(name.name, name.honorific)
            if known:
                return known
    if re.match(r"^The (?:Chair|Chairman|Chairwoman|Chairperson|CHAIRMAN)\b", text) and talk.chair:
        return talk.chair
    plain = re.match(r"^((?:[A-Z][\w’'-]+ ){1,3}[A-Z][\w’'-]+)", text)
    if plain:
        words = plain[1].split()
        for count in range(len(words), 1, -1):
            for person in talk.people.all:
                if person.name == " ".join(words[:count]):
                    return person
    return None


def _unknown(sentence: str, talk: Talk, paragraph: Paragraph) -> None:
    """Keep letters that speak like somebody and that nobody declared."""
    match = re.match(
        r"^(?:In response,? )?([A-Z]{2,4})\s+(?:said|stated|reported|gave|asked|noted|explained|advised|confirmed"
        r"|agreed|suggested|informed|updated|presented|will|to)\b",
        sentence,
    )
    if match and match[1] not in _BODIES and talk.people.by_initials(match[1]) is None:
        talk.unknown_initials.setdefault(match[1], paragraph.line)


def _speaker(opening: str, talk: Talk, paragraph: Paragraph) -> str | None:
    person = _subject(opening, talk)
    if person is None and _PRONOUN.match(opening) and talk.last:
        person = talk.last
    if person is None:
        by = re.search(r"\b(?:by|from)\s+((?:Councillor|Cllr)\.?\s+[A-Z][^,.;]{1,40})", opening)
        if by and re.search(r"\b(?:concern|question|asked|suggest|raised)\b", opening):
            name = read_name(by[1])
            person = talk.people.find(name.name, name.honorific) if name else None
    if person is None:
        return None
    if person.presence in ("mentioned", "invited_only", "present"):
        person.presence = "present_spoke"
    person.spoke = True
    if paragraph.line not in person.lines:
        person.lines.append(paragraph.line)
    talk.last = person
    return person.name


_BODIES_TEXT = "PC BC GW CC DC TC NCC SCDC OCC KCC ECC HCC WCC NHS CCG GP LEP DCC LCC BCC SCC CBC BDC MBC PCC CIL VAT RFO AOB AGM APM SID TRO NALC CPRE RBL WI MP UK EU IT HR ALL PUSH VH MKC BBC NP SLCC CALC HALC NPPF WFH RAF BT ANPR TVP NYCC"
_BODIES = set(_BODIES_TEXT.split())


def mentions(paragraph: Paragraph, people: People) -> None:
    """Keep the line of everybody whom a paragraph names by title, full name or declared initials."""
    text = paragraph.text
    for person in people.all:
        if (
            person.name in text
            and (
                " " in person.name
                or re.search(rf"\b(?:Councillors?|Cllrs?)\.?\s+{re.escape(person.name)}\b", text)
            )
        ) or (person.initials and re.search(rf"\b{re.escape(person.initials)}\b", text)):
            pass
        else:
            continue
        if paragraph.line not in person.lines:
            person.lines.append(paragraph.line)


def declare(paragraph: Paragraph, people: People) -> None:
    """Take in people whom a paragraph introduces: "Jo Officer (JO)", "Councillor Smith"."""
    text = paragraph.text
    for match in re.finditer(
        r"(?P<name>(?:[A-Z][\w’'-]*\.?\s+){1,3}[A-Z][\w’'-]+)\s*\((?P<short>[A-Z][A-Za-z]{1,4})\)",
        text,
    ):
        name = read_name(match["name"], sure=True)
        if name is None:
            continue
        name.notes = (match["short"],)
        if name.initials and match["short"] not in _BODIES:
            people.add(name, "present", paragraph.line)
    for match in re.finditer(HONORIFIC, text):
        if not re.search(r"(?:ouncill?or|OUNCILLOR|llr|LLR|lir|Coun|lr\b)", match["honorific"]):
            continue
        name = read_name(text[match.start() : match.start() + 90])
        if name is None:
            continue
        if re.search(r"(?:ors|lrs|lr[’']s|ORS|LRS)\.?:?$", match["honorific"].strip()):
            name.honorific = re.sub(r"(?:s|S|[’']s)(\.?):?$", r"\1", match["honorific"].strip())
        people.add(name, "mentioned", paragraph.line)
