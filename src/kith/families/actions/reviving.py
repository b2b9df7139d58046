"""A death that was written down by mistake is taken back, and what had ended with it stands again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from kith.accounts.models import User
from kith.audit.actions import record
from kith.audit.history import changed_at
from kith.families.actions.refusals import EndedAlready
from kith.families.models import ContactDetail, Family, Person, Relationship, Residence
from kith.families.permissions import may_edit


@dataclass(frozen=True)
class Alive:
    """Somebody whose death was taken back: how many ways to reach them, homes and partners of theirs
    stand again, and when the death had been written down."""

    person: Person
    ways: int
    homes: int
    partners: int
    written_at: datetime | None


@transaction.atomic
def undo_death(*, person: Person, family: Family, by: User, at: datetime) -> Alive:
    """Take back a death that was written down for the wrong person. How they were reached, where they
    lived and with whom is as it was before, unless somebody changed it since.

    Raises PermissionDenied, EndedAlready.
    """
    may_edit(by, family).or_raise()
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.died_on is None:
        raise EndedAlready("No death is written down for them.")
    written_at = _written_at(person)
    before, person.died_on = person.died_on, None
    person.save(update_fields=["died_on"])
    theirs = Person.objects.filter(head=person.head_id)
    ties = Relationship.objects.filter(Q(person__in=theirs) | Q(other__in=theirs))
    alive = Alive(
        person,
        ways=_stand_again(ContactDetail.objects.filter(person__in=theirs), written_at),
        homes=_stand_again(Residence.objects.filter(person__in=theirs), written_at),
        partners=_stand_again(ties, written_at),
        written_at=written_at,
    )
    record(
        "person.alive",
        subject=person,
        by=by,
        at=at,
        family_id=family.pk,
        before={"on": before},
        after={"ways": alive.ways, "homes": alive.homes, "partners": alive.partners},
    )
    return alive


def _stand_again(rows: QuerySet[Any], written_at: datetime | None) -> int:
    """Give rows that ended with a death the end that they had before it, if any. Those that somebody
    changed since stay as they are. Returns how many stand again."""
    again = 0
    for row, was in changed_at(rows, written_at, "until") if written_at else ():
        row.until = was["until"]
        try:
            with transaction.atomic():
                row.save(update_fields=["until"])
        except IntegrityError:
            continue  # written down anew meanwhile
        again += 1
    return again


def _written_at(person: Person) -> datetime | None:
    """Return when the death that stands was written down, as the database's history has it: of all
    that was written then it has the same moment."""
    events: Any = Person.pgh_event_model  # type: ignore[attr-defined]
    found, died = None, None
    for event in events.objects.filter(pgh_obj=person.pk).order_by("pgh_id").values():
        if died is None and event["died_on"] is not None:
            found = event["pgh_created_at"]
        died = event["died_on"]
    moment: datetime | None = found
    return moment
