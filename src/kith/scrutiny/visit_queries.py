"""Reading reviews and their visits: for members of the committee, its officers and those who answer.

Notes, photographs and evidence are seen by those alone who visit; the database sees to that too.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from kith.accounts.models import User
from kith.accounts.permissions import Permission
from kith.analytics.getting_there import Clash, Engagement, clashes
from kith.hubs.models import Hub
from kith.hubs.queries import all_hubs
from kith.places.queries import NotAPostcode, NotInTheCounty, find_postcode
from kith.scrutiny.models import (
    Committee,
    GuideQuestion,
    Meeting,
    Member,
    Review,
    Seat,
    Visit,
    Visitor,
)

THREE_HOURS = 3  # how long a meeting is thought to last where nobody said


def visible_to(viewer: User) -> QuerySet[Review]:
    """Return the reviews somebody may read: of all committees for officers and those who answer, of
    their own for members; none for others."""
    found = Review.objects.select_related("committee", "lead")
    if viewer.can(Permission.SCRUTINY_KEEP) or viewer.can(Permission.SCRUTINY_ANSWER):
        return found
    return found.filter(committee__team__in=viewer.teams_granting(Permission.SCRUTINY_SEE))


def reviews(viewer: User) -> QuerySet[Review]:
    """Return the reviews, those that began last first."""
    return visible_to(viewer).order_by("-began_on", "-pk")


def review_called(viewer: User, uid: UUID) -> Review | None:
    """Return a review that somebody may read, or None."""
    return visible_to(viewer).filter(uid=uid).first()


def visits_visible_to(viewer: User) -> QuerySet[Visit]:
    """Return the visits somebody may know of."""
    return Visit.objects.filter(review__in=visible_to(viewer)).select_related(
        "review__committee", "hub__team"
    )


def visit_called(viewer: User, pk: int) -> Visit | None:
    """Return a visit somebody may know of, or None."""
    return visits_visible_to(viewer).filter(pk=pk).first()


def visits_of(viewer: User, review: Review) -> list[Visit]:
    """Return the visits of a review by their day, each with its visitors."""
    visitors = Visitor.objects.select_related("member__user").order_by("member__name", "pk")
    return list(
        visits_visible_to(viewer)
        .filter(review=review)
        .prefetch_related(Prefetch("visitors", visitors))
    )


def guide_of(viewer: User, review: Review) -> list[GuideQuestion]:
    """Return the questions of a review's guide, in their order."""
    return list(GuideQuestion.objects.filter(review=review, review__in=visible_to(viewer)))


def member_of(viewer: User) -> Member | None:
    """Return who somebody is as a member of committees; None for everybody else."""
    return Member.objects.filter(user=viewer).first()


def committees_to_choose(viewer: User, on: date) -> list[Committee]:
    """Return the committees of which this person may begin a review."""
    open_now = Committee.objects.filter(Q(until__isnull=True) | Q(until__gte=on))
    kinds = (Committee.Kind.SCRUTINY, Committee.Kind.JOINT, Committee.Kind.GROUP)
    return list(open_now.filter(kind__in=kinds)) if viewer.can(Permission.SCRUTINY_KEEP) else []


def sitting(committee: Committee, on: date) -> list[Member]:
    """Return who sits on a committee on a day, by name. Who sits is public."""
    held = Seat.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)
    seats = held.filter(committee=committee).values("member")
    return list(Member.objects.filter(pk__in=seats).select_related("user").order_by("name", "pk"))


def my_visits(viewer: User, at: datetime) -> list[Visit]:
    """Return the visits on which this person goes and which are not over, the next first; and those of
    the last weeks, whose notes they may still be writing."""
    since = at - timedelta(days=28)
    mine = Visitor.objects.filter(member__user=viewer)
    return list(
        visits_visible_to(viewer)
        .filter(visitors__in=mine, ends_at__gte=since)
        .exclude(state=Visit.State.CANCELLED)
    )


@dataclass(frozen=True)
class Covered:
    """How many members go to a place, or went, and how many are missing."""

    place: str
    visits: int
    members: int
    missing: int

    @property
    def words(self) -> str:
        if not self.visits:
            return "No visit is planned."
        many = "1 member" if self.members == 1 else f"{self.members} members"
        if not self.missing:
            return f"{many}: enough."
        more = "One more member is" if self.missing == 1 else f"{self.missing} more members are"
        return f"{many if self.members else 'Nobody'}. {more} missing."


def covered(viewer: User, review: Review, visits: Iterable[Visit] | None = None) -> list[Covered]:
    """Return how each place of a review is covered: hubs first, in the county's order, those without a
    visit too where hubs are visited at all. Whoever did not come does not count."""
    found = visits_of(viewer, review) if visits is None else list(visits)
    found = [one for one in found if one.state != Visit.State.CANCELLED]
    held: dict[str, int] = defaultdict(int)
    who: dict[str, set[int]] = defaultdict(set)
    for visit in found:
        name = _place_of(visit)
        held[name] += 1
        who[name] |= {one.member_id for one in visit.visitors.all() if one.went is not False}
    hubs = [str(hub) for hub in all_hubs()] if any(visit.hub_id for visit in found) else []
    names = [*hubs, *sorted(name for name in held if name not in hubs)]
    return [
        Covered(name, held[name], len(who[name]), max(0, review.fewest_visitors - len(who[name])))
        for name in names
    ]


def _place_of(visit: Visit) -> str:
    return str(visit.hub) if visit.hub else visit.place


def clashes_of(viewer: User, review: Review, members: Iterable[Member]) -> list[Clash]:
    """Return where members cannot be: at two visits at once or too soon one after the other, of this
    review or another, or at a visit while their committee meets."""
    people = {member.pk: member for member in members}
    going = (
        Visitor.objects.filter(member__in=people, visit__in=visits_visible_to(viewer))
        .exclude(visit__state=Visit.State.CANCELLED)
        .exclude(went=False)
        .select_related("visit__hub__team")
    )
    found = [_going(one) for one in going]
    if found:
        found += _meetings(viewer, people, min(e.starts for e in found), max(e.ends for e in found))
    here = {
        f"visit {pk}" for pk in Visit.objects.filter(review=review).values_list("pk", flat=True)
    }
    return [one for one in clashes(found) if {one.first.key, one.second.key} & here]


def _going(one: Visitor) -> Engagement:
    easting, northing = where_is(one.visit)
    return Engagement(
        key=f"visit {one.visit_id}",
        who=one.member_id,
        what=one.visit.place,
        starts=one.visit.starts_at,
        ends=one.visit.ends_at,
        easting=easting,
        northing=northing,
    )


def _meetings(
    viewer: User, people: dict[int, Member], first: datetime, last: datetime
) -> list[Engagement]:
    if not viewer.can(Permission.SCRUTINY_SEE):
        return []
    meetings = (
        Meeting.objects.filter(starts_at__range=(first - timedelta(days=1), last))
        .exclude(state=Meeting.State.CANCELLED)
        .select_related("committee")
    )
    seats = defaultdict(list)
    for seat in Seat.objects.filter(member__in=people).exclude(role=Seat.Role.SUBSTITUTE):
        seats[seat.committee_id].append(seat)
    found = []
    for meeting in meetings:
        on = timezone.localdate(meeting.starts_at)
        ends = meeting.ends_at or meeting.starts_at + timedelta(hours=THREE_HOURS)
        for seat in seats[meeting.committee_id]:
            if seat.since <= on and (seat.until is None or on < seat.until):
                found.append(
                    Engagement(
                        key=f"meeting {meeting.pk}",
                        who=seat.member_id,
                        what=f"the meeting of {meeting.committee}",
                        starts=meeting.starts_at,
                        ends=ends,
                    )
                )
    return found


def where_is(visit: Visit) -> tuple[float | None, float | None]:
    """Return where a visit is on the British grid, by its hub or its postcode; None where not known."""
    if visit.hub is not None:
        return visit.hub.easting, visit.hub.northing
    if not visit.postcode:
        return None, None
    try:
        found = find_postcode(visit.postcode)
    except (NotAPostcode, NotInTheCounty):
        return None, None
    return found.easting, found.northing


@dataclass(frozen=True)
class Line:
    """A visit as the programme shows it: who goes, and what does not go together."""

    visit: Visit
    visitors: list[Visitor] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)
    mine: bool = False


def programme(viewer: User, review: Review, visits: list[Visit]) -> list[Line]:
    """Return the visits of a review with who goes, and each clash in words beside its visit."""
    members = {one.member.pk: one.member for visit in visits for one in visit.visitors.all()}
    told: dict[str, list[str]] = defaultdict(list)
    for clash in clashes_of(viewer, review, members.values()):
        words = in_words(clash, str(members[clash.first.who]))
        for key in {clash.first.key, clash.second.key}:
            told[key].append(words)
    me = member_of(viewer)
    return [
        Line(
            visit,
            visitors := list(visit.visitors.all()),
            told[f"visit {visit.pk}"],
            me is not None and any(one.member_id == me.pk for one in visitors),
        )
        for visit in visits
    ]


def in_words(clash: Clash, who: str) -> str:
    """Say a clash plainly."""
    first, second = clash.first, clash.second
    day = f"{timezone.localtime(second.starts):%-d %B}"
    if clash.at_once:
        return f"{who} would be in two places at once on {day}: {first.what}, and {second.what}."
    return (
        f"{who} has {clash.minutes_between} minutes to get from {first.what} to {second.what} on {day}, "
        f"and needs about {clash.minutes_needed} ({clash.km:.0f} km in a straight line)."
    )


def hubs_to_choose() -> list[Hub]:
    """Return the hubs that can be visited. Where a hub is, is public."""
    return list(all_hubs())
