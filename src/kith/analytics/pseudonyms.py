"""Telling what happened without saying to whom: names changed, days blurred, places made general.

What is looked for are words, folded (`linkage.names`): without capitals, accents, apostrophes; with
the short forms that people use. What is put in their place is drawn by chance from lists of common
names, never from the name itself, so that nothing leads back.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from random import Random

from rapidfuzz.distance import DamerauLevenshtein

from kith.analytics.linkage import names
from kith.analytics.linkage.names import fold, roots, sounds


def _list(words: str) -> list[str]:
    return words.split()


def word_set(words: str) -> frozenset[str]:
    """Return the words of a list, each once."""
    return frozenset(_list(words))


_GIVEN: dict[tuple[str, str], str] = {
    ("F", "child"): "Amelia Isla Ava Freya Lily Mia Willow Grace Poppy Ella Evelyn Phoebe Maya Ruby "
    "Esme Jessica Chloe Imogen Leah Zara Nancy Iris Molly Aisha Layla Nadia Priya Sofia Hannah Lucy",
    ("M", "child"): "Oliver George Noah Leo Oscar Archie Henry Theo Jacob Isaac Joshua Lucas Arlo "
    "Reuben Elijah Toby Max Hugo Mason Ethan Dylan Caleb Riley Kai Tyler Adam Omar Yusuf Rohan Luca",
    ("F", "adult"): "Sarah Laura Gemma Emma Claire Nicola Katie Lisa Kelly Natalie Michelle Hayley "
    "Helen Joanne Donna Stacey Lauren Kerry Melissa Carly Jade Naomi Heather Amina Anita Farah Maria",
    ("M", "adult"): "James Daniel Matthew Andrew Paul Mark Robert Lee Steven Craig Simon Peter Gary "
    "Ian Darren Gareth Scott Stuart Dean Carl Luke Shane Kieran Wayne Neil Martin Jason Karl Imran",
    ("F", "elder"): "Margaret Jean Susan Patricia Christine Janet Sheila Maureen Brenda Pauline Joan "
    "Barbara Sandra Carol Valerie Shirley",
    ("M", "elder"): "Alan Brian Keith Roger Derek Trevor Raymond Graham Dennis Barry Kenneth Terence "
    "Norman Malcolm Geoffrey Gordon",
    ("U", "child"): "Charlie Riley Alex Jamie Taylor Morgan Frankie Robin Sam Jordan Quinn Rowan",
    ("U", "adult"): "Alex Sam Jordan Chris Robin Ashley Jamie Taylor Morgan Kim Lindsay Leslie",
}  # fmt: skip
_FAMILY = (
    "Bennett Carter Dawson Ellis Foster Gibson Harris Jenkins Lawson Mason Newton Parker Reynolds "
    "Saunders Thornton Underwood Watson Barnes Collins Dixon Fletcher Griffiths Howard Kennedy "
    "Marshall Nicholson Osborne Palmer Richards Stevens Turner Webster Atkinson Burton Chapman "
    "Francis Holmes Lambert Morton Pearson"
)
# Names that are also words: found in small letters they mean the word, most often.
ALSO_WORDS = word_set(
    "ace all an angel april art august autumn bay bell berry bill bird bishop black blue bond booth "
    "brook brooks brown bush carter chance chase christian coal cole cook crystal daisy dale dawn day "
    "dean drew duke earl eve ever faith fern field fields finch fisher flora fox frank free gay gene "
    "ginger glen good grace grant gray green hall harmony hazel heath heather hill holly honey hood "
    "hope house hunt hunter iris ivy jack jade jasmine jay jean jewel jo joy june king lake lamb lane "
    "law lee lily little long love lucky major mark marsh mason max may melody mercy miles mills moon "
    "moss nick noble oak olive page paige park parker patience pearl penny poppy price pride prince "
    "queen rain ray read rich rise river rob robin rock rose rowan ruby rush sage sandy sharp short "
    "silver sky small smart snow star stone storm sue summer sunny taylor teddy tim tony trinity tulip "
    "turner violet wade walker ward way webb west will willow winter wise wood woods young "
    "and the of in on at to by for with from man son mum dad mother father one my me it is was be so "
    "do do go no see sea ash bee kit pat pip art ali sam ben dan des van ram sun song ling long mo "
    "more most main am are as we us up out off back best better"
)
# What an organisation's name has in common with others: not what it is known by.
_GENERAL = word_set(
    "the of and for at in a an school schools primary secondary infant infants junior juniors nursery "
    "preschool pre academy college church england catholic roman rc ce c e cofe community foundation "
    "voluntary controlled aided trust hub hubs team centre center children childrens child family "
    "families service services council county district city town health surgery practice medical "
    "police gp nhs council housing association group early help intervention street road close avenue "
    "lane drive way place court crescent gardens grove terrace hill green park house flat saint st "
    "thames valley north south east west upper lower great little new old oxfordshire oxford social "
    "care visiting visitors nursing support young people youth action mind start home first project "
    "desk district justice clinic education"
)
_KINDS = word_set("school primary secondary academy nursery college hub surgery centre road street")
_WORD = re.compile(r"[^\W_]+(?:['’‘ʼ`´ʻ][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’‘ʼ`´][sS]$")
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_FIRST_LETTERS = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
DATES = re.compile(
    rf"\b(?P<iso>\d{{4}})[-/.](?P<iso_m>\d{{1,2}})[-/.](?P<iso_d>\d{{1,2}})\b"
    rf"|\b(?P<d>\d{{1,2}})\s?[-/.]\s?(?P<m>\d{{1,2}})\s?[-/.]\s?(?P<y>\d{{4}}|\d{{2}})\b"
    rf"|\b(?P<wd>{_DAY})(?:\s+of)?[\s-]+(?P<wm>{_MONTHS})\b\.?(?:,?[\s-]+(?P<wy>\d{{4}}|'?\d{{2}}\b))?"
    rf"|\b(?P<am>{_MONTHS})\b\.?\s+(?P<ad>{_DAY})(?!\d)(?:,?\s+(?P<ay>\d{{4}}))?"
    rf"|\b(?P<mm>{_MONTHS})\b\.?,?\s+(?P<my>\d{{4}})\b",
    re.IGNORECASE,
)
YEARS = re.compile(r"\b(?:19|20)\d{2}(?:[/-]\d{2})?\b")
EMAILS = re.compile(r"[^\s@,;<>()]+\s?@\s?[^\s@,;<>()]+\.[^\s@,;<>()]*[^\s@,;.<>()]")
LINKS = re.compile(r"\b(?:https?://|www\.)\S+|(?<![\w@])@\w[\w.]{2,}", re.IGNORECASE)
PHONES = re.compile(r"(?<![\w/])(?:\+|\(?0)[\d ()\-.]{7,}\d(?!\w)")
POSTCODES = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s?-?\s?\d[a-z]{2}\b", re.IGNORECASE)
REFERENCES = re.compile(
    r"\b[FRC][-\s]?(?:\d{4}[-\s])?\d{4,9}\b|\b[A-Z]\d{12}\b|\b\d{3}[ -]\d{3}[ -]\d{4}\b|\b\d[\d-]{5,}\d?\b",
    re.IGNORECASE,
)
AGES = re.compile(
    r"\b(?:(?:aged?|is|was|turned|nearly|almost)\s+(?P<a>\d{1,2})(?=\s*(?:[.,;:)]|$|and\b|who\b|now\b|years?))"
    r"(?:[\s-]years?(?:[\s-](?:old|of age))?)?"
    r"|(?P<b>\d{1,2})[\s-](?P<unit>years?|months?|weeks?|yrs?|mths?)[\s-]olds?\b)",
    re.IGNORECASE,
)
_NUMBER_WORDS = _list(
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)


_AS_ADJECTIVE = {
    "under five": "small",
    "of primary school age": "primary-school-age",
    "of secondary school age": "secondary-school-age",
    "in their late teens": "teenage",
}


def number_word(number: int) -> str:
    """Return a small number as a word."""
    return _NUMBER_WORDS[number] if 0 <= number < len(_NUMBER_WORDS) else str(number)


def roughly_when(day: date, start: date) -> str:
    """Return when a day was, seen from the day on which it began, in words that give no day away."""
    days = (day - start).days
    if 0 <= days < 7:
        return "in the first week"
    if 0 <= days < 31:
        return "in the first month"
    after = "later" if days > 0 else "before"
    days = abs(days)
    if days < 31:
        return "shortly before"
    months = max(1, round(days / 30.44))
    if months < 24:
        return f"about {'a month' if months == 1 else number_word(months) + ' months'} {after}"
    return f"about {number_word(round(months / 12))} years {after}"


def age_band(years: int) -> str:
    """Return an age as a band: as much as a reader needs, and little enough to hide in."""
    for below, words in (
        (5, "under five"),
        (11, "of primary school age"),
        (16, "of secondary school age"),
        (20, "in their late teens"),
    ):
        if years < below:
            return words
    return f"in their {['twenties', 'thirties', 'forties', 'fifties'][min(years // 10 - 2, 3)]}" + (
        " or older" if years >= 50 else ""
    )


@dataclass(frozen=True)
class Real:
    """Somebody real. `calls` are the names they go by first: given, known as, aliases."""

    key: str
    calls: tuple[str, ...]
    others: tuple[str, ...] = ()  # middle names
    surnames: tuple[str, ...] = ()
    sex: str = "U"
    generation: str = "adult"  # or "child", "elder"
    instead: str = ""  # what stands in their place, where that is no name: "the worker"


@dataclass(frozen=True)
class Phrase:
    """Something that gives a place or an organisation away, and what stands in its place."""

    words: str
    instead: str
    kind: str = "place"  # or "school", "organisation", "hub", "address"
    short: bool = True  # known by a part of its name too


@dataclass(frozen=True)
class Secrets:
    """Everything of which nothing may remain."""

    people: tuple[Real, ...]
    phrases: tuple[Phrase, ...] = ()
    births: frozenset[date] = frozenset()
    start: date | None = None

    @cached_property
    def index(self) -> "Index":
        return Index(self)


@dataclass(frozen=True)
class Hit:
    """Somebody's name in a text. `rank`: 0 what they are called by, 1 a middle name, 2 a surname."""

    key: str
    rank: int
    word: str  # the real one, folded


@dataclass(frozen=True)
class Word:
    """A word of a text: where it stands, and folded without its possessive ending."""

    start: int
    end: int  # without the ending
    text: str
    folded: str
    begins: bool  # a sentence

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()


def plain(text: str) -> str:
    """Return text as it is looked through: composed, without marks and letters that are not seen."""
    text = unicodedata.normalize("NFC", text)
    return "".join(
        letter
        for letter in text
        if unicodedata.category(letter) not in {"Mn", "Cf"} or letter in "\n"
    )


def words_of(text: str) -> list[Word]:
    """Return the words of a text, in order."""
    found = []
    for match in _WORD.finditer(text):
        said = match.group()
        ending = _POSSESSIVE.search(said)
        end = match.end() - (len(ending.group()) if ending else 0)
        said = text[match.start() : end]
        before = text[: match.start()].rstrip(" \t")
        ended = before.rstrip('”’")')
        begins = not ended or before[-1] in '•"“‘(' or ended[-1] in ".!?:\n"
        found.append(Word(match.start(), end, said, fold(said), begins))
    return found


def _parts(name: str) -> list[str]:
    return [fold(match.group()) for match in _WORD.finditer(plain(name))]


class Index:
    """How every word that gives somebody away may be written, looked up at once."""

    def __init__(self, secrets: Secrets) -> None:
        self.exact: dict[str, list[Hit]] = {}
        self.short: dict[str, list[Hit]] = {}  # the full names that a called name may be short for
        self.stems: dict[str, list[Hit]] = {}  # "grac", of which people make "Gracie"
        self.initials: set[str] = set()
        self.phrases: dict[str, list[tuple[tuple[str, ...], Phrase, bool]]] = {}
        for person in secrets.people:
            self._add_person(person)
        for phrase in secrets.phrases:
            self._add_phrase(phrase)
        for found in self.phrases.values():
            found.sort(key=lambda one: -len(one[0]))

    def _add_person(self, person: Real) -> None:
        first = ""
        for rank, group in enumerate((person.calls, person.others, person.surnames)):
            for name in group:
                parts = [part for part in _parts(name) if part not in names.TITLES]
                telling = [part for part in parts if part not in names.PARTICLES] or parts
                forms = {part: rank if n == 0 or rank else 1 for n, part in enumerate(telling)}
                if len(parts) > 1:
                    forms["".join(parts)] = rank
                for part, worth in forms.items():
                    if not part:
                        continue
                    self._add(part, Hit(person.key, worth, part))
                    if rank < 2 and not person.instead:
                        for root in roots(part) | {part}:
                            self.short.setdefault(root, []).append(Hit(person.key, worth, part))
                        for stem in {part, part[:-1] if part[-1] in "aeiouy" else part}:
                            self.stems.setdefault(stem, []).append(Hit(person.key, worth, part))
                if rank == 0 and telling and not first:
                    first = telling[0]
        for surname in person.surnames:
            parts = _parts(surname)
            if first and parts:
                self._add(first + "".join(parts), Hit(person.key, 0, first))
                self._add("".join(parts) + first, Hit(person.key, 0, first))
                if not person.instead:
                    self.initials.add((first[0] + parts[-1][0]).upper())

    def _add(self, part: str, hit: Hit) -> None:
        found = self.exact.setdefault(part, [])
        if hit not in found:
            found.append(hit)

    def _add_phrase(self, phrase: Phrase) -> None:
        parts = tuple(_parts(phrase.words))
        if not parts:
            return
        self.phrases.setdefault(parts[0], []).append((parts, phrase, False))
        if not phrase.short:
            return
        telling = tuple(part for part in parts if part not in _GENERAL and not part.isdigit())
        if telling and telling != parts and len("".join(telling)) > 3:
            self.phrases.setdefault(telling[0], []).append((telling, phrase, True))

    def hits(self, folded: str) -> list[Hit]:
        """Return of whom a folded word is a name: as it is, in the plural, or as a short form."""
        found = self.exact.get(folded, [])
        if not found and len(folded) > 3 and folded.endswith("s"):
            found = self.exact.get(folded[:-1], [])
            if not found and folded.endswith("es"):
                found = self.exact.get(folded[:-2], [])
        if not found:
            by_root = [
                hit for root in sorted(roots(folded) | {folded}) for hit in self.short.get(root, [])
            ]
            found = list(dict.fromkeys(by_root))
        if not found:
            stem = _stem(folded)
            found = [hit for hit in self.stems.get(stem, []) if len(stem) > 2]
        return sorted(found, key=lambda hit: hit.rank)

    def near(self, folded: str) -> list[Hit]:
        """Return whose name a folded word may be, misspelt: one slip away, or the same in sound."""
        if len(folded) < 4 or self.hits(folded):
            return []
        heard = sounds(folded)
        found = []
        for word, hits in self.exact.items():
            if len(word) < 4 or abs(len(word) - len(folded)) > 2:
                continue
            apart = DamerauLevenshtein.distance(word, folded, score_cutoff=2)
            slip = apart <= 1 and min(len(word), len(folded)) >= 4
            alike = apart <= 2 and word[0] == folded[0] and bool(heard & sounds(word))
            if slip or alike:
                found += hits
        return found

    def phrase_at(self, words: Sequence[Word], at: int) -> tuple[int, Phrase, bool] | None:
        """Return the phrase that stands at a word: how many words of it, and whether in short."""
        for parts, phrase, short in self.phrases.get(words[at].folded, ()):
            these = words[at : at + len(parts)]
            if tuple(word.folded for word in these) != parts:
                continue
            if short and not all(word.capital for word in these):
                continue
            if len(parts) == 1 and parts[0] in ALSO_WORDS and not words[at].capital:
                continue
            return len(parts), phrase, short
        return None


# --- Who is called what ----------------------------------------------------------------------------


def cast(
    people: Iterable[Real],
    *,
    chance: Random,
    known: Mapping[str, str] | None = None,
    texts: Iterable[str] = (),
) -> dict[str, str]:
    """Return what everybody is called in one study: by their key, and by `surname:` and the word.

    `known` are pseudonyms given before, which stay. None is, or sounds like, the name of anybody
    real among `people`, or a word in `texts`. What is drawn depends on chance, sex and generation
    alone.
    """
    people = list(people)
    given = dict(known or {})
    real = {
        part
        for one in people
        for name in (*one.calls, *one.others, *one.surnames)
        for part in _parts(name)
    }
    avoid = real | {word.folded for text in texts for word in words_of(plain(text)) if word.capital}
    taken = {part for name in given.values() for part in _parts(name)}

    def free(name: str) -> bool:
        folded = fold(name)
        if folded in avoid or folded in taken or roots(folded) & avoid:
            return False
        for word in real:
            if roots(word) & (roots(folded) | {folded}):
                return False
            if DamerauLevenshtein.distance(word, folded, score_cutoff=1) <= 1:
                return False
            if sounds(word) & sounds(folded):
                return False
        return True

    def draw(lists: Sequence[str], otherwise: str) -> str:
        for names_ in lists:
            pool = [name for name in names_.split() if free(name)]
            if pool:
                found = chance.choice(pool)
                taken.add(fold(found))
                return found
        number = 1 + sum(name.startswith(otherwise) for name in given.values())
        return f"{otherwise} {number}"

    for person in people:
        if person.instead:
            continue
        if person.key not in given:
            sex = person.sex if person.sex in "FM" else "U"
            wanted = [(sex, person.generation), (sex, "adult"), ("U", "child"), ("U", "adult")]
            given[person.key] = draw([_GIVEN.get(one, "") for one in wanted], "Person")
        for surname in person.surnames:
            for part in _parts(surname):
                if f"surname:{part}" not in given and part not in names.PARTICLES:
                    given[f"surname:{part}"] = draw([_FAMILY], "Family")
    return given


# --- Changing a text -------------------------------------------------------------------------------


@dataclass
class _Cut:
    start: int
    end: int
    instead: str


@dataclass(frozen=True)
class Disguise:
    """How the texts of one study are changed: always the same name for the same person."""

    secrets: Secrets
    names: Mapping[str, str] = field(default_factory=dict)

    def of(self, text: str) -> str:
        """Return a text with nothing left in it that the secrets name."""
        text = self._numbers(plain(text))
        index = self.secrets.index
        words = words_of(text)
        cuts: list[_Cut] = []
        at = 0
        while at < len(words):
            phrase = index.phrase_at(words, at)
            if phrase is not None:
                count, what, short = phrase
                if short:
                    # "Orchard", and the "School" after it.
                    own = set(_parts(what.words)) | _KINDS
                    while (
                        at + count < len(words)
                        and words[at + count].folded in own
                        and next_to(text, words[at + count - 1], words[at + count])
                    ):
                        count += 1
                cuts.append(self._cut(text, words[at], words[at + count - 1], what.instead))
                at += count
                continue
            run, instead = self._name_at(text, words, at)
            if run:
                cuts.append(self._cut(text, words[at], words[at + run - 1], instead))
            at += run or 1
        for cut in reversed(cuts):
            text = text[: cut.start] + cut.instead + text[cut.end :]
        return text

    def _cut(self, text: str, first: Word, last: Word, instead: str) -> _Cut:
        start, begins = first.start, first.begins
        if instead.startswith(("a ", "an ", "the ", "one ")):
            before = re.search(r"\b(the|a|an|our|their)\s+$", text[:start], re.IGNORECASE)
            if before:
                start = before.start()
                begins = before.group()[0].isupper()
        return _Cut(start, last.end, instead[:1].upper() + instead[1:] if begins else instead)

    def _name_at(self, text: str, words: Sequence[Word], at: int) -> tuple[int, str]:
        """Return how many words from here are one person's name, and what stands in their place."""
        index = self.secrets.index
        hits = self._hits(text, words, at)
        if not hits:
            # Two words that are one name: "Mc Donald", "Anne Marie".
            if at + 1 < len(words) and next_to(text, words[at], words[at + 1]):
                both = index.exact.get(words[at].folded + words[at + 1].folded)
                if both and (words[at].capital or words[at + 1].capital):
                    return 2, self._called(both, {hit.rank for hit in both[:1]})
            return 0, ""
        run, ranks = 1, {hits[0].rank}
        while at + run < len(words) and next_to(text, words[at + run - 1], words[at + run]):
            if words[at + run].folded in names.PARTICLES and at + run + 1 < len(words):
                # "Zoë van Berg": what stands between belongs to the name.
                after = {hit.key for hit in self._hits(text, words, at + run + 1)}
                if after & {hit.key for hit in hits}:
                    run += 1
            more = self._hits(text, words, at + run)
            keys = {hit.key for hit in more}
            same = [hit for hit in hits if hit.key in keys]
            if not same:
                break
            hits = same
            kept = {hit.key for hit in same}
            ranks |= {min(hit.rank for hit in more if hit.key in kept)}
            if 2 in {hit.rank for hit in more if hit.key in kept}:
                hits = [*hits, *(hit for hit in more if hit.key in kept and hit.rank == 2)]
            run += 1
        last = words[at + run - 1].folded
        plural = last.endswith("s") and last not in index.exact and last[:-1] in index.exact
        many = "s" if run == 1 and plural else ""
        return run, self._called(hits, ranks) + many

    def _hits(self, text: str, words: Sequence[Word], at: int) -> list[Hit]:
        word = words[at]
        index = self.secrets.index
        found = index.hits(word.folded)
        if found:
            return found if is_meant(index, text, words, at) else []
        # A slip of the pen, where it is plainly a name.
        if word.capital and not word.begins and not names.is_known(word.folded):
            return index.near(word.folded)
        return []

    def _called(self, hits: Sequence[Hit], ranks: set[int]) -> str:
        who = min(hits, key=lambda hit: hit.rank)
        person = next(one for one in self.secrets.people if one.key == who.key)
        if person.instead:
            return person.instead
        surname = next((hit.word for hit in hits if hit.rank == 2 and hit.key == who.key), "")
        family = self.names.get(f"surname:{surname}", "") or next(
            (
                self.names[f"surname:{part}"]
                for name in person.surnames
                for part in _parts(name)
                if f"surname:{part}" in self.names
            ),
            "",
        )
        if ranks == {2}:
            return family or self.names.get(person.key, "somebody")
        given = self.names.get(person.key, "somebody")
        return f"{given} {family}" if 2 in ranks and family else given

    def _numbers(self, text: str) -> str:
        """Return a text without addresses on the net, numbers and days."""
        text = EMAILS.sub("[an e-mail address]", text)
        text = LINKS.sub("[an address on the internet]", text)
        text = self._days(text)
        text = POSTCODES.sub("[a postcode]", text)
        text = PHONES.sub("[a telephone number]", text)
        text = REFERENCES.sub("[a number]", text)
        text = YEARS.sub("[a year]", text)
        return AGES.sub(_age, text)

    def _days(self, text: str) -> str:
        def instead(match: re.Match[str]) -> str:
            day, sure = read_day(match)
            lead = match.group("lead") or ""
            if day is None or self.secrets.start is None:
                return f"{lead}[a day]"
            if day in self.secrets.births:
                return f"{lead}[a date of birth]"
            if not sure:
                said = "one day" if lead else "[a day]"
            else:
                said = roughly_when(day, self.secrets.start)
            return said[:1].upper() + said[1:] if lead[:1].isupper() else said

        return re.sub(
            rf"(?P<lead>\b(?:on|in|On|In)\s+)?(?:{DATES.pattern})",
            instead,
            text,
            flags=re.IGNORECASE,
        )


def _stem(folded: str) -> str:
    """Return what is left of a pet name without its ending: "grac" of "gracie", "tom" of "tommy"."""
    stem = re.sub(r"(?:ies?|e?y|i)$", "", folded)
    if stem == folded:
        return ""
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem


def is_meant(index: Index, text: str, words: Sequence[Word], at: int) -> bool:
    """Say whether a word that may be a name is meant as one: "grace" alone is not, "grace okafor" is."""
    word = words[at]
    if word.capital or word.folded not in ALSO_WORDS:
        return True
    keys = {hit.key for hit in index.hits(word.folded)}
    for other in (at - 1, at + 1):
        if not 0 <= other < len(words) or words[other].folded in ALSO_WORDS:
            continue
        one, two = sorted((at, other))
        if next_to(text, words[one], words[two]) and keys & {
            hit.key for hit in index.hits(words[other].folded)
        }:
            return True
    return False


def next_to(text: str, one: Word, other: Word) -> bool:
    """Say whether two words stand side by side, with nothing but a space, hyphen or dot between."""
    between = text[one.end : other.start]
    return bool(re.fullmatch(r"[ \t]+|-|\.\s?", between))


def _age(match: re.Match[str]) -> str:
    said = match.group()
    number = int(match.group("a") or match.group("b"))
    unit = (match.group("unit") or "y").lower()
    band = age_band(number if unit.startswith("y") else 0)
    if match.group("b"):
        return _AS_ADJECTIVE.get(band, band)
    lead = re.match(r"(is|was|turned)\s", said, re.IGNORECASE)
    return f"{'is' if lead.group(1).lower() == 'is' else 'was'} {band}" if lead else band


def read_day(match: re.Match[str]) -> tuple[date | None, bool]:
    """Return the day that a match of DATES means, and whether it names the month and the year."""
    group = match.groupdict()
    try:
        if group["iso"]:
            return date(int(group["iso"]), int(group["iso_m"]), int(group["iso_d"])), True
        if group["d"]:
            year = int(group["y"])
            year += 2000 if year < 50 else 1900 if year < 100 else 0
            return date(year, int(group["m"]), int(group["d"])), True
        for day, month, year_ in (("wd", "wm", "wy"), ("ad", "am", "ay")):
            if group[month]:
                number = int(re.sub(r"\D", "", group[day]))
                text = (group[year_] or "").strip("'")
                if not text:
                    return date(2000, _month(group[month]), number), False
                year = int(text)
                return date(year + 2000 if year < 100 else year, _month(group[month]), number), True
        return date(int(group["my"]), _month(group["mm"]), 15), True
    except ValueError:
        return None, False


def _month(text: str) -> int:
    return _FIRST_LETTERS.index(text[:3].lower()) + 1
