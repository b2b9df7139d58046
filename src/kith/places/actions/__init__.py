"""Every change to places: loading the county, and taking in official files."""

from kith.places.actions.importing import AlreadyTakenIn, ask_to_take_in, keep_upload, take_in
from kith.places.actions.loading import Loaded, load_county

__all__ = ["AlreadyTakenIn", "Loaded", "ask_to_take_in", "keep_upload", "load_county", "take_in"]
