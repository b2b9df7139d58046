"""Placing people of a family on a support, as part of the family's plan."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from kith.accounts.models import User
from kith.audit.actions import record
from kith.casework.models import Case, Goal
from kith.families import queries as families
from kith.families.models import Family, Person
from kith.supports.actions.checks import (
    AlreadyPlaced,
    NoPlace,
    NotKnownHere,
    NotPossible,
    SupportEnded,
    WrongDay,
    lock_support,
)
from kith.supports.actions.telling import tell_leaders
from kith.supports.models import Placement, Support
from kith.supports.permissions import may_place


@transaction.atomic
def place(
    *,
    support: Support,
    family: Family,
    people: Sequence[Person],
    since: date,
    case: Case | None = None,
    goal: Goal | None = None,
    to_know: str = "",
    by: User,
    at: datetime,
) -> list[Placement]:
    """Give people of a family a place on a support from a day on; all of them, or nobody.

    Raises PermissionDenied, SupportEnded, NotKnownHere, WrongDay, AlreadyPlaced, NoPlace.
    """
    if case is not None:
        # Locked first, as whoever closes the case does: it never closes beside a new place.
        case = Case.objects.select_for_update().get(pk=case.pk)
        if case.closed_at is not None:
            raise NotPossible(f"{case.reference} has closed meanwhile. Open the page again.")
    support = lock_support(support)
    may_place(by, support).or_raise()
    check_known(by, support, family, people)
    if goal is not None and (case is None or goal.case_id != case.pk or goal.ended_on):
        raise NotPossible("That goal is not one of the family’s plan any more.")
    if support.until is not None and support.until < since:
        raise SupportEnded(f"It ends on {support.until:%-d %B %Y}.")
    if since < support.since:
        raise WrongDay(f"It is given from {support.since:%-d %B %Y} on.")
    held = Placement.objects.filter(Q(until__isnull=True) | Q(until__gte=since), support=support)
    for person in people:
        if held.filter(person=person).exists():
            raise AlreadyPlaced(f"{person} has a place on it already.")
    # Places of families whom the hub does not know any more are not seen here, and free again.
    free = None if support.places is None else support.places - held.count()
    if free is not None and len(people) > free:
        left = "None is" if free <= 0 else "One is" if free == 1 else f"{free} are"
        raise NoPlace(f"{support} has {support.places} places. {left} left.")
    made = [
        Placement.objects.create(
            support=support,
            what=support.name,
            family=family,
            person=person,
            case=case,
            goal=goal,
            to_know=to_know.strip(),
            since=since,
            made_at=at,
            made_by=by,
        )
        for person in people
    ]
    for placement in made:
        record(
            "support.placed",
            subject=placement,
            by=by,
            at=at,
            after={"support": support.name, "since": since, "person": placement.person_id},
            family_id=family.pk,
            team_id=support.team_id,
        )
    return made


@transaction.atomic
def end_placement(
    *, placement: Placement, until: date, words: str = "", by: User, at: datetime
) -> Placement:
    """End somebody's place: `until` is its last day. Raises PermissionDenied, AlreadyPlaced where it
    has ended, WrongDay."""
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("support")
        .get(pk=placement.pk)
    )
    may_place(by, placement.support).or_raise()
    if placement.until is not None:
        raise AlreadyPlaced(f"It ended on {placement.until:%-d %B %Y}.")
    if until < placement.since:
        raise WrongDay(f"The place was given from {placement.since:%-d %B %Y} on.")
    placement.until, placement.words, placement.ended_by = until, words.strip(), by
    placement.save(update_fields=["until", "words", "ended_by"])
    tell_leaders(placement, by=by, at=at)
    record(
        "support.placement_ended",
        subject=placement,
        by=by,
        at=at,
        after={"until": until, "words": placement.words},
        team_id=placement.support.team_id,
    )
    return placement


def check_known(viewer: User, support: Support, family: Family, people: Sequence[Person]) -> None:
    """Raise NotKnownHere unless the support's hub works with the family, and they are of it."""
    standings = families.teams_with_standing(viewer, family)
    if not any(standing.team_id == support.team_id for standing in standings):
        raise NotKnownHere(f"{support.team} does not work with this family.")
    known = {
        record.pk
        for member in families.people_of(viewer, family)
        for record in (member.person, *member.records)
    }
    if not people or any(person.pk not in known for person in people):
        raise NotKnownHere("Choose somebody of this family.")
