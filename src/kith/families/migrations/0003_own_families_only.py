"""Rows may be added to one's own families only, and an emergency look is short and for workers."""

from django.db import migrations

from kith.accounts.guards import any_of, guard, in_my_teams, is_me, may, standing, visible


def guard_anew(table: str, *, see: str, add: str, **rest: str) -> migrations.RunSQL:
    """Guard a guarded table anew. Going back leaves the stricter wall standing."""
    step = guard(table, see=see, add=add, **rest)
    step.reverse_sql = migrations.RunSQL.noop
    return step


def own(column: str) -> str:
    return f"({may('family.edit')} and {standing(column)})"


class Migration(migrations.Migration):
    dependencies = [("families", "0002_row_security")]
    operations = [
        guard_anew(
            "families_standing",
            see=any_of(
                may("family.see_all"),
                "(families_standing.until is null or families_standing.until > now()) and "
                + any_of(
                    in_my_teams("families_standing.team_id", "family.see"),
                    is_me("families_standing.user_id"),
                ),
            ),
            # Breaking the glass: oneself, for an emergency, for four hours (and a little for clocks).
            add=any_of(
                may("family.see_all"),
                f"({may('family.emergency')} and {is_me('families_standing.user_id')}"
                " and families_standing.team_id is null"
                " and families_standing.reason = 'emergency'"
                " and families_standing.until <= now() + interval '245 minutes')",
            ),
            change=may("family.see_all"),
        ),
        guard_anew(
            "families_membership",
            see=standing("families_membership.family_id"),
            add=own("families_membership.family_id"),
        ),
        guard_anew(
            "families_address",
            see=standing("families_address.family_id"),
            add=own("families_address.family_id"),
        ),
        guard_anew(
            "families_searchkey",
            see=standing("families_searchkey.family_id"),
            add=own("families_searchkey.family_id"),
            remove=standing("families_searchkey.family_id"),
        ),
        guard_anew(
            "families_contactdetail",
            see=any_of(
                may("family.see_all"),
                visible("families_person", "families_contactdetail.person_id"),
            ),
            add=f"({may('family.edit')} and "
            + any_of(
                may("family.see_all"),
                visible("families_person", "families_contactdetail.person_id"),
            )
            + ")",
        ),
        guard_anew(
            "families_merge",
            see=standing("families_merge.family_id"),
            add=f"({may('family.merge')} and {standing('families_merge.family_id')})",
            change=may("family.merge"),
        ),
        guard_anew(
            "families_emergencyaccess",
            see=any_of(
                may("emergency.review"),
                may("family.see_all"),
                is_me("families_emergencyaccess.user_id"),
            ),
            add=f"({may('family.emergency')} and {is_me('families_emergencyaccess.user_id')})",
            change=may("emergency.review"),
        ),
    ]
