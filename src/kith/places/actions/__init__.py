"""Every change to places: loading the county, and taking in official files."""

from kith.places.actions.loading import Loaded, load_county

__all__ = ["Loaded", "load_county"]
