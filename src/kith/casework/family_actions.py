"""What the family itself takes on in its plan: who of it may, and what they say of it on their page."""

from datetime import date

from kith.accounts.models import User
from kith.analytics.days import age_on
from kith.casework.models import FamilyPage, PlannedAction
from kith.families import queries as families
from kith.families.models import Family, Person

# Younger children have things done for them: nothing of the plan is theirs to do.
TAKES_ON_FROM = 10


def who_may_take_on(viewer: User, family: Family, on: date) -> list[families.Member]:
    """Return who of a family may take something on: who lives with it now, is born, and is no young
    child. Somebody whose birthday nobody knows may."""
    return [
        one
        for one in families.living_of(viewer, family)
        if one.expected_on is None
        and not (
            one.is_child and one.date_of_birth and age_on(one.date_of_birth, on) < TAKES_ON_FROM
        )
    ]


def takes_on(viewer: User, family: Family, person: Person, on: date) -> families.Member | None:
    """Return somebody of a family who may take something on; None for anybody else."""
    return next(
        (
            one
            for one in who_may_take_on(viewer, family, on)
            if person.pk in {one.person.pk, *(record.pk for record in one.records)}
        ),
        None,
    )


def said_of(page: FamilyPage, action: PlannedAction) -> bool:
    """Say whether somebody may say on their page how something comes on: what the family took on,
    while it is open."""
    return (
        action.owner_person_id is not None
        and not action.ended
        and action.case.family.head_id == page.family.head_id
        and action.case.closed_at is None
    )
