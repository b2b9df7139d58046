"""The parts of docs/roles.md that are written from the code.

.venv/bin/python -m tests.architecture.documents     writes them anew
"""

from pathlib import Path

from kith.accounts.permissions import SENTENCES, Permission
from kith.accounts.roles import ROLES

DOCS = Path(__file__).parents[2] / "docs"
KINDS = {
    "hub": "a hub",
    "desk": "the county desk",
    "partner": "a partner organisation",
    "committee": "the committee",
    "service": "Kith itself",
}


def roles_page() -> str:
    """Return docs/roles.md as the roles in the code say it."""
    lines = [
        "# Roles",
        "",
        "Who may do what. A person holds a role *in a team*, from one day until another, and what",
        "the role allows reaches as far as that team does. Somebody who covers for an absent",
        "colleague may do what the colleague may, while the cover lasts.",
        "",
        "This page is written from `src/kith/accounts/roles.py` and `permissions.py` by",
        "`python -m tests.architecture.documents`; a test fails when it is out of step.",
        "",
    ]
    for role in ROLES.values():
        teams = " or ".join(KINDS[kind] for kind in sorted(role.team_kinds))
        lines += [f"## {role.name}", "", f"{role.sentence} Held in {teams}. (`{role.key}`)", ""]
        lines += [
            f"- {SENTENCES[permission]} (`{permission}`)"
            for permission in Permission
            if permission in role.permissions
        ]
        lines.append("")
    lines += ["## Who holds each permission", "", "| Permission | Roles |", "| --- | --- |"]
    lines += [
        f"| {SENTENCES[permission]} (`{permission}`) | "
        + ", ".join(role.name for role in ROLES.values() if permission in role.permissions)
        + " |"
        for permission in Permission
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (DOCS / "roles.md").write_text(roles_page())
