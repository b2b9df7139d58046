"""The county's districts, neighbourhoods and postcodes, worked out from the postcode directory.

No database here: `actions.load_county` writes what `work_out` returns.
"""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from kith.places import outlines, postcode_directory
from kith.places.county import County
from kith.places.grid import rounded_degrees, to_degrees
from kith.places.postcode_directory import Directory

NEAR = 500.0  # metres from its own sector's outline at which a postcode still belongs to it
STRIP = 2000.0  # metres: postcodes outside the county count where some of its own are this near


@dataclass(frozen=True)
class Area:
    """A neighbourhood to be written."""

    code: str  # OX4 1
    name: str
    district: str
    outline: str  # GeoJSON
    easting: int
    northing: int
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Worked:
    """What the directory says about a county. The lists of postcodes are equally long."""

    districts: dict[str, str]
    areas: list[Area]
    codes: list[str]
    eastings: list[int]
    northings: list[int]
    latitudes: list[float]
    longitudes: list[float]
    postcode_districts: list[str]
    neighbourhoods: list[str]


def work_out(county: County) -> Worked:
    """Read the directory and draw the county's neighbourhoods. Raises NoDirectory."""
    everything = postcode_directory.read(frozenset(county.districts))
    shapes = _sectors(everything, county)
    inside = everything.only(everything.inside)
    names = sorted(shapes)
    outlined = np.array([shapes[name] for name in names])
    belongs = _belonging(inside, names, outlined)
    longitudes, latitudes = to_degrees(inside.eastings, inside.northings)
    return Worked(
        districts=dict(county.districts),
        areas=[
            _area(names[number], outlined[number], inside.only(belongs == number), county)
            for number in np.unique(belongs)
        ],
        codes=inside.codes.tolist(),
        eastings=inside.eastings.astype(int).tolist(),
        northings=inside.northings.astype(int).tolist(),
        latitudes=np.round(latitudes, 6).tolist(),
        longitudes=np.round(longitudes, 6).tolist(),
        postcode_districts=inside.districts.tolist(),
        neighbourhoods=[_spaced(names[number]) for number in belongs],
    )


def _sectors(everything: Directory, county: County) -> dict[str, Any]:
    """Return the outline of each of the county's postcode sectors, on the British grid."""
    # Places on a round hundred metres are of postcodes that ended long ago, roughly placed.
    exact = ~((everything.eastings % 100 == 0) & (everything.northings % 100 == 0))
    placed = everything.only(exact if exact.any() else ~exact)
    sectors = np.array([code[:-2] for code in placed.codes])
    current = ~(placed.inside & np.isin(sectors, list(county.ended)))
    placed, sectors = placed.only(current), sectors[current]
    east, north = placed.eastings // STRIP, placed.northings // STRIP
    squares = set(zip(east[placed.inside].tolist(), north[placed.inside].tolist(), strict=True))
    near_squares = {(x + dx, y + dy) for x, y in squares for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
    near = np.array(
        [pair in near_squares for pair in zip(east.tolist(), north.tolist(), strict=True)]
    )
    placed, sectors = placed.only(near), sectors[near]
    labels = np.where(placed.inside, sectors, outlines.OUTSIDE)
    return outlines.draw(placed.eastings, placed.northings, labels)


def _belonging(inside: Directory, names: list[str], outlined: Any) -> Any:
    """Return for each postcode the number of its neighbourhood.

    Its own sector's, where it lies in or near it; else the one in which it lies.
    """
    points = shapely.points(inside.eastings, inside.northings)
    number_of = {name: number for number, name in enumerate(names)}
    own = np.array([number_of.get(code[:-2], -1) for code in inside.codes])
    away = np.where(own >= 0, shapely.distance(points, outlined[own]), np.inf)
    strays = np.flatnonzero(away > NEAR)
    tree = shapely.STRtree(outlined)
    stray, number = tree.query(points[strays], predicate="within")
    own[strays[stray]] = number
    nowhere = np.setdiff1d(strays, strays[stray])  # beyond every outline, by the county's edge
    own[nowhere] = tree.nearest(points[nowhere])
    return own


def _area(name: str, shape: Any, postcodes: Directory, county: County) -> Area:
    middle = shapely.points(postcodes.eastings.mean(), postcodes.northings.mean())
    if not shapely.contains(shape, middle):
        middle = shapely.point_on_surface(shape)
    easting, northing = round(shapely.get_x(middle)), round(shapely.get_y(middle))
    longitude, latitude = to_degrees(easting, northing)
    district = min(
        Counter(postcodes.districts.tolist()).items(), key=lambda pair: (-pair[1], pair[0])
    )[0]
    town = county.towns.get(name[:-1]) or county.districts[district]
    return Area(
        code=_spaced(name),
        name=f"{_spaced(name)}, {town}",
        district=district,
        outline=as_geojson(shape),
        easting=easting,
        northing=northing,
        latitude=round(latitude, 6),
        longitude=round(longitude, 6),
    )


def as_geojson(shape: Any) -> str:
    """Return an outline on the British grid as GeoJSON in degrees, valid after rounding."""
    degrees = shapely.transform(shape, rounded_degrees)
    if not shapely.is_valid(degrees):
        degrees = only_polygons(shapely.make_valid(degrees))
    return json.dumps(shapely.geometry.mapping(degrees))


def only_polygons(shape: Any) -> Any:
    """Return the parts of a shape that have an area."""
    parts = [part for part in shapely.get_parts(shape, return_index=False) if part.area > 0]
    flat = [piece for part in parts for piece in shapely.get_parts(part)]
    polygons = [piece for piece in flat if piece.geom_type == "Polygon"]
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def _spaced(sector: str) -> str:
    return f"{sector[:-1]} {sector[-1]}"
