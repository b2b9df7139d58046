"""A partner's own system, with a key."""

from typing import Any

from django.test import Client

from kith.accounts.actions import make_api_key
from kith.accounts.models import ApiKey, Team
from tests.factories.accounts import make_team, make_user
from tests.factories.referrals import AT, make_desk_team, make_needs

A_REQUEST: dict[str, Any] = {
    "sender_name": "Sam Field",
    "sender_reference": "SIMS-1",
    "children": [
        {"given_names": "Ada", "family_name": "Okafor", "date_of_birth": "2014-03-02", "sex": "F"}
    ],
    "adults": [{"given_names": "Grace", "family_name": "Okafor", "role": "mother"}],
    "postcode": "OX16 5QB",
    "worry": "Often late, and tired.",
    "needs": ["behaviour"],
    "basis": "consent",
    "agreed_by": "Grace Okafor",
    "agreed_how": "spoken",
    "agreed_on": "2026-11-16",
}


class PartnerSystem:
    """Asks Kith as a partner's system does: JSON, a key, no cookies."""

    def __init__(self, team: Team, key: ApiKey, secret: str) -> None:
        self.team, self.key, self.secret = team, key, secret

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", **more}

    def get(self, path: str):
        return Client().get(f"/api/v1/{path}", headers=self.headers())

    def post(self, path: str, body: Any, *, key: str = "", **more: str):
        headers = {"Idempotency-Key": key} if key else {}
        return Client(enforce_csrf_checks=True).post(
            f"/api/v1/{path}",
            data=body,
            content_type=more.pop("content_type", "application/json"),
            headers=self.headers(**headers),
            **more,
        )


def make_partner_system(name: str = "Orchard School") -> PartnerSystem:
    make_needs()
    make_desk_team()
    team = make_team(name, "partner")
    by = make_user("county_desk", make_desk_team())
    key, secret = make_api_key(team=team, name="SIMS", by=by, at=AT)
    return PartnerSystem(team, key, secret)
