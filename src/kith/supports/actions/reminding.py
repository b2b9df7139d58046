"""A word to whoever leads a session whose register nobody has taken."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import User
from kith.casework import queries as casework
from kith.hubs.calendar import is_working_day
from kith.notices import actions as notices
from kith.supports import queries, wordings
from kith.supports.models import Session
from kith.supports.permissions import may_tend

# The manager hears of a register that is still untaken after so many days.
MANAGER_AFTER = timedelta(days=7)


@transaction.atomic
def remind(*, by: User, at: datetime) -> int:
    """Remind leaders of registers of past days that are not taken, and managers of old ones.

    One e-mail a person and day, on working days; run again it sends nothing twice. Returns how many
    there are for the day. Raises PermissionDenied.
    """
    may_tend(by).or_raise()
    today = timezone.localdate(at)
    if not is_working_day(today):
        return 0
    standing_in = casework.standing_in(by, today)
    owed: dict[User, list[Session]] = defaultdict(list)
    for session in (
        queries.to_take(by, today)
        .filter(on__lt=today)
        .select_related("support__leader", "support__team")
    ):
        leader = session.support.leader
        owed[standing_in.get(leader.pk, leader)].append(session)
        if session.on < today - MANAGER_AFTER:
            for manager in casework.managers_of(by, session.support.team, today):
                if session not in owed[manager]:
                    owed[manager].append(session)
    for person in sorted(owed, key=lambda one: one.pk):
        lines = [f"- {session.support.name}, {session.on:%-d %B}" for session in owed[person]]
        notices.send(
            wordings.UNTAKEN,
            to=person.email,
            context={
                "name": person.name,
                "registers": "\n".join(lines),
                "link": settings.KITH_ADDRESS + reverse("supports:registers"),
            },
            once_key=f"supports.untaken:{person.pk}:{today}",
            at=at,
        )
    return len(owed)
