from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "kith.figures"

    def ready(self) -> None:
        """Let the directory name the county's figures: what measures a standard, and shows a need."""
        from kith.directory.counts import INDICATORS as OFFER
        from kith.directory.queries import FIGURES
        from kith.figures.registry import HOMES

        # Whether the core offer is running measures no standard of the core offer.
        FIGURES.update(
            {
                key: indicator
                for key, (indicator, _) in HOMES.items()
                if "hub" in indicator.by and indicator not in OFFER
            }
        )
