"""What each role allows, written where the database's row policies read it."""

from datetime import date

from kith.accounts import viewer
from kith.accounts.models import Membership, RoleGrant, Team, User
from kith.accounts.roles import ROLES


def write_grants() -> None:
    """Write what each role allows where the database's row policies read it, and Kith's own accounts.

    Run after every migration; it changes nothing where nothing is new.
    """
    wanted = {(role.key, str(p)) for role in ROLES.values() for p in role.permissions}
    have = {(grant.role, grant.permission): grant.pk for grant in RoleGrant.objects.all()}
    RoleGrant.objects.filter(pk__in=[pk for key, pk in have.items() if key not in wanted]).delete()
    RoleGrant.objects.bulk_create(
        RoleGrant(role=role, permission=permission) for role, permission in wanted - have.keys()
    )
    for email, role in ((viewer.FRONT_DOOR, "front_door"), (viewer.CLOCK, "clock")):
        if User.objects.filter(email=email).exists():
            continue
        team = Team.objects.create(name=ROLES[role].name, kind=Team.Kind.SERVICE)
        user = User(email=email, name=ROLES[role].name, is_service=True)
        user.set_unusable_password()
        user.save()
        Membership.objects.create(user=user, team=team, role=role, since=date(2012, 1, 1))
