"""Notes of visits put into themes by their words, with every reason open to whoever looks.

Each sentence becomes a list of weighted words: a word weighs more the fewer sentences have it (TF-IDF;
Spärck Jones 1972), and words of the field that mean the same count as one (`MEAN_THE_SAME`, shown on the
page). The heading under which somebody noted it counts a little too. How alike two sentences are is the
cosine of their words. The two groups that are most alike on average are put together, again and again,
until no two are alike enough (average-link clustering; Sokal and Michener 1958). Nothing is learnt, nothing
leaves the house, and the same notes make the same themes. People name, merge and move what comes of it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from kith.analytics.pseudonyms import word_set

# The average cosine from which groups are put together. People choose; the first is the usual one.
CUTS = {"usual": 0.2, "wide": 0.14, "narrow": 0.3}
# Sentences that can be put together at once: 2,000 take six seconds, twice as many half a minute.
MOST_SENTENCES = 2000
FEWEST = 3  # sentences of a theme: of fewer, nothing is proposed
HEADING_WEIGHT = 0.5  # of the guide's heading, beside the words
SAME_MEANING_WEIGHT = 1.6  # of a word of the field, beside any other word
MOST_TELLING = 5

# What visitors call the same thing. The first is what it is called; a * stands for any ending.
MEAN_THE_SAME: dict[str, str] = {
    "waiting": "wait* waits queue* backlog* weeks delay* list lists",
    "staff and morale": "staff worker* team teams teamwork morale motivat* commit* proud tired colleague* "
    "cheerful kind heart work* overtime stress*",
    "vacancies": "vacan* post posts advertis* recruit* left candidate* unfilled shadow* training train* "
    "supervis* caseload*",
    "space": "space room rooms private cramped corridor quiet bookshel* noise crowded",
    "building": "building* premises house garden kitchen office* lift heating paint* facilit* door floor "
    "library hall* wheelchair* step-free parking hearing loop pushchair*",
    "demand": "demand* request* asks asked ask grow* doubl* higher busy referred refer*",
    "schools": "school* teacher* head heads primary secondary attendance pupil* academ*",
    "partners": "partner* police health visitor* district council* agenc* forum link links children's "
    "centre* surgery housing officers",
    "voluntary sector": "volunt* charit* church*",
    "getting there": "village* bus buses car travel* journey* rural far reach* town neutral venue* cafe café "
    "station",
    "what is offered": "offer* known unknown written leaflet* message information heard",
    "money": "money fund* budget* grant* cost* cut cuts",
    "what families say": "listen* heard helped trust* language parents mother father* friend* again young "
    "carers",
}
_EMPTY = word_set(
    "a about above after again all also although am an and another any are around as at be because been "
    "before being below between both but by came can cannot come could day days did do does done down each "
    "enough even every everybody few find first for from get gets give given go goes had has have he her "
    "here hers him his how i if in into is it its just know knows last less let like made make many may me "
    "meet meets met might more most much must my never new next no nobody none nor not nothing now of off "
    "often on once one only or other our out over own people per place put quite said same say says see "
    "seem seemed seen she should show shows so some somebody something speak spoke still such than that "
    "the their them themselves then there these they thing things this those though three through time to "
    "told too two under until up us very was we week well went were what when where which while who whole "
    "whom why will with without work would yet you your year hub hubs family families thought think felt "
    "month months needs need needed"
)
PRAISE = (
    "admir* bright cheerful clear commit* easy enjoy* excellent friendl* good great helpful high-quality "
    "impress* kind listen* loved* lovely patient plenty praise* proud strong success* thank* thoughtful "
    "trust* warm* welcom* well wonderful best better helped enough pleas* together"
)
CONCERN = (
    "afraid bad broken cold complain* concern* cramped crowded cut cuts dark difficult dip* empty fail* far "
    "hard lack* late little lost noise noisy out-of-order overwhelm* peel* poor rarely short shortage "
    "slow stretch* strain* struggl* tired unclear unreached vacan* wait* waiting worr* worse worst "
    "corridor overload*"
)
_NOT = word_set(
    "no not never hardly without nobody none neither nor cannot n't isn't wasn't aren't don't didn't"
)
# Words of praise, concern or denial that say neither in these places.
SAYS_NOTHING = (
    "as well as", "together with", "not only", "no doubt", "do not forget", "don't forget", "late in",
    "late morning", "late afternoon", "so far", "as far as",
)  # fmt: skip
SAYS_CONCERN = ("could be better", "should be better", "would be better", "could do better")
_NOTHING = re.compile(rf"\b(?:{'|'.join(SAYS_NOTHING)})\b|^well,")
_WISHED = re.compile(rf"\b(?:{'|'.join(SAYS_CONCERN)})\b")
_SPLIT = re.compile(r"(?<=[.!?])[\"'’”)]*\s+(?=[A-Z\"'“‘])")
_WORD = re.compile(r"[a-zà-ÿ]+(?:['’-][a-zà-ÿ]+)*")


@dataclass(frozen=True)
class Note:
    """What somebody noted at a place. `about` is the heading under which they did."""

    key: int
    place: str
    visitor: str
    about: str
    words: str


@dataclass(frozen=True)
class Sentence:
    """A sentence of a note, and whether it praises or is concerned."""

    note: int
    number: int
    place: str
    visitor: str
    about: str
    words: str
    tone: str  # praise, concern, or "" where it cannot be told
    counted: tuple[str, ...]  # the words that told it

    @property
    def key(self) -> tuple[int, int]:
        return (self.note, self.number)


@dataclass(frozen=True)
class Proposed:
    """Sentences that may belong together, the words that put them together, and why, said plainly."""

    title: str
    telling: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    because: str


@dataclass(frozen=True)
class Proposal:
    """What comes of the notes: themes, sentences that join a theme somebody has made, and the rest."""

    themes: tuple[Proposed, ...]
    joined: dict[tuple[int, int], int]  # sentence: the key of somebody's theme
    rest: tuple[Sentence, ...]


def sentences_of(notes: Iterable[Note]) -> list[Sentence]:
    """Return the sentences of notes, numbered from nought within each."""
    found = []
    for note in notes:
        parts = [part.strip() for part in _SPLIT.split(" ".join(note.words.split()))]
        for number, words in enumerate(part for part in parts if part):
            tone, counted = tone_of(words)
            found.append(
                Sentence(
                    note.key, number, note.place, note.visitor, note.about, words, tone, counted
                )
            )
    return found


def propose(
    sentences: Sequence[Sentence],
    *,
    placed: Mapping[tuple[int, int], int | None] | None = None,
    cut: float = CUTS["usual"],
) -> Proposal:
    """Return themes for the sentences that nobody has placed.

    `placed` says where a person put a sentence (the key of their theme; None: left out): those stay, and
    one that is like the sentences of such a theme is proposed to join it. In which order the sentences
    come makes no difference. From `cut` on, two are alike enough: with a higher one themes are narrower.

    Raises ValueError for more than `MOST_SENTENCES` that nobody has placed.
    """
    placed = placed or {}
    sentences = sorted(sentences, key=lambda one: one.key)
    weighed = dict(zip((one.key for one in sentences), _weigh(sentences), strict=True))
    open_ = [one for one in sentences if one.key not in placed]
    if len(open_) > MOST_SENTENCES:
        raise ValueError(f"{len(open_)} sentences are more than can be put together")
    joined = _join(open_, placed, weighed, cut)
    groups = _clusters([one for one in open_ if one.key not in joined], weighed, cut)
    themes = tuple(_proposed(group, weighed) for group in groups if len(group) >= FEWEST)
    rest = tuple(one for group in groups if len(group) < FEWEST for one in group)
    themes = tuple(sorted(themes, key=lambda one: (-len(one.sentences), one.title)))
    return Proposal(themes, joined, rest)


Weights = dict[str, float]


def terms_of(words: str) -> list[str]:
    """Return what of a text counts: words without the empty ones, those that mean the same as one."""
    found = []
    for word in _WORD.findall(words.lower().replace("’", "'")):
        meaning = _meaning(word)
        if meaning:
            found.append(f"={meaning}")
        elif word not in _EMPTY and len(word) > 2:
            found.append(_stem(word))
    return found


def _weigh(sentences: Sequence[Sentence]) -> list[Weights]:
    """Return each sentence's words with their weights, of length one."""
    counted = [Counter(terms_of(one.words)) for one in sentences]
    having = Counter(term for terms in counted for term in terms)
    many, found = len(sentences), []
    for one, terms in zip(sentences, counted, strict=True):
        weights = {
            term: (1 + log(times))
            * log(1 + many / having[term])
            * (SAME_MEANING_WEIGHT if term.startswith("=") else 1.0)
            for term, times in terms.items()
        }
        strongest = max(weights.values(), default=1.0)
        if one.about:
            weights[f"~{one.about}"] = HEADING_WEIGHT * strongest
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        found.append({term: weight / length for term, weight in weights.items()})
    return found


def alike(one: Weights, other: Weights) -> float:
    """Return the cosine of two sentences: 0 nothing in common, 1 the same words."""
    small, large = sorted((one, other), key=len)
    return sum(weight * large.get(term, 0.0) for term, weight in small.items())


def _join(
    open_: Sequence[Sentence],
    placed: Mapping[tuple[int, int], int | None],
    weighed: Mapping[tuple[int, int], Weights],
    cut: float,
) -> dict[tuple[int, int], int]:
    # The average likeness to all of a theme is that to the sum of their weights, over how many they are.
    together: dict[int, Weights] = defaultdict(lambda: defaultdict(float))
    many: Counter[int] = Counter()
    for key, theme in placed.items():
        if theme is not None and key in weighed:
            many[theme] += 1
            for term, weight in weighed[key].items():
                together[theme][term] += weight
    found = {}
    for one in open_:
        likeness = [
            # Rounded, so that the order in which words are added up decides nothing.
            (round(alike(weighed[one.key], sums) / many[theme], 9), -theme)
            for theme, sums in together.items()
        ]
        best, theme = max(likeness, default=(0.0, 0))
        if best >= cut:
            found[one.key] = -theme
    return found


def _clusters(
    sentences: Sequence[Sentence], weighed: Mapping[tuple[int, int], Weights], cut: float
) -> list[list[Sentence]]:
    """Put the two groups that are most alike on average together, until no two are alike enough."""
    groups = {number: [one] for number, one in enumerate(sentences)}
    likeness = _likeness([weighed[one.key] for one in sentences])
    # The best of each row is kept, so that putting two together asks rows, not all pairs: 500 sentences
    # would wait half a minute otherwise.
    best = {number: _best(number, row) for number, row in likeness.items()}
    while len(groups) > 1:
        value, one, other = max((value, -one, other) for one, (value, other) in best.items())
        if value < cut:
            break
        one, other = -one, -other
        # The average over all pairs of the new group is the old averages, weighted by their sizes.
        a, b = len(groups[one]), len(groups[other])
        gone, kept = likeness.pop(one), likeness[other]
        del best[one]
        for third in (gone.keys() | kept.keys()) - {one, other}:
            mixed = (a * gone.get(third, 0.0) + b * kept.get(third, 0.0)) / (a + b)
            kept[third] = likeness[third][other] = mixed
            likeness[third].pop(one, None)
        kept.pop(one, None)
        for third in {other, *kept}:
            if third == other or -best[third][1] in (one, other):
                best[third] = _best(third, likeness[third])
            elif other < third:
                best[third] = max(best[third], (likeness[third][other], -other))
        groups[other] += groups.pop(one)
    order = {one.key: place for place, one in enumerate(sentences)}
    return [sorted(group, key=lambda one: order[one.key]) for group in groups.values()]


def _likeness(weighed: Sequence[Weights]) -> dict[int, dict[int, float]]:
    """Return the cosine of each two sentences that share a word, both ways round."""
    having: dict[str, list[tuple[int, float]]] = defaultdict(list)
    found: dict[int, dict[int, float]] = {}
    for number, weights in enumerate(weighed):
        row: dict[int, float] = defaultdict(float)
        for term, weight in weights.items():
            for other, beside in having[term]:
                row[other] += weight * beside
            having[term].append((number, weight))
        # Rounded, so that the order in which words are added up decides nothing.
        found[number] = {other: round(value, 9) for other, value in row.items()}
        for other, value in found[number].items():
            found[other][number] = value
    return found


def _best(number: int, row: Mapping[int, float]) -> tuple[float, int]:
    """Return the greatest likeness to an earlier group, and which (less than nought: the first wins)."""
    return max(((value, -other) for other, value in row.items() if other < number), default=(0.0, 0))  # fmt: skip


def _proposed(group: Sequence[Sentence], weighed: Mapping[tuple[int, int], Weights]) -> Proposed:
    together: dict[str, float] = defaultdict(float)
    having: Counter[str] = Counter()
    for one in group:
        for term, weight in weighed[one.key].items():
            if not term.startswith("~"):
                together[term] += weight
                having[term] += 1
    shared = sorted(
        (term for term in together if having[term] > 1), key=lambda t: (-together[t], t)
    )
    telling = tuple(_shown(term, group) for term in shared[:MOST_TELLING])
    # Its name is the words of the field that a third of its sentences have, at most two of them.
    named = [t for t in shared if t.startswith("=") and having[t] * 3 >= len(group)][:2] or shared[
        :1
    ]
    title = " and ".join(_shown(term, group) for term in named) or group[0].words[:60]
    title = title.replace(" and morale and", ", morale and")
    places = len({one.place for one in group})
    first = having[shared[0]] if shared else 0
    because = (
        f"{len(group)} sentences from {places} place{'' if places == 1 else 's'}. "
        + (
            f"“{telling[0]}” stands in {first} of them"
            if telling
            else "No word stands in two of them"
        )
        + (f"; also shared: {', '.join(telling[1:])}." if len(telling) > 1 else ".")
    )
    return Proposed(title[:1].upper() + title[1:], telling, tuple(group), because)


def _shown(term: str, group: Sequence[Sentence]) -> str:
    """Return a word as somebody wrote it; words that mean the same as what they are called."""
    if term.startswith("="):
        return term[1:]
    words = (word for one in group for word in _WORD.findall(one.words.lower()))
    return next((word for word in words if _stem(word) == term), term)


# Praise and concern


def tone_of(words: str) -> tuple[str, tuple[str, ...]]:
    """Return whether a sentence praises or is concerned, and the words that tell it.

    A word with a “no” or “not” in the three before it counts the other way round, and so does a wait that
    is short or not long. `SAYS_NOTHING` is passed over. Where words tell both, or none does, it cannot be
    told: "".
    """
    plain = _NOTHING.sub(" ", words.lower().replace("’", "'").strip())
    praise: list[str] = []
    concern: list[str] = _WISHED.findall(plain)
    read = _WORD.findall(_WISHED.sub(" ", plain))
    for place, word in enumerate(read):
        before = [other for other in read[max(0, place - 3) : place] if other in _NOT]
        said = f"{before[-1]} … {word}" if before else word
        brief = "short" if word == "short" and not before else ""
        brief = "not long" if word == "long" and before else brief
        if brief and any(other.startswith("wait") for other in read[:place]):
            praise.append(f"waiting … {brief}")
            concern = [other for other in concern if "wait" not in other]
        elif _matches(word, PRAISE):
            (concern if before else praise).append(said)
        elif _matches(word, CONCERN):
            (praise if before else concern).append(said)
    if bool(praise) == bool(concern):
        return "", tuple(praise + concern)
    return ("praise", tuple(praise)) if praise else ("concern", tuple(concern))


@dataclass(frozen=True)
class Compared:
    """What the visitors of one place say of one theme: agree, disagree, or cannot tell."""

    place: str
    verdict: str
    praise: tuple[tuple[str, tuple[str, ...]], ...]  # visitor, and the words that counted
    concern: tuple[tuple[str, tuple[str, ...]], ...]


def compared(sentences: Iterable[Sentence]) -> list[Compared]:
    """Return for each place whether its visitors agree: two or more of whom it can be told say the same.

    A visitor who praises and is concerned as often cannot be told. With fewer than two, nothing can.
    """
    by_place: dict[str, dict[str, list[Sentence]]] = defaultdict(lambda: defaultdict(list))
    for one in sentences:
        by_place[one.place][one.visitor].append(one)
    found = []
    for place in sorted(by_place):
        sides: dict[str, list[tuple[str, tuple[str, ...]]]] = {"praise": [], "concern": []}
        for visitor in sorted(by_place[place]):
            tones = Counter(one.tone for one in by_place[place][visitor] if one.tone)
            if not tones or (len(tones) == 2 and len(set(tones.values())) == 1):
                continue
            tone = tones.most_common(1)[0][0]
            words = [
                word for one in by_place[place][visitor] if one.tone == tone for word in one.counted
            ]
            sides[tone].append((visitor, tuple(dict.fromkeys(words))))
        praise, concern = sides["praise"], sides["concern"]
        if praise and concern:
            verdict = "disagree"
        elif len(praise) + len(concern) >= 2:
            verdict = "agree"
        else:
            verdict = "cannot tell"
        found.append(Compared(place, verdict, tuple(praise), tuple(concern)))
    return found


# Words


def _patterns(words: str) -> tuple[frozenset[str], tuple[str, ...]]:
    whole = frozenset(word for word in words.split() if not word.endswith("*"))
    begun = tuple(word[:-1] for word in words.split() if word.endswith("*"))
    return whole, begun


_MEANINGS = {meaning: _patterns(words) for meaning, words in MEAN_THE_SAME.items()}
_TONES = {words: _patterns(words) for words in (PRAISE, CONCERN)}


def _matches(word: str, words: str) -> bool:
    whole, begun = _TONES[words]
    return word in whole or word.startswith(begun)


def _meaning(word: str) -> str:
    for meaning, (whole, begun) in _MEANINGS.items():
        if word in whole or word.startswith(begun):
            return meaning
    return ""


def _stem(word: str) -> str:
    """Cut common endings, so that “meeting” and “meetings” are one."""
    for ending in ("ings", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word
