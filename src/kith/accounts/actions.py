"""Every change to people, teams and keys."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.db import transaction

from kith.accounts import viewer
from kith.accounts.models import (
    ApiKey,
    Membership,
    OneTimeLink,
    RoleGrant,
    Team,
    User,
)
from kith.accounts.roles import ROLES
from kith.audit.actions import record

LINK_DAYS = 180
KEY_USE_NOTED_EVERY = timedelta(minutes=5)


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


def hash_of(secret: str) -> str:
    """Return what is kept of a secret. Secrets are long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_link(
    *, purpose: str, subject_id: int, sent_to: str, at: datetime, days: int = LINK_DAYS
) -> str:
    """Make a one-time link and return its secret, which is not kept."""
    secret = secrets.token_urlsafe(24)
    OneTimeLink.objects.create(
        secret_hash=hash_of(secret),
        purpose=purpose,
        subject_id=subject_id,
        sent_to=sent_to,
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    return secret


@transaction.atomic
def make_api_key(*, team: Team, name: str, by: User, at: datetime) -> tuple[ApiKey, str]:
    """Make a key for a partner's system, and return it with its secret, which is not kept.

    The key acts as an account of its own that sends requests for the partner and does nothing else.
    """
    secret = "kith_" + secrets.token_urlsafe(30)
    account = User(
        email=f"key-{secrets.token_hex(6)}@kith.internal",
        name=f"{team.name} ({name})"[:200],
        is_service=True,
    )
    account.set_unusable_password()
    account.save()
    Membership.objects.create(user=account, team=team, role="referrer", since=at.date())
    key = ApiKey.objects.create(
        team=team,
        name=name,
        starts_with=secret[:10],
        secret_hash=hash_of(secret),
        acts_as=account,
        made_at=at,
    )
    record("api_key.made", subject=key, by=by, at=at, after={"name": name, "team": str(team)})
    return key, secret


@transaction.atomic
def use_api_key(*, secret: str, at: datetime) -> ApiKey | None:
    """Return the key that has this secret, noting that it is in use; None when there is none now."""
    key = (
        ApiKey.objects.select_related("team", "acts_as")
        .filter(secret_hash=hash_of(secret), ended_at=None, acts_as__is_active=True)
        .first()
    )
    if key and (key.last_used_at is None or key.last_used_at < at - KEY_USE_NOTED_EVERY):
        # Seldom, and never waiting: requests with one key must not queue for this row.
        ApiKey.objects.filter(
            pk__in=ApiKey.objects.select_for_update(skip_locked=True).filter(pk=key.pk)
        ).update(last_used_at=at)
    return key
