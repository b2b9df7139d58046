from django.apps import AppConfig


class SupportsConfig(AppConfig):
    name = "kith.supports"

    def ready(self) -> None:
        """Let the family's history tell of attendance, and the end of a case of places."""
        from kith.supports import history, still_open  # noqa: F401
