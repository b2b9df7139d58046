"""Who is to be asked how things are after help has ended, and what came of asking."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from kith.accounts.models import Team, User
from kith.analytics.days import months_after
from kith.casework import promises, queries, sharing
from kith.casework.models import Case, FollowUp, Sharing

MONTHS = (3, 6)
OUTCOMES = Case.Outcome.choices
# A family is asked until so long after the day; then it is too late for that time.
ASKED_FOR = timedelta(days=42)
MOST_TRIES = 3
# Nobody asks a family that is helped elsewhere, moved, or did not want the help.
NOT_ASKED = ("stepped_up", "moved", "declined", "no_contact")


@dataclass(frozen=True)
class Owed:
    """A family that is to be asked, by which day, and how often somebody tried."""

    case: Case
    months: int
    due_on: date
    tries: int
    state: promises.State


def owed(viewer: User, at: datetime, team: Team | None = None) -> list[Owed]:
    """Return whom the viewer's hubs are to ask by now, the longest owed first: families that agreed
    to be asked, whose help ended three or six months ago and has not begun again."""
    today = timezone.localdate(at)
    agreed = Sharing.objects.filter(
        sharing.on(today),
        family__head=OuterRef("family__head"),
        purpose=Sharing.Purpose.STAY_IN_TOUCH,
    )
    again = Case.objects.filter(family__head=OuterRef("family__head"), closed_at__isnull=True)
    # Months are of different lengths: a few days more are read than are due.
    slack = timedelta(days=3)
    windows = Q()
    for months in MONTHS:
        ended = months_after(today, -months)
        windows |= Q(closed_at__date__range=(ended - ASKED_FOR - slack, ended + slack))
    closed = (
        queries.with_names(viewer)
        .filter(windows, team__in=[team] if team else queries.teams_of(viewer))
        .exclude(closing_reason__in=NOT_ASKED)
        .filter(Exists(agreed), ~Exists(again))
        .prefetch_related(Prefetch("follow_ups", FollowUp.objects.order_by("pk")))
    )
    found = []
    for case in closed:
        ended = timezone.localdate(case.closed_at)
        for months in MONTHS:
            due_on = months_after(ended, months)
            tries = [one for one in case.follow_ups.all() if one.months == months]
            over = len(tries) >= MOST_TRIES or any(one.reached for one in tries)
            if due_on <= today <= due_on + ASKED_FOR and not over:
                state = promises.due(due_on, today)
                found.append(Owed(case, months, due_on, len(tries), state))
    return sorted(found, key=lambda one: (one.due_on, one.case.pk))


def of_case(viewer: User, case: Case) -> list[FollowUp]:
    """Return how often a family was asked after its case was closed, the latest first."""
    return list(
        FollowUp.objects.filter(queries.of(viewer, case))
        .select_related("by")
        .order_by("-on", "-pk")
    )


@dataclass(frozen=True)
class Came:
    """What came of asking, of the families for whom the day has passed within a year."""

    months: int
    families: int  # whose help ended, whoever was to be asked
    agreed: int  # of them, that agreed to be asked
    reached: int
    outcomes: dict[str, int]  # of those reached


def came_of_it(viewer: User, at: datetime, team: Team | None = None) -> list[Came]:
    """Return for each time what came of asking within the last year. Those who did not agree, or
    were not reached, are told as such and count to nothing else."""
    today = timezone.localdate(at)
    told = []
    for months in MONTHS:
        cases = (
            queries.visible_to(viewer)
            .filter(
                team__in=[team] if team else queries.teams_of(viewer),
                closed_at__date__gt=months_after(months_after(today, -12), -months),
                closed_at__date__lte=months_after(today, -months),
            )
            .exclude(closing_reason__in=NOT_ASKED)
        )
        agreed = Sharing.objects.filter(
            family__head=OuterRef("family__head"), purpose=Sharing.Purpose.STAY_IN_TOUCH
        )
        reached = FollowUp.objects.filter(case__in=cases, months=months, reached=True)
        told.append(
            Came(
                months=months,
                families=cases.count(),
                agreed=cases.filter(Exists(agreed)).count(),
                reached=reached.count(),
                outcomes=dict(Counter(reached.values_list("outcome", flat=True))),
            )
        )
    return told
