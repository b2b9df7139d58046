"""Minutes, typed in the meeting or after: attendance, item by item, and on to the record."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.scrutiny import minutes_queries as reading
from kith.scrutiny import old_queries, published, queries
from kith.scrutiny.actions import meetings, minutes, plan, publishing
from kith.scrutiny.actions.common import pairs
from kith.scrutiny.forms import (
    NOBODY,
    AttendanceForm,
    ClearForm,
    ConfirmForm,
    CorrectForm,
    DeclarationForm,
    EntryForm,
    HeldForm,
    PointForm,
    QuestionForm,
    StandInForm,
    after,
    moment,
    months_from,
    people,
)
from kith.scrutiny.permissions import may_keep
from kith.scrutiny.views.asking import ask, do, item_of, meeting_of, said_by
from kith.scrutiny.wordings import phrases_for

PAGES = ["GET", "HEAD", "POST"]


def page_of(meeting: Any) -> str:
    return reverse("scrutiny:minutes", args=[meeting.uid])


@require_safe
@never_cache
@needs(P.SCRUTINY_SEE)
def whole(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the minutes of a meeting, and where they stand."""
    found = meeting_of(request, uid)
    user = request.user
    context = {
        "meeting": found,
        "items": queries.agenda(user, found),  # type: ignore[arg-type]
        "attendance": queries.attendance_of(user, found),  # type: ignore[arg-type]
        "brought_in": old_queries.is_brought_in(found),
        "quorum": queries.quorum_at(user, found),  # type: ignore[arg-type]
        "declarations": reading.declarations_at(user, found),  # type: ignore[arg-type]
        "questions": reading.questions_to(user, found),  # type: ignore[arg-type]
        "corrections": reading.corrections_of(user, found),  # type: ignore[arg-type]
        "may_keep": may_keep(user),  # type: ignore[arg-type]
        "shown": published.minutes_shown(found.uid),
        "later": queries.later_meetings(user, found),  # type: ignore[arg-type]
    }
    return render(request, "scrutiny/minutes.html", context)


@require_POST
@needs(P.SCRUTINY_KEEP)
def begin(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say that the meeting has begun."""
    found = meeting_of(request, uid)
    chair = next((str(seat.member) for seat in queries.seats_at(found)), "")
    return do(
        request,
        lambda: meetings.begin_meeting(meeting=found, chair=chair, **said_by(request)),
        page_of(found),
        "The meeting has begun.",
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say when the meeting began and finished."""
    found = meeting_of(request, uid)
    began = timezone.localtime(found.began_at or found.starts_at)
    chair = next((str(seat.member) for seat in queries.seats_at(found)), "")
    initial = {"began": began.time().replace(second=0, microsecond=0), "chair": found.taken_by or chair}  # fmt: skip
    form = HeldForm(request.POST or None, initial=initial)

    def act() -> None:
        start = moment(timezone.localdate(found.starts_at), form.cleaned_data["began"])
        finished = after(start, form.cleaned_data["finished"])
        assert finished is not None
        meetings.end_meeting(
            meeting=found,
            began_at=start,
            finished_at=finished,
            chair=form.cleaned_data["chair"],
            **said_by(request),
        )

    then = page_of(found)
    return ask(request, form, "The meeting is over", act, lambda _: then, back=then)


@require_POST
@needs(P.SCRUTINY_KEEP)
def all_present(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put down everybody of whom nothing is said as present."""
    found = meeting_of(request, uid)
    return do(
        request, lambda: minutes.all_present(meeting=found, **said_by(request)), page_of(found)
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def attendance(request: HttpRequest, uid: UUID, member: UUID) -> HttpResponse:
    """Say whether a member was there."""
    found = meeting_of(request, uid)
    who = queries.member_called(member)
    if who is None:
        raise Http404
    known = reading.attendance_by(request.user, found, who)  # type: ignore[arg-type]
    form = AttendanceForm(request.POST or None, initial=_of_attendance(known))
    return _attended(request, found, form, f"{who}", lambda: who)


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def stand_in(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Add somebody who stood in for a member."""
    found = meeting_of(request, uid)
    others = {str(one.pk): one for one in queries.members()}
    form = StandInForm(request.POST or None, initial={"state": "present"})
    form.offer("member", [("", "Choose"), *people(others.values())])
    return _attended(
        request, found, form, "Somebody stood in", lambda: others[form.cleaned_data["member"]]
    )


def _of_attendance(known: Any) -> dict[str, Any]:
    if known is None:
        return {"state": "present"}
    return {
        "state": "present" if known.state == "part" else known.state,
        "instead_of": str(known.instead_of_id or ""),
        "came": timezone.localtime(known.came_at).time() if known.came_at else None,
        "left": timezone.localtime(known.left_at).time() if known.left_at else None,
        "left_because": known.left_because,
        "out_for": [str(item.pk) for item in known.out_for.all()],
    }


def _attended(
    request: HttpRequest, found: Any, form: AttendanceForm, title: str, who: Any
) -> HttpResponse:
    seats = {str(seat.member.pk): seat.member for seat in queries.seats_at(found)}
    items = {str(item.pk): item for item in reading.items_of(request.user, found)}  # type: ignore[arg-type]
    form.offer("instead_of", [*NOBODY, *people(seats.values())])
    form.offer("out_for", [(pk, str(item)) for pk, item in items.items()])

    def act() -> None:
        said, start = form.cleaned_data, found.began_at or found.starts_at
        minutes.say_attendance(
            meeting=found,
            member=who(),
            state=said["state"],
            instead_of=seats.get(said["instead_of"]),
            came_at=after(start, said["came"]),
            left_at=after(start, said["left"]),
            left_because=said["left_because"],
            out_for=[items[pk] for pk in said["out_for"]],
            **said_by(request),
        )

    then = page_of(found)
    return ask(request, form, title, act, lambda _: f"{then}#attendance", back=then)


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def declare(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write down an interest that was declared."""
    found = meeting_of(request, uid)
    who = {str(one.pk): one for one in queries.there_at(found)}
    items = {str(item.pk): item for item in reading.items_of(request.user, found)}  # type: ignore[arg-type]
    form = DeclarationForm(request.POST or None)
    form.offer("member", [("", "Choose a member"), *people(who.values())])
    form.offer("item", [("", "None in particular"), *((pk, str(one)) for pk, one in items.items())])
    then = page_of(found)
    return ask(
        request,
        form,
        "A declaration",
        lambda: minutes.declare(
            meeting=found,
            member=who[form.cleaned_data["member"]],
            kind=form.cleaned_data["kind"],
            words=form.cleaned_data["words"],
            item=items.get(form.cleaned_data["item"]),
            left=form.cleaned_data["left"],
            **said_by(request),
        ),
        lambda _: f"{then}#declarations",
        back=then,
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def question(request: HttpRequest, uid: UUID, number: int = 0) -> HttpResponse:
    """Write down a question to the meeting, or its answer."""
    found = meeting_of(request, uid)
    known = reading.questions_to(request.user, found).filter(pk=number).first()  # type: ignore[arg-type]
    if number and known is None:
        raise Http404
    who = {str(one.pk): one for one in queries.members()}
    initial = pairs(known, QuestionForm.base_fields) if known else {}
    initial["member"] = str(known.member_id or "") if known else ""
    form = QuestionForm(request.POST or None, initial=initial)
    form.offer("member", [("", "No"), *people(who.values())])

    def act() -> Any:
        said = {**form.cleaned_data}
        said["member"] = who.get(said["member"])
        return minutes.keep_question(
            meeting=found, details=said, question=known, **said_by(request)
        )

    then = page_of(found)
    return ask(request, form, "A question", act, lambda _: f"{then}#questions", back=then)


# Item by item


@never_cache
@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def of_item(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write the minutes of an item: a sentence, and the next."""
    item = item_of(request, uid)
    here = reverse("scrutiny:item_minutes", args=[item.uid])
    phrase = request.GET.get("phrase", "")
    ready = phrases_for(item.kind)
    chosen = ready[int(phrase)] if phrase.isdigit() and int(phrase) < len(ready) else ("statement", "")  # fmt: skip
    form = PointForm(request.POST or None, initial={"kind": chosen[0], "words": chosen[1]})
    return _point(
        request,
        item,
        form,
        None,
        here,
        "scrutiny/item_minutes.html",
        points=reading.points_of(request.user, item),  # type: ignore[arg-type]
        came_from=old_queries.came_from(item),
        phrases=list(enumerate(words for _, words in ready)),
        around=dict(zip(("before", "after"), reading.beside(request.user, item), strict=True)),  # type: ignore[arg-type]
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def change_point(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """Change a sentence of the minutes."""
    item = item_of(request, uid)
    point = _point_of(request, item, number)
    initial = pairs(point, PointForm.base_fields)
    for name in ("answers", "moved_by", "seconded_by"):
        initial[name] = str(getattr(point, f"{name}_id") or "")
    form = PointForm(request.POST or None, initial=initial)
    then = reverse("scrutiny:item_minutes", args=[item.uid])
    return _point(request, item, form, point, then, "scrutiny/question.html")


def _point_of(request: HttpRequest, item: Any, number: int) -> Any:
    found = reading.points_of(request.user, item).filter(pk=number).first()  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


def _point(
    request: HttpRequest, item: Any, form: PointForm, point: Any, then: str, page: str, **more: Any
) -> HttpResponse:
    who = {str(one.pk): one for one in queries.there_at(item.meeting)}
    points = reading.points_of(request.user, item)  # type: ignore[arg-type]
    asked = {str(one.pk): one for one in points.filter(kind="question")}
    form.offer("answers", [("", "None"), *((pk, str(one)) for pk, one in asked.items())])
    for name in ("moved_by", "seconded_by"):
        form.offer(name, [*NOBODY, *people(who.values())])
    return ask(
        request,
        form,
        str(item),
        lambda: minutes.write_point(
            item=item, details=form.details(who, asked), point=point, **said_by(request)
        ),
        lambda _: f"{then}#write" if point is None else then,
        back=page_of(item.meeting) if point is None else then,
        said="Kept.",
        page=page,
        item=item,
        speakers=queries.speakers_of(request.user, item),  # type: ignore[arg-type]
        **more,
    )


@require_POST
@needs(P.SCRUTINY_KEEP)
def move_point(request: HttpRequest, uid: UUID, number: int, way: str) -> HttpResponse:
    """Take a sentence up, down or out."""
    item = item_of(request, uid)
    point = _point_of(request, item, number)
    then = reverse("scrutiny:item_minutes", args=[item.uid])
    if way == "remove":
        return do(request, lambda: minutes.remove_point(point=point, **said_by(request)), then)
    return do(
        request, lambda: minutes.move_point(point=point, up=way == "up", **said_by(request)), then
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def request_of(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """Make a line of the forward plan of what was asked for in a sentence."""
    item = item_of(request, uid)
    point = _point_of(request, item, number)
    committee = item.meeting.committee
    coming = queries.meetings_from(request.user, timezone.now()).filter(committee=committee)  # type: ignore[arg-type]
    known = {str(one.pk): one for one in coming}
    form = EntryForm(request.POST or None, initial={"kind": "request", "title": str(point)})
    offer_when(form, known)
    then = reverse("scrutiny:item_minutes", args=[item.uid])
    return ask(
        request,
        form,
        "What was asked for",
        lambda: plan.keep_entry(
            committee=committee, details=form.details(known), point=point, **said_by(request)
        ),
        lambda _: then,
        back=then,
        said="It stands in the forward plan, and opens every agenda until it is done.",
        quoted=point.words,
    )


def offer_when(form: EntryForm, known: dict[str, Any]) -> None:
    """Offer meetings to come and months."""
    form.offer("due_meeting", [("", "Not set"), *((pk, str(one)) for pk, one in known.items())])
    form.offer("due_month", months_from(timezone.localdate()))


# On to the record


@require_POST
@needs(P.SCRUTINY_KEEP)
def move_on(request: HttpRequest, uid: UUID, way: str) -> HttpResponse:
    """Call the minutes a draft, open them again, or publish them."""
    found = meeting_of(request, uid)
    ways: dict[str, tuple[Any, str]] = {
        "draft": (minutes.call_draft, "They are a draft now, for the chair to read."),
        "open": (minutes.open_again, "They can be changed again."),
        "publish": (publishing.publish_minutes, "The public can read them."),
    }
    if way not in ways:
        raise Http404
    act, said = ways[way]
    return do(request, lambda: act(meeting=found, **said_by(request)), page_of(found), said)


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def clear(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say who cleared the draft."""
    found = meeting_of(request, uid)
    form = ClearForm(request.POST or None, initial={"cleared_by": found.taken_by})
    then = page_of(found)
    return ask(
        request,
        form,
        "Clear the draft",
        lambda: minutes.clear(
            meeting=found, cleared_by=form.cleaned_data["cleared_by"], **said_by(request)
        ),
        lambda _: then,
        back=then,
        said="The draft is cleared. You can publish it now.",
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def confirm(request: HttpRequest, uid: UUID, correcting: bool = False) -> HttpResponse:
    """Say at which meeting the minutes were confirmed, or what that meeting corrected."""
    found = meeting_of(request, uid)
    later = {str(one.pk): one for one in queries.later_meetings(request.user, found)}  # type: ignore[arg-type]
    form: ConfirmForm = (CorrectForm if correcting else ConfirmForm)(request.POST or None)
    form.offer("at_meeting", [("", "Choose a meeting"), *((pk, str(one)) for pk, one in later.items())])  # fmt: skip

    def act() -> Any:
        at_meeting = later[form.cleaned_data["at_meeting"]]
        if correcting:
            words = form.cleaned_data["words"]
            return minutes.correct(
                meeting=found, made_at=at_meeting, words=words, **said_by(request)
            )
        return minutes.confirm(meeting=found, at_meeting=at_meeting, **said_by(request))

    then = page_of(found)
    title = "Correct the minutes" if correcting else "Confirm the minutes"
    said = "Kept. Publish the minutes again, so that the public reads it."
    return ask(request, form, title, act, lambda _: then, back=then, said=said)
