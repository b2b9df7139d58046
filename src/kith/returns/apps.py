from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "kith.returns"
