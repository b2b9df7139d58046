from django.apps import AppConfig


class ScrutinyConfig(AppConfig):
    name = "kith.scrutiny"

    def ready(self) -> None:
        """Let the county's figures know those of committees."""
        from kith.figures.registry import register
        from kith.scrutiny import counts

        register(counts.INDICATORS, counts.figure)
