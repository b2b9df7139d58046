"""The first administrator of a new county, made by whoever installs Kith."""

from datetime import datetime

from django.db import transaction

from kith.accounts.actions.people import invite
from kith.accounts.models import Membership, Team, User
from kith.accounts.permissions import Permission
from kith.accounts.roles import roles_granting
from kith.audit.actions import record


class AdministratorThere(Exception):
    """The county has an administrator, who makes every other account."""


@transaction.atomic
def make_first_administrator(*, name: str, email: str, at: datetime) -> User:
    """Make the desk's team and the account that makes all others; send it the link to a password.

    Nobody is asked: it is run from the shell, once. Raises AdministratorThere.
    """
    managers = roles_granting(Permission.PEOPLE_MANAGE)
    if Membership.objects.filter(role__in=managers, user__is_active=True).exists():
        raise AdministratorThere(
            "There is an administrator already. They make further accounts, under People."
        )
    desk = Team.objects.filter(kind=Team.Kind.DESK).order_by("pk").first()
    if desk is None:
        desk = Team.objects.create(name="County desk", kind=Team.Kind.DESK)
    person = User(name=name, email=email, made_at=at)
    person.set_unusable_password()
    person.save()
    Membership.objects.create(user=person, team=desk, role="administrator", since=at.date())
    record("account.made_first", subject=person, by=None, at=at, after={"name": name})
    invite(person=person, by=person, at=at)
    return person
