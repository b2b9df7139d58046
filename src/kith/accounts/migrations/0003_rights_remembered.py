"""What somebody may do is asked many times a page: let a transaction remember the answer."""

from django.db import migrations

from kith.accounts.guards import NOT_REMEMBERED, REMEMBERED


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_row_security")]
    operations = [migrations.RunSQL(REMEMBERED, NOT_REMEMBERED)]
