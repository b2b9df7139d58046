"""What a word of a name may be meant by is kept once for the word, no longer for each person."""

from typing import Any

from django.db import connection, migrations, models

from kith.accounts.guards import any_of, guard, may
from kith.analytics.linkage.keys import forms_of

# Row security is forced on the tables' owner too; it is lifted within the migration's transaction.
LIFT = """
alter table families_searchkey no force row level security;
alter table families_spelling no force row level security;
"""
FORCE = """
alter table families_searchkey force row level security;
alter table families_spelling force row level security;
"""


def spell(cursor: Any) -> None:
    """Write the forms of the words that are kept already."""
    cursor.execute("select distinct substr(key, 3) from families_searchkey where key like 'n:%'")
    pairs = [(form, word) for (word,) in cursor.fetchall() for form in sorted(forms_of(word))]
    cursor.execute(
        "insert into families_spelling (form, word) select * from unnest(%s::text[], %s::text[])",
        [[form for form, _ in pairs], [word for _, word in pairs]],
    )


def move(apps: Any, schema_editor: Any) -> None:
    with connection.cursor() as cursor:
        spell(cursor)
        cursor.execute("delete from families_searchkey where left(key, 2) in ('s:', 'k:')")


class Migration(migrations.Migration):
    dependencies = [("families", "0004_merge_found_by_what_is_gone")]
    operations = [
        migrations.CreateModel(
            name="Spelling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(db_index=True, max_length=62)),
                ("word", models.CharField(db_index=True, max_length=60)),
            ],
        ),
        migrations.RunSQL(LIFT, migrations.RunSQL.noop),
        migrations.RunPython(move),
        guard(
            "families_spelling",
            # A word is seen by whoever sees somebody of that name.
            see=any_of(
                may("family.see_all"),
                "exists (select from families_searchkey kept"
                " where kept.key = 'n:' || families_spelling.word)",
            ),
            add=may("family.edit"),
        ),
        migrations.RunSQL(FORCE, migrations.RunSQL.noop),
    ]
