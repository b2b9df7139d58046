"""What the county desk sees: the queue, and everything that bears on one decision.

Reads only, and like `queries`, everything starts from `visible_to(viewer)`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.utils import timezone

from kith.accounts.models import User
from kith.families import queries as families
from kith.families.models import Address, Family
from kith.hubs import calendar
from kith.hubs.queries import catchments_on
from kith.places.models import Postcode
from kith.referrals.models import Referral, ReferralChild, ReferralNeed
from kith.referrals.queries import UNDECIDED, all_needs, visible_to
from kith.referrals.summary import COLOURS, names_of

Status = Referral.Status
STATES = {
    "undecided": "Not decided",
    "waiting": "Waiting for a decision",
    "more_asked": "Waiting for an answer",
    "decided": "Decided",
}
SENDERS = {
    "partner": "A partner, signed in",
    "professional": "Another professional",
    "parent": "A parent or carer",
    "young_person": "A young person",
    "other": "Somebody else",
}
HOLDERS = {"": "Anyone", "mine": "Me", "nobody": "Nobody"}
DUE = {"today": "Today", "later": "After today"}
ORDERS = {"promise": ("decide_by", "pk"), "newest": ("-received_at", "-pk")}


@dataclass(frozen=True)
class Filters:
    """What of the queue is asked for. Empty means everything."""

    state: str = "undecided"
    holder: str = ""
    urgent: bool = False
    late: bool = False
    due: str = ""  # today, or later
    sender_kind: str = ""
    need: str = ""
    district: str = ""
    hub: int | None = None
    text: str = ""
    order: str = "promise"


def queue(viewer: User, filters: Filters, *, at: datetime) -> QuerySet[Referral]:
    """Return the requests asked for, those promised soonest first."""
    found = visible_to(viewer)
    if filters.state == "decided":
        found = found.exclude(status__in=UNDECIDED)
    elif filters.state in UNDECIDED:
        found = found.filter(status=filters.state)
    else:
        found = found.filter(status__in=UNDECIDED)
    if filters.holder == "mine":
        found = found.filter(held_by=viewer)
    elif filters.holder == "nobody":
        found = found.filter(held_by__isnull=True)
    if filters.urgent:
        found = found.filter(urgent=True)
    if filters.late:
        found = found.filter(_late(at))
    if filters.due in DUE:
        found = found.filter(due_today(at) if filters.due == "today" else due_later(at))
    if filters.sender_kind:
        found = found.filter(sender_kind=filters.sender_kind)
    if filters.need:
        found = found.filter(named_needs__need__code=filters.need)
    if filters.district:
        found = found.filter(_lives_at(Postcode.objects.filter(district=filters.district)))
    if filters.hub:
        found = found.filter(lives_in(filters.hub, timezone.localdate(at)))
    if filters.text.strip():
        found = found.filter(_says(viewer, filters.text.strip()))
    return found.order_by(*ORDERS.get(filters.order, ORDERS["promise"]))


@dataclass(frozen=True)
class Line:
    """A request as one line of the queue shows it. Plain values: what is drawn of it can be kept."""

    reference: str
    children: str
    urgent: bool
    step_down: bool  # from children's social care
    left: "Left | None"  # until the promise runs out; None once it is decided
    status: str
    decide_by: datetime
    decided_at: datetime | None
    received_at: datetime
    sender: str
    need: str  # the main one; "" where none was said
    more_needs: int
    team: str
    holder: str
    mine: bool

    @property
    def state(self) -> str:
        return Status(self.status).label

    @property
    def colour(self) -> str:
        return COLOURS[self.status]


def lines(viewer: User, found: QuerySet[Referral], *, at: datetime) -> list[Line]:
    """Return requests as lines of a list, in their order. Two queries."""
    rows = list(
        found.values(
            "pk",
            "reference",
            "urgent",
            "status",
            "decide_by",
            "decided_at",
            "received_at",
            "sender_kind",
            "sender_organisation_name",
            "held_by",
            organisation=F("sender_organisation__name"),
            team_name=F("team__name"),
            stepped_down=F("step_down"),
            holder=F("held_by__name"),
            asked_for=F("as_sent__children"),
        )
    )
    names = {need.pk: need.name for need in all_needs(viewer)}
    needs: dict[int, list[int]] = {row["pk"]: [] for row in rows}
    for referral, need in (
        ReferralNeed.objects.filter(referral__in=needs)
        .order_by("-main", "pk")
        .values_list("referral", "need")
    ):
        needs[referral].append(need)
    closed = calendar.closed_days()
    return [
        Line(
            reference=row["reference"],
            children=names_of(child["given_names"] for child in row["asked_for"] or []),
            urgent=row["urgent"],
            step_down=row["stepped_down"] is not None,
            left=time_left(row["status"], row["decide_by"], at=at, closed=closed),
            status=row["status"],
            decide_by=row["decide_by"],
            decided_at=row["decided_at"],
            received_at=row["received_at"],
            sender=row["organisation"]
            or row["sender_organisation_name"]
            or SENDERS.get(row["sender_kind"], ""),
            need=names[needs[row["pk"]][0]] if needs[row["pk"]] else "",
            more_needs=max(len(needs[row["pk"]]) - 1, 0),
            team=row["team_name"] or "",
            holder=row["holder"] or "",
            mine=row["held_by"] == viewer.pk,
        )
        for row in rows
    ]


def numbers(viewer: User, *, at: datetime) -> dict[str, int]:
    """Return how many requests wait, and of these how many are late, urgent, mine or nobody's."""
    return (
        visible_to(viewer)
        .filter(status__in=UNDECIDED)
        .aggregate(
            undecided=Count("pk"),
            late=Count("pk", filter=_late(at)),
            urgent=Count("pk", filter=Q(urgent=True)),
            mine=Count("pk", filter=Q(held_by=viewer)),
            nobody=Count("pk", filter=Q(held_by__isnull=True)),
        )
    )


def due_today(at: datetime) -> Q:
    """Say which requests are promised a decision from a moment until the end of its day."""
    return Q(status=Status.WAITING, decide_by__gte=at, decide_by__lt=_tomorrow(at))


def due_later(at: datetime) -> Q:
    """Say which requests are promised a decision on a later day."""
    return Q(status=Status.WAITING, decide_by__gte=_tomorrow(at))


def _tomorrow(at: datetime) -> datetime:
    return timezone.make_aware(
        datetime.combine(timezone.localdate(at) + timedelta(days=1), time.min)
    )


def _late(at: datetime) -> Q:
    return Q(status=Status.WAITING, decide_by__lt=at)


def lives_in(hub_id: int, on: date) -> Exists:
    """Return the condition that a family lives in the area of a hub, of what belongs to a family."""
    return _lives_at(_postcodes_of_hub(hub_id, on))


def _lives_at(postcodes: QuerySet[Postcode]) -> Exists:
    at_home = Address.objects.annotate(packed=Replace("postcode", Value(" "), Value(""))).filter(
        family=OuterRef("family"), until__isnull=True, packed__in=postcodes.values("code")
    )
    return Exists(at_home)


def _postcodes_of_hub(hub_id: int, on: date) -> QuerySet[Postcode]:
    areas = catchments_on(on).order_by().filter(hub=hub_id).values("neighbourhood")
    return Postcode.objects.filter(Q(neighbourhood__in=areas) | Q(lsoa__in=areas))


def _says(viewer: User, text: str) -> Q:
    """Requests with this number, from such a sender, or for somebody of that name or address."""
    people = families.search(viewer, text)
    heads = {found.family.pk for found in people}
    said = Q(family__in=Family.objects.filter(Q(head__in=heads) | Q(pk__in=heads)).values("pk"))
    for field in ("reference", "sender_name", "sender_organisation_name", "sender_reference"):
        said |= Q(**{f"{field}__icontains": text})
    return said | Q(sender_organisation__name__icontains=text)


# --- The promise ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Left:
    """How long there is until a promise, in words and as a colour that says the same."""

    words: str
    colour: str
    late: bool = False


def time_left(
    status: str, decide_by: datetime, *, at: datetime, closed: frozenset[date]
) -> Left | None:
    """Return the working time left to keep the promise of a decision; None once it is decided.

    While the sender is asked for more, it is the sender's time that runs.
    """
    today, due = timezone.localdate(at), timezone.localdate(decide_by)
    days = calendar.working_days_between(today, due, closed=closed)
    if status == Status.MORE_ASKED:
        if at > decide_by:
            return Left("No answer came in time", "orange")
        return Left(f"Answer due in {_days(days)}" if days else "Answer due today", "grey")
    if status != Status.WAITING:
        return None
    if at > decide_by:
        over = -days
        return Left(
            f"Overdue by {_days(over)}" if over else "Overdue since today", "red", late=True
        )
    if due == today:
        hours = int((decide_by - at).total_seconds() // 3600)
        left = (
            f"{hours} hour{'' if hours == 1 else 's'} left" if hours else "less than an hour left"
        )
        return Left(f"Due today, {left}", "orange")
    return Left(f"{_days(days)} left", "yellow" if days == 1 else "green")


def _days(days: int) -> str:
    return f"{days} working day{'' if days == 1 else 's'}"


# --- One request ----------------------------------------------------------------------------------


def to_decide(viewer: User) -> QuerySet[Referral]:
    """Return requests with all that the page for deciding shows."""
    return visible_to(viewer).select_related(
        "family", "team", "sender", "sender_organisation", "held_by", "decided_by", "step_down"
    )


def people_of(viewer: User, referral: Referral) -> list[int]:
    """Return the people on the record that was made of a request."""
    visible = families.visible_to(viewer).filter(pk=referral.family_id)
    return list(visible.values_list("memberships__person", flat=True).order_by("memberships__pk"))


def schools_of(viewer: User, people: Collection[int]) -> Mapping[int, frozenset[str]]:
    """Return the schools that requests have named for people, by person."""
    found: dict[int, set[str]] = {}
    children = ReferralChild.objects.filter(
        person__in=people, referral__in=visible_to(viewer).values("pk")
    ).select_related("school")
    for child in children:
        name = child.school.name if child.school else child.school_name
        if name:
            found.setdefault(child.person_id, set()).add(name)
    return {person: frozenset(names) for person, names in found.items()}


@dataclass(frozen=True)
class KnownFamily:
    """A family that may be the one in a request: who of it may be whom."""

    family: Family
    people: tuple[families.LikelySame, ...]
    requests: tuple[Referral, ...]

    @property
    def score(self) -> float:
        return max(pair.comparison.score for pair in self.people)


def likely_families(viewer: User, referral: Referral) -> list[KnownFamily]:
    """Return families we know that may be the one in a request, the likeliest first, with reasons."""
    likely = families.likely_same(
        viewer,
        people_of(viewer, referral),
        schools_of=lambda people: schools_of(viewer, people),
    )
    together = {record.pk for record in families.together_with(viewer, referral.family)}
    by_family: dict[int, list[families.LikelySame]] = {}
    for pair in likely:
        if pair.other_family.pk not in together:
            by_family.setdefault(pair.other_family.pk, []).append(pair)
    requests: dict[int, list[Referral]] = {}
    for earlier in (
        visible_to(viewer)
        .filter(Q(family__head__in=by_family) | Q(family__in=by_family))
        .annotate(head=F("family__head"))
        .order_by("-received_at", "-pk")
    ):
        requests.setdefault(earlier.head or earlier.family_id, []).append(earlier)
    known = [
        KnownFamily(pairs[0].other_family, tuple(pairs), tuple(requests.get(number, [])))
        for number, pairs in by_family.items()
    ]
    return sorted(known, key=lambda one: (-one.score, one.family.pk))


def other_requests(viewer: User, referral: Referral) -> list[Referral]:
    """Return the other requests for the same family, newest first: merged records too."""
    records = families.together_with(viewer, referral.family)
    return list(
        visible_to(viewer)
        .filter(family__in=records)
        .exclude(pk=referral.pk)
        .select_related("sender_organisation")
        .order_by("-received_at", "-pk")
    )
