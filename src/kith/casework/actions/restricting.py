"""Keeping a family's record to named people, with an eye on the work that goes on with it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.casework.models import Case, HandoverOffer
from kith.families import actions as families
from kith.families.models import Family, Restriction


@transaction.atomic
def keep_to_named(
    *, family: Family, people: Iterable[User], by: User, at: datetime, **restriction: Any
) -> Restriction:
    """Keep a family's record, or one of its addresses, to the people named (`families.restrict`).

    Raises `families.NotPossible` too while a case of the family is offered to another hub, whose
    managers would go on seeing it.
    """
    people = list(people)
    if restriction.get("address") is None:
        with seeing_as(front_door()):
            offer = (
                HandoverOffer.objects.filter(
                    case__in=Case.objects.filter(family__head=family.head_id),
                    state=HandoverOffer.State.WAITING,
                )
                .select_related("to_team")
                .first()
            )
        if offer is not None:
            raise families.NotPossible(
                f"The case is offered to {offer.to_team}, which would go on seeing that. Take the"
                " offer back first."
            )
    return families.restrict(family=family, people=people, by=by, at=at, **restriction)
