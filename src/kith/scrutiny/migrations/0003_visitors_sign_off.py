"""A member takes themselves off a visit; until now only officers could remove a visitor."""

from django.db import migrations

from kith.accounts.guards import any_of, guard, may

VISITORS = any_of(may("scrutiny.visit"), may("scrutiny.keep"))


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0002_numbers_and_moves")]

    operations = [
        guard(
            "scrutiny_visitor",
            see=may("scrutiny.see"),
            add=VISITORS,
            change=VISITORS,
            remove=VISITORS,
        )
    ]
