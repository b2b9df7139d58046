from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "kith.partners"

    def ready(self) -> None:
        """Offer the register of schools on the page of imports."""
        from kith.partners import importers  # noqa: F401
