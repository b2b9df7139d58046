from django.db import migrations

from kith.audit.lists import count_changes_of


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_rights_remembered"), ("audit", "0002_lists")]
    operations = [
        count_changes_of("accounts_team"),
        count_changes_of("accounts_membership"),
        count_changes_of("accounts_cover"),
        # Whoever is away may be stopped from signing in: their colleague then covers for nobody.
        migrations.RunSQL(
            """
            create constraint trigger list_changed after update of is_active on accounts_user
            deferrable initially deferred for each row when (old.is_active <> new.is_active)
            execute function kith_list_changed();
            """,
            "drop trigger list_changed on accounts_user;",
        ),
    ]
