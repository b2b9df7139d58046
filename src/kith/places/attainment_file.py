"""Key Stage 2 results as a file for a spreadsheet, with codes as they were published."""

import csv
import io

from kith.analytics.attainment import Result, together
from kith.places.counts import Place, Results


def as_csv(results: Results) -> str:
    """Return a release as comma-separated lines: areas first, then schools."""
    out = io.StringIO()
    writer = csv.writer(out)
    release, measures = results.release, results.measures
    writer.writerow(
        ["Year", "Stage", "What", "Name", "URN", "District", "Eligible pupils"]
        + [measure.name for measure in measures]
    )
    told = [release.year_name, release.status_name]
    for what, place in (
        ("England", results.england),
        (f"Authority {results.authority}", results.county),
    ):
        if place:
            writer.writerow(
                [*told, what, *_place(place), *(_said(place, m.columns) for m in measures)]
            )
    for code, name in sorted(
        {(p.district, p.district_name) for p in results.schools if p.district}
    ):
        there = [place for place in results.schools if place.district == code]
        added = [together(m, (place.result(m) for place in there)).result for m in measures]
        writer.writerow(
            [*told, "District (worked out)", harmless(name), "", harmless(name), ""]
            + [_rounded(one) for one in added]
        )
    for place in results.schools:
        what = "Special school" if place.kind == "special" else "School"
        writer.writerow([*told, what, *_place(place), *(_said(place, m.columns) for m in measures)])
    return out.getvalue()


def _place(place: Place) -> list[str]:
    return [
        harmless(place.name),
        str(place.urn or ""),
        harmless(place.district_name),
        place.eligible.text,
    ]


def _said(place: Place, columns: tuple[str, ...]) -> str:
    found = place.says(columns)
    # A progress score of -2.6 is a number; a code is kept from being taken for a formula.
    return found.text if found.value is not None else harmless(found.text)


def _rounded(result: Result) -> str:
    return "" if result.value is None else f"{result.value:.1f}"


def harmless(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
