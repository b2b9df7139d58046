"""The record of a meeting, from the lines of its minutes or agenda."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from kith.analytics.minutes import attendance as attending
from kith.analytics.minutes import checks, items, paragraphs, points, report
from kith.analytics.minutes import dates as days
from kith.analytics.minutes import head as heads
from kith.analytics.minutes.actions import action_of, forward_plan
from kith.analytics.minutes.attendance import Attendance
from kith.analytics.minutes.lines import Document, Line, is_furniture, without_sizes
from kith.analytics.minutes.names import POST_WORDS, Name, read_name, sentences
from kith.analytics.minutes.paragraphs import Paragraph
from kith.analytics.minutes.people import People

_FUTURE = re.compile(
    r"\bwill\b|\bto be (?:considered|discussed|received)\b|\bare (?:invited|asked|requested|recommended) to\b|\bshould\b|\bis (?:invited|asked|requested|recommended) to\b",
    re.IGNORECASE,
)
_INFINITIVE = re.compile(r"^(?:\(?[a-z0-9ivx]{1,3}[.)]\s*)?(?:To|to|TO)\s+[a-z]+", 0)
_PAST = re.compile(
    r"\b(?:was|were|had|gave|stated|reported|noted|agreed|resolved|asked|said|commented|spoke|opened|commended|welcomed|received|approved|discussed|indicated|clarified|responded|identified|requested"
    r"|explained|advised|informed|thanked|confirmed|declared|proposed|considered|expressed|emphasised|highlighted|outlined|presented|introduced|RESOLVED|AGREED|NOTED|told|updated|continued)\b"
)
_CLOSING = re.compile(
    r"\b(?:finish(?:ed|ing|es)?|clos(?:ed|ing|ure|es)|close(?= of| at|\W*\d|\s*[:–-])|end(?:ed|ing|s)?|conclud(?:ed|ing|es)|terminat(?:ed|ing)|rose|dissolved)\b",
    re.IGNORECASE,
)
_NOT_CLOSING = re.compile(
    r"\b(?:briefly|temporarily|public (?:session|forum|participation|question\w*)|open (?:session|forum)|to the (?:public|press)|road|consultation|applications?|closing date|deadline|suspend\w*|reopen\w*|reconven\w*"
    r"|shop|office|gates?|pub|school|library|vote|nominations?|week|survey|exhibition|next meeting|will (?:close|end|finish)|library|post office|car park|bridge|lane|street|event|works?|park|pool|debate)\b",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:meeting|committee|council|business|session|proceedings|chair\w*|mayor|cabinet|panel|board|cllr|councillor|finish(?:ed)?|closed?|closure|ended|concluded)\b",
    re.IGNORECASE,
)


@dataclass
class Item:
    """One item while it is put together."""

    number: str | None
    title: str | None
    lines: list[Line]
    title_line: int | None = None
    confident: bool = True
    title_inferred: str | None = None
    restricted: bool = False
    paragraphs: list[Paragraph] = field(default_factory=list)


def read_meeting(document: Document, doc_type: str) -> dict[str, Any]:
    """Return the record of a meeting's minutes, or of its agenda."""
    lines, headings = items.find(document.lines)
    lines = (
        [
            line
            for line in lines
            if not (
                line.text.isdigit()
                and is_furniture(line.text)
                and not _begins(line, lines, headings)
            )
        ]
        if not headings
        else lines
    )
    document = replace(document, lines=lines)
    width = paragraphs.width_of(lines) if document.kind in ("text", "pdf") else 0
    broken = document.kind in ("text", "pdf")
    flattened = not headings and _is_flattened(lines)
    parts, top = _parts(document, headings, flattened)
    head = heads.read(document, _first(headings, parts, lines, flattened), numbered=bool(headings))
    people = People()
    here = Attendance(people)
    _attendees(document, here)
    agenda = doc_type == "agenda"
    top_paragraphs = paragraphs.of_lines(top, width, broken=broken)
    for item in parts:
        item.paragraphs = paragraphs.of_lines(item.lines, width, broken=broken)
    if flattened:
        parts = _part_apologies(parts)
    attending.read(here, top_paragraphs, agenda=agenda)
    for at, item in enumerate(parts):
        early = at < 4 or bool(
            item.title
            and re.search(r"apolog|attendance|present|substitut", item.title, re.IGNORECASE)
        )
        attending.read(here, item.paragraphs, title=item.title, agenda=agenda, early=early)
    _chair(here, [*top_paragraphs, *(one for item in parts[:5] for one in item.paragraphs)])
    if not agenda:
        for item in parts:
            for one in item.paragraphs:
                points.declare(one, people)
    closing = _closing(document, head.start, agenda)
    talk = points.Talk(people, here.chair)
    record: dict[str, Any] = {
        "file": document.name,
        "doc_type": doc_type,
        "committee": head.committee,
        "date": head.date,
        "weekday": head.weekday,
        "weekday_matches_date": head.weekday_matches,
        "start_time": head.start,
        "finish_time": closing.time,
        "finish_text": closing.text,
        "venue": head.venue,
        "chair": None,
        "quorum": _quorum(lines),
        "council": {"name": head.council, "stated": head.council is not None},
    }
    shown = []
    recommendations: list[dict[str, Any]] = []
    warnings: list[tuple[int | None, str, str]] = []
    for seq, item in enumerate(parts, 1):
        made = _item(
            item, seq, document, talk, closing, agenda, flattened, len(recommendations), warnings
        )
        recommendations.extend(made.pop("_recommendations"))
        shown.append(made)
    people.give_keys()
    people.suggest_same()
    by_name = {one.name: one.key for one in people.all}
    for made in shown:
        made["presenters"] = [by_name.get(name, name) for name in made["presenters"]]
        for point in made["points"]:
            point["speaker"] = by_name.get(point["speaker"]) if point["speaker"] else None
    record["chair"] = here.chair.key if here.chair else None
    record["apologies"] = [one.key for one in here.apologies]
    record["apologies_stated"] = here.stated
    record["substitutes"] = [
        {"for": a.key if a else None, "substitute": b.key} for a, b in here.substitutes
    ]
    record["declarations_of_interest"] = _declarations(shown)
    approved, approving = _approved(shown, parts)
    record["previous_minutes_approved"] = approved
    if approving:
        record["previous_minutes"] = approving
    record["people"] = [
        {
            "key": one.key,
            "name": one.name,
            "honorific": one.honorific,
            "initials": one.initials,
            "post": one.post,
            "kind": one.kind,
            "presence": one.presence,
            "lines": sorted(one.lines),
        }
        for one in people.all
    ]
    record["items"] = shown
    record["recommendations"] = recommendations
    actions = _actions(shown, head.date)
    record["actions"] = actions
    record["forward_plan"] = forward_plan(shown, actions, head.date)
    record["unresolved_initials"] = sorted(talk.unknown_initials)
    record["declared_initials"] = people.declared()
    for letters, line in sorted(talk.unknown_initials.items()):
        warnings.append(
            (
                line,
                "initials",
                f"“{letters}” speaks, and the text does not say who that is: confirm.",
            )
        )
    warnings += head.warnings + here.warnings + people.warnings + closing.warnings
    warnings += checks.of_meeting(
        record, document, head, [one for item in parts for one in item.paragraphs]
    )
    if head.status:
        record["status"] = head.status
    if head.committee is None:
        warnings.append(
            (
                None,
                "committee",
                "The text does not say plainly which committee or council met: add it.",
            )
        )
    if not here.stated and not agenda:
        warnings.append(
            (
                None,
                "apologies",
                "The text says nothing of apologies for absence that could be read: check the list of those present.",
            )
        )
    record["warnings"] = warnings
    return record


def _begins(line: Line, lines: list[Line], headings: list[items.Heading]) -> bool:
    return any(lines[one.at] is line for one in headings)


def _first(
    headings: list[items.Heading], parts: list[Item], lines: list[Line], flattened: bool
) -> int | None:
    if headings:
        return headings[0].at
    if parts and parts[0].lines:
        first = parts[0].lines[0].number
        return next((at for at, line in enumerate(lines) if line.number >= first), None)
    return None


def _is_flattened(lines: list[Line]) -> bool:
    """Say whether this is a ModernGov page as text, with its item numbers lost."""
    named = any(heads._MODERNGOV.match(line.text) and days.dates(line.text) for line in lines[:6])
    return named and (
        any(line.blank_before >= 3 for line in lines)
        or any(points.TRUNCATED.search(line.text) for line in lines)
    )


def _parts(
    document: Document, headings: list[items.Heading], flattened: bool
) -> tuple[list[Item], list[Line]]:
    """Return the items, and the lines above the first."""
    lines = document.lines
    if headings:
        made = []
        for at, heading in enumerate(headings):
            end = headings[at + 1].at if at + 1 < len(headings) else len(lines)
            made.append(_numbered(lines, heading, end, document))
        return made, lines[: headings[0].at]
    if flattened:
        return _by_blanks(lines)
    return _by_headings(lines)


def _numbered(lines: list[Line], heading: items.Heading, end: int, document: Document) -> Item:
    line = lines[heading.at]
    body = list(lines[heading.at + 1 : end])
    restricted = line.number in document.restricted
    if line.role == "item":
        return Item(heading.number, line.text or None, body, line.number, restricted=restricted)
    title, rest = items.title_and_rest(
        heading.rest, _without_number(line.printed, heading.number), line.strong
    )
    if not heading.rest and body:
        first = body[0]
        title, rest = _own_line(first)
        body = body[1:]
        line = first
    if rest:
        body = [
            replace(
                line,
                text=rest,
                blank_before=0,
                role="bullet" if line.role == "bullet" else "",
                strong=False,
                printed=rest,
            ),
            *body,
        ]
    elif title and body and _title_goes_on(title, line, body[0]):
        title = f"{title} {body[0].text}"
        body = body[1:]
    return Item(heading.number, title, body, lines[heading.at].number)


def _own_line(line: Line) -> tuple[str | None, str]:
    """Return the title of an item whose number stands on a line of its own."""
    text = without_sizes(line.text)
    if len(text.split()) <= 30 and not _PAST.search(text) and not re.search(r"[.] [A-Z]", text):
        return text.rstrip(" .:–-") or text, ""
    return items.title_and_rest(line.text, line.printed, line.strong)


def _title_goes_on(title: str, line: Line, following: Line) -> bool:
    return (
        following.blank_before == 0
        and bool(re.match(r"^[a-z(&]", following.text))
        and len(title) > 40
        and len(following.text.split()) <= 8
        and not re.match(r"^[a-z]\)|^\(?[a-z]\)|^\([ivx]+\)", following.text)
        and following.role == ""
    )


def _without_number(printed: str, number: str | None) -> str:
    return re.sub(rf"^\W*{re.escape(number or '')}[\\.):*]*\s*", "", printed) if number else printed


def _by_blanks(lines: list[Line]) -> tuple[list[Item], list[Line]]:
    """Part a flattened page where three or more blank lines stand."""
    start = next(
        (
            at
            for at, line in enumerate(lines)
            if heads._MODERNGOV.match(line.text) and days.dates(line.text)
        ),
        0,
    )
    groups: list[list[Line]] = []
    for line in lines[start + 1 :]:
        if not groups or line.blank_before >= 3:
            groups.append([line])
        else:
            groups[-1].append(line)
    made: list[Item] = []
    pending: list[Line] = []
    for group in groups:
        title_like = _title_like(group[0])
        if len(group) == 1 and title_like and not pending:
            pending = group
            continue
        recommending = made and any(report.RECOMMENDING.match(line.text) for line in made[-1].lines)
        if recommending and not pending and not title_like:
            made[-1].lines.extend(group)
            continue
        whole = pending + group
        pending = []
        if _title_like(whole[0]) and len(whole) > 1:
            made.append(Item(None, whole[0].text, whole[1:], whole[0].number))
        else:
            made.append(Item(None, None, whole, confident=False))
    if pending:
        made.append(Item(None, pending[0].text, [], pending[0].number))
    return made, lines[: start + 1]


def _title_like(line: Line) -> bool:
    text = line.text
    return (
        len(text.split()) <= 12
        and not re.search(r"[.,;:!?]$", text)
        and bool(re.match(r"[A-Z‘“]", text))
        and not points.TRUNCATED.search(text)
        and not (POST_WORDS.search(text) and "," in text)
        and not _PAST.search(text)
        and line.role != "bullet"
    )


def _by_headings(lines: list[Line]) -> tuple[list[Item], list[Line]]:
    """Part a text without numbers at its headings: marked, in capitals, or in words that councils use."""
    starts: list[tuple[int, str, str]] = []
    for at, line in enumerate(lines):
        if line.role in ("meta", "bullet", "title", "label"):
            continue
        text = line.text
        if at == 0 or _is_letterhead(text):
            continue
        words = text.split()
        if (
            (line.strong or line.role == "heading" or (text.isupper() and len(text) > 4))
            and len(words) <= 12
            and not days.dates(text)
        ):
            if (
                not re.search(r"[,;]$", text)
                and not re.match(
                    r"^(?:DRAFT|MINUTES|AGENDA|Minutes|Agenda|Draft|Present|PRESENT|In attendance)\b",
                    text,
                )
                and re.search(r"[A-Za-z]{3}", text)
            ):
                starts.append((at, text, ""))
            continue
        title, rest = items.title_and_rest(text, line.printed)
        if (
            title
            and items.KNOWN.search(title)
            and len(title.split()) <= 8
            and title[0].isupper()
            and line.blank_before
            and not _is_sentence(title)
            and (not rest or text.startswith(title))
        ):
            starts.append((at, title, rest))
    if len(starts) < 2:
        first = next(
            (
                at
                for at, line in enumerate(lines)
                if len(line.text.split()) > 12 and line.role != "meta"
            ),
            min(len(lines), 8),
        )
        return ([Item(None, None, lines[first:], confident=False)] if lines[first:] else []), lines[
            :first
        ]
    made = []
    for number, (at, title, rest) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(lines)
        body = lines[at + 1 : end]
        if rest:
            body = [replace(lines[at], text=rest, strong=False, printed=rest, role=""), *body]
        made.append(Item(None, title.rstrip(" :.–-") or title, body, lines[at].number))
    return made, lines[: starts[0][0]]


def _is_letterhead(text: str) -> bool:
    return (
        bool(re.search(r"\b(?:council|committee)\b", text, re.IGNORECASE))
        and bool(
            re.search(r"\b(?:minutes|meeting|parish council|town council)\b", text, re.IGNORECASE)
        )
        and len(text.split()) < 14
    )


def _is_sentence(text: str) -> bool:
    return bool(_PAST.search(text))


def _part_apologies(parts: list[Item]) -> list[Item]:
    """Apologies that stand at the beginning of a part are an item of their own in a flattened page."""
    made: list[Item] = []
    for item in parts:
        first = item.paragraphs[0] if item.paragraphs else None
        if (
            first
            and item.title is None
            and len(item.paragraphs) > 1
            and re.match(r"^(?:Apologies|There were no apologies)\b", first.text)
        ):
            made.append(
                Item(
                    None,
                    None,
                    item.lines[:1],
                    confident=False,
                    title_inferred="Apologies for absence",
                    paragraphs=[first],
                )
            )
            rest = item.paragraphs[1:]
            made.append(
                Item(
                    None,
                    None,
                    [line for line in item.lines if line.number >= rest[0].line],
                    confident=False,
                    paragraphs=rest,
                )
            )
        else:
            if (
                first
                and item.title is None
                and re.match(r"^(?:Apologies|There were no apologies)\b", first.text)
            ):
                item.title_inferred = "Apologies for absence"
            made.append(item)
    for item in made:
        if (
            item.title is None
            and item.title_inferred is None
            and any(
                re.search(r"\bpage \d+ of the minutes\b|\bmatters arising\b", one.text)
                for one in item.paragraphs
            )
        ):
            item.title_inferred = "Minutes (matters arising)"
    return made


def _attendees(document: Document, here: Attendance) -> None:
    """Take people from a web service's own list of who came."""
    for one in document.attendees:
        name = read_name(one["name"])
        if name is None:
            continue
        line = int(one["line"])
        word = one["attendance"].lower()
        presence = "apologies" if "apolog" in word else "absent" if "absent" in word else "present"
        person = here.people.add(
            name,
            presence,
            line,
            post=one["role"] or None,
            kind="officer" if "officer" in one["role"].lower() else "unknown",
        )
        here.stated = True
        if presence == "apologies" and person not in here.apologies:
            here.apologies.append(person)
        if (
            re.fullmatch(r"chair(?:man|woman|person)?", one["role"].strip(), re.IGNORECASE)
            and presence == "present"
        ):
            here.chair = person
        if "substitut" in word or "substitut" in one["role"].lower():
            here.substitutes.append((None, person))


def _chair(here: Attendance, opening: list[Paragraph]) -> None:
    if here.chair is not None:
        return
    for one in opening:
        match = re.search(
            r"^(?:Chair(?:man|woman|person)?)\s*[:–-]\s*(?P<a>[A-Z].{3,60})$"
            r"|(?P<b>(?:Councillor|Cllr|Mr|Mrs|Ms|Miss|Dr)\.?\s[A-Z][^,.;:]{2,40}?)\s*(?:[,–-]\s*)?(?:\(?(?:in|took) the [Cc]hair\b|\(Chair(?:man|woman|person)?\)|presid(?:ed|ing))",
            one.text,
        )
        if not match:
            continue
        name = read_name(match["a"] or match["b"])
        if name:
            here.chair = here.people.add(name, "present", one.line)
            return


@dataclass
class Closing:
    time: str | None = None
    text: str | None = None
    line: int | None = None
    warnings: list[tuple[int | None, str, str]] = field(default_factory=list)


def _closing(document: Document, start: str | None, agenda: bool) -> Closing:
    """Return when the meeting ended, by its last sentence that says so."""
    closing = Closing()
    stated = document.facts.get("finish")
    found: list[tuple[days.FoundTime, str, int]] = []
    if not agenda:
        for at, line in enumerate(document.lines):
            for sentence in sentences(line.text):
                if (
                    len(sentence) > 320
                    or not _CLOSING.search(sentence)
                    or _NOT_CLOSING.search(sentence)
                    or not _MEETING.search(sentence)
                ):
                    continue
                said = _CLOSING.search(sentence)
                after = sentence[said.start() :] if said else sentence
                whole = sentence
                if (
                    not re.search(r"\d|noon|midnight", after)
                    and at + 1 < len(document.lines)
                    and len(after) < 90
                ):
                    following = document.lines[at + 1]
                    if re.match(r"^(?:at\s+)?\d", following.text) and len(following.text) < 30:
                        whole = f"{sentence} {following.text}"
                        after = f"{after} {following.text}"
                found.extend(
                    (time, whole, line.number) for time in list(days.times(_no_dates(after)))[:1]
                )
    if stated:
        time = next(iter(days.times(stated)), None)
        if time:
            closing.time = days.likely(time, after=start)
            closing.text, closing.line = stated, int(document.facts.get("finish_line", "1"))
    for time, text, number in found:
        clock = days.likely(time, after=start)
        if closing.time and clock != closing.time:
            closing.warnings.append(
                (
                    number,
                    "finish_time",
                    f"The text gives two ends, {closing.time} and {clock}: check which is right.",
                )
            )
        closing.time, closing.text, closing.line = clock, text, number
        if time.odd:
            closing.warnings.append(
                (
                    number,
                    "finish_time",
                    f"“{time.words}” is written with am or pm though it is past 12: taken for {clock}.",
                )
            )
        elif not time.sure and clock != time.clock:
            closing.warnings.append(
                (
                    number,
                    "finish_time",
                    f"“{time.words}” does not say morning or afternoon; taken for {clock}: confirm it.",
                )
            )
    return closing


def _no_dates(text: str) -> str:
    for one in days.dates(text):
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


def _quorum(lines: list[Line]) -> int | None:
    for line in lines[:400]:
        match = re.search(
            r"\bquorum\b(?:[^.]{0,40}?(?:\bis\b|\bof\b|:|=))?\s*(\d{1,2}|[a-z]{3,7})\b",
            line.text,
            re.IGNORECASE,
        )
        number = report.count_of(match[1]) if match else None
        if number:
            return number
    return None


def _item(
    item: Item,
    seq: int,
    document: Document,
    talk: points.Talk,
    closing: Closing,
    agenda: bool,
    flattened: bool,
    recommended: int,
    warnings: list[tuple[int | None, str, str]],
) -> dict[str, Any]:
    """Return one item's record."""
    talk.open_question, talk.questions = None, talk.questions
    body = [one for one in item.paragraphs if not _is_finish(one, closing) and one.role != "meta"]
    agenda_text, presenters, rest = _agenda_part(
        body, talk.people, agenda, flattened, has_labels=any(one.role == "label" for one in body)
    )
    begin, themes, recommendations, more = report.themes_of(rest, "M", first_id=recommended + 1)
    warnings.extend(more)
    arising = bool(
        re.search(r"matters arising", item.title or item.title_inferred or "", re.IGNORECASE)
    )
    number, truncated, marker = item.number, False, None
    made: list[dict[str, Any]] = []
    for one in rest[:begin]:
        if one.role == "label":
            continue
        points.mentions(one, talk.people)
        if made and (one.role == "bullet" or one.mark) and _leads_a_list(made[-1]):
            made[-1].setdefault("list", []).append(points.TRUNCATED.sub("", one.text))
            made[-1]["list_style"] = "numbered" if one.mark else "bulleted"
            continue
        made.extend(points.points_of(one, talk, arising=arising))
    for one in body:
        cut = points.TRUNCATED.search(one.text)
        if cut:
            truncated, marker = True, cut[0].strip()
            number = number or cut["number"]
            warnings.append(
                (
                    one.line,
                    "truncated",
                    f"The page cuts item {cut['number'] or ''} off here: get the full minutes for the rest.",
                )
            )
    used = [number for one in body for number in one.lines]
    first = item.title_line or (min(used) if used else 0)
    title_inferred = item.title_inferred or (
        _inferred(body) if flattened and item.title is None else None
    )
    shown: dict[str, Any] = {
        "seq": seq,
        "number": number,
        "title": item.title,
        "title_inferred": title_inferred,
        "lines": [first, max([first, *used])],
        "agenda_text": agenda_text,
        "presenters": presenters,
        "points": _typed(made, item),
    }
    if themes:
        shown["themes"] = themes
        for theme in themes:
            for finding in theme["findings"]:
                points.mentions(
                    Paragraph(finding["text"], finding["line"], tuple(finding["lines"])),
                    talk.people,
                )
    if truncated:
        shown["truncated"], shown["truncation_marker"] = True, marker
    if item.restricted:
        shown["restricted"] = True
    if flattened and not item.confident:
        if item.title is None and title_inferred is None:
            shown["boundary_confidence"] = "low"
        said = f"; taken for “{title_inferred}”" if title_inferred else ""
        warnings.append(
            (
                first,
                "item",
                f"An item begins here whose number and title are not in the text{said}: confirm.",
            )
        )
    elif item.number is None and not flattened and not item.confident:
        warnings.append(
            (first, "item", "No items could be told apart in this text: part it by hand.")
        )
    shown["_recommendations"] = recommendations
    return shown


def _is_finish(one: Paragraph, closing: Closing) -> bool:
    return (
        closing.line is not None
        and closing.line in one.lines
        and closing.text is not None
        and len(one.text) <= len(closing.text) + 5
    )


def _leads_a_list(point: dict[str, Any]) -> bool:
    return bool(re.search(r":\s*[-–]?$", point["text"])) or "list" in point


def _typed(made: list[dict[str, Any]], item: Item) -> list[dict[str, Any]]:
    """Give points the kind that their item says: apologies, the previous minutes, interests."""
    title = (item.title or item.title_inferred or "").lower()
    for point in made:
        text = point["text"]
        if re.match(r"^apologies\b", text, re.IGNORECASE) or (
            "apolog" in title and re.search(r"\bapolog|\bnone\b|no absence", text, re.IGNORECASE)
        ):
            point["kind"], point["speaker"] = "apologies", None
        elif (
            re.search(r"\bminutes\b", text)
            and re.search(
                r"\b(?:approved|confirmed|signed|agreed|accepted|adopted|true record|correct record|accurate record)\b",
                text,
                re.IGNORECASE,
            )
            and "minutes" in title
        ):
            point["kind"] = "minutes_approved"
        elif "interest" in title and point["kind"] in ("statement", "noted", "lead_in"):
            point["kind"] = "declaration"
    return made


def _agenda_part(
    body: list[Paragraph], people: People, agenda: bool, flattened: bool, *, has_labels: bool
) -> tuple[list[str], list[str], list[Paragraph]]:
    """Return the agenda's words of an item, who was to present, and the paragraphs that are minutes."""
    if has_labels:
        at = next(place for place, one in enumerate(body) if one.role == "label")
        before, rest = body[:at], body[at:]
        # Further titles and links stand under "Additional documents:" until the next label.
        kept: list[Paragraph] = []
        section = ""
        for one in rest:
            if one.role == "label":
                section = one.text.lower()
            elif not section.startswith(("additional", "supporting")):
                kept.append(one)
        texts, presenters = _presented(before, people)
        return texts, presenters, kept
    if agenda:
        texts, presenters = _presented(body, people)
        return texts, presenters, []
    at = 0
    while at < len(body):
        one = body[at]
        if not (_is_agenda(one) or (flattened and _is_noun(one, body, at))):
            break
        at += 1
    if (
        flattened
        and at
        and at == len(body)
        and not any(_is_agenda(one) or _is_presenter(one.text) for one in body)
    ):
        at = 0
    if (
        flattened
        and at > 0
        and not any(_FUTURE.search(one.text) or _is_presenter(one.text) for one in body[:at])
        and not all(re.search(r"[.\w]$", one.text) for one in body[:at])
    ):
        at = 0
    texts, presenters = _presented(body[:at], people)
    return texts, presenters, body[at:]


def _is_agenda(one: Paragraph) -> bool:
    # "will be agreed" is no past.
    text = re.sub(r"\bwill be \w+", "will be", one.text)
    past = _PAST.search(text)
    if past:
        # "To approve the minutes of the meeting held when X was chairman" is still the agenda's.
        plan = _INFINITIVE.match(text) and past.start() > 25 and not past[0].isupper()
        return bool(plan) and not re.search(
            r"[–:-]\s*(?:None|There|Apologies|Resolved|Agreed)", text
        )
    if re.match(r"^(?:None|Nil|There)\b", text):
        return False
    return (
        bool(_INFINITIVE.match(text))
        or bool(
            re.search(
                r"\b[Ww]ill (?:be|give|begin|present|provide|attend|report|update|introduce|consider|receive)\b",
                text,
            )
        )
        or (_is_presenter(text))
    )


def _is_noun(one: Paragraph, body: list[Paragraph], at: int) -> bool:
    """Say whether a paragraph of a flattened page has no verb in it: a line of the agenda."""
    if (
        one.role == "bullet"
        or one.mark
        or report.RECOMMENDING.match(one.text)
        or points.TRUNCATED.search(one.text)
    ):
        return False
    if re.search(
        r"\b(?:is|are|has|have|needs?|viewed|divided|divide|believed|felt|related|went|let|made|took|suggested|recommended)\b",
        one.text,
    ) or _PAST.search(one.text):
        return False
    return (
        len(one.text.split()) <= 16
        and not (
            report.is_title(one)
            and at + 1 < len(body)
            and at > 0
            and not _is_agenda(body[at - 1])
            and not _is_presenter(one.text)
        )
        and re.search(r"[.]$|\b[A-Z]", one.text) is not None
    )


def _is_presenter(text: str) -> bool:
    name, _, post = text.partition(", ")
    one = read_name(name, sure=True)
    return bool(
        one
        and not one.rest
        and post
        and POST_WORDS.search(post)
        and len(text.split()) <= 20
        and len(one.name.split()) > 1
        and not text.endswith(".")
    )


def _presented(body: list[Paragraph], people: People) -> tuple[list[str], list[str]]:
    texts: list[str] = []
    presenters: list[str] = []
    for one in body:
        if one.role == "label":
            continue
        if _is_presenter(one.text):
            name, _, post = one.text.partition(", ")
            found = read_name(name, sure=True)
            if found:
                person = people.add(found, "invited_only", one.line, kind="officer", post=post)
                presenters.append(person.name)
            continue
        for found, post in _announced(one.text):
            person = people.add(found, "invited_only", one.line, kind="officer", post=post)
            presenters.append(person.name)
        texts.append(points.TRUNCATED.sub("", one.text))
    return texts, list(dict.fromkeys(presenters))


def _announced(text: str) -> list[tuple[Name, str]]:
    """Return the officers of "A, Post as well as B, Post and C, Post, will give …"."""
    will = re.search(
        r",?\s+will\s+(?:give|be|present|attend|provide|update|introduce|report|speak)\b", text
    )
    if not will or will.start() > 400:
        return []
    pieces = re.split(
        r"\s+as well as\s+|\s*;\s*|,?\s+and\s+(?=[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){1,2},\s)",
        text[: will.start()],
    )
    found = []
    for piece in pieces:
        name, _, post = piece.partition(", ")
        one = read_name(name, sure=True)
        if one and not one.rest and len(one.name.split()) > 1 and POST_WORDS.search(post):
            found.append((one, post.strip(" ,")))
    return found


def _inferred(body: list[Paragraph]) -> str | None:
    for one in body:
        match = re.search(r"\bdiscussion on (?:the )?((?:[A-Z][\w’'-]+\s?){2,6})", one.text)
        if match:
            return match[1].strip()
    return None


def _declarations(shown: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Return the interests declared; an empty list where the text says none, None where it says nothing."""
    found: list[dict[str, Any]] = []
    said = False
    for item in shown:
        about = bool(re.search(r"\binterests?\b", item["title"] or "", re.IGNORECASE))
        for point in item["points"]:
            text = point["text"]
            if not (about or point["kind"] == "declaration"):
                continue
            if re.search(
                r"^\W*(?:none|nil)\b|\b(?:no|nil)\b[^.]{0,40}\b(?:interests?|declarations?|declared)\b|\bthere were none\b|\bnone (?:were )?(?:declared|received|made)\b|\bno (?:members?|councillors?)\b|\bnothing\b",
                text,
                re.IGNORECASE,
            ):
                said = True
            elif re.search(
                r"\bdeclar\w+\b|\binterest\b", text, re.IGNORECASE
            ) and not _INFINITIVE.match(text):
                said = True
                found.append({"line": point["line"], "text": text})
    return found if said or found else None


def _approved(
    shown: list[dict[str, Any]], parts: list[Item]
) -> tuple[bool | None, dict[str, Any] | None]:
    for item in shown:
        for point in item["points"]:
            text = point["text"]
            titled = re.search(r"\bminutes\b", item["title"] or "", re.IGNORECASE)
            if not (re.search(r"\bminutes\b", text, re.IGNORECASE) or titled):
                continue
            if re.search(
                r"\b(?:approved|confirmed|signed|agreed|accepted|adopted|true record|correct record|accurate record|RESOLVED)\b",
                text,
                re.IGNORECASE,
            ) and not re.search(
                r"\b(?:not|deferred|unable|to be) (?:approved|confirmed|signed|agreed)\b|\bdeferred\b",
                text,
            ):
                if not titled and not re.search(
                    r"\bminutes\b.{0,160}\b(?:approved|confirmed|signed|agreed|accepted|adopted|record)\b|\b(?:approv|agre|confirm|accept|adopt)\w+\b.{0,60}\bminutes\b",
                    text,
                    re.IGNORECASE,
                ):
                    continue
                day = next(
                    (one.iso for one in days.dates(f"{item['title'] or ''} {text}") if one.iso),
                    None,
                )
                return True, {"line": point["line"], "text": text, "of": day}
    return None, None


def _actions(shown: list[dict[str, Any]], date: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for item in shown:
        for point in item["points"]:
            action = action_of(point, date)
            if action:
                action["id"] = f"A{len(found) + 1}"
                action = {"id": action.pop("id"), **action}
                point["action"] = action["id"]
                found.append(action)
    return found
