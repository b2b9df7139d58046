from django.db import migrations

from kith.accounts.guards import (
    CASE_SEEN,
    any_of,
    guard,
    guard_history,
    in_my_teams,
    standing,
    visible,
)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("referrals", "0002_row_security"),
    ]
    operations = [
        migrations.RunSQL(CASE_SEEN, "drop function kith_sees_all, kith_case_seen cascade"),
        guard("casework_case", see=standing("casework_case.family_id")),
        guard_history("casework_caseevent", "casework_case"),
        guard(
            "casework_plannedaction",
            see=any_of(
                visible("casework_case", "casework_plannedaction.case_id"),
                "exists (select 1 from partners_organisation owner"
                " where owner.id = casework_plannedaction.owner_organisation_id and "
                + in_my_teams("owner.team_id", "action.own")
                + ")",
            ),
        ),
        guard_history("casework_plannedactionevent", "casework_plannedaction"),
        guard("casework_allocation", see=visible("casework_case", "casework_allocation.case_id")),
        guard("casework_contact", see=visible("casework_case", "casework_contact.case_id")),
        guard("casework_note", see=visible("casework_case", "casework_note.case_id")),
    ]
