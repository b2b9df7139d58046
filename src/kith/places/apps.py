from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "kith.places"

    def ready(self) -> None:
        """Offer the official files of this module."""
        from kith.places import importers  # noqa: F401
