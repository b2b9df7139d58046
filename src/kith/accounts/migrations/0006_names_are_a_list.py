from django.db import migrations

from kith.audit.lists import count_changes_of


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_limits")]
    operations = [count_changes_of("accounts_user", "name")]
