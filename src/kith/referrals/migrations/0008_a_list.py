from django.db import migrations

from kith.audit.lists import count_changes_of


class Migration(migrations.Migration):
    dependencies = [("referrals", "0007_told_of_moves"), ("audit", "0002_lists")]
    operations = [
        count_changes_of("referrals_need"),
    ]
