"""Which teams may know of a family.

While records are merged, a team with standing on one of them has standing on all: the rest are
mirrored, with `reason=merge`. Mirrors are levelled after every change, from the standings that
were given for a reason of their own; so nothing has to be remembered to take a merge back.
"""

from collections import defaultdict
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Q

from kith.accounts.models import Team, User
from kith.accounts.viewer import front_door, seeing_as
from kith.audit.actions import record
from kith.families.actions.heads import lock_heads
from kith.families.models import Family, Merge, Standing
from kith.families.permissions import may_give_standing

FOR_EVER = datetime.max.replace(tzinfo=UTC)
Holder = tuple[int | None, int | None]  # a team's number, or a person's


@transaction.atomic
def give_standing(*, family: Family, team: Team, reason: str, by: User, at: datetime) -> Standing:
    """Let a team know of a family, and of all records merged with it. Raises PermissionDenied.

    Returns the standing the team has already, where it was given for the same reason.
    """
    may_give_standing(by, family).or_raise()
    with seeing_as(front_door()):
        [head] = lock_heads(Family, family.pk)
        standing = (
            in_force(at).filter(family=family, team=team, reason=reason).order_by("pk").first()
        )
        if standing is not None and standing.until is not None:
            # It was to end: the family is theirs again.
            standing.until = None
            standing.save(update_fields=["until"])
            level_standings(head, at=at)
        if standing is not None:
            return standing
        standing = Standing(family=family, team=team, reason=reason, since=at)
        standing.save(force_insert=True)
        level_standings(head, at=at)
        record(
            "standing.given",
            subject=standing,
            by=by,
            at=at,
            after={"team": team, "reason": reason},
        )
    return standing


@transaction.atomic
def end_standing(
    *,
    family: Family,
    team: Team,
    reason: str,
    by: User,
    at: datetime,
    until: datetime | None = None,
) -> int:
    """End what a team has for one reason, now or at a moment to come; what it has for another
    stays. Returns how many ended. Raises PermissionDenied.
    """
    may_give_standing(by, family).or_raise()
    with seeing_as(front_door()):
        [head] = lock_heads(Family, family.pk)
        ended = in_force(at).filter(
            family__in=Family.objects.filter(head=head), team=team, reason=reason
        )
        count = ended.update(until=until or at)
        level_standings(head, at=at)
        if count:
            record(
                "standing.ended",
                subject=family,
                by=by,
                at=at,
                team_id=team.pk,
                before={"team": team, "reason": reason},
                after={"until": until} if until else None,
            )
    return count


def in_force(at: datetime):  # type: ignore[no-untyped-def]
    """Return the standings in force at a moment."""
    return Standing.objects.filter(Q(until__isnull=True) | Q(until__gt=at))


def level_standings(head: Family, *, at: datetime, merge: Merge | None = None) -> None:
    """Give every record of a family the standings of all, and end mirrors that mirror nothing.

    `merge` is kept with new mirrors: what brought them about.
    """
    families = set(Family.objects.filter(head=head).values_list("pk", flat=True)) | {head.pk}
    own: dict[int, dict[Holder, datetime]] = defaultdict(dict)
    mirrors: dict[int, dict[Holder, Standing]] = defaultdict(dict)
    surplus: list[int] = []
    longest: dict[Holder, datetime] = {}
    for standing in in_force(at).filter(family__in=families).order_by("pk"):
        holder, until = (standing.team_id, standing.user_id), standing.until or FOR_EVER
        if standing.reason != Standing.Reason.MERGE:
            own[standing.family_id][holder] = max(until, own[standing.family_id].get(holder, until))
            longest[holder] = max(until, longest.get(holder, until))
        elif holder in mirrors[standing.family_id]:
            surplus.append(standing.pk)
        else:
            mirrors[standing.family_id][holder] = standing

    missing = []
    for family_id in families:
        wanted = {
            holder: until
            for holder, until in longest.items()
            if own[family_id].get(holder) != until
        }
        for holder, mirror in mirrors[family_id].items():
            if wanted.get(holder) == (mirror.until or FOR_EVER):
                del wanted[holder]
            else:
                surplus.append(mirror.pk)
        missing += [
            Standing(
                family_id=family_id,
                team_id=team_id,
                user_id=user_id,
                reason=Standing.Reason.MERGE,
                merge=merge,
                since=at,
                until=None if until == FOR_EVER else until,
            )
            for (team_id, user_id), until in sorted(wanted.items(), key=str)
        ]
    Standing.objects.filter(pk__in=surplus).update(until=at)
    Standing.objects.bulk_create(missing)
