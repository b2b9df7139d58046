"""A photograph that is taken away leaves nothing behind: until now its bytes stayed."""

from django.db import migrations

from kith.accounts.guards import any_of, guard, may

SEE, VISIT, KEEP, ANSWER = (may(f"scrutiny.{what}") for what in ("see", "visit", "keep", "answer"))
PUBLIC = (
    "exists (select from scrutiny_published shown "
    "where shown.sha = scrutiny_content.sha and shown.gone_at is null)"
)


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0003_visitors_sign_off")]

    operations = [
        guard(
            "scrutiny_content",
            see=any_of(SEE, VISIT, PUBLIC),
            add=any_of(KEEP, VISIT, ANSWER),
            change="false",
            remove=f"({any_of(VISIT, KEEP)} and not {PUBLIC})",
        )
    ]
