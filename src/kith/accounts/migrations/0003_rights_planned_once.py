"""What somebody may do is asked many times a page: let the database keep the plan of the asking."""

from django.db import migrations

from kith.accounts.guards import PLANNED_ONCE


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_row_security")]
    # The functions answer the same, so going back may leave them as they are.
    operations = [migrations.RunSQL(PLANNED_ONCE, migrations.RunSQL.noop)]
