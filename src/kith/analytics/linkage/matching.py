"""Which records are of one person: blocking, agreement, what agreement is worth, and clusters.

The model is that of Fellegi and Sunter (1969), learned without labels, with three classes of pairs
instead of two: of one person, of two people of one household, of strangers. So brothers, twins, and
a father and son of one name are a class of their own, and a shared surname and address do not
speak for one person against them.

What agreement is worth is learned by expectation and maximisation (Dempster, Laird and Rubin 1977)
on counts of patterns. The pairs that share a whole key are all seen; the patterns of all others
are imputed in each step from the model as it stands (a truncated sample), so that the number of
pairs of one person is estimated for the whole, not for what blocking found.

Nothing here depends on the order of rows: records are ordered by what they say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from kith.analytics.linkage import names
from kith.analytics.linkage.columns import Codes, Records

Reals = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

SAME, HOUSEHOLD, STRANGERS = range(3)
LARGEST_BLOCK = 100
STEPS = 25
FLOOR = -10.0  # bits: a pair below it is not kept
OTHER_NAME = 0.002  # of pairs of one person: the first name is another one, no slip, no short form
_STEADY = 1e-6
_FAR_YEARS = 13

# Levels of each field, and how often pairs of one person and of one household are thought to agree
# so before anything is learned. Level 0 is "one of the two is not known": it says nothing.
LEVELS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "given": (
        ("same first name", 0.86, 0.01),
        ("one first name is a form of the other", 0.04, 0.005),
        ("first names nearly the same", 0.06, 0.015),
        ("first and last names are swapped", 0.01, 0.0001),
        ("different first names", 0.03, 0.97),
    ),
    "family": (
        ("same last name", 0.88, 0.62),
        ("last names nearly the same", 0.06, 0.03),
        ("different last names", 0.06, 0.35),
    ),
    "birth": (
        ("same date of birth", 0.91, 0.03),
        ("day and month swapped", 0.01, 0.0006),
        ("dates of birth differ by one digit", 0.05, 0.02),
        ("different dates of birth", 0.0297, 0.5194),
        (f"dates of birth {_FAR_YEARS} or more years apart", 0.0003, 0.43),
    ),
    "sex": (("same sex", 0.985, 0.5), ("different sex", 0.015, 0.5)),
    "home": (
        ("same address", 0.60, 0.60),
        ("same postcode", 0.10, 0.10),
        ("different addresses", 0.30, 0.30),
    ),
    "contact": (
        ("same telephone number or e-mail address", 0.6, 0.4),
        ("different telephone numbers", 0.4, 0.6),
    ),
    "number": (
        ("same NHS, pupil or insurance number", 0.99, 0.001),
        ("different NHS, pupil or insurance numbers", 0.01, 0.999),
    ),
}
FIELDS = tuple(LEVELS)
_SIZES = tuple(len(levels) + 1 for levels in LEVELS.values())
# Pairs that share one of these are all compared; each reads (fields, and the same for the EM).
_KEYS: tuple[tuple[str, ...], ...] = (
    ("birth", "family"),
    ("birth", "first"),
    ("address", "first"),
    ("given", "family"),
    ("postcode", "birth"),
    ("uprn", "first"),
    ("either way", "birth"),
    ("phone", "first"),
    ("email", "first"),
    ("nhs_number",),
    ("upn",),
    ("nino",),
)


@dataclass(frozen=True)
class Model:
    """What was learned: how often each class agrees at each level, and how many pairs it has."""

    agree: dict[str, Reals]  # (3 classes, levels of the field with "not known" first)
    pairs: Reals  # 3 numbers of pairs, over all pairs of records


@dataclass(frozen=True)
class Linked:
    """The outcome for N records: `person` numbers clusters, in no order that means anything."""

    person: Codes
    probability: Reals  # N: that the record belongs with the others of its cluster
    left: Codes  # scored pairs: the first record, by its row
    right: Codes
    levels: npt.NDArray[np.int8]  # (pairs, fields)
    bits: Reals  # log2 of the odds that the two are one person
    model: Model
    skipped: int  # records that a key of a block that is too large left to the other keys


def link(records: Records, seed: int = 1) -> Linked:
    """Find the records of each person. Deterministic at a seed, whatever the order of the rows."""
    kept, stands_for = _without_repeats(records)
    left, right, skipped = _blocked(kept)
    levels = _levels(kept, left, right)
    model = _learn(kept, levels, seed)
    bits = _bits(kept, levels, left, right, model)
    person, probability = _clusters(kept, left, right, bits, model)
    rows = _first_rows(stands_for, len(kept["first"]))
    above = bits >= FLOOR
    return Linked(
        person[stands_for],
        probability[stands_for],
        rows[left[above]],
        rows[right[above]],
        levels[above],
        bits[above],
        model,
        skipped,
    )


# --- Repeats, and candidates -------------------------------------------------------------------


def _mixed(columns: list[Codes]) -> npt.NDArray[np.uint64]:
    """Hash rows of codes (the mixing of splitmix64, Steele and others 2014)."""
    state = np.zeros(len(columns[0]), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for column in columns:
            state += column.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
            state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            state ^= state >> np.uint64(31)
    return state


def hash_of(word: str) -> int:
    """Return 63 bits of a word that are the same in every process."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") >> 1


def _without_repeats(records: Records) -> tuple[dict[str, Codes], Codes]:
    """Keep one of all records that say the same; return them and, for each row, which it is."""
    hashed = _mixed([records.codes[name] for name in sorted(records.codes)])
    _, first, stands_for = np.unique(hashed, return_index=True, return_inverse=True)
    kept = {name: codes[first] for name, codes in records.codes.items()}
    # First and last names in either order, by what they say: codes of the two do not compare.
    spelled = [
        np.array([hash_of(word) for word in (*records.words[name], "")], dtype=np.int64)
        for name in ("first", "family_first")
    ]
    known = (kept["first"] >= 0) & (kept["family_first"] >= 0)
    both = spelled[0][kept["first"]] ^ spelled[1][kept["family_first"]]
    kept["either way"] = np.where(known, both & 0x7FFFFFFFFFFFFFFF, -1)
    for name, column in (("first", "first"), ("family", "family"), ("surname", "family_first")):
        kept[f"{name} words"] = np.array([*records.words[column], ""], dtype=object)  # type: ignore[assignment]
    return kept, stands_for


def _first_rows(stands_for: Codes, count: int) -> Codes:
    rows = np.zeros(count, dtype=np.int64)
    rows[stands_for[::-1]] = np.arange(len(stands_for))[::-1]
    return rows


def _blocked(kept: dict[str, Codes]) -> tuple[Codes, Codes, int]:
    """Return all pairs that share a key, each once, and how many records sat in huge blocks."""
    count, found, skipped = len(kept["first"]), [], 0
    for key in _KEYS:
        columns = [kept[name] for name in key]
        known = np.flatnonzero(np.all([column >= 0 for column in columns], axis=0))
        hashed = _mixed([column[known] for column in columns])
        order = np.argsort(hashed, kind="stable")
        hashed, rows = hashed[order], known[order]
        starts = np.flatnonzero(np.r_[True, hashed[1:] != hashed[:-1]]) if len(rows) else rows
        sizes = np.diff(np.r_[starts, len(rows)])
        small = np.repeat(sizes <= LARGEST_BLOCK, sizes)
        skipped += int((~small).sum())
        hashed, rows = hashed[small], rows[small]
        for apart in range(1, LARGEST_BLOCK):
            alike = np.flatnonzero(hashed[apart:] == hashed[:-apart])
            if not len(alike):
                break
            one, other = rows[alike], rows[alike + apart]
            found.append(np.minimum(one, other) * count + np.maximum(one, other))
    pairs = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
    return pairs // max(count, 1), pairs % max(count, 1), skipped


# --- Agreement ---------------------------------------------------------------------------------


def _nearly(words: npt.NDArray[np.object_], one: Codes, other: Codes) -> Reals:
    """Return the Jaro-Winkler likeness of words by code, each two words compared once.

    Two words a single slip apart (a letter, or two letters changed about) are alike by 0.95 at
    least: the measure is unkind to short names."""
    width = len(words)
    pairs, back = np.unique(
        np.minimum(one, other) * width + np.maximum(one, other), return_inverse=True
    )
    if not len(pairs):
        return np.empty(0)
    these, those = words[pairs // width], words[pairs % width]
    alike = cpdist(these, those, scorer=JaroWinkler.normalized_similarity, dtype=np.float64)
    slips = cpdist(these, those, scorer=OSA.distance, score_cutoff=1, dtype=np.int32)
    alike[(slips == 1) & (alike < 0.95)] = 0.95
    return np.asarray(alike)[back]


def _roots(words: npt.NDArray[np.object_]) -> list[frozenset[str]]:
    return [names.roots(word) | {word} for word in words]


def _levels(kept: dict[str, Codes], left: Codes, right: Codes) -> npt.NDArray[np.int8]:
    """Return at which level each pair agrees: (pairs, fields)."""
    levels = np.zeros((len(left), len(FIELDS)), dtype=np.int8)
    given, family = kept["first words"], kept["family words"]
    a, b = kept["first"][left], kept["first"][right]
    c, d = kept["family"][left], kept["family"][right]
    found = {
        "given": _given(given, a, b),
        "family": _family(family, c, d),
        "birth": _birth(kept["birth"][left], kept["birth"][right]),
        "sex": _two(kept, left, right, ("sex",)),
        "home": _home(kept, left, right),
        "contact": _two(kept, left, right, ("phone", "email")),
        "number": _two(kept, left, right, ("nhs_number", "upn", "nino")),
    }
    for place, name in enumerate(FIELDS):
        levels[:, place] = found[name]
    # Swapped names: the first name of one is the last name of the other, both ways.
    number = {word: place for place, word in enumerate(given[:-1])}
    as_first = np.array([*(number.get(word, -2) for word in kept["surname words"][:-1]), -3])
    e, f = kept["family_first"][left], kept["family_first"][right]
    swapped = (as_first[e] == b) & (as_first[f] == a) & (a != b)
    levels[swapped, 0], levels[swapped, 1] = 4, 0
    return levels


def _given(words: Codes, a: Codes, b: Codes) -> Codes:
    level = np.full(len(a), 5)
    alike = _nearly(words, a, b)  # type: ignore[arg-type]
    level[alike >= 0.88] = 3
    unsure = np.flatnonzero((a != b) & (alike < 0.995))
    roots = _roots(words)  # type: ignore[arg-type]
    pairs, back = np.unique(np.c_[a[unsure], b[unsure]], axis=0, return_inverse=True)
    forms = np.array([not roots[x].isdisjoint(roots[y]) for x, y in pairs], dtype=bool)
    if len(pairs):
        level[unsure[forms[back.ravel()]]] = 2
    level[a == b] = 1
    level[(a < 0) | (b < 0)] = 0
    return level


def _family(words: Codes, c: Codes, d: Codes) -> Codes:
    level = np.where(_nearly(words, c, d) >= 0.9, 2, 3)  # type: ignore[arg-type]
    level[c == d] = 1
    level[(c < 0) | (d < 0)] = 0
    return level


def _birth(one: Codes, other: Codes) -> Codes:
    """Compare days that read YYYYMMDD."""
    level = np.full(len(one), 4)
    level[np.abs(one // 10_000 - other // 10_000) >= _FAR_YEARS] = 5
    digits = sum(
        (one // 10**place % 10 != other // 10**place % 10).astype(int) for place in range(8)
    )
    level[digits == 1] = 3
    turned = one // 10_000 * 10_000 + one % 100 * 100 + one // 100 % 100
    level[turned == other] = 2
    level[one == other] = 1
    level[(one < 0) | (other < 0)] = 0
    return level


def _home(kept: dict[str, Codes], left: Codes, right: Codes) -> Codes:
    a, b = kept["postcode"][left], kept["postcode"][right]
    level = np.where(a == b, 2, 3)
    level[(a < 0) | (b < 0)] = 0
    for name in ("address", "uprn"):
        one, other = kept[name][left], kept[name][right]
        level[(one == other) & (one >= 0)] = 1
    return level


def _two(kept: dict[str, Codes], left: Codes, right: Codes, fields: tuple[str, ...]) -> Codes:
    """Agree where one of the fields is the same, differ where one is known and none is the same."""
    level = np.zeros(len(left), dtype=np.int64)
    same = np.zeros(len(left), dtype=bool)
    for name in fields:
        one, other = kept[name][left], kept[name][right]
        known = (one >= 0) & (other >= 0)
        level[known] = 2
        same |= known & (one == other)
    level[same] = 1
    return level


# --- Learning ----------------------------------------------------------------------------------


def _learn(kept: dict[str, Codes], levels: npt.NDArray[np.int8], seed: int) -> Model:
    count = len(kept["first"])
    everything = count * (count - 1) / 2
    patterns = np.stack(np.unravel_index(np.arange(np.prod(_SIZES)), _SIZES), axis=1)
    seen = np.bincount(
        np.ravel_multi_index(tuple(levels.T), _SIZES), minlength=len(patterns)
    ).astype(float)
    given, family, birth, _, home, _, number = patterns.T
    # The patterns of which blocking saw every pair.
    whole = (birth == 1) & ((family == 1) | (given == 1)) | (home == 1) & (given == 1)
    whole |= number == 1
    seen[~whole] = 0
    unseen = max(everything - seen.sum(), 0.0)
    strangers = _by_chance(kept, seed)
    agree = {}
    for name in FIELDS:
        known = [(same, house) for _, same, house in LEVELS[name]]
        missing = strangers[name][0]
        agree[name] = np.array(
            [
                [missing, *((1 - missing) * same for same, _ in known)],
                [missing, *((1 - missing) * house for _, house in known)],
                strangers[name],
            ]
        )
    before = {name: table.copy() for name, table in agree.items()}
    pairs = np.array([0.4 * count, 1.0 * count, max(everything - 1.4 * count, 1.0)])
    pairs *= everything / max(pairs.sum(), 1.0)
    strength = np.array([50.0, 200.0])
    for _ in range(STEPS):
        joint = np.stack([np.full(len(patterns), share) for share in pairs / max(everything, 1)])
        for place, name in enumerate(FIELDS):
            joint *= agree[name][:, patterns[:, place]]
        total = joint.sum(axis=0)
        outside = max(total[~whole].sum(), 1e-300)
        counts = seen + np.where(whole, 0.0, unseen * total / outside)
        share = joint / np.maximum(total, 1e-300) * counts
        pairs_new = share.sum(axis=1)
        for place, name in enumerate(FIELDS):
            for group in (SAME, HOUSEHOLD):
                held = np.bincount(patterns[:, place], share[group], minlength=_SIZES[place])
                held += strength[group] * before[name][group]
                agree[name][group] = held / held.sum()
        # Too rare to be learned, and what tells a father and son of one name apart.
        agree["birth"][SAME, 5] = min(agree["birth"][SAME, 5], before["birth"][SAME, 5])
        # So is another first name altogether: what is learned there beyond this is twins.
        agree["given"][SAME, 5] = min(agree["given"][SAME, 5], OTHER_NAME)
        # Two of one household seldom share a first name: more is people of one person taken for two.
        agree["given"][HOUSEHOLD, 1] = min(agree["given"][HOUSEHOLD, 1], 0.02)
        moved = np.abs(pairs_new - pairs).sum() / max(everything, 1)
        pairs = pairs_new
        if moved < _STEADY / max(count, 1):
            break
    return Model(agree, pairs)


def _by_chance(kept: dict[str, Codes], seed: int) -> dict[str, Reals]:
    """Return how often two records agree at each level by chance: random pairs, half a pair added."""
    count = len(kept["first"])
    random = np.random.default_rng(seed)
    one, other = random.integers(0, count, (2, 200_000))
    apart = one != other
    levels = _levels(kept, one[apart], other[apart])
    found = {}
    for place, name in enumerate(FIELDS):
        held = np.bincount(levels[:, place], minlength=_SIZES[place]) + 0.5
        chance = held / held.sum()
        exact = {"given": "first", "family": "family", "birth": "birth"}.get(name)
        if exact:
            shares = _shares(kept[exact])
            chance[1] = max(float((shares**2).sum()), 1e-9)
        found[name] = chance / chance.sum()
    return found


def _shares(codes: Codes) -> Reals:
    """Return which share of all records holds each value that is known."""
    return np.unique(codes[codes >= 0], return_counts=True)[1] / max(len(codes), 1)


# --- What a pair is worth ----------------------------------------------------------------------


def weights(model: Model) -> dict[str, Reals]:
    """Return, for each field, log2 of how much likelier each level is for one person than by chance.

    A level "not known" weighs nothing. The rows are against one household, and against strangers.
    """
    found = {}
    for name, table in model.agree.items():
        known = table / np.maximum(1 - table[:, :1], 1e-12)
        row = np.log2(np.maximum(known[SAME], 1e-12)) - np.log2(np.maximum(known[1:], 1e-12))
        row[:, 0] = 0.0
        found[name] = row
    return found


def _bits(
    kept: dict[str, Codes], levels: npt.NDArray[np.int8], left: Codes, right: Codes, model: Model
) -> Reals:
    """Return log2 of the odds of each pair, with rare names counted for more than common ones."""
    against = np.zeros((2, len(left)))
    for place, name in enumerate(FIELDS):
        against += weights(model)[name][:, levels[:, place]]
    for place, (name, column) in enumerate((("given", "first"), ("family", "family"))):
        same = np.flatnonzero(levels[:, place] == 1)
        frequent = np.bincount(kept[column][kept[column] >= 0], minlength=1) / len(kept[column])
        usual = model.agree[name][STRANGERS, 1]
        rarer = np.log2(usual / frequent[kept[column][left[same]]])
        against[1, same] += np.clip(rarer, -6, 8)
        if name == "given":
            against[0, same] += np.clip(rarer, -6, 0)
    prior = np.log2(np.maximum(model.pairs, 1e-9))
    against += (prior[SAME] - prior[1:])[:, None]
    return -np.logaddexp2(-against[0], -against[1])


def probability(bits: Reals) -> Reals:
    """Turn log2 of odds into probabilities."""
    return 1 / (1 + np.exp2(-np.clip(bits, -60, 60)))


# --- Clusters ----------------------------------------------------------------------------------


def _clusters(
    kept: dict[str, Codes], left: Codes, right: Codes, bits: Reals, model: Model
) -> tuple[Codes, Reals]:
    """Join records whose pairs, on average, speak for one person (average linkage).

    A chain alone joins nothing: within each group that pairs connect, all its pairs are scored.
    """
    count = len(kept["first"])
    group = _connected(count, left[bits > 0], right[bits > 0])
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(group[order]) != 0]) if count else order
    person, chance = np.arange(count), np.ones(count)
    members = [part for part in np.split(order, starts[1:]) if len(part) > 1]
    for some in _portions(members):
        one = np.concatenate([np.repeat(part, len(part)) for part in some])
        other = np.concatenate([np.tile(part, len(part)) for part in some])
        score = _bits(kept, _levels(kept, one, other), one, other, model)
        begin = 0
        for part in some:
            size = len(part)
            table = score[begin : begin + size * size].reshape(size, size)
            begin += size * size
            for joined in _averaged(np.clip(table, -12, 12)):
                rows = part[joined]
                person[rows] = rows.min()
                if len(joined) > 1:
                    within = probability(table[np.ix_(joined, joined)])
                    chance[rows] = (within.sum(axis=1) - np.diag(within)) / (len(joined) - 1)
    return person, chance


def _portions(members: list[Codes], most: int = 2_000_000) -> Iterator[list[Codes]]:
    """Yield groups together, up to so many pairs at once."""
    some, size = [], 0
    for part in members:
        some.append(part)
        size += len(part) ** 2
        if size > most:
            yield some
            some, size = [], 0
    if some:
        yield some


def _connected(count: int, left: Codes, right: Codes) -> Codes:
    """Return the least row that pairs connect each row to."""
    least = np.arange(count)
    while True:
        low = np.minimum(least[left], least[right])
        after = least.copy()
        np.minimum.at(after, least[left], low)
        np.minimum.at(after, least[right], low)
        after = after[after]
        if np.array_equal(after, least):
            return least
        least = after


def _averaged(score: Reals) -> list[list[int]]:
    """Join the two clusters that speak most for each other, while their average is above 0."""
    parts = {place: [place] for place in range(len(score))}
    total = score.copy()
    np.fill_diagonal(total, -np.inf)
    sizes = np.ones(len(score))
    while len(parts) > 1:
        average = total / np.outer(sizes, sizes)
        one, other = divmod(int(np.argmax(average)), len(score))
        if average[one, other] <= 0:
            break
        total[one] += total[other]
        total[:, one] = total[one]
        total[one, one] = -np.inf
        total[other] = total[:, other] = -np.inf
        sizes[one] += sizes[other]
        parts[one] += parts.pop(other)
    return list(parts.values())
