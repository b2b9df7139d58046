"""What a hub gives, and the days on which it is held."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.audit.actions import fields_of, record
from kith.casework import queries as casework
from kith.hubs.calendar import is_working_day
from kith.supports.actions.checks import (
    NotOfThisHub,
    ReasonMissing,
    SameTime,
    SessionCancelled,
    SessionMarked,
    SupportEnded,
    WrongDay,
    lock_session,
    lock_support,
)
from kith.supports.models import Attendance, Placement, Session, Support
from kith.supports.permissions import may_cancel, may_give, may_tend

# Sessions of a weekly support stand in the calendar for so long ahead.
AHEAD = timedelta(weeks=8)
FIELDS = ("name", "words", "place", "leader", "places", "starts", "minutes", "core_code")


@transaction.atomic
def set_up(
    *,
    team: Team,
    kind: str,
    name: str,
    place: str,
    leader: User,
    starts: time,
    minutes: int,
    since: date,
    words: str = "",
    places: int | None = None,
    weekday: int | None = None,
    core_code: str = "",
    by: User,
    at: datetime,
) -> Support:
    """Set up something the hub gives. A weekly one stands in the calendar at once; of another,
    `since` is its first session.

    Raises PermissionDenied, ReasonMissing where it has no name, NotOfThisHub.
    """
    may_give(by, team).or_raise()
    if not name.strip():
        raise ReasonMissing("Give it a name that people know it by.")
    _check_leader(by, team, leader, timezone.localdate(at))
    support = Support.objects.create(
        team=team,
        kind=kind,
        name=name.strip(),
        words=words.strip(),
        place=place.strip(),
        leader=leader,
        places=places,
        weekday=weekday,
        core_code=core_code,
        starts=starts,
        minutes=minutes,
        since=since,
        made_at=at,
        made_by=by,
    )
    if weekday is None:
        _hold(support, since, by, at)
    else:
        _hold_weekly(support, timezone.localdate(at), by, at)
    record(
        "support.set_up", subject=support, by=by, at=at, after=fields_of(support, ("kind", *FIELDS))
    )
    return support


@transaction.atomic
def change(*, support: Support, by: User, at: datetime, **changes: Any) -> Support:
    """Change how something is given. Sessions to come that nobody has touched go along.

    Raises PermissionDenied, SupportEnded, ReasonMissing, NotOfThisHub.
    """
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise TypeError(f"a support has no {', '.join(sorted(unknown))}")
    support = lock_support(support)
    may_give(by, support.team_id).or_raise()
    today = timezone.localdate(at)
    _check_runs(support, today)
    if not changes.get("name", support.name).strip():
        raise ReasonMissing("Give it a name that people know it by.")
    if "leader" in changes and changes["leader"].pk != support.leader_id:
        _check_leader(by, support.team, changes["leader"], today)
    before = fields_of(support, changes)
    for field, value in changes.items():
        setattr(support, field, value)
    support.save(update_fields=list(changes))
    coming = Session.objects.filter(
        support=support,
        on__gt=today,
        cancelled_at__isnull=True,
        starts=before.get("starts", support.starts),
    )
    coming.update(starts=support.starts, minutes=support.minutes)
    record(
        "support.changed",
        subject=support,
        by=by,
        at=at,
        before=before,
        after=fields_of(support, changes),
    )
    return support


@transaction.atomic
def end(*, support: Support, until: date, reason: str, by: User, at: datetime) -> Support:
    """End what a hub gives: `until` is its last day. Places end with it, and sessions after it are
    cancelled. Raises PermissionDenied, SupportEnded, ReasonMissing, WrongDay."""
    support = lock_support(support)
    may_give(by, support.team_id).or_raise()
    today = timezone.localdate(at)
    _check_runs(support, today)
    if not reason.strip():
        raise ReasonMissing("Say why it ends.")
    if until < max(support.since, today - timedelta(days=1)):
        raise WrongDay("Its last day cannot be before yesterday, or before it began.")
    support.until, support.ended_reason = until, reason.strip()
    support.save(update_fields=["until", "ended_reason"])
    for session in Session.objects.filter(
        support=support, on__gt=until, cancelled_at__isnull=True, taken_at__isnull=True
    ).select_for_update():
        _cancel(session, f"It has ended: {reason.strip()}"[:300], by, at)
    for placement in Placement.objects.filter(
        support=support, until__isnull=True
    ).select_for_update():
        placement.until = max(until, placement.since)
        placement.words, placement.ended_by = "The support has ended.", by
        placement.save(update_fields=["until", "words", "ended_by"])
    record("support.ended", subject=support, by=by, at=at, after={"until": until, "reason": reason})
    return support


@transaction.atomic
def add_session(
    *,
    support: Support,
    on: date,
    starts: time,
    minutes: int,
    place: str = "",
    by: User,
    at: datetime,
) -> Session:
    """Hold a support once more, on a day. Raises PermissionDenied, SupportEnded, WrongDay, SameTime."""
    support = lock_support(support)
    may_give(by, support.team_id).or_raise()
    _check_runs(support, timezone.localdate(at))
    if not support.runs_on(on):
        raise WrongDay(f"It is given from {support.since:%-d %B %Y}{_until(support)}.")
    if Session.objects.filter(support=support, on=on, starts=starts).exists():
        raise SameTime("There is a session at that time already.")
    session = Session.objects.create(
        support=support,
        on=on,
        starts=starts,
        minutes=minutes,
        place=place.strip(),
        made_at=at,
        made_by=by,
    )
    record(
        "session.added", subject=session, by=by, at=at, after={"on": on}, team_id=support.team_id
    )
    return session


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: User, at: datetime) -> Session:
    """Cancel a session, and say why. Raises PermissionDenied, SessionCancelled, SessionMarked,
    ReasonMissing."""
    session = lock_session(session)
    may_cancel(by, session).or_raise()
    if session.cancelled_at is not None:
        raise SessionCancelled("This session was cancelled before.")
    if not reason.strip():
        raise ReasonMissing("Say why it is cancelled.")
    marked = Attendance.objects.filter(session=session).exclude(status="").exists()
    if marked or session.taken_at is not None or session.others:
        raise SessionMarked("Its register has been taken, so it was held.")
    _cancel(session, reason.strip(), by, at)
    return session


@transaction.atomic
def make_sessions(*, by: User, at: datetime) -> int:
    """Put the sessions of weekly supports into the calendar for the coming weeks.

    None on days that are no working days for a support held on weekdays. Returns how many were
    made; run again it makes none twice. Raises PermissionDenied.
    """
    may_tend(by).or_raise()
    today = timezone.localdate(at)
    weekly = Support.objects.filter(weekday__isnull=False, until__isnull=True)
    return sum(
        _hold_weekly(support, today, None, at)
        for support in weekly.order_by("pk").select_for_update()
    )


def _hold_weekly(support: Support, today: date, by: User | None, at: datetime) -> int:
    have = set(Session.objects.filter(support=support, on__gte=today).values_list("on", flat=True))
    first = max(today, support.since)
    day = first + timedelta(days=(support.weekday - first.weekday()) % 7)  # type: ignore[operator]
    made = 0
    while day <= today + AHEAD:
        shut = day.weekday() < 5 and not is_working_day(day)
        if day not in have and not shut:
            _hold(support, day, by, at)
            made += 1
        day += timedelta(weeks=1)
    return made


def _hold(support: Support, on: date, by: User | None, at: datetime) -> Session:
    return Session.objects.create(
        support=support,
        on=on,
        starts=support.starts,
        minutes=support.minutes,
        made_at=at,
        made_by=by,
    )


def _cancel(session: Session, reason: str, by: User, at: datetime) -> None:
    session.cancelled_at, session.cancelled_by, session.cancelled_reason = at, by, reason
    session.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_reason"])
    record(
        "session.cancelled",
        subject=session,
        by=by,
        at=at,
        after={"on": session.on, "reason": reason},
        team_id=session.support.team_id,
    )


def _check_leader(by: User, team: Team, leader: User, on: date) -> None:
    if not casework.workers_of(by, team, on).filter(pk=leader.pk).exists():
        raise NotOfThisHub(f"{leader} does not work at {team}.")


def _check_runs(support: Support, today: date) -> None:
    if support.until is not None and support.until < today:
        raise SupportEnded(f"It ended on {support.until:%-d %B %Y}.")


def _until(support: Support) -> str:
    return f" until {support.until:%-d %B %Y}" if support.until else " on"
