"""Key Stage 2 results: what a published cell says, which measures there are, and how sure they are.

Results are published as whole per cents of so many pupils. A year's pupils are taken as some of those
who might have sat there: what is shown beside a share is between what it lies 95 times in 100.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from kith.analytics.change import wilson

# What stands in a cell instead of a number, in words. Codes are kept as they were published.
CODES = {
    "SUPP": "Withheld by the Department for Education: too few pupils",
    "C": "Withheld by the Department for Education, to keep it confidential",
    "*": "Withheld by the Department for Education",
    "NE": "No pupils were entered",
    "NA": "Does not apply, or is not available",
    "Z": "Does not apply",
    "X": "Not available",
    "NP": "Not published",
    "LOWCOV": "Not published: it would speak of fewer than half of the pupils",
    "NEW": "New school, with no results yet",
    "SP": "More than nothing, but less than half a per cent",
    "LOW": "More than nothing, but rounded it is nothing",
    "DNS": "The school did not send it",
    "RE": "Taken out by the publisher",
    "U": "Not reliable enough to be published",
    ":": "Not available",
    ".": "Does not apply",
}
NOTHING_SAID = "Nothing is published"
NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?|[-+]?\.\d+%?")


@dataclass(frozen=True)
class Published:
    """A cell as it was published: a number, a code, or nothing."""

    text: str
    value: float | None = None

    @property
    def is_code(self) -> bool:
        return bool(self.text) and self.value is None

    @property
    def is_known(self) -> bool:
        """Say whether it is a number, nothing, or a code whose meaning is known."""
        return not self.is_code or self.text.upper() in CODES

    @property
    def words(self) -> str:
        """Say it to somebody who does not know the codes."""
        if self.value is not None:
            return self.text
        if not self.text:
            return NOTHING_SAID
        return CODES.get(self.text.upper(), f"The publisher’s code “{self.text}”")


def read_cell(text: str) -> Published:
    """Return what a cell says: "78%", "-2.6", "SUPP", or nothing."""
    plain = " ".join(text.split())
    if NUMBER.fullmatch(plain):
        return Published(plain, float(plain.rstrip("%").replace(",", "")))
    return Published(plain)


@dataclass(frozen=True)
class Measure:
    """One thing that is measured: the headings it has had, and of which pupils it is.

    `kind`: a share of pupils in per cent; a score (100 is the expected standard); progress, in
    points about the nought of England as a whole, published with its own limits.
    """

    key: str
    name: str
    columns: tuple[str, ...]
    of: tuple[str, ...] = ("TELIG",)
    kind: Literal["share", "score", "progress"] = "share"
    until_2015: bool = False  # levels, which cannot be compared with the standards since 2016
    group: str = "all"

    @property
    def limits(self) -> tuple[float, float]:
        """Return between what a published number must lie."""
        return {"share": (0.0, 100.0), "score": (50.0, 150.0), "progress": (-60.0, 60.0)}[self.kind]

    @property
    def phrase(self) -> str:
        """Say what pupils did: "reached the expected standard in reading, writing and maths"."""
        subject, _, did = self.name.partition(": ")
        subject = subject.partition(", disadvantaged pupils")[0].partition(", other pupils")[0]
        if self.until_2015:
            did = f"reached {did}"
        return f"{did} in {subject[0].lower()}{subject[1:]}"

    @property
    def short(self) -> str:
        """A name that fits beside a bar: "Reading, writing and maths: expected"."""
        subject, _, did = self.name.partition(": ")
        words = {EXPECTED: "expected", HIGHER: "higher", "worked at greater depth": "greater depth"}
        return f"{subject}: {words.get(did, did)}"

    @property
    def unit(self) -> str:
        return {"share": "% of pupils", "score": "points", "progress": "points"}[self.kind]


DISADVANTAGED = ("TFSM6CLA1A", "TFSMCLA1A", "TFSMCLA")
OTHERS = ("TNOTFSM6CLA1A", "TNOTFSMCLA")
EXPECTED, HIGHER = "reached the expected standard", "reached the higher standard"
RWM = "Reading, writing and maths"
MEASURES = (
    Measure("rwm-expected", f"{RWM}: {EXPECTED}", ("PTRWM_EXP",)),
    Measure("rwm-higher", f"{RWM}: {HIGHER}", ("PTRWM_HIGH",)),
    Measure("reading-expected", f"Reading: {EXPECTED}", ("PTREAD_EXP",)),
    Measure("reading-higher", f"Reading: {HIGHER}", ("PTREAD_HIGH",)),
    Measure("writing-expected", f"Writing: {EXPECTED}", ("PTWRITTA_EXP",)),
    Measure("writing-higher", "Writing: worked at greater depth", ("PTWRITTA_HIGH",)),
    Measure("maths-expected", f"Maths: {EXPECTED}", ("PTMAT_EXP",)),
    Measure("maths-higher", f"Maths: {HIGHER}", ("PTMAT_HIGH",)),
    Measure("spelling-expected", f"Grammar, punctuation and spelling: {EXPECTED}", ("PTGPS_EXP",)),
    Measure("spelling-higher", f"Grammar, punctuation and spelling: {HIGHER}", ("PTGPS_HIGH",)),
    Measure("science-expected", f"Science: {EXPECTED}", ("PTSCITA_EXP",)),
    Measure("rwm-expected-disadvantaged", f"{RWM}, disadvantaged pupils: {EXPECTED}", ("PTRWM_EXP_FSM6CLA1A",), of=DISADVANTAGED, group="disadvantaged"),
    Measure("rwm-expected-others", f"{RWM}, other pupils: {EXPECTED}", ("PTRWM_EXP_NOTFSM6CLA1A",), of=OTHERS, group="others"),
    Measure("rwm-higher-disadvantaged", f"{RWM}, disadvantaged pupils: {HIGHER}", ("PTRWM_HIGH_FSM6CLA1A",), of=DISADVANTAGED, group="disadvantaged"),
    Measure("rwm-higher-others", f"{RWM}, other pupils: {HIGHER}", ("PTRWM_HIGH_NOTFSM6CLA1A",), of=OTHERS, group="others"),
    Measure("reading-score", "Reading: average scaled score", ("READ_AVERAGE",), kind="score"),
    Measure("maths-score", "Maths: average scaled score", ("MAT_AVERAGE",), kind="score"),
    Measure("spelling-score", "Grammar, punctuation and spelling: average scaled score", ("GPS_AVERAGE",), kind="score"),
    Measure("reading-progress", "Reading: progress since Key Stage 1", ("READPROG",), kind="progress"),
    Measure("writing-progress", "Writing: progress since Key Stage 1", ("WRITPROG",), kind="progress"),
    Measure("maths-progress", "Maths: progress since Key Stage 1", ("MATPROG",), kind="progress"),
    Measure("rwm-level-4", f"{RWM}: level 4 or above", ("PTREADWRITTAMATX", "PTREADWRITMATX"), until_2015=True),
    Measure("rwm-level-4b", f"{RWM}: level 4B or above", ("PTREADWRITTAMAT4B",), until_2015=True),
    Measure("rwm-level-5", f"{RWM}: level 5 or above", ("PTREADWRITTAMATAX", "PTREADWRITMATAX"), until_2015=True),
    Measure("rwm-level-4-disadvantaged", f"{RWM}, disadvantaged pupils: level 4 or above", ("PTREADWRITTAMATX_FSM6CLA1A", "PTREADWRITTAMATX_FSMCLA"), of=DISADVANTAGED, until_2015=True, group="disadvantaged"),
    Measure("rwm-level-4-others", f"{RWM}, other pupils: level 4 or above", ("PTREADWRITTAMATX_NOTFSM6CLA1A", "PTREADWRITTAMATX_NOTFSMCLA"), of=OTHERS, until_2015=True, group="others"),
    Measure("english-maths-level-4", "English and maths: level 4 or above", ("PTENGMATX",), until_2015=True),
    Measure("reading-level-4", "Reading: level 4 or above", ("PTREADX",), until_2015=True),
    Measure("writing-level-4", "Writing: level 4 or above", ("PTWRITXTA", "PTWRITX"), until_2015=True),
    Measure("maths-level-4", "Maths: level 4 or above", ("PTMATX",), until_2015=True),
    Measure("science-level-4", "Science: level 4 or above", ("PTSCIXTA", "PTSCIX"), until_2015=True),
)  # fmt: skip
BY_KEY = {measure.key: measure for measure in MEASURES}


@dataclass(frozen=True)
class Result:
    """A measure's value for a place: of how many pupils, and between what it lies.

    Without a value, `words` says why there is none.
    """

    value: float | None
    of: int | None = None
    low: float | None = None
    high: float | None = None
    words: str = ""


def share_between(percent: float, of: int) -> tuple[float, float]:
    """Return between what a published share lies, in per cent, of so many pupils.

    Wilson's interval, with half a per cent more at both ends where it was published as a whole one:
    so much may have been lost in rounding.
    """
    found = wilson(round(percent * of / 100), of)
    if found is None:
        return 0.0, 100.0
    lost = rounding(percent)
    return max(0.0, found[0] * 100 - lost), min(100.0, found[1] * 100 + lost)


def rounding(percent: float) -> float:
    """Return how much a published share may have lost in rounding, in per cent."""
    return 0.5 if float(percent).is_integer() else 0.05


NOUGHT = Result(0.0, low=0.0, high=0.0)  # what England's progress is, as progress is defined


def result_of(
    measure: Measure,
    said: Published,
    of: Published,
    limits: tuple[float | None, float | None] = (None, None),
) -> Result:
    """Return a published value as a result, with its interval where that can be known.

    `limits` are those that are published beside a measure of progress.
    """
    pupils = round(of.value) if of.value is not None and of.value >= 0 else None
    if said.value is None:
        return Result(None, pupils, words=said.words)
    if measure.kind != "share" or not pupils:
        return Result(said.value, pupils, *limits)
    return Result(said.value, pupils, *share_between(said.value, pupils))


def written(result: Result, kind: str, *, decimals: int = 0) -> str:
    """Write a value as its kind is written, or the words for why there is none."""
    if result.value is None:
        return result.words or NOTHING_SAID
    return number(result.value, kind, decimals=decimals)


def number(value: float, kind: str, *, decimals: int = 0) -> str:
    """Write a number of a kind: 78%, 105, +1.7."""
    if kind == "progress":
        return f"{value:+.1f}" if round(value, 1) else "0.0"
    places = decimals if kind == "share" or decimals else 0 if float(value).is_integer() else 1
    return f"{value:.{places}f}" + ("%" if kind == "share" else "")


def between(result: Result, kind: str) -> str:
    """Write between what a value lies; "" where that is not known."""
    if result.value is None or result.low is None or result.high is None:
        return ""
    return f"{number(result.low, kind)} to {number(result.high, kind)}"


@dataclass(frozen=True)
class Together:
    """Some schools as one: the mean of their shares by their pupils, and who is not in it."""

    result: Result
    schools: int
    without: int  # schools whose figure is not published
    pupils_without: int  # eligible pupils of those, as far as their number is published


def together(measure: Measure, results: Iterable[Result]) -> Together:
    """Return the mean of schools' published values, each by the number of its pupils.

    Only schools with both a value and a number of pupils count; the others are told beside it.
    Of a measure of progress there is no mean: its limits cannot be worked out from the schools'.
    """
    found = list(results)
    known = [one for one in found if one.value is not None and one.of]
    left = [one for one in found if one.value is None or not one.of]
    pupils = sum(one.of or 0 for one in known)
    without = sum(one.of or 0 for one in left)
    if not pupils or measure.kind == "progress":
        return Together(Result(None, words=NOTHING_SAID), 0, len(found), without)
    mean = sum((one.value or 0.0) * (one.of or 0) for one in known) / pupils
    if measure.kind != "share":
        return Together(Result(mean, pupils), len(known), len(left), without)
    low, high = share_between(round(mean, 2), pupils)
    return Together(Result(mean, pupils, low, high), len(known), len(left), without)


Verdict = Literal["higher", "lower", "cannot tell", ""]


@dataclass(frozen=True)
class Difference:
    """One share less another, in percentage points, between what it lies, and what can be said."""

    points: float | None
    low: float | None = None
    high: float | None = None
    verdict: Verdict = ""


def difference(one: Result, other: Result) -> Difference:
    """Return how much one share is above another, and whether that is more than chance.

    R. G. Newcombe's hybrid score interval for the difference of two proportions ("Interval estimation
    for the difference between independent proportions", Statistics in Medicine 17 (1998), method
    10), built from the two Wilson intervals. Where nought lies within, nobody can tell. Without
    intervals there is a difference and no verdict.
    """
    if one.value is None or other.value is None:
        return Difference(None)  # nothing to set beside one another
    points = one.value - other.value
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return Difference(points)
    low = points - sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    high = points + sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    if low > 0:
        return Difference(points, low, high, "higher")
    if high < 0:
        return Difference(points, low, high, "lower")
    return Difference(points, low, high, "cannot tell")


def said(found: Difference, kind: str = "share") -> str:
    """Say a difference: "5 points higher", "cannot tell (1 point lower)"; "" where there is none."""
    if found.points is None:
        return ""
    size = abs(round(found.points, 1))
    many = f"{size:g} point" + ("" if size == 1 else "s")
    side = "the same" if not size else f"{many} {'higher' if found.points > 0 else 'lower'}"
    return f"cannot tell ({side})" if found.verdict == "cannot tell" else side


def year_name(year: int) -> str:
    """Return a school year by the year in which it ends: 2019 is 2018-19."""
    return f"{year - 1}-{year % 100:02d}"
