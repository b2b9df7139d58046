import django.db.models.deletion
from django.db import migrations, models

from kith.accounts.guards import guard, visible


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_row_security"),
    ]
    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checkpoints",
                        to="jobs.job",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("job", "key"), name="part_done_once")
                ],
            },
        ),
        guard("jobs_checkpoint", see=visible("jobs_job", "jobs_checkpoint.job_id")),
    ]
