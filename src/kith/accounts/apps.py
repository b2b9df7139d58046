from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "kith.accounts"

    def ready(self) -> None:
        post_migrate.connect(_write_grants, sender=self)


def _write_grants(**kwargs: object) -> None:
    """Keep the database's copy of roles and rights in step with the code (the one use of a signal)."""
    from kith.accounts.actions import write_grants
    from kith.accounts.guards import take_back_rights, wall_restricted

    write_grants()
    wall_restricted()
    take_back_rights(append_only=_append_only_tables())


def _append_only_tables() -> list[str]:
    """Return the log's tables and those of rows' past states."""
    import pghistory.models
    from django.apps import apps

    from kith.audit.models import AppendOnly

    return [
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, AppendOnly | pghistory.models.Event) and model._meta.managed
    ]
