from django.db import migrations

from kith.accounts.guards import (
    any_of,
    guard,
    is_me,
    may,
)


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_initial"),
        ("accounts", "0002_row_security"),
    ]
    operations = [
        guard("jobs_job", see=any_of(is_me("jobs_job.by_id"), may("job.see_all"))),
    ]
