from django.db import migrations

from kith.accounts.guards import CASE_SEEN, SEES_ALL, ask_instead

ASKED = r"EXISTS \( SELECT 1\s+FROM casework_case parent\s+WHERE \(parent\.id = ((?:\w+\.)?\w+)\)\)"


class Migration(migrations.Migration):
    """Databases made before rows of a case asked a function whether the case is seen."""

    dependencies = [("casework", "0022_what_became")]
    operations = [
        migrations.RunSQL(
            CASE_SEEN + ask_instead(ASKED, all_else=f"{SEES_ALL} or "), migrations.RunSQL.noop
        )
    ]
