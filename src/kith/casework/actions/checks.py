"""What the actions refuse, and the lock they all begin with."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.casework.models import Case
from kith.casework.still_open import StillOpen


class NotPossible(Exception):
    """A change that cannot be made now. The message says why, in words for the person."""


class CaseExists(NotPossible):
    """The request has its case already."""


class CaseClosed(NotPossible):
    """The case is closed: nothing more can be done in it unless it is opened again."""

    def __init__(self, case: Case) -> None:
        when = f" on {timezone.localdate(case.closed_at):%-d %B %Y}" if case.closed_at else ""
        super().__init__(f"{case.reference} was closed{when}. Open it again to go on with it.")


class NotClosed(NotPossible):
    """Only a closed case can be opened again."""


class AlreadyGiven(NotPossible):
    """Somebody gave the family to a worker first. The message says to whom."""


class NotOfThisHub(NotPossible):
    """The worker chosen holds no role in the hub."""


class TooManyFamilies(NotPossible):
    """The worker would have more families than they can have at once, and no reason is given."""


class SameHub(NotPossible):
    """A case cannot be handed to the hub that has it."""


class ActionEnded(NotPossible):
    """The action was done, or dropped, before."""


class FileNotTaken(NotPossible):
    """A file cannot be kept. The message says why and what to do."""


class LeftOpen(NotPossible):
    """A case is closed, or taken over, only knowing what becomes of all that is open."""

    def __init__(self, left: Sequence[StillOpen]) -> None:
        self.left = left
        many = len(left)
        super().__init__(
            f"{'One thing is' if many == 1 else f'{many} things are'} still open: "
            f"{'; '.join(one.what for one in left)}. Say what becomes of "
            f"{'it' if many == 1 else 'each, or that all of it ends'}."
        )


class NotAnAddition(NotPossible):
    """A note adds to another note of the same case."""


class OwnerUnclear(NotPossible):
    """An action has one owner: a worker of the hub, a partner, or somebody of the family."""


class CannotSend(NotPossible):
    """A family cannot be sent to a service, or that cannot be how it went. `field` is where to mend it."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotOfThisFamily(NotPossible):
    """The person is none of the family's, or not one whom this is about."""


class TooEarly(NotPossible):
    """The date is before anything could have been done, or has passed."""


class TooLate(NotPossible):
    """It happened after another hub had taken the case over."""


class InTheFuture(NotPossible):
    """What has not happened yet cannot be recorded as having happened."""


class ReasonMissing(NotPossible):
    """The change needs a reason."""


class WordsMissing(NotPossible):
    """What is kept, or told, needs words."""


def lock(case: Case) -> Case:
    """Return the case as it is now, locked: two people may press a button together."""
    # Joined rows (`select_related`) would be those of before the wait for the lock: whoever waited
    # would see the new number of the worker beside no worker.
    return Case.objects.select_for_update().get(pk=case.pk)


def check_not_closed(case: Case) -> None:
    """Raise CaseClosed for a closed case."""
    if case.status == Case.Status.CLOSED:
        raise CaseClosed(case)


def check_happened(happened_at: datetime, at: datetime) -> None:
    """Raise InTheFuture for a moment that has not come yet."""
    if happened_at > at:
        raise InTheFuture("That is in the future. Give the day and time when it happened.")


def works_in(user: User, team_id: int) -> bool:
    """Say whether somebody holds a role of their own in the hub; not merely covers for another."""
    return any(
        held.team_id == team_id
        and held.user_id == user.pk
        and user.can(Permission.CASE_WORK, in_team=team_id)
        for held in user.current_memberships()
    )
