"""A death, and what ends with it in casework: their own page, and where they learned."""

from datetime import date, datetime

from django.db import transaction

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.casework.actions import own_page
from kith.casework.actions.schooling import end_at_death
from kith.casework.models import FamilyPage
from kith.families import actions as families
from kith.families.models import Family, Person


@transaction.atomic
def record_death(*, person: Person, family: Family, on: date, by: User, at: datetime) -> Person:
    """Write down that a person died, or that a pregnancy ended (`families.record_death`). Their own
    pages end, with the links: also one of another family that whoever writes this may not know of.

    Raises PermissionDenied and `families.NotPossible`.
    """
    person = families.record_death(person=person, family=family, on=on, by=by, at=at)
    with seeing_as(front_door()):
        end_at_death(person=person, on=on)
        theirs = FamilyPage.objects.select_for_update(of=("self",)).filter(
            person__head=person.head_id or person.pk, ended_at__isnull=True
        )
        for page in theirs:
            own_page.end(page=page, by=by, at=at)
            record(
                "family_page.ended",
                subject=page,
                by=by,
                at=at,
                after={"who": page.name, "why": "They died."},
                family_id=page.family_id,
            )
    return person
