"""Entries of a directory that may tell of one and the same service, and why.

Evidence is added up in points, each with its reason in words, for and against: the sum says how likely
it is, the reasons say to a person what to look at. The points are set by hand, in the manner of the
weights of Fellegi and Sunter (1969, "A Theory for Record Linkage"): a thing that few entries share says
more than one that many do. Nothing is put together by a score.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from rapidfuzz import fuzz

SUGGESTED = 5.0  # points from which a person is asked
VERY_LIKELY = 9.0
MOST_IN_A_BLOCK = 40  # entries that share one thing; of more, only those that share a word besides
SHARED_BY_MANY = 4  # entries with one telephone number or mailbox: it is then their council's, say
_WORD = re.compile(r"[^\W_]+")
_EMPTY = {"the", "a", "an", "and", "of", "for", "in", "at", "to", "with", "your", "our"}


@dataclass(frozen=True)
class Entry:
    """What of an entry is compared. Everything but `key` and `name` may be empty.

    `places` are postcodes, or keys of places without one; `towns` words of places' names and towns;
    `times` weekdays (0: Monday) with the hour; `core` the part of the core offer that it is.
    """

    key: int
    name: str
    provider: str = ""
    phone: str = ""
    email: str = ""
    web: str = ""
    places: frozenset[str] = frozenset()
    towns: frozenset[str] = frozenset()
    times: frozenset[tuple[int, str]] = frozenset()
    ages: tuple[int | None, int | None] = (None, None)  # months, both included
    core: str = ""
    words: frozenset[str] = field(init=False, default=frozenset(), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", frozenset(words_of(self.name)))


@dataclass(frozen=True)
class Pair:
    """Two entries, the one with the smaller key first: points, and the reasons for and against."""

    one: int
    other: int
    points: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def very_likely(self) -> bool:
        return self.points >= VERY_LIKELY


def words_of(text: str) -> list[str]:
    """Return the words of a name that say something, plain: "Stay & Play" and "stay and play" alike."""
    plain = text.lower().replace("’", "'").replace("'s", "s").replace("'", "")
    return [word for word in _WORD.findall(plain) if word not in _EMPTY]


def digits_of(phone: str) -> str:
    """Return a telephone number as its digits, British ones as they are dialled at home."""
    digits = re.sub(r"\D", "", phone)
    return "0" + digits[2:] if digits.startswith("44") else digits


def page_of(address: str) -> str:
    """Return the page of a web address, without what is written in many ways: scheme, www, last slash."""
    return re.sub(r"^https?://(www\.)?", "", address.strip().lower()).split("#")[0].rstrip("/")


def pairs(entries: Sequence[Entry]) -> list[Pair]:
    """Return which entries may be the same, the likeliest first. Compared are those alone that share
    something rare: what is asked grows with the entries, not with their square."""
    shared = _shared(entries)
    by_key = {entry.key: entry for entry in entries}
    found = []
    for one, other in _candidates(entries):
        pair = compare(by_key[one], by_key[other], shared)
        if pair.points >= SUGGESTED:
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.points, pair.one, pair.other))


def compare(one: Entry, other: Entry, shared: Counter[str] | None = None) -> Pair:
    """Return how likely two entries are one service, and why. `shared` is how many entries have each
    telephone number, mailbox or page (`_shared`); without it each is taken as rare."""
    if one.key > other.key:
        one, other = other, one
    shared = shared or Counter()
    says = _Says()
    _names(one, other, says)
    for kind, words, mine, theirs in (
        ("phone", "Same telephone number", one.phone, other.phone),
        ("email", "Same e-mail address", one.email, other.email),
        ("web", "Same web page", one.web, other.web),
    ):
        if mine and mine == theirs:
            many = shared[f"{kind} {mine}"] > SHARED_BY_MANY
            says.plus(0.5 if many else 3, f"{words}{', as many others' if many else ''}")
        elif mine and theirs and kind == "phone":
            says.minus(0.5, "Other telephone numbers")
    by_the_same = False
    if one.provider and other.provider:
        alike = _alike(words_of(one.provider), words_of(other.provider))
        if by_the_same := alike >= 90:
            says.plus(1.5, "Given by the same")
        elif alike < 60:
            says.minus(2, "Given by others")
    if one.places and other.places:
        if one.places & other.places:
            says.plus(2, "At the same place")
        else:
            says.minus(3, "At other places")
    if one.times and other.times:
        if one.times & other.times:
            # Monday at ten is the time of many; of one provider, or at one place, of few.
            few = by_the_same or one.places & other.places
            says.plus(2 if few else 1, "At the same time of the week")
        elif {day for day, _ in one.times} & {day for day, _ in other.times}:
            says.minus(1, "On the same day, at other times")
        else:
            says.minus(2, "On other days")
    _ages(one, other, says)
    if one.core and other.core and one.core != other.core:
        says.minus(5, "Other parts of the core offer")
    elif one.core and one.core == other.core and not one.places & other.places:
        # The core offer is the same in every hub, by design.
        says.minus(6, "The same part of the core offer, at other hubs")
    return Pair(one.key, other.key, round(says.points, 2), tuple(says.reasons), tuple(says.against))


def _alike(one: list[str], other: list[str]) -> float:
    """Return how alike two names are, 0 to 100, whatever the order of their words. "1st Scouts" and
    "2nd Scouts" are two: words with a figure in them are alike when they are the same, or not at all."""
    if {word for word in one if _figure(word)} != {word for word in other if _figure(word)}:
        return 0
    return fuzz.token_sort_ratio(" ".join(one), " ".join(other))


def _figure(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


class _Says:
    """Points, and what they are for."""

    def __init__(self) -> None:
        self.points = 0.0
        self.reasons: list[str] = []
        self.against: list[str] = []

    def plus(self, points: float, why: str) -> None:
        self.points += points
        self.reasons.append(why)

    def minus(self, points: float, why: str) -> None:
        self.points -= points
        self.against.append(why)


def _names(one: Entry, other: Entry, says: _Says) -> None:
    towns = one.towns | other.towns
    if not (one.words and other.words):
        return
    # What is at one place need not be called alike for its town's sake.
    mine = " ".join(sorted(one.words - towns or one.words))
    theirs = " ".join(sorted(other.words - towns or other.words))
    # "Stay and play, Witney" and "Stay and play, Abingdon" are two.
    here, there = one.words & towns, other.words & towns
    if here and there and not here & there:
        says.minus(4, "Their names tell of other places")
    alike = fuzz.ratio(mine, theirs) if mine and theirs else 0
    if mine == theirs:
        says.plus(5, "Same name")
    elif alike >= 85:
        says.plus(3.5, "Names alike")
    elif alike >= 70 or (one.words and (one.words <= other.words or other.words <= one.words)):
        says.plus(2, "Names somewhat alike")
    elif alike < 45:
        says.minus(3, "Other names")


def _ages(one: Entry, other: Entry, says: _Says) -> None:
    if one.ages == (None, None) or other.ages == (None, None):
        return
    if one.ages == other.ages:
        says.plus(0.5, "For the same ages")
        return
    first, last = (
        max(one.ages[0] or 0, other.ages[0] or 0),
        min(
            9999 if one.ages[1] is None else one.ages[1],
            9999 if other.ages[1] is None else other.ages[1],
        ),
    )
    if first > last:
        says.minus(4, "For other ages")


def _shared(entries: Iterable[Entry]) -> Counter[str]:
    found: Counter[str] = Counter()
    for entry in entries:
        for kind, value in (("phone", entry.phone), ("email", entry.email), ("web", entry.web)):
            if value:
                found[f"{kind} {value}"] += 1
    return found


def _candidates(entries: Sequence[Entry]) -> set[tuple[int, int]]:
    """Return the pairs that are compared: those that share one of their `_things`.

    Never compared, whatever their points: two that share none (no word of the name, given by others, at
    other places); and, of more than MOST_IN_A_BLOCK entries that share a thing, two that have no other
    word of the name in common with few of them. A word of the name that many have is not enough: it
    counts with the provider or the time of the week, without which names alike are not points enough.
    """
    blocks: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for thing in _things(entry):
            blocks[thing].append(entry)
    found: set[tuple[int, int]] = set()
    for thing, block in blocks.items():
        common = thing.startswith("word ") and len(block) > MOST_IN_A_BLOCK
        for part in () if common else _parts(block):
            found.update(combinations(sorted(entry.key for entry in part), 2))
    return found


def _things(entry: Entry) -> set[str]:
    """Return what an entry may share with its twin."""
    things = {
        f"{kind} {value}"
        for kind, value in (("phone", entry.phone), ("email", entry.email), ("web", entry.web))
        if value
    }
    things |= {f"place {place}" for place in entry.places}
    with_a_word = [f"at {day} {hour}" for day, hour in entry.times]
    if given_by := " ".join(sorted(words_of(entry.provider))):
        things.add(f"provider {given_by}")
        with_a_word.append(f"by {given_by}")
    if entry.words:
        things.add(f"name {' '.join(sorted(entry.words))}")
    for word in entry.words:
        things.add(f"word {word}")
        things |= {f"with {word} {other}" for other in with_a_word}
    return things


def _parts(block: list[Entry]) -> Iterable[list[Entry]]:
    """Return a block that many share in parts, by the words of the names: the rarest words first, and
    no part larger than a block may be."""
    if len(block) <= MOST_IN_A_BLOCK:
        return [block]
    by_word: dict[str, list[Entry]] = defaultdict(list)
    for entry in block:
        for word in entry.words:
            by_word[word].append(entry)
    return [part for part in by_word.values() if len(part) <= MOST_IN_A_BLOCK]
