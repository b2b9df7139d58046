"""Whose data is what, and is it behind the wall? Read `personal_data.py` first."""

import pghistory.models
import pytest
from django.apps import apps
from django.db import connection, models

from tests.architecture.personal_data import OTHER_TABLES, ROWS, TABLES

HISTORY_OWN = {"pgh_id", "pgh_created_at", "pgh_label", "pgh_by", "pgh_obj"}


def all_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and not issubclass(model, pghistory.models.Event)
    ] + [model for model in apps.get_models() if is_procrastinate(model)]


def is_procrastinate(model: type[models.Model]) -> bool:
    return model._meta.app_label == "procrastinate" and not model._meta.managed


def histories() -> list[type[pghistory.models.Event]]:
    return [
        model
        for model in apps.get_models()
        if issubclass(model, pghistory.models.Event) and model._meta.managed
    ]


def guarded_tables() -> list[str]:
    """Return the names of the tables that must be behind row security."""
    guarded = {name for name, table in TABLES.items() if table.wall is ROWS}
    tables = [model._meta.db_table for model in all_models() if model._meta.label in guarded]
    tables += [
        model._meta.db_table
        for model in histories()
        if model.pgh_tracked_model._meta.label in guarded
    ]
    return sorted(tables)


def test_every_field_of_every_model_is_listed_as_personal_or_not():
    missing = [
        f"{model._meta.label}.{field.name}"
        for model in all_models()
        for field in model._meta.local_fields
        if model._meta.label not in TABLES or TABLES[model._meta.label].kind_of(field.name) is None
    ]
    missing += [
        f"{model._meta.label} keeps {field.name}, which {model.pgh_tracked_model.__name__} has not"
        for model in histories()
        for field in model._meta.local_fields
        if field.name not in HISTORY_OWN
        and TABLES[model.pgh_tracked_model._meta.label].kind_of(field.name) is None
    ]
    assert missing == [], "List these in tests/architecture/personal_data.py"


def test_nothing_is_listed_that_is_no_longer_there():
    fields = {
        model._meta.label: {field.name for field in model._meta.local_fields}
        for model in all_models()
    }
    stale = [
        f"{label}.{name}"
        for label, table in TABLES.items()
        for name in " ".join([table.personal, table.staff, table.none]).split()
        if name not in fields.get(label, set())
    ]
    assert stale == []


def test_a_table_of_personal_data_is_never_open():
    wrong = [label for label, table in TABLES.items() if table.personal and table.wall is not ROWS]
    assert wrong == []


def test_an_open_table_that_speaks_of_staff_says_why():
    silent = [
        label
        for label, table in TABLES.items()
        if table.wall is not ROWS and table.staff and not table.why
    ]
    assert silent == []


@pytest.mark.django_db
def test_every_table_of_personal_data_has_row_security_forced_and_policies():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select c.relname, c.relrowsecurity, c.relforcerowsecurity,
                   (select array_agg(p.polcmd::text order by p.polcmd::text)
                    from pg_policy p where p.polrelid = c.oid and p.polpermissive)
            from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            """
        )
        walls = {table: facts for table, *facts in cursor.fetchall()}

    must = guarded_tables()
    open_ones = [table for table in must if walls[table][:2] != [True, True]]
    assert open_ones == [], "Guard these with kith.accounts.guards in a migration"
    assert [table for table in must if walls[table][2] != ["a", "d", "r", "w"]] == []

    known = {model._meta.db_table for model in [*all_models(), *histories()]}
    strays = set(walls) - known - set(OTHER_TABLES)
    assert strays == set(), "No model and no line in OTHER_TABLES knows these tables"


@pytest.mark.django_db
def test_every_table_that_tells_of_a_family_hides_restricted_ones():
    """Added after every migration, by `accounts.guards.wall_restricted`."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_policies where permissive = 'RESTRICTIVE'")
        walled = {table for (table,) in cursor.fetchall()}

    tells = {
        model._meta.db_table
        for model in all_models()
        if any(field.attname == "family_id" for field in model._meta.fields)
    }
    assert tells & set(guarded_tables()) <= walled
    assert {"families_family", "families_person", "families_address", "notices_notice"} <= walled
