"""A review's programme of visits: planned, moved and cancelled; who goes, and who went."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kith.accounts.models import User
from kith.audit.actions import record
from kith.hubs.calendar import is_working_day
from kith.hubs.models import Hub
from kith.hubs.queries import all_hubs
from kith.notices import actions as notices
from kith.notices import calendar
from kith.notices.words import Wording
from kith.scrutiny import visit_guide, visit_queries, wordings
from kith.scrutiny.actions.common import locked, write
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Committee, GuideQuestion, Member, Review, Visit, Visitor
from kith.scrutiny.permissions import may_keep, may_visit

MOVES_IT = ("starts_at", "ends_at", "place", "address", "postcode", "hub")
BEGINS, LASTS = time(10), timedelta(hours=2)  # of a visit that was suggested
BEGINNING = datetime(2020, 1, 1, tzinfo=timezone.get_default_timezone())
MOST_QUESTIONS = 40


@transaction.atomic
def begin_review(
    *, committee: Committee, details: dict[str, Any], first_day: date | None, by: User, at: datetime
) -> Review:
    """Begin a review, with the usual questions for its visits; with `first_day`, a visit to each hub is
    suggested, one each working day from then on. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    _check_lead(committee, details.get("lead"), timezone.localdate(at))
    review = write(Review(committee=committee), "scrutiny.review_begun", details, by=by, at=at)
    GuideQuestion.objects.bulk_create(
        GuideQuestion(review=review, order=order, about=about, words=words)
        for order, (about, words) in enumerate(visit_guide.BEGINS_WITH, start=1)
    )
    if first_day is not None:
        suggest_visits(review=review, first_day=first_day, by=by, at=at)
    return review


@transaction.atomic
def change_review(*, review: Review, details: dict[str, Any], by: User, at: datetime) -> Review:
    """Change what is said of a review. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    review = locked(review)
    _check_lead(review.committee, details.get("lead"), timezone.localdate(at))
    return write(review, "scrutiny.review_changed", details, by=by, at=at)


def _check_lead(committee: Committee, lead: Member | None, today: date) -> None:
    if lead and lead not in visit_queries.sitting(committee, today):
        raise ScrutinyRefused(
            f"{lead} does not sit on {committee}. Choose somebody who does.", "lead"
        )


@transaction.atomic
def write_guide(
    *,
    review: Review,
    questions: Sequence[tuple[int | None, str, str]],
    by: User,
    at: datetime,
) -> list[GuideQuestion]:
    """Write the visit guide: the number of each question (none for a new one), what it is about, and its
    words, in their order. A question that is left out goes, unless somebody has noted something under it.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    review = locked(review)
    if not questions:
        raise ScrutinyRefused("Keep at least one question.")
    if len(questions) > MOST_QUESTIONS:
        raise ScrutinyRefused(f"Nobody asks more than {MOST_QUESTIONS} questions on one visit.")
    there = {one.pk: one for one in review.guide.all()}
    before = [one.words for one in there.values()]
    kept = []
    for order, (number, about, words) in enumerate(questions, start=1):
        one = there.pop(number, None) if number else None
        one = one or GuideQuestion(review=review)
        one.order, one.about, one.words = order, about, words
        one.save()
        kept.append(one)
    for one in there.values():
        if review.visits.filter(notes__question=one).exists():
            raise ScrutinyRefused(
                f"Somebody has noted something under “{one.words}”, so it stays. Change its words "
                "instead."
            )
        one.delete()
    record(
        "scrutiny.guide_written",
        subject=review,
        by=by,
        at=at,
        before={"questions": before},
        after={"questions": [one.words for one in kept]},
    )
    return kept


@transaction.atomic
def suggest_visits(*, review: Review, first_day: date, by: User, at: datetime) -> list[Visit]:
    """Plan a visit to each hub that has none, one each working day from a day on, in the morning.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_keep(by).or_raise()
    if first_day < timezone.localdate(at):
        raise ScrutinyRefused("Choose a day that is to come.", "first_day")
    taken = set(review.visits.exclude(state=Visit.State.CANCELLED).values_list("hub", flat=True))
    day, planned = first_day, []
    for hub in all_hubs():
        if hub.pk in taken:
            continue
        while not is_working_day(day):
            day += timedelta(days=1)
        starts = timezone.make_aware(datetime.combine(day, BEGINS))
        details = {**place_of(hub), "starts_at": starts, "ends_at": starts + LASTS}
        planned.append(plan_visit(review=review, details=details, by=by, at=at))
        day += timedelta(days=1)
    return planned


def place_of(hub: Hub) -> dict[str, Any]:
    """Return what a visit to a hub says of where it is."""
    return {
        "hub": hub,
        "place": f"{hub} hub",
        "address": ", ".join(line.strip() for line in hub.address.splitlines() if line.strip())[
            :300
        ],
        "postcode": hub.postcode,
    }


@transaction.atomic
def plan_visit(*, review: Review, details: dict[str, Any], by: User, at: datetime) -> Visit:
    """Plan a visit. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    _check_times(details)
    visit = write(Visit(review=review), "scrutiny.visit_planned", details, by=by, at=at)
    if review.state == Review.State.PLANNED:
        review = locked(review)
        write(review, "scrutiny.review_changed", {"state": Review.State.VISITING}, by=by, at=at)
    return visit


@transaction.atomic
def change_visit(
    *, visit: Visit, details: dict[str, Any], why: str = "", by: User, at: datetime
) -> Visit:
    """Change a visit. Where its time or place changes, whoever goes is told why, and their calendars
    follow. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    visit = _to_come(visit)
    _check_times(details)
    moves = any(getattr(visit, name) != details[name] for name in MOVES_IT if name in details)
    if moves and not why.strip():
        raise ScrutinyRefused("Say why the visit moves: those who go are told.", "why")
    values = {**details, "why": why.strip()} if moves else details
    visit = write(
        visit,
        "scrutiny.visit_moved" if moves else "scrutiny.visit_changed",
        values,
        by=by,
        at=at,
    )
    if moves:
        for one in visit.visitors.select_related("member__user"):
            _tell(wordings.VISIT_CHANGED, visit, one.member, at, why=visit.why)
    return visit


@transaction.atomic
def cancel_visit(*, visit: Visit, why: str, by: User, at: datetime) -> Visit:
    """Cancel a visit, and tell whoever goes. Raises PermissionDenied or ScrutinyRefused."""
    may_keep(by).or_raise()
    visit = _to_come(visit)
    if not why.strip():
        raise ScrutinyRefused("Say why the visit is cancelled.", "why")
    values = {"state": Visit.State.CANCELLED, "why": why.strip()}
    visit = write(visit, "scrutiny.visit_cancelled", values, by=by, at=at)
    for one in visit.visitors.select_related("member__user"):
        words = f"The visit is cancelled: {visit.why}"
        _tell(wordings.VISIT_CANCELLED, visit, one.member, at, over=True, why=words)
    return visit


@transaction.atomic
def put_down(*, visit: Visit, member: Member, by: User, at: datetime) -> Visitor:
    """Put a member down for a visit; members sign up themselves, officers put anybody down.

    Raises PermissionDenied or ScrutinyRefused.
    """
    _for_whom(member, by)
    visit = _to_come(visit)
    on = timezone.localdate(visit.starts_at)
    if member not in visit_queries.sitting(visit.review.committee, on):
        raise ScrutinyRefused(
            f"{member} does not sit on {visit.review.committee} on that day.", "member"
        )
    if visit.visitors.filter(member=member).exists():
        raise ScrutinyRefused(f"{member} is on this visit already.", "member")
    at_once = (
        Visitor.objects.filter(
            member=member, visit__starts_at__lt=visit.ends_at, visit__ends_at__gt=visit.starts_at
        )
        .exclude(visit__state=Visit.State.CANCELLED)
        .select_related("visit")
        .first()
    )
    if at_once:
        raise ScrutinyRefused(
            f"{member} is at {at_once.visit.place} at that time. Nobody can be in two places at once: "
            "take that visit back first.",
            "member",
        )
    visitor = Visitor.objects.create(visit=visit, member=member)
    _note("scrutiny.visitor_added", visit, member, by, at)
    _tell(wordings.VISIT_ASKED, visit, member, at)
    return visitor


@transaction.atomic
def take_off(*, visitor: Visitor, by: User, at: datetime) -> None:
    """Take a member off a visit that is to come; members take themselves off.

    Raises PermissionDenied or ScrutinyRefused.
    """
    _for_whom(visitor.member, by)
    visit, member = _to_come(visitor.visit), visitor.member
    visitor.delete()
    _note("scrutiny.visitor_removed", visit, member, by, at)
    words = (
        "You took yourself off it." if member.user_id == by.pk else "An officer took you off it."
    )
    _tell(wordings.VISIT_CANCELLED, visit, member, at, over=True, why=words)


@transaction.atomic
def say_who_went(*, visit: Visit, went: Mapping[int, bool], by: User, at: datetime) -> Visit:
    """Say of each visitor, by their member's number, whether they went. The visit was held if anybody did.

    Raises PermissionDenied or ScrutinyRefused.
    """
    may_visit(by).or_raise()
    visit = locked(visit)
    if visit.state == Visit.State.CANCELLED:
        raise ScrutinyRefused("The visit was cancelled.")
    if at < visit.starts_at:
        raise ScrutinyRefused("The visit has not begun yet. Say afterwards who went.")
    before, after = {}, {}
    for one in visit.visitors.select_related("member"):
        if one.member_id in went:
            before[str(one.member)], after[str(one.member)] = one.went, went[one.member_id]
            one.went = went[one.member_id]
            one.save(update_fields=["went"])
    held = visit.visitors.filter(went=True).exists()
    visit.state = Visit.State.HELD if held else Visit.State.PLANNED
    visit.save(update_fields=["state"])
    record("scrutiny.visit_attended", subject=visit, by=by, at=at, before=before, after=after)
    return visit


def _for_whom(member: Member, by: User) -> None:
    """Members say for themselves whether they go; for others an officer does."""
    may_visit(by).or_raise()
    if member.user_id != by.pk:
        may_keep(by).or_raise()


def _to_come(visit: Visit) -> Visit:
    visit = locked(visit)
    if visit.state == Visit.State.CANCELLED:
        raise ScrutinyRefused("The visit was cancelled. Plan another one.")
    if visit.state == Visit.State.HELD:
        raise ScrutinyRefused("The visit was held: it stays as it was.")
    return visit


def _check_times(details: dict[str, Any]) -> None:
    starts, ends = details["starts_at"], details["ends_at"]
    if ends <= starts:
        raise ScrutinyRefused("A visit ends after it begins.", "ends")
    if ends - starts > timedelta(hours=12):
        raise ScrutinyRefused("Nobody visits for more than twelve hours. Check the times.", "ends")


def _note(what: str, visit: Visit, member: Member, by: User, at: datetime) -> None:
    after = {"place": visit.place, "member": str(member)}
    record(what, subject=visit, by=by, at=at, after=after)


def when(visit: Visit) -> str:
    """Return when a visit is, in words: Tuesday 1 December 2026, 10am to 12 noon."""
    starts, ends = timezone.localtime(visit.starts_at), timezone.localtime(visit.ends_at)
    return f"{starts:%A %-d %B %Y}, {_clock(starts)} to {_clock(ends)}"


def _clock(moment: datetime) -> str:
    if (moment.hour, moment.minute) == (12, 0):
        return "midday"
    minutes = f":{moment:%M}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def _tell(
    wording: Wording,
    visit: Visit,
    member: Member,
    at: datetime,
    *,
    over: bool = False,
    why: str = "",
) -> None:
    """Send a member a letter about a visit, with the entry for their calendar. Whoever has no account
    has no address here: the page of the visit says so to the officer."""
    if member.user is None or not member.user.is_active:
        return
    others = visit.visitors.exclude(member=member).select_related("member")
    sequence = int((at - BEGINNING).total_seconds())
    link = settings.KITH_ADDRESS + reverse("visits:visit", args=[visit.pk])
    entry = calendar.Entry(
        uid=f"scrutiny-visit-{visit.pk}",
        sequence=sequence,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        summary=f"Visit: {visit.place}",
        place=", ".join(part for part in (visit.place, visit.address, visit.postcode) if part),
        words=link,
        organiser=str(visit.review.committee),
    )
    notices.send(
        wording,
        to=member.user.email,
        context={
            "name": str(member),
            "review": visit.review.title,
            "place": visit.place,
            "when": when(visit),
            "address": " ".join(part for part in (visit.address, visit.postcode) if part),
            "contact": f"At the door: {visit.contact}" if visit.contact else "",
            "travel": f"Getting there: {visit.travel}" if visit.travel else "",
            "with_whom": ", ".join(str(one.member) for one in others) or "Nobody yet",
            "link": link,
            "why": why,
        },
        once_key=f"{wording.key}:{visit.pk}:{member.pk}:{at.isoformat()}",
        at=at,
        about=("scrutiny_visit", visit.pk),
        team=visit.review.committee.team,
        calendar=calendar.entry(entry, product="Visits", email=member.user.email, at=at, over=over),
    )
