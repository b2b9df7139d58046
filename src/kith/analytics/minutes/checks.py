"""What does not agree with itself in a document."""

import re
from typing import Any

from kith.analytics.minutes import dates as days
from kith.analytics.minutes.head import Head
from kith.analytics.minutes.lines import Document
from kith.analytics.minutes.names import sentences
from kith.analytics.minutes.paragraphs import Paragraph
from kith.analytics.minutes.report import NUMBER_WORDS, count_of

Warnings = list[tuple[int | None, str, str]]
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(word for word in NUMBER_WORDS if word != 'no')})"
_LATER = re.compile(
    r"\b(?:reconven\w*|resum\w*|re-?open\w*|re-?start\w*|adjourn\w*|rejoin\w*|returned|left|arriv\w*|joined|extend\w*|continu\w*)\b",
    re.IGNORECASE,
)


def of_meeting(
    record: dict[str, Any], document: Document, head: Head, body: list[Paragraph]
) -> Warnings:
    """Return a warning for each thing that cannot all be true."""
    return [
        *_times(record, document, body),
        *_numbers(record),
        *_sub_numbers(record),
        *_lists(record),
        *_votes(record, body),
        *_present(record, body),
        *_next_meeting(record, document),
    ]


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _times(record: dict[str, Any], document: Document, body: list[Paragraph]) -> Warnings:
    warnings: Warnings = []
    start, finish = record["start_time"], record["finish_time"]
    if not finish:
        return warnings
    line = next(
        (
            one.number
            for one in document.lines
            if record["finish_text"] and record["finish_text"][:60] in one.text
        ),
        None,
    )
    if start and _minutes(finish) <= _minutes(start):
        after = _minutes(finish) < 4 * 60 and _minutes(start) >= 17 * 60
        words = "past midnight? Confirm." if after else "one of the two must be wrong."
        warnings.append(
            (
                line,
                "finish_time",
                f"The meeting ended at {finish}, before it began at {start}: {words}",
            )
        )
    elif start and _minutes(finish) - _minutes(start) > 10 * 60:
        warnings.append(
            (
                line,
                "finish_time",
                f"From {start} to {finish} is more than ten hours: check the times.",
            )
        )
    for paragraph in body:
        for sentence in sentences(paragraph.text):
            if not _LATER.search(sentence) or (
                record["finish_text"] and sentence in record["finish_text"]
            ):
                continue
            if re.search(
                r"\b(?:next|meeting on|work|week|month|will|years?|surgery|event|until)\b",
                sentence,
                re.IGNORECASE,
            ):
                continue
            for time in days.times(sentence):
                clock = days.likely(time, after=start)
                if _minutes(clock) > _minutes(finish) and (
                    not start or _minutes(clock) > _minutes(start)
                ):
                    warnings.append(
                        (
                            paragraph.line,
                            "finish_time",
                            f"Line {paragraph.line} speaks of {clock}, later than the end of the meeting at {finish}: check.",
                        )
                    )
    return warnings


def _running(number: str, others: list[str]) -> tuple[int, str] | None:
    """Return the part of an item's number that counts, and the letter behind it."""
    groups = [int(one) for one in re.findall(r"\d+", number)]
    if not groups:
        return None
    letter = re.search(r"\d([A-Za-z])(?=$|/)", number)
    if len(groups) == 1:
        return groups[0], letter[1] if letter else ""
    columns = [[int(one) for one in re.findall(r"\d+", other)] for other in others]
    for at in range(len(groups)):
        values = [column[at] for column in columns if len(column) == len(groups)]
        if len(set(values)) > len(values) / 2:
            return groups[at], letter[1] if letter else ""
    return groups[0], letter[1] if letter else ""


def _numbers(record: dict[str, Any]) -> Warnings:
    """Gaps, repeats and steps back in the items' numbers."""
    warnings: Warnings = []
    numbered = [item for item in record["items"] if item["number"]]
    numbers = [item["number"] for item in numbered]
    last: tuple[int, str] | None = None
    before = ""
    for item in numbered:
        here = _running(item["number"], numbers)
        if here is None:
            continue
        line = item["lines"][0]
        if (
            last is None
            and len(numbered) > 2
            and here[0] in (2, 3)
            and len(re.findall(r"\d+", item["number"])) == 1
        ):
            warnings.append(
                (
                    line,
                    "numbering",
                    f"The items begin with {item['number']}: what came before it is missing or has no number.",
                )
            )
        if last is not None:
            if here == last:
                warnings.append((line, "numbering", f"Two items have the number {item['number']}."))
            elif here[0] < last[0]:
                warnings.append(
                    (line, "numbering", f"Item {item['number']} comes after item {before}.")
                )
            elif here[0] > last[0] + 1:
                missing = (
                    f"{last[0] + 1}"
                    if here[0] == last[0] + 2
                    else f"{last[0] + 1} to {here[0] - 1}"
                )
                warnings.append(
                    (
                        line,
                        "numbering",
                        f"After item {before} comes {item['number']}: {missing} is missing from the text, or was never used.",
                    )
                )
        last, before = here, item["number"]
    years = {
        (re.sub(r"\d+", "", number.split("/", 1)[-1]) and number) or number.split("/")[-1]
        for number in numbers
        if "/" in number
    }
    tails = [number.split("/")[-1] for number in numbers if "/" in number]
    if len(tails) > 2:
        usual = max(set(tails), key=tails.count)
        if tails.count(usual) > len(tails) / 2:
            for item in numbered:
                if "/" in item["number"] and item["number"].split("/")[-1] != usual:
                    warnings.append(
                        (
                            item["lines"][0],
                            "numbering",
                            f"Item {item['number']} ends in another year than the rest (/{usual}).",
                        )
                    )
    del years
    return warnings


def _sub_numbers(record: dict[str, Any]) -> Warnings:
    warnings: Warnings = []
    for item in record["items"]:
        number = item["number"]
        if not number or not re.fullmatch(r"\d+[A-Za-z]?", number):
            continue
        own = re.match(r"\d+", number)
        for point in item["points"]:
            sub = re.match(r"^(\d{1,3})\.(\d{1,2})[.):]?\s+(?=[A-Z])", point["text"]) or re.match(
                r"^(\d{1,3})\.(\d{1,2})$", point.get("mark", "")
            )
            if sub and own and sub[1] != own[0]:
                warnings.append(
                    (point["line"], "numbering", f"{sub[0].strip()} stands under item {number}.")
                )
    return warnings


def _lists(record: dict[str, Any]) -> Warnings:
    """ "3 key outcomes:" must be followed by three."""
    warnings: Warnings = []
    for item in record["items"]:
        for point in item["points"]:
            if "list" not in point:
                continue
            match = re.search(
                rf"\b(?:the |following )*({_NUMBER})\s+(?:[\w’'-]+\s+){{0,4}}[\w’'-]+\s*:\s*[-–]?$",
                point["text"],
                re.IGNORECASE,
            )
            number = count_of(match[1]) if match else None
            if number and number != len(point["list"]):
                warnings.append(
                    (
                        point["line"],
                        "count",
                        f"The text announces {number}, and {len(point['list'])} follow.",
                    )
                )
    return warnings


def _votes(record: dict[str, Any], body: list[Paragraph]) -> Warnings:
    warnings: Warnings = []
    there = sum(
        one["presence"] in ("present", "present_spoke", "substitute")
        and one["kind"] == "councillor"
        for one in record["people"]
    )
    for paragraph in body:
        total, kinds = 0, 0
        for pattern in (
            rf"\b({_NUMBER})\s+(?:votes?\s+|members?\s+|councillors?\s+)?(?:in favour|for\b|agreed)",
            rf"\b({_NUMBER})\s+(?:votes?\s+|members?\s+)?against\b",
            rf"\b({_NUMBER})\s+(?:members?\s+)?abst\w+",
        ):
            match = re.search(pattern, paragraph.text, re.IGNORECASE)
            number = count_of(match[1]) if match else None
            if number is not None:
                total, kinds = total + number, kinds + 1
        listed = sum(one["presence"] in ("present", "substitute") for one in record["people"])
        if kinds >= 2 and there > 2 and listed > 2 and total > there:
            warnings.append(
                (
                    paragraph.line,
                    "count",
                    f"{total} votes are minuted, and {there} councillors are named as present.",
                )
            )
    return warnings


def _present(record: dict[str, Any], body: list[Paragraph]) -> Warnings:
    """A number of councillors present or absent, beside the names."""
    warnings: Warnings = []
    there = sum(
        one["presence"] in ("present", "present_spoke", "substitute")
        and one["kind"] == "councillor"
        for one in record["people"]
    )
    away = len(record["apologies"])
    for paragraph in body[:40]:
        present = re.search(
            rf"\b({_NUMBER})\s+(?:parish |town )?(?:councillors|members of the (?:council|committee))\s+(?:were |was )?(?:present|in attendance|attended)\b",
            paragraph.text,
            re.IGNORECASE,
        )
        number = count_of(present[1]) if present else None
        if number is not None and there and number != there:
            warnings.append(
                (
                    paragraph.line,
                    "count",
                    f"The text counts {number} councillors present, and names {there}.",
                )
            )
        sent = re.search(
            rf"\b({_NUMBER})\s+apologies\b|\bapologies (?:were received )?from ({_NUMBER})\s+(?:members|councillors)\b",
            paragraph.text,
            re.IGNORECASE,
        )
        number = count_of(sent[1] or sent[2]) if sent else None
        if number is not None and number != away:
            warnings.append(
                (paragraph.line, "count", f"The text counts {number} apologies, and names {away}.")
            )
    return warnings


def _next_meeting(record: dict[str, Any], document: Document) -> Warnings:
    warnings: Warnings = []
    date = record["date"]
    if not date or len(date) != 10:
        return warnings
    for line in document.lines:
        match = re.search(r"\bnext (?:\w+ ){0,4}meeting\b", line.text, re.IGNORECASE)
        if not match:
            continue
        for day in days.dates(line.text[match.start() :])[:1]:
            if day.iso and day.iso <= date:
                warnings.append(
                    (
                        line.number,
                        "next_meeting",
                        f"The next meeting is given as {day.iso}, which is not after this one ({date}): check.",
                    )
                )
            if day.weekday and day.year and day.right_weekday() != day.weekday:
                warnings.append(
                    (
                        line.number,
                        "weekday",
                        f"{day.words} is a {day.right_weekday()}, not a {day.weekday}.",
                    )
                )
    return warnings
