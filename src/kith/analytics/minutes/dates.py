"""Dates and times of day as English councils write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = "january february march april may june july august september october november december"
MONTHS = _MONTHS.split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
WEEKDAYS = _WEEKDAYS.split()
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = (
    r"(?:(?P<weekday>mon|tue(?:s)?|wed(?:nes)?|thu(?:r|rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"[\s,.:–-]*(?:the\s+)?)?"
)
_DAY = r"(?P<day>\d{1,2})\s{0,2}(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = [
    rf"{_WEEKDAY}(?<!\d){_DAY}\b[\s,.]*(?:day\s+)?(?:of\s+)?(?P<month>{_MONTH})\b[\s,.]*(?:{_YEAR}\b|['’](?P<short>\d\d)\b)?",
    rf"{_WEEKDAY}(?P<month>{_MONTH})\b\.?\s*{_DAY}\b[\s,.]*{_YEAR}\b",
    rf"{_WEEKDAY}(?<![\d/.-])(?P<day>\d{{1,2}})\s?[/.-]\s?(?P<month>\d{{1,2}})\s?[/.-]\s?(?P<year>(?:19|20)?\d\d)(?![\d/.-]\d)\b",
    r"(?P<weekday>)(?<![\d-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
]
_DATES = [re.compile(form, re.IGNORECASE) for form in _FORMS]
_MONTH_ALONE = re.compile(rf"\b(?P<month>{_MONTH})\b[\s,]*{_YEAR}\b", re.IGNORECASE)


@dataclass(frozen=True)
class FoundDate:
    """A date that stands in a text; `year` is None where the text gives none."""

    day: int
    month: int
    year: int | None
    weekday: str | None
    start: int
    end: int
    words: str

    @property
    def iso(self) -> str | None:
        return f"{self.year:04}-{self.month:02}-{self.day:02}" if self.year else None

    def right_weekday(self) -> str | None:
        return WEEKDAYS[date(self.year, self.month, self.day).weekday()] if self.year else None


def month_number(word: str) -> int:
    """Return 1 to 12 for a month's name or its beginning; 0 for any other word."""
    short = word.lower().rstrip(".,")
    if len(short) < 3:
        return 0
    return next(
        (
            at
            for at, name in enumerate(MONTHS, 1)
            if name.startswith(short) or short == "sept" == name[:4]
        ),
        0,
    )


def dates(text: str) -> list[FoundDate]:
    """Return the dates of a text in their order; what is no day of the calendar is left out."""
    found: list[FoundDate] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            one = _date(match)
            if one and not any(one.start < old.end and old.start < one.end for old in found):
                found.append(one)
    return sorted(found, key=lambda one: one.start)


def _date(match: re.Match[str]) -> FoundDate | None:
    parts = match.groupdict()
    month_word = parts["month"]
    month = int(month_word) if month_word.isdigit() else month_number(month_word)
    year_word = parts.get("year") or parts.get("short")
    year = int(year_word) if year_word else None
    if year is not None and year < 100:
        year += 2000
    if match[0].isdigit() or not 1 <= month <= 12:
        return None
    # "may 5" within a sentence is no date: the month must be written with a capital letter.
    if not month_word.isdigit() and month_word[0].islower():
        return None
    try:
        date(year or 2000, month, int(parts["day"]))
    except ValueError:
        return None
    word = (parts["weekday"] or "")[:3].title()
    weekday = next((name for name in WEEKDAYS if word and name.startswith(word)), None)
    end = match.start() + len(match[0].rstrip(" ,.\n"))
    return FoundDate(int(parts["day"]), month, year, weekday, match.start(), end, match[0].strip())


def months(text: str) -> list[tuple[str, str]]:
    """Return months with their year, as "2012-09" and in the text's own words."""
    return [
        (f"{int(match['year']):04}-{month_number(match['month']):02}", match[0])
        for match in _MONTH_ALONE.finditer(text)
        if match[0][0].isupper()
    ]


@dataclass(frozen=True)
class FoundTime:
    """A time of day; `sure` is false where the text does not say morning or afternoon."""

    hour: int
    minute: int
    sure: bool
    start: int
    end: int
    words: str
    odd: bool = False  # "13.12 pm"

    @property
    def clock(self) -> str:
        return f"{self.hour:02}:{self.minute:02}"


_HALF = r"(?P<half>[ap])\s?\.?\s?m\b\.?"
_TIMES = re.compile(
    rf"(?<![\d/£$.:,-])(?:"
    rf"(?P<hour>\d{{1,2}})(?:\s?[.:;-]\s?|\s)(?P<minute>[0-5]\d)\s*(?:{_HALF}|(?P<hrs>(?:hrs|hours)\b))"
    rf"|(?P<hour2>\d{{1,2}})\s*(?P<half2>[ap])\s?\.?\s?m\b\.?"
    rf"|(?P<hour3>[01]\d|2[0-3])(?P<minute3>[0-5]\d)\s*(?:hrs|hours|h\b)"
    rf"|(?P<hour4>\d{{1,2}})[.:](?P<minute4>[0-5]\d)(?![\d%/]|\.\d)"
    rf"|(?P<hour5>\d{{1,2}})\s?o['’]clock(?:\s+in the (?P<half5>morning|afternoon|evening))?"
    rf"|(?P<noon>(?:12(?:[.:]00)?\s)?(?:noon|midday)\b)|(?P<midnight>(?:12(?:[.:]00)?\s)?midnight\b)"
    rf")",
    re.IGNORECASE,
)


def times(text: str, *, bare: bool = True) -> Iterator[FoundTime]:
    """Give the times of day in a text; `bare` takes 13.00 and 7.30 also, without am or pm."""
    for match in _TIMES.finditer(text):
        part = match.groupdict()
        at = (match.start(), match.start() + len(match[0].rstrip()), match[0].strip())
        if part["noon"] or part["midnight"]:
            yield FoundTime(12 if part["noon"] else 0, 0, True, *at)
            continue
        if part["hour4"] and not bare:
            continue
        hour = next(int(value) for key, value in part.items() if key.startswith("hour") and value)
        minute = next((int(v) for k, v in part.items() if k.startswith("minute") and v), 0)
        half = (part["half"] or part["half2"] or part["half5"] or "")[:1].lower()
        if hour > 24 or (hour == 24 and minute):
            continue
        odd = bool(half) and hour > 12
        if half in ("p", "a", "m", "e") and half not in ("a", "m"):
            hour = hour + 12 if hour < 12 else hour
        elif half and hour == 12:
            hour = 0
        elif half == "a" and hour > 12:
            odd = True
        hour %= 24
        sure = bool(half or part["hrs"] or part["hour3"] or hour > 12)
        yield FoundTime(hour, minute, sure, *at, odd)


def likely(time: FoundTime, *, after: str | None = None) -> str:
    """Return a clock for a time; one without am or pm is taken for the likelier half of the day.

    Meetings begin between 8.00 and 19.59 where nothing else is said, and 7.00 is in the evening.
    """
    if time.sure or time.hour >= 12:
        return time.clock
    later = f"{time.hour + 12:02}:{time.minute:02}"
    if after:
        return time.clock if time.clock > after else later
    return later if time.hour < 8 else time.clock
