"""Who can sign in to the demonstration county: one account for each role.

Each hub has a `manager.<hub>` and a `worker.<hub>` besides, and everybody has the same password.
"""

from dataclasses import dataclass

PASSWORD = "kith-demo-2026"
DOMAIN = "kith.example"


@dataclass(frozen=True)
class SignIn:
    """An account that a visitor may use: whose it is, and what to look at with it."""

    email: str
    role: str
    title: str
    shows: str
    hub: str = ""


def address(name: str) -> str:
    """Return the e-mail address of one of the invented people."""
    return f"{name}@{DOMAIN}"


SIGN_INS = (
    SignIn(
        address("senco"),
        "referrer",
        "Special needs coordinator at a secondary school",
        "Ask for help for a family, and follow what becomes of it",
    ),
    SignIn(
        address("desk"),
        "county_desk",
        "County desk",
        "Decide requests, find records of the same family",
    ),
    SignIn(
        address("manager.banbury"),
        "hub_manager",
        "Manager of Banbury hub",
        "Give families to workers, watch the hub's promises",
        "banbury",
    ),
    SignIn(
        address("worker.banbury"),
        "hub_worker",
        "Worker at Banbury hub",
        "First contact, notes and the plan of actions",
        "banbury",
    ),
    SignIn(
        address("volunteer"),
        "session_leader",
        "Volunteer of a charity, who leads a group for Banbury hub",
        "The register of that group, and nothing else",
    ),
    SignIn(
        address("lead"), "county_lead", "County lead", "Every hub's figures, promises and areas"
    ),
    SignIn(
        address("councillor"),
        "committee_member",
        "Member of the scrutiny committee",
        "The committee’s papers with notes of one’s own, and case studies in which nobody is named",
    ),
    SignIn(
        address("officer"),
        "committee_officer",
        "Committee officer",
        "Agendas, minutes and recommendations of the scrutiny committee, and what is published",
    ),
    SignIn(
        address("dpo"),
        "dpo",
        "Data protection officer",
        "Who saw and changed what, and every emergency look",
    ),
    SignIn(
        address("admin"), "administrator", "Administrator", "Accounts, settings, imports and jobs"
    ),
)
