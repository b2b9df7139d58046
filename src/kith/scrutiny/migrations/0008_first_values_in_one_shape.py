"""The first figure of what a hub took up was kept in a shape of its own. It is counted again, as of the
same day, in the shape of every other first value (`actions.practice.bind_figures`)."""

from django.db import migrations

# Row security is forced on the tables' owner too; it is lifted within the migration's transaction.
COUNT_AGAIN = """
alter table scrutiny_takenup no force row level security;
alter table scrutiny_takenupevent no force row level security;
update scrutiny_takenup set baseline = '{}' where not baseline ? 'definition';
set constraints all immediate;
alter table scrutiny_takenup force row level security;
alter table scrutiny_takenupevent force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0007_the_newest_first")]
    operations = [migrations.RunSQL(COUNT_AGAIN, migrations.RunSQL.noop)]
