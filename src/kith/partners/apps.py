from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "kith.partners"
