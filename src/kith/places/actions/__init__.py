"""Every change to places: loading the county, and taking in official files."""

from kith.places.actions.attainment import import_attainment
from kith.places.actions.importing import (
    AlreadyTakenIn,
    ask_to_take_in,
    keep_upload,
    read_upload,
    take_in,
)
from kith.places.actions.loading import Loaded, load_county

__all__ = [
    "AlreadyTakenIn",
    "Loaded",
    "ask_to_take_in",
    "import_attainment",
    "keep_upload",
    "load_county",
    "read_upload",
    "take_in",
]
