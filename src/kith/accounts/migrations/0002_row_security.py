from django.db import migrations

from kith.accounts.guards import (
    DROP_FUNCTIONS,
    FUNCTIONS,
    TODAY,
)

CACHE = """
create unlogged table kith_cache (
    cache_key varchar(255) primary key,
    value text not null,
    expires timestamptz not null
);
create index kith_cache_expires on kith_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("audit", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(TODAY + FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(CACHE, "drop table kith_cache"),
    ]
