from django.db import migrations

from kith.accounts.guards import (
    any_of,
    guard,
    guard_history,
    in_my_teams,
    is_me,
    may,
    standing,
    visible,
)


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0001_initial"),
        ("accounts", "0002_row_security"),
        ("audit", "0001_initial"),
    ]
    operations = [
        guard(
            "families_standing",
            see=any_of(
                may("family.see_all"),
                "(families_standing.until is null or families_standing.until > now()) and "
                + any_of(
                    in_my_teams("families_standing.team_id", "family.see"),
                    is_me("families_standing.user_id"),
                ),
            ),
            add=any_of(may("family.see_all"), is_me("families_standing.user_id")),
            change=may("family.see_all"),
        ),
        guard("families_family", see=standing("families_family.id"), add=may("family.edit")),
        guard(
            "families_membership",
            see=standing("families_membership.family_id"),
            add=may("family.edit"),
        ),
        guard(
            "families_person",
            see=any_of(
                may("family.see_all"),
                visible("families_membership", "families_person.id", key="person_id"),
            ),
            add=may("family.edit"),
        ),
        guard(
            "families_address", see=standing("families_address.family_id"), add=may("family.edit")
        ),
        guard(
            "families_contactdetail",
            see=any_of(
                may("family.see_all"),
                visible("families_person", "families_contactdetail.person_id"),
            ),
            add=may("family.edit"),
        ),
        guard(
            "families_searchkey",
            see=standing("families_searchkey.family_id"),
            add=may("family.edit"),
            remove=standing("families_searchkey.family_id"),
        ),
        guard(
            "families_merge",
            see=standing("families_merge.family_id"),
            add=may("family.merge"),
            change=may("family.merge"),
        ),
        guard(
            "families_notsame",
            see=any_of(
                may("family.see_all"), visible("families_person", "families_notsame.first_id")
            ),
            add=may("family.merge"),
        ),
        guard(
            "families_emergencyaccess",
            see=any_of(
                may("emergency.review"),
                may("family.see_all"),
                is_me("families_emergencyaccess.user_id"),
            ),
            add=is_me("families_emergencyaccess.user_id"),
            change=may("emergency.review"),
        ),
        guard_history("families_familyevent", "families_family"),
        guard_history("families_personevent", "families_person"),
        guard_history("families_membershipevent", "families_membership"),
        guard_history("families_addressevent", "families_address"),
        guard_history("families_contactdetailevent", "families_contactdetail"),
        guard_history("families_standingevent", "families_standing"),
        # The log is read by those who watch over it, and by the managers of the family's own teams.
        guard(
            "audit_entry",
            see=any_of(
                may("audit.see_all"),
                "("
                + may("audit.see_team")
                + " and exists (select 1 from families_standing standing"
                " where standing.family_id = audit_entry.family_id))",
            ),
            change="false",
        ),
        guard(
            "audit_sight",
            see=any_of(
                may("audit.see_all"),
                "("
                + may("audit.see_team")
                + " and exists (select 1 from families_standing standing"
                " where standing.family_id = audit_sight.family_id))",
            ),
            change="false",
        ),
    ]
