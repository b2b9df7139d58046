"""Keys for partners' systems."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from kith.accounts.actions.errors import AlreadyEnded
from kith.accounts.actions.links import hash_of
from kith.accounts.models import ApiKey, Membership, Team, User
from kith.accounts.permissions import may_make_keys
from kith.audit.actions import record

KEY_USE_NOTED_EVERY = timedelta(minutes=5)


@transaction.atomic
def make_api_key(*, team: Team, name: str, by: User, at: datetime) -> tuple[ApiKey, str]:
    """Make a key for a partner's system, and return it with its secret, which is not kept.

    The key acts as an account of its own that sends requests for the partner and does nothing else.
    Raises PermissionDenied.
    """
    may_make_keys(by, team).or_raise()
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


@transaction.atomic
def end_api_key(*, key: ApiKey, by: User, at: datetime) -> ApiKey:
    """End a key, and the account it acts as, at once. Raises PermissionDenied, AlreadyEnded."""
    key = ApiKey.objects.select_for_update(of=("self",)).select_related("team").get(pk=key.pk)
    may_make_keys(by, key.team).or_raise()
    if key.ended_at is not None:
        raise AlreadyEnded("This key has been ended already.")
    key.ended_at = at
    key.save(update_fields=["ended_at"])
    account = key.acts_as
    account.is_active = False
    account.save(update_fields=["is_active"])
    record("api_key.ended", subject=key, by=by, at=at, before={"name": key.name})
    return key
