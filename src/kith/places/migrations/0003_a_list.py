from django.db import migrations

from kith.audit.lists import count_changes_of


class Migration(migrations.Migration):
    dependencies = [("places", "0002_uploads_of_official_files"), ("audit", "0002_lists")]
    operations = [
        count_changes_of("places_district"),
    ]
