"""What partners see of a team is asked of functions, and not in every question of a hub."""

from django.db import migrations

from kith.accounts.guards import any_of, asking, in_my_teams, is_me, sees_by, visible

OF_MEMBER = ("casework_leadprofessional", "casework_meetingseat", "casework_minutescopy",
    "casework_assessmentshare")  # fmt: skip


def of_case(table: str) -> str:
    return visible("casework_case", f"{table}.case_id")


class Migration(migrations.Migration):
    dependencies = [("casework", "0027_cases_seen_remembered")]
    operations = [
        asking("kith_member_seen", "select from casework_teammember member where member.id = $1"),
        asking(
            "kith_meeting_of_mine",
            "select from casework_meetingseat seat where seat.meeting_id = $1",
        ),
        asking(
            "kith_meeting_of_my_hub",
            "select from casework_teammeeting held join casework_case helped"
            " on helped.id = held.case_id where held.id = $1",
        ),
        asking(
            "kith_minutes_sent_to_me",
            "select from casework_minutescopy copy where copy.minutes_id = $1",
        ),
        asking(
            "kith_assessment_shared_with_me",
            "select from casework_assessmentshare share where share.assessment_id = $1"
            " and share.ended_at is null and (share.until is null or share.until >= kith_today())",
        ),
        asking(
            "kith_partner_of_mine",
            "select from partners_organisation partner where partner.id = $1 and "
            + in_my_teams("partner.team_id", "action.own"),
        ),
        *(sees_by(table, f"kith_member_seen({table}.member_id)") for table in OF_MEMBER),
        sees_by(
            "casework_teammember",
            any_of(
                of_case("casework_teammember"),
                "(withheld_at is null and (until is null or until >= kith_today()) and "
                + any_of(
                    # A partner's people, for as long as they act for it.
                    is_me("user_id") + " and kith_partner_of_mine(organisation_id)",
                    "id = (select kith_linked('team_page'))",
                )
                + ")",
            ),
        ),
        sees_by(
            "casework_teammeeting",
            any_of(of_case("casework_teammeeting"), "kith_meeting_of_mine(id)"),
        ),
        sees_by(
            "casework_minutes",
            any_of("kith_meeting_of_my_hub(meeting_id)", "kith_minutes_sent_to_me(id)"),
        ),
        sees_by(
            "casework_assessment",
            any_of(
                of_case("casework_assessment"),
                "status = 'signed' and kith_assessment_shared_with_me(id)",
            ),
        ),
        sees_by(
            "casework_plannedaction",
            any_of(
                of_case("casework_plannedaction"),
                "withheld_at is null and kith_partner_of_mine(owner_organisation_id)",
            ),
        ),
    ]
