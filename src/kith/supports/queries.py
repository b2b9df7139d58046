"""Reading what hubs give, registers, and who came. What concerns people starts from the viewer."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet

from kith.accounts.models import Team, User
from kith.accounts.permissions import Permission
from kith.casework import queries as casework
from kith.casework.models import Case, Goal
from kith.families import queries as families
from kith.families.models import Family, Person
from kith.supports.models import Attendance, Differing, Placement, Session, Support

# A register that is older is not asked for any more; it is told as missing.
ASKED_FOR = timedelta(days=28)
Status = Attendance.Status


def visible_to(viewer: User) -> QuerySet[Support]:
    """Return what the viewer's hubs give; whatever hubs give, for who sees every family."""
    every = Support.objects.select_related("team", "leader")
    if viewer.can(Permission.FAMILY_SEE_ALL):
        return every
    return every.filter(team__in=viewer.teams_granting(Permission.CASE_WORK))


def sessions_visible_to(viewer: User) -> QuerySet[Session]:
    """Return the sessions of supports that the viewer may know."""
    return Session.objects.filter(support__in=visible_to(viewer)).select_related(
        "support__team", "support__leader", "cancelled_by", "taken_by"
    )


def placements_visible_to(viewer: User) -> QuerySet[Placement]:
    """Return the places of people whose family the viewer may know."""
    return Placement.objects.filter(family__in=families.visible_to(viewer)).select_related(
        "support__team", "support__leader", "person", "family", "goal", "case"
    )


def differing_visible_to(viewer: User) -> QuerySet[Differing]:
    """Return marks that differ from a register, of people whose family the viewer may know."""
    return Differing.objects.filter(
        attendance__family__in=families.visible_to(viewer),
        attendance__session__in=sessions_visible_to(viewer),
    ).select_related("attendance__session__support")


@dataclass(frozen=True)
class Given:
    """A support with what a list says of it."""

    support: Support
    placed: int
    next_on: date | None
    to_take: int

    @property
    def free(self) -> int | None:
        if self.support.places is None:
            return None
        return max(0, self.support.places - self.placed)


def given_by(viewer: User, team: Team, today: date, *, ended: bool = False) -> list[Given]:
    """Return what a hub gives, by name; or what it gave before."""
    over = Q(until__isnull=False, until__lt=today)
    supports = list(
        visible_to(viewer)
        .filter(over if ended else ~over, team=team)
        .order_by("kind", "name", "pk")
    )
    placed = Counter(
        placements_visible_to(viewer)
        .filter(_in_force(today), support__in=supports)
        .order_by()
        .values_list("support", flat=True)
    )
    coming = dict(
        Session.objects.filter(support__in=supports, on__gte=today, cancelled_at__isnull=True)
        .values("support")
        .annotate(next_on=Min("on"))
        .values_list("support", "next_on")
    )
    owed = Counter(
        to_take(viewer, today)
        .filter(support__in=supports)
        .order_by()
        .values_list("support", flat=True)
    )
    return [Given(one, placed[one.pk], coming.get(one.pk), owed[one.pk]) for one in supports]


def placed_on(viewer: User, support: Support, today: date) -> list[Placement]:
    """Return who has a place on a support now or later, by name."""
    return list(
        placements_visible_to(viewer)
        .filter(Q(until__isnull=True) | Q(until__gte=today), support=support)
        .order_by("person__given_names", "person__family_name", "pk")
    )


@dataclass(frozen=True)
class Held:
    """A session in a list, with how many of its register came, and how many are not marked."""

    session: Session
    expected: int
    came: int
    marked: int
    to_take: bool

    @property
    def not_marked(self) -> int:
        return max(0, self.expected - self.marked)


def sessions_of(
    viewer: User, support: Support, today: date, *, since: date, until: date
) -> list[Held]:
    """Return the sessions of a support within days, the latest first."""
    sessions = list(
        sessions_visible_to(viewer)
        .filter(support=support, on__gte=since, on__lte=until)
        .order_by("-on", "-starts", "-pk")
    )
    return _held(viewer, sessions, today)


def to_take(
    viewer: User, today: date, *, led_by: Iterable[int] | None = None, team: Team | None = None
) -> QuerySet[Session]:
    """Return the sessions until today whose register is to be taken: never saved, or somebody who
    is expected not marked yet. The oldest first; of some leaders, or one hub, where they are named.
    """
    expected = Placement.objects.filter(
        Q(until__isnull=True) | Q(until__gte=OuterRef("on")),
        support=OuterRef("support"),
        since__lte=OuterRef("on"),
        family__in=families.visible_to(viewer),
    )
    marked = Attendance.objects.filter(
        session=OuterRef(OuterRef("pk")), person=OuterRef("person")
    ).exclude(status="")
    found = sessions_visible_to(viewer).filter(
        Q(taken_at__isnull=True) | Exists(expected.filter(~Exists(marked))),
        on__lte=today,
        on__gte=today - ASKED_FOR,
        cancelled_at__isnull=True,
    )
    if led_by is not None:
        found = found.filter(support__leader__in=list(led_by))
    if team is not None:
        found = found.filter(support__team=team)
    return found.order_by("on", "starts", "pk")


def mine_to_take(viewer: User, today: date) -> QuerySet[Session]:
    """Return the registers that this person is to take: of what they lead, or of those for whom
    they stand in; for who gives families to workers, every register of their hubs."""
    if casework.gives_families(viewer):
        return to_take(viewer, today).filter(support__team__in=casework.teams_of(viewer))
    return to_take(viewer, today, led_by=[viewer.pk, *casework.covered_by(viewer)])


def registers(viewer: User, sessions: QuerySet[Session], today: date) -> list[Held]:
    """Return sessions with how far their registers are."""
    return _held(viewer, list(sessions), today)


def registers_in_order(viewer: User, sessions: list[Session], today: date) -> list[Held]:
    """Return sessions that are at hand with how far their registers are, as they are given."""
    return _held(viewer, sessions, today)


def _held(viewer: User, sessions: list[Session], today: date) -> list[Held]:
    lines: dict[int, dict[int, str]] = defaultdict(dict)
    for session_id, person_id, status in Attendance.objects.filter(
        session__in=sessions, family__in=families.visible_to(viewer)
    ).values_list("session", "person", "status"):
        lines[session_id][person_id] = status
    placed: dict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
    for support_id, person_id, since, until in Placement.objects.filter(
        support__in={session.support_id for session in sessions},
        family__in=families.visible_to(viewer),
    ).values_list("support", "person", "since", "until"):
        placed[support_id].append((person_id, since, until))
    held = []
    for session in sessions:
        marks = lines[session.pk]
        expected = {
            person
            for person, since, until in placed[session.support_id]
            if since <= session.on and (until is None or until >= session.on)
        }
        marked = sum(bool(marks.get(person)) for person in expected)
        held.append(
            Held(
                session,
                len(expected),
                sum(status in (Status.ATTENDED, Status.LATE) for status in marks.values()),
                marked,
                session.cancelled_at is None
                and session.on <= today
                and (session.taken_at is None or marked < len(expected)),
            )
        )
    return held


# One register


@dataclass(frozen=True)
class Line:
    """One person of a register, their mark, and marks that differ from it."""

    person: Person
    family: Family
    attendance: Attendance | None
    dropped_in: bool
    name: str
    to_know: str = ""
    differing: tuple[Differing, ...] = ()

    @property
    def status(self) -> str:
        return self.attendance.status if self.attendance else ""

    @property
    def reason(self) -> str:
        return self.attendance.reason if self.attendance else ""

    @property
    def had(self) -> int:
        return self.attendance.turn if self.attendance else 0


@dataclass(frozen=True)
class Register:
    """Everybody of a session: who has a place, and who dropped in."""

    session: Session
    lines: tuple[Line, ...] = field(default=())

    @property
    def not_marked(self) -> int:
        return sum(not line.status for line in self.lines)

    @property
    def differing(self) -> list[tuple[Line, Differing]]:
        return [(line, one) for line in self.lines for one in line.differing]

    def count(self, *statuses: str) -> int:
        return sum(line.status in statuses for line in self.lines)


def register_of(viewer: User, session: Session) -> Register:
    """Return a session's register, by name, as far as the viewer may know the families."""
    known = families.visible_to(viewer)
    open_differing = Differing.objects.filter(settled_at__isnull=True).select_related("by")
    attendance = {
        line.person_id: line
        for line in Attendance.objects.filter(session=session, family__in=known)
        .select_related("person", "family", "marked_by")
        .prefetch_related(Prefetch("differing", open_differing.order_by("at", "pk")))
    }
    placed = {
        placement.person_id: placement
        for placement in placements_visible_to(viewer).filter(
            _in_force(session.on), support=session.support
        )
    }
    people: dict[int, tuple[Person, Family]] = {
        number: (placement.person, placement.family) for number, placement in placed.items()
    } | {
        number: (line.person, line.family)
        for number, line in attendance.items()
        # A mark taken back from somebody without a place leaves nothing to show.
        if number in placed or line.status or line.differing.all()
    }
    lines = [
        Line(
            person=person,
            family=family,
            attendance=attendance.get(number),
            dropped_in=number not in placed,
            name=str(person),
            to_know=placed[number].to_know if number in placed else "",
            differing=_differs_still(attendance.get(number)),
        )
        for number, (person, family) in people.items()
    ]
    lines.sort(key=lambda line: (line.dropped_in, line.name.casefold(), line.person.pk))
    return Register(session, tuple(lines))


def _differs_still(line: Attendance | None) -> tuple[Differing, ...]:
    """Return the marks that still say something else than the register, to be decided."""
    if line is None:
        return ()
    return tuple(
        one
        for one in line.differing.all()
        if (one.status, one.reason) != (line.status, line.reason)
    )


def differs_from(viewer: User, session: Session) -> int:
    """Return how many of this person's own marks differ from a register and are not decided yet."""
    return Differing.objects.filter(
        attendance__session=session, by=viewer, settled_at__isnull=True
    ).count()


def batch_of(viewer: User, session: Session, text: str) -> tuple[uuid.UUID | None, int]:
    """Return the saving of this register that an address names, and how many of its marks stand,
    if it was this person's own."""
    try:
        batch = uuid.UUID(text)
    except ValueError:
        return None, 0
    return batch, Attendance.objects.filter(session=session, batch=batch, marked_by=viewer).count()


@dataclass(frozen=True)
class CouldCome:
    """Somebody of a family the hub knows, who may be written down as having dropped in."""

    person: Person
    family: Family
    role: str


def could_drop_in(viewer: User, session: Session, text: str) -> list[CouldCome]:
    """Return people who answer a search and whose family the session's hub works with."""
    found = families.search(viewer, text)
    here: dict[int, bool] = {}
    on_register = {line.person.pk for line in register_of(viewer, session).lines}
    answers: dict[int, CouldCome] = {}
    for one in found:
        if one.family.pk not in here:
            standings = families.teams_with_standing(viewer, one.family)
            here[one.family.pk] = any(held.team_id == session.support.team_id for held in standings)
        if not here[one.family.pk]:
            continue
        for member in families.people_of(viewer, one.family):
            # Of a family that was found, all who could have come along.
            if member.person.pk not in on_register:
                answers.setdefault(
                    member.person.pk, CouldCome(member.person, one.family, member.role_name)
                )
    return list(answers.values())


# One family


@dataclass(frozen=True)
class Place:
    """Somebody's place on a support, and how often they came since."""

    placement: Placement
    came: int
    missed: int
    last_came: date | None
    over: bool


def places_of(viewer: User, records: list[Family], today: date) -> list[Place]:
    """Return what a family's people are placed on, those that last first."""
    placements = list(
        placements_visible_to(viewer)
        .filter(family__in=records)
        .order_by(F("until").desc(nulls_first=True), "-since", "pk")
    )
    came: dict[tuple[int, int], list[Attendance]] = defaultdict(list)
    for line in Attendance.objects.filter(
        family__in=records, session__support__in={one.support_id for one in placements}
    ).select_related("session"):
        came[line.session.support_id, line.person_id].append(line)
    return [_place(one, came[one.support_id, one.person_id], today) for one in placements]


def _place(placement: Placement, lines: list[Attendance], today: date) -> Place:
    own = [
        line
        for line in lines
        if placement.since <= line.session.on
        and (placement.until is None or line.session.on <= placement.until)
    ]
    came = [line.session.on for line in own if line.status in (Status.ATTENDED, Status.LATE)]
    return Place(
        placement,
        came=len(came),
        missed=sum(line.status == Status.MISSED for line in own),
        last_came=max(came, default=None),
        over=placement.until is not None and placement.until < today,
    )


def came_to(viewer: User, records: list[Family], limit: int = 30) -> list[Attendance]:
    """Return the marks of a family's people, the latest first."""
    return list(
        Attendance.objects.filter(family__in=records)
        .filter(family__in=families.visible_to(viewer))
        .exclude(status="")
        .select_related("person", "marked_by")
        .order_by("-at", "-pk")[:limit]
    )


def could_be_placed(viewer: User, records: list[Family], today: date) -> list[Given]:
    """Return the supports of hubs that work with a family, on which this person may place people."""
    teams = {
        standing.team_id
        for standing in families.teams_with_standing(viewer, records[0], records=records)
    }
    mine = [team for team in viewer.teams_granting(Permission.CASE_WORK) if team.pk in teams]
    return [given for team in mine for given in given_by(viewer, team, today)]


def open_case_of(viewer: User, records: list[Family]) -> Case | None:
    """Return the case of a family that is open, if there is one."""
    return (
        casework.with_names(viewer)
        .filter(family__in=records)
        .exclude(status="closed")
        .order_by("-opened_at", "-pk")
        .first()
    )


def goals_in_hand(viewer: User, case: Case | None) -> list[Goal]:
    """Return the goals of a plan that have not ended."""
    if case is None:
        return []
    return [one.goal for one in casework.goals_of(viewer, case) if one.goal.ended_on is None]


# A hub


@dataclass(frozen=True)
class Attended:
    """How a support was attended over some weeks, in numbers, with what is missing."""

    name: str
    support: Support | None  # None for all together
    held: int = 0
    cancelled: int = 0
    not_taken: int = 0
    came: int = 0
    late: int = 0
    missed: int = 0
    not_expected: int = 0
    not_marked: int = 0
    dropped_in: int = 0
    others: int = 0

    @property
    def percent(self) -> int | None:
        """Of those marked as having come or missed, how many came."""
        told = self.came + self.missed
        return round(100 * self.came / told) if told else None


COUNTED = (
    *("held", "cancelled", "not_taken", "came", "late", "missed"),
    *("not_expected", "not_marked", "dropped_in", "others"),
)


def attendance_by_group(
    viewer: User, team: Team, since: date, until: date
) -> tuple[list[Attended], Attended]:
    """Return how each support of a hub was attended between two days, and all together."""
    sessions = list(
        sessions_visible_to(viewer).filter(support__team=team, on__gte=since, on__lte=until)
    )
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    supports = {session.support_id: session.support for session in sessions}
    for held in _held(viewer, sessions, until):
        count = counted[held.session.support_id]
        if held.session.cancelled_at is not None:
            count["cancelled"] += 1
            continue
        count["held"] += 1
        count["others"] += held.session.others
        count["not_taken"] += held.session.taken_at is None
        count["not_marked"] += held.not_marked
    for support_id, status, dropped_in, number in (
        Attendance.objects.filter(
            session__in=sessions, session__cancelled_at__isnull=True,
            family__in=families.visible_to(viewer),
        )
        .exclude(status="")
        .values_list("session__support", "status", "dropped_in")
        .annotate(number=Count("pk"))
    ):  # fmt: skip
        count = counted[support_id]
        if status in (Status.ATTENDED, Status.LATE):
            count["came"] += number
            count["late"] += number if status == Status.LATE else 0
            count["dropped_in"] += number if dropped_in else 0
        else:
            count[status] += number
    rows = [
        Attended(supports[number].name, supports[number], **_numbers(count))
        for number, count in counted.items()
    ]
    rows.sort(key=lambda row: (row.name.casefold(), row.support.pk if row.support else 0))
    total: Counter[str] = Counter()
    for count in counted.values():
        total.update(count)
    return rows, Attended("Together", None, **_numbers(total))


def _numbers(count: Counter[str]) -> dict[str, int]:
    return {name: count[name] for name in COUNTED}


def _in_force(day: date) -> Q:
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))
