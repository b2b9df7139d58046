from django.db import migrations

from kith.accounts.guards import (
    guard,
    may,
)


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
        ("accounts", "0002_row_security"),
    ]
    operations = [
        # Anyone's action may send word; few may read what was sent.
        guard("notices_notice", see=may("notice.see"), add="true"),
    ]
