"""The words for the family of cases that are closed stand in the family's own copy too."""

from django.db import migrations

# Row security is forced on the tables' owner too; it is lifted within the migration's transaction.
TABLES = ("casework_case", "referrals_step")
LIFT = "".join(f"alter table {table} no force row level security;" for table in TABLES)
FORCE = "".join(f"alter table {table} force row level security;" for table in TABLES)
KEEP = """
update referrals_step step set family_words = ended.family_words
from casework_case ended
where ended.referral_id = step.referral_id and step.kind = 'ended'
    and step.at = ended.closed_at and ended.family_words <> '';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0005_goals_and_reviews"),
        ("referrals", "0009_words_for_the_family"),
    ]
    operations = [migrations.RunSQL(LIFT + KEEP + FORCE, migrations.RunSQL.noop)]
