from datetime import date, datetime
from zoneinfo import ZoneInfo

from kith.accounts.models import Team, User
from kith.accounts.viewer import front_door, seeing_as
from kith.families import actions
from kith.families.models import Family, Person

AT = datetime(2026, 11, 16, 9, 30, tzinfo=ZoneInfo("Europe/London"))


def make_family(name: str = "Okafor", *, team: Team | None = None, **address) -> Family:
    """A family, known to a team if one is named, at a postcode if one is named."""
    with seeing_as(front_door()):
        family = actions.add_family(name=name, by=front_door(), at=AT)
        if address:
            actions.add_address(family=family, by=front_door(), at=AT, **address)
        if team is not None:
            actions.give_standing(family=family, team=team, reason="case", by=front_door(), at=AT)
    return family


def make_person(
    family: Family,
    given_names: str = "Ada",
    family_name: str = "Okafor",
    born: date | None = None,
    *,
    role: str = "child",
    **fields,
) -> Person:
    with seeing_as(front_door()):
        return actions.add_person(
            family=family,
            role=role,
            given_names=given_names,
            family_name=family_name,
            date_of_birth=born,
            by=front_door(),
            at=AT,
            **fields,
        )


def make_desk_worker(name: str = "Dee Desk") -> User:
    from tests.factories.accounts import make_team, make_user

    return make_user("county_desk", make_team("County desk", "desk"), name)
