"""Reading the committee's own tables, for its members and officers; and who sits where, which is public.

What everybody may read is read by `published.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.accounts.roles import ROLES
from kith.analytics.clear_days import any_day, last_day_to_publish
from kith.hubs.calendar import closed_days, is_working_day
from kith.scrutiny.models import (
    Attendance,
    Committee,
    Item,
    KeyDecision,
    Meeting,
    Member,
    OwnNote,
    Paper,
    PlanEntry,
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


def there_at(meeting: Meeting) -> list[Member]:
    """Return who may speak at a meeting as a member: those with a seat, and who is written down as
    having come, or not."""
    said = meeting.attendances.select_related("member").order_by("pk")
    found = [*(seat.member for seat in seats_at(meeting)), *(one.member for one in said)]
    return list({one.pk: one for one in found}.values())


def speakers_of(viewer: User, item: Item) -> list[str]:
    """Return who is offered as a speaker: who spoke already, members who may be there, who was invited."""
    if not visible_to(viewer).filter(pk=item.meeting_id).exists():
        return []
    return sorted(
        {one.speaker for one in item.points.all() if one.speaker}
        | {str(one) for one in there_at(item.meeting)}
        | {str(one) for one in item.invited.all()}
    )


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


def items_to_come(viewer: User, committee: Committee) -> list[Item]:
    """Return the items of a committee's meetings that are not over, under which a paper can be put."""
    if not viewer.can(Permission.SCRUTINY_KEEP):
        return []
    states = (Meeting.State.PLANNED, Meeting.State.CALLED)
    found = Item.objects.filter(meeting__committee=committee, meeting__state__in=states)
    return list(found.select_related("meeting").order_by("meeting__starts_at", "order"))


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


def has_own_page(viewer: User) -> bool:
    """Say whether somebody sits, or sat, on a committee and reads its pages: their own page is the first."""
    return viewer.can(Permission.SCRUTINY_SEE) and member_of(viewer) is not None


def is_member_alone(viewer: User) -> bool:
    """Say whether a committee's work is all that somebody does here: then their own page is their first."""
    return viewer.permissions() <= ROLES["committee_member"].permissions and has_own_page(viewer)


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
