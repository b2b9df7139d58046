"""The line in the log with which a change to something of a case ends."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from kith.accounts.models import User
from kith.audit.actions import record
from kith.casework.models import Case


def record_in(
    what: str,
    subject: Model,
    case: Case,
    *,
    by: User | None,
    at: datetime,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    """Record what was done to something of a case, for its family and its hub as they are now."""
    record(
        what,
        subject=subject,
        by=by,
        at=at,
        before=before or {},
        after=after,
        family_id=case.family_id,
        team_id=case.team_id,
    )
