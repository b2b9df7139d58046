from django.db import migrations

from kith.audit.lists import count_changes_of


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial"), ("audit", "0002_lists")]
    operations = [count_changes_of("partners_organisation", "name")]
