"""What becomes of the places of a family when its case ends, or goes to another hub."""

from datetime import datetime

from django.utils import timezone

from kith.accounts.models import User
from kith.audit.actions import record
from kith.casework.models import Case
from kith.casework.still_open import GOES_ON, UNTIL, Becomes
from kith.supports.actions.telling import tell_leaders
from kith.supports.models import Placement

CLOSED, MOVED = "The case was closed.", "Another hub took the case over."


def settle_place(
    *, case: Case, number: int, becomes: Becomes, to: object, by: User, at: datetime, **_: object
) -> str:
    """End a place today or on a day, or let it go on: as everybody's, where the case closes.

    Called by the action that closes a case or takes it over, which has asked whether it may.
    """
    placement = Placement.objects.select_for_update().get(pk=number)
    today = timezone.localdate(at)
    if becomes.how == GOES_ON:
        if to is None:
            placement.universal_since = today
            placement.save(update_fields=["universal_since"])
            _log("support.placement_universal", placement, case, {"since": today}, by, at)
        return "goes on as a universal place" if to is None else "goes on"
    until = becomes.until if becomes.how == UNTIL and becomes.until else today
    placement.until = max(until, placement.since)
    placement.words, placement.ended_by = MOVED if to else CLOSED, by
    placement.save(update_fields=["until", "words", "ended_by"])
    tell_leaders(placement, by=by, at=at)
    after = {"until": placement.until, "words": placement.words}
    _log("support.placement_ended", placement, case, after, by, at)
    return f"ends on {placement.until:%-d %B %Y}"


def _log(
    what: str, placement: Placement, case: Case, after: dict[str, object], by: User, at: datetime
) -> None:
    record(
        what,
        subject=placement,
        by=by,
        at=at,
        after=after,
        family_id=placement.family_id,
        team_id=case.team_id,
    )
