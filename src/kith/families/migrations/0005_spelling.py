"""The words of names with each letter hidden in turn, so that a slip is found by equality."""

from django.db import migrations, models

from kith.accounts.guards import any_of, guard, may

# What `analytics.linkage.keys.one_letter_hidden` makes of the names that are kept already. Row
# security is forced on the tables' owner too; it is lifted within the migration's transaction.
SPELL = """
alter table families_searchkey no force row level security;
insert into families_spelling (hidden, word)
select left(word, place - 1) || '_' || substr(word, place + 1), word
from (
    select distinct substr(key, 3) as word from families_searchkey
    where key like 'n:%' and length(key) >= 5
) kept, generate_series(1, length(word)) place;
alter table families_searchkey force row level security;
"""


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
                ("hidden", models.CharField(db_index=True, max_length=60)),
                ("word", models.CharField(db_index=True, max_length=60)),
            ],
        ),
        migrations.RunSQL(SPELL, migrations.RunSQL.noop),
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
    ]
