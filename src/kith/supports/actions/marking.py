"""Taking a register. A mark never silently replaces what somebody else has marked meanwhile."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.audit.actions import record
from kith.families.models import Family, Person
from kith.supports import leading
from kith.supports.actions.checks import (
    AlreadyPlaced,
    NotPossible,
    NotYet,
    SessionCancelled,
    lock_session,
)
from kith.supports.actions.placing import check_known
from kith.supports.models import Attendance, Differing, Placement, Reason, Session
from kith.supports.permissions import may_cancel, may_mark

Status = Attendance.Status
MOST_OTHERS = 200


class NotOnRegister(NotPossible):
    """The person has no place on that day, and did not drop in."""


class Settled(NotPossible):
    """Somebody has decided already."""


@dataclass(frozen=True)
class Mark:
    """What somebody says of a person. `had` is the turn of the mark that they had before them."""

    person: int
    status: str
    reason: str = ""
    had: int = 0


@dataclass
class Marked:
    """What came of saving a register."""

    batch: uuid.UUID
    changed: list[Attendance] = field(default_factory=list)
    differing: list[Differing] = field(default_factory=list)


@transaction.atomic
def mark(
    *,
    session: Session,
    marks: Sequence[Mark],
    others: int | None = None,
    by: User,
    at: datetime,
) -> Marked:
    """Mark who came: everybody at once, or one by one. No status takes a mark back.

    A mark whose line was changed by somebody else since (`had` is not its turn any more) and says
    something else is kept as `Differing`, and the register stays as it is. `others` are those who
    came and are on no record; None leaves them. Raises PermissionDenied, SessionCancelled, NotYet,
    NotOnRegister; ValueError for a status, reason or number that is none.
    """
    session = _for_marking(session, by, at)
    if others is not None and not 0 <= others <= MOST_OTHERS:
        raise ValueError(others)
    lines = {
        line.person_id: line
        for line in Attendance.objects.select_for_update().filter(session=session)
    }
    placed = _placed(session, by)
    came = Marked(uuid.uuid4())
    for said in marks:
        _check(said)
        line = lines.get(said.person)
        if line is None and said.person not in placed:
            raise NotOnRegister("Somebody here is not on this register. Open it again.")
        if line is None:
            if said.status:
                came.changed.append(_first(session, placed[said.person], said, came.batch, by, at))
        elif (line.status, line.reason) == (said.status, said.reason):
            continue
        # One's own mark may be corrected from an older page: nobody else's is lost.
        elif line.turn == said.had or line.marked_by_id == by.pk:
            came.changed.append(_again(line, said.status, said.reason, came.batch, by, at))
        else:
            came.differing.append(_differs(line, said, by, at))
    _taken(session, others, by, at)
    if came.changed:
        record(
            "register.taken",
            subject=session,
            by=by,
            at=at,
            after={"marked": len(came.changed), "of": session.support.name},
            team_id=session.support.team_id,
        )
    return came


@transaction.atomic
def drop_in(
    *, session: Session, family: Family, person: Person, by: User, at: datetime
) -> Attendance:
    """Write down that somebody of a family the hub knows came without a place.

    Raises PermissionDenied, SessionCancelled, NotYet, NotKnownHere, AlreadyPlaced.
    """
    session = _for_marking(session, by, at)
    check_known(by, session.support, family, [person])
    line = Attendance.objects.select_for_update().filter(session=session, person=person).first()
    placed = Placement.objects.filter(
        Q(until__isnull=True) | Q(until__gte=session.on),
        support=session.support,
        person=person,
        since__lte=session.on,
    )
    if placed.exists() or (line is not None and line.status):
        raise AlreadyPlaced(f"{person} is on this register already.")
    said = Mark(person.pk, Status.ATTENDED)
    if line is not None:
        _again(line, said.status, "", uuid.uuid4(), by, at)
    else:
        line = _first(session, family.pk, said, uuid.uuid4(), by, at, dropped_in=True)
    _taken(session, None, by, at)
    record(
        "register.dropped_in",
        subject=line,
        by=by,
        at=at,
        after={"of": session.support.name, "person": person.pk},
        family_id=family.pk,
        team_id=session.support.team_id,
    )
    return line


@transaction.atomic
def undo(*, session: Session, batch: uuid.UUID, by: User, at: datetime) -> int:
    """Take back what one saving of a register marked. What was marked again since stays.

    Only whoever saved it takes it back so. Returns how many marks were taken back.
    Raises PermissionDenied, SessionCancelled, NotYet.
    """
    session = _for_marking(session, by, at)
    lines = list(
        Attendance.objects.select_for_update().filter(session=session, batch=batch, marked_by=by)
    )
    for line in lines:
        _again(line, line.was_status, line.was_reason, uuid.uuid4(), by, at)
    if lines:
        record(
            "register.undone",
            subject=session,
            by=by,
            at=at,
            after={"marks": len(lines)},
            team_id=session.support.team_id,
        )
    return len(lines)


@transaction.atomic
def settle(*, differing: Differing, take: bool, by: User, at: datetime) -> Attendance:
    """Decide between two marks: take the one that differs, or keep what the register says.

    Raises PermissionDenied, SessionCancelled, Settled.
    """
    session = _for_marking(Session.objects.get(attendance__differing=differing.pk), by, at)
    may_cancel(by, session).or_raise()
    differing = Differing.objects.select_for_update().get(pk=differing.pk)
    if differing.settled_at is not None:
        raise Settled("Somebody has decided this already.")
    line = Attendance.objects.select_for_update().get(pk=differing.attendance_id)
    differing.settled_at, differing.settled_by, differing.taken = at, by, take
    differing.save(update_fields=["settled_at", "settled_by", "taken"])
    if take:
        _again(line, differing.status, differing.reason, uuid.uuid4(), by, at)
    record(
        "register.settled",
        subject=line,
        by=by,
        at=at,
        after={"kept": line.status or "not marked"},
        team_id=session.support.team_id,
    )
    return line


def _placed(session: Session, by: User) -> dict[int, int]:
    """Return the families of those who have a place on a session's day, by person."""
    if not by.can(Permission.CASE_WORK, in_team=session.support.team_id):
        # Whoever leads for the hub sees names only.
        return {one.person: one.family for one in leading.names_on(by, session) if one.placed}
    return dict(
        Placement.objects.filter(
            Q(until__isnull=True) | Q(until__gte=session.on),
            support=session.support,
            since__lte=session.on,
        ).values_list("person", "family")
    )


def _for_marking(session: Session, by: User, at: datetime) -> Session:
    session = lock_session(session)
    may_mark(by, session).or_raise()
    if session.cancelled_at is not None:
        raise SessionCancelled(f"This session was cancelled: {session.cancelled_reason}")
    if session.on > timezone.localdate(at):
        raise NotYet(f"It is held on {session.on:%-d %B %Y}. Take its register then.")
    return session


def _check(said: Mark) -> None:
    if said.status and said.status not in Status.values:
        raise ValueError(said.status)
    if (said.status == Status.MISSED) != bool(said.reason) or (
        said.reason and said.reason not in Reason.values
    ):
        raise ValueError(said.reason)


def _first(
    session: Session,
    family_id: int,
    said: Mark,
    batch: uuid.UUID,
    by: User,
    at: datetime,
    *,
    dropped_in: bool = False,
) -> Attendance:
    return Attendance.objects.create(
        session=session,
        what=session.support.name,
        at=session.begins_at,
        family_id=family_id,
        person_id=said.person,
        dropped_in=dropped_in,
        status=said.status,
        reason=said.reason,
        turn=1,
        marked_at=at,
        marked_by=by,
        batch=batch,
    )


def _again(
    line: Attendance, status: str, reason: str, batch: uuid.UUID, by: User, at: datetime
) -> Attendance:
    line.was_status, line.was_reason = line.status, line.reason
    line.status, line.reason = status, reason
    line.turn, line.batch, line.marked_at, line.marked_by = line.turn + 1, batch, at, by
    line.save(
        update_fields=[
            *("was_status", "was_reason", "status", "reason"),
            *("turn", "batch", "marked_at", "marked_by"),
        ]
    )
    return line


def _differs(line: Attendance, said: Mark, by: User, at: datetime) -> Differing:
    same = Differing.objects.filter(
        attendance=line, by=by, status=said.status, reason=said.reason, settled_at__isnull=True
    ).first()
    return same or Differing.objects.create(
        attendance=line, status=said.status, reason=said.reason, by=by, at=at
    )


def _taken(session: Session, others: int | None, by: User, at: datetime) -> None:
    changed = []
    if session.taken_at is None:
        session.taken_at, session.taken_by = at, by
        changed += ["taken_at", "taken_by"]
    if others is not None and others != session.others:
        session.others = others
        changed.append("others")
    if changed:
        session.save(update_fields=changed)
