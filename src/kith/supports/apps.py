from django.apps import AppConfig


class SupportsConfig(AppConfig):
    name = "kith.supports"

    def ready(self) -> None:
        """Let the family's history tell of attendance."""
        from kith.supports import history  # noqa: F401
