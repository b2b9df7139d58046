"""Doing what was decided about each thing that was open when a case ended, or changed hubs."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from kith.accounts.models import Team, User
from kith.casework import still_open
from kith.casework.actions.checks import LeftOpen, NotPossible, TooEarly
from kith.casework.actions.reminding import tell_partner_ended
from kith.casework.models import Case, PlannedAction
from kith.casework.still_open import DONE, ENDS, LONGEST, UNTIL, Becomes, Kind, StillOpen


def settle_all(
    *,
    case: Case,
    becomes: Mapping[str, Becomes],
    rest_ends: bool,
    to: Team | None = None,
    worker: User | None = None,
    viewer: User | None = None,
    by: User,
    at: datetime,
) -> list[list[str]]:
    """Do with everything that is open of a case what was decided; return what became of each.

    Called with the case locked, by an action that has asked whether this person may. `to` and
    `worker` are who takes it over; `viewer` is who looks, where `by` does not see the case yet. What
    has ended meanwhile is passed over. Raises LeftOpen where nobody decided, TooEarly for a day that cannot be.
    """
    today = timezone.localdate(at)
    found = still_open.of_case(viewer or by, case, today, to)
    if left := list(still_open.undecided(found, becomes, rest_ends=rest_ends)):
        raise LeftOpen(left)
    became = []
    for one in found:
        decided = becomes.get(one.key) or Becomes(ENDS if one.asked else one.may[0][0])
        _check(one, decided, at)
        how = still_open.kind_called(one.kind).settle(
            case=case, number=one.number, becomes=decided, to=to, worker=worker, by=by, at=at
        )
        became.append([one.what, how])
    return became


def _check(one: StillOpen, decided: Becomes, at: datetime) -> None:
    if decided.how not in dict(one.may):
        raise NotPossible(f"Choose what becomes of this: {one.what}.")
    if decided.how != UNTIL:
        return
    today = timezone.localdate(at)
    latest = one.latest or today + LONGEST
    if decided.until is None or not today <= decided.until <= latest:
        raise TooEarly(f"{one.what}: give its last day, from today until {latest:%-d %B %Y}.")


def _settle_action(
    *, case: Case, number: int, becomes: Becomes, by: User, at: datetime, **_: object
) -> str:
    done = becomes.how == DONE
    action = PlannedAction.objects.select_for_update().get(pk=number, case=case)
    today = timezone.localdate(at)
    action.done_on, action.dropped_on = (today, None) if done else (None, today)
    action.came_of_it, action.ended_by = "The case was closed.", by
    action.save(update_fields=["done_on", "dropped_on", "came_of_it", "ended_by"])
    tell_partner_ended(action, case, at)
    return "done" if done else "ended, not done"


still_open.also(Kind("action", still_open.open_actions, _settle_action))
