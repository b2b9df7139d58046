"""Numbers about the work with families, and nothing else about anybody. Their one home.

Counted over the whole county, whoever asks; small ones are hidden before they leave.
"""

from collections import Counter
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from kith.analytics.figures import NO, YES, Book, Labels, median_figure, middle_of, share_figures
from kith.analytics.indicators import Figure, Indicator, Period
from kith.analytics.periods import months_of
from kith.casework.models import Case, Goal, PlanReview
from kith.hubs.calendar import add_working_days, closed_days, promise_days
from kith.hubs.models import Promise
from kith.hubs.queries import all_hubs
from kith.referrals.counts import DaysBetween, kept, moments

SOURCE = "Cases of the hubs"
STATUSES: Labels = [(str(s.value), str(s.label)) for s in Case.Status if s != Case.Status.CLOSED]
OUTCOMES: Labels = [(str(o.value), str(o.label)) for o in Case.Outcome]
REASONS: Labels = [(str(r.value), str(r.label)) for r in Case.ClosingReason]

OPEN_CASES = Indicator(
    key="open-cases",
    name="Families being helped now",
    definition=(
        "Cases open at the moment of counting: those with a worker, and those that wait for one. "
        "The period chosen makes no difference."
    ),
    unit="cases",
    better="neither",
    kind="count",
    source=SOURCE,
    by=("hub",),
)
CONTACT_IN_TIME = Indicator(
    key="first-contact-in-time",
    name="First contact in time",
    definition=(
        "Of the cases opened in the period in which the family has been reached, or should have "
        "been by now, the share reached within the promise: five working days unless the county "
        "says otherwise."
    ),
    unit="% reached in time",
    better="more",
    kind="share",
    source=SOURCE,
    by=("hub", "month"),
)
DAYS_TO_CONTACT = Indicator(
    key="days-to-first-contact",
    name="Days to first contact",
    definition=(
        "The median number of days, weekends included, from the hub's acceptance to the first "
        "time the family was reached, of cases opened in the period. Families not reached yet "
        "are not in it."
    ),
    unit="days",
    better="fewer",
    kind="median",
    source=SOURCE,
    by=("hub", "month"),
)
ENDINGS = Indicator(
    key="outcomes-at-closing",
    name="How things were at the end",
    definition=(
        "Cases closed in the period by how things were for the family when help ended, as the "
        "worker and the family saw it together. “Not known” is counted, not left out."
    ),
    unit="cases closed",
    better="neither",
    kind="count",
    source=SOURCE,
    by=("hub", "month", "reason"),
)
PLANS_REVIEWED = Indicator(
    key="plans-reviewed-in-time",
    name="Plans looked at again in time",
    definition=(
        "Of the cases open on the last day of the period with a plan (a goal that was set by then): the "
        "share whose plan was not overdue to be looked at again with the family that day. It is due on "
        "the day agreed when it was last looked at; before the first time, when the county’s promise "
        "after the first goal runs out."
    ),
    unit="% looked at in time",
    better="more",
    kind="share",
    source="Plans of the hubs’ cases",
    by=("hub",),
)
INDICATORS = (OPEN_CASES, CONTACT_IN_TIME, DAYS_TO_CONTACT, ENDINGS, PLANS_REVIEWED)


def figure(indicator: Indicator, period: Period, *, by: str, at: datetime, hub: str = "") -> Figure:
    """Return an indicator over a period, split one way, with small numbers hidden already.

    With `hub`, a hub's slug, only that hub's part (of outcomes at closing, by month or reason).
    Counted again every ten minutes. Raises LookupError for what is not one of this module's.
    """
    if indicator not in INDICATORS or by not in indicator.by:
        raise LookupError(f"{indicator.key} by {by}")
    if indicator == OPEN_CASES:
        book, counted_at = kept("casework:open", period, at, _open)
        return book.across(indicator, period, by, "status", counted_at)
    if indicator == ENDINGS:
        book, counted_at = kept("casework:endings", period, at, _endings)
        if hub:
            return book.within(indicator, period, by, counted_at, of=("hub", hub))
        return book.across(indicator, period, by, "outcome", counted_at)
    if indicator == PLANS_REVIEWED:
        figures, _ = kept("casework:reviewed", period, at, _plans_reviewed)
    elif indicator == CONTACT_IN_TIME:
        figures, _ = kept("casework:in_time", period, at, _contact_in_time)
    else:
        figures, _ = kept("casework:days", period, at, _days_to_contact)
    return figures[by]


def _within(period: Period, field: str) -> QuerySet[Case]:
    first, after = moments(period)
    return Case.objects.filter(**{f"{field}__gte": first, f"{field}__lt": after})


def _splits(period: Period) -> dict[str, Labels]:
    return {
        "hub": [(hub.slug, hub.name) for hub in all_hubs()],
        "month": months_of(period),
        "status": STATUSES,
        "outcome": OUTCOMES,
        "reason": REASONS,
    }


def _open(period: Period, at: datetime) -> Book:
    rows = (
        Case.objects.exclude(status=Case.Status.CLOSED)
        .values("status", hub=F("team__hub__slug"))
        .annotate(n=Count("pk"))
    )
    table = {(row["hub"], row["status"]): row["n"] for row in rows}
    return Book(_splits(period), {("hub", "status"): table})


def _endings(period: Period, at: datetime) -> Book:
    rows = (
        _within(period, "closed_at")
        .annotate(ended=TruncMonth("closed_at"))
        .values("outcome", "ended", reason=F("closing_reason"), hub=F("team__hub__slug"))
        .annotate(n=Count("pk"))
        .order_by()
    )
    pairs = [
        *(("outcome", way) for way in ("hub", "month", "reason")),
        *(("hub", way) for way in ("month", "reason")),
    ]
    tables: dict[tuple[str, str], Counter[tuple[str, str]]] = {pair: Counter() for pair in pairs}
    for row in rows:
        where = {k: str(v) for k, v in row.items()} | {"month": f"{row['ended']:%Y-%m}"}
        for first, second in pairs:
            tables[first, second][where[first], where[second]] += row["n"]
    return Book(_splits(period), tables)


def _contact_in_time(period: Period, at: datetime) -> dict[str, Figure]:
    due = _within(period, "opened_at").filter(
        Q(first_contact_at__isnull=False) | Q(contact_by__lt=at)
    )
    rows = (
        due.annotate(begun=TruncMonth("opened_at"))
        .values("begun", hub=F("team__hub__slug"))
        .annotate(n=Count("pk"), yes=Count("pk", filter=Q(first_contact_at__lte=F("contact_by"))))
        .order_by()
    )
    tables: dict[str, Counter[tuple[str, str]]] = {way: Counter() for way in CONTACT_IN_TIME.by}
    for row in rows:
        where = {"hub": row["hub"], "month": f"{row['begun']:%Y-%m}"}
        for way in CONTACT_IN_TIME.by:
            tables[way][where[way], YES] += row["yes"]
            tables[way][where[way], NO] += row["n"] - row["yes"]
    splits = {way: labels for way, labels in _splits(period).items() if way in tables}
    return share_figures(CONTACT_IN_TIME, period, splits, tables, at)


def _plans_reviewed(period: Period, at: datetime) -> dict[str, Figure]:
    _, after = moments(period)
    reviews = PlanReview.objects.filter(case=OuterRef("pk"), held_on__lte=period.last)
    goals = Goal.objects.filter(case=OuterRef("pk"), made_at__lt=after).order_by("made_at")
    rows = (
        Case.objects.filter(
            Q(closed_at__isnull=True) | Q(closed_at__gte=after), opened_at__lt=after
        )
        .annotate(
            next_on=Subquery(reviews.order_by("-held_on", "-pk").values("next_on")[:1]),
            first_goal=Subquery(goals.values("made_at")[:1]),
        )
        .filter(first_goal__isnull=False)
        .values_list("team__hub__slug", "next_on", "first_goal")
    )
    days, closed = promise_days(Promise.Key.REVIEWED), closed_days()
    table: Counter[tuple[str, str]] = Counter()
    for hub, next_on, first_goal in rows:
        due_on = next_on or add_working_days(first_goal, days, closed=closed).date()
        table[hub, YES if due_on >= period.last else NO] += 1
    hubs = _splits(period)["hub"]
    return share_figures(PLANS_REVIEWED, period, {"hub": hubs}, {"hub": table}, at)


def _days_to_contact(period: Period, at: datetime) -> dict[str, Figure]:
    rows = (
        _within(period, "opened_at")
        .filter(first_contact_at__isnull=False)
        .annotate(begun=TruncMonth("opened_at"))
        .values("begun", hub=F("team__hub__slug"))
        .annotate(days=ArrayAgg(DaysBetween("first_contact_at", "opened_at")))
        .order_by()
    )
    values: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        month = f"{row['begun']:%Y-%m}"
        for where in (("hub", row["hub"]), ("month", month), ("all", "")):
            values.setdefault(where, []).extend(row["days"])

    splits = _splits(period)
    return {
        way: median_figure(
            DAYS_TO_CONTACT,
            period,
            way,
            splits[way],
            {key: middle_of(values.get((way, key), [])) for key, _ in splits[way]},
            middle_of(values.get(("all", ""), [])),
            at,
        )
        for way in DAYS_TO_CONTACT.by
    }
