"""Who belongs to a hidden family is written down beside it; who was seen is remembered."""

from django.db import migrations

from kith.accounts.guards import PEOPLE_SEEN

# Row security is forced on the tables' owner too; it is lifted within the migration's transaction.
WHO_BELONGS = """
alter table families_membership no force row level security;
insert into kith_walls (restriction, kind, thing)
    select wall.restriction, 'person', held.person_id
    from kith_walls wall join families_membership held on held.family_id = wall.thing
    where wall.kind = 'family'
    on conflict do nothing;
alter table families_membership force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("families", "0007_restricting")]
    operations = [
        migrations.RunSQL(PEOPLE_SEEN, migrations.RunSQL.noop),
        migrations.RunSQL(WHO_BELONGS, migrations.RunSQL.noop),
    ]
