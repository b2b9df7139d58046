from django.db import migrations

from kith.audit.lists import count_changes_of


class Migration(migrations.Migration):
    dependencies = [("ui", "0001_look"), ("audit", "0002_lists")]
    operations = [
        count_changes_of("ui_look"),
    ]
