from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "kith.accounts"

    def ready(self) -> None:
        post_migrate.connect(_write_grants, sender=self)


def _write_grants(**kwargs: object) -> None:
    """Keep the database's copy of the roles in step with the code (the one use of a signal)."""
    from kith.accounts.actions import write_grants

    write_grants()
