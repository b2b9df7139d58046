from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0008_a_list")]
    operations = [
        migrations.AddField(
            model_name="step",
            name="family_words",
            field=models.TextField(blank=True, db_default=""),
        ),
    ]
