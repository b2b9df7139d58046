"""A partner's system may send the same request again, because it heard nothing back."""

from datetime import datetime

from django.db import connection, transaction

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.referrals.actions.receiving import receive
from kith.referrals.models import Receipt, Referral
from kith.referrals.permissions import may_send_for_team
from kith.referrals.requests import NewRequest


class KeyUsedDifferently(Exception):
    """An idempotency key came with another request than the first time."""


@transaction.atomic
def receive_once(
    *, key: str, body_hash: str, request: NewRequest, by: User, at: datetime
) -> tuple[Referral, bool]:
    """Receive a request unless it is here already under the sender's key; says whether it is new.

    Raises PermissionDenied, KeyUsedDifferently, and what `receive` raises.
    """
    may_send_for_team(by).or_raise()
    team = by.teams_granting(Permission.REFERRAL_SEND)[0]
    with connection.cursor() as cursor:
        # The same request twice in one moment: the second waits here, and then finds the first.
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{team.pk}:{key}"]
        )
    receipt = Receipt.objects.select_related("referral").filter(team=team, key=key).first()
    if receipt:
        if receipt.body_hash != body_hash:
            raise KeyUsedDifferently
        return receipt.referral, False
    referral = receive(request=request, by=by, at=at).referral
    Receipt(team=team, key=key, body_hash=body_hash, referral=referral, at=at).save()
    return referral, True
