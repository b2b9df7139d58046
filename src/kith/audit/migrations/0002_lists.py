"""Count how often the lists that every page reads have changed."""

from django.db import migrations

from kith.audit.lists import COUNTER, DROP_COUNTER


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(COUNTER, DROP_COUNTER)]
