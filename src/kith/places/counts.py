"""Numbers about places that are published elsewhere: Key Stage 2 results. Their one home.

They are nobody's secret: the Department for Education has withheld what is small before it publishes,
and its codes are shown in words. A number of one stage (provisional, revised, final) is never set beside
or added to one of another without saying so.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.db.models import Count, Q

from kith.analytics.attainment import (
    BY_KEY,
    MEASURES,
    NOUGHT,
    Difference,
    Measure,
    Published,
    Result,
    Together,
    difference,
    number,
    read_cell,
    result_of,
    said,
    together,
    written,
    year_name,
)
from kith.analytics.figures import BETWEEN
from kith.analytics.indicators import NOTHING, Cell, Figure, Indicator, Period, Row
from kith.places.models import Attainment, AttainmentColumn

Status, Kind = Attainment.Status, Attainment.Kind
SUREST = [Status.FINAL, Status.REVISED, Status.PROVISIONAL]
SOURCE = "Department for Education, school performance tables (Open Government Licence v3.0)"
NO_ENGLAND = "No line for England has been taken in"
UNCERTAIN = (
    "A year’s pupils are few: between what a share lies, 95 times in 100, is Wilson’s interval with half a per "
    "cent more for the rounding in publication. “Cannot tell” stands where a difference may be chance."
)


@dataclass(frozen=True)
class Release:
    """The results of one year at one stage of publication."""

    year: int
    status: str

    @property
    def key(self) -> str:
        return f"{self.year}-{self.status}"

    @property
    def name(self) -> str:
        return f"{year_name(self.year)}, {self.status}"

    @property
    def year_name(self) -> str:
        return year_name(self.year)

    @property
    def status_name(self) -> str:
        return Status(self.status).label


@dataclass(frozen=True)
class Place:
    """A line of a release: a school, an authority or England, with what is published of it."""

    kind: str
    authority: str
    urn: int | None
    name: str
    district: str
    district_name: str
    school_type: str
    published: dict[str, str]

    def says(self, columns: Iterable[str]) -> Published:
        """Return what is published under the first of some headings that is there."""
        for column in columns:
            if column in self.published:
                return read_cell(self.published[column])
        return Published("")

    def result(self, measure: Measure) -> Result:
        """Return a measure's value, or in words why there is none."""
        limits = [
            self.says([f"{column}_{end}" for column in measure.columns]).value
            for end in ("LOWER", "UPPER")
        ]
        return result_of(
            measure, self.says(measure.columns), self.says(measure.of), (limits[0], limits[1])
        )

    @property
    def eligible(self) -> Published:
        return self.says(("TELIG",))


def releases(authority: str = "") -> list[Release]:
    """Return what has been taken in: the newest year first, and of a year the surest first.

    With an authority only what speaks of it.
    """
    rows = Attainment.objects.filter(authority=authority) if authority else Attainment.objects.all()
    found = {
        Release(year, status)
        for year, status in rows.values_list("year", "status").distinct().order_by()
    }
    return sorted(found, key=lambda one: (-one.year, SUREST.index(Status(one.status))))


def authorities() -> list[tuple[str, str]]:
    """Return the authorities that have results, the county's own first: number and name.

    Its own is the one with most schools in its districts; without any school the one of its name.
    """
    named = dict(
        Attainment.objects.filter(kind=Kind.AUTHORITY)
        .order_by("year")
        .values_list("authority", "name")
    )
    inside: Counter[str] = Counter()
    schools = Attainment.objects.filter(urn__isnull=False)
    for authority, many in schools.values_list("authority").annotate(Count("district")).order_by():
        inside[authority] += many
    found = {number: named.get(number) or f"Authority {number}" for number in {*named, *inside}}
    return sorted(
        found.items(),
        key=lambda item: (-inside[item[0]], item[1] != settings.KITH_COUNTY, item[1], item[0]),
    )


class Results:
    """A release as one authority sees it: its schools, the authority itself and England."""

    def __init__(self, release: Release, authority: str) -> None:
        self.release, self.authority = release, authority

    @cached_property
    def _places(self) -> list[Place]:
        of_release = Attainment.objects.filter(year=self.release.year, status=self.release.status)
        rows = of_release.filter(authority__in=["", self.authority]).select_related("district")
        return [
            Place(
                row.kind,
                row.authority,
                row.urn,
                row.name or row.get_kind_display(),
                row.district_id or "",
                row.district.name if row.district else "",
                row.school_type,
                row.published,
            )
            for row in rows.order_by("name", "urn", "pk")
        ]

    @cached_property
    def schools(self) -> list[Place]:
        return [place for place in self._places if place.urn]

    @cached_property
    def county(self) -> Place | None:
        return self._one(Kind.AUTHORITY)

    @cached_property
    def england(self) -> Place | None:
        """State-funded schools, as the county's own; else all schools."""
        return self._one(Kind.ENGLAND_STATE) or self._one(Kind.ENGLAND)

    def _one(self, kind: str) -> Place | None:
        return next((place for place in self._places if place.kind == kind), None)

    @cached_property
    def measures(self) -> list[Measure]:
        """The measures of which this release says something."""
        there = {heading for place in self._places for heading in place.published}
        return [measure for measure in MEASURES if there & set(measure.columns)]

    def of_england(self, measure: Measure) -> Result:
        """Return England's value; progress is measured from it, so it is nought."""
        if measure.kind == "progress":
            return NOUGHT
        return self.england.result(measure) if self.england else Result(None, words=NO_ENGLAND)

    def of_county(self, measure: Measure) -> "CountyResult":
        """Return a measure for the authority beside England.

        Where the file has no line for the authority, its schools stand for it, and it is said.
        """
        england = self.of_england(measure)
        if self.county:
            county = self.county.result(measure)
        else:
            county = together(measure, (one.result(measure) for one in self.schools)).result
        return CountyResult(measure, county, england, difference(county, england), not self.county)

    def gaps(self) -> list["Gap"]:
        """Return how far disadvantaged pupils are from the others, here and in England."""
        return [
            Gap(name, standard, pair[0], pair[1], difference(pair[1], pair[0]))
            for standard in ("rwm-expected", "rwm-level-4")
            if BY_KEY[f"{standard}-disadvantaged"] in self.measures
            for name, place in (("the county", self.county), ("England", self.england))
            if place
            for pair in [
                [place.result(BY_KEY[f"{standard}-{who}"]) for who in ("disadvantaged", "others")]
            ]
        ]

    def by_district(self, measure: Measure) -> list["DistrictResult"]:
        """Return a measure by district: the mean of its schools, each by its pupils."""
        england = self.of_england(measure)
        names = {place.district: place.district_name for place in self.schools}
        found = []
        for code in sorted(names, key=lambda code: (not code, names[code])):
            added = together(
                measure,
                (place.result(measure) for place in self.schools if place.district == code),
            )
            found.append(
                DistrictResult(
                    code,
                    names[code] or "No district known",
                    added,
                    difference(added.result, england),
                )
            )
        return found


@dataclass(frozen=True)
class CountyResult:
    """A measure for the authority, beside England."""

    measure: Measure
    county: Result
    england: Result
    difference: Difference
    worked_out: bool  # from the schools, as the file has no line for the authority


@dataclass(frozen=True)
class Gap:
    """How far the disadvantaged pupils of a place are from the others there."""

    place: str
    standard: str  # key of the measure
    disadvantaged: Result
    others: Result
    points: Difference  # others less disadvantaged

    def words(self, name: str) -> str:
        """Say it in a sentence. `name` is what the place is called."""
        if self.points.points is None:
            return f"{name}: the gap between disadvantaged pupils and others is not published."
        return (
            f"{name}: {written(self.disadvantaged, 'share')} of disadvantaged pupils and "
            f"{written(self.others, 'share')} of the others {BY_KEY[self.standard].phrase}, a gap of "
            f"{abs(self.points.points):g} points."
        )


@dataclass(frozen=True)
class DistrictResult:
    """A measure for the schools of a district."""

    code: str
    name: str
    together: Together
    difference: Difference  # from England


def measure_called(key: str) -> Measure | None:
    """Return a measure by its key."""
    return BY_KEY.get(key)


@dataclass(frozen=True)
class YearResult:
    """A measure in one year, in the surest results that are here, and the change since the last."""

    release: Release
    county: CountyResult
    change: Difference
    since: Release | None


class History:
    """An authority's results over the years: of each year the surest that have been taken in."""

    def __init__(self, authority: str, *, until: int | None = None) -> None:
        surest: dict[int, Release] = {}
        for release in releases(authority):
            if until is None or release.year <= until:
                surest.setdefault(release.year, release)
        self.results = [
            Results(release, authority)
            for release in sorted(surest.values(), key=lambda one: one.year)
        ]

    @property
    def newest(self) -> Results | None:
        return self.results[-1] if self.results else None

    def of(self, measure: Measure) -> list[YearResult]:
        """Return a measure year by year, the oldest first.

        Levels to 2015 and standards since 2016 are different measures, and never set side by side.
        """
        found: list[YearResult] = []
        for results in self.results:
            if measure not in results.measures:
                continue
            county = results.of_county(measure)
            before = found[-1] if found else None
            change = difference(county.county, before.county.county) if before else Difference(None)
            found.append(
                YearResult(results.release, county, change, before.release if before else None)
            )
        return found


def over_years(authority: str, measure: Measure) -> list[YearResult]:
    """Return a measure year by year, the oldest first."""
    return History(authority).of(measure)


def school_over_years(urn: int, measure: Measure) -> list[tuple[Release, Result, Result]]:
    """Return a school's value in each release that has it, the newest first, with England's beside it."""
    kinds = [Kind.ENGLAND_STATE, Kind.ENGLAND]
    rows = Attainment.objects.filter(Q(urn=urn) | Q(kind__in=kinds))
    found: dict[Release, dict[str, dict[str, str]]] = {}
    for year, status, kind, published in rows.values_list("year", "status", "kind", "published"):
        found.setdefault(Release(year, status), {})[kind if kind in kinds else "school"] = published

    def value(published: dict[str, str] | None) -> Result:
        place = Place("", "", None, "", "", "", "", published or {})
        return place.result(measure)

    return [
        (release, value(lines["school"]), value(lines.get(kinds[0], lines.get(kinds[1]))))
        for release in releases()
        if "school" in (lines := found.get(release, {}))
        and any(column in lines["school"] for column in measure.columns)
    ]


def newest_of_school(urn: int) -> tuple[Release, str] | None:
    """Return the newest release that speaks of a school, and its authority; None where none does."""
    rows = Attainment.objects.filter(urn=urn).values_list("year", "status", "authority")
    found = {Release(year, status): authority for year, status, authority in rows}
    return next(((one, found[one]) for one in releases() if one in found), None)


def labels_of(year: int) -> dict[str, str]:
    """Return what headings stand for in a year; where the year has none of its own, in the nearest."""
    years = set(AttainmentColumn.objects.values_list("year", flat=True).distinct())
    if not years:
        return {}
    nearest = min(years, key=lambda one: (abs(one - year), one))
    rows = AttainmentColumn.objects.filter(year=nearest)
    return dict(rows.values_list("heading", "label"))


# For a paper


HEADLINES = (
    *("rwm-expected", "rwm-higher", "reading-expected", "writing-expected", "maths-expected"),
    *("rwm-level-4", "reading-level-4", "maths-level-4"),
)


@dataclass(frozen=True)
class Headline:
    """One line of an update: a measure, beside England and beside the year before, in words."""

    measure: Measure
    county: Result
    england: Result
    beside_england: Difference
    change: Difference
    since: Release | None
    words: str


@dataclass(frozen=True)
class AttainmentUpdate:
    """What a committee is told of the newest Key Stage 2 results, in words and numbers."""

    release: Release
    authority: str  # its number
    name: str
    taken_in_on: date
    lines: tuple[Headline, ...]
    gaps: tuple[str, ...]
    districts: tuple[str, ...]
    missing: tuple[str, ...]  # what is not there, and what a reader must bear in mind
    uncertain: str = UNCERTAIN
    source: str = SOURCE


def attainment_update() -> AttainmentUpdate | None:
    """Return the newest results of the county's own authority for a paper; None where there are none."""
    own = authorities()
    if not own:
        return None
    authority, name = own[0]
    history = History(authority)
    newest = history.newest
    assert newest is not None
    taken_in = (
        Attainment.objects.filter(year=newest.release.year, status=newest.release.status)
        .order_by("-taken_in_at")
        .values_list("taken_in_at", flat=True)
        .first()
    )
    assert taken_in is not None
    lines = []
    for measure in newest.measures:
        if measure.key not in HEADLINES:
            continue
        one = next(one for one in history.of(measure) if one.release == newest.release)
        lines.append(
            Headline(
                measure,
                one.county.county,
                one.county.england,
                one.county.difference,
                one.change,
                one.since,
                _in_words(name, measure, one, history),
            )
        )
    return AttainmentUpdate(
        newest.release,
        authority,
        name,
        taken_in.date(),
        tuple(lines),
        tuple(gap.words(name if gap.place == "the county" else gap.place) for gap in newest.gaps()),
        tuple(_districts_in_words(newest)),
        tuple(_missing(newest, name)),
    )


def _in_words(name: str, measure: Measure, one: YearResult, history: History) -> str:
    county, england = one.county.county, one.county.england
    if county.value is None:
        return f"{measure.name}: {written(county, measure.kind).lower()} for {name} in {one.release.name}."
    told = [
        f"In {one.release.year_name} ({one.release.status}) {written(county, measure.kind)} of pupils in {name} "
        f"{measure.phrase}"
    ]
    if england.value is None:
        told.append("There is no figure for England to set beside it")
    elif one.county.difference.verdict == "cannot tell":
        told.append(
            f"England: {written(england, measure.kind)}. We cannot tell whether the county is different: it may be "
            "chance"
        )
    else:
        told.append(
            f"England: {written(england, measure.kind)}; the county is {said(one.county.difference)}"
        )
    if one.since and one.change.points is not None and county.value is not None:
        before = f"In {one.since.year_name} ({one.since.status}) it was {number(county.value - one.change.points, measure.kind)}"
        told.append(
            f"{before}; we cannot tell whether it has changed"
            if one.change.verdict == "cannot tell"
            else f"{before}: {said(one.change)} now"
        )
    else:
        told.append("There is no year before to set beside it")
    return ". ".join(told) + "."


def _districts_in_words(results: Results) -> list[str]:
    measure = next((one for one in results.measures if one.key in HEADLINES), None)
    if measure is None:
        return []
    told = []
    for one in results.by_district(measure):
        if not one.code:
            continue
        value = written(one.together.result, measure.kind)
        beside = said(one.difference)
        told.append(f"{one.name}: {value}" + (f", beside England {beside}" if beside else "") + ".")
    return told


def _missing(results: Results, name: str) -> list[str]:
    told = []
    if results.release.status == Status.PROVISIONAL:
        told.append(
            "The results are provisional: schools have not checked them yet, and they may change."
        )
    if results.england is None:
        told.append(f"{NO_ENGLAND} for {results.release.name}.")
    if results.county is None:
        told.append(f"There is no line for {name}: its figures are worked out from its schools.")
    main = next((one for one in results.measures if one.key in HEADLINES), None)
    if main and results.schools:
        found = together(main, (place.result(main) for place in results.schools))
        if found.without:
            told.append(
                f"Schools without a published figure: {found.without} of {len(results.schools)}. They count in the "
                "county’s own line, and in no district’s."
            )
    elif not results.schools:
        told.append("There are no results of schools in this release, so none by district.")
    if not results.gaps():
        told.append("Nothing is published here of disadvantaged pupils.")
    return told


# Indicators, for whoever reads the county's figures


def _indicator(key: str) -> Indicator:
    measure = BY_KEY[key]
    return Indicator(
        key=f"key-stage-2-{key}",
        name=f"Key Stage 2: {measure.name[0].lower()}{measure.name[1:]}",
        definition=(
            f"Of the eligible pupils at the end of Key Stage 2 in the county’s state-funded schools: the share who "
            f"{measure.phrase}. As published for the newest year whose results came out before the period’s end, in "
            "the surest stage that has been taken in: final, revised or provisional. By district: the mean of its "
            "schools with a published figure, each by its pupils. The interval is Wilson’s, with half a per cent more "
            "for rounding."
        ),
        unit="% of pupils",
        better="more",
        kind="share",
        source=SOURCE,
        by=("district", "school-year"),
        small="The Department for Education withholds what is small before it publishes. Nothing is hidden again.",
    )


GAP = Indicator(
    key="key-stage-2-gap",
    name="Key Stage 2: gap between disadvantaged pupils and others",
    definition=(
        "The share of pupils who are not disadvantaged who reached the expected standard in reading, writing and "
        "maths, less the share of disadvantaged pupils who did, in percentage points, as published for the county. "
        "Between: Newcombe’s interval for the difference of two shares."
    ),
    unit="points",
    better="fewer",
    kind="mean",
    source=SOURCE,
    by=("school-year",),
    small="The Department for Education withholds what is small before it publishes. Nothing is hidden again.",
)
SHARES = {
    _indicator(key): BY_KEY[key]
    for key in (
        "rwm-expected",
        "rwm-higher",
        "reading-expected",
        "writing-expected",
        "maths-expected",
    )
}
INDICATORS = (*SHARES, GAP)


def figure(indicator: Indicator, period: Period, *, by: str, at: datetime, hub: str = "") -> Figure:
    """Return published results as other figures are: the newest that were out before the period's end.

    Raises LookupError for what is not one of this module's.
    """
    if indicator not in INDICATORS or by not in indicator.by:
        raise LookupError(f"{indicator.key} by {by}")
    own = authorities()
    # Tests are in May; results come out in September at the earliest.
    until = period.last.year if period.last.month >= 9 else period.last.year - 1
    history = History(own[0][0] if own else "", until=until)
    newest = history.newest
    none = Row("all", own[0][1] if own else "The county", (NOTHING, NOTHING, NOTHING, Cell(0)))
    rows: list[Row] = []
    total = none
    missing = "No Key Stage 2 results of this time have been taken in."
    if newest is not None:
        total = Row("all", own[0][1], _cells_of(indicator, newest)) if own else none
        if by == "district":
            rows = [
                Row(one.code or "none", one.name, _cells(one.together.result))
                for one in newest.by_district(SHARES[indicator])
            ]
        else:
            rows = [
                Row(results.release.key, results.release.name, _cells_of(indicator, results))
                for results in history.results
                if indicator is GAP or SHARES[indicator] in results.measures
            ]
        missing = _told_of(indicator, newest)
    unit = indicator.unit[0].upper() + indicator.unit[1:]
    columns = (unit, *BETWEEN, "Pupils")
    return Figure(indicator, period, by, columns, tuple(rows), total, at, missing)


def _cells_of(indicator: Indicator, results: Results) -> tuple[Cell, ...]:
    if indicator is not GAP:
        return _cells(results.of_county(SHARES[indicator]).county)
    gap = next((gap for gap in results.gaps() if gap.place == "the county"), None)
    if gap is None or gap.points.points is None:
        return (NOTHING, NOTHING, NOTHING, Cell(0))
    points = gap.points
    pupils = (gap.disadvantaged.of or 0) + (gap.others.of or 0)
    return _cells(Result(points.points, pupils, points.low, points.high))


def _cells(result: Result) -> tuple[Cell, ...]:
    ends = [NOTHING if end is None else Cell(round(end, 1)) for end in (result.low, result.high)]
    value = NOTHING if result.value is None else Cell(round(result.value, 1))
    return (value, *ends, Cell(result.of or 0))


def _told_of(indicator: Indicator, results: Results) -> str:
    england = "No line for England has been taken in."
    if indicator is GAP:
        gap = next((gap for gap in results.gaps() if gap.place == "England"), None)
        england = gap.words("England") if gap else england
    elif (found := results.of_england(SHARES[indicator])).value is not None:
        england = f"England: {written(found, 'share')}."
    return f"Results of {results.release.name}. {england}"
