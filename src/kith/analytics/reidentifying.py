"""What in a text still gives somebody away: looked for word by word, each finding at its place.

A hard finding is a name or number of somebody real: nothing that has one is released. Every other
finding asks a person, who changes the words, leaves them out, or says why they stay.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kith.analytics import pseudonyms as own
from kith.analytics.linkage import names
from kith.analytics.linkage.names import fold
from kith.analytics.pseudonyms import ALSO_WORDS, Secrets, Word, words_of

CHANGE = "Change it, or leave it out."
CHANGE_OR_SAY = "Change it, leave it out, or say why it stays."
# Capitals in the middle of a sentence that name nobody.
_NOBODY = own.word_set(
    "i i'm i'll i'd i've im ill id ive monday tuesday wednesday thursday friday saturday sunday january "
    "february march april may june july august september october november december christmas easter "
    "english maths gp gps nhs mum mom dad nan gran grandad grandma granny mr mrs ms miss early help "
    "tv gcse gcses whatsapp council county hub team around"
)
_RARE = re.compile(
    r"\b(twins?|triplets?|adopt\w*|foster\w*|refugees?|asylum|trafficking|gyps(?:y|ies)|traveller?s?|"
    r"roma|muslims?|jewish|jews?|hindus?|sikhs?|mosque|synagogue|temple|church|polish|romanian|"
    r"somali|syrian|afghan|ukrainian|portuguese|timorese|urdu|punjabi|bengali|arabic|kurdish|"
    r"pakistani|bangladeshi|indian|chinese|african|caribbean|prison\w*|murder\w*|suicid\w*|overdos\w*|"
    r"cancer|leukaemia|epilep\w*|cerebral palsy|down'?s syndrome|tourette\w*|wheelchair|deaf|blind|"
    r"transgender|arson|army|soldier|raf|inquest|newspaper|court case|fire|car crash|accident|died|"
    r"death|killed|cystic fibrosis|sickle cell|interpreter|quadruplets?)\b",
    re.IGNORECASE,
)
_STAFF = re.compile(r"(?<!\w)(?:I|[Mm]y|[Mm]e|myself|we|our)\b(?!\.[a-z])")
_QUOTED = re.compile(r"“[^”]+”|\"[^\"]+\"|‘[^’]{12,}’")
_LEFT_OPEN = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Finding:
    """Something that gives somebody away, or may: where it stands and what to do about it."""

    part: str
    kind: str
    start: int
    end: int
    said: str
    why: str
    todo: str
    hard: bool = False

    @property
    def mark(self) -> str:
        """What knows the finding again: the same words, of the same kind, in the same paragraph."""
        return f"{self.part}:{self.kind}:{fold(self.said)}"[:200]


def check(
    parts: Iterable[tuple[str, str]], secrets: Secrets, *, pseudonyms: Collection[str] = ()
) -> list[Finding]:
    """Return what gives somebody away in paragraphs (key and text), in their order."""
    allowed = {word.folded for name in pseudonyms for word in words_of(name)}
    found = []
    for part, text in parts:
        text = own.plain(text)
        here = [*_numbers(part, text, secrets), *_words(part, text, secrets, allowed)]
        here += _rest(part, text)
        found += sorted(_apart(here), key=lambda one: (one.start, -one.end))
    return found


def _apart(found: list[Finding]) -> list[Finding]:
    """Return findings without those that lie within a harder or longer one of the same place."""
    kept: list[Finding] = []
    over = {"quotation", "rare", "staff_words"}
    for one in sorted(found, key=lambda f: (not f.hard, f.start - f.end)):
        if one.kind in over or not any(
            other.start <= one.start and one.end <= other.end and other.kind not in over
            for other in kept
        ):
            kept.append(one)
    return kept


def _numbers(part: str, text: str, secrets: Secrets) -> Iterable[Finding]:
    hard = (
        (own.EMAILS, "An e-mail address."),
        (own.LINKS, "An address on the internet."),
        (own.POSTCODES, "A postcode."),
        (own.PHONES, "A telephone number."),
        (own.REFERENCES, "A number that a record goes by."),
    )
    for match in own.DATES.finditer(text):
        day, _sure = own.read_day(match)
        yield _finding(
            part, "date", match, "A day, which the family and others remember. Say roughly when.",
            hard=day is not None and day in secrets.births,
        )  # fmt: skip
    days = [(m.start(), m.end()) for m in own.DATES.finditer(text)]
    for pattern, why in hard:
        for match in pattern.finditer(text):
            if not any(start <= match.start() and match.end() <= end for start, end in days):
                yield _finding(part, "number", match, why, hard=True)
    for match in own.YEARS.finditer(text):
        yield _finding(part, "date", match, "A year. Say roughly when.")
    for match in own.AGES.finditer(text):
        yield _finding(
            part, "age", match, "An exact age. Say “of primary school age”, or the like."
        )


def _words(part: str, text: str, secrets: Secrets, allowed: set[str]) -> Iterable[Finding]:
    index = secrets.index
    staff = {one.key for one in secrets.people if one.instead}
    words = words_of(text)
    at = 0
    while at < len(words):
        word = words[at]
        phrase = index.phrase_at(words, at)
        if phrase is not None:
            count, what, short = phrase
            yield _at(
                part, what.kind, text, word, words[at + count - 1],
                _PLACES.get(what.kind, _PLACES["place"]),
                hard=what.kind in _HARD and not (short and fold(what.words) != word.folded and count == 1 and word.folded in ALSO_WORDS),
            )  # fmt: skip
            at += count
            continue
        at += 1
        # Somebody who came later may really be called what somebody is called here.
        if word.folded not in index.exact and (
            word.folded in allowed or word.folded.removesuffix("s") in allowed
        ):
            continue
        hits = index.hits(word.folded)
        joined = (
            index.exact.get(word.folded + words[at].folded)
            if at < len(words) and not hits
            else None
        )
        if joined and own.next_to(text, word, words[at]) and (word.capital or words[at].capital):
            yield _at(part, "name", text, word, words[at], "A name of the family.", hard=True)
        elif hits:
            of_staff = all(hit.key in staff for hit in hits)
            if own.is_meant(index, text, words, at - 1):
                yield _at(
                    part, "name", text, word, word,
                    "The name of somebody who works with the family."
                    if of_staff
                    else "A name of the family, or a form of one.",
                    hard=True,
                )  # fmt: skip
            elif not of_staff:
                why = "Also the name of somebody in the family. Is it meant as a name?"
                yield _at(part, "near", text, word, word, why)
        elif _may_be_name(word) and index.near(word.folded):
            why = "Spelt or spoken nearly as a name of somebody real."
            yield _at(part, "near", text, word, word, why)
        elif word.text in index.initials:
            yield _at(part, "near", text, word, word, "The first letters of somebody’s names.")
        elif _looks_like_name(word):
            why = "It looks like the name of a person or place that is not on the record."
            yield _at(part, "unknown_name", text, word, word, why)


_HARD = ("school", "organisation", "address")
_PLACES = {
    "school": "The name of a school. Say “a primary school”, or the like.",
    "organisation": "The name of an organisation. Say what kind it is.",
    "address": "An address of the family.",
    "hub": "The name of a hub, or of the place where it is. Say “one of our hubs”.",
    "place": "A place. Few families there may be like this one.",
}


def _may_be_name(word: Word) -> bool:
    if len(word.folded) >= 7:
        return word.capital
    return word.capital and not word.begins and word.folded not in _NOBODY


def _looks_like_name(word: Word) -> bool:
    if word.folded in _NOBODY or not word.capital:
        return False
    if word.text.isupper() and len(word.text) <= 6:
        return False  # an abbreviation
    if names.is_known(word.folded):
        return word.folded not in ALSO_WORDS or not word.begins
    return not word.begins and len(word.folded) > 1 and not word.text[0].isdigit()


def _rest(part: str, text: str) -> Iterable[Finding]:
    for match in _RARE.finditer(text):
        why = "Few families can say this of themselves. Say it more widely, if it is needed at all."
        yield _finding(part, "rare", match, why)
    for match in _QUOTED.finditer(text):
        why = (
            "Somebody’s own words. Whoever knows them may know them by it. Did they agree to these?"
        )
        yield _finding(part, "quotation", match, why)
    spans = [(m.start(), m.end()) for m in _QUOTED.finditer(text)]
    for match in _STAFF.finditer(text):
        if not any(start <= match.start() < end for start, end in spans):
            why = "Written as one of the staff. Whoever wrote it may be known by it, and the family too."
            yield _finding(part, "staff_words", match, why)
    for match in _LEFT_OPEN.finditer(text):
        why = "Something was taken out here. Put words in its place that say what is needed."
        yield _finding(part, "left_open", match, why, hard=True)


def _at(
    part: str, kind: str, text: str, first: Word, last: Word, why: str, *, hard: bool = False
) -> Finding:
    said = text[first.start : last.end]
    return Finding(
        part, kind, first.start, last.end, said, why, CHANGE if hard else CHANGE_OR_SAY, hard
    )


def _finding(
    part: str, kind: str, match: re.Match[str], why: str, *, hard: bool = False
) -> Finding:
    todo = CHANGE if hard else CHANGE_OR_SAY
    return Finding(part, kind, match.start(), match.end(), match.group(), why, todo, hard)
