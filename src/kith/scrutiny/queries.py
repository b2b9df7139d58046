"""Reading the committee's own tables, for its members and officers, and what is public, for everybody.

Functions named `public_…` read `Published` and who sits on committees, and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Count, F, Max, Min, Model, Q, QuerySet
from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.analytics.clear_days import any_day, last_day_to_publish, municipal_year
from kith.hubs.calendar import closed_days, is_working_day
from kith.scrutiny.models import (
    Attendance,
    Committee,
    Content,
    Edition,
    Item,
    KeyDecision,
    Meeting,
    Member,
    OwnNote,
    Paper,
    PlanEntry,
    Published,
    Seat,
)

CHAIRS = (Seat.Role.CHAIR, Seat.Role.VICE)
OPEN = (PlanEntry.State.SUGGESTED, PlanEntry.State.PLANNED, PlanEntry.State.ON_AGENDA)


def visible_to(viewer: User) -> QuerySet[Meeting]:
    """Return the meetings whose own pages somebody may read: of all committees for officers and those
    who answer, of their own for members; none for others."""
    meetings = Meeting.objects.select_related("committee", "confirmed_at")
    if viewer.can(Permission.SCRUTINY_KEEP) or viewer.can(Permission.SCRUTINY_ANSWER):
        return meetings
    teams = viewer.teams_granting(Permission.SCRUTINY_SEE)
    return meetings.filter(
        Q(committee__team__in=teams) | Q(together_with__team__in=teams)
    ).distinct()


def _reads(viewer: User, committee: Committee) -> bool:
    """Say whether somebody reads a committee's own pages: officers and those who answer all, members theirs."""
    if viewer.can(Permission.SCRUTINY_KEEP) or viewer.can(Permission.SCRUTINY_ANSWER):
        return True
    return committee.team_id is not None and viewer.can(
        Permission.SCRUTINY_SEE, in_team=committee.team_id
    )


def committees() -> QuerySet[Committee]:
    """Return the committees that meet today. Who meets is public."""
    return Committee.objects.filter(Q(until__isnull=True) | Q(until__gte=localdate()))


def seats_on(committee: Committee, on: date) -> list[Seat]:
    """Return the seats of a committee that are held on a day: the chair first, then by name."""
    held = Seat.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    found = held.filter(committee=committee).select_related("member", "committee")
    places = {role: place for place, role in enumerate(Seat.Role.values)}
    return sorted(found, key=lambda seat: (places[seat.role], seat.member.name, seat.pk))


def seats_at(meeting: Meeting) -> list[Seat]:
    """Return the seats of a meeting's committees, joint ones too, on its day; a member once."""
    on = localdate(meeting.starts_at)
    found: dict[int, Seat] = {}
    for committee in (meeting.committee, *meeting.together_with.order_by("name")):
        for seat in seats_on(committee, on):
            found.setdefault(seat.member_id, seat)
    return list(found.values())


@dataclass(frozen=True)
class Quorum:
    """How many members with a vote are there, and how many must be."""

    there: int
    needed: int

    @property
    def met(self) -> bool:
        return self.there >= self.needed


def quorum_at(viewer: User, meeting: Meeting, moment: datetime | None = None) -> Quorum:
    """Return whether enough members are there: at a moment, or of all who came at any time.

    Substitutes count; who does not vote, and whose seat has ended, does not.
    """
    here = (Attendance.State.PRESENT, Attendance.State.PART)
    found = visible_to(viewer).get(pk=meeting.pk).attendances.filter(state__in=here)
    if moment:
        found = found.exclude(came_at__gt=moment).exclude(left_at__lte=moment)
    silent = {seat.member_id for seat in seats_at(meeting) if seat.votes == Seat.Votes.NONE}
    there = [one for one in found if one.member_id not in silent]
    return Quorum(len(there), meeting.committee.quorum)


def meeting_called(viewer: User, uid: UUID) -> Meeting | None:
    """Return a meeting that somebody may read, or None."""
    return visible_to(viewer).filter(uid=uid).first()


def agenda(viewer: User, meeting: Meeting) -> list[Item]:
    """Return the items of a meeting with who was asked, their papers and their minutes."""
    if not visible_to(viewer).filter(pk=meeting.pk).exists():
        return []
    return list(
        meeting.items.select_related("plan").prefetch_related(
            "invited",
            "papers",
            "points__member",
            "points__moved_by",
            "points__seconded_by",
            "points__plan",
            "points__answers",
            "points__corrections",
        )
    )


def item_called(viewer: User, uid: UUID) -> Item | None:
    """Return an item of a meeting that somebody may read, or None."""
    found = Item.objects.filter(uid=uid, meeting__in=visible_to(viewer))
    return found.select_related("meeting__committee", "plan").first()


def meetings_from(viewer: User, day: datetime) -> QuerySet[Meeting]:
    """Return the meetings to come, the next first."""
    return visible_to(viewer).filter(starts_at__gte=day).order_by("starts_at", "pk")


def meetings_before(viewer: User, day: datetime) -> QuerySet[Meeting]:
    """Return the meetings that were, the last first."""
    return visible_to(viewer).filter(starts_at__lt=day).order_by("-starts_at", "-pk")


def meeting_before(viewer: User, meeting: Meeting) -> Meeting | None:
    """Return the last meeting of the same committee that was held before one."""
    found = visible_to(viewer).filter(committee=meeting.committee, state=Meeting.State.HELD)
    return found.filter(starts_at__lt=meeting.starts_at).order_by("-starts_at").first()


def to_confirm(viewer: User, meeting: Meeting) -> QuerySet[Meeting]:
    """Return earlier meetings whose minutes wait to be confirmed at this one."""
    found = visible_to(viewer).filter(committee=meeting.committee, state=Meeting.State.HELD)
    return found.filter(starts_at__lt=meeting.starts_at, minutes=Meeting.Minutes.CLEARED).order_by(
        "starts_at"
    )


def open_actions(viewer: User, committee: Committee) -> QuerySet[PlanEntry]:
    """Return what was asked for in minutes of a committee and is not done: it opens every agenda."""
    asked = plan_of(viewer, committee).filter(point__isnull=False, state__in=OPEN)
    return asked.select_related("point__item__meeting")


def plan_of(viewer: User, committee: Committee) -> QuerySet[PlanEntry]:
    """Return the forward plan of a committee: what has a meeting first, in its order."""
    if not _reads(viewer, committee):
        return PlanEntry.objects.none()
    found = PlanEntry.objects.filter(committee=committee).select_related(
        "due_meeting", "committee", "point__item__meeting"
    )
    when = F("due_meeting__starts_at")
    return found.order_by(when.asc(nulls_last=True), F("due_month").asc(nulls_last=True), "pk")


def key_decisions(viewer: User) -> QuerySet[KeyDecision]:
    """Return the executive's decisions to come and taken, the next first."""
    if not viewer.can(Permission.SCRUTINY_SEE):
        return KeyDecision.objects.none()
    return KeyDecision.objects.order_by("first", "pk")


def seats_of(committee: Committee) -> QuerySet[Seat]:
    """Return every seat of a committee, also those that ended."""
    return (
        Seat.objects.filter(committee=committee).select_related("member").order_by("-since", "pk")
    )


def seats_before(committee: Committee, on: date) -> QuerySet[Seat]:
    """Return the seats of a committee that ended before a day, the last first."""
    return seats_of(committee).filter(until__lte=on).order_by("-until", "pk")


def members() -> QuerySet[Member]:
    """Return everybody who sits on a committee, or could: who left is left out."""
    return Member.objects.filter(Q(until__isnull=True) | Q(until__gte=localdate())).order_by(
        "name", "pk"
    )


def member_called(uid: UUID | str) -> Member | None:
    """Return a member by their address."""
    return Member.objects.filter(uid=uid).first()


def accounts_of_members(viewer: User) -> QuerySet[User]:
    """Return the accounts that hold a member's role, for an officer to choose from."""
    if not viewer.can(Permission.SCRUTINY_KEEP):
        return User.objects.none()
    held = User.objects.filter(memberships__role="committee_member", is_active=True)
    return held.distinct().order_by("name", "pk")


def attendance_of(
    viewer: User, meeting: Meeting
) -> list[tuple[Member, Attendance | None, Seat | None]]:
    """Return everybody with a seat, and who stood in, with what is said of them."""
    if not visible_to(viewer).filter(pk=meeting.pk).exists():
        return []
    found = meeting.attendances.select_related("member", "instead_of").prefetch_related("out_for")
    said = {one.member_id: one for one in found}
    seats = seats_at(meeting)
    lines: list[tuple[Member, Attendance | None, Seat | None]] = [
        (seat.member, said.pop(seat.member_id, None), seat) for seat in seats
    ]
    return lines + [(one.member, one, None) for one in said.values()]


def later_meetings(viewer: User, meeting: Meeting) -> QuerySet[Meeting]:
    """Return meetings of the same committee after one, at which its minutes can be confirmed."""
    found = visible_to(viewer).filter(committee=meeting.committee, starts_at__gt=meeting.starts_at)
    return found.exclude(state=Meeting.State.CANCELLED).order_by("starts_at", "pk")[:6]


def to_place(viewer: User, meeting: Meeting) -> QuerySet[PlanEntry]:
    """Return lines of the forward plan that are due at a meeting, or have no day, and stand on no
    agenda."""
    found = plan_of(viewer, meeting.committee).filter(
        state__in=[PlanEntry.State.SUGGESTED, PlanEntry.State.PLANNED]
    )
    month = localdate(meeting.starts_at).replace(day=1)
    return found.filter(Q(due_meeting=meeting) | Q(due_meeting=None, due_month__lte=month))


def minutes_shown(uid: UUID) -> str:
    """Return whether the public reads minutes of a meeting: `draft`, `confirmed` or nothing."""
    shown = public_thing(uid, Published.Kind.MEETING)
    return str((shown.content.get("minutes") or {}).get("state", "")) if shown else ""


def editions_of(uid: UUID) -> QuerySet[Edition]:
    """Return what was published of a meeting, in the order of its publishing."""
    return Edition.objects.filter(of=uid).order_by("at", "pk")


@dataclass(frozen=True)
class Waiting:
    """Something that an officer has to do, and by when."""

    words: str
    meeting: Meeting
    by: date | None = None
    late: bool = False


def waiting(viewer: User, today: date) -> list[Waiting]:
    """Return what waits for a committee officer: agendas to publish, minutes to write, clear, confirm."""
    if not viewer.can(Permission.SCRUTINY_KEEP):
        return []
    found: list[Waiting] = []
    closed = closed_days()
    for meeting in visible_to(viewer).filter(
        Q(state=Meeting.State.PLANNED, starts_at__date__lte=today + timedelta(days=21))
        | Q(state=Meeting.State.CALLED, starts_at__date__lt=today)
        | Q(state=Meeting.State.HELD) & ~Q(minutes=Meeting.Minutes.CONFIRMED)
    ).order_by("starts_at"):  # fmt: skip
        on, working = localdate(meeting.starts_at), meeting.committee.working_days
        if meeting.state == Meeting.State.PLANNED:
            by = last_day_to_publish(
                on,
                meeting.committee.notice_days,
                (lambda day: is_working_day(day, closed=closed)) if working else any_day,
            )
            found.append(Waiting("Publish the agenda", meeting, by, by < today))
        elif meeting.state == Meeting.State.CALLED:
            found.append(Waiting("Say when it finished", meeting, on, True))
        elif meeting.minutes in (Meeting.Minutes.NONE, Meeting.Minutes.DRAFT):
            words = (
                "Write the minutes" if meeting.minutes == "none" else "The chair reads the draft"
            )
            found.append(Waiting(words, meeting))
    return found


def public_plan(committee: Committee) -> Published | None:
    """Return the forward plan of a committee as it was published."""
    return public_rows(Published.Kind.PLAN).filter(committee=committee).first()


def own_notes(viewer: User, items: Iterable[Item]) -> QuerySet[OwnNote]:
    """Return what somebody wrote for themselves under some items."""
    return OwnNote.objects.filter(user=viewer, item__in=list(items)).order_by("at", "pk")


def member_of(viewer: User) -> Member | None:
    """Return the member who signs in with this account, if there is one."""
    return Member.objects.filter(user=viewer).first()


def paper_called(viewer: User, uid: UUID) -> Paper | None:
    """Return a paper of a meeting that somebody may read, or None."""
    found = Paper.objects.filter(uid=uid, item__meeting__in=visible_to(viewer))
    return found.select_related("item__meeting__committee", "content").first()


def papers_to_follow(viewer: User, meeting: Meeting) -> QuerySet[Paper]:
    """Return the papers of a meeting that were promised and have not come."""
    found = Paper.objects.filter(item__meeting=meeting, item__meeting__in=visible_to(viewer))
    return found.filter(to_follow=True, content__isnull=True, sections=[])


# --- What everybody may read ----------------------------------------------------------------------


def public_rows(kind: str) -> QuerySet[Published]:
    """Return what is published of one kind, and not taken back."""
    return Published.objects.filter(kind=kind, gone_at__isnull=True).select_related("committee")


def public_committee(slug: str) -> Committee | None:
    """Return a committee by its address, also one that meets no more."""
    return Committee.objects.filter(slug=slug).first()


def public_meetings(committee: Committee | None = None) -> QuerySet[Published]:
    """Return the published meetings, the last day first."""
    found = public_rows(Published.Kind.MEETING).order_by("-day", "pk")
    return found.filter(committee=committee) if committee else found


def public_thing(uid: UUID, kind: str) -> Published | None:
    """Return one published thing; also one that was taken back, to say that it is gone."""
    return Published.objects.filter(pk=uid, kind=kind).select_related("committee", "above").first()


def public_content(shown: Published) -> bytes:
    """Return what a published file holds; nothing once it was taken back."""
    held = Content.objects.filter(pk=shown.sha).values_list("held", flat=True).first()
    return bytes(held) if held is not None and not shown.gone_at else b""


def public_editions(shown: Published) -> QuerySet[Edition]:
    """Return the editions of something published, the first first."""
    return Edition.objects.filter(of=shown).order_by("at", "pk")


@dataclass(frozen=True)
class Asked:
    """What somebody looks for in what was published."""

    words: str = ""
    kind: str = ""
    committee: Committee | None = None
    since: date | None = None
    until: date | None = None


MOST_RANKED = (
    1000  # of what holds the words, the newest: to rank all that hold a common word took seconds
)


def public_search(asked: Asked) -> QuerySet[Published]:
    """Return what was published that holds the words, the best first; without words, the last first.

    Words are understood as people type them: "in quotes" together, -without, or. PostgreSQL's own
    English dictionary finds other forms of a word. Of more than `MOST_RANKED` the newest are returned.
    """
    found = Published.objects.filter(gone_at__isnull=True)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.committee:
        found = found.filter(committee=asked.committee)
    if asked.since:
        found = found.filter(day__gte=asked.since)
    if asked.until:
        found = found.filter(day__lte=asked.until)
    if not asked.words.strip():
        return found.order_by("-day", "kind", "order", "pk")
    words = SearchQuery(asked.words, config="english", search_type="websearch")
    newest = found.filter(found_by=words).order_by("-day", "pk").values("pk")[:MOST_RANKED]
    ranked = Published.objects.filter(pk__in=newest).annotate(rank=SearchRank(F("found_by"), words))
    return ranked.order_by("-rank", "-day", "pk")


def public_headlines(rows: Iterable[Published], words: str) -> dict[UUID, str]:
    """Return of each thing found a few of its words, with « and » around those that were asked for.

    Only for what a page shows: it reads the whole text of each.
    """
    query = SearchQuery(words, config="english", search_type="websearch")
    told = Published.objects.filter(pk__in=[row.pk for row in rows]).annotate(
        told=SearchHeadline(
            "words", query, config="english", start_sel="«", stop_sel="»", max_words=35, min_words=15,
            max_fragments=2, fragment_delimiter=" … ",
        )
    )  # fmt: skip
    return dict(told.values_list("pk", "told"))


def public_counts() -> dict[str, int]:
    """Return how much of each kind is published."""
    rows = Published.objects.filter(gone_at__isnull=True).values("kind")
    return {row["kind"]: row["many"] for row in rows.annotate(many=Count("pk"))}


def public_members(committee: Committee, on: date) -> list[Seat]:
    """Return who sits on a committee on a day."""
    return seats_on(committee, on)


def attendance_rates(committee: Committee, since: date, until: date) -> dict[int, tuple[int, int]]:
    """Return to how many published meetings each member came, of how many while their seat was held."""
    seats: dict[str, list[Seat]] = {}
    for seat in Seat.objects.filter(committee=committee).select_related("member"):
        seats.setdefault(str(seat.member.uid), []).append(seat)
    rates = {held[0].member_id: (0, 0) for held in seats.values()}
    for row in public_meetings(committee).filter(day__range=(since, until)):
        told = row.content.get("minutes", {}).get("attendance", [])
        said = {one["uid"]: one["state"] for one in told}
        for uid, held in seats.items():
            if not said or not any(_held(seat, row.day) for seat in held):
                continue
            came, of = rates[held[0].member_id]
            there = said.get(uid) in (Attendance.State.PRESENT, Attendance.State.PART)
            rates[held[0].member_id] = (came + there, of + 1)
    return rates


def _held(seat: Seat, day: date | None) -> bool:
    return day is not None and seat.since <= day and (seat.until is None or day < seat.until)


def public_within(shown: Published) -> list[Published]:
    """Return what is published under something: the items of a meeting, the papers of an item."""
    found = Published.objects.filter(above=shown, gone_at__isnull=True)
    return list(found.select_related("committee", "above__above").order_by("order", "pk"))


def public_committees() -> QuerySet[Committee]:
    """Return every committee, also those that meet no more."""
    return Committee.objects.order_by("pk")


def public_people() -> QuerySet[Member]:
    """Return everybody who has, or had, a seat."""
    return Member.objects.filter(seats__isnull=False).distinct().order_by("pk")


def public_seats(member: Member | None = None) -> QuerySet[Seat]:
    """Return every seat, or those of a member."""
    found = Seat.objects.select_related("member", "committee").order_by("pk")
    return found.filter(member=member) if member else found


def public_years() -> list[int]:
    """Return the municipal years in which something was published, each by when it began (in May)."""
    days = public_rows(Published.Kind.MEETING).filter(day__isnull=False)
    found = days.aggregate(first=Min("day"), last=Max("day"))
    first, last = found["first"] or localdate(), found["last"] or localdate()
    return list(range(municipal_year(first), municipal_year(last) + 1))


def public_times(kind: type[Model]) -> dict[int, tuple[datetime, datetime]]:
    """Return when each committee, member or seat was first kept, and last changed."""
    events = cast(Any, kind).pgh_event_model.objects.values_list("pgh_obj_id")
    found = events.annotate(first=Min("pgh_created_at"), last=Max("pgh_created_at"))
    return {number: (first, last) for number, first, last in found}


def public_beginning() -> datetime:
    """Return when the first committee was set up here."""
    times = public_times(Committee).values()
    return min((first for first, _ in times), default=datetime(2020, 1, 1, tzinfo=UTC))


def public_numbered(kind: str, number: int) -> Published | None:
    """Return something published by the number that ModernGov's readers know it by."""
    key = "content__meeting__id" if kind == Published.Kind.MEETING else "content__id"
    return public_rows(kind).select_related("above__above").filter(**{key: number}).first()


def public_latest(asked: Asked, most: int = 50) -> list[Published]:
    """Return what was published or changed last, of what somebody looks for."""
    return list(
        public_search(asked).select_related("committee", "above").order_by("-modified", "pk")[:most]
    )
