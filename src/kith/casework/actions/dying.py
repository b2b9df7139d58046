"""A death, and what ends with it in casework: their own page, and where they learned; and taking back
a death that was written down by mistake."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kith.accounts.models import User
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.casework.actions import own_page
from kith.casework.actions.schooling import begin_again, end_at_death
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


@dataclass(frozen=True)
class AliveAgain:
    """What stands again of somebody whose death was taken back, and whether their page does not."""

    record: families.Alive
    schools: int
    page_ended: bool


@transaction.atomic
def undo_death(*, person: Person, family: Family, by: User, at: datetime) -> AliveAgain:
    """Take back a death that was written down for the wrong person: what ended with it stands again,
    as it was (`families.undo_death`). Their own page does not: its link may be in other hands by now.

    Raises PermissionDenied and `families.NotPossible`.
    """
    alive = families.undo_death(person=person, family=family, by=by, at=at)
    schools, page_ended = 0, False
    with seeing_as(front_door()):
        if alive.written_at is not None:
            schools = begin_again(person=alive.person, written_at=alive.written_at)
            # Of this family alone: another may not be known to whoever takes it back.
            pages = FamilyPage.objects.filter(
                person__head=alive.person.head_id, family__head=family.head_id
            )
            page_ended = (
                pages.filter(ended_at__gte=alive.written_at).exists()
                and not pages.filter(ended_at__isnull=True).exists()
            )
    return AliveAgain(alive, schools, page_ended)
