"""The British grid and longitude and latitude, turned into each other."""

from functools import lru_cache
from typing import Any

import numpy as np
import pyproj

DIGITS = 5  # of a degree: about a metre
# A box around Great Britain, for telling degrees from metres and slips from places.
DEGREES = (-9.0, 49.0, 2.5, 61.5)
METRES = (0.0, 0.0, 700_000.0, 1_300_000.0)


@lru_cache(maxsize=2)
def _transformer(source: int, target: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def to_degrees(eastings: Any, northings: Any) -> tuple[Any, Any]:
    """Return longitude and latitude (WGS 84) of places on the British grid (metres)."""
    return _transformer(27700, 4326).transform(eastings, northings)


def to_metres(longitudes: Any, latitudes: Any) -> tuple[Any, Any]:
    """Return easting and northing (metres) of longitudes and latitudes (WGS 84)."""
    return _transformer(4326, 27700).transform(longitudes, latitudes)


def rounded_degrees(corners: Any) -> Any:
    """Return corners of an outline (metres) as degrees with five decimals, for GeoJSON."""
    longitudes, latitudes = to_degrees(corners[:, 0], corners[:, 1])
    return np.round(np.column_stack([longitudes, latitudes]), DIGITS)
