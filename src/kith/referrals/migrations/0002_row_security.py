from django.db import migrations

from kith.accounts.guards import (
    any_of,
    guard,
    guard_history,
    in_my_teams,
    is_me,
    may,
    visible,
)


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0001_initial"),
        ("families", "0002_row_security"),
    ]
    operations = [
        guard(
            "referrals_referral",
            see=any_of(
                may("referral.see_all"),
                in_my_teams("referrals_referral.team_id", "referral.see"),
                in_my_teams("referrals_referral.sender_team_id", "referral.send"),
                is_me("referrals_referral.sender_id"),
                "referrals_referral.id = (select kith_linked('referral'))",
                "exists (select 1 from families_standing standing"
                " where standing.family_id = referrals_referral.family_id)",
            ),
            add=may("referral.see_all"),
            change=any_of(
                may("referral.see_all"), in_my_teams("referrals_referral.team_id", "referral.see")
            ),
        ),
        guard_history("referrals_referralevent", "referrals_referral"),
        guard(
            "referrals_draft",
            see=any_of(
                may("draft.keep"),
                is_me("referrals_draft.owner_id"),
                "referrals_draft.key_hash = (select kith_link())",
            ),
            remove=any_of(
                may("draft.keep"),
                is_me("referrals_draft.owner_id"),
                "referrals_draft.key_hash = (select kith_link())",
            ),
        ),
        guard(
            "referrals_attachment",
            see=any_of(
                visible("referrals_referral", "referrals_attachment.referral_id"),
                visible("referrals_draft", "referrals_attachment.draft_id"),
            ),
            remove=visible("referrals_draft", "referrals_attachment.draft_id"),
        ),
        guard(
            "referrals_receipt",
            see=any_of(
                may("referral.see_all"), in_my_teams("referrals_receipt.team_id", "referral.send")
            ),
        ),
        guard(
            "referrals_referralneed",
            see=visible("referrals_referral", "referrals_referralneed.referral_id"),
        ),
        guard(
            "referrals_referralchild",
            see=visible("referrals_referral", "referrals_referralchild.referral_id"),
        ),
        guard(
            "referrals_step",
            see=visible("referrals_referral", "referrals_step.referral_id"),
        ),
    ]
