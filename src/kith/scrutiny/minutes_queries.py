"""Reading what the pages of minutes show of a meeting, for its members and officers."""

from django.db.models import QuerySet

from kith.accounts.models import User
from kith.scrutiny.models import (
    Attendance,
    Correction,
    Declaration,
    Item,
    Meeting,
    Member,
    Point,
    Question,
)
from kith.scrutiny.queries import visible_to


def declarations_at(viewer: User, meeting: Meeting) -> QuerySet[Declaration]:
    """Return the interests that were declared at a meeting."""
    found = Declaration.objects.filter(meeting=meeting, meeting__in=visible_to(viewer))
    return found.select_related("member", "item").order_by("pk")


def questions_to(viewer: User, meeting: Meeting) -> QuerySet[Question]:
    """Return the questions that were put to a meeting in writing, the first first."""
    found = Question.objects.filter(meeting=meeting, meeting__in=visible_to(viewer))
    return found.order_by("received_at", "pk")


def corrections_of(viewer: User, meeting: Meeting) -> QuerySet[Correction]:
    """Return what later meetings corrected in the minutes of one."""
    found = Correction.objects.filter(meeting=meeting, meeting__in=visible_to(viewer))
    return found.select_related("made_at", "point__item").order_by("pk")


def attendance_by(viewer: User, meeting: Meeting, member: Member) -> Attendance | None:
    """Return what is said of one member's attendance, or None."""
    found = Attendance.objects.filter(meeting=meeting, meeting__in=visible_to(viewer))
    return found.filter(member=member).first()


def items_of(viewer: User, meeting: Meeting) -> list[Item]:
    """Return the items of a meeting in their order, without what lies under them."""
    return list(Item.objects.filter(meeting=meeting, meeting__in=visible_to(viewer)))


def points_of(viewer: User, item: Item) -> QuerySet[Point]:
    """Return the sentences of an item's minutes in their order, each with where it was brought in from."""
    found = Point.objects.filter(item=item, item__meeting__in=visible_to(viewer))
    return found.prefetch_related("from_files")


def beside(viewer: User, item: Item) -> tuple[Item | None, Item | None]:
    """Return the items before and after one on its agenda."""
    items = items_of(viewer, item.meeting)
    place = next(number for number, one in enumerate(items) if one.pk == item.pk)
    return items[place - 1] if place else None, items[place + 1] if place + 1 < len(items) else None
