"""Changes to entries that wait for an answer: those who keep the directory are written to, then who leads."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.accounts.queries import county_leads
from kith.directory import assured, proposed, wordings
from kith.directory.models import Proposal
from kith.directory.permissions import may_ask_for_assurance
from kith.hubs.calendar import closed_days, is_working_day, working_days_between
from kith.notices import actions as notices

MOST_LINES = 25


@transaction.atomic
def chase_proposals(*, by: User, at: datetime) -> int:
    """Write to those who keep an entry whose change waits for more than five working days, and to the
    county lead after ten: once for each day on which one becomes so late, of all that are.

    Nothing is written on a day that is no working day. Done twice it comes to the same. Returns how many
    letters tell of what is late. Raises PermissionDenied.
    """
    may_ask_for_assurance(by).or_raise()
    today, closed = timezone.localdate(at), closed_days()
    if not is_working_day(today, closed=closed):
        return 0
    late, desk = proposed.waiting_longer_than(proposed.LATE, at), assured.desk_team()
    by_team: dict[Team, list[Proposal]] = defaultdict(list)
    for one in late:
        team = assured.team_of(one.service, desk) if one.service else desk
        if team:
            by_team[team].append(one)
    letters = sum(
        _write(team.email, team.name, found, f"team:{team.pk}", team, closed, at)
        for team, found in sorted(by_team.items(), key=lambda pair: pair[0].pk)
    )
    very_late = proposed.waiting_longer_than(proposed.VERY_LATE, at)
    if very_late:
        letters += sum(
            _write(lead.email, lead.name, very_late, f"lead:{lead.pk}", None, closed, at)
            for lead in county_leads(today)
        )
    return letters


def _write(
    to: str, name: str, late: Sequence[Proposal], whom: str, team: Team | None,
    closed: frozenset[date], at: datetime,
) -> int:  # fmt: skip
    def line(one: Proposal) -> str:
        days = working_days_between(one.made_at, at, closed=closed)
        return f"- {one} ({one.provider.name}): {days} working days"

    lines = [line(one) for one in late[:MOST_LINES]]
    if len(late) > MOST_LINES:
        lines.append(f"and {len(late) - MOST_LINES} more")
    # The latest of them: when another becomes as late, all are written of again.
    newest = max(timezone.localdate(one.made_at) for one in late)
    sent = notices.send(
        wordings.PROPOSALS_WAIT,
        to=to,
        context={
            "name": name,
            "changes": "\n".join(lines),
            "link": settings.KITH_ADDRESS + reverse("directory:proposals"),
        },
        once_key=f"directory.proposals_wait:{whom}:{newest}",
        team=team,
        at=at,
    )
    return 1 if sent else 0
