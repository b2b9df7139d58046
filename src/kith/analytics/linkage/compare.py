"""Are these two records the same person? A score, and the reasons for and against, in words.

The model is Fellegi and Sunter's (1969): each fact agrees at some level, and each level is more or
less likely when the records are of one person. It differs in one thing, measured to matter most
where families are concerned: there are **three** possibilities, not two. Two records are of the
same person, or of two people of one household, or of people who have nothing to do with each other.
A shared surname, address and school speak against strangers, but not against brothers; so twins,
and a father and son of one name, are told apart by what differs within a household.

    score = log2( prior * P(levels | same) / (prior * P(levels | household) + prior * P(levels | unrelated)) )

so that 0 is an even chance and each point doubles the odds. A missing fact says nothing.

Where the figures come from: agreement among records of one person (first column) follows error
rates published for UK administrative data (names spelled otherwise in about one record in seven,
dates of birth wrong in one in ten, a move every few years); among strangers (third column) they are
the share of pairs that agree by chance (a surname one in 170, a birthday of a child one in 6,570, a
postcode of about 15 homes); within a household (second column) they are shares of pairs of its
members: twins are 3 in 100 pairs of brothers and sisters. A date of birth 13 or more years away is
an error in 3 of 10,000. They are set by hand and tested for what they must never do; a county with
labelled pairs of its own can replace the table.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from math import log2

from rapidfuzz.distance import OSA

from kith.analytics.linkage import keys, names

SUGGEST_AT = 0.0  # an even chance: worth a person's look
LIKELY_AT = 4.0
VERY_LIKELY_AT = 8.0
WORTH_SAYING = 1.0  # bits; that both are girls is no reason worth reading

# How many records of the same person, of others of the household, and of strangers there are for
# each record, in a county of 150,000 people.
_PRIOR = (0.4, 2.5, 150_000.0)

# P(level | same person), P(level | same household), P(level | unrelated). In each table the first
# level is the best: no other has a better ratio to either alternative.
_LEVELS: dict[str, dict[str, tuple[float, float, float]]] = {
    "given": {
        "same": (0.82, 0.008, 0.010),
        "nickname": (0.05, 0.003, 0.003),
        "sound": (0.04, 0.004, 0.005),
        "slip": (0.05, 0.004, 0.004),
        "other_name": (0.032, 0.010, 0.012),
        "different": (0.008, 0.970, 0.966),
    },
    "family_name": {
        "same": (0.88, 0.62, 0.006),
        "slip": (0.04, 0.03, 0.006),
        "sound": (0.03, 0.025, 0.006),
        "part": (0.03, 0.05, 0.006),
        "different": (0.02, 0.275, 0.976),
    },
    "birth": {
        "same": (0.90, 0.03, 0.00015),
        "swapped": (0.012, 0.0006, 0.00012),
        "expected": (0.012, 0.001, 0.0002),
        "slip": (0.05, 0.007, 0.006),
        "different": (0.0257, 0.53, 0.59),
        "far": (0.0003, 0.4314, 0.40353),
    },
    "home": {
        "address": (0.60, 0.60, 0.0002),
        "postcode": (0.14, 0.14, 0.0008),
        "sector": (0.06, 0.06, 0.02),
        "different": (0.20, 0.20, 0.979),
    },
    "school": {"same": (0.70, 0.50, 0.05), "different": (0.30, 0.50, 0.95)},
    "contact": {"same": (0.60, 0.50, 0.0005), "different": (0.40, 0.50, 0.9995)},
    "sex": {"same": (0.985, 0.50, 0.50), "different": (0.015, 0.50, 0.50)},
    "adult": {"same": (0.995, 0.55, 0.70), "different": (0.005, 0.45, 0.30)},
}
_SWAPPED_NAMES = -6.0  # first and last name in each other's place: about one record in 60
_FAR_YEARS = 13


@dataclass(frozen=True)
class Facts:
    """What is known of a person, for comparing. Whatever is empty says nothing."""

    given_names: str = ""
    family_name: str = ""
    known_as: str = ""
    other_names: frozenset[str] = frozenset()  # had before, or used besides; found by, not compared
    birth: date | None = None
    unborn: bool = False  # `birth` is when the baby is expected
    sex: str = "U"
    adult: bool | None = None
    homes: frozenset[tuple[str, str]] = frozenset()  # postcode, lines of the address
    schools: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for, or against, two records being one person."""

    field: str
    level: str
    words: str
    bits: float  # how it weighs against strangers

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Comparison:
    """How likely two records are one person, and why."""

    score: float  # log2 of the odds
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def suggests(self) -> bool:
        return self.score >= SUGGEST_AT

    @property
    def likely(self) -> bool:
        return self.score >= LIKELY_AT

    @property
    def words(self) -> str:
        if self.score >= VERY_LIKELY_AT:
            return "Very likely the same person"
        if self.likely:
            return "Likely the same person"
        if self.suggests:
            return "Perhaps the same person"
        return "Probably not the same person"

    @property
    def for_it(self) -> list[Reason]:
        return [reason for reason in self.reasons if reason.bits >= WORTH_SAYING]

    @property
    def against_it(self) -> list[Reason]:
        return [reason for reason in self.reasons if reason.bits <= -WORTH_SAYING]


def compare(one: Facts, other: Facts) -> Comparison:
    """Say how likely two records are the same person. The order of the two does not matter."""
    straight = _compare(one, other)
    if not (one.given_names and one.family_name and other.given_names and other.family_name):
        return straight
    turned = _compare(one, _names_swapped(other))
    if turned.score + _SWAPPED_NAMES <= straight.score:
        return straight
    said = Reason("given", "swapped", "First and last names are swapped", 4.0)
    kept = [reason for reason in turned.reasons if reason.field not in ("given", "family_name")]
    return Comparison(turned.score + _SWAPPED_NAMES, (said, *kept))


def _compare(one: Facts, other: Facts) -> Comparison:
    same, household, unrelated = _PRIOR
    reasons = []
    for what, level, words in _agreement(one, other):
        chances = _LEVELS[what][level]
        same, household, unrelated = (
            same * chances[0],
            household * chances[1],
            unrelated * chances[2],
        )
        reasons.append(Reason(what, level, words, log2(chances[0] / chances[2])))
    reasons.sort(key=lambda reason: (-abs(reason.bits), reason.field))
    return Comparison(log2(same / (household + unrelated)), tuple(reasons))


def _agreement(one: Facts, other: Facts) -> list[tuple[str, str, str]]:
    """Return, for every fact known of both, the level at which it agrees, in words too."""
    found = []
    for what, rule in _RULES.items():
        if agreed := rule(one, other):
            found.append((what, *agreed))
    return found


Agreed = tuple[str, str] | None


def _given(one: Facts, other: Facts) -> Agreed:
    mine, theirs = _given_words(one), _given_words(other)
    if not mine or not theirs:
        return None
    shown = " / ".join(sorted((_shown_given(one), _shown_given(other))))
    first = set(mine[:1]) | set(names.telling(one.known_as)[:1])
    first_theirs = set(theirs[:1]) | set(names.telling(other.known_as)[:1])
    joined = {names.joined(one.given_names)} & {names.joined(other.given_names)} - {""}
    if first & first_theirs or joined:
        return "same", "Same first name"
    levels = {level for a in first for b in first_theirs if (level := _how_alike(a, b)) is not None}
    for level, words in (
        ("nickname", "One first name is a form of the other"),
        ("sound", "First names sound alike"),
        ("slip", "First names differ by one letter"),
    ):
        if level in levels:
            return level, f"{words}: {shown}"
    if set(mine) & set(theirs):
        return "other_name", f"They share a middle name: {shown}"
    return "different", f"Different first names: {shown}"


def _family_name(one: Facts, other: Facts) -> Agreed:
    mine, theirs = names.telling(one.family_name), names.telling(other.family_name)
    if not mine or not theirs:
        return None
    shown = " / ".join(sorted((one.family_name.strip(), other.family_name.strip())))
    whole, whole_theirs = names.joined(one.family_name), names.joined(other.family_name)
    if whole == whole_theirs or mine == theirs:
        return "same", "Same last name"
    if _one_letter(whole, whole_theirs):
        return "slip", f"Last names differ by one letter: {shown}"
    if names.sounds(whole) & names.sounds(whole_theirs):
        return "sound", f"Last names sound alike: {shown}"
    if set(mine) & set(theirs):
        return "part", f"Last names share a part: {shown}"
    return "different", f"Different last names: {shown}"


def _birth(one: Facts, other: Facts) -> Agreed:
    if one.birth is None or other.birth is None:
        return None
    apart = abs((one.birth - other.birth).days)
    early, late = sorted((one.birth, other.birth))
    shown = f"{_day(early)} / {_day(late)}"
    if one.unborn or other.unborn:
        if one.unborn and other.unborn and apart == 0:
            return "same", "Same expected date of birth"
        if apart <= 45:
            return "expected", f"Born, or expected, about the same time: {shown}"
    elif apart == 0:
        return "same", "Same date of birth"
    elif keys.day_and_month_swapped(one.birth) == other.birth:
        return "swapped", f"Day and month of birth swapped: {shown}"
    elif keys.is_birth_slip(one.birth, other.birth):
        return "slip", f"Dates of birth differ by a slip: {shown}"
    years = round(apart / 365.25)
    if years >= _FAR_YEARS:
        return "far", f"Dates of birth {years} years apart"
    return "different", f"Different dates of birth: {shown}"


def _home(one: Facts, other: Facts) -> Agreed:
    if not one.homes or not other.homes:
        return None
    mine, theirs = _places(one.homes), _places(other.homes)
    for level, words in (
        ("address", "Same address"),
        ("postcode", "Same postcode"),
        ("sector", "Neighbouring postcodes"),
    ):
        if mine[level] & theirs[level]:
            return level, words
    return "different", "Different addresses"


def _school(one: Facts, other: Facts) -> Agreed:
    if not one.schools or not other.schools:
        return None
    if {names.joined(school) for school in one.schools} & {
        names.joined(school) for school in other.schools
    }:
        return "same", "Same school"
    return "different", "Different schools"


def _contact(one: Facts, other: Facts) -> Agreed:
    numbers = _digits(one.phones), _digits(other.phones)
    emails = _folded(one.emails), _folded(other.emails)
    if numbers[0] & numbers[1]:
        return "same", "Same telephone number"
    if emails[0] & emails[1]:
        return "same", "Same e-mail address"
    if all(numbers) or all(emails):
        return "different", "Different telephone numbers or e-mail addresses"
    return None


def _sex(one: Facts, other: Facts) -> Agreed:
    if one.sex not in "FM" or other.sex not in "FM":
        return None
    return ("same", "Same sex") if one.sex == other.sex else ("different", "Different sex")


def _adult(one: Facts, other: Facts) -> Agreed:
    if one.adult is None or other.adult is None:
        return None
    if one.adult == other.adult:
        return "same", "Both adults" if one.adult else "Both children"
    return "different", "One is an adult and one a child"


_RULES = {
    "given": _given,
    "family_name": _family_name,
    "birth": _birth,
    "home": _home,
    "school": _school,
    "contact": _contact,
    "sex": _sex,
    "adult": _adult,
}


def _how_alike(one: str, other: str) -> str | None:
    """Say how two given names that differ may be one all the same."""
    if (names.roots(one) | {one}) & (names.roots(other) | {other}):
        return "nickname"
    # Ella and Emma, Jayden and Hayden are names of their own: a letter between them is no slip.
    # So are a brother's and a sister's: Amir and Amira.
    if (names.is_known(one) and names.is_known(other)) or other in (f"{one}a", f"{one}e"):
        return None
    if one in (f"{other}a", f"{other}e"):
        return None
    if names.sounds(one) & names.sounds(other) and _spelled_nearly(one, other):
        return "sound"
    if one[0] == other[0] and _one_letter(one, other):
        return "slip"
    return None


def _spelled_nearly(one: str, other: str) -> bool:
    # The sound of a short name keeps few letters: Ali and Ella sound alike to the rule alone.
    return OSA.normalized_similarity(one, other) >= 0.4


@lru_cache(maxsize=50_000)
def _one_letter(one: str, other: str) -> bool:
    return min(len(one), len(other)) > 2 and OSA.distance(one, other, score_cutoff=1) <= 1


def _given_words(facts: Facts) -> tuple[str, ...]:
    return names.telling(facts.given_names) or names.telling(facts.known_as)


def _shown_given(facts: Facts) -> str:
    return facts.given_names.strip() or facts.known_as.strip()


def _names_swapped(facts: Facts) -> Facts:
    return Facts(
        **{
            **facts.__dict__,
            "given_names": facts.family_name,
            "family_name": facts.given_names,
        }
    )


@lru_cache(maxsize=4_000)
def _places(homes: frozenset[tuple[str, str]]) -> dict[str, set[str]]:
    places: dict[str, set[str]] = {"address": set(), "postcode": set(), "sector": set()}
    for postcode, lines in homes:
        solid = keys.solid_postcode(postcode)
        if len(solid) < 5:
            continue
        places["postcode"].add(solid)
        places["sector"].add(solid[:-2])
        if line := names.fold(lines).strip():
            start = "".join(letter for letter in line.split(",")[0] if letter.isalnum())
            places["address"].add(f"{solid} {start}")
    return places


def _digits(phones: frozenset[str]) -> set[str]:
    return {digits for phone in phones if (digits := keys.phone_digits(phone))}


def _folded(emails: frozenset[str]) -> set[str]:
    return {email.strip().casefold() for email in emails if email.strip()}


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


# --- Answering a search ---------------------------------------------------------------------------


def answer(asked: keys.Asked, facts: Facts) -> tuple[int, list[str]]:
    """Say how well a person answers a search, and why they were found.

    Everything asked counts once, by the best thing that answers it: 10 for the thing itself, less
    for another form of it.
    """
    score, why = 0, []
    has = [*names.telling(facts.given_names), *names.telling(facts.known_as)]
    has += names.telling(facts.family_name)
    has += [word for name in sorted(facts.other_names) for word in names.telling(name)]
    shown = f"{facts.given_names} {facts.family_name}".strip()
    wholes = {names.joined(facts.given_names), names.joined(facts.family_name)}
    for number, word in enumerate(asked.words):
        starts = (max(0, number - 1), number)
        pairs = ["".join(asked.words[start : start + 2]) for start in starts]
        worth, words = max(
            ((_worth(word, have)) for have in dict.fromkeys(has)),
            default=(0, ""),
            key=lambda w: w[0],
        )
        if worth < keys.EXACT and wholes & {*pairs, word}:
            worth, words = keys.EXACT, f"Name: {shown}"
        score += worth
        if words:
            why.append(words)
    if facts.birth and asked.births:
        worth, words = max((_birth_worth(born, facts) for born in asked.births), key=lambda w: w[0])
        score += worth
        if words:
            why.append(words)
    postcodes = {keys.solid_postcode(postcode) for postcode, _ in facts.homes}
    for found, what in (
        (postcodes & set(asked.postcodes), "Postcode"),
        (_digits(facts.phones) & set(asked.phones), "Telephone number"),
        (_folded(facts.emails) & set(asked.emails), "E-mail address"),
    ):
        score += keys.EXACT * len(found)
        if found:
            why.append(what)
    return score, list(dict.fromkeys(why))


def _worth(asked: str, have: str) -> tuple[int, str]:
    if asked == have:
        return keys.EXACT, f"Name: {have.capitalize()}"
    pair = f"{asked.capitalize()} / {have.capitalize()}"
    if (names.roots(asked) | {asked}) & (names.roots(have) | {have}):
        return keys.NICKNAME, f"Another form of the name: {pair}"
    if names.sounds(asked) & names.sounds(have):
        return keys.SOUND, f"Sounds alike: {pair}"
    if _one_letter(asked, have):
        return keys.SLIP, f"One letter different: {pair}"
    return 0, ""


def _birth_worth(asked: date, facts: Facts) -> tuple[int, str]:
    born = facts.birth
    what = "Expected date of birth" if facts.unborn else "Date of birth"
    if born is None:
        return 0, ""
    if asked == born:
        return keys.EXACT, what
    if keys.day_and_month_swapped(asked) == born:
        return keys.NICKNAME, f"{what} with day and month swapped: {_day(born)}"
    if keys.is_birth_slip(asked, born):
        return keys.SLIP, f"{what} nearly the same: {_day(born)}"
    return 0, ""
