"""Real files of public data. Tests that need them skip, and say so, where they are absent."""

import warnings
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"
GEO = DATA / "geo"


def real_file(name: str, *, folder: str = "geo") -> bytes:
    """Return the content of a real file, or skip the test loudly."""
    path = DATA / folder / name
    if not path.exists():
        warnings.warn(f"SKIPPED: {path} is not here, so a real file was not tried", stacklevel=2)
        pytest.skip(f"{path} is not here")
    return path.read_bytes()
