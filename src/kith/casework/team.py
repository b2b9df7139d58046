"""Reading the team around a family: for the hub, for whoever leads it, and for those in it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.accounts.viewer import front_door, linked, seeing_as
from kith.casework import promises, queries
from kith.casework.models import (
    TEAM_PAGE,
    Case,
    LeadProfessional,
    MeetingSeat,
    Minutes,
    MinutesCopy,
    PlannedAction,
    ReviewedAction,
    TeamMeeting,
    TeamMember,
    TeamPage,
)
from kith.casework.permissions import leads
from kith.casework.reading import Shared, shared_with

LEADS = LeadProfessional.objects.filter(member=OuterRef("pk"), until__isnull=True)


def case_led(viewer: User, reference: str) -> Case | None:
    """Return a case that the viewer does not see but whose team they lead: a partner's lead
    professional."""
    with seeing_as(front_door()):
        found = queries.with_names(front_door()).filter(reference=reference).first()
        return found if found is not None and leads(viewer, found) else None


@contextmanager
def within(viewer: User, case: Case) -> Iterator[User]:
    """Read what belongs to a team within this block: as oneself, or for the partner who leads it.
    Yields for whom to ask."""
    if queries.visible_to(viewer).filter(pk=case.pk).exists():
        yield viewer
        return
    reader = front_door()
    with seeing_as(reader):
        # Asked again: they may have left the team since the case was found.
        yield reader if leads(viewer, case) else viewer


def members_of(viewer: User, case: Case) -> list[TeamMember]:
    """Return everybody who is or was in the team, with `is_lead`: the lead first, who left last."""
    found = (
        TeamMember.objects.filter(case=case)
        .select_related("organisation", "user", "case__team")
        .annotate(is_lead=Exists(LEADS))
        .order_by("since", "pk")
    )
    return sorted(
        found, key=lambda one: (one.until is not None, not getattr(one, "is_lead", False))
    )


def member(viewer: User, case: Case, pk: int) -> TeamMember | None:
    """Return one of the team by their number."""
    return next((one for one in members_of(viewer, case) if one.pk == pk), None)


def lead_of(members: Iterable[TeamMember], case: Case) -> str:
    """Return who leads the team, in words: whoever is named, else the family's worker."""
    named = next(
        (one for one in members if getattr(one, "is_lead", False) and one.until is None), None
    )
    if named is not None:
        return f"{named.name}, {named.of}"
    return str(case.worker) if case.worker else ""


@dataclass(frozen=True)
class MeetingNow:
    """A meeting, who was asked, and the minutes that stand."""

    meeting: TeamMeeting
    seats: tuple[MeetingSeat, ...]
    versions: tuple[Minutes, ...]  # the newest first

    @property
    def minutes(self) -> Minutes | None:
        return self.versions[0] if self.versions else None

    @property
    def ends_at(self) -> datetime:
        return self.meeting.starts_at + timedelta(minutes=self.meeting.minutes_long)

    @property
    def present(self) -> list[str]:
        there = [s.member.name for s in self.seats if s.attendance == "attended"]
        others = self.minutes.others if self.minutes else ""
        return [*there, others] if others else there

    def state(self, at: datetime) -> tuple[str, str]:
        """Return how it stands, in words and a colour."""
        if self.meeting.cancelled_at is not None:
            return "Cancelled", "grey"
        if self.minutes is not None:
            return "Held", "green"
        if self.meeting.starts_at > at:
            return "To come", "blue"
        return "No minutes yet", "orange"


def meetings_of(viewer: User, case: Case) -> list[MeetingNow]:
    """Return the team's meetings: those to come first, then the latest first."""
    found = [_now(one) for one in _meetings().filter(case=case).order_by("-starts_at", "-pk")]
    now = timezone.now()
    to_come = [one for one in found if one.meeting.starts_at > now]
    return to_come[::-1] + [one for one in found if one.meeting.starts_at <= now]


def meeting(viewer: User, case: Case, pk: int) -> MeetingNow | None:
    """Return one meeting of a case's team by its number."""
    found = _meetings().filter(case=case, pk=pk).first()
    return _now(found) if found else None


def _meetings() -> QuerySet[TeamMeeting]:
    seats = MeetingSeat.objects.select_related(
        "member__organisation", "member__case__team", "member__user"
    ).order_by("member__since", "pk")
    minutes = (
        Minutes.objects.select_related("by")
        .prefetch_related(
            Prefetch("reviewed", ReviewedAction.objects.order_by("pk")),
            Prefetch("copies", MinutesCopy.objects.select_related("member").order_by("pk")),
        )
        .order_by("-version")
    )
    return TeamMeeting.objects.select_related("called_by").prefetch_related(
        Prefetch("seats", seats), Prefetch("minutes", minutes)
    )


def _now(found: TeamMeeting) -> MeetingNow:
    return MeetingNow(found, tuple(found.seats.all()), tuple(found.minutes.all()))


def agreed_at(viewer: User, case: Case, number: int) -> list[PlannedAction]:
    """Return the actions that were agreed at a meeting."""
    return [one for one in queries.plan_of(viewer, case) if one.meeting_id == number]


# For those in the team


def mine(viewer: User) -> list[TeamMember]:
    """Return the teams that somebody of a partner is in, with their next meeting as `next_at`."""
    coming = (
        MeetingSeat.objects.filter(
            member=OuterRef("pk"),
            meeting__starts_at__gt=timezone.now(),
            meeting__cancelled_at__isnull=True,
        )
        .order_by("meeting__starts_at")
        .values("meeting__starts_at")[:1]
    )
    return list(
        TeamMember.objects.filter(
            user=viewer,
            organisation__team__in=viewer.teams_granting(Permission.ACTION_OWN),
            until__isnull=True,
            withheld_at__isnull=True,
        )
        .select_related("organisation")
        .annotate(is_lead=Exists(LEADS), next_at=coming)
        .order_by("family_known_as", "pk")
    )


def page_opened(viewer: User | None) -> TeamPage | None:
    """Return the page that the private link of this transaction leads to."""
    number = linked(TEAM_PAGE)
    if number is None:
        return None
    with seeing_as(front_door()):
        return (
            TeamPage.objects.filter(
                member=number,
                ended_at__isnull=True,
                member__until__isnull=True,
                member__withheld_at__isnull=True,
            )
            .select_related("member__case")
            .first()
        )


@dataclass(frozen=True)
class TeamSeen:
    """All of a team that somebody of a partner sees: nothing of notes or of what others do, but what
    stands in minutes that were sent to them, and the assessment where the family agreed to it."""

    member: TeamMember
    case: Case
    lead: str
    is_lead: bool
    people: list[TeamMember]
    to_come: list[tuple[MeetingSeat, TeamMeeting]]
    minutes: list[Minutes]
    actions: list[tuple[PlannedAction, promises.State]]
    reads: Shared


def seen_by_member(viewer: User | None, found: TeamMember, today: date) -> TeamSeen:
    """Return what a member from a partner sees. What is theirs is read with their own rights, or
    those of their link; who else helps, and in whose hub, is told by the front door."""
    now = timezone.now()
    seats = list(
        MeetingSeat.objects.filter(
            member=found, meeting__starts_at__gt=now, meeting__cancelled_at__isnull=True
        )
        .select_related("meeting")
        .order_by("meeting__starts_at")
    )
    copies = (
        Minutes.objects.filter(copies__member=found)
        .select_related("meeting")
        .prefetch_related(
            "reviewed",
            Prefetch("meeting__seats", MeetingSeat.objects.select_related("member")),
        )
        .order_by("-meeting__starts_at", "-version")
    )
    with seeing_as(front_door()):
        case = queries.with_names(front_door()).get(pk=found.case_id)
        people = [one for one in members_of(front_door(), case) if one.until is None]
        people = [one for one in people if one.withheld_at is None]
        # Who was at a meeting is part of its minutes.
        minutes = list(copies)
        actions = list(
            PlannedAction.objects.filter(
                case=case, owner_organisation=found.organisation_id, withheld_at__isnull=True
            ).order_by(F("done_on").asc(nulls_first=True), "due_on", "pk")
        )
    latest: dict[int, Minutes] = {}
    for one in minutes:
        latest.setdefault(one.meeting_id, one)
    return TeamSeen(
        member=found,
        case=case,
        lead=lead_of(people, case),
        is_lead=any(one.pk == found.pk and getattr(one, "is_lead", False) for one in people),
        people=people,
        to_come=[(seat, seat.meeting) for seat in seats],
        minutes=list(latest.values()),
        actions=[(one, promises.action(one, today)) for one in actions if one.dropped_on is None],
        reads=shared_with(viewer, found, case, today),
    )
