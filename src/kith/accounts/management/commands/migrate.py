"""`python -m django migrate`: Django's own command, which draws fewer models again for each step.

After each step Django makes the classes anew of all models near the one that changed. Here nearly all
are near: each row says who wrote it and which family it is about. Making the tables of an empty database
took a minute of processor time, nine tenths of it for that. A step that only adds needs the changed
model and those that point to it, and nothing else; any other step is taken in Django's own way.
"""

from typing import Any

import pgtrigger.migrations
from django.core.management.commands import migrate
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# `RunPython` is among them because Django makes all classes anew for it.
ADDING = (
    operations.CreateModel,
    operations.AddField,
    operations.AddConstraint,
    operations.AddIndex,
    operations.RunSQL,
    operations.RunPython,
    pgtrigger.migrations.AddTrigger,
    pgtrigger.migrations.RemoveTrigger,
)


class SparingState(ProjectState):
    """The models as they stand between two steps that only add something."""

    def _find_reload_model(
        self, app_label: str, model_name: str, delay: bool = False
    ) -> set[tuple[str, str]]:
        """Return what must be made anew: the model, what points to it, and what points to that."""
        self.is_delayed = True  # some classes know an older one: `RunPython` gets them all anew
        found: set[tuple[str, str]] = set()
        waiting = {(app_label, model_name)}
        while waiting:
            model = waiting.pop()
            found.add(model)
            near = {key for key in self.relations.get(model, ()) if key in self.models}
            near |= {key for key, other in self.models.items() if ".".join(model) in other.bases}
            waiting |= near - found
        return found


class SparingExecutor(MigrationExecutor):
    """Takes each migration that only adds in the sparing way."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, *args: Any, **options: Any
    ) -> ProjectState:
        way = SparingState if all(map(only_adds, migration.operations)) else ProjectState
        if type(state) is not way:
            state.__dict__.pop("apps", None)
            state.__class__ = way
        return super().apply_migration(state, migration, *args, **options)


def only_adds(step: Operation) -> bool:
    """Say whether a step of a migration only adds, or changes a column that nothing points to."""
    if isinstance(step, operations.AlterField):
        return not (step.field.is_relation or step.field.primary_key or step.field.unique)
    return isinstance(step, ADDING)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        migrate.MigrationExecutor = SparingExecutor  # type: ignore[attr-defined]
        super().handle(*args, **options)
