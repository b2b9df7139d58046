from django.apps import AppConfig


class CaseStudiesConfig(AppConfig):
    name = "kith.casestudies"

    def ready(self) -> None:
        """Withdraw what was released as soon as a family takes its consent back, or is restricted."""
        from kith.casestudies import withdrawing  # noqa: F401
