"""Numbers about requests, and nothing else about anybody. The one home of these indicators.

Each is counted over the whole county, whoever asks, and passes `analytics.disclosure` before it
leaves. All counts of requests received stand in one book, so that no page can be subtracted from
another.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, cast

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import caches
from django.db.models import (
    Count,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from kith.accounts.viewer import clock, seeing_as
from kith.analytics.figures import (
    NO,
    YES,
    Book,
    Labels,
    median_figure,
    middle_of,
    open_shares,
    share_figures,
)
from kith.analytics.indicators import Figure, Indicator, Period
from kith.analytics.periods import months_of
from kith.directory.models import Service
from kith.hubs.queries import all_hubs, hub_for_postcode
from kith.partners.models import Organisation
from kith.places.queries import is_in_the_country
from kith.referrals.desk import lives_in
from kith.referrals.models import Referral, Sending, SendingOutcome

SOURCE = "Requests received at the front door"
MINUTES_KEPT = 10
NO_HUB = ("desk", "No hub (not accepted, or not yet)")
SENDERS: Labels = [
    ("school", "Schools and education"),
    ("health", "Health"),
    ("police", "Police"),
    ("family", "Families themselves"),
    ("early_help", "The council's own services"),
    ("housing", "Housing"),
    ("voluntary", "Voluntary groups and others"),
]
_SENDER_OF_CODE = {"2": "school", "3": "health", "6": "police", "1": "family", "5": "early_help"}
PHASES: Labels = [*((str(p.value), str(p.label)) for p in Organisation.Phase), ("", "Not a school")]
STATUSES: Labels = [(str(s.value), str(s.label)) for s in Referral.Status]

RECEIVED = Indicator(
    key="requests-received",
    name="Requests for help",
    definition=(
        "Requests that arrived at the front door in the period, counted once each however many "
        "children they name, on the day they arrived. By hub: the hub that accepted; a request "
        "that no hub has accepted is counted apart."
    ),
    unit="requests",
    better="neither",
    kind="count",
    source=SOURCE,
    by=("hub", "month", "sender", "phase"),
)
OUTCOMES = Indicator(
    key="request-outcomes",
    name="What was decided",
    definition=(
        "Requests that arrived in the period by what has been decided so far: accepted by a hub, "
        "sent on to another service, passed to children's social care (stepped up), already being "
        "helped, no further action, withdrawn, or not decided yet."
    ),
    unit="requests",
    better="neither",
    kind="count",
    source=SOURCE,
    by=("sender", "month", "phase"),
)
IN_TIME = Indicator(
    key="decided-in-time",
    name="Decided in time",
    definition=(
        "Of the requests that arrived in the period and have been decided, or should have been by "
        "now, the share decided within the promise: two working days unless the county says "
        "otherwise. While we wait for a sender's answer the clock stands still."
    ),
    unit="% decided in time",
    better="more",
    kind="share",
    source=SOURCE,
    by=("month", "sender", "hub"),
)
DAYS_TO_DECISION = Indicator(
    key="days-to-decision",
    name="Days to a decision",
    definition=(
        "The median number of days, weekends included, from the arrival of a request to its "
        "decision, of requests that arrived in the period and are decided. Half took less, half "
        "took more."
    ),
    unit="days",
    better="fewer",
    kind="median",
    source=SOURCE,
    by=("month", "sender", "hub"),
)
SENDERS_TOLD = Indicator(
    key="senders-told",
    name="Senders told",
    definition=(
        "Of the requests that arrived in the period and are decided, the share whose sender was "
        "sent word of the decision. A sender who left no e-mail address counts as not told."
    ),
    unit="% of senders told",
    better="more",
    kind="share",
    source=SOURCE,
    by=("sender", "month", "hub"),
)
SCHOOLS_ASK = Indicator(
    key="schools-that-ask",
    name="Schools that ask for help",
    definition=(
        "Of the schools, nurseries and colleges that the county works with now, the share from which at "
        "least one request for help arrived in the period. By phase: primary schools apart."
    ),
    unit="% of schools asked",
    better="more",
    kind="share",
    source="Requests received at the front door, and the county’s list of schools",
    by=("phase",),
    small="Schools are counted, not people: nothing is hidden.",
)
PLACES: Labels = [("country", "In the country"), ("town", "In a town"), ("", "Place not known")]
GROUPS_ASK = Indicator(
    key="voluntary-partners",
    name="Voluntary groups that ask for help",
    definition=(
        "Of the voluntary and community groups that the county works with now, the share from which at "
        "least one request for help arrived in the period; a group that is not in the list of partners is "
        "not counted. By hub: in whose area the group is. A group is in the country if fewer than 500 "
        "postcodes, live or ended, lie within two kilometres. That is no official class, which the county’s "
        "postcodes do not carry: for Oxfordshire it agrees with the ONS Rural Urban Classification of 2011 "
        "in 384 of 407 areas, and errs at the edges of towns."
    ),
    unit="% of groups asked",
    better="more",
    kind="share",
    source="Requests received at the front door, and the county’s list of partners",
    by=("place", "hub"),
    small="Groups are counted, not people: nothing is hidden.",
)
# Of one service, for those who give it or keep its entry: on no dashboard.
SENT = Indicator(
    key="families-sent-to-a-service",
    name="Families sent to this service",
    definition=(
        "How often staff of the hubs, or the county desk as it decided a request, told a family of "
        "this service, or asked the service to take one, in the period; by what is known of it last. "
        "What was written down by mistake is left out."
    ),
    unit="families",
    better="neither",
    kind="count",
    source="Services written down in families' cases and at decisions of requests",
    by=("went",),
)
UNKNOWN = ("", "Nobody has asked or answered yet")
# What families asked for and were not given here: four sources, on no dashboard.
NOT_HELPED = {
    "declined": (
        "Requests declined",
        "Requests decided in the period with no further action, by the needs that were named in them.",
    ),
    "sent_on": (
        "Requests sent on",
        "Requests sent on to a partner or to a service in the period, by the needs named in them.",
    ),
    "places": (
        "Places that were asked for and not given",
        "Requests for a place in a service of the directory that were decided in the period and accepted "
        "by no hub, by service.",
    ),
    "full": (
        "Services that could not take a family",
        "Families told of a service, or for whom one was asked, in the period, of whom it is known last "
        "that it was full or not right for them, by service.",
    ),
}
INDICATORS = (RECEIVED, OUTCOMES, IN_TIME, DAYS_TO_DECISION, SENDERS_TOLD, SCHOOLS_ASK, GROUPS_ASK)


class DaysBetween(Func):
    """Days, with their part, from the second moment to the first."""

    template = "extract(epoch from (%(expressions)s)) / 86400.0"
    arg_joiner = " - "
    output_field = FloatField()


def figure(indicator: Indicator, period: Period, *, by: str, at: datetime, hub: str = "") -> Figure:
    """Return an indicator over a period, split one way, with small numbers hidden already.

    With `hub`, a hub's slug, only that hub's part (counts split by month, sender or phase).
    Figures are counted again every ten minutes; `counted_at` says when this one was.
    Raises LookupError for an indicator or a way to split that is not one of this module's.
    """
    if indicator not in INDICATORS or by not in indicator.by:
        raise LookupError(f"{indicator.key} by {by}")
    if indicator == RECEIVED:
        book, counted_at = kept("referrals:book", period, at, _book)
        if hub:
            return book.within(indicator, period, by, counted_at, of=("hub", hub))
        return book.by(indicator, period, by, counted_at)
    if indicator == OUTCOMES:
        book, counted_at = kept("referrals:book", period, at, _book)
        return book.across(indicator, period, by, "status", counted_at)
    if indicator == SCHOOLS_ASK:
        found, counted_at = kept("referrals:schools", period, at, _schools)
        phases = [(str(one.value), str(one.label)) for one in Organisation.Phase]
        answers = [(one.where[by], one.asked) for one in found]
        return open_shares(SCHOOLS_ASK, period, by, phases, answers, counted_at)
    if indicator == GROUPS_ASK:
        found, counted_at = kept("referrals:groups", period, at, _groups)
        hubs = [*((hub.slug, hub.name) for hub in all_hubs()), ("", "No hub’s area, or not known")]
        labels = hubs if by == "hub" else PLACES
        answers = [(one.where[by], one.asked) for one in found]
        return open_shares(GROUPS_ASK, period, by, labels, answers, counted_at)
    if indicator == DAYS_TO_DECISION:
        figures, _ = kept("referrals:days", period, at, _days_to_decision)
    elif indicator == IN_TIME:
        figures, _ = kept("referrals:in_time", period, at, _in_time)
    else:
        figures, _ = kept("referrals:told", period, at, _senders_told)
    return figures[by]


@dataclass(frozen=True)
class Partner:
    """A school or group that might ask for help, where it belongs, and whether it asked."""

    name: str
    asked: bool
    where: dict[str, str]  # way of splitting to key


def _partners(kind: str, period: Period) -> Iterator[tuple[Organisation, bool]]:
    partners = Organisation.objects.filter(kind=kind, active=True)
    asked = set(_received_in(period).values_list("sender_organisation", flat=True))
    for partner in partners.order_by("name", "pk"):
        yield partner, partner.pk in asked


def _schools(period: Period, at: datetime) -> list[Partner]:
    return [
        Partner(school.name, asked, {"phase": school.phase})
        for school, asked in _partners(Organisation.Kind.SCHOOL, period)
    ]


def _groups(period: Period, at: datetime) -> list[Partner]:
    found = []
    for group, asked in _partners(Organisation.Kind.VOLUNTARY, period):
        hub = hub_for_postcode(group.postcode, period.last) if group.postcode else None
        place = ""
        if group.easting is not None and group.northing is not None:
            place = "country" if is_in_the_country(group.easting, group.northing) else "town"
        found.append(Partner(group.name, asked, {"place": place, "hub": hub.slug if hub else ""}))
    return found


def partners_that_do_not_ask(
    indicator: Indicator, period: Period, at: datetime
) -> list[tuple[str, str]]:
    """Return the schools (or groups) from which no request arrived in a period, each with its phase (or
    where it is) in words."""
    if indicator == SCHOOLS_ASK:
        name, count, by = "referrals:schools", _schools, "phase"
        words = {str(one.value): str(one.label) for one in Organisation.Phase}
    else:
        name, count, by, words = "referrals:groups", _groups, "place", dict(PLACES)
    partners, _ = kept(name, period, at, count)
    return [(one.name, words.get(one.where[by], "")) for one in partners if not one.asked]


def kept(name: str, period: Period, at: datetime, count: Any) -> tuple[Any, datetime]:
    """Count as the clock, who sees everything; or return what was counted in the last ten minutes.

    `count(period, at)` is called where nothing is kept under `name`. Also for the modules above.
    """
    cache = caches["figures"]
    key = f"{name}:{period.first}:{period.last}"
    counted = cache.get(key)
    if counted is None:
        with seeing_as(clock()):
            counted = (count(period, at), at)
        cache.set(key, counted, MINUTES_KEPT * 60)
    result: tuple[Any, datetime] = counted
    return result


def moments(period: Period) -> tuple[datetime, datetime]:
    """Return when a period begins, and the first moment after it, by the county's clock."""
    zone = timezone.get_default_timezone()
    return (
        datetime.combine(period.first, time(), zone),
        datetime.combine(period.last + timedelta(days=1), time(), zone),
    )


def _received_in(period: Period) -> QuerySet[Referral]:
    first, after = moments(period)
    return Referral.objects.filter(received_at__gte=first, received_at__lt=after)


def _splits(period: Period) -> dict[str, Labels]:
    return {
        "hub": [*((hub.slug, hub.name) for hub in all_hubs()), NO_HUB],
        "month": months_of(period),
        "sender": SENDERS,
        "phase": PHASES,
        "status": STATUSES,
    }


def _grouped(requests: QuerySet[Referral], **wanted: Any) -> QuerySet[Any]:
    """Return one row for each group of requests that `_where` can tell apart."""
    return (
        requests.annotate(slug=F("team__hub__slug"), begun=TruncMonth("received_at"))
        .values("slug", "begun", "source", "status", phase=F("sender_organisation__phase"))
        .annotate(**wanted)
        .order_by()
    )


def _where(row: dict[str, Any]) -> dict[str, str]:
    """Return the value of each way to split for a group of requests."""
    code = row["source"]
    return {
        "hub": row["slug"] or NO_HUB[0],
        "month": f"{row['begun']:%Y-%m}",
        "sender": "housing" if code == "4" else _SENDER_OF_CODE.get(code[:1], "voluntary"),
        "phase": row["phase"] or "",
        "status": row["status"],
    }


def _book(period: Period, at: datetime) -> Book:
    rows = _grouped(_received_in(period), n=Count("pk"))
    pairs = [
        *(("hub", way) for way in ("month", "sender", "phase")),
        *(("status", way) for way in ("sender", "month", "phase")),
    ]
    tables: dict[tuple[str, str], Counter[tuple[str, str]]] = {pair: Counter() for pair in pairs}
    for row in rows:
        where = _where(row)
        for first, second in pairs:
            tables[first, second][where[first], where[second]] += row["n"]
    return Book(_splits(period), tables)


def _shares(
    indicator: Indicator, period: Period, at: datetime, requests: QuerySet[Referral], yes: Q
) -> dict[str, Figure]:
    rows = _grouped(
        requests, n=Count("pk", distinct=True), yes=Count("pk", filter=yes, distinct=True)
    )
    tables: dict[str, Counter[tuple[str, str]]] = {way: Counter() for way in indicator.by}
    for row in rows:
        where = _where(row)
        for way in indicator.by:
            tables[way][where[way], YES] += row["yes"]
            tables[way][where[way], NO] += row["n"] - row["yes"]
    splits = {way: labels for way, labels in _splits(period).items() if way in indicator.by}
    return share_figures(indicator, period, splits, tables, at)


def _in_time(period: Period, at: datetime) -> dict[str, Figure]:
    due = _received_in(period).filter(
        Q(decided_at__isnull=False) | Q(status__in=Referral.UNDECIDED, decide_by__lt=at)
    )
    return _shares(IN_TIME, period, at, due, Q(decided_at__lte=F("decide_by")))


def _senders_told(period: Period, at: datetime) -> dict[str, Figure]:
    decided = _received_in(period).filter(decided_at__isnull=False)
    told = Q(steps__kind=F("status"), steps__told_at__isnull=False)
    return _shares(SENDERS_TOLD, period, at, decided, told)


def _days_to_decision(period: Period, at: datetime) -> dict[str, Figure]:
    decided = _received_in(period).filter(decided_at__isnull=False)
    days = ArrayAgg(DaysBetween("decided_at", "received_at"))
    values: dict[tuple[str, str], list[float]] = {}
    for row in _grouped(decided, days=days):
        for way, value in [*_where(row).items(), ("all", "")]:
            values.setdefault((way, value), []).extend(row["days"])
    splits = _splits(period)
    return {
        way: median_figure(
            DAYS_TO_DECISION,
            period,
            way,
            splits[way],
            {key: middle_of(values[way, key]) for key, _ in splits[way] if (way, key) in values},
            middle_of(values.get(("all", ""), [])),
            at,
        )
        for way in DAYS_TO_DECISION.by
    }


def sent_to(service: Service, period: Period, at: datetime) -> Figure:
    """Return how families were sent to one service and what came of it, with small numbers hidden."""

    def count(period: Period, at: datetime) -> Figure:
        first, after = moments(period)
        last = SendingOutcome.objects.filter(sending=OuterRef("pk")).order_by("-at", "-pk")
        rows = (
            Sending.objects.filter(service=service, at__gte=first, at__lt=after)
            .annotate(went=Coalesce(Subquery(last.values("outcome")[:1]), Value("")))
            .exclude(went=SendingOutcome.Outcome.MISTAKE)
            .values_list("went", "kind")
            .annotate(Count("pk"))
            .order_by()
        )
        table = {(went, kind): n for went, kind, n in rows}
        ways = [UNKNOWN, *((str(one.value), str(one.label)) for one in SendingOutcome.Outcome)]
        splits: dict[str, Labels] = {
            "went": [way for way in ways if way[0] != SendingOutcome.Outcome.MISTAKE],
            "kind": [("signposted", "Told of it"), ("referred", "Asked for")],
        }
        return Book(splits, {("went", "kind"): table}).across(SENT, period, "went", "kind", at)

    return cast(Figure, kept(f"referrals:sent:{service.pk}", period, at, count)[0])


def not_helped(period: Period, at: datetime) -> dict[str, dict[tuple[str, str], Counter[str]]]:
    """Return what families asked for and were not given here, in a period: for each of NOT_HELPED what
    it was (a key and its name), by the slug of the hub in whose area the family lives, "" for none.

    These are counts as they are: nobody is shown them but through `analytics.figures.Book`.
    """
    return cast(
        dict[str, dict[tuple[str, str], Counter[str]]],
        kept("referrals:not_helped", period, at, _not_helped)[0],
    )


def _not_helped(period: Period, at: datetime) -> dict[str, Any]:
    first, after = moments(period)
    decided = Referral.objects.filter(decided_at__gte=first, decided_at__lt=after)
    declined = decided.filter(status=Referral.Status.NO_FURTHER_ACTION)
    sent_on = decided.filter(status=Referral.Status.SENT_ON)
    need, service = (
        ("named_needs__need__code", "named_needs__need__name"),
        ("service__uid", "service__name"),
    )
    last = SendingOutcome.objects.filter(sending=OuterRef("pk")).order_by("-at", "-pk")
    turned_away = Sending.objects.filter(at__gte=first, at__lt=after).annotate(
        went=Subquery(last.values("outcome")[:1])
    )
    full = turned_away.filter(
        went__in=[SendingOutcome.Outcome.FULL, SendingOutcome.Outcome.NOT_SUITABLE]
    )
    asked: dict[str, tuple[QuerySet[Any], tuple[str, str]]] = {
        "declined": (declined, need),
        "sent_on": (sent_on, need),
        "places": (decided.exclude(status=Referral.Status.ACCEPTED).filter(service__isnull=False), service),
        "full": (full, service),
    }  # fmt: skip
    found: dict[str, dict[tuple[str, str], Counter[str]]] = {key: {} for key in asked}
    day = timezone.localdate(at)
    for key, (rows, (code, name)) in asked.items():
        everywhere = _by_name(rows, code, name)
        rest = Counter(everywhere)
        for hub in all_hubs():
            for what, n in _by_name(rows.filter(lives_in(hub.pk, day)), code, name).items():
                found[key].setdefault(what, Counter())[hub.slug] += n
                rest[what] -= n
        for what, n in rest.items():
            if n > 0:
                found[key].setdefault(what, Counter())[""] += n
    return found


def _by_name(rows: QuerySet[Any], code: str, name: str) -> Counter[tuple[str, str]]:
    counted = (
        rows.exclude(**{code: None}).values_list(code, name).annotate(Count("pk", distinct=True))
    )
    return Counter({(str(key), str(called)): n for key, called, n in counted.order_by()})
