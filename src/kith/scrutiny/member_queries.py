"""What a member of committees finds on their own page: their meetings, notes, visits, questions, and what
their committees wait for. The notes are read by nobody else; the database sees to that too."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate, make_aware

from kith.accounts.models import User
from kith.scrutiny import published
from kith.scrutiny import recommendation_queries as recommendations
from kith.scrutiny.models import (
    Edition,
    Look,
    Meeting,
    Member,
    OwnNote,
    Paper,
    Point,
    Question,
    Seat,
    Visit,
    VisitNote,
)
from kith.scrutiny.queries import meetings_from, visible_to
from kith.scrutiny.visit_queries import my_visits

SOON = 5  # meetings to come
REPUBLISHED = {Edition.Kind.AGENDA, Edition.Kind.SUPPLEMENT}


def seats_held(member: Member, on: date) -> list[Seat]:
    """Return the seats somebody holds on a day. Who sits is public."""
    held = Seat.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    return list(held.filter(member=member).select_related("committee").order_by("committee__name"))


@dataclass(frozen=True)
class Coming:
    """A meeting to come, with its papers, and what is new to this member."""

    meeting: Meeting
    papers: list[Paper]
    looked_at: datetime | None
    new_papers: list[Paper]
    published: list[Edition]

    @property
    def is_new(self) -> bool:
        return self.looked_at is None or bool(self.new_papers or self.published)


def coming(viewer: User, seats: list[Seat], at: datetime) -> list[Coming]:
    """Return the next meetings of one's committees, today's too, each with what came since one last
    opened its page."""
    committees = [seat.committee_id for seat in seats]
    day = make_aware(datetime.combine(localdate(at), time.min))
    mine = Q(committee__in=committees) | Q(together_with__in=committees)
    meetings = list(meetings_from(viewer, day).filter(mine).distinct()[:SOON])
    looks = dict(
        Look.objects.filter(user=viewer, meeting__in=meetings).values_list("meeting", "at")
    )
    found: dict[int, list[Paper]] = {one.pk: [] for one in meetings}
    papers = Paper.objects.filter(item__meeting__in=meetings, withdrawn_because="")
    for paper in papers.select_related("item").defer("text").order_by("item__order", "order", "pk"):
        found[paper.item.meeting_id].append(paper)
    return [
        Coming(
            meeting,
            found[meeting.pk],
            seen := looks.get(meeting.pk),
            [one for one in found[meeting.pk] if seen and one.added_at > seen],
            [
                one
                for one in published.editions(meeting.uid)
                if seen and one.at > seen and one.kind in REPUBLISHED
            ],
        )
        for meeting in meetings
    ]


@dataclass(frozen=True)
class Attended:
    """To how many meetings of a committee a member came since their seat began, as published minutes say."""

    seat: Seat
    came: int
    of: int


def attended(member: Member, seats: list[Seat], today: date) -> list[Attended]:
    """Return a member's attendance from the first day of each seat. It is public."""
    found = []
    for seat in seats:
        rates = published.attendance_rates(seat.committee, seat.since, today)
        found.append(Attended(seat, *rates.get(member.pk, (0, 0))))
    return found


def notes(viewer: User, words: str = "") -> QuerySet[OwnNote]:
    """Return all that somebody wrote for themselves, beside the newest meeting first; with words, only
    where each of them stands in the note, or in the name of its item, paper or committee."""
    found = OwnNote.objects.filter(user=viewer, item__meeting__in=visible_to(viewer))
    for word in words.split():
        found = found.filter(
            Q(words__icontains=word)
            | Q(item__title__icontains=word)
            | Q(paper__title__icontains=word)
            | Q(item__meeting__committee__name__icontains=word)
        )
    found = found.select_related("item__meeting__committee").prefetch_related("item__papers")
    return found.order_by("-item__meeting__starts_at", "item__order", "pk")


def visits_to_make(viewer: User, at: datetime) -> list[Visit]:
    """Return the visits on which this person goes, the next first."""
    mine = my_visits(viewer, at)
    return [one for one in mine if one.state == Visit.State.PLANNED and one.ends_at > at]


def visits_to_note(viewer: User, member: Member, at: datetime) -> list[Visit]:
    """Return the visits of the last weeks on which this member was and of which they noted nothing."""
    over = [one for one in my_visits(viewer, at) if one.ends_at <= at]
    stayed = member.visits.filter(visit__in=over, went=False).values_list("visit", flat=True)
    noted = VisitNote.objects.filter(visit__in=over, member=member).exclude(words="")
    done = {*stayed, *noted.values_list("visit", flat=True)}
    return [one for one in over if one.pk not in done]


@dataclass(frozen=True)
class Put:
    """A question that a member put to a meeting, and its answers."""

    words: str
    meeting: Meeting
    item: str
    answers: list[tuple[str, str]]  # who answered, and what


def questions(viewer: User, member: Member) -> list[Put]:
    """Return what a member asked, in the minutes or in writing: what is not answered first, then the
    newest."""
    meetings = visible_to(viewer)
    points = Point.objects.filter(member=member, kind=Point.Kind.QUESTION)
    spoken = points.filter(item__meeting__in=meetings).select_related("item__meeting__committee")
    found = [
        Put(
            one.words,
            one.item.meeting,
            str(one.item),
            [(answer.speaker, answer.words) for answer in one.answered.all()],
        )
        for one in spoken.prefetch_related("answered")
    ]
    written = Question.objects.filter(member=member, meeting__in=meetings)
    for one in written.select_related("meeting__committee"):
        answers = [(one.answered_by, one.answer)] if one.answer else []
        found.append(Put(one.words, one.meeting, "In writing", answers))
        if one.more:
            answers = [(one.answered_by, one.more_answer)] if one.more_answer else []
            found.append(Put(one.more, one.meeting, "Supplementary question", answers))
    return sorted(found, key=lambda one: (bool(one.answers), -one.meeting.starts_at.timestamp()))


def recommended(
    viewer: User, seats: list[Seat], at: datetime
) -> list[tuple[recommendations.Line, Meeting | None]]:
    """Return the recommendations of one's committees that are overdue, or come back to a meeting that is
    still to be: each with that meeting."""
    committees = {seat.committee_id for seat in seats}
    found: list[tuple[recommendations.Line, Meeting | None]] = []
    for line in recommendations.listed(viewer, recommendations.Asked("open"), localdate(at)):
        again = line.found.look_again
        back = again if again and again.starts_at >= at else None
        if line.found.committee_id in committees and (line.late or back):
            found.append((line, back))
    return found
