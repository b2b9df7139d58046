"""Roles: a name, a sentence that a manager would sign, and what it allows.

A membership stores a role's key. The database's row policies read the same table of grants,
which is written from here after every migration (`actions.write_grants`).
"""

from dataclasses import dataclass

from kith.accounts.permissions import Permission as P


@dataclass(frozen=True)
class Role:
    """A role that a person may hold in a team."""

    key: str
    name: str
    sentence: str
    permissions: frozenset[P]
    team_kinds: frozenset[str]
    for_people: bool = True


_HUB_WORKER = frozenset(
    {P.REFERRAL_SEE, P.FAMILY_SEE, P.FAMILY_EDIT, P.FAMILY_EMERGENCY, P.CASE_WORK, P.FIGURES_HUB}
)
_HUB_MANAGER = _HUB_WORKER | {
    P.FAMILY_RESTRICT,
    P.CASE_ALLOCATE,
    P.CASE_CLOSE,
    P.CASE_SUPERVISE,
    P.CASE_AUDIT,
    P.CASE_STUDY_RELEASE,
    P.ASSESSMENT_SIGN,
    P.COVER_ARRANGE,
    P.AUDIT_SEE_TEAM,
    P.DIRECTORY_EDIT,
}
_DESK = frozenset(
    {
        P.REFERRAL_SEE,
        P.REFERRAL_SEE_ALL,
        P.REFERRAL_DECIDE,
        P.FAMILY_SEE,
        P.FAMILY_SEE_ALL,
        P.FAMILY_EDIT,
        P.FAMILY_MERGE,
        P.PARTNER_EDIT,
        P.NOTICE_SEE,
        P.DIRECTORY_EDIT,
        P.DIRECTORY_EDIT_ALL,
        P.FIGURES_HUB,
        P.FIGURES_COUNTY,
    }
)

ROLES = {
    role.key: role
    for role in (
        Role(
            "referrer",
            "Referrer",
            "Sends requests for help for their organisation, and follows those it has sent; keeps what the "
            "directory says of it.",
            frozenset({P.REFERRAL_SEND, P.ACTION_OWN, P.REGISTER_LEAD, P.DIRECTORY_PROPOSE}),
            frozenset({"partner"}),
        ),
        Role(
            "session_leader",
            "Session leader",
            "A volunteer, or somebody of a partner, who leads groups that a hub asked them to lead, and "
            "takes their registers; sees no family.",
            frozenset({P.REGISTER_LEAD}),
            frozenset({"partner"}),
        ),
        Role(
            "hub_worker",
            "Hub worker",
            "Works with families of their hub and records what is done.",
            _HUB_WORKER,
            frozenset({"hub"}),
        ),
        Role(
            "hub_manager",
            "Hub manager",
            "Gives families to workers, watches the hub's promises and closes cases.",
            _HUB_MANAGER,
            frozenset({"hub"}),
        ),
        Role(
            "county_desk",
            "County desk",
            "Decides what happens with each request, and puts together records of one family.",
            _DESK,
            frozenset({"desk"}),
        ),
        Role(
            "county_lead",
            "County lead",
            "Answers for all hubs: sees every request and figure, sets promises and areas, and makes "
            "the statutory returns.",
            _DESK
            | {
                P.HUB_EDIT,
                P.SETTINGS_EDIT,
                P.NOTICE_EDIT,
                P.FAMILY_RESTRICT,
                P.COVER_ARRANGE,
                P.PLACES_IMPORT,
                P.CASE_ALLOCATE,
                P.CASE_AUDIT,
                P.CASE_STUDY_RELEASE,
                P.CASE_STUDY_READ,
                P.JOB_SEE_ALL,
                P.RETURNS_MAKE,
                P.OFFER_AGREE,
                P.SCRUTINY_SEE,
                P.SCRUTINY_ANSWER,
            },
            frozenset({"desk"}),
        ),
        Role(
            "committee_member",
            "Committee member",
            "Reads the committee’s papers and the case studies that were released, in which nobody is "
            "named; visits places and writes what they saw; sees no family.",
            frozenset(
                {
                    P.CASE_STUDY_READ,
                    P.SCRUTINY_SEE,
                    P.SCRUTINY_VISIT,
                    P.FIGURES_HUB,
                    P.FIGURES_COUNTY,
                }
            ),
            frozenset({"committee"}),
        ),
        Role(
            "committee_officer",
            "Committee officer",
            "Keeps the committees: agendas, papers, minutes, recommendations and what is published; sees "
            "no family.",
            frozenset(
                {
                    P.CASE_STUDY_READ,
                    P.SCRUTINY_SEE,
                    P.SCRUTINY_VISIT,
                    P.SCRUTINY_KEEP,
                    P.FIGURES_HUB,
                    P.FIGURES_COUNTY,
                }
            ),
            frozenset({"committee", "desk"}),
        ),
        Role(
            "dpo",
            "Data protection officer",
            "Sees who did and saw what, which returns were made, and reviews every emergency look at a "
            "record.",
            frozenset({P.AUDIT_SEE_ALL, P.EMERGENCY_REVIEW, P.FAMILY_RESTRICT, P.FIGURES_COUNTY}),
            frozenset({"desk"}),
        ),
        Role(
            "administrator",
            "Administrator",
            "Makes accounts, areas and settings; sees no family.",
            frozenset(
                {
                    P.PEOPLE_MANAGE,
                    P.COVER_ARRANGE,
                    P.SETTINGS_EDIT,
                    P.NOTICE_EDIT,
                    P.PLACES_IMPORT,
                    P.PARTNER_EDIT,
                    P.HUB_EDIT,
                    P.JOB_SEE_ALL,
                }
            ),
            frozenset({"desk"}),
        ),
        Role(
            "front_door",
            "The front door",
            "Receives requests from anyone and files them; not a person.",
            frozenset(
                {
                    P.REFERRAL_SEE,
                    P.REFERRAL_SEE_ALL,
                    P.DRAFT_KEEP,
                    P.FAMILY_SEE,
                    P.FAMILY_SEE_ALL,
                    P.FAMILY_EDIT,
                    P.NOTICE_SEE,
                }
            ),
            frozenset({"service"}),
            for_people=False,
        ),
        Role(
            "clock",
            "The clock",
            "Does what is due: reminders, expiry, sending; not a person.",
            frozenset(
                {
                    P.REFERRAL_SEE,
                    P.REFERRAL_SEE_ALL,
                    P.DRAFT_KEEP,
                    P.FAMILY_SEE,
                    P.FAMILY_SEE_ALL,
                    P.NOTICE_SEE,
                    P.JOB_SEE_ALL,
                    P.SCRUTINY_SEE,
                    P.SCRUTINY_KEEP,
                }
            ),
            frozenset({"service"}),
            for_people=False,
        ),
    )
}


def roles_granting(permission: P) -> list[str]:
    """Return the keys of the roles that allow something."""
    return [role.key for role in ROLES.values() if permission in role.permissions]
