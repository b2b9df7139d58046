"""Private links, for people without an account: each opens one thing, as often as its holder likes,
until it is over or ended."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from kith.accounts.models import OneTimeLink

LINK_DAYS = 180


def hash_of(secret: str) -> str:
    """Return what is kept of a secret. Secrets are long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_link(
    *, purpose: str, subject_id: int, sent_to: str, at: datetime, days: int = LINK_DAYS
) -> str:
    """Make a private link and return its secret, which is not kept."""
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
def use_link(*, link: OneTimeLink, at: datetime) -> None:
    """Note that a link was used."""
    OneTimeLink.objects.filter(pk=link.pk).update(last_used_at=at)


@transaction.atomic
def renew_link(*, secret: str, purpose: str, at: datetime) -> tuple[str, str] | None:
    """Put a new link in the place of one that is over, or still good.

    Returns its secret and the address it may be sent to: the one the old link was sent to, and no
    other. None when there is no such link, it went to no address, or it was ended on purpose.
    """
    old = (
        OneTimeLink.objects.select_for_update()
        .filter(secret_hash=hash_of(secret), purpose=purpose, ended_at=None)
        .exclude(sent_to="")
        .first()
    )
    if old is None:
        return None
    old.ended_at = at
    old.save(update_fields=["ended_at"])
    fresh = make_link(purpose=purpose, subject_id=old.subject_id, sent_to=old.sent_to, at=at)
    return fresh, old.sent_to


@transaction.atomic
def end_links(*, purpose: str, subject_id: int, at: datetime) -> int:
    """End every link to something, and say how many there were: for the module whose it is."""
    return OneTimeLink.objects.filter(purpose=purpose, subject_id=subject_id, ended_at=None).update(
        ended_at=at
    )
