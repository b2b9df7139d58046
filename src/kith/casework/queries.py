"""Reading cases. Everything starts from `visible_to(viewer)`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    Case as When,
)
from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    prefetch_related_objects,
)
from django.db.models import When as Where
from django.db.models.functions import Cast, Greatest, JSONObject
from django.utils import timezone

from kith.accounts.models import Cover, Membership, Team, User
from kith.accounts.permissions import Permission
from kith.accounts.roles import roles_granting
from kith.accounts.viewer import front_door, seeing_as
from kith.casework import assessment_form, minutes_owed
from kith.casework.intensity import weight
from kith.casework.models import (
    Allocation,
    Answer,
    Assessment,
    AssessmentForm,
    Case,
    CaseReflection,
    Clash,
    Contact,
    Goal,
    GoalProgress,
    Note,
    NoteFile,
    PlannedAction,
    PlanReview,
    Reopening,
)
from kith.casework.permissions import leads_county
from kith.families import queries as families
from kith.families.models import Family, Standing
from kith.hubs.calendar import promise_days, promised, working_days_ago
from kith.hubs.models import Hub, Promise, StaffPost
from kith.hubs.queries import all_hubs
from kith.partners.models import Organisation
from kith.referrals import queries as referrals

OPEN = Q(done_on__isnull=True, dropped_on__isnull=True)
Status = Case.Status
SCORES = [str(score) for score in assessment_form.SCORES]


def visible_to(viewer: User) -> QuerySet[Case]:
    """Return the cases this person may know exist: those of families their team stands by."""
    return Case.objects.filter(family__in=families.visible_to(viewer))


def with_names(viewer: User) -> QuerySet[Case]:
    """Return the visible cases with what every page names: family, hub, worker, request."""
    return visible_to(viewer).select_related("family", "team__hub", "worker", "referral__step_down")


def case_called(viewer: User, reference: str) -> Case | None:
    """Return a case by its reference with what every page names, where this person may see it."""
    case = with_names(viewer).filter(reference=reference).first()
    if case is not None:
        case.seen_by = viewer.pk
    return case


def of(viewer: User, case: Case) -> Q:
    """Ask for what hangs on a case, where this person may see it.

    A case that `case_called` found for them was asked about, and is not asked about once more by
    each of the dozens of questions of its page; row security asks all the same.
    """
    if case.seen_by == viewer.pk:
        return Q(case=case)
    return Q(case=case, case__in=visible_to(viewer))


def teams_of(viewer: User) -> list[Team]:
    """Return the hubs whose cases this person looks after: every hub for a county lead."""
    if leads_county(viewer):
        return [hub.team for hub in all_hubs()]
    return viewer.teams_granting(Permission.CASE_WORK)


def on_records(viewer: User, records: Sequence[Family]) -> list[str]:
    """Return in words which requests and cases are on records, as far as this person may see them."""
    asked = referrals.visible_to(viewer).filter(family__in=records).order_by("received_at", "pk")
    cases = visible_to(viewer).filter(family__in=records).select_related("team").order_by("pk")
    return [
        f"Request {one.reference}, of {timezone.localdate(one.received_at):%-d %B %Y}"
        for one in asked
    ] + [
        f"Case {case.reference} at {case.team}, {case.get_status_display().lower()}"
        for case in cases
    ]


def waiting_for_worker(viewer: User, team: Team | None = None) -> QuerySet[Case]:
    """Return cases that wait for a worker, longest waiting first."""
    teams = [team] if team else teams_of(viewer)
    return (
        with_names(viewer)
        .filter(team__in=teams, status=Status.UNALLOCATED)
        .select_related("referral__sender_organisation")
        .order_by("opened_at", "pk")
    )


def gives_families(viewer: User) -> bool:
    """Say whether this person gives families to workers anywhere."""
    return viewer.can(Permission.CASE_ALLOCATE)


def open_cases(viewer: User, team: Team, worker_id: int | None = None) -> QuerySet[Case]:
    """Return a hub's open cases, or one worker's of them, with what is due: not yet reached first."""
    cases = with_names(viewer).filter(team=team, status=Status.OPEN)
    if worker_id is not None:
        cases = cases.filter(worker=worker_id)
    return _with_what_is_due(cases)


def mine(viewer: User) -> QuerySet[Case]:
    """Return the families this person works with, and those of whom they cover for.

    Each has `last_contact`, `next_due` and `actions_open`. First contact owed comes first, the
    most pressing promise at the top; then what is due soonest.
    """
    workers = [viewer.pk, *covered_by(viewer)]
    return _with_what_is_due(with_names(viewer).filter(worker__in=workers, status=Status.OPEN))


@dataclass(frozen=True)
class InHand:
    """A family that a worker has in hand, as it stands in their list."""

    reference: str
    family: str
    worker_id: int
    worker: str
    contact_by: datetime
    first_contact_at: datetime | None
    last_contact: datetime | None
    tries: int
    next_due: date | None
    actions_open: int
    familys_open: int  # of them, what the family took on itself


class Due(NamedTuple):
    """An open action that is due, as it stands in a worker's list."""

    pk: int
    what: str
    due_on: date
    owner_called: str  # who of the family took it on; empty where it is the worker's own
    case: str
    family: str


class Hand(NamedTuple):
    """A worker's list: the families in hand, own actions that are due, what to ask families about."""

    cases: list[InHand]
    due: list[Due]
    ask: list[Due]


# A worker's list is opened all day: it is one question, written once, whose answer comes as one
# value, and row security asks of each row whether the viewer may see it: it is told which cases they
# see before it is asked of their contacts and actions. `coalesce` keeps the database from the index of
# everything that is open in the county, where it is to read one case's few actions.
_IN_HAND = """
with held as materialized (
    select held.*, family.name as family, worker.name as worker
    from casework_case held
    join families_family family on family.id = held.family_id
    join accounts_user worker on worker.id = held.worker_id
    where held.worker_id = any(%(workers)s) and held.status = 'open'
), told as materialized (select kith_cases_told(array(select id from held)) as seen)
select (
    select json_agg(json_build_array(held.reference, held.family, held.worker_id, held.worker,
        held.contact_by, held.first_contact_at, spoken.last_contact, spoken.tries,
        planned.next_due, planned.open, planned.familys)
        order by case when held.first_contact_at is null then held.contact_by else 'infinity' end,
            planned.next_due nulls last, held.id)
    from told cross join held
    cross join lateral (
        select max(at) filter (where succeeded) as last_contact,
            count(*) filter (where not succeeded) as tries
        from casework_contact contact where contact.case_id = held.id and told.seen
    ) spoken
    cross join lateral (
        select min(due_on) as next_due, count(*) as open, count(action.owner_person_id) as familys
        from casework_plannedaction action
        where action.case_id = held.id and told.seen
            and coalesce(action.done_on, action.dropped_on) is null
    ) planned
), (
    select json_agg(json_build_array(action.id, action.what, action.due_on, action.owner_called,
        other.reference, family.name) order by action.due_on, action.id)
    from casework_plannedaction action
    join casework_case other on other.id = action.case_id
    join families_family family on family.id = other.family_id
    where action.owner_id = %(viewer)s and action.due_on <= %(until)s
        and action.done_on is null and action.dropped_on is null
), (
    select json_agg(json_build_array(action.id, action.what, action.due_on, action.owner_called,
        held.reference, held.family) order by action.due_on, action.id)
    from told cross join held join casework_plannedaction action on action.case_id = held.id
    where told.seen and action.owner_person_id is not null and action.due_on <= %(today)s
        and coalesce(action.done_on, action.dropped_on) is null
)
"""


def in_hand(viewer: User, *, until: date, today: date) -> Hand:
    """Return what `mine`, `actions_due` by a day and `to_ask_about` today do, as plain values: one
    question however many families there are."""
    asked: dict[str, Any] = {"viewer": viewer.pk, "until": until, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(_IN_HAND, asked | {"workers": [viewer.pk, *covered_by(viewer)]})
        cases, due, ask = cursor.fetchone()
    return Hand(
        [_in_hand(*row) for row in cases or ()],
        *([_due(*row) for row in rows or ()] for rows in (due, ask)),
    )


def _due(pk: int, what: str, on: str, *rest: str) -> Due:
    return Due(pk, what, date.fromisoformat(on), *rest)


def _in_hand(reference: str, family: str, *rest: Any) -> InHand:
    worker_id, worker, contact_by, first, last, tries, next_due, opened, familys = rest
    return InHand(
        reference=reference,
        family=family,
        worker_id=worker_id,
        worker=worker,
        contact_by=datetime.fromisoformat(contact_by),
        first_contact_at=first and datetime.fromisoformat(first),
        last_contact=last and datetime.fromisoformat(last),
        tries=tries,
        next_due=next_due and date.fromisoformat(next_due),
        actions_open=opened,
        familys_open=familys,
    )


def covered_by(viewer: User) -> list[int]:
    """Return the numbers of the colleagues for whom this person stands in today."""
    return sorted(
        {held.user_id for held in viewer.current_memberships() if held.user_id != viewer.pk}
    )


def actions_due(viewer: User, until: date) -> QuerySet[PlannedAction]:
    """Return this person's own open actions that are due by a day, the latest overdue first."""
    return (
        PlannedAction.objects.filter(OPEN, owner=viewer, due_on__lte=until)
        .filter(case__in=visible_to(viewer))
        .select_related("case__family")
        .order_by("due_on", "pk")
    )


def to_ask_about(viewer: User, until: date) -> QuerySet[PlannedAction]:
    """Return what families took on themselves and is due by a day, of those this person works with
    or covers for: whom to ask how it comes on."""
    return (
        PlannedAction.objects.filter(OPEN, owner_person__isnull=False, due_on__lte=until)
        .filter(
            case__in=visible_to(viewer).filter(
                worker__in=[viewer.pk, *covered_by(viewer)], status=Status.OPEN
            )
        )
        .select_related("case__family")
        .order_by("due_on", "pk")
    )


def all_actions_due(viewer: User, until: date) -> QuerySet[PlannedAction]:
    """Return every visible open action that is due by a day, whoever owns it."""
    return (
        PlannedAction.objects.filter(OPEN, due_on__lte=until)
        .filter(case__in=visible_to(viewer))
        .exclude(case__status=Status.CLOSED)
        .select_related("case__worker", "case__team", "owner", "owner_organisation__team")
        .order_by("due_on", "pk")
    )


def standing_in(viewer: User, on: date) -> dict[int, User]:
    """Return who stands in on a day for whom: by the number of the absent colleague."""
    covers = Cover.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    return {
        cover.absent_id: cover.covered_by
        for cover in covers.select_related("covered_by").order_by("-since", "-pk")
    }


def actions_visible_to(viewer: User) -> QuerySet[PlannedAction]:
    """Return the planned actions this person may know: of cases they see, and of their
    organisation. The latter come without their case, which a partner does not see."""
    return PlannedAction.objects.filter(
        Q(case__in=visible_to(viewer))
        | Q(
            owner_organisation__team__in=viewer.teams_granting(Permission.ACTION_OWN),
            withheld_at__isnull=True,
        )
    )


def partner_actions(viewer: User) -> QuerySet[PlannedAction]:
    """Return the actions that this person's organisation has taken on: open ones first, by date."""
    return (
        PlannedAction.objects.filter(
            owner_organisation__team__in=viewer.teams_granting(Permission.ACTION_OWN),
            withheld_at__isnull=True,
        )
        .select_related("owner_organisation", "ended_by")
        .annotate(
            over=When(Where(OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
        )
        .order_by("over", "due_on", "pk")
    )


def families_of_actions(viewer: User, actions: Iterable[PlannedAction]) -> list[int]:
    """Return the numbers of the families that actions are for: to note that a partner, who sees no
    family, saw something of theirs."""
    cases = {action.case_id for action in actions}
    with seeing_as(front_door()):
        return sorted(set(Case.objects.filter(pk__in=cases).values_list("family_id", flat=True)))


def contacts_of(viewer: User, case: Case) -> QuerySet[Contact]:
    """Return the tries to reach a family, newest first."""
    return Contact.objects.filter(of(viewer, case)).select_related("by").order_by("-at", "-pk")


def notes_of(viewer: User, case: Case) -> QuerySet[Note]:
    """Return the notes of a case, newest first, each with its `additions`, oldest first. Each has
    `kept` files: their numbers, names and whether they held a virus."""
    # With the notes, and not as a question of its own: a case's page asks enough of them.
    files = NoteFile.objects.filter(note=OuterRef("pk")).order_by("added_at", "name", "pk")
    kept = ArraySubquery(files.values(file=JSONObject(id="pk", name="name", scan="scan")))
    additions = Note.objects.select_related("by").annotate(kept=kept)
    return (
        Note.objects.filter(of(viewer, case), adds_to__isnull=True)
        .select_related("by")
        .annotate(kept=kept)
        .prefetch_related(Prefetch("additions", additions.order_by("recorded_at", "pk")))
        .order_by("-happened_at", "-pk")
    )


def files_of_notes(viewer: User, case: Case) -> QuerySet[NoteFile]:
    """Return the files that are kept with the notes of a case."""
    return NoteFile.objects.filter(note__case=case, note__case__in=visible_to(viewer))


def plan_of(viewer: User, case: Case) -> QuerySet[PlannedAction]:
    """Return the plan: open actions by date, then those that are over, the latest first."""
    return (
        PlannedAction.objects.filter(of(viewer, case))
        .select_related("goal", "sharing", "owner", "owner_organisation", "made_by", "ended_by")
        .annotate(
            over=When(Where(OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
        )
        .order_by("over", "due_on", "pk")
    )


def agreed_plan_of(viewer: User, case: Case) -> QuerySet[PlannedAction]:
    """Return the plan as it was agreed with the family: without what was dropped, and without what
    the hub's people set themselves, in supervision or after an audit."""
    return plan_of(viewer, case).filter(
        agreed_in__isnull=True, after_audit__isnull=True, dropped_on__isnull=True
    )


@dataclass(frozen=True)
class GoalNow:
    """A goal, how near it has come, review by review, and the actions for it."""

    goal: Goal
    progress: tuple[GoalProgress, ...]  # the oldest first

    @property
    def last(self) -> GoalProgress | None:
        return self.progress[-1] if self.progress else None

    @property
    def change(self) -> int | None:
        """By how many points it came nearer since it was first scored; None before a second."""
        if len(self.progress) < 2:
            return None
        return self.progress[-1].score - self.progress[0].score


def goals_of(viewer: User, case: Case) -> list[GoalNow]:
    """Return a case's goals with their progress: those in hand first, the oldest at the top."""
    goals = (
        Goal.objects.filter(of(viewer, case))
        .select_related("made_by", "ended_by")
        .prefetch_related(
            Prefetch("progress", GoalProgress.objects.select_related("by").order_by("on", "pk"))
        )
        .order_by(F("ended_on").asc(nulls_first=True), "made_at", "pk")
    )
    return [GoalNow(goal, tuple(goal.progress.all())) for goal in goals]


def reviews_of(viewer: User, case: Case) -> QuerySet[PlanReview]:
    """Return the reviews of a case's plan, the latest first."""
    return (
        PlanReview.objects.filter(of(viewer, case)).select_related("by").order_by("-held_on", "-pk")
    )


def allocations_of(viewer: User, case: Case) -> QuerySet[Allocation]:
    """Return who has worked with the family, newest first."""
    return (
        Allocation.objects.filter(of(viewer, case))
        .select_related("worker", "by")
        .order_by("-since", "-pk")
    )


def reopenings_of(viewer: User, case: Case) -> QuerySet[Reopening]:
    """Return how often a case was opened again, newest first."""
    return Reopening.objects.filter(of(viewer, case)).select_related("by").order_by("-at", "-pk")


def workers_of(viewer: User, team: Team, on: date) -> QuerySet[User]:
    """Return the people who work with families at a hub on a day, by name."""
    held = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on),
        user=OuterRef("pk"),
        team=team,
        role__in=roles_granting(Permission.CASE_WORK),
        since__lte=on,
    )
    return User.objects.filter(Exists(held), is_active=True).order_by("name", "pk")


def partners_to_choose(viewer: User) -> QuerySet[Organisation]:
    """Return the partners who may own an action. That they exist is public."""
    return Organisation.objects.filter(active=True).order_by("name", "pk")


def right_to_see(viewer: User, family: Family, standings: Iterable[Standing]) -> str:
    """Say by what right somebody sees a family: "" for their own team's standing, "emergency" for
    a broken glass, "county" for those who see every family.

    `standings` are those in force with the family, and perhaps with others.
    """
    teams = {team.pk for team in viewer.teams_granting(Permission.FAMILY_SEE)}
    held = {
        standing.user_id
        for standing in standings
        if standing.family_id == family.pk
        and (standing.user_id == viewer.pk or standing.team_id in teams)
    }
    if None in held:
        return ""
    return "emergency" if held else "county"


# How many families people have, and could have


@dataclass(frozen=True)
class Caseload:
    """How much one worker of a hub has in hand there, and could have."""

    worker: User
    title: str
    hours_a_week: float | None
    families: int
    at_once: int | None
    to_reach: int  # families whom nobody has reached yet
    overdue: int  # of their actions
    away_until: date | None = None
    covered_by: str = ""
    away: bool = False
    weight: Decimal = Decimal(0)  # as how many families those count, by how much each needs

    @property
    def room(self) -> Decimal | None:
        """How many more usual families they can have: negative when they have too many."""
        return None if self.at_once is None else self.at_once - self.weight

    @property
    def full(self) -> bool:
        return self.room is not None and self.room <= 0

    @property
    def hours_each(self) -> float | None:
        """Hours a week for each family, with one more family than now. None without a post."""
        return None if self.hours_a_week is None else self.hours_a_week / (self.families + 1)

    @property
    def percent(self) -> int | None:
        """How full, as a whole percentage; 100 and more is full."""
        return None if not self.at_once else round(100 * self.weight / self.at_once)


NOBODY: dict[str, Any] = {"families": 0, "weight": Decimal(0), "to_reach": 0}


def caseloads(viewer: User, team: Team, on: date) -> list[Caseload]:
    """Return the caseload of each worker of a hub: those with most room first, those away last."""
    workers = list(workers_of(viewer, team, on))
    posts: dict[int, list[StaffPost]] = {}
    for post in _posts(on).filter(hub__team=team):
        posts.setdefault(post.user_id, []).append(post)
    counts = {
        row["worker"]: row
        for row in visible_to(viewer)
        .filter(team=team, status=Status.OPEN)
        .values("worker")
        .annotate(
            families=Count("pk"),
            weight=Sum(weight()),
            to_reach=Count("pk", filter=Q(first_contact_at__isnull=True)),
        )
    }
    overdue = Counter(
        PlannedAction.objects.filter(OPEN, due_on__lt=on, case__team=team, owner__in=workers)
        .filter(case__in=visible_to(viewer))
        .values_list("owner", flat=True)
    )
    away = {
        cover.absent_id: cover
        for cover in Cover.objects.filter(
            Q(until__isnull=True) | Q(until__gt=on), absent__in=workers, since__lte=on
        ).select_related("covered_by")
    }
    loads = []
    for worker in workers:
        own = posts.get(worker.pk, [])
        count = counts.get(worker.pk, NOBODY)
        cover = away.get(worker.pk)
        loads.append(
            Caseload(
                worker=worker,
                title=own[0].title if own else worker.job_title,
                hours_a_week=float(sum(post.hours_a_week for post in own)) if own else None,
                families=count["families"],
                weight=count["weight"],
                at_once=sum(post.families_at_once for post in own) if own else None,
                to_reach=count["to_reach"],
                overdue=overdue[worker.pk],
                away=cover is not None,
                away_until=cover.until if cover else None,
                covered_by=str(cover.covered_by) if cover else "",
            )
        )
    return sorted(
        loads,
        key=lambda load: (
            load.away,
            load.room is None,
            -(load.room or 0),
            load.worker.name,
            load.worker.pk,
        ),
    )


def room_of(viewer: User, worker: User, team: Team, on: date) -> tuple[int, Decimal, int | None]:
    """Return how many families a worker has at a hub, as how many they count, and how many usual
    ones they can have at once there.

    The third is None for somebody without a post at the hub, for whom there is no number.
    """
    has = (
        visible_to(viewer)
        .filter(worker=worker, team=team, status=Status.OPEN)
        .aggregate(families=Count("pk"), weight=Sum(weight(), default=Decimal(0)))
    )
    at_once = (
        _posts(on).filter(hub__team=team, user=worker).aggregate(n=Sum("families_at_once"))["n"]
    )
    return has["families"], has["weight"], at_once


@dataclass(frozen=True)
class HubRoom:
    """How many families a hub has and could have."""

    hub: Hub
    open: int
    waiting: int
    capacity: int
    weight: Decimal  # as how many families the open and the waiting ones count

    @property
    def room(self) -> Decimal:
        return self.capacity - self.weight

    @property
    def percent(self) -> int | None:
        """How full, with those who wait; None where nobody has a post."""
        return round(100 * self.weight / self.capacity) if self.capacity else None


def rooms(viewer: User, on: date) -> dict[int, HubRoom]:
    """Return how full each hub is, by the number of the hub. Counts only cases that are seen."""
    counts = {
        row["team"]: row
        for row in visible_to(viewer)
        .exclude(status=Status.CLOSED)
        .values("team")
        .annotate(
            open=Count("pk", filter=Q(status=Status.OPEN)),
            waiting=Count("pk", filter=Q(status=Status.UNALLOCATED)),
            weight=Sum(weight()),
        )
        .order_by()
    }
    capacity = {
        row["hub"]: row["n"]
        for row in _posts(on).values("hub").annotate(n=Sum("families_at_once")).order_by()
    }
    return {
        hub.pk: HubRoom(
            hub=hub,
            open=counts[hub.team_id]["open"] if hub.team_id in counts else 0,
            waiting=counts[hub.team_id]["waiting"] if hub.team_id in counts else 0,
            capacity=capacity.get(hub.pk, 0),
            weight=counts[hub.team_id]["weight"] if hub.team_id in counts else Decimal(0),
        )
        for hub in all_hubs()
    }


def first_contacts_owed(viewer: User, before: datetime) -> QuerySet[Case]:
    """Return cases whose promise of first contact runs out before a moment, and is not kept."""
    return (
        with_names(viewer)
        .exclude(status=Status.CLOSED)
        .filter(first_contact_at__isnull=True, contact_by__lt=before)
        .order_by("contact_by", "pk")
    )


def reviews_owed(viewer: User, until: date) -> list[tuple[Case, date]]:
    """Return open cases with goals in hand whose plan is to be looked at by a day, and by which day:
    the one agreed at the last review, else the county's promise after the first goal."""
    latest = PlanReview.objects.filter(case=OuterRef("pk")).order_by("-held_on", "-pk")
    goals = Goal.objects.filter(case=OuterRef("pk"), ended_on__isnull=True).order_by("made_at")
    cases = (
        with_names(viewer)
        .filter(status=Status.OPEN)
        .annotate(
            next_on=Subquery(latest.values("next_on")[:1]),
            first_goal=Subquery(goals.values("made_at")[:1]),
        )
        .filter(first_goal__isnull=False)
        .order_by("pk")
    )
    owed = [(case, case.next_on or promised("reviewed", case.first_goal).date()) for case in cases]
    return [(case, due_on) for case, due_on in owed if due_on <= until]


def to_reach(viewer: User, when: str, at: datetime) -> QuerySet[Case]:
    """Return the families of one's hubs whom nobody has reached: "late" past the promise, "soon"
    promised by the end of tomorrow."""
    end = timezone.make_aware(
        datetime.combine(timezone.localdate(at) + timedelta(days=2), time.min)
    )
    owed = first_contacts_owed(viewer, end).filter(team__in=teams_of(viewer))
    return owed.filter(contact_by__lt=at) if when == "late" else owed.filter(contact_by__gte=at)


# What a case may be stuck for: the annotation that says so, and how it is said.
STUCK = {
    "out_of_touch": "Not spoken with",
    "stands_still": "The plan stands still",
    "not_assessed": "No assessment signed",
    "not_reviewed": "Review overdue",
    "no_minutes": "A meeting has no minutes",
    "came_back": "Came back within a year",
}
A_YEAR = timedelta(days=365)


def stuck(viewer: User, at: datetime, team: Team | None = None) -> QuerySet[Case]:
    """Return the open cases of one's hubs that have stopped moving, the most stuck first.

    Each has a boolean for every key of STUCK, `spoken_at` and `reasons` (how many of them are so):
    not spoken with for longer than the county's promise (a contact that reached somebody, or a note
    of a child seen; a case where nobody was reached yet has its own promise); nothing of the plan
    done, or no plan, for longer than the promise; no signed assessment though the first contact is
    longer ago than the promise; goals older than the promise and no review since; a meeting of the
    team that nobody has written down; and opened within a year of the end of an earlier case, until
    it was spoken about in supervision.
    """
    touched = working_days_ago(at, promise_days(Promise.Key.IN_TOUCH))
    came_on = working_days_ago(at, promise_days(Promise.Key.COMES_ON))
    assessed = working_days_ago(at, promise_days(Promise.Key.ASSESSED))
    of_case = {"case": OuterRef("pk")}
    done = PlannedAction.objects.filter(**of_case, done_on__gte=timezone.localdate(came_on))
    fresh = PlannedAction.objects.filter(OPEN, **of_case, made_at__gte=came_on)
    signed = Assessment.objects.filter(**of_case, status=Assessment.Status.SIGNED)
    reviewed = working_days_ago(at, promise_days(Promise.Key.REVIEWED))
    reviews = PlanReview.objects.filter(**of_case, held_on__gte=timezone.localdate(reviewed))
    planned_early = Goal.objects.filter(**of_case, ended_on__isnull=True, made_at__lt=reviewed)
    earlier = Case.objects.filter(
        family__head=OuterRef("family__head"),
        closed_at__lte=OuterRef("opened_at"),
        closed_at__gt=OuterRef("opened_at") - A_YEAR,
    )
    spoken_about = CaseReflection.objects.filter(**of_case)
    unwritten = minutes_owed.without_minutes(at, minutes_owed.STUCK_AFTER).filter(**of_case)
    heard = Contact.objects.filter(**of_case, succeeded=True).order_by()
    seen = Note.objects.filter(**of_case, child_seen=True).order_by()
    cases = (
        with_names(viewer)
        .filter(team__in=[team] if team else teams_of(viewer), status=Status.OPEN)
        .annotate(
            spoken_at=Greatest(
                Subquery(heard.values("case").annotate(n=Max("at")).values("n")),
                Subquery(seen.values("case").annotate(n=Max("happened_at")).values("n")),
            )
        )
        .annotate(
            out_of_touch=_so(Q(first_contact_at__isnull=False, spoken_at__lt=touched)),
            stands_still=_so(Q(~Exists(done), ~Exists(fresh), first_contact_at__lt=came_on)),
            not_assessed=_so(Q(~Exists(signed), first_contact_at__lt=assessed)),
            not_reviewed=_so(Q(Exists(planned_early)) & Q(~Exists(reviews))),
            no_minutes=_so(Q(Exists(unwritten))),
            came_back=_so(Q(Exists(earlier)) & Q(~Exists(spoken_about))),
        )
        .annotate(reasons=sum((Cast(F(key), IntegerField()) for key in STUCK), Value(0)))
        .filter(reasons__gt=0)
    )
    return cases.order_by("-reasons", F("spoken_at").asc(nulls_first=True), "pk")


def stuck_by_reason(viewer: User, at: datetime, team: Team | None = None) -> dict[str, int]:
    """Return how many cases are stuck for each reason of STUCK; a case may be for several."""
    counts = stuck(viewer, at, team).aggregate(
        **{f"n_{key}": Count("pk", filter=Q(**{key: True})) for key in STUCK}
    )
    return {key: counts[f"n_{key}"] for key in STUCK}


def _so(condition: Q) -> When:
    return When(Where(condition, then=Value(True)), default=Value(False))


def managers_of(viewer: User, team: Team, on: date) -> QuerySet[User]:
    """Return the people who may give families to workers at a hub, by name."""
    held = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on),
        user=OuterRef("pk"),
        team=team,
        role__in=roles_granting(Permission.CASE_ALLOCATE),
        since__lte=on,
    )
    return User.objects.filter(Exists(held), is_active=True).order_by("name", "pk")


def county_leads(viewer: User, on: date) -> list[User]:
    """Return the people who lead the county, by name: those of the desk who give families to workers
    in every hub."""
    desks = Team.objects.filter(kind=Team.Kind.DESK).order_by("pk")
    return list(dict.fromkeys(one for desk in desks for one in managers_of(viewer, desk, on)))


def _posts(on: date) -> QuerySet[StaffPost]:
    return StaffPost.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)


def _with_what_is_due(cases: QuerySet[Case]) -> QuerySet[Case]:
    contacts = Contact.objects.filter(case=OuterRef("pk"), succeeded=True).order_by()
    tries = Contact.objects.filter(case=OuterRef("pk"), succeeded=False).order_by()
    actions = PlannedAction.objects.filter(OPEN, case=OuterRef("pk")).order_by()
    return cases.annotate(
        last_contact=Subquery(contacts.values("case").annotate(n=Max("at")).values("n")),
        tries=Subquery(tries.values("case").annotate(n=Count("pk")).values("n")),
        next_due=Subquery(actions.values("case").annotate(n=Min("due_on")).values("n")),
        actions_open=Subquery(actions.values("case").annotate(n=Count("pk")).values("n")),
        # First those whom nobody has reached, by their promise.
        reach_by=When(
            Where(first_contact_at__isnull=True, then=F("contact_by")),
            output_field=DateTimeField(),
        ),
    ).order_by(F("reach_by").asc(nulls_last=True), F("next_due").asc(nulls_last=True), "pk")


# Assessments


def assessments_visible_to(viewer: User) -> QuerySet[Assessment]:
    """Return the assessments of the cases this person may know exist."""
    return Assessment.objects.filter(case__in=visible_to(viewer)).select_related(
        "case__family", "case__team", "form", "started_by", "sent_by", "signed_by"
    )


def assessments_of(viewer: User, family: Family) -> list[Assessment]:
    """Return a family's assessments in all its cases, the newest first; not those not used."""
    records = families.together_with(viewer, family)
    return list(
        assessments_visible_to(viewer)
        .filter(case__family__in=records)
        .exclude(status=Assessment.Status.DISCARDED)
        .order_by("-started_at", "-pk")
    )


def to_sign(viewer: User) -> QuerySet[Assessment]:
    """Return the assessments that wait for a manager of this person's hubs, oldest first."""
    return (
        assessments_visible_to(viewer)
        .filter(
            status=Assessment.Status.SENT,
            case__team__in=viewer.teams_granting(Permission.ASSESSMENT_SIGN),
        )
        .order_by("sent_at", "pk")
    )


def answers_of(viewer: User, assessment: Assessment) -> dict[str, Answer]:
    """Return what stands at each question of an assessment that this person may see."""
    found = Answer.objects.filter(assessment__in=assessments_visible_to(viewer))
    return {
        answer.key: answer for answer in found.filter(assessment=assessment).select_related("by")
    }


def clashes_of(viewer: User, assessment: Assessment) -> dict[str, list[Clash]]:
    """Return the texts that wait beside another, by question, the oldest first."""
    found: dict[str, list[Clash]] = {}
    for clash in (
        Clash.objects.filter(assessment__in=assessments_visible_to(viewer))
        .filter(assessment=assessment, settled_at__isnull=True)
        .select_related("by")
        .order_by("at", "pk")
    ):
        found.setdefault(clash.key, []).append(clash)
    return found


@dataclass(frozen=True)
class ReadAnswer:
    """A question and its answer as it is read. `mark` says how it differs from the one before."""

    label: str
    words: str
    mark: str = ""  # "New", "Changed" or "As last time", where there was one before
    before: str = ""


@dataclass(frozen=True)
class ReadPart:
    """A page of an assessment as it is read."""

    title: str
    answers: tuple[ReadAnswer, ...]


def read_assessment(viewer: User, assessment: Assessment) -> list[ReadPart]:
    """Return an assessment as it is read, with what changed since the one it followed."""
    now = {key: answer.words for key, answer in answers_of(viewer, assessment).items()}
    last = assessment.previous
    before = (
        {key: answer.words for key, answer in answers_of(viewer, last).items()} if last else None
    )
    return [
        ReadPart(
            part.title,
            tuple(_read(slot, now.get(slot.key, ""), before) for slot in part.slots),
        )
        for part in assessment.parts()
    ]


def read_plainly(
    viewer: User | None, assessment: Assessment, words: Mapping[str, str]
) -> list[ReadPart]:
    """Return an assessment as it is read from these words by their keys, and nothing of earlier ones."""
    return [
        ReadPart(
            part.title, tuple(_read(slot, words.get(slot.key, ""), None) for slot in part.slots)
        )
        for part in assessment.parts()
    ]


def _read(slot: assessment_form.Slot, words: str, before: dict[str, str] | None) -> ReadAnswer:
    shown = assessment_form.shown(slot.question, words)
    if before is None:
        return ReadAnswer(slot.question.label, shown)
    had = assessment_form.shown(slot.question, before.get(slot.key, ""))
    if had == shown:
        return ReadAnswer(slot.question.label, shown, "As last time" if shown else "")
    return ReadAnswer(slot.question.label, shown, "Changed" if had else "New", had)


@dataclass(frozen=True)
class Distance:
    """How the scores of one area have gone, in signed assessments, the oldest first."""

    title: str
    scores: tuple[tuple[date, int], ...]

    @property
    def first(self) -> int:
        return self.scores[0][1]

    @property
    def last(self) -> int:
        return self.scores[-1][1]

    @property
    def change(self) -> int | None:
        """By how many points it went up; None after a single assessment."""
        return self.last - self.first if len(self.scores) > 1 else None


def distances(
    viewer: User, family: Family, *, assessments: list[Assessment] | None = None
) -> list[Distance]:
    """Return the distance travelled in each area that signed assessments of a family have scored.

    `assessments` are those of `assessments_of`, where they are at hand.
    """
    found = assessments_of(viewer, family) if assessments is None else assessments
    signed = [one for one in found if one.status == Assessment.Status.SIGNED][::-1]
    prefetch_related_objects(signed, "people")
    answers = {
        (answer.assessment_id, answer.key): answer.words
        for answer in Answer.objects.filter(assessment__in=signed, words__in=SCORES)
    }
    scores: dict[str, tuple[str, list[tuple[date, int]]]] = {}
    for assessment in signed:
        on = timezone.localdate(assessment.signed_at)
        for part in assessment.parts():
            for slot in part.slots:
                words = answers.get((assessment.pk, slot.key), "")
                if slot.question.kind == "score" and words:
                    scores.setdefault(slot.key, (part.title, []))[1].append((on, int(words)))
    return [Distance(title, tuple(found)) for title, found in scores.values()]


def forms(viewer: User) -> QuerySet[AssessmentForm]:
    """Return every version of the assessment form, the newest first."""
    return AssessmentForm.objects.select_related("released_by", "made_by").order_by("-version")
