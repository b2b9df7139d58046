"""Look-up keys: the ways in which a person can be found by equality alone.

Row-level security lets the database use an index only for equality. So what is loose about a
search is worked out here, before it is asked. Few keys are kept for each person (about six):

    n:okafor       each word of the given names, family name and the name they are known as;
                   and names of several words written as one ("n:annemarie", "n:vanderberg")
    b:2015-03-12   date of birth, or the date on which a baby is expected
    p:OX41AA       each postcode of the family
    t:07700900982  telephone, digits only;   e:name@example.com  e-mail

For each word that occurs in anybody's name it is kept once, as in a dictionary, in which forms it
may be meant:

    h:oka_or       with one letter hidden: two words one letter apart are the same with that letter
                   hidden, or one of them is the other with a letter more
    s:AKFR         how it sounds (double metaphone, both readings)
    k:catherine    the full names that it may be short for

So a word that is asked for leads to some forty forms, the forms to the words that occur, and those
to people. Slips of dates are worked out by whoever asks: day and month swapped, a digit mistyped or
a year out.
"""

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kith.analytics.linkage import names

EXACT, NICKNAME, SOUND, SLIP = 10, 8, 6, 5  # what a key is worth to a first ranking
LONGEST_KEY = 60
MOST_WORDS = 6
SHORTEST_SLIP = 3  # letters; of shorter words one letter less says too little
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\b([FRC])(?:[- ]?(\d{4})(?:[- ]|(?=\d{6}\b))|-?)(\d{1,9})\b", re.IGNORECASE
)
# A request's number as many people say it, without its letter.
_NUMBER = re.compile(r"(?<![\w-])(20\d{2})-(\d{6})(?![\w-])")
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")
_PHONE = re.compile(r"(?<![\d/.-])\+?\d[\d ()]{7,18}\d(?![\d/.-])")
_DATE_NUMBERS = re.compile(r"\b(\d{1,4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,4})\b")
_DATE_WORDS = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]{3,9})\.?,?\s+(\d{4}|\d{2})\b", re.IGNORECASE
)
_DATE_SOLID = re.compile(r"\b(\d{8})\b")


def keys_of(
    *,
    given_names: str,
    family_name: str,
    known_as: str = "",
    other_names: Iterable[str] = (),
    birth: date | None = None,
    postcodes: Iterable[str] = (),
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
) -> set[str]:
    """Return the keys under which a person is kept. `birth` may be the date a baby is expected."""
    keys = {
        f"n:{word}"
        for name in (given_names, known_as, family_name, *other_names)
        for word in _words(name)
    }
    if birth:
        keys.add(f"b:{birth.isoformat()}")
    keys |= {f"p:{solid}" for postcode in postcodes if (solid := solid_postcode(postcode))}
    keys |= {f"t:{digits}" for phone in phones if (digits := phone_digits(phone))}
    keys |= {f"e:{email.strip().casefold()}" for email in emails if email.strip()}
    return {key[:LONGEST_KEY] for key in keys}


def _words(name: str) -> list[str]:
    several = [names.joined(name)] if len(names.words(name)) > 1 else []
    return [*names.telling(name), *several]


def forms_of(word: str) -> set[str]:
    """Return the forms in which a word of a name may be meant: hidden, sound, full names."""
    return {f"h:{hidden}" for hidden in one_letter_hidden(word)} | _heard_or_short(word)


def _heard_or_short(word: str) -> set[str]:
    return {f"s:{sound}" for sound in names.sounds(word)} | {
        f"k:{root}" for root in names.roots(word)
    }


def is_form(key: str) -> bool:
    """Say whether a key leads to words of names, and not to people."""
    return key[:2] in ("h:", "s:", "k:")


def name_keys(name: str) -> set[str]:
    """Return the keys by which somebody of this name is looked up in any spelling: the words, how
    they sound and what they may be short for."""
    words = {f"n:{word}"[:LONGEST_KEY] for word in _words(name)}
    return words.union(*(_heard_or_short(word) for word in names.telling(name)))


@dataclass(frozen=True)
class Asked:
    """What a line of search text asks for. `births` are the readings of each date given."""

    words: tuple[str, ...] = ()
    births: tuple[date, ...] = ()
    postcodes: tuple[str, ...] = ()  # without the space: OX41AA
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # as printed: F-004217, R-2026-004217

    def __bool__(self) -> bool:
        return any(
            (self.words, self.births, self.postcodes, self.phones, self.emails, self.references)
        )


def read_search(text: str) -> Asked:
    """Return what a search asks for, whatever order it is typed in. Never fails."""
    text = text[:300].replace("\x00", " ")
    births: list[date] = []

    def take(pattern: re.Pattern[str]) -> list[re.Match[str]]:
        nonlocal text
        found = list(pattern.finditer(text))
        text = pattern.sub(" ", text)
        return found

    emails = [match[0].casefold() for match in take(_EMAIL)]
    for match in take(_DATE_NUMBERS):
        births += _dates_of_numbers(*match.groups())
    month_words = [match for match in _DATE_WORDS.finditer(text) if _month(match[2])]
    for match in month_words:
        births += _dates(match[1], str(_month(match[2])), match[3])
        text = text.replace(match[0], " ", 1)
    references = [_printed(*match.groups()) for match in take(_REFERENCE)]
    references += [_printed("R", *match.groups()) for match in take(_NUMBER)]
    postcodes = [(match[1] + match[2]).upper() for match in take(_POSTCODE)]
    for match in _DATE_SOLID.finditer(text):
        solid = match[1]
        if read := _dates(solid[:2], solid[2:4], solid[4:]) or _dates(
            solid[6:], solid[4:6], solid[:4]
        ):
            births += read
            text = text.replace(solid, " ", 1)
    phones = [digits for match in take(_PHONE) if (digits := phone_digits(match[0]))]
    # What holds a digit and is nothing of the above is no name: "OX16" is not somebody called Ox.
    text = re.sub(r"\w*\d\w*", " ", text)
    return Asked(
        words=tuple(dict.fromkeys(names.words(text)))[:MOST_WORDS],
        births=tuple(dict.fromkeys(births))[:4],
        postcodes=tuple(dict.fromkeys(postcodes))[:4],
        phones=tuple(dict.fromkeys(phones))[:4],
        emails=tuple(dict.fromkeys(emails))[:4],
        references=tuple(dict.fromkeys(references))[:4],
    )


def asked_keys(asked: Asked) -> list[dict[str, int]]:
    """Return, for each thing asked, the keys and forms that may answer it and what each is worth.

    A person answers a thing once, by its best key; people are ranked by the sum.
    """
    things: list[dict[str, int]] = []
    for number, word in enumerate(asked.words):
        if word in names.PARTICLES and len(asked.words) > 1:
            continue
        keys = dict.fromkeys(slips(word), SLIP)
        keys |= {f"s:{sound}": SOUND for sound in names.sounds(word)}
        roots = names.roots(word) | {word}
        keys |= {f"k:{root}": NICKNAME for root in roots}
        keys |= {f"n:{root}": NICKNAME for root in roots}
        # "Mac Donald" is found as "macdonald", and "Anne Marie" as "annemarie".
        for pair in (
            asked.words[max(0, number - 1) : number + 1],
            asked.words[number : number + 2],
        ):
            keys[f"n:{''.join(pair)}"] = EXACT
        keys[f"n:{word}"] = EXACT
        things.append(keys)
    for birth in asked.births:
        things.append(
            {f"b:{slip.isoformat()}": SLIP for slip in birth_slips(birth)}
            | {f"b:{birth.isoformat()}": EXACT}
        )
    if len(asked.births) > 1:  # readings of one date, not several things
        births = things[-len(asked.births) :]
        del things[-len(asked.births) :]
        merged: dict[str, int] = {}
        for keys in births:
            merged |= {key: max(worth, merged.get(key, 0)) for key, worth in keys.items()}
        things.append(merged)
    things += [{f"p:{postcode}": EXACT} for postcode in asked.postcodes]
    things += [{f"t:{phone}": EXACT} for phone in asked.phones]
    things += [{f"e:{email}": EXACT} for email in asked.emails]
    return things


def slips(word: str) -> set[str]:
    """Return the keys of every word that is one letter more, less or other than this one, or has
    two neighbours swapped: `n:` with the word, `h:` with it where a letter is hidden.

    None for a word shorter than three letters.
    """
    if len(word) < SHORTEST_SLIP:
        return set()
    halves = [(word[:cut], word[cut:]) for cut in range(len(word) + 1)]
    return (
        {f"n:{a}{b[1:]}" for a, b in halves if b}
        | {f"n:{a}{b[1]}{b[0]}{b[2:]}" for a, b in halves if len(b) > 1}
        | {f"h:{a}_{b}" for a, b in halves}
        | {f"h:{hidden}" for hidden in one_letter_hidden(word)}
    )


def one_letter_hidden(word: str) -> list[str]:
    """Return a word with each of its letters hidden in turn: "_da", "a_a", "ad_" for "ada".

    None for a word shorter than three letters.
    """
    if len(word) < SHORTEST_SLIP:
        return []
    return [f"{word[:place]}_{word[place + 1 :]}" for place in range(len(word))]


def birth_slips(birth: date) -> set[date]:
    """Return the dates that are easily written for another: swapped, a digit or a year out."""
    slips: set[date] = set()
    if swapped := day_and_month_swapped(birth):
        slips.add(swapped)
    for years in (-1, 1):
        with contextlib.suppress(ValueError):
            slips.add(birth.replace(year=birth.year + years))
    for days in (-1, 1):
        with contextlib.suppress(OverflowError):
            slips.add(birth + timedelta(days=days))
    solid = f"{birth.year:04}{birth.month:02}{birth.day:02}"
    for place in range(2, 8):  # the century is not mistyped by one digit
        for digit in "0123456789":
            other = solid[:place] + digit + solid[place + 1 :]
            with contextlib.suppress(ValueError):
                slips.add(date(int(other[:4]), int(other[4:6]), int(other[6:])))
    return slips - {birth}


def is_birth_slip(one: date, other: date) -> bool:
    """Say whether one date is easily written for the other; as `birth_slips`, without the list."""
    if one == other:
        return False
    if abs((one - other).days) == 1 or day_and_month_swapped(one) == other:
        return True
    same_day = (one.month, one.day) == (other.month, other.day)
    if same_day and abs(one.year - other.year) == 1:
        return True
    solids = (f"{day.year:04}{day.month:02}{day.day:02}" for day in (one, other))
    apart = [place for place, (a, b) in enumerate(zip(*solids, strict=True)) if a != b]
    return len(apart) == 1 and apart[0] >= 2


def day_and_month_swapped(birth: date) -> date | None:
    """Return the date with day and month in each other's place, where that is another date."""
    if birth.day > 12 or birth.day == birth.month:
        return None
    return birth.replace(month=birth.day, day=birth.month)


def solid_postcode(text: str) -> str:
    """Return a postcode in capitals without its space, or "" for none."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())[:8]


def phone_digits(text: str) -> str:
    """Return a telephone number as the digits one dials in England, or "" for too few."""
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    if digits.startswith("0044"):
        digits = "0" + digits[4:]
    elif digits.startswith("44") and len(digits) > 10:
        digits = "0" + digits[2:]
    return digits if len(digits) >= 9 else ""


def _printed(kind: str, year: str | None, number: str) -> str:
    return f"{kind.upper()}-{f'{year}-' if year else ''}{int(number):06d}"


def _month(word: str) -> int:
    start = word[:3].lower()
    return _MONTHS.index(start) + 1 if start in _MONTHS else 0


def _dates_of_numbers(first: str, second: str, third: str) -> list[date]:
    if len(first) > 2:
        return _dates(third, second, first)
    return _dates(first, second, third)


def _dates(day: str, month: str, year: str) -> list[date]:
    """Return the date, or for a year of two digits its readings in this century and the last."""
    if len(year) not in (2, 4):
        return []
    years = [int(year)] if len(year) == 4 else [2000 + int(year), 1900 + int(year)]
    read = []
    for full in years:
        with contextlib.suppress(ValueError):
            if 1880 <= full <= 2100:
                read.append(date(full, int(month), int(day)))
    return read
