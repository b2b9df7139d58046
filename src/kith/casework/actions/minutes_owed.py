"""Whoever leads a team is reminded, once, of a meeting that nobody has written down."""

from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import User
from kith.casework import minutes_owed, queries, wordings
from kith.casework.models import TeamMeeting, TeamMember
from kith.casework.permissions import may_remind
from kith.hubs.calendar import is_working_day
from kith.notices import actions as notices


@transaction.atomic
def remind_of_minutes(*, by: User, at: datetime) -> int:
    """On a working day, remind who leads a team of meetings held two working days ago and more that
    have no minutes: one e-mail to each, and of each meeting once. Returns how many were reminded.
    Raises PermissionDenied.
    """
    may_remind(by).or_raise()
    today = timezone.localdate(at)
    if not is_working_day(today):
        return 0
    owed = list(
        minutes_owed.without_minutes(at, minutes_owed.REMINDED_AFTER)
        .filter(minutes_asked_at__isnull=True)
        .select_for_update(of=("self",))
        .select_related("case__worker", "case__team")
        .order_by("starts_at", "pk")
    )
    standing_in = queries.standing_in(by, today)
    theirs: dict[tuple[str, str], list[TeamMeeting]] = defaultdict(list)
    for meeting in owed:
        if who := _chairs(meeting, standing_in):
            theirs[who].append(meeting)
    for (name, address), meetings in sorted(theirs.items()):
        notices.send(
            wordings.MINUTES_OWED,
            to=address,
            context={
                "name": name,
                "meetings": "\n".join(
                    f"- {one.case.reference}: {timezone.localtime(one.starts_at):%-d %B %Y at %H:%M}"
                    for one in meetings
                ),
                "link": settings.KITH_ADDRESS
                + reverse("casework:team", args=[meetings[0].case.reference]),
            },
            once_key=f"casework.minutes_owed:{address}:{today}"[:120],
            at=at,
        )
        for one in meetings:
            one.minutes_asked_at = at
            one.save(update_fields=["minutes_asked_at"])
    return len(theirs)


def _chairs(meeting: TeamMeeting, standing_in: dict[int, User]) -> tuple[str, str] | None:
    """Return the name and address of whoever leads the team and can write minutes: of a partner, who
    signs in; else somebody of the hub, or who stands in for them."""
    lead = (
        TeamMember.objects.filter(
            leads__case=meeting.case_id,
            leads__until__isnull=True,
            until__isnull=True,
            withheld_at__isnull=True,
            user__isnull=False,
        )
        .select_related("user")
        .first()
    )
    if lead is not None and lead.kind == TeamMember.Kind.PARTNER:
        return lead.name, lead.email
    worker = lead.user if lead is not None else meeting.case.worker
    if worker is None:
        return None
    worker = standing_in.get(worker.pk, worker)
    return worker.name, worker.email
