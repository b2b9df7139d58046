"""What of a meeting may be read by everybody, as plain data: read from the committee's own tables, and
kept by `actions/publishing.py`. Whatever is exempt is left out here, and nowhere else.

A meeting's content is `{"meeting": …, "agenda": … or absent, "minutes": … or absent}`; the keys of each
are those of the functions below. Days are ISO dates, moments ISO date-times with the offset of the day.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from kith.scrutiny import published
from kith.scrutiny.models import Item, KeyDecision, Meeting, Paper, PlanEntry, Point, Seat
from kith.scrutiny.queries import seats_at

Content = dict[str, Any]
SOMEBODY = "A member of the public"


def moment(value: datetime | None) -> str | None:
    """Return a moment with the offset that the clocks had: 2012-09-26T10:00:00+01:00."""
    return localtime(value).isoformat(timespec="seconds") if value else None


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def meeting_of(meeting: Meeting) -> Content:
    """Return when and where a meeting is, and what became of it: all that a calendar tells."""
    committee, together = meeting.committee, meeting.together_with.order_by("name")
    return {
        "id": meeting.pk,  # as ModernGov's readers ask for it
        "committee": {
            "id": committee.pk,
            "name": committee.name,
            "slug": committee.slug,
            "uid": str(committee.uid),
        },
        "together_with": [one.name for one in together],
        "together_uids": [str(one.uid) for one in together],
        "starts_at": moment(meeting.starts_at),
        "ends_at": moment(meeting.ends_at),
        "place": meeting.place,
        "state": meeting.state,
        "moved_from": moment(meeting.moved_from),
        "times_moved": meeting.times_moved,
        "why": meeting.why,
        "webcast": meeting.webcast,
        "contact": committee.contact,
        "contact_email": committee.contact_email,
    }


def agenda_of(meeting: Meeting, *, notice: Content) -> Content:
    """Return the agenda with its papers, members and the notice that was given."""
    items = meeting.items.prefetch_related("invited", "papers__content")
    return {
        "notice": notice,
        "members": [_seat(seat) for seat in seats_at(meeting)],
        "items": [_item(item) for item in items],
    }


def _seat(seat: Seat) -> Content:
    member = seat.member
    return {
        "uid": str(member.uid),
        "name": str(member),
        "role": seat.get_role_display(),
        "votes": seat.get_votes_display(),
        "group": member.group,
        "division": member.division,
        "represents": member.represents,
    }


def _item(item: Item) -> Content:
    told: Content = {
        "id": item.pk,
        "uid": str(item.uid),
        "order": item.order,
        "number": item.number,
        "kind": item.kind,
        "title": item.title,
        "public": not item.exempt,
        "late_because": item.late_because,
    }
    if item.exempt:
        # By law the title and the reason are told, and nothing of the matter.
        why = {"paragraphs": list(item.paragraphs), "public_interest": item.public_interest}
        return {**told, **why, "words": "", "presenters": [], "papers": []}
    if item.kind == Item.Kind.ACTIONS:
        told["asked"] = asked_before(item.meeting)
    return {
        **told,
        "words": item.words,
        "presenters": [
            {"name": one.name, "post": one.post, "body": one.body} for one in item.invited.all()
        ],
        "papers": [_paper(paper) for paper in item.papers.all() if not paper.withdrawn_because],
    }


def asked_before(meeting: Meeting, *, private: bool = False) -> list[Content]:
    """Return what was asked for at earlier meetings and is not done: what opens an agenda. Unless it is
    `private`, nothing of it was asked for in an item that was not for the public."""
    states = (PlanEntry.State.SUGGESTED, PlanEntry.State.PLANNED, PlanEntry.State.ON_AGENDA)
    found = PlanEntry.objects.filter(
        committee=meeting.committee,
        state__in=states,
        point__item__meeting__starts_at__lt=meeting.starts_at,
    ).select_related("point__item__meeting", "due_meeting")
    if not private:
        found = found.filter(public=True, point__item__exempt=False)
    return [
        {
            "title": one.title,
            "owner": one.owner,
            "asked_on": day(localtime(one.point.item.meeting.starts_at).date()),
            "item": one.point.item.number,
            "on": day(localtime(one.due_meeting.starts_at).date()) if one.due_meeting else None,
            "month": day(one.due_month),
        }
        for one in found.order_by("point__item__meeting__starts_at", "pk")
        if one.point
    ]


def _paper(paper: Paper) -> Content:
    told: Content = {
        "id": paper.pk,
        "uid": str(paper.uid),
        "title": paper.title,
        "kind": paper.get_kind_display(),
        "author": paper.author,
        "public": not paper.exempt,
        "late_because": paper.late_because,
    }
    if paper.exempt:
        return {
            **told,
            "paragraphs": list(paper.paragraphs),
            "public_interest": paper.public_interest,
        }
    return {
        **told,
        "to_follow": paper.to_follow and not paper.content_id and not paper.sections,
        "file_name": paper.file_name,
        "mime": paper.content.mime if paper.content else "",
        "size": paper.content.size if paper.content else None,
        "sha": paper.content_id or "",
        "pages": paper.pages,
        "sections": paper.sections,
        "drawn_at": moment(paper.drawn_at),
        "text_state": paper.text_state,
    }


def minutes_of(meeting: Meeting) -> Content:
    """Return what was minuted: who was there, and item by item what was said and resolved."""
    confirmed = meeting.confirmed_at
    items = meeting.items.prefetch_related(
        "points__moved_by", "points__seconded_by", "points__corrections__made_at"
    )
    return {
        "state": "confirmed" if meeting.minutes == Meeting.Minutes.CONFIRMED else "draft",
        "confirmed_on": day(localtime(confirmed.starts_at).date()) if confirmed else None,
        "began_at": moment(meeting.began_at),
        "finished_at": moment(meeting.finished_at),
        "chair": meeting.taken_by,
        "attendance": _attendance(meeting),
        "officers": [
            {"name": one.name, "post": one.post, "body": one.body, "item": item.number}
            for item in meeting.items.filter(exempt=False).prefetch_related("invited")
            for one in item.invited.all()
            if one.came == "attended"
        ],
        "declarations": [
            {
                "member": str(one.member),
                "kind": one.get_kind_display(),
                "item": one.item.number if one.item else "",
                "words": "" if one.item and one.item.exempt else one.words,
                "left": one.left,
            }
            for one in meeting.declarations.select_related("member", "item").order_by("pk")
        ],
        "questions": [
            {
                "uid": str(one.uid),
                "asked_by": one.asked_by if one.named else SOMEBODY,
                "words": one.words,
                "answer": one.answer,
                "answered_by": one.answered_by,
                "more": one.more,
                "more_answer": one.more_answer,
            }
            for one in meeting.questions.order_by("received_at", "pk")
        ],
        "items": {
            str(item.uid): [] if item.exempt else points_of(item.points.all()) for item in items
        },
        "corrections": [
            {
                "words": one.words,
                "before": one.before,
                "item": one.point.item.number if one.point else "",
                "decided_on": day(localtime(one.made_at.starts_at).date()),
            }
            for one in meeting.corrections.select_related("made_at", "point__item").order_by("pk")
            if not (one.point and one.point.item.exempt)
        ],
    }


def _attendance(meeting: Meeting) -> list[Content]:
    """Return who was there, in the order of their seats; then who stood in."""
    seats = {seat.member_id: seat for seat in seats_at(meeting)}
    places = {member: place for place, member in enumerate(seats)}
    found = meeting.attendances.select_related("member", "instead_of").prefetch_related("out_for")
    return [
        {
            "uid": str(one.member.uid),
            "name": str(one.member),
            "role": seats[one.member_id].get_role_display() if one.member_id in seats else "",
            "state": one.state,
            "said": one.get_state_display(),
            "instead_of": str(one.instead_of) if one.instead_of else "",
            "came_at": moment(one.came_at),
            "left_at": moment(one.left_at),
            "out_for": [item.number for item in one.out_for.all()],
        }
        for one in sorted(
            found, key=lambda one: (places.get(one.member_id, len(places)), one.member.name, one.pk)
        )
    ]


def points_of(points: Iterable[Point]) -> list[Content]:
    """Return the sentences of an item's minutes, each with the place of the question it answers."""
    kept = list(points)
    places = {point.pk: place for place, point in enumerate(kept)}
    return [
        {
            "kind": point.kind,
            "said": point.get_kind_display(),
            "speaker": point.speaker or (str(point.member) if point.member else ""),
            "words": point.words,
            "answers": places.get(point.answers_id or 0),
            "moved_by": str(point.moved_by) if point.moved_by else "",
            "seconded_by": str(point.seconded_by) if point.seconded_by else "",
            "for": point.votes_for,
            "against": point.votes_against,
            "abstained": point.abstained,
            "carried": point.carried,
        }
        for point in kept
    ]


def plan_of(entries: Iterable[PlanEntry]) -> list[Content]:
    """Return the lines of a forward plan that the public may read."""
    return [
        {
            "uid": str(one.uid),
            "kind": one.get_kind_display(),
            "title": one.title,
            "why": one.why,
            "owner": one.owner,
            "state": one.get_state_display(),
            "meeting": str(one.due_meeting.uid) if one.due_meeting else "",
            "on": day(localtime(one.due_meeting.starts_at).date()) if one.due_meeting else None,
            "month": day(one.due_month),
            "outcome": one.outcome,
        }
        for one in entries
    ]


def decision_of(decision: KeyDecision) -> Content:
    """Return what SI 2012/2089, regulation 9, asks to be told of a decision to come."""
    return {
        "key": decision.key,
        "title": decision.title,
        "matter": decision.matter,
        "maker": decision.maker,
        "first": day(decision.first),
        "last": day(decision.last),
        "documents": decision.documents,
        "where": decision.where,
        "private_because": decision.private_because,
        "given": decision.get_given_display() if decision.given != decision.Given.FULL else "",
        "urgency": decision.urgency,
        "chair": decision.chair,
        "decided_on": day(decision.decided_on),
        "decision": decision.decision,
        "called_in": {
            "by": str(decision.called_in_by),
            "on": day(decision.called_in_on),
            "because": decision.called_in_because,
            "outcome": decision.call_in_outcome,
        }
        if decision.called_in_by
        else None,
    }


def waits(meeting: Meeting) -> bool:
    """Say whether an agenda that was published differs from what the public reads of it."""
    shown = published.thing(meeting.uid, "meeting")
    if shown is None or "agenda" not in shown.content:
        return False
    return bool(agenda_of(meeting, notice={})["items"] != shown.content["agenda"]["items"])
