from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NoticesConfig(AppConfig):
    name = "kith.notices"

    def ready(self) -> None:
        # Each module's words for the notices it sends.
        autodiscover_modules("wordings")
