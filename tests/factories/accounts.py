from datetime import date
from itertools import count

from kith.accounts.models import Membership, Team, User

_numbers = count(1)


def make_team(name: str = "", kind: str = "hub") -> Team:
    return Team.objects.create(name=name or f"Team {next(_numbers)}", kind=kind)


def make_user(role: str = "", team: Team | None = None, name: str = "", **fields) -> User:
    number = next(_numbers)
    user = User(
        email=fields.pop("email", f"person{number}@kith.example"),
        name=name or f"Person {number}",
        **fields,
    )
    user.set_password("correct horse battery")
    user.save()
    if role:
        assert team is not None
        Membership.objects.create(user=user, team=team, role=role, since=date(2020, 1, 1))
    return user
