"""Numbers about how people come to what hubs give, and nothing else about anybody. Their one home.

Counted over the whole county, whoever asks; small ones are hidden before they leave. People are
counted and not marks: one person who comes each week is one.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from kith.analytics.figures import NO, YES, open_share, share_figures, with_interval
from kith.analytics.indicators import Figure, Indicator, Period, Row
from kith.casework.outcome_counts import INTERVAL, hubs
from kith.referrals.counts import kept
from kith.supports.models import Attendance, Session, Support

Status = Attendance.Status
COMING = Indicator(
    key="people-who-keep-coming",
    name="People who keep coming to groups",
    definition=(
        "Of the people who were marked, in the period, as having come to a group, one-to-one support or "
        "session of a hub, or as having missed it: the share who came at least half of the times. Each "
        "person counts once in each hub, late is come, and whoever was not expected is not marked. "
        f"{INTERVAL} The interval is Wilson’s."
    ),
    unit="% came half the time or more",
    better="more",
    kind="share",
    source="Registers of the hubs’ groups and sessions",
    by=("hub",),
)
OFF_SITE = Indicator(
    key="sessions-off-site",
    name="Sessions held away from hubs",
    definition=(
        "Of the sessions that hubs held in the period and did not cancel, the share of those that are "
        "planned to be away from the hub, such as at a library, a school or a green."
    ),
    unit="% away from a hub",
    better="more",
    kind="share",
    source="Registers of the hubs’ groups and sessions",
    by=("hub",),
    small="Sessions are counted, not people: nothing is hidden.",
)
INDICATORS = (COMING, OFF_SITE)


def figure(indicator: Indicator, period: Period, *, by: str, at: datetime, hub: str = "") -> Figure:
    """Return an indicator over a period, split one way, with small numbers hidden already.

    Counted again every ten minutes. Raises LookupError for what is not one of this module's.
    """
    if indicator not in INDICATORS or by not in indicator.by:
        raise LookupError(f"{indicator.key} by {by}")
    count = _off_site if indicator == OFF_SITE else _coming
    figures, _ = kept(f"supports:{indicator.key}", period, at, count)
    found: Figure = figures[by]
    return found


def _coming(period: Period, at: datetime) -> dict[str, Figure]:
    came = Q(status__in=[Status.ATTENDED, Status.LATE])
    people = (
        Attendance.objects.filter(
            came | Q(status=Status.MISSED),
            session__on__gte=period.first,
            session__on__lte=period.last,
            session__cancelled_at__isnull=True,
        )
        .values_list("session__support__team__hub__slug", "person__head")
        .annotate(came=Count("pk", filter=came), marked=Count("pk"))
    )
    table: Counter[tuple[str, str]] = Counter()
    for hub, _, times, marked in people:
        table[hub, YES if 2 * times >= marked else NO] += 1
    figures = share_figures(COMING, period, {"hub": hubs()}, {"hub": table}, at)
    missing = _not_taken(period)
    return {way: with_interval(one, missing=missing) for way, one in figures.items()}


def _off_site(period: Period, at: datetime) -> dict[str, Figure]:
    held = (
        Session.objects.filter(on__gte=period.first, on__lte=period.last, cancelled_at__isnull=True)
        .values_list("support__team__hub__slug")
        .annotate(n=Count("pk"), away=Count("pk", filter=Q(support__kind=Support.Kind.OFF_SITE)))
        .order_by()
    )
    counted = {slug: (away, n) for slug, n, away in held}

    rows = tuple(Row(slug, name, open_share(*counted.get(slug, (0, 0)))) for slug, name in hubs())
    sums = [sum(one[place] for one in counted.values()) for place in (0, 1)]
    total = Row("all", "All", open_share(*sums))
    columns = ("% away from a hub", "Out of")
    return {"hub": with_interval(Figure(OFF_SITE, period, "hub", columns, rows, total, at))}


@dataclass(frozen=True)
class GroupDays:
    """On which days a hub's groups for an item of the core offer were held, and how many came."""

    held: frozenset[date]  # a register was taken
    unknown: frozenset[date]  # neither a register nor a word that it was cancelled
    cancelled: int  # sessions
    came: int  # marks and those on no record, together


def held_for_core_offer(period: Period, at: datetime) -> dict[tuple[str, str], GroupDays]:
    """Return, by hub and code of the core offer, when its groups were held. No one is counted apart:
    days and sums of whole periods. Counted again every ten minutes."""
    found, _ = kept("supports:core", period, at, _held)
    days: dict[tuple[str, str], GroupDays] = found
    return days


def _held(period: Period, at: datetime) -> dict[tuple[str, str], GroupDays]:
    came = Count("attendance", filter=Q(attendance__status__in=[Status.ATTENDED, Status.LATE]))
    sessions = (
        Session.objects.filter(on__gte=period.first, on__lte=period.last)
        .exclude(support__core_code="")
        .values_list(
            "support__team__hub__slug",
            "support__core_code",
            "on",
            "taken_at",
            "cancelled_at",
            "others",
        )
        .annotate(came=came)
        .order_by()
    )
    lines: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for hub, code, *rest in sessions:
        lines.setdefault((hub, code), []).append(tuple(rest))
    return {
        key: GroupDays(
            frozenset(on for on, taken, off, _, _ in found if taken and not off),
            frozenset(on for on, taken, off, _, _ in found if not taken and not off),
            sum(off is not None for _, _, off, _, _ in found),
            sum(others + marks for _, _, _, others, marks in found),
        )
        for key, found in lines.items()
    }


def _not_taken(period: Period) -> str:
    held = Session.objects.filter(
        on__gte=period.first, on__lte=period.last, cancelled_at__isnull=True
    )
    found = held.aggregate(all=Count("pk"), not_taken=Count("pk", filter=Q(taken_at__isnull=True)))
    if not found["not_taken"]:
        return ""
    return (
        f"Sessions held: {found['all']:,}, of which without a register: {found['not_taken']:,}. "
        "Nothing is supposed about who came to those."
    )
