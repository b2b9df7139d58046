"""Where the items of a meeting begin, and what number each has."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise

from kith.analytics.minutes.dates import dates, month_number, times
from kith.analytics.minutes.lines import Line

_TOKEN = re.compile(
    r"^\(?(?P<word>(?:Agenda\s+)?(?:Item|Minute|Min|MIN|ITEM|MINUTE)s?\.?(?:\s+(?:No|Number|Ref)\.?)?\s*[:.]?\s*)?"
    r"\*?(?P<token>(?:[A-Z][A-Za-z]{1,4}/|[A-Z]{0,5}\s?[-/.]?\s?)\d{1,5}(?:[A-Z](?![A-Za-z])|[a-z](?=/\d))?(?:(?:\s?[-/]\s?|\.)(?:\d{1,5}|[A-Z]{1,3}(?=[-/.\d]))[A-Za-z]?(?![a-z]))*|\d{1,3}[a-z](?=[.): ]))"
    r"(?P<mark>\s*(?:\.\)|[.):;]|[–—-](?=\s|[A-Z]))*)(?P<space>\s*)(?P<rest>.*)$",
    re.DOTALL,
)
KNOWN = re.compile(
    r"\b(?:apolog(?:y|ies)|declarations?|minutes|matters? arising|public|correspondence|planning|financ\w*|accounts?"
    r"|date of (?:the )?next|next meeting|any other business|aob|highways?|welcome|chair\w*|election|reports?|exclusion"
    r"|urgent|budget|precept|questions?|petitions?|announcements?|work programme|forward plan|clerk|membership|footpaths?"
    r"|police|councillors?|payments?|cheques|items|update|review|strategy|performance|policy|appointment|attendance|present"
    r"|close of meeting|co-?option|substitut\w+|whip|audit|policies|playing field|cemetery|allotments|village|interests?)\b",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"^(?:members? of|people|residents?|parishioners?|electors?|hours?|minutes?|days?|weeks?|months?|years?|pm|am"
    r"|p\.m|a\.m|st|nd|rd|th|per|percent|of|in|for|against|abst\w*|votes?|councillors?|cllrs?|clear|miles?|mph)\b"
    r"|^For\b.{0,20}\bAgainst\b|^(?:Members? of (?:the )?public|Members of Public|Residents|Parishioners|Electors|MPH|PM|AM)\b"
    r"|^(?:%|[Jj]an|[Ff]eb|[Mm]ar(?:ch)?\b|[Aa]pr|[Mm]ay\b|[Jj]une?\b|[Jj]uly?\b|[Aa]ug|[Ss]ept?\b|[Oo]ct|[Nn]ov(?:ember)?\b|[Dd]ec(?:ember)?\b)",
)
_LISTED = re.compile(r"[:;–-]\s*$")
_AGENDA_LEAD = re.compile(
    r"\b(?:agenda|business|transact\w*|summon\w*|items? (?:of|for)|consider\w*|order of|as follows|minutes of|held)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Start:
    """A line that may begin an item."""

    at: int  # the line's place in the list of lines
    number: str
    key: str
    value: int
    suffix: str
    rest: str
    weight: float
    bare: bool = False
    named: bool = False  # "Minute 42"


@dataclass(frozen=True)
class Heading:
    """A line that does begin one."""

    at: int
    number: str | None
    rest: str  # the line without the number


def find(lines: list[Line]) -> tuple[list[Line], list[Heading]]:
    """Return the lines (some parted, where an item began in the middle of one) and where items begin."""
    if any(line.role == "item" for line in lines):
        return lines, [
            Heading(at, line.item or None, line.text)
            for at, line in enumerate(lines)
            if line.role == "item"
        ]
    candidates = _candidates(lines)
    chain = _best(candidates)
    if len(chain) < 2:
        return lines, []
    lines, chain = _with_those_in_mid_line(lines, chain)
    return lines, [Heading(one.at, one.number, one.rest) for one in chain]


_CODE = re.compile(
    r"(?:(?<=\s)|^)(?P<token>(?:[A-Z][A-Za-z]{0,4}/)?\d{1,4}/\d{2,4}(?:[-/]\d{2,4})?)(?=\s+[A-Z])"
)


def parted(lines: list[Line]) -> list[Line]:
    """Part lines that hold a whole page, where numbers follow each other in them: Cou/285/07-08, or 1. 2. 3."""
    made: list[Line] = []
    for line in lines:
        cuts = _cuts(line.text) if len(line.text) > 1000 else []
        for start, end in pairwise([0, *cuts, len(line.text)]):
            text = line.text[start:end].strip()
            if text:
                whole = not cuts
                blank = line.blank_before if start == 0 else 0
                made.append(
                    line if whole else replace(line, text=text, printed=text, blank_before=blank)
                )
    return made


def _cuts(text: str) -> list[int]:
    """Return where the items of a page in one line begin; nothing where fewer than three do."""
    found = list(_CODE.finditer(text))
    shapes = [re.sub(r"\d", "#", one["token"]) for one in found]
    usual = max(set(shapes), key=shapes.count) if shapes else ""
    codes = [one.start() for one, shape in zip(found, shapes, strict=True) if shape == usual]
    plain: list[int] = []
    for match in re.finditer(r"(?:(?<=\s)|^)(\d{1,2})\.\s+(?=[A-Z]|\d{1,2}\.\d)", text):
        if int(match[1]) == len(plain) + 1:
            plain.append(match.start())
    best = max(codes, plain, key=len)
    return best if len(best) >= (3 if best is codes else 4) else []


def _candidates(lines: list[Line]) -> list[Start]:
    found: list[Start] = []
    for at, line in enumerate(lines):
        if line.role in ("meta", "label") or (
            line.role == "bullet" and not re.fullmatch(r"\d{1,3}\.", line.text)
        ):
            continue
        for number, key, value, suffix, rest, bare in _readings(line):
            named = bool(
                re.match(r"(?:Minute|Min)\b", line.text, re.IGNORECASE)
            ) and not number.startswith("Min")
            weight = _weight(lines, at, rest, bare)
            if weight is not None:
                found.append(Start(at, number, key, value, suffix, rest, weight, bare, named))
    return _without_lists(lines, found)


def _readings(line: Line) -> list[tuple[str, str, int, str, str, bool]]:
    """Return the ways a line's beginning can be taken for an item's number."""
    match = _TOKEN.match(line.text)
    if not match:
        return []
    token, rest, mark = match["token"].strip(), match["rest"].strip(), match["mark"].strip()
    if any(day.start == 0 for day in dates(line.text[:40])) and not re.match(
        r"^\d{1,2}[.)] ", line.text
    ):
        return []
    if any(time.start == 0 for time in times(line.text[:12], bare=False)):
        return []
    whole = re.sub(r"\s", "", token)
    if re.match(r"^(?:19|20)\d\d$", whole) and not mark:
        return []
    # 33A, 27a, and 41a/19: the letter counts on within one number.
    suffix = re.search(r"\d([A-Za-z])(?=$|/\d)", whole)
    letter = suffix[1] if suffix else ""
    body = whole[: suffix.start(1)] + whole[suffix.end(1) :] if suffix else whole
    groups = list(re.finditer(r"\d+", body))
    if not groups or (rest[:1].islower() and not (match["word"] or mark)):
        return []
    bare = not mark and len(groups) == 1 and not match["word"] and not re.match(r"[A-Z]", whole)
    ways = []
    for group in groups:
        key = f"{body[: group.start()]}#{body[group.end() :]}"
        value = int(group[0])
        if len(group[0]) <= 5:
            ways.append((whole, key, value, letter, rest, bare))
    return ways


def _weight(lines: list[Line], at: int, rest: str, bare: bool) -> float | None:
    """Return how much a numbered line looks like the beginning of an item; None where it cannot be one."""
    line = lines[at]
    weight = 0.6 if bare else 1.0
    if not rest:
        following = next((one for one in lines[at + 1 : at + 2]), None)
        if following is None or following.text[:1].islower() or re.match(r"^[\d£]", following.text):
            return None
        weight -= 0.1
        rest = following.text
    if bare:
        if (
            not re.match(r"^[A-Z“‘\"'(]", rest)
            or _NOT_AFTER.match(rest)
            or month_number(rest.split()[0])
        ):
            return None
    elif _NOT_AFTER.match(rest) and rest[:1].islower():
        return None
    if re.match(r"^[£%+=]|^\d+[.,]?\d*$", rest):
        return None
    head = re.split(r"[:.–]\s|\s{2,}", rest)[0]
    if KNOWN.search(head[:80]):
        weight += 0.6
    if len(rest.split()) <= 10 and not rest.endswith((".", ";", ",")):
        weight += 0.3
    if line.strong or line.role == "heading" or (head.isupper() and len(head) > 3):
        weight += 0.6
    if line.blank_before:
        weight += 0.2
    if line.indent >= 4:
        weight -= 0.3
    if rest[:1].islower():
        weight -= 0.5
    return weight


def _without_lists(lines: list[Line], found: list[Start]) -> list[Start]:
    """Leave out 1, 2, 3 that follow each other after a colon: they belong to the paragraph above."""
    by_line = {one.at: one for one in found if one.key == "#"}
    listed: set[int] = set()
    for at in sorted(by_line):
        if by_line[at].value != 1 or at == 0 or at in listed:
            continue
        before = lines[at - 1].text
        if not re.search(r":\s*[-–]?$", before) or (
            _AGENDA_LEAD.search(before) and not _nearby_start(by_line, at)
        ):
            continue
        if len(before.split()) <= 2 and not before.lower().startswith(
            ("resolved", "recommend", "agreed")
        ):
            continue
        value, place = 1, at
        run = [at]
        for step in range(at + 1, min(len(lines), at + 80)):
            one = by_line.get(step)
            if one and one.value == value + 1:
                value, place = one.value, step
                run.append(step)
            elif step - place > 2:
                break
        listed.update(run)
    others = [one for one in by_line if one not in listed]
    if listed and not others and not any(one.key != "#" for one in found) and len(listed) > 4:
        return found
    return [one for one in found if one.at not in listed]


def _nearby_start(by_line: dict[int, Start], at: int) -> bool:
    return any(one.value > 1 for place, one in by_line.items() if place < at)


def _best(found: list[Start]) -> list[Start]:
    """Return the run of numbers that is likeliest to be the meeting's own."""
    groups: dict[str, list[Start]] = defaultdict(list)
    for one in found:
        groups[one.key].append(one)
    best: list[Start] = []
    best_score = 0.0
    for key, members in groups.items():
        score, chain = _chain(members)
        steps = len({one.value for one in chain})
        if steps < 3 and all(one.named for one in chain):
            continue  # "Minute 42" and "Minute 44" under matters arising
        if steps < 2 and not (len(chain) == 1 and key != "#" and re.search(r"[/]", key)):
            continue
        if key == "#":
            score += 1.0 if chain[0].value == 1 else 0.0
        elif re.fullmatch(r"#\.\d+", key):
            score *= 1.0 if key == "#.0" else 0.45
        elif re.fullmatch(r"\d+\.#", key):
            # 13.1, 13.2 are the paragraphs of item 13, unless each is a heading: 21.44, 21.45.
            headed = sum(
                len(one.rest.split()) <= 12 and not _VERB.search(one.rest) for one in chain
            )
            if headed < len(chain) * 0.7:
                continue
            score *= 0.45
        else:
            score *= 1.5
        if score > best_score:
            best, best_score = chain, score
    return best


def _chain(members: list[Start]) -> tuple[float, list[Start]]:
    scores: list[float] = []
    before: list[int | None] = []
    for here, one in enumerate(members):
        top, came = one.weight, None
        for there in range(max(0, here - 60), here):
            old = members[there]
            if old.at == one.at:
                continue
            step = _step(old, one)
            if step is not None and scores[there] + step + one.weight > top:
                top, came = scores[there] + step + one.weight, there
        scores.append(top)
        before.append(came)
    if not scores:
        return 0.0, []
    place: int | None = max(range(len(scores)), key=lambda at: scores[at])
    total = scores[place] if place is not None else 0.0
    chain: list[Start] = []
    while place is not None:
        chain.append(members[place])
        place = before[place]
    return total, chain[::-1]


def _step(old: Start, new: Start) -> float | None:
    """Return what going from one number to the next is worth; None where it cannot be."""
    by = new.value - old.value
    if by == 1:
        return 1.0 if not new.suffix or new.suffix in "aA" else 0.4
    if by == 0:
        if new.suffix > old.suffix:
            return 0.6
        return -0.9 if new.weight >= 1.4 and not new.suffix and not new.bare else None
    if 2 <= by <= 3:
        return -0.6
    if 4 <= by <= 12:
        return -1.6
    return None


def _with_those_in_mid_line(
    lines: list[Line], chain: list[Start]
) -> tuple[list[Line], list[Start]]:
    """Find the numbers that the run lacks in the middle of lines, and part those lines there."""
    made = list(lines)
    whole = list(chain)
    key = chain[0].key
    done = 0
    while done < 200:
        done += 1
        hit = _next_gap(made, whole, key)
        if hit is None:
            break
        at, cut, number, value, rest, place = hit
        old = made[at]
        left, right = old.text[:cut].rstrip(), old.text[cut:].strip()
        made[at : at + 1] = [
            replace(old, text=left),
            replace(
                old, text=right, blank_before=0, printed=right, indent=0, strong=False, role=""
            ),
        ]
        whole = [replace(one, at=one.at + 1) if one.at > at else one for one in whole]
        whole.insert(place, Start(at + 1, number, key, value, "", rest, 1.0))
        # The heading's own line has got shorter.
        whole = [
            replace(
                one, rest=one.rest[: max(0, len(one.rest) - (len(old.text) - len(left)))].rstrip()
            )
            if one.at == at and one.rest and old.text.endswith(one.rest)
            else one
            for one in whole
        ]
    return made, whole


def _next_gap(
    lines: list[Line], chain: list[Start], key: str
) -> tuple[int, int, str, int, str, int] | None:
    spans: list[tuple[Start | None, Start | None]] = (
        [(None, chain[0])] if chain[0].value == 2 else []
    )
    spans += [(a, b) for a, b in pairwise(chain) if b.value - a.value > 1]
    spans.append((chain[-1], None))
    for old, new in spans:
        value = old.value + 1 if old else chain[0].value - 1
        shape = re.escape(key).replace(r"\#", f"0*{value}").replace("#", f"0*{value}")
        first = old.at if old else max(0, chain[0].at - 12)
        last = new.at if new else min(len(lines), first + 40)
        pattern = re.compile(
            rf"(?:(?<=[.!?;:)”’])|(?<=[a-z0-9])(?=\s)|(?<=\s\s))\s*(?<![\d£.,/])(?P<token>{shape})(?P<mark>[.):]|\\\.)?\s*(?P<rest>[A-Z“‘\"'].*)$",
            re.DOTALL,
        )
        for at in range(first, last):
            if lines[at].role in ("meta", "label"):
                continue
            for match in pattern.finditer(lines[at].text):
                if not match["mark"] and re.fullmatch(r"#(?:\.0)?", key):
                    continue
                left = lines[at].text[: match.start("token")].rstrip()
                # "see minute 6. The" is talk: the number must stand behind a sentence's end, or before known words.
                ended = left.endswith((".", "!", "?", ";", ":", ")", "”"))
                if not left or re.search(
                    r"\b(?:item|minute|min|no|page|para|paragraph|section|and|to|of|policy|the|at|on|plot|phase|class)\.?$",
                    left,
                    re.IGNORECASE,
                ):
                    continue
                if not ended and not (KNOWN.search(match["rest"][:40]) and new is not None):
                    continue
                if month_number(match["rest"].split()[0]):
                    continue
                place = chain.index(old) + 1 if old else 0
                return at, match.start("token"), match["token"], value, match["rest"].strip(), place
    return None


def title_and_rest(rest: str, printed: str = "", strong: bool = False) -> tuple[str | None, str]:
    """Part an item's first line into its title and what is said after it on the same line."""
    rest = re.sub(r"^\d{1,3}\.\s+(?=[A-Z])", "", rest.strip())
    if not rest:
        return None, ""
    spaced = re.split(r"\t+|[ \u00a0]{4,}", printed.strip())
    if len(spaced) > 1:
        spaced = [one.strip() for one in spaced if one.strip()]
        tail = " ".join(" ".join(spaced[-1].split()).split())
        tail = re.sub(r"\*\*|\\", "", tail).strip()
        if len(spaced) >= 2 and tail and rest.endswith(tail) and len(tail) < len(rest):
            head = rest[: -len(tail)].strip()
            if head and len(head.split()) <= 14:
                return _clean(head), tail
    if rest.endswith(":") and len(rest.split()) <= 12:
        return _clean(rest), ""
    if rest.isupper() and len(rest) < 240:
        return _clean(rest), ""
    colon = re.match(
        r"^([^:.;]{2,90}?)\s*(?::\s*[-–]?|\s[–—-]{1,2}\s|\.\s+[–-]\s|:\s)\s*(\S.*)$", rest
    )
    if colon and len(colon[1].split()) <= 12:
        return _clean(colon[1]), colon[2].strip()
    if strong and len(rest) < 160:
        return _clean(rest), ""
    stop = re.match(r"^([^.]{2,70})\.\s+(\S.*)$", rest)
    if stop and len(stop[1].split()) <= 8 and not _VERB.search(stop[1]):
        return _clean(stop[1]), stop[2].strip()
    if len(rest.split()) <= 26 and not _VERB.search(rest) and len(rest) < 200:
        if rest.endswith(".") and len(rest.split()) > 9 and not re.match(r"^To\s", rest):
            return None, rest
        return _clean(rest), ""
    if re.match(
        r"^To (?:receive|consider|approve|note|agree|confirm|discuss|resolve|elect|sign|review)",
        rest,
        re.IGNORECASE,
    ) and not _VERB.search(rest):
        return _clean(rest), ""
    capitals = re.match(
        r"^([A-Z][A-Z’'&/,\s()-]{4,80}?)\s+(?=[A-Z“‘]?[a-z]|[A-Z][a-z]|[A-Z] [a-z])(\S.*)$", rest
    )
    if capitals and len(capitals[1].split()) <= 10 and len(capitals[1]) > 5:
        # "APOLOGIES FOR ABSENCE were received from Mr S": the words in capitals are part of the sentence.
        return _clean(capitals[1]), rest if capitals[2][0].islower() else capitals[2].strip()
    known = re.match(
        r"^((?:Apologies(?: for [Aa]bsence)?|Declarations? of [Ii]nterests?|Minutes of (?:the )?(?:last|previous) [Mm]eeting|Matters [Aa]rising|Public (?:Participation|Forum|Session)"
        r"|Correspondence|Planning|Finance|Highways|Any [Oo]ther [Bb]usiness|Date of (?:the )?[Nn]ext [Mm]eeting|Election of (?:Vice[- ])?Chair(?:man|person)?))\s+((?:It|The|There|Cllrs?|Councillors?|No|None|Apologies|Nil|Mr|Mrs|Ms|a\)|\(a\))\b.*)$",
        rest,
    )
    if known:
        return _clean(known[1]), known[2].strip()
    return None, rest


_VERB = re.compile(
    r"\b(?:was|were|is|are|had|has|have|will|would|reported|agreed|resolved|noted|approved|received(?! from)|proposed|said|asked|advised|informed|gave|stated|welcomed"
    r"|thanked|explained|accepted|signed|being|confirmed|elected|RESOLVED|AGREED|NOTED|discussed)\b"
)


def _clean(title: str) -> str:
    return title.strip().rstrip(".:;–-").strip() or title.strip()
