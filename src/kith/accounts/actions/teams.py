"""Teams, and standing in for an absent colleague."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from kith.accounts.actions.errors import (
    AlreadyEnded,
    AlreadyHeld,
    EndsBeforeItBegins,
    NotPossible,
    NotStaff,
)
from kith.accounts.actions.people import managing
from kith.accounts.models import Cover, Membership, Team, User
from kith.accounts.permissions import may_arrange_cover, may_manage
from kith.audit.actions import fields_of, record

TEAM_FIELDS = ("name", "kind", "email", "active")


@transaction.atomic
def add_team(*, name: str, kind: str, email: str = "", by: User, at: datetime) -> Team:
    """Make a team. Raises PermissionDenied, NotPossible when there is one of that name and kind."""
    may_manage(by).or_raise()
    _name_is_free(name, kind)
    team = Team(name=name, kind=kind, email=email)
    team.save()
    record("team.made", subject=team, by=by, at=at, after=fields_of(team, TEAM_FIELDS))
    return team


@transaction.atomic
def change_team(*, team: Team, name: str, email: str, active: bool, by: User, at: datetime) -> Team:
    """Change a team. While it is not active, its roles allow nothing. Raises PermissionDenied."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    may_manage(by).or_raise()
    if team.kind == Team.Kind.SERVICE:
        raise NotPossible("Kith's own teams cannot be changed.")
    if name.lower() != team.name.lower():
        _name_is_free(name, team.kind)
    if not active and team.active and any(m.team_id == team.pk for m in by.current_memberships()):
        raise NotPossible("You hold a role in this team yourself. Somebody else must close it.")
    if not active and team.active and {held for _, held in managing(at.date())} == {team.pk}:
        raise NotPossible("All who can make accounts do so by this team. Keep it open.")
    before = fields_of(team, TEAM_FIELDS)
    team.name, team.email, team.active = name, email, active
    team.save(update_fields=["name", "email", "active"])
    record(
        "team.changed",
        subject=team,
        by=by,
        at=at,
        before=before,
        after=fields_of(team, TEAM_FIELDS),
    )
    return team


def _name_is_free(name: str, kind: str) -> None:
    if Team.objects.filter(name__iexact=name, kind=kind).exists():
        problem = NotPossible("There is a team of this name already.")
        problem.field = "name"
        raise problem


@transaction.atomic
def arrange_cover(
    *,
    absent: User,
    covered_by: User,
    since: date,
    until: date,
    reason: str,
    by: User,
    at: datetime,
) -> Cover:
    """Let one person do what an absent colleague may, for a while.

    Raises PermissionDenied (also where one would cover oneself), NotStaff, EndsBeforeItBegins,
    AlreadyHeld.
    """
    may_arrange_cover(by, absent, covered_by).or_raise()
    staff = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=since),
        user=covered_by,
        user__is_active=True,
        user__is_service=False,
        team__active=True,
        team__kind__in=[Team.Kind.HUB, Team.Kind.DESK],
    )
    if not staff.exists():
        raise NotStaff(f"{covered_by.name} has no role in a hub or at the county on that day.")
    if until <= since:
        raise EndsBeforeItBegins("Cover must end after the day it begins.")
    other = Cover.objects.filter(
        Q(until__isnull=True) | Q(until__gt=since),
        absent=absent,
        covered_by=covered_by,
        since__lt=until,
    ).first()
    if other is not None:
        raise AlreadyHeld(
            f"{covered_by.name} covers for {absent.name} from {other.since:%-d %B %Y} already. "
            "End that first, or choose other days."
        )
    cover = Cover(
        absent=absent,
        covered_by=covered_by,
        since=since,
        until=until,
        reason=reason,
        agreed_by=by,
    )
    cover.save()
    record(
        "cover.arranged",
        subject=cover,
        by=by,
        at=at,
        after=fields_of(cover, ("absent", "covered_by", "since", "until", "reason")),
    )
    return cover


@transaction.atomic
def end_cover(*, cover: Cover, by: User, at: datetime) -> Cover:
    """End cover today. Raises PermissionDenied, AlreadyEnded."""
    cover = (
        Cover.objects.select_for_update(of=("self",))
        .select_related("absent", "covered_by")
        .get(pk=cover.pk)
    )
    if by.pk not in {cover.absent_id, cover.covered_by_id}:
        may_arrange_cover(by, cover.absent, cover.covered_by).or_raise()
    if cover.until is not None and cover.until <= at.date():
        raise AlreadyEnded("This cover has ended already.")
    before = fields_of(cover, ("until",))
    cover.until = max(at.date(), cover.since)
    cover.save(update_fields=["until"])
    record(
        "cover.ended",
        subject=cover,
        by=by,
        at=at,
        before=before,
        after=fields_of(cover, ("absent", "covered_by", "until")),
    )
    return cover
