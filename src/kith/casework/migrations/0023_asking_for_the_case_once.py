from django.db import migrations

from kith.accounts.guards import ASK_THE_FUNCTION, CASE_SEEN


class Migration(migrations.Migration):
    """Databases made before rows of a case asked a function whether the case is seen."""

    dependencies = [("casework", "0022_what_became")]
    operations = [migrations.RunSQL(CASE_SEEN + ASK_THE_FUNCTION, migrations.RunSQL.noop)]
