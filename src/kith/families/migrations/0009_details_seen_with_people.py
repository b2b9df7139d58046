"""How somebody is reached is seen with the person, by the function that remembers people."""

from django.db import migrations

from kith.accounts.guards import any_of, may, sees_by


class Migration(migrations.Migration):
    dependencies = [("families", "0008_people_of_hidden_families")]
    operations = [
        sees_by(
            "families_contactdetail",
            any_of(may("family.see_all"), "kith_person_seen(families_contactdetail.person_id)"),
        ),
    ]
