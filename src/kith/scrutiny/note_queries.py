"""Reading what was noted and photographed on visits: for those who visit, and nobody else."""

from django.db.models import Q, QuerySet

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.scrutiny.models import Member, Photo, Review, Visit, VisitNote
from kith.scrutiny.visit_queries import visits_visible_to


def notes_visible_to(viewer: User) -> QuerySet[VisitNote]:
    """Return the notes somebody may read: those of their own committee's visits, if they visit at all.
    What was taken back is shown to nobody."""
    found = VisitNote.objects.filter(visit__in=_visits(viewer)).exclude(words="")
    return found.select_related("visit__hub__team", "member", "by", "question")


def photos_visible_to(viewer: User) -> QuerySet[Photo]:
    """Return the photographs somebody may see."""
    return Photo.objects.filter(visit__in=_visits(viewer)).select_related("by", "visit")


def _visits(viewer: User) -> QuerySet[Visit]:
    if not (viewer.can(Permission.SCRUTINY_VISIT) or viewer.can(Permission.SCRUTINY_KEEP)):
        return Visit.objects.none()
    return visits_visible_to(viewer)


def my_notes(viewer: User, visit: Visit, member: Member | None) -> list[VisitNote]:
    """Return what this person noted on a visit, for themselves or typed up for a member, in the order in
    which it was noted; notes that were taken back too, so that they can be written again."""
    own = VisitNote.objects.filter(visit__in=_visits(viewer), visit=visit, by=viewer, member=member)
    return list(own.order_by("at", "pk"))


def notes_of(viewer: User, visit: Visit) -> list[VisitNote]:
    """Return what everybody noted on a visit: question by question, in the guide's order."""
    return list(
        notes_visible_to(viewer)
        .filter(visit=visit)
        .order_by("question__order", "member__name", "at", "pk")
    )


def notes_of_review(viewer: User, review: Review) -> list[VisitNote]:
    """Return all notes of a review's visits that were not cancelled."""
    return list(
        notes_visible_to(viewer)
        .filter(visit__review=review)
        .exclude(visit__state=Visit.State.CANCELLED)
        .order_by("visit__starts_at", "visit", "at", "pk")
    )


def photos_of(viewer: User, visit: Visit) -> list[Photo]:
    """Return the photographs of a visit, without their bytes, the first first."""
    return list(photos_visible_to(viewer).filter(Q(visit=visit)).order_by("at", "pk"))
