"""Which cases were seen is remembered to the end of a transaction."""

from django.db import migrations

from kith.accounts.guards import CASE_SEEN, ask_instead, forgets


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0026_social_cares_code"),
        ("families", "0008_people_of_hidden_families"),
    ]
    operations = [
        migrations.RunSQL(
            CASE_SEEN
            + forgets("casework_case", "update of family_id or delete")
            + ask_instead(r"kith_case_seen\(((?:\w+\.)?\w+)\)"),
            migrations.RunSQL.noop,
        ),
    ]
