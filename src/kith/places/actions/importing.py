"""Keeping and taking in official files: boundaries of areas, and figures of them."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import shapely
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from kith.accounts.models import User
from kith.audit.actions import record
from kith.jobs.actions import start
from kith.jobs.models import Job
from kith.jobs.queries import under_way
from kith.places.figures import Figures
from kith.places.files import Problem, WrongFile
from kith.places.grid import to_degrees
from kith.places.importing import Importer, Preview, importers, may_take_in
from kith.places.loading import as_geojson, only_polygons
from kith.places.lsoa import Boundary
from kith.places.models import AreaFigure, District, Neighbourhood, Postcode, Upload

TASK = "places.import"
KEPT_FOR = timedelta(days=2)
DETAIL = 20.0  # metres by which an official outline may be simplified
NEAR = 200.0  # metres beyond an area's outline at which a postcode still belongs to it
EXAMPLES = 10


class AlreadyTakenIn(Exception):
    """The file has been taken in before, or was forgotten."""


@transaction.atomic
def keep_upload(
    *,
    importer: Importer,
    name: str,
    data: bytes,
    year: int | None,
    status: str = "",
    by: User,
    at: datetime,
) -> tuple[Upload, Preview]:
    """Read a file and, if all of it is good, keep it until it is confirmed.

    Returns it with what it would change. Raises PermissionDenied, or WrongFile: nothing is kept.
    """
    _may(by, importer)
    name = name[:200]
    preview = importer.preview(importer.read_file(data, name=name, year=year, status=status))
    Upload.objects.filter(taken_in_at=None, at__lt=at - KEPT_FOR).delete()
    upload = Upload(
        importer=importer.key, name=name, content=data, year=year, status=status, by=by, at=at
    )
    upload.save(force_insert=True)
    return upload, preview


@transaction.atomic
def ask_to_take_in(*, upload: Upload, by: User, at: datetime) -> Job:
    """Have a kept file taken in, in the background; once, however often the button is pressed.

    Raises PermissionDenied or AlreadyTakenIn.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    importer = importers[upload.importer]
    _may(by, importer)
    if upload.content is None:
        raise AlreadyTakenIn("This file has been taken in already.")
    arguments = {"upload": str(upload.pk)}
    return under_way(by, TASK, arguments) or start(
        TASK, title=f"Take in {importer.title}", arguments=arguments, by=by, at=at
    )


@transaction.atomic
def take_in(*, upload: Upload, by: User, at: datetime) -> Preview:
    """Put a kept file in: all of it or nothing. Returns what has changed.

    Raises PermissionDenied, AlreadyTakenIn, or WrongFile when what it builds on has changed.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    importer = importers[upload.importer]
    _may(by, importer)
    if upload.content is None:
        raise AlreadyTakenIn("This file has been taken in already.")
    # Two imports one after the other, not side by side: each compares with what is there.
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('places.import', 0))")
    done = importer.write(read_upload(importer, upload), by=by, at=at)
    upload.content, upload.taken_in_at = None, at
    upload.result = {"sentence": done.sentence}
    upload.save(update_fields=["content", "taken_in_at", "result"])
    record(
        "places.imported",
        subject=upload,
        by=by,
        at=at,
        after={"kind": importer.title, "file": upload.name, "result": done.sentence},
    )
    return done


def read_upload(importer: Importer, upload: Upload) -> Any:
    """Return what is in a file that was kept. Raises WrongFile."""
    return importer.read_file(
        bytes(upload.content or b""), name=upload.name, year=upload.year, status=upload.status
    )


def _may(by: User, importer: Importer) -> None:
    if not may_take_in(by, importer):
        raise PermissionDenied("Your role does not include taking in this kind of file.")


# Boundaries


def preview_areas(found: list[Boundary]) -> Preview:
    """Say what boundaries would change. Raises WrongFile when none is in the county."""
    return _compare(_as_rows(found), found)[0]


def write_areas(found: list[Boundary], *, by: User, at: datetime) -> Preview:
    """Write boundaries, and say of each postcode in which area it lies. Raises WrongFile."""
    rows = _as_rows(found)
    preview, new, changed = _compare(rows, found)
    Neighbourhood.objects.bulk_create(new, batch_size=500)
    Neighbourhood.objects.bulk_update(
        changed,
        ["name", "district", "outline", "easting", "northing", "latitude", "longitude"],
        batch_size=200,
    )
    _place_postcodes([boundary for boundary in found if boundary.code in rows])
    return preview


def _as_rows(found: list[Boundary]) -> dict[str, Neighbourhood]:
    """Return the areas of the county as rows, by code. Raises WrongFile when there are none."""
    district_of = _districts(found)
    inside = [boundary for boundary in found if boundary.code in district_of]
    if not inside:
        raise WrongFile(
            Problem("at least one area of this county. If there is none, load the county first")
        )
    shapes = np.array([boundary.shape for boundary in inside])
    if shapely.coverage_is_valid(shapes):
        simple = shapely.coverage_simplify(shapes, DETAIL)
    else:  # neighbours that overlap or leave gaps: each by itself, as published
        simple = shapely.simplify(shapes, DETAIL / 4)
    rows = {}
    for boundary, shape in zip(inside, simple, strict=True):
        outline = only_polygons(shape) if shapely.is_valid(shape) else boundary.shape
        middle = shapely.point_on_surface(boundary.shape)
        longitude, latitude = to_degrees(middle.x, middle.y)
        rows[boundary.code] = Neighbourhood(
            code=boundary.code,
            kind=Neighbourhood.Kind.LSOA,
            name=boundary.name,
            district_id=district_of[boundary.code],
            outline=json.loads(as_geojson(outline if outline.area > 0 else boundary.shape)),
            easting=round(middle.x),
            northing=round(middle.y),
            latitude=round(latitude, 6),
            longitude=round(longitude, 6),
        )
    return rows


def _districts(found: list[Boundary]) -> dict[str, str]:
    """Return the district of each area of the county; areas elsewhere are left out.

    An area's own name begins with its district's; where it does not, its place decides.
    """
    by_name = dict(District.objects.values_list("name", "code"))
    district_of = {
        boundary.code: by_name[boundary.place] for boundary in found if boundary.place in by_name
    }
    unnamed = [boundary for boundary in found if not boundary.place]
    near = nearest_postcodes(
        [shapely.point_on_surface(boundary.shape) for boundary in unnamed], within=1000.0
    )
    for boundary, postcode in zip(unnamed, near, strict=True):
        if postcode is not None:
            district_of[boundary.code] = postcode[1]
    return district_of


def nearest_postcodes(points: Sequence[Any], *, within: float) -> list[tuple[str, str] | None]:
    """Return the county's postcode nearest to each point with its district; None beyond `within` metres."""
    if not points:
        return []
    rows = list(
        Postcode.objects.order_by("code").values_list("code", "district_id", "easting", "northing")
    )
    if not rows:
        return [None for _ in points]
    tree = shapely.STRtree(shapely.points([row[2] for row in rows], [row[3] for row in rows]))
    pairs = tree.query_nearest(np.array(points), max_distance=within, all_matches=False)
    nearest = dict(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True))
    return [
        (rows[nearest[number]][0], rows[nearest[number]][1]) if number in nearest else None
        for number in range(len(points))
    ]


def _compare(
    rows: dict[str, Neighbourhood], found: list[Boundary]
) -> tuple[Preview, list[Neighbourhood], list[Neighbourhood]]:
    held = {area.code: area for area in Neighbourhood.objects.filter(kind=Neighbourhood.Kind.LSOA)}
    new = [row for code, row in rows.items() if code not in held]
    changed = [
        row for code, row in rows.items() if code in held and _told(row) != _told(held[code])
    ]
    examples = [(row.code, f"New: {row.name}") for row in new[:EXAMPLES]]
    for row in changed[:EXAMPLES]:
        before = held[row.code]
        what = f"{before.name} becomes {row.name}" if before.name != row.name else "New outline"
        examples.append((row.code, what))
    kept = len(held.keys() - rows.keys())
    notes: tuple[str, ...] = ()
    if kept and new:
        # Areas that are split or joined get new codes; the rest keep theirs in both editions.
        notes = (
            f"Of the map’s areas {kept:,} are not in this file, and of the file’s {len(new):,} are "
            "not on the map: the map may show the areas of another census (2011 or 2021). The old ones "
            "stay with their figures; postcodes go to the new ones.",
        )
    preview = Preview(
        adds=len(new),
        changes=len(changed),
        same=len(rows) - len(new) - len(changed),
        left_out=len(found) - len(rows),
        kept=kept,
        notes=notes,
        examples=tuple(examples),
    )
    return preview, new, changed


def _told(area: Neighbourhood) -> tuple[object, ...]:
    return (area.name, area.district_id, json.dumps(area.outline), area.easting, area.northing)


def _place_postcodes(areas: list[Boundary]) -> None:
    """Say of each postcode in which of these areas it lies, or near which."""
    rows = list(Postcode.objects.values_list("code", "easting", "northing"))
    if not rows:
        return
    points = shapely.points([row[1] for row in rows], [row[2] for row in rows])
    tree = shapely.STRtree([area.shape for area in areas])
    number, place = tree.query_nearest(points, max_distance=NEAR, all_matches=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "update places_postcode held set lsoa_id = new.area "
            "from unnest(%s::text[], %s::text[]) as new (code, area) "
            "where held.code = new.code and held.lsoa_id is distinct from new.area",
            [
                [rows[index][0] for index in number.tolist()],
                [areas[index].code for index in place.tolist()],
            ],
        )


# Figures


def preview_figures(figures: Figures) -> Preview:
    """Say what figures would change. Raises WrongFile when no area of the file is known here."""
    return _compare_figures(figures)[0]


def write_figures(figures: Figures, *, by: User, at: datetime) -> Preview:
    """Write figures of areas. Raises WrongFile."""
    preview, new, changed = _compare_figures(figures)
    AreaFigure.objects.bulk_create(new, batch_size=2000)
    AreaFigure.objects.bulk_update(changed, ["value", "source"], batch_size=500)
    return preview


def _compare_figures(figures: Figures) -> tuple[Preview, list[AreaFigure], list[AreaFigure]]:
    known = set(Neighbourhood.objects.filter(code__in=figures.rows).values_list("code", flat=True))
    if not known:
        raise WrongFile(
            Problem(
                "figures of areas that are on the map. Take in the boundaries of the same areas first",
                column="code",
            )
        )
    held = {
        (figure.area_id, figure.name): figure
        for figure in AreaFigure.objects.filter(year=figures.year, area__in=known)
    }
    new, changed, examples = [], [], []
    for (code, name), value in figures.values.items():
        if code not in known:
            continue
        figure = held.get((code, name))
        if figure is None:
            new.append(
                AreaFigure(area_id=code, name=name, value=value, year=figures.year, source=figures.source)
            )  # fmt: skip
        elif figure.value != value:
            examples.append((f"{code}, {name}", f"{_said(figure.value)} becomes {_said(value)}"))
            figure.value, figure.source = value, figures.source
            changed.append(figure)
    of_known = sum(code in known for code, _ in figures.values)
    withheld = sum(value is None for (code, _), value in figures.values.items() if code in known)
    notes = []
    if withheld:
        notes.append(f"{withheld:,} figures are withheld by the publisher and stay empty.")
    on_map = Neighbourhood.objects.filter(kind=Neighbourhood.Kind.LSOA)
    if without := on_map.exclude(code__in=figures.rows).count():
        notes.append(
            f"Of the map’s areas {without:,} have no figures in this file. Is it for the areas of "
            "another census (2011 or 2021) than the boundaries that you took in?"
        )
    preview = Preview(
        adds=len(new),
        changes=len(changed),
        same=of_known - len(new) - len(changed),
        left_out=len(figures.rows.keys() - known),
        notes=tuple(notes),
        examples=tuple(examples[:EXAMPLES]),
    )
    return preview, new, changed


def _said(value: object) -> str:
    return "withheld" if value is None else f"{value:g}"
