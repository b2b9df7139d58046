"""The head of a document: which committee, which day, what time, where."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from kith.analytics.minutes import dates as days
from kith.analytics.minutes.dates import FoundDate, FoundTime
from kith.analytics.minutes.lines import Document, Line, collapse

_BODY = (
    r"(?:Sub-?\s?Committee|Committee|Cabinet|Panel|Board|Commission|Working (?:Group|Party)|Task (?:and|&) Finish Group"
    r"|Council|Executive|Forum|Parish Meeting|Task Force|Partnership|Group"
    r"|SUB-?\s?COMMITTEE|COMMITTEE|CABINET|PANEL|BOARD|COMMISSION|COUNCIL|PARISH MEETING|WORKING (?:GROUP|PARTY))"
)
_MODERNGOV = re.compile(
    r"^(?P<committee>[A-Z].{2,140}?)\s*[-–—,]\s+(?=(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\d{1,2}(?:st|nd|rd|th)?\s+[A-Z]))"
)
_OLD = re.compile(
    r"\b(?:last|previous|next|following|correct record|true record|approv\w*|confirm\w*|sign(?:ed)?|circulated|adopt\w*|accura\w*"
    r"|publish\w*|posted|issued?|dated|printed|updated|created|uploaded|deadline|received by|agreed at|future|forthcoming|despatch\w*)\b",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(?:held|meeting of|meeting on|minutes of|minutes|to be held|take place|takes? place|will meet|meeting|agenda for|summon\w+|date|on)\b",
    re.IGNORECASE,
)


ENOUGH = 0.1  # what a date in the head must look like a day of meeting


@dataclass
class Head:
    committee: str | None = None
    committee_line: int | None = None
    council: str | None = None
    date: str | None = None
    date_line: int | None = None
    weekday: str | None = None
    weekday_matches: bool | None = None
    start: str | None = None
    start_line: int | None = None
    planned_finish: str | None = None
    venue: str | None = None
    status: str | None = None
    warnings: list[tuple[int | None, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Dated:
    date: FoundDate
    line: Line
    score: float


def read(document: Document, first_item: int | None, *, numbered: bool = True) -> Head:
    """Read the head. `first_item` is the place among the lines of the first numbered item."""
    lines = document.lines
    end = first_item if first_item is not None and first_item > 0 else min(len(lines), 14)
    if not numbered:
        end = min(len(lines), max(end, 12))
    top = lines[: max(3, min(end, 45))]
    head = Head()
    _committee(head, top, lines)
    _date(head, document, top)
    _start(head, document, top)
    _venue(head, document, top)
    for line in top:
        moved = re.search(
            r"[,\s(-](MOVED|CANCELLED|POSTPONED|Moved|Cancelled|Postponed)\)?\s*$", line.text
        )
        if moved and days.dates(line.text):
            head.status = moved[1].lower()
            head.warnings.append(
                (
                    line.number,
                    "status",
                    f"The page says that this meeting was {moved[1].lower()}: check that it took place.",
                )
            )
    return head


def _date(head: Head, document: Document, top: list[Line]) -> None:
    found: list[_Dated] = []
    shown = [line for line in top if line.text]
    for at, line in enumerate(shown):
        before = " ".join(one.text for one in shown[max(0, at - 2) : at] if one.role != "meta")[
            -120:
        ]
        for one in days.dates(line.text):
            found.append(_Dated(one, line, _likeness(one, line, before, at)))
    # A date that the page's end cuts in two: "on Tuesday 6th" / "February 2018".
    for at, (line, following) in enumerate(pairwise(shown)):
        joined = f"{line.text} {following.text}"
        for one in days.dates(joined):
            if one.start < len(line.text) < one.end - 1 and following.role != "meta":
                found.append(_Dated(one, line, _likeness(one, line, "", at) - 0.1))
    if not any(one.score > ENOUGH for one in found):
        found.extend(_in_its_name(document))
    whole = [one for one in found if one.score > ENOUGH]
    if not whole:
        _month_only(head, document, top)
        return
    best = max(whole, key=lambda one: one.score)
    year = best.date.year
    if year is None:
        year = _year_nearby(document, best, found)
        if year is None:
            head.warnings.append(
                (best.line.number, "date", f"“{best.date.words}” has no year: add it.")
            )
            return
        head.warnings.append(
            (
                best.line.number,
                "date",
                f"“{best.date.words}” has no year; {year} stands elsewhere in the text: confirm it.",
            )
        )
    date = FoundDate(best.date.day, best.date.month, year, best.date.weekday, 0, 0, best.date.words)
    head.date, head.date_line, head.weekday = date.iso, best.line.number, date.weekday
    if date.weekday:
        try:
            right = date.right_weekday()
        except ValueError:
            right = None
        head.weekday_matches = right == date.weekday
        if right != date.weekday:
            head.warnings.append(
                (
                    best.line.number,
                    "weekday",
                    f"{best.date.words} was a {right}, not a {date.weekday}: check which of the two is right.",
                )
            )
    if best.line.role == "meta":
        head.warnings.append(
            (
                best.line.number,
                "date",
                "The date comes from what the site put above the text, which may be when it was published: confirm it.",
            )
        )
    elif best.score < 1:
        head.warnings.append(
            (
                best.line.number,
                "date",
                f"The text does not say plainly that the meeting was held on {best.date.words}: confirm it.",
            )
        )
    others = {
        one.date.iso
        for one in whole
        if one.score >= best.score - 0.8 and one.date.iso and one.line.role != "meta"
    } - {head.date}
    for other in sorted(others):
        head.warnings.append(
            (
                best.line.number,
                "date",
                f"The head of the text gives {head.date} and also {other}: check which is the day of the meeting.",
            )
        )


def _likeness(one: FoundDate, line: Line, before: str, at: int) -> float:
    """Return how much a date in the head looks like the day of the meeting."""
    text = line.text
    near = f"{before} {text[: one.start]}"
    score = 1.0 - 0.03 * at
    older = re.search(
        r"\b(?:previous|last|approve|confirm)\b|^minutes:\s", text[: one.start], re.IGNORECASE
    )
    if line.role == "meta":
        key = text.split(":")[0].lower()
        return 0.9 if "meeting" in key else 0.3
    if line.role in ("title", "heading"):
        score += 1.0
    titled = _MODERNGOV.match(text)
    if titled and not re.search(r"\bheld\b|\bminutes\b", titled["committee"], re.IGNORECASE):
        score += 1.5
    if _HELD.search(near[-90:]):
        score += 1.0
    if one.weekday:
        score += 1.0
    if any(True for _ in days.times(text, bare=True)):
        score += 0.6
    if len(text) - (one.end - one.start) < 25:
        score += 0.3
    if (
        re.match(
            r"\W*(?:draft |unconfirmed )*minutes of (?:the |an? )?.{0,80}\bmeeting\b.{0,60}\bheld\b",
            text,
            re.IGNORECASE,
        )
        and not older
    ):
        score += 3.0
    sentence = text.endswith(".") and len(text.split()) > 8
    if sentence and not re.search(
        r"\b(?:held|meeting (?:on|of|will)|summon\w*|takes? place)\b", text, re.IGNORECASE
    ):
        score -= 1.5
    words = re.split(r"[.)\]]\s+(?=[A-Z])", text[: one.start])[-1][-110:]
    notice = re.search(
        r"\bnotice is\b|\bsummoned\b|\bwill be held\b", text[: one.start], re.IGNORECASE
    )
    if (
        not notice
        and (older or _OLD.search(words))
        and (
            older
            or not re.match(
                r"^(?:the\s+)?(?:draft\s+)?(?:unapproved\s+|confirmed\s+|signed\s+|approved\s+|unconfirmed\s+)?minutes\b",
                text,
                re.IGNORECASE,
            )
        )
    ):
        score -= 3.0
    if not notice and re.search(
        r"\b(?:next|previous|last) meeting\b|\bapproved\b.{0,20}$|\bdate of issue\b|\bpublished\b|\bposted\b",
        words,
        re.IGNORECASE,
    ):
        score -= 2.0
    if re.search(
        r"^[^.]{0,60}\b(?:approved|agreed|signed|confirmed|accepted|adopted|correct record)\b",
        text[one.end :],
    ):
        score -= 3.0
    if len(text) > 150 and not re.search(
        r"\bmeeting\b.*\bheld\b|\bmeeting\b.*\bwill be\b|\bsummoned\b", text, re.IGNORECASE
    ):
        score -= 1.5
    if one.year is None:
        score -= (
            0.4
            if one.weekday or re.search(r"\bheld\b|\bmeeting\b", near[-90:], re.IGNORECASE)
            else 1.6
        )
    return score


def _in_its_name(document: Document) -> list[_Dated]:
    """A date in the file's name. One in the body is of other minutes, or of what comes next."""
    return [
        _Dated(one, Line(document.name, 1, role="meta"), 0.2)
        for one in days.dates(document.name.replace("_", " "))
        if one.year
    ]


def _year_nearby(document: Document, best: _Dated, found: list[_Dated]) -> int | None:
    month = {
        text[:4]
        for line in document.lines[:30]
        for text, _ in days.months(line.text)
        if int(text[5:]) == best.date.month
    }
    years = month or {str(one.date.year) for one in found if one.date.year}
    if not years:
        years = set(
            re.findall(r"\b((?:19|20)\d\d)\b", " ".join(line.text for line in document.lines[:12]))
        )
    return int(next(iter(years))) if len(years) == 1 else None


def _month_only(head: Head, document: Document, top: list[Line]) -> None:
    for line in top:
        whole = days.dates(line.text)
        for iso, words in days.months(line.text):
            at = line.text.find(words)
            if _OLD.search(line.text) or any(one.start <= at < one.end for one in whole):
                continue
            head.date, head.date_line = iso, line.number
            head.warnings.append(
                (line.number, "date", f"The text gives only “{words}” and no day: add the day.")
            )
            return
    head.warnings.append((None, "date", "No date of the meeting was found: add it."))


_STARTING = re.compile(
    r"\b(?:commenc(?:ed|ing|es)|start(?:ed|ing|s)?|beg(?:an|inning|ins|un)|open(?:ed|ing|s)?|convened)\b[^.;]{0,45}?$|\bstart(?:ing)? time\W{0,3}$|\btime\W{0,3}$",
    re.IGNORECASE,
)
_NOT_STARTING = re.compile(
    r"\b(?:end(?:ed|ing|s)?|finish\w*|clos(?:ed?|ing|ure)|conclud\w*|terminat\w*|until|adjourn\w*|left|arriv\w*|joined|doors|forum|surgery|by|before|receive|deadline|noon on|reconven\w*|resum\w*)\b[^.]{0,30}$",
    re.IGNORECASE,
)


def _start(head: Head, document: Document, top: list[Line]) -> None:
    found: list[tuple[float, FoundTime, Line, str]] = []
    numbers = {line.number for line in top}
    for at, line in enumerate(top):
        if line.role == "meta":
            continue
        dated = days.dates(line.text)
        before_line = top[at - 1].text[-40:] if at else ""
        after_line = top[at + 1].text[:40] if at + 1 < len(top) else ""
        marked = _blanked(line.text, dated)
        for time in days.times(marked):
            words = marked[: time.start][-60:]
            if (
                re.search(
                    r"\b(?:entered|left|arrived|joined|during|paragraph|section|rule|order|item|minute|deadline)\b",
                    marked,
                    re.IGNORECASE,
                )
                and not dated
            ):
                continue
            if len(marked) > 220 and not dated and not _STARTING.search(words):
                continue
            score = 1.0 - 0.03 * at
            if dated or line.number == head.date_line:
                score += 2.0
            elif days.dates(before_line) or days.dates(after_line):
                score += 1.0
            if _STARTING.search(words):
                score += 1.5
            if re.search(r"\b(?:at|@|,|from)\s*$", words):
                score += 0.6
            if _NOT_STARTING.search(words):
                score -= 3.0
            if (
                not time.sure
                and not re.search(r"\b(?:at|from|time\W*|starting|commencing)\s*$", words)
                and not dated
            ):
                score -= 1.2
            if (
                re.search(r"(?:[-–—]|\bto\b|\buntil\b)\s*$", words)
                and found
                and found[-1][2] is line
            ):
                head.planned_finish = days.likely(time, after=days.likely(found[-1][1]))
                continue
            found.append((score, time, line, words))
    for line in document.lines:
        if line.number in numbers or line.role == "meta":
            continue
        marked = _blanked(line.text, days.dates(line.text))
        for time in days.times(marked):
            words = marked[: time.start][-70:]
            if re.search(
                r"\b(?:meeting|council|committee|chair\w*|mayor|cllr|councillor)\b[^.]{0,60}\b(?:commenced|started|began|(?<!re-)(?<!re)opened|convened|declared open)\b[^.]{0,40}\bat\s*$"
                r"|\bcalled the meeting to order at\s*$|^(?:meeting )?(?:start(?:ed)?|commenced|opened)(?: time)?(?: at)?\W*$",
                words,
                re.IGNORECASE,
            ) and not re.search(
                r"\b(?:next|public session|forum|previous|surgery|event|fete|works?)\b",
                words,
                re.IGNORECASE,
            ):
                found.append((0.9, time, line, words))
    likely = [one for one in found if one[0] > 0.5]
    if not likely:
        return
    best = max(likely, key=lambda one: one[0])
    time = best[1]
    head.start, head.start_line = days.likely(time), best[2].number
    if not time.sure and days.likely(time) != time.clock:
        head.warnings.append(
            (
                best[2].number,
                "start_time",
                f"“{time.words}” does not say morning or afternoon; taken for {head.start}: confirm it.",
            )
        )
    if time.odd:
        head.warnings.append(
            (
                best[2].number,
                "start_time",
                f"“{time.words}” is written with pm though it is past 12: taken for {head.start}.",
            )
        )
    for _, other, line, words in likely:
        if days.likely(other) != head.start and _STARTING.search(words):
            head.warnings.append(
                (
                    line.number,
                    "start_time",
                    f"The head says {head.start}, and line {line.number} that it began at {days.likely(other)}: check.",
                )
            )
            break


def _blanked(text: str, found: list[FoundDate]) -> str:
    """Return a text with its dates as spaces, so that 26.09.12 is no time of day."""
    for one in found:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


_COMMITTEE_IN = re.compile(
    rf"(?P<name>(?:[A-Z][\w’'&.-]*|&)(?:[,\s]+(?:[A-Z(][\w’'&.)/-]*|and|of|the|for|in|on|with|&|/|-|–))*?\s+{_BODY}|{_BODY})\b(?!\s+(?:Tax|House|Housing|Offices?|Chambers?|Rooms?|Hall|officers?|Plan|Services?|Procedure|member))",
)
_LEADING = re.compile(
    r"^(?:(?:the|a|an|draft|unapproved|approved|unconfirmed|confirmed|minutes|record|notes|proceedings|agenda|notice|summons|of|for|to|at|held|annual|ordinary|extraordinary|extra-ordinary|special|general|monthly|full|virtual|remote|statutory|adjourned|inaugural|regular|routine|scheduled|bi-monthly|meetings?|and|frontsheet|pack|printed|public)\b[\s:,–-]*)+",
    re.IGNORECASE,
)


def _committee(head: Head, top: list[Line], lines: list[Line]) -> None:
    found: list[tuple[float, str, Line]] = []
    for at, line in enumerate(top[:25]):
        if line.role == "meta" and not line.text.lower().startswith("title"):
            continue
        text = re.sub(r"^title:\s*[\"']?", "", line.text) if line.role == "meta" else line.text
        moderngov = _MODERNGOV.match(text)
        bonus = (
            (0.8 if line.role in ("title", "heading") else 0.0)
            - 0.05 * at
            - (1.0 if line.role == "meta" else 0.0)
        )
        if moderngov and days.dates(text):
            name = _bare(moderngov["committee"])
            if (
                name
                and not re.search(r"\b(?:held|meeting|minutes|on)\b", name, re.IGNORECASE)
                and not re.match(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", name)
            ):
                found.append((3.5 + bonus, name, line))
                continue
        for name in _names_in(text):
            score = 1.0 + bonus
            if re.fullmatch(
                r"(?:the )?(?:parish |town |county |district |city |borough |full )?(?:council|committee|meeting|group|board|panel)",
                name,
                re.IGNORECASE,
            ):
                score -= 1.0
            if re.search(r"(?:Council|COUNCIL)$", name):
                head.council = head.council or name
                score -= 0.3 if not re.search(r"\b(?:parish|town)\b", name, re.IGNORECASE) else 0.0
            else:
                score += (
                    0.6
                    if re.search(
                        r"(?:Committee|COMMITTEE|Panel|PANEL|Cabinet|CABINET|Board|BOARD|Commission)$",
                        name,
                    )
                    else 0.0
                )
            if re.search(r"\b(?:minutes|meeting|agenda)\b", text, re.IGNORECASE):
                score += 0.7
            if len(text) - len(name) < 12:
                score += 0.5
            if len(text) > 200:
                score -= 1.0
            found.append((score, name, line))
    if found:
        best = max(found, key=lambda one: one[0])
        if best[0] < 0.2 and len(best[1].split()) < 2:
            return
        head.committee, head.committee_line = best[1], best[2].number


def _names_in(text: str) -> list[str]:
    shown = text.title() if text.isupper() else text
    names: list[str] = []
    for match in _COMMITTEE_IN.finditer(shown.replace("Sub-committee", "Sub-Committee")):
        name = _bare(text[match.start() : match.end()])
        if name and len(name.split()) <= 14:
            names.append(name)
    if not names and text.isupper():
        spread = re.sub(r"(?<=\b[A-Z]) (?=[A-Z]\b)", "", text)
        if spread != text and re.search(_BODY, spread, re.IGNORECASE):
            names.append(_bare(collapse(text)))
    if not names:
        lower = re.search(r"\b(?:[A-Z][\w’'-]+ )*(?:parish|town|village|community) council\b", text)
        names = [lower[0]] if lower else []
    return [name for name in names if name and not re.fullmatch(r"(?i)parish|annual", name)]


def _bare(name: str) -> str:
    name = re.sub(
        r"^(?:Agenda and minutes|Agenda|Minutes|Agenda, decisions and minutes|Decisions)\s*[:–-]\s*",
        "",
        name.strip(),
        flags=re.IGNORECASE,
    )
    name = re.sub(
        r"^.*\b(?:meeting|minutes|members|agenda) (?:of|for) (?:the |an? )?",
        "",
        name,
        flags=re.IGNORECASE,
    )
    name = _LEADING.sub("", name).strip(" ,:–-")
    return re.sub(r"\s+(?:meeting|minutes|agenda)$", "", name, flags=re.IGNORECASE)


def _venue(head: Head, document: Document, top: list[Line]) -> None:
    for line in top:
        if line.role == "meta":
            continue
        labelled = re.match(r"^(?:Venue|Location|Place)\s*[:–-]\s*(.+)$", line.text, re.IGNORECASE)
        if labelled:
            head.venue = re.split(r"\.?\s*View directions", labelled[1])[0].strip()
            return
    for at, line in enumerate(top):
        if line.role == "meta":
            continue
        text = (
            line.text
            if len(line.text) > 70 or at + 1 >= len(top)
            else f"{line.text} {top[at + 1].text}"
        )
        held = re.search(
            r"\b(?:held|HELD|Held)\b,?\s+(?:(?:on|ON|at|AT)\b[^A-Za-z]*(?:\d.*?)?\b)?(?:(?:on|ON|On)\b.*?\b)?(?:at|in|AT|IN|via|At|In|remotely via|by)\s+(?:the\s+|THE\s+)?(?P<venue>(?!\d)[A-Z][^\n]*?)(?=\s*(?:,?\s*\b(?:on|ON|On)\b\s|,?\s*\b(?:at|AT|At|@)\b\s+\d|,?\s*(?:commencing|starting|COMMENCING)|\s+\d{1,2}[.:]\d\d|,?\s*(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|MON|TUES|WEDNES|THURS|FRI)[A-Za-z]*(?:day|DAY)\b|\s+\d{1,2}(?:st|nd|rd|th|ST|ND|RD|TH)\b|\s+(?:on|ON)$|\.?\s*$|\.\s))",
            text,
        )
        if held and not _OLD.search(text[: held.start()][-60:]):
            head.venue = held["venue"].strip(" ,.")
            if (
                head.venue not in line.text
                and at + 1 < len(top)
                and not line.text.endswith(("the", "THE", "at", "in"))
            ):
                head.venue = (
                    next((part for part in (held["venue"],) if part in line.text), None)
                    or head.venue
                )
            return
