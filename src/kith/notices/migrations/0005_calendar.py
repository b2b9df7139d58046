from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0004_secrets_of_the_receiver"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="calendar",
            field=models.TextField(blank=True),
        ),
    ]
