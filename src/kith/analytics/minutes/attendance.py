"""Who was there, who sent apologies, who came in whose place."""

import re
from dataclasses import dataclass, field

from kith.analytics.minutes.names import (
    COUNCILLOR,
    HONORIFIC,
    Name,
    is_chair,
    name_list,
    sentences,
)
from kith.analytics.minutes.paragraphs import Paragraph
from kith.analytics.minutes.people import People, Person

_APOLOGY = re.compile(r"\bapolog(?:y|ies|ises?|ises)\b", re.IGNORECASE)
_ALLOWED_TEXT = """for absence non-attendance nonattendance the meeting inability to attend were was have has had been being are is and also duly received recieved
    given accepted submitted noted sent tendered recorded reported presented offered made approved with reasons reason from on behalf of by a an
    following members member councillors as follows had their his her late late, that no. in advance respect further it resolved accept agreed note
    those written formal formally council committee clerk chairman chair via notified read out apologies there which absent valid not present unanimously
    acceptance recieve receive today tonight this evening were/was only one all any granted forwarded verbal expressed provided sincere announced passed given"""
_ALLOWED = set(_ALLOWED_TEXT.split())
_NONE = re.compile(
    r"^\W*(?:none|nil|no(?:ne)? (?:were )?(?:received|apologies|recorded|given|noted)|no apologies\b.*|there (?:were|was|are|being) (?:no|none)\b.*|no absences?.*|n/?a|all (?:members|councillors|present).*|not applicable)\W*$",
    re.IGNORECASE,
)
_NO_APOLOGY = re.compile(
    r"\bno apologies\b(?: from (?:any |the )?(?:councillors|members|cllrs))|"
    r"\b(?:no|nil|without|any)\s+(?:further\s+|formal\s+)?apologies\b(?! from)|\bapologies\b[^.]{0,30}[:–-]\s*(?:none|nil)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"^\s*(?:\d+[.)]?\s*)?(?:to\s+(?:receive|note|accept|consider|approve|record|report|hear)|receive|(?:members|those)\b.*\bshould\b|please\b|if you)\b",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"\b(?:amend\w*|correct(?:ed|ion)|add(?:ed|ition|ing)?|insert\w*|omitted|omission|includ(?:e|ing)|delet\w*|subject to|should (?:have )?(?:be|read))\b",
    re.IGNORECASE,
)
_LATE = re.compile(r"\bapolog\w+ (?:for|of) (?:late\w*|leaving|early)", re.IGNORECASE)
_SENT = re.compile(
    r"^(?P<names>.{3,200}?)\s+(?:(?:had|have|has|also|both|all|each|who)\s+)*(?:sent|gave|given|submitted|tendered|offered|conveyed|presented|made|expressed|forwarded|extended|apologi[sz]ed|(?:was|were) absent with)\s*(?:(?:their|his|her|an|its)\s+)?(?:(?:apolog|advance apolog)\w*|for (?:absence|not)|$)",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^(?:\(?[a-z0-9.]{1,4}[.)]\s*)?(?:to\s+(?:receive|note|accept|consider|approve|record)(?:\s*(?:,|and|/|&)\s*(?:receive|note|accept|consider|approve|record))*\s+)?"
    r"(?:welcome\s*(?:,|and|&)\s*|attendance\s*(?:,|and|&|/)\s*|introductions?\s*(?:,|and|&)\s*|any\s+|present\s*(?:,|and|&)\s*)*"
    r"apolog(?:y|ies)\b(?:\s+(?:for|of)\s+(?:absence|non-attendance|the meeting))?(?:\s+(?:received|accepted|noted|from|given|and|&|or)\b(?:(?!Cllr|Councillor|\bMrs?\b|\bMs\b)[^:;.]){0,70}|\s*[/,].{0,60})?\s*[:.–-]*$",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"^(?:(?:the\s+)?(?:councillors?|cllrs?|members?|those|committee members?|voting members?|elected members?|councillors and officers|parish councillors?|board members)\s+)?"
    r"(?:(?:who (?:were|are) )?(?:present|attending|attended|attendance|attendees|in attendance at the meeting))(?:\s+(?:were|was|at (?:the )?meeting|at (?:the )?start.{0,20}|members|councillors|cllrs))*"
    r"\s*(?:[:;–.-]+\s*[-–]?|$|(?=\s(?:Cllrs?|Councillors?|COUNCILLORS?|Mr|Mrs|Ms)\b))",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"^(?:voting members|non-voting members|co-opted members|other members in(?: attendance)?|by invitation|(?:whole|part) of (?:the )?meeting)\s*:|^(?:(?:also|officers?|others?|others also|members of staff|also present|officers? present|guests?|visitors?|by invitation|invit(?:ed|ees)|staff|other (?:members|councillors)|cabinet members?|non-voting members?|public)\s*)+"
    r"(?:present|attending|attended|in attendance|attendance)?(?:\s+(?:were|was))?\s*(?:[:;–-]+|$)|^in attendance\s*(?:were|was)?\s*(?:[:;–-]+|$|(?=\s[A-Z]))",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"^(?:(?:councillors?|members?|those)\s+)?(?:absent|absence|absences|not present|did not attend|non-attendance)(?:\s+(?:without|with no) apolog\w+)?\s*(?:[:;–-]+|$)",
    re.IGNORECASE,
)
_SUBSTITUTES = re.compile(
    r"^(?:substitutes?|substitute members?|substitutions?)(?:\s+(?:present|in attendance|members))?\s*(?:[:;–-]+|$)",
    re.IGNORECASE,
)
_VERBS = re.compile(
    r"\b(?:was|were|is|are|had|has|have|will|would|reported|agreed|resolved|noted|approved|proposed|said|asked|advised|informed|gave|stated|welcomed|thanked|explained|opened|took|held|may|must|should|can)\b",
    re.IGNORECASE,
)


@dataclass
class Attendance:
    """What the text says of who came. `stated` says that apologies are spoken of at all."""

    people: People
    apologies: list[Person] = field(default_factory=list)
    substitutes: list[tuple[Person | None, Person]] = field(default_factory=list)
    chair: Person | None = None
    stated: bool = False
    stated_at: list[int] = field(default_factory=list)
    warnings: list[tuple[int | None, str, str]] = field(default_factory=list)

    def warn(self, line: int | None, kind: str, text: str) -> None:
        self.warnings.append((line, kind, text))


def read(
    attendance: Attendance,
    paragraphs: list[Paragraph],
    *,
    title: str | None = None,
    agenda: bool = False,
    early: bool = True,
) -> set[int]:
    """Read what one part of a text (its head, or an item) says of attendance.

    Returns the places of the paragraphs that it has used up. In an item that is not about attendance, only
    plain sentences count.
    """
    if title is None and not agenda:
        _unlabelled(attendance, paragraphs)
    section = "apologies" if title and _APOLOGY.search(title) and early else ""
    if title and not section:
        section = _section_of(title)[0] if len(title) < 60 else ""
    used: set[int] = set()
    since = 0
    used |= _reserves(attendance, paragraphs)
    for at, paragraph in enumerate(paragraphs):
        text = paragraph.text
        if paragraph.role in ("meta", "title", "label") or at in used:
            continue
        label, rest = _section_of(text)
        if label and not _is_speech(rest):
            section, since = label, 0
            if label == "apologies":
                attendance.stated, used = True, used | {at}
                attendance.stated_at.append(paragraph.line)
            if not rest:
                used.add(at)
                continue
            text = rest
        if (
            not label
            and section
            and re.match(r"^(?!Cllrs?|Councillors?|Members?|Mr|Mrs)[A-Z][A-Za-z ]{2,25}:\s", text)
        ):
            section = ""
        since += 1
        if (
            early
            and not agenda
            and re.search(r"\bapolog(?:y|ies)\b[^.:]{0,60}:\s*$", text, re.IGNORECASE)
        ):
            section, since = "apologies", 0
            continue
        if _sentences_of(attendance, paragraph, agenda, early, section):
            used.add(at)
            since = 0
            continue
        if agenda and section == "apologies":
            continue
        if not section or since > 24:
            continue
        if section == "apologies" and _NONE.match(text):
            attendance.stated = True
            used.add(at)
            section = ""
            continue
        listed = (
            _sentences_with_names(text, section, bool(label))
            if section != "apologies" or label or since == 1
            else ""
        )
        if listed and listed != text:
            text = listed
        if _FUTURE.match(text) or _listless(text):
            if (section == "apologies" and since > 3) or (
                section != "apologies" and _listless(text)
            ):
                section = ""
            continue
        names = _listed(text, section, bool(label))
        if names is None:
            if section == "apologies" and since > 2:
                section = ""
            elif section != "apologies":
                section = "" if len(text.split()) > 14 else section
            continue
        used.add(at)
        _keep(attendance, names, section, paragraph)
    return used


def _reserves(attendance: Attendance, paragraphs: list[Paragraph]) -> set[int]:
    """A table of two columns: the ordinary member, and the reserve who came. Returns the rows' places."""
    heads = [
        at
        for at, one in enumerate(paragraphs[:-1])
        if re.fullmatch(
            r"(?:Ordinary|Absent) Members?|Apolog(?:y|ies)(?: from)?", one.text, re.IGNORECASE
        )
        and re.fullmatch(
            r"(?:Reserve|Substitute)s?(?: Members?)?|Temporary Appointments?",
            paragraphs[at + 1].text,
            re.IGNORECASE,
        )
    ]
    used: set[int] = set()
    for head in heads:
        used |= {head, head + 1}
        apology = paragraphs[head].text.lower().startswith("apolog")
        for at in range(head + 2, len(paragraphs) - 1, 2):
            row, following = paragraphs[at], paragraphs[at + 1]
            away, came = name_list(row.text), name_list(following.text)
            if len(away) != 1 or len(came) != 1 or not away[0].honorific:
                break
            if apology:
                absent = _add_apology(attendance, away[0], row)
            else:
                absent = attendance.people.add(away[0], "absent", row.line)
            _add_substitute(attendance, absent, came[0], following)
            used |= {at, at + 1}
    return used


def _unlabelled(attendance: Attendance, paragraphs: list[Paragraph]) -> None:
    """Names under the heading of minutes without "Present": those who came, to be confirmed."""
    if any(_section_of(one.text)[0] in ("present", "attending") for one in paragraphs):
        return
    for one in paragraphs:
        names = (
            name_list(one.text)
            if re.match(r"^(?:Councillors|Cllrs|COUNCILLORS)\b", one.text)
            else []
        )
        if len(names) < 2 or _APOLOGY.search(one.text) or _listless(one.text):
            continue
        _keep(attendance, names, "present", one)
        attendance.warn(
            one.line,
            "attendance",
            "These names stand in the head without “Present”: taken as those who came; confirm.",
        )


def _section_of(text: str) -> tuple[str, str]:
    """Return which list a line opens, and what stands behind its label."""
    text = re.sub(r"^\(?[a-z0-9]{1,3}[.)]\s+", "", text)
    if _HEADING.match(text) and len(text) < 140:
        return "apologies", ""
    apology = re.match(
        r"^(?:(?:received\s+)?apologies(?: for absence)?(?:\s+received)?|apologies\s*(?:and|/|&)\s*(?:absences?|substitut\w+))\s*(?:[:;]|\s[–-]|[–-]\s|\.\s)\s*[-–]?\s*(?P<rest>.*)$",
        text,
        re.IGNORECASE,
    )
    if apology:
        return "apologies", apology["rest"]
    for pattern, section in (
        (_ABSENT, "absent"),
        (_SUBSTITUTES, "substitute"),
        (_ALSO, "attending"),
        (_PRESENT, "present"),
    ):
        match = pattern.match(text)
        if match and (
            match.end() == len(text)
            or section != "present"
            or text[match.end() - 1] in ":;–-. "
            or HONORIFIC.match(text[match.end() :].strip())
        ):
            return section, text[match.end() :].strip()
    bracketed = re.match(
        r"^\(?(?:apologies)\)?\s+(?=(?:Cllrs?|Councillors?|Mr|Mrs|Ms)\b)(?P<rest>.*)$", text
    )
    if bracketed:
        return "apologies", bracketed["rest"]
    return "", ""


def _sentences_with_names(text: str, section: str, labelled: bool) -> str:
    """Return the sentences at a list's beginning that are names; what is said after them is talk."""
    kept: list[str] = []
    for sentence in sentences(text):
        names = name_list(sentence)
        if not names:
            break
        there = re.search(r"\b(?:was|were) (?:also )?(?:present|in attendance)\b", sentence)
        if section == "present" and there and (kept or labelled):
            kept.append(sentence[: there.start()])
            continue
        if _VERBS.search(re.sub(r"\([^)]*\)", "", sentence)) and len(sentence.split()) > 6:
            break
        kept.append(sentence)
    return " ; ".join(one.rstrip(". ") for one in kept) if kept else ""


def _is_speech(rest: str) -> bool:
    return len(rest) > 400 or bool(re.match(r"^(?:and|of|that|the meeting)\b", rest))


def _listless(text: str) -> bool:
    """Say whether a paragraph is talk and no list of names."""
    return (
        len(text.split()) > 6
        and bool(_VERBS.search(re.sub(r"\([^)]*\)", "", text)))
        and not re.search(r"\b(?:substitut|replaced|in place of)", text)
    )


def _listed(text: str, section: str, labelled: bool) -> list[Name] | None:
    """Return the names of a paragraph that is a list; None where it is not one."""
    names = name_list(text)
    if not names:
        return None
    words = len(re.findall(r"[A-Za-z’'-]+", re.sub(r"\([^)]*\)", "", text)))
    named = sum(
        len(one.name.split()) + len((one.honorific or "").split()) + len((one.post or "").split())
        for one in names
    )
    if not labelled and any(not one.honorific and len(one.name.split()) == 1 for one in names):
        return None
    if not labelled and text.isupper() and not any(one.honorific for one in names):
        return None
    if labelled or named >= words * 0.4 or any(one.honorific for one in names):
        if (
            not labelled
            and not any(one.honorific for one in names)
            and section == "apologies"
            and len(names) == 1
            and len(names[0].name.split()) == 1
        ):
            return None
        return names
    return None


def _sentences_of(
    attendance: Attendance, paragraph: Paragraph, agenda: bool, early: bool, section: str
) -> bool:
    """Read the sentences that speak of apologies or substitutes. Says whether there were any."""
    hit = False
    last: list[Person] = []
    for sentence in sentences(paragraph.text):
        speaks = bool(_APOLOGY.search(sentence))
        if not speaks and last and re.match(r"^(?:Also|And)\b|^.{0,60}\balso from\b", sentence):
            speaks = True
        pair = _PAIR.match(sentence) if early else None
        if pair:
            came, gone = name_list(pair["b"]), name_list(pair["a"])
            if len(came) == 1 and len(gone) == 1:
                known = attendance.people.find(gone[0].name, gone[0].honorific)
                absent = known or attendance.people.add(gone[0], "absent", paragraph.line)
                _add_substitute(attendance, absent, came[0], paragraph)
                hit = True
                continue
        away = re.match(r"^(?P<names>.{4,200}?)\s+(?:was|were) absent\b", sentence)
        if away and not speaks and (last or section):
            _keep(attendance, name_list(away["names"]), "absent", paragraph)
            hit = True
            continue
        if not speaks and last and _only_names(sentence):
            last = last + _keep(attendance, name_list(sentence), "apologies", paragraph)
            continue
        if not speaks and not (
            hit or section == "apologies" or (early and re.search(r"\bsubstitut", sentence))
        ):
            continue
        if _FUTURE.match(sentence) and not re.search(
            r"[–:-]\s*(?:Cllr|Councillor|Mr|Mrs|Ms)", sentence
        ):
            continue
        if _CORRECTION.search(sentence) and re.search(r"\bminutes?\b", sentence, re.IGNORECASE):
            continue
        if not early and not re.search(
            r"apologies\b[^.]{0,60}\b(?:received|absence)\b", sentence, re.IGNORECASE
        ):
            continue
        if _LATE.search(sentence):
            attendance.warn(
                paragraph.line,
                "attendance",
                f"“{sentence[:120]}” is about coming late or leaving early, and was not counted as an apology for absence.",
            )
            hit = True
            continue
        if agenda and not re.search(
            r"\b(?:have been|were|has been|had been) received\b|:\s*(?:Cllr|Councillor)", sentence
        ):
            continue
        if _substitution(attendance, sentence, paragraph, last):
            hit = True
            continue
        if not speaks:
            continue
        attendance.stated = True
        attendance.stated_at.append(paragraph.line)
        if _NO_APOLOGY.search(sentence) and not re.search(
            r"(?<!no )\bapologies\b.{0,30}\bfrom\s+(?:[A-Z]|the)", sentence, 0
        ):
            hit = True
            continue
        parts = _apology_names(sentence)
        hit = hit or bool(parts) or not early
        if parts is None:
            if (
                early
                and re.search(r"\b(?:received|from|sent|gave)\b", sentence)
                and not _HEADING.match(sentence)
            ):
                attendance.warn(
                    paragraph.line,
                    "apologies",
                    f"“{sentence[:140]}” speaks of apologies, but no name could be read in it: check.",
                )
            continue
        last = _keep(attendance, parts, "apologies", paragraph)
    return hit


_PAIR = re.compile(
    r"^(?P<b>(?:Councillor|Cllr)\.?\s[A-Z][\w.’'\s-]{1,40}?)\s+for\s+(?P<a>(?:Councillor|Cllr)\.?\s[A-Z][\w.’'\s-]{1,40}?)\.?$"
)


def _only_names(sentence: str) -> bool:
    """Say whether a sentence is nothing but names, and so goes on with the list before it."""
    names = name_list(sentence)
    if _VERBS.search(sentence):
        return False
    words = re.findall(r"[A-Za-zÀ-ÿ’'-]+", re.sub(r"\([^)]*\)", "", sentence))
    known = sum(len(one.name.split()) + len((one.honorific or "").split()) for one in names)
    return (
        bool(names)
        and known + sentence.count(" and ") >= len(words)
        and not any(len(one.name.split()) < 2 and not one.honorific for one in names)
    )


def _apology_names(sentence: str) -> list[Name] | None:
    """Return who a sentence says sent apologies; None where it names nobody."""
    found: list[Name] = []
    mentions = list(_APOLOGY.finditer(sentence))
    for number, mention in enumerate(mentions):
        end = mentions[number + 1].start() if number + 1 < len(mentions) else len(sentence)
        tail = sentence[mention.end() : end]
        tail = re.sub(
            r"^\s*(?:for|of)\s+(?:absence|non-attendance|absense)\b", "", tail, flags=re.IGNORECASE
        )
        names = _after(tail)
        if names:
            found.extend(names)
    if not mentions and re.search(r"\balso from\b|^(?:also|and)\b", sentence, re.IGNORECASE):
        found = _after(re.sub(r"^.*?\bfrom\b", "from", sentence)) or []
    if found:
        return found
    sent = _SENT.match(sentence)
    if sent:
        names = name_list(
            re.sub(
                r"^(?:[\d/.:\s–-]+|it was (?:noted|reported) that|apologies)\s+",
                "",
                sent["names"],
                flags=re.IGNORECASE,
            )
        )
        names = [one for one in names if one.honorific or len(one.name.split()) > 1]
        if names:
            return names
    return None


def _after(tail: str) -> list[Name]:
    """Return the names behind "apologies": only words of receiving may stand between."""
    tail = tail.strip()
    # "emailed apologies were sent to the Ambleford inbox from Cllr A": what counts stands behind "from".
    named = re.match(r"^[^:;]{0,90}?\bfrom\s+(?=(?:the\s+)?(?:following\b|[A-Z]))", tail)
    if named and not re.search(
        r"\b(?:[A-Z][a-z]+ (?:and|,)|Cllrs?|Councillors?|Mr|Mrs|Ms)\b", named[0]
    ):
        tail = f"from {tail[named.end() :]}"
    opening = re.match(
        r"^(?:[a-z][\w/’'-]*[,\s]*|[\s:;.–—…-]+|\([^)]*\)\s*|Received|Accepted|Noted|(?:The|Council|Clerk|Chairman|Chair|Committee|Members?|RESOLVED|Absence|Following)\b\s*)*",
        tail,
    )
    skipped = opening[0] if opening else ""
    if opening and re.search(r"\b(?:van|de|von|du|di|le)\s+$", skipped):
        skipped = re.sub(r"\b(?:van|de|von|du|di|le)(?:\s+der|\s+den|\s+la)?\s+$", "", skipped)
    words = [word.strip(".,:;–—-()").lower() for word in skipped.split()]
    if any(word and word not in _ALLOWED for word in words):
        joined = " ".join(words)
        if not re.search(r"\b(?:from|by|behalf of)(?: the)?$", joined):
            return []
    if re.search(r"\b(?:no|none|nil)\b", " ".join(words)):
        return []
    rest = tail[len(skipped) :]
    rest = re.split(
        r"\b(?:The reasons?|Reasons?) (?:for|were)\b|\.\s+(?=(?:It|The|There|These|This|RESOLVED|Resolved|Noted|No)\b)|\s+(?:RESOLVED|It was)\b",
        rest,
    )[0]
    return [
        one
        for one in name_list(rest)
        if not (
            one.before
            and re.search(r"\b(?:that|welcomed|thanked|chaired|proposed|seconded)\b", one.before)
        )
    ]


_BY = r"(?:substituted|replaced|represented|deputi[sz]ed)(?: for)?(?: at (?:this|the) meeting)?(?: by| with)|(?:with )?substitute[:\s–-]+"
_FOR = r"(?:substitut(?:ed|ing|e|ion|es)|deputi[sz](?:ed|ing)|standing in|stood in|in (?:the )?place of|in lieu of|attend(?:ed|ing) (?:as|in) (?:a |the |their )?(?:substitutes?|place)|sub)(?: member)?(?: for| of| on behalf of)?"


def _substitution(
    attendance: Attendance, sentence: str, paragraph: Paragraph, last: list[Person]
) -> bool:
    """Read sentences of the form "B substituted for A", and "C and D attended as their substitutes"."""
    if not re.search(r"substitut|deputi[sz]|in (?:the )?place of|replac", sentence, re.IGNORECASE):
        return False
    for match in re.finditer(
        rf"(?P<b>{HONORIFIC.pattern.replace('?P<honorific>', '?:')}?(?:[A-Z][\w.’'-]*\s?){{1,4}})[\s,]*(?:who )?(?:(?:was|is|were|had|has|would|confirmed|that|he|she|they|be|been|also|attending|present|acting)\s+)*(?:as\s+)?(?:a\s+|the\s+)?{_FOR}\s+(?:for\s+)?(?P<a>{HONORIFIC.pattern.replace('?P<honorific>', '?:')}?(?:[A-Z][\w.’'-]*\s?){{1,4}})",
        sentence,
    ):
        if re.search(r"\b(?:by|with)\s*$", sentence[: match.start()]):
            continue
        came, away = name_list(match["b"]), name_list(match["a"])
        if not came or not away or _APOLOGY.search(match["b"]):
            continue
        if _APOLOGY.search(sentence[: match.start()]) and not _APOLOGY.search(
            sentence[: match.start()][-1:]
        ):
            return False
        absent = _add_apology(attendance, away[0], paragraph)
        _add_substitute(attendance, absent, came[0], paragraph)
        attendance.stated = True
        for more_b, more_a in _more_pairs(sentence[match.end() :]):
            _add_substitute(
                attendance, _add_apology(attendance, more_a, paragraph), more_b, paragraph
            )
        return True
    theirs = re.match(
        r"^(?P<names>.+?)\s+(?:(?:were|was|had|both|also|who)\s+)*(?:attend\w*|present|in attendance|acted|acting|appointed|substitut\w+)?\s*(?:as\s+)?(?:their|his|her|the)?\s*(?:respective\s+)?(?:substitut\w+|deputies|deputy)",
        sentence,
    )
    if theirs and last and not _APOLOGY.search(sentence):
        came = name_list(theirs["names"])
        if came:
            sure = len(came) == 1 and len(last) == 1
            for one in came:
                _add_substitute(attendance, last[0] if sure else None, one, paragraph)
            if not sure:
                order = "; ".join(
                    f"{b.name} for {a.name}?" for a, b in zip(last, came, strict=False)
                )
                attendance.warn(
                    paragraph.line,
                    "substitutes",
                    f"The text does not say who came for whom. By their order it would be: {order}",
                )
            return True
    return False


def _more_pairs(text: str) -> list[tuple[Name, Name]]:
    pairs = []
    for match in re.finditer(
        r"(?:,| and)\s+(?P<b>(?:Cllr|Councillor|Mr|Mrs|Ms)?\.?\s?(?:[A-Z][\w.’'-]*\s?){1,4})for\s+(?P<a>(?:Cllr|Councillor|Mr|Mrs|Ms)?\.?\s?(?:[A-Z][\w.’'-]*\s?){1,4})",
        text,
    ):
        b, a = name_list(match["b"]), name_list(match["a"])
        if a and b:
            pairs.append((b[0], a[0]))
    return pairs


def _keep(
    attendance: Attendance, names: list[Name], section: str, paragraph: Paragraph
) -> list[Person]:
    """Keep the names of one list, with what brackets and words between say of substitutes."""
    absent: list[Person] = []
    previous: Person | None = None
    after_substitute = False
    for one in names:
        line = paragraph.line
        if section == "apologies" and absent and _CAME.search(one.rest):
            _add_substitute(attendance, absent[-1] if len(absent) == 1 else None, one, paragraph)
            if len(absent) > 1:
                attendance.warn(
                    line,
                    "substitutes",
                    f"{one.name} came as a substitute, and the text does not say for whom: confirm.",
                )
            continue
        if previous is not None and (
            re.search(
                r"\b(?:substituted|replaced|represented|deputised)(?: at this meeting| for)? by\b|\bsubstitute\b|\bwhom?\b.*\bby\b",
                one.before,
            )
        ):
            _add_substitute(attendance, previous, one, paragraph)
            after_substitute, previous = True, None
            continue
        section_here = _by_note(one, section)
        if section_here == "apologies":
            if after_substitute:
                attendance.warn(
                    line,
                    "apologies",
                    f"{one.name} stands behind a substitute in a list of apologies: taken as sending apologies; ask whether {one.name} was a substitute.",
                )
            person = _add_apology(attendance, one, paragraph)
            absent.append(person)
            previous = person
            after_substitute = False
            _from_words(attendance, person, one, paragraph)
        elif section_here == "substitute":
            _substitute_note(attendance, one, paragraph)
            previous = None
        else:
            person = attendance.people.add(
                one,
                "absent" if section_here == "absent" else "present",
                line,
                kind="officer"
                if one.post and section == "attending" and not is_chair(one)
                else None,
            )
            if section_here == "present" and is_chair(one) and attendance.chair is None:
                attendance.chair = person
            previous = person
    return absent


_CAME = re.compile(
    r"^(?:was |were |also )*(?:attend\w*|present|in attendance|there)\b.{0,12}\b(?:as )?(?:a |the |his |her |their )?substitut|^substitut(?:ed|ing)\W*$",
    re.IGNORECASE,
)


def _by_note(one: Name, section: str) -> str:
    """Return the list that a person belongs to, which words in brackets may change."""
    words = " ".join([*one.notes, one.rest]).lower()
    if section in ("present", "attending") and re.search(r"\bapologies\b|\bapols?\b", words):
        return "apologies"
    if section in ("present", "attending") and re.fullmatch(r"\W*absent\W*", words):
        return "absent"
    if section in ("present", "attending", "substitute") and re.search(
        r"\bin (?:the )?place of\b|\bsubstitut|\bsub\b|\bdeputising\b|^for (?:cllr|councillor|mr|mrs|ms|dr)\b",
        words,
    ):
        return "substitute"
    return section


def _substitute_note(attendance: Attendance, one: Name, paragraph: Paragraph) -> None:
    """Somebody among those present "(in place of A)"."""
    for words in [*one.notes, one.rest]:
        match = re.search(
            r"(?:in (?:the )?place of|substitut\w*(?: member)?(?: for| on behalf of)?|sub for|deputising for|^for(?= (?:Cllr|Councillor|Mr|Mrs|Ms|Dr)\b))[\s:–-]+(?=[A-Z])(.+)$",
            words,
            re.IGNORECASE,
        )
        away = name_list(match[1]) if match else []
        if away:
            absent = attendance.people.find(away[0].name, away[0].honorific)
            if absent is None:
                absent = attendance.people.add(away[0], "absent", paragraph.line)
            _add_substitute(attendance, absent, one, paragraph)
            return
    _add_substitute(attendance, None, one, paragraph)
    attendance.warn(
        paragraph.line,
        "substitutes",
        f"{one.name} is called a substitute, and the text does not say for whom: confirm.",
    )


def _from_words(attendance: Attendance, absent: Person, one: Name, paragraph: Paragraph) -> None:
    """Substitutes in what stands behind a name: "(B substituting)", "who was replaced by B"."""
    for words in [*one.notes, one.rest]:
        if not re.search(
            r"substitut|replac|represent|deputi|in (?:his|her|their) place|\bsub\b",
            words,
            re.IGNORECASE,
        ):
            continue
        clean = re.sub(
            r"\b(?:who|was|were|being|is|substitut\w+|substitute|replaced|represented|deputi\w+|by|with|as|for|whom|attending|attended|member|in|his|her|their|place|sub|a|the|at|this|meeting|at|present|him|them|had)\b|[:–-]\s",
            " ",
            words,
            flags=re.IGNORECASE,
        )
        came = name_list(clean)
        if came:
            _add_substitute(attendance, absent, came[0], paragraph)
            return


def _add_apology(attendance: Attendance, one: Name, paragraph: Paragraph) -> Person:
    person = attendance.people.add(one, "apologies", paragraph.line)
    if person not in attendance.apologies:
        attendance.apologies.append(person)
    attendance.stated = True
    return person


def _add_substitute(
    attendance: Attendance, absent: Person | None, one: Name, paragraph: Paragraph
) -> None:
    person = attendance.people.add(one, "substitute", paragraph.line)
    pair = (absent, person)
    if any(old is person for _, old in attendance.substitutes):
        return
    attendance.substitutes.append(pair)


def is_councillor(person: Person) -> bool:
    return bool(person.honorific and re.match(COUNCILLOR, person.honorific))
