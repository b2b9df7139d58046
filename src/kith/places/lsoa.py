"""Boundaries of lower layer super output areas, as the Office for National Statistics publishes them.

GeoJSON, in longitude and latitude or on the British grid. The properties are named for the year
(LSOA21CD, LSOA21NM; LSOA11CD, LSOA11NM); `lsoa21_code` and the like are understood too.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from kith.places.files import Problem, WrongFile, shown, text_of
from kith.places.grid import DEGREES, METRES, to_metres

CODE = re.compile(r"[EW]01\d{6}")
CODE_NAMES = re.compile(r"lsoa(?:\d\d)?(?:cd|_code)", re.I)
NAME_NAMES = re.compile(r"lsoa(?:\d\d)?(?:nm|_name)", re.I)
YEAR_NAMES = re.compile(r"lsoa(11|21)(?:cd|_code)", re.I)
MOST_FEATURES = 40_000


@dataclass(frozen=True)
class Boundary:
    """An area with its outline on the British grid (metres)."""

    row: int
    code: str
    name: str
    shape: Any

    @property
    def place(self) -> str:
        """The name of the district that the area's own name begins with; "" where it has none."""
        found = re.fullmatch(r"(.+) \d{3}[A-Z]", self.name)
        return found[1] if found else ""


def read(data: bytes, year: int | None = None) -> list[Boundary]:
    """Return all areas of a file. Raises WrongFile with everything that is wrong."""
    features = _features(data)
    problems: list[Problem] = []
    found: list[Boundary] = []
    seen: dict[str, int] = {}
    for number, feature in enumerate(features, start=1):
        area = _area(number, feature, problems)
        if area is None:
            continue
        if area.code in seen:
            problems.append(
                Problem(
                    f"each area once; it is feature {seen[area.code]} too",
                    number,
                    "code",
                    area.code,
                )
            )
        seen.setdefault(area.code, number)
        found.append(area)
    years = sorted({year for feature in features for year in _years(feature)})
    if len(years) > 1:
        problems.append(
            Problem(
                f"areas of one census; these are named for {' and '.join(years)}", column="code"
            )
        )
    if problems:
        raise WrongFile(*problems)
    return found


def _years(feature: Any) -> set[str]:
    """Return the census years that the names of a feature's properties speak of."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    names = properties if isinstance(properties, dict) else {}
    return {f"20{found[1]}" for name in names if (found := YEAR_NAMES.fullmatch(str(name)))}


def _features(data: bytes) -> list[Any]:
    try:
        whole = json.loads(text_of(data))
    except RecursionError:
        raise WrongFile(Problem("GeoJSON; this is nested too deeply")) from None
    except json.JSONDecodeError as error:
        raise WrongFile(Problem(f"GeoJSON ({error.msg})", error.lineno)) from None
    except ValueError:
        raise WrongFile(Problem("GeoJSON; a number in it is too long")) from None
    if not isinstance(whole, dict) or whole.get("type") != "FeatureCollection":
        raise WrongFile(Problem("a GeoJSON FeatureCollection"))
    features = whole.get("features")
    if not isinstance(features, list) or not features:
        raise WrongFile(Problem("at least one feature", column="features"))
    if len(features) > MOST_FEATURES:
        raise WrongFile(Problem(f"{MOST_FEATURES:,} features at most", column="features"))
    return features


def _area(number: int, feature: Any, problems: list[Problem]) -> Boundary | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        problems.append(Problem("a feature with properties and a geometry", number))
        return None
    had = len(problems)
    code = _property(number, properties, CODE_NAMES, "LSOA21CD", problems).upper()
    name = _property(number, properties, NAME_NAMES, "LSOA21NM", problems)
    if len(problems) == had and not CODE.fullmatch(code):
        problems.append(Problem("a code such as E01028422", number, "code", shown(code)))
    if len(problems) == had and not 0 < len(name) <= 120:
        problems.append(Problem("a name of at most 120 letters", number, "name", shown(name)))
    shape = _outline(number, feature.get("geometry"), problems)
    if len(problems) > had:
        return None
    return Boundary(number, code, name, shape)


def _property(
    number: int,
    properties: dict[str, Any],
    names: re.Pattern[str],
    usual: str,
    problems: list[Problem],
) -> str:
    values = [value for name, value in properties.items() if names.fullmatch(str(name))]
    if len(values) != 1 or not isinstance(values[0], str) or "\0" in values[0]:
        problems.append(
            Problem(f"one text with the name {usual} or the like", number, "properties",
                    shown(values) if values else "")
        )  # fmt: skip
        return ""
    return " ".join(values[0].split())


def _outline(number: int, geometry: Any, problems: list[Problem]) -> Any:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        problems.append(Problem("a Polygon or MultiPolygon", number, "geometry", shown(kind or "")))
        return None
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, ValueError, TypeError, RecursionError):
        problems.append(Problem("coordinates of rings that close", number, "geometry"))
        return None
    corners = shapely.get_coordinates(shape)
    if not len(corners) or not np.isfinite(corners).all():
        problems.append(Problem("coordinates", number, "geometry"))
        return None
    if _within(corners, DEGREES):
        shape = shapely.transform(shape, lambda xy: np.column_stack(to_metres(xy[:, 0], xy[:, 1])))
    elif not _within(corners, METRES):
        problems.append(
            Problem(
                "places in Great Britain: longitude before latitude, or metres on the British grid",
                number,
                "geometry",
                shown(corners[0].tolist()),
            )
        )
        return None
    if not shapely.is_valid(shape):
        shape = shapely.make_valid(shape)
    if shape.area <= 0:
        problems.append(Problem("an outline with an area", number, "geometry"))
        return None
    return shape


def _within(corners: Any, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    x, y = corners[:, 0], corners[:, 1]
    return bool(
        (x >= west).all() and (x <= east).all() and (y >= south).all() and (y <= north).all()
    )
