"""Numbers about places that are published elsewhere: Key Stage 2 results. Their one home.

They are nobody's secret: the Department for Education has withheld what is small before it publishes,
and its codes are shown in words. A number of one stage (provisional, revised, final) is never set beside
or added to one of another without saying so.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

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
    read_cell,
    result_of,
    together,
    year_name,
)
from kith.places.models import Attainment

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


def releases() -> list[Release]:
    """Return what has been taken in: the newest year first, and of a year the surest first."""
    found = {
        Release(year, status)
        for year, status in Attainment.objects.values_list("year", "status").distinct().order_by()
    }
    return sorted(found, key=lambda one: (-one.year, SUREST.index(Status(one.status))))


def release_called(key: str) -> Release | None:
    """Return a release by its key, such as 2019-final; None where there is none."""
    return next((one for one in releases() if one.key == key), None)


def authorities() -> list[tuple[str, str]]:
    """Return the authorities with schools here, the county's own first: number and name."""
    named = dict(
        Attainment.objects.filter(kind=Kind.AUTHORITY)
        .exclude(name="")
        .order_by("year")
        .values_list("authority", "name")
    )
    inside: Counter[str] = Counter()
    for authority, district in Attainment.objects.filter(urn__isnull=False).values_list(
        "authority", "district"
    ):
        inside[authority] += district is not None
    return [
        (number, named.get(number, f"Authority {number}"))
        for number, _ in sorted(inside.items(), key=lambda item: (-item[1], item[0]))
    ]


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


def over_years(authority: str, measure: Measure) -> list[YearResult]:
    """Return a measure year by year, the oldest first: of each year the surest results.

    Levels to 2015 and standards since 2016 are different measures, and are never set side by side.
    """
    surest: dict[int, Release] = {}
    for release in releases():
        surest.setdefault(release.year, release)
    found: list[YearResult] = []
    for release in sorted(surest.values(), key=lambda one: one.year):
        results = Results(release, authority)
        if measure not in results.measures:
            continue
        county = results.of_county(measure)
        before = found[-1] if found else None
        change = difference(county.county, before.county.county) if before else Difference(None)
        found.append(YearResult(release, county, change, before.release if before else None))
    return found
