"""Whether somebody leads a session is asked of a function, and not in every question of a hub."""

from django.db import migrations

from kith.accounts.guards import any_of, asking, sees_by, standing


class Migration(migrations.Migration):
    dependencies = [("supports", "0003_leading")]
    operations = [
        asking(
            "kith_leads_session",
            "select from supports_session held join supports_leading led"
            " on led.support_id = held.support_id and led.since <= held.on"
            " where held.id = $1 and kith_may('register.lead') and led.user_id = kith_viewer()"
            " and led.ended_at is null and led.since <= kith_today()"
            " and (led.until is null or led.until >= kith_today())",
        ),
        sees_by(
            "supports_attendance",
            any_of(
                standing("supports_attendance.family_id"),
                "kith_leads_session(supports_attendance.session_id)",
            ),
        ),
    ]
