"""Meetings and their agendas, for those who keep and read them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.analytics.clear_days import clear_days, last_day_to_publish
from kith.scrutiny import content, published, queries
from kith.scrutiny.actions import inviting, meetings, plan, publishing
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.forms import (
    InviteForm,
    ItemForm,
    MoveForm,
    PlanMeetingForm,
    PublishForm,
    WhenForm,
    WhyForm,
)
from kith.scrutiny.permissions import may_keep
from kith.scrutiny.views.asking import ask, do, item_of, meeting_of, said_by

PAGES = ["GET", "HEAD", "POST"]


def page_of(meeting: Any) -> str:
    return reverse("scrutiny:meeting", args=[meeting.uid])


@require_safe
@never_cache
@needs(P.SCRUTINY_SEE)
def meeting(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a meeting with its agenda, as its members and officers read it."""
    found = meeting_of(request, uid)
    user, today = request.user, timezone.localdate()
    meetings.look_at(meeting=found, **said_by(request))
    items = queries.agenda(user, found)  # type: ignore[arg-type]
    counts = publishing.counting(found.committee)
    on = timezone.localdate(found.starts_at)
    notes: dict[int, list[Any]] = {}
    for note in queries.own_notes(user, items):  # type: ignore[arg-type]
        notes.setdefault(note.item_id, []).append(note)
    context = {
        "meeting": found,
        "items": [(item, notes.get(item.pk, [])) for item in items],
        "may_keep": may_keep(user),  # type: ignore[arg-type]
        "publish_by": last_day_to_publish(on, found.committee.notice_days, counts),
        "clear": clear_days(today, on, counts),
        "to_place": queries.to_place(user, found),  # type: ignore[arg-type]
        "actions": queries.open_actions(user, found.committee),  # type: ignore[arg-type]
        "to_confirm": queries.to_confirm(user, found),  # type: ignore[arg-type]
        "editions": published.editions(found.uid),
        "unpublished": content.waits(found),
        "pack": published.pack_in_words(found.uid),
        "today": today,
    }
    return render(request, "scrutiny/meeting.html", context)


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def add(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""
    known = {str(one.pk): one for one in queries.committees()}
    first = known.get(request.GET.get("committee", "")) or next(iter(known.values()), None)
    if first is None:
        messages.info(request, "Set up a committee first.")
        return redirect("scrutiny:add_committee")
    initial = {"committee": str(first.pk), "place": first.usual_place}
    form = PlanMeetingForm(request.POST or None, initial=initial)
    form.offer("committee", [(pk, str(one)) for pk, one in known.items()])
    form.offer("together_with", [(pk, str(one)) for pk, one in known.items()])

    def act() -> Any:
        said = form.cleaned_data
        starts, ends = form.times()
        made = meetings.plan_meeting(
            committee=known[said["committee"]],
            starts_at=starts,
            ends_at=ends,
            place=said["place"],
            webcast=said["webcast"],
            together_with=[known[pk] for pk in said["together_with"]],
            **said_by(request),
        )
        if said["announce"]:
            publishing.announce(meeting=made, **said_by(request))
        return made

    back = reverse("scrutiny:home")
    return ask(
        request, form, "Plan a meeting", act, page_of, back=back, said="The meeting is planned."
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change where a meeting is."""
    found = meeting_of(request, uid)
    form = WhenForm(request.POST or None, initial=WhenForm.of(found))
    for name in ("day", "starts"):
        del form.fields[name]

    def act() -> None:
        said = form.cleaned_data
        form.cleaned_data |= {name: value for name, value in WhenForm.of(found).items() if name in ("day", "starts")}  # fmt: skip
        meetings.change_meeting(
            meeting=found,
            place=said["place"],
            webcast=said["webcast"],
            ends_at=form.times()[1],
            **said_by(request),
        )
        publishing.show_change(meeting=found, **said_by(request))

    return ask(request, form, "Where it is", act, lambda _: page_of(found), back=page_of(found))


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def move(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Move a meeting to another time."""
    found = meeting_of(request, uid)
    form = MoveForm(request.POST or None, initial=WhenForm.of(found))

    def act() -> None:
        starts, ends = form.times()
        meetings.move_meeting(
            meeting=found,
            starts_at=starts,
            ends_at=ends,
            place=form.cleaned_data["place"],
            why=form.cleaned_data["why"],
            **said_by(request),
        )
        publishing.show_change(meeting=found, **said_by(request))

    then = page_of(found)
    said = "The meeting is moved. Where its agenda was published, publish it again."
    return ask(request, form, "Move the meeting", act, lambda _: then, back=then, said=said)


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Cancel a meeting."""
    found = meeting_of(request, uid)
    form = WhyForm(request.POST or None)

    def act() -> None:
        why = form.cleaned_data["why"]
        meetings.cancel_meeting(meeting=found, why=why, **said_by(request))
        publishing.show_change(meeting=found, **said_by(request))

    then = page_of(found)
    return ask(
        request,
        form,
        "Cancel the meeting",
        act,
        lambda _: then,
        back=then,
        button="Cancel the meeting",
    )


@require_POST
@needs(P.SCRUTINY_KEEP)
def announce(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a meeting in the public calendar."""
    found = meeting_of(request, uid)
    return do(
        request,
        lambda: publishing.announce(meeting=found, **said_by(request)),
        page_of(found),
        "The public calendar shows it.",
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def publish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Publish the agenda, or a supplement; the page says what the public will and will not read."""
    found = meeting_of(request, uid)
    form = PublishForm(request.POST or None)
    if found.state == "planned":
        del form.fields["because"]
    else:
        del form.fields["short_notice"]

    def act() -> Any:
        return publishing.publish_agenda(meeting=found, **form.cleaned_data, **said_by(request))

    on, counts = timezone.localdate(found.starts_at), publishing.counting(found.committee)
    then = page_of(found)
    title = "Publish the agenda" if found.state == "planned" else "Publish a supplement"
    return ask(
        request,
        form,
        title,
        act,
        lambda _: then,
        back=then,
        said="It is published.",
        button="Publish",
        preview=found,
        items=queries.agenda(request.user, found),  # type: ignore[arg-type]
        clear=clear_days(timezone.localdate(), on, counts),
        to_follow=queries.papers_to_follow(request.user, found),  # type: ignore[arg-type]
    )


# Items


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def add_item(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put an item on the agenda."""
    found = meeting_of(request, uid)
    form = ItemForm(request.POST or None)
    return ask(
        request,
        form,
        "Add an item",
        lambda: meetings.write_item(meeting=found, details=form.details(), **said_by(request)),
        lambda made: f"{page_of(found)}#item-{made.pk}",
        back=page_of(found),
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def change_item(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change an item."""
    item = item_of(request, uid)
    form = ItemForm(request.POST or None, initial=ItemForm.of(item))
    then = f"{page_of(item.meeting)}#item-{item.pk}"
    return ask(
        request,
        form,
        "Change the item",
        lambda: meetings.write_item(
            meeting=item.meeting, item=item, details=form.details(), **said_by(request)
        ),
        lambda _: then,
        back=then,
        said="Saved. What the public reads changes when you publish a supplement."
        if item.number
        else "Saved.",
    )


@require_POST
@needs(P.SCRUTINY_KEEP)
def move_item(request: HttpRequest, uid: UUID, way: str) -> HttpResponse:
    """Take an item up or down, or off the agenda."""
    item = item_of(request, uid)
    then = page_of(item.meeting)
    if way == "remove":
        return do(request, lambda: meetings.remove_item(item=item, **said_by(request)), then)
    up = way == "up"
    return do(
        request,
        lambda: meetings.move_item(item=item, up=up, **said_by(request)),
        f"{then}#item-{item.pk}",
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def invite(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask somebody to come to an item."""
    item = item_of(request, uid)
    form = InviteForm(request.POST or None)
    then = f"{page_of(item.meeting)}#item-{item.pk}"
    return ask(
        request,
        form,
        f"Who is asked to come to “{item.title}”?",
        lambda: inviting.invite(item=item, **form.cleaned_data, **said_by(request)),
        lambda _: then,
        back=then,
    )


@require_POST
@needs(P.SCRUTINY_KEEP)
def came(request: HttpRequest, uid: UUID, pk: int, came: str) -> HttpResponse:
    """Say whether somebody who was asked came."""
    item = item_of(request, uid)
    invited = next((one for one in item.invited.all() if one.pk == pk), None)
    if invited is None or came not in ("coming", "attended", "not", "remove"):
        raise Http404
    then = f"{page_of(item.meeting)}#item-{item.pk}"
    if came == "remove":
        return do(
            request,
            lambda: inviting.take_back_invitation(invited=invited, **said_by(request)),
            then,
        )
    return do(
        request, lambda: inviting.say_who_came(invited=invited, came=came, **said_by(request)), then
    )


@require_POST
@needs(P.SCRUTINY_KEEP)
def place(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Put a line of the forward plan on this agenda."""
    found = meeting_of(request, uid)
    entry = queries.plan_of(request.user, found.committee).filter(pk=pk).first()  # type: ignore[arg-type]
    if entry is None:
        raise Http404
    return do(
        request,
        lambda: plan.put_on_agenda(entry=entry, meeting=found, **said_by(request)),
        page_of(found),
        "It is on the agenda.",
    )


@require_POST
@needs(P.SCRUTINY_SEE)
def own_note(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep what somebody wrote for themselves under an item."""
    item = item_of(request, uid)
    then = f"{page_of(item.meeting)}#item-{item.pk}"
    words = request.POST.get("words", "").strip()
    try:
        meetings.note_for_oneself(item=item, words=words[:5000], **said_by(request))
    except ScrutinyRefused as problem:
        messages.warning(request, str(problem))
    return redirect(then)
