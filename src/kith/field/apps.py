from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "kith.field"

    def ready(self) -> None:
        """Let the end of a case tell of visits, and tie contacts to them."""
        from kith.field import still_open  # noqa: F401
