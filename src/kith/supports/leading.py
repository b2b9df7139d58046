"""What somebody who leads a session for a hub sees: the names on its register, and nothing else.

The names come from the database function `kith_register`, which looks for itself whether whoever
asks leads that session. No row of a family, a person or a place is seen by them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.supports.models import Attendance, Leading, Session, Support

# A register that is older is not asked for any more.
BACK, AHEAD = timedelta(days=28), timedelta(days=28)


@dataclass(frozen=True)
class Name:
    """Somebody on a register, as whoever leads it sees them."""

    person: int
    family: int
    name: str
    to_know: str
    placed: bool


def leadings(viewer: User) -> QuerySet[Leading]:
    """Return what somebody leads and who leads what a hub gives, as far as the viewer may know."""
    return Leading.objects.select_related("support", "team", "user", "made_by")


def leading_now(viewer: User, support: Support, day: date) -> list[Leading]:
    """Return who leads a support for its hub, and who is to, by name."""
    found = leadings(viewer).filter(
        Q(until__isnull=True) | Q(until__gte=day), support=support, ended_at__isnull=True
    )
    return list(found.order_by("user__name", "pk"))


def in_force(viewer: User, day: date) -> QuerySet[Leading]:
    """Return what this person leads on a day."""
    return leadings(viewer).filter(
        Q(until__isnull=True) | Q(until__gte=day),
        user=viewer,
        since__lte=day,
        ended_at__isnull=True,
    )


def leads(viewer: User, support_id: int) -> bool:
    """Say whether this person leads a support today."""
    return (
        viewer.can(Permission.REGISTER_LEAD)
        and in_force(viewer, timezone.localdate()).filter(support=support_id).exists()
    )


def sessions_of(viewer: User, day: date) -> QuerySet[Session]:
    """Return the sessions that this person leads: those lately held and those soon to come."""
    return (
        Session.objects.filter(
            support__led_by__in=in_force(viewer, day),
            on__gte=Greatest(F("support__led_by__since"), Value(day - BACK)),
            on__lte=day + AHEAD,
        )
        .select_related("support__team__hub", "cancelled_by")
        .order_by("on", "starts", "pk")
    )


@dataclass(frozen=True)
class Led:
    """The sessions that somebody leads, as they come to them: those whose register is to be taken and
    those of today, the next ones, and those that are over, the latest first."""

    to_take: list[Session]
    to_come: list[Session]
    over: list[Session]


def led(viewer: User, day: date) -> Led:
    """Return the sessions that this person leads, in the order in which they are of use."""
    found = Led([], [], [])
    for one in sessions_of(viewer, day):
        waits = one.taken_at is None and one.cancelled_at is None
        if one.on == day or (one.on < day and waits):
            found.to_take.append(one)
        elif one.on > day:
            found.to_come.append(one)
        else:
            found.over.insert(0, one)
    # Today's stands first, whatever was forgotten before it; then the latest of those.
    found.to_take.sort(key=lambda one: one.on, reverse=True)
    return found


def names_on(viewer: User, session: Session) -> list[Name]:
    """Return who stands on the register of a session that this person leads, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select person, family, name, to_know, placed from kith_register(%s)", [session.pk]
        )
        found = [Name(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda one: (not one.placed, one.name.casefold(), one.person))


def marks_on(viewer: User, session: Session) -> dict[int, Attendance]:
    """Return the marks of a register by person, as far as the viewer may know them."""
    return {
        line.person_id: line
        for line in Attendance.objects.filter(session=session).select_related("marked_by")
    }


def to_take(viewer: User, day: date) -> int | None:
    """Return how many registers this person is to take of what they lead; None for who leads nothing."""
    if not in_force(viewer, day).exists():
        return None
    waiting = sessions_of(viewer, day).filter(
        on__lte=day, taken_at__isnull=True, cancelled_at__isnull=True
    )
    return waiting.order_by().count()
