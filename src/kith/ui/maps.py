"""Maps as SVG, made by the server from GeoJSON: no tiles, no other website, readable as a table.

Longitude and latitude are laid flat with one scale for both directions in the middle of the map
(equirectangular), which is true enough for a county. Neighbours are simplified together, so that
their common edge stays common.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import shapely
from django.utils.safestring import SafeString, mark_safe
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from kith.ui.charts import element, plain_text

WIDTH = 640.0
MARGIN = 14.0
DETAIL = 0.7  # edges nearer than this many units to a straight line are straightened
SHADES = 5
LETTER = 16.0  # the room that a letter of a label takes on a phone, where labels are drawn larger


@dataclass(frozen=True)
class Area:
    """A place with an outline: GeoJSON Polygon or MultiPolygon, in longitude and latitude.

    `shade` is 0 to 5, the more the darker; None where nothing is known; -1 where it is hidden.
    """

    name: str
    outline: dict[str, Any]
    facts: Sequence[Any] = ()
    shade: int | None = 0
    colour: int | None = None  # 1 to 8: a kind instead of an amount, such as whose area it is
    href: str = ""


@dataclass(frozen=True)
class Place:
    """A point with a name."""

    name: str
    longitude: float
    latitude: float
    facts: Sequence[Any] = ()
    href: str = ""
    label: str = ""  # drawn beside it instead of its name, where names would not fit


@dataclass(frozen=True)
class Map:
    """What a map shows, and the headings of its table: the name's, then one for each fact."""

    title: str
    areas: Sequence[Area] = ()
    places: Sequence[Place] = ()
    headings: Sequence[Any] = ("Place",)
    legend: Sequence[tuple[str, str]] = field(default=())  # class of the swatch, words
    description: str = ""
    note: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.areas and not self.places

    @property
    def summary(self) -> str:
        """Say the map in a sentence, for who cannot see it."""
        if self.description:
            return self.description
        parts = []
        if self.areas:
            parts.append(f"{len(self.areas)} area{'s' if len(self.areas) != 1 else ''}")
        if self.places:
            parts.append(f"{len(self.places)} place{'s' if len(self.places) != 1 else ''}")
        return f"A map with {' and '.join(parts)}. The table below has the same facts."

    @property
    def table_rows(self) -> list[list[Any]]:
        everything: list[Place | Area] = [*self.places, *self.areas]
        return [[item.name, *item.facts] for item in everything]


def shades_of(
    values: Sequence[float | None], unit: str = ""
) -> tuple[list[int | None], list[tuple[str, str]]]:
    """Return a shade from 1 to 5 for each value, and the legend that explains them.

    Equal steps from the least to the most, on round numbers; None stays None.
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return [None for _ in values], []
    low, high = min(known), max(known)
    step = (high - low) / SHADES or 1.0
    ten = 10.0 ** math.floor(math.log10(step))
    step = next(ten * m for m in (1, 2, 2.5, 5, 10) if ten * m >= step * 0.999)
    first = math.floor(low / step) * step

    def shade(value: float | None) -> int | None:
        if value is None or not math.isfinite(value):
            return None
        return min(SHADES, int((value - first) / step + 1e-9) + 1)

    shades = [shade(value) for value in values]
    used = sorted({found for found in shades if found is not None})
    legend = []
    for number in used:
        begin, end = first + (number - 1) * step, first + number * step
        words = f"{begin:,g} or more" if number == SHADES else f"{begin:,g} to under {end:,g}"
        legend.append((f"shade-{number}", f"{words}{unit}"))
    return shades, legend


def draw(picture: Map, ids: str) -> SafeString:
    """Return the map as SVG. `ids` begins the ids of its title and description."""
    if picture.is_empty:
        return mark_safe("")
    outlines = json.dumps([area.outline for area in picture.areas], sort_keys=True)
    points = tuple((place.longitude, place.latitude) for place in picture.places)
    height, paths, spots = _laid_out(_Kept(outlines), points)
    out = []
    for area, path in zip(picture.areas, paths, strict=True):
        facts = ", ".join(str(fact) for fact in area.facts)
        told = element("title", plain_text(f"{area.name}{': ' + facts if facts else ''}"))
        shape = element("path", told, class_=f"area {_class(area)}", d=path)
        out.append(
            _linked(shape, area.href, "area-link", f"{area.name}{': ' + facts if facts else ''}")
        )
    for place, (x, y) in zip(picture.places, spots, strict=True):
        told = element("title", plain_text(place.name))
        spot = element("circle", told, class_="point", cx=x, cy=y, r=7)
        out.append(_linked(spot, place.href, "point-link", place.name))
    for place, (x, y) in zip(picture.places, spots, strict=True):
        label = place.label or place.name
        long = LETTER * len(label) + 11
        right = x + long < WIDTH or x - long < 0
        out.append(
            element(
                "text",
                plain_text(label),
                class_="label" + ("" if right else " end"),
                x=x + (11 if right else -11),
                y=y + 5,
                aria_hidden="true",
            )
        )
    # With links inside it is a group that can be entered; without, one picture.
    hrefs = [area.href for area in picture.areas] + [place.href for place in picture.places]
    role = "group" if any(hrefs) else "img"
    return mark_safe(
        f'<svg class="kith-svg" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="{role}" '
        f'aria-labelledby="{ids}-title {ids}-desc"><title id="{ids}-title">'
        f'{plain_text(picture.title)}</title><desc id="{ids}-desc">{plain_text(picture.summary)}</desc>'
        f"{''.join(out)}</svg>"
    )


def _class(area: Area) -> str:
    if area.colour is not None:
        return f"fill-{(area.colour - 1) % 8 + 1}"
    if area.shade is None or area.shade < 0:
        return "shade-hidden"
    return f"shade-{min(area.shade, SHADES)}"


def _linked(inside: str, href: str, name: str, label: str) -> str:
    if not href:
        return inside
    return element("a", inside, href=href, class_=name, aria_label=_without_controls(label))


def _without_controls(text: str) -> str:
    return "".join(c for c in text if ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF)


class _Kept(str):
    """Outlines as text, which are told apart by a short hash instead of letter by letter."""

    __slots__ = ()

    def __hash__(self) -> int:
        return int.from_bytes(hashlib.blake2b(self.encode(), digest_size=8).digest(), "big")


@lru_cache(maxsize=16)
def _laid_out(
    outlines: _Kept, points: tuple[tuple[float, float], ...]
) -> tuple[float, list[str], list[tuple[float, float]]]:
    """Return the map's height, each outline as a path, and where each point stands."""
    shapes = [_shape(outline) for outline in json.loads(outlines)]
    bounds = [shape.bounds for shape in shapes if not shape.is_empty]
    bounds += [(x, y, x, y) for x, y in points]
    if not bounds:
        return 100.0, ["" for _ in shapes], []
    west, south = min(b[0] for b in bounds), min(b[1] for b in bounds)
    east, north = max(b[2] for b in bounds), max(b[3] for b in bounds)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
    scale = min((WIDTH - 2 * MARGIN) / wide, 900.0 / high)
    left = (WIDTH - wide * scale) / 2

    def place(x: float, y: float) -> tuple[float, float]:
        return left + (x - west) * squeeze * scale, MARGIN + (north - y) * scale

    laid = [
        shapely.transform(
            shape,
            lambda xy: [place(x, y) for x, y in xy],
        )
        for shape in shapes
    ]
    paths = [_path(shape) for shape in _simplified(laid)]
    return high * scale + 2 * MARGIN, paths, [place(x, y) for x, y in points]


def _shape(outline: dict[str, Any]) -> BaseGeometry:
    try:
        shape = shapely.from_geojson(json.dumps(outline))
    except (shapely.errors.GEOSException, ValueError, TypeError):
        return Polygon()
    return shape if isinstance(shape, Polygon | MultiPolygon) else Polygon()


def _simplified(shapes: list[BaseGeometry]) -> Iterable[BaseGeometry]:
    if not shapes:
        return []
    try:
        return list(shapely.coverage_simplify(shapes, DETAIL))
    except shapely.errors.GEOSException:  # shapes that overlap are no coverage
        return [shape.simplify(DETAIL) for shape in shapes]


def _path(shape: BaseGeometry) -> str:
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.coords[:-1]) + "Z"
        for polygon in _polygons(shape)
        for ring in (polygon.exterior, *polygon.interiors)
    )


def _polygons(shape: BaseGeometry) -> Iterator[Polygon]:
    if isinstance(shape, Polygon):
        if not shape.is_empty:
            yield shape
    elif isinstance(shape, MultiPolygon):
        for part in shape.geoms:
            yield from _polygons(part)
