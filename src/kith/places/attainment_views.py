"""Pages of Key Stage 2 results: the county beside England, districts, schools, years."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from kith.accounts.permissions import Permission
from kith.analytics.attainment import MEASURES, Measure, Result, between, said, written
from kith.places import attainment_file, counts
from kith.places.counts import CountyResult, Place, Release, Results
from kith.places.forms import ResultsForm
from kith.ui.charts import Chart, Series

NUMERIC = {"numeric": True}
PARTS = (
    ("overview", "The county"),
    ("districts", "Districts"),
    ("schools", "Schools"),
    ("years", "Year by year"),
)


@dataclass(frozen=True)
class Asked:
    """Which results somebody wants to see."""

    release: Release
    releases: list[Release]
    authority: str
    authorities: list[tuple[str, str]]
    measure: Measure
    district: str
    results: Results

    @property
    def name(self) -> str:
        return dict(self.authorities).get(self.authority, "The county")

    def query(self, **more: str) -> str:
        """Return the address's question for another page of the same results."""
        told = {
            "release": self.release.key,
            "authority": self.authority,
            "measure": self.measure.key,
        }
        return "?" + urlencode({**told, **more})


def _asked(request: HttpRequest) -> Asked | None:
    """Return what is asked for; what is not there is replaced by the newest. None without results."""
    authorities = counts.authorities()
    if not authorities:
        return None
    authority = request.GET.get("authority", "")
    if authority not in dict(authorities):
        authority = authorities[0][0]
    releases = counts.releases(authority)
    wanted_release = request.GET.get("release", "")
    release = next((one for one in releases if one.key == wanted_release), releases[0])
    results = Results(release, authority)
    wanted = counts.measure_called(request.GET.get("measure", ""))
    if wanted not in results.measures:
        wanted = next(iter(results.measures), MEASURES[0])
    return Asked(
        release,
        releases,
        authority,
        authorities,
        wanted,
        request.GET.get("district", "")[:9],
        results,
    )


def _page(part: str, title: str) -> Callable[..., Any]:
    """Make a page of one part of the results: a view returns what is shown, this draws the frame."""

    def decorate(shows: Callable[[HttpRequest, Asked], dict[str, Any]]) -> Callable[..., Any]:
        @require_safe
        @login_required
        def page(request: HttpRequest) -> HttpResponse:
            asked = _asked(request)
            may_import = request.user.can(Permission.PLACES_IMPORT)  # type: ignore[union-attr]
            context: dict[str, Any] = {"asked": asked, "part": part, "title": title}
            context["may_import"] = may_import
            if asked:
                context |= {
                    "form": ResultsForm(asked, chosen=request.GET, part=part),
                    "tabs": [
                        {
                            "label": label,
                            "href": reverse(f"attainment:{key}") + asked.query(),
                            "current": key == part,
                        }
                        for key, label in PARTS
                    ],
                    "source": counts.SOURCE,
                    "uncertain": counts.UNCERTAIN,
                    "download": reverse("attainment:download") + asked.query(),
                    **shows(request, asked),
                }
            return render(request, "places/attainment.html", context)

        page.__doc__ = shows.__doc__
        return page

    return decorate


@_page("overview", "Key Stage 2 results")
def overview(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """The county beside England: every measure of one release."""
    found = [asked.results.of_county(measure) for measure in asked.results.measures]
    shares = [one for one in found if one.measure.kind == "share" and one.measure.group == "all"]
    return {
        "tables": [
            (caption, _columns(asked), [_line(one) for one in group])
            for caption, group in (
                ("Pupils who reached a standard", shares),
                ("Disadvantaged pupils and others", [o for o in found if o.measure.group != "all"]),
                ("Average scaled scores", [o for o in found if o.measure.kind == "score"]),
                ("Progress since Key Stage 1", [o for o in found if o.measure.kind == "progress"]),
            )
            if group
        ],
        "chart": Chart(
            "bars",
            f"{asked.name} and England, {asked.release.name}",
            [one.measure.short for one in shares],
            [
                Series(asked.name, [one.county.value for one in shares]),
                Series("England", [one.england.value for one in shares]),
            ],
            unit="% of pupils",
            label_heading="Measure",
            decimals=0,
        ),
        "gaps": [
            gap.words(asked.name if gap.place == "the county" else gap.place)
            for gap in asked.results.gaps()
        ],
        "worked_out": not asked.results.county,
        "pupils": asked.results.county.eligible.words if asked.results.county else "",
    }


def _columns(asked: Asked) -> list[Any]:
    return ["Measure", *({"label": label, **NUMERIC} for label in ("Pupils", asked.name, "Between", "England")), "Beside England"]  # fmt: skip


def _line(one: CountyResult) -> list[str]:
    kind = one.measure.kind
    return [
        one.measure.name,
        f"{one.county.of:,}" if one.county.of else "–",
        written(one.county, kind),
        between(one.county, kind) or "–",
        written(one.england, kind),
        said(one.difference).capitalize() or "–",
    ]


@_page("districts", "Key Stage 2 results by district")
def districts(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """One measure by district: the mean of the schools there, each by its pupils."""
    kind = asked.measure.kind
    found = asked.results.by_district(asked.measure)
    county = asked.results.of_county(asked.measure)
    rows = [
        [
            one.name,
            f"{one.together.schools:,}",
            f"{one.together.result.of:,}" if one.together.result.of else "–",
            written(one.together.result, kind, decimals=1),
            between(one.together.result, kind) or "–",
            said(one.difference).capitalize() or "–",
            f"{one.together.without:,}" if one.together.without else "none",
        ]
        for one in found
    ]
    rows.append(
        [
            asked.name,
            "–",
            f"{county.county.of:,}" if county.county.of else "–",
            written(county.county, kind),
            between(county.county, kind) or "–",
            said(county.difference).capitalize() or "–",
            "–",
        ]
    )
    without = sum(one.together.without for one in found)
    pupils = sum(one.together.pupils_without for one in found)
    labels = [one.name for one in found]
    return {
        "chart": Chart(
            "bars",
            asked.measure.name,
            [*labels, asked.name, "England"],
            [
                Series(
                    asked.release.name,
                    [
                        *(one.together.result.value for one in found),
                        county.county.value,
                        county.england.value,
                    ],
                )
            ],
            unit=asked.measure.unit,
            label_heading="District",
        ),
        "tables": [
            (
                f"{asked.measure.name}, {asked.release.name}",
                [
                    "District",
                    *(
                        {"label": label, **NUMERIC}
                        for label in ("Schools", "Pupils", "Result", "Between")
                    ),
                    "Beside England",
                    {"label": "Schools without a figure", **NUMERIC},
                ],
                rows,
            )
        ],
        "explained": [
            "A district’s figure is worked out here: the mean of the schools at its postcodes, each by the number of "
            "its pupils. The Department for Education publishes none.",
            f"Schools without a published figure: {without:,}, with {pupils:,} pupils as far as their number "
            "is published. They are in no district’s figure."
            if without
            else "Each school here has a published figure.",
        ],
    }


@_page("schools", "Key Stage 2 results by school")
def schools(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """One measure by school, to be sorted, and narrowed to a district."""
    measure = asked.measure
    england = asked.results.of_england(measure)
    found = [
        (place, place.result(measure))
        for place in asked.results.schools
        if not asked.district or place.district == asked.district
    ]
    sort = request.GET.get("sort", "name")
    found.sort(key=lambda item: _order(sort.lstrip("-"), *item), reverse=sort.startswith("-"))
    if sort.lstrip("-") in ("result", "pupils"):
        key = sort.lstrip("-")
        found.sort(key=lambda item: (item[1].value if key == "result" else item[1].of) is None)
    return {
        "schools": [
            {
                "place": place,
                "href": reverse("attainment:school", args=[place.urn]) + asked.query(),
                "pupils": f"{result.of:,}" if result.of else place.says(measure.of).words,
                "result": written(result, measure.kind),
                "is_number": result.value is not None,
                "between": between(result, measure.kind) or "–",
                "beside": said(counts.difference(result, england)).capitalize() or "–",
            }
            for place, result in found
        ],
        "without": sum(result.value is None for _, result in found),
        "england": written(england, measure.kind),
    }


def _order(key: str, place: Place, result: Result) -> Any:
    match key:
        case "result":
            return result.value if result.value is not None else 0.0
        case "pupils":
            return result.of or 0
        case "district":
            return (place.district_name, place.name.casefold())
    return place.name.casefold()


@_page("years", "Key Stage 2 results year by year")
def years(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """One measure over the years: of each the surest results, each with its stage."""
    found = counts.over_years(asked.authority, asked.measure)
    kind = asked.measure.kind
    rows = [
        [
            one.release.year_name,
            one.release.status_name,
            written(one.county.county, kind),
            between(one.county.county, kind) or "–",
            written(one.county.england, kind),
            said(one.county.difference).capitalize() or "–",
            f"{said(one.change).capitalize()}, since {one.since.name}"
            if one.since and one.change.points is not None
            else "–",
        ]
        for one in reversed(found)
    ]
    return {
        "chart": Chart(
            "line" if len(found) > 1 else "bars",
            asked.measure.name,
            [f"{one.release.year_name} ({one.release.status_name[0]})" for one in found],
            [
                Series(asked.name, [one.county.county.value for one in found]),
                Series("England", [one.county.england.value for one in found]),
            ],
            unit=asked.measure.unit,
            label_heading="Year",
            decimals=0 if kind == "share" else 1,
            note="F: final. R: revised. P: provisional.",
        ),
        "tables": [
            (
                asked.measure.name,
                [
                    "Year",
                    "Stage",
                    *({"label": label, **NUMERIC} for label in (asked.name, "Between", "England")),
                    "Beside England",
                    "Change",
                ],
                rows,
            )
        ],
        "explained": [
            "Of each year the surest results that have been taken in are shown: final before revised, revised "
            "before provisional. There were no tests in 2020 and 2021, and no results of schools were published "
            "for 2022. Levels (to 2015) and standards (from 2016) are different measures."
        ],
    }


@require_safe
@login_required
def school(request: HttpRequest, urn: int) -> HttpResponse:
    """All that is published of one school in a release, with the codes in words."""
    asked = _asked(request)
    if asked is None:
        raise Http404
    place = next((one for one in asked.results.schools if one.urn == urn), None)
    if place is None:
        # It may have closed since, or be of another authority.
        newest = counts.newest_of_school(urn)
        if newest is None:
            raise Http404
        release, authority = newest
        question = urlencode({"release": release.key, "authority": authority})
        return redirect(f"{reverse('attainment:school', args=[urn])}?{question}")
    labels = counts.labels_of(asked.release.year)
    rows = []
    for measure in asked.results.measures:
        result, england = place.result(measure), asked.results.of_england(measure)
        rows.append(
            [
                measure.name,
                f"{result.of:,}" if result.of else place.says(measure.of).words,
                written(result, measure.kind),
                between(result, measure.kind) or "–",
                written(england, measure.kind),
                said(counts.difference(result, england)).capitalize() or "–",
            ]
        )
    return render(
        request,
        "places/attainment_school.html",
        {
            "asked": asked,
            "place": place,
            "rows": rows,
            "columns": [
                "Measure",
                *(
                    {"label": label, **NUMERIC}
                    for label in ("Pupils", "Result", "Between", "England")
                ),
                "Beside England",
            ],
            "published": [
                (heading, labels.get(heading, ""), text)
                for heading, text in sorted(place.published.items())
            ],
            "labelled": bool(labels),
            "may_import": request.user.can(Permission.PLACES_IMPORT),  # type: ignore[union-attr]
            "years": [
                [
                    release.year_name,
                    release.status_name,
                    f"{result.of:,}" if result.of else "–",
                    written(result, asked.measure.kind),
                    between(result, asked.measure.kind) or "–",
                    written(england, asked.measure.kind),
                    said(counts.difference(result, england)).capitalize() or "–",
                ]
                for release, result, england in counts.school_over_years(urn, asked.measure)
            ],
            "year_columns": [
                "Year",
                "Stage",
                *(
                    {"label": label, **NUMERIC}
                    for label in ("Pupils", "Result", "Between", "England")
                ),
                "Beside England",
            ],
            "back": reverse("attainment:schools") + asked.query(),
            "source": counts.SOURCE,
            "uncertain": counts.UNCERTAIN,
        },
    )


@require_safe
@login_required
def download(request: HttpRequest) -> HttpResponse:
    """A release for a spreadsheet: England, the county, its districts and its schools."""
    asked = _asked(request)
    if asked is None:
        raise Http404
    answer = HttpResponse(
        attainment_file.as_csv(asked.results), content_type="text/csv; charset=utf-8"
    )
    name = f"key-stage-2-{asked.authority}-{asked.release.key}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
