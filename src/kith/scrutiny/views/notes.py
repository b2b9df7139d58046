"""The page for notes on a visit, made for a telephone, and its photographs."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kith.casework.views.asking import words_stay
from kith.referrals.attachments import MOST_BYTES
from kith.scrutiny import naming, permissions
from kith.scrutiny import note_queries as queries
from kith.scrutiny.actions import notes as actions
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.note_forms import NoteFormSet, PhotoForm, blocks
from kith.scrutiny.views.asking import said_by
from kith.scrutiny.views.visits import ask, visit_of
from kith.scrutiny.visit_queries import guide_of, member_of


@never_cache
@words_stay
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Write notes: saved by a button, and by a script while somebody types."""
    visit = visit_of(request, pk)
    permissions.may_visit(request.user).or_raise()
    refusal = actions.may_note(visit=visit, by=request.user, at=timezone.now())
    questions = guide_of(request.user, visit.review)
    whose = _whose(request, visit)
    mine = queries.my_notes(request.user, visit, whose or member_of(request.user))
    kept = {note.key for note in mine}
    formset = NoteFormSet(
        request.POST if request.method == "POST" else None, initial=blocks(questions, mine)
    )
    by_script = request.headers.get("X-Requested-With") == "autosave"
    if request.method == "POST":
        if refusal and by_script:
            return JsonResponse({"refused": refusal}, status=409)
        wrong = _save(request, formset, visit, whose, {q.pk: q for q in questions}, kept)
        if by_script:
            return JsonResponse(_told(request, formset, wrong))
        if not wrong:
            messages.success(request, "Your notes are saved.")
            more = request.POST.get("more", "")
            there = f"#question-{more}" if more.isdecimal() else ""
            return redirect(request.get_full_path() + there)
    known = naming.known_names()
    for form in formset:
        words = form["words"].value() or ""
        form.asks = naming.who_it_may_tell(words, known) if words else []
    return render(
        request,
        "scrutiny/reviews/notes.html",
        {
            "visit": visit,
            "review": visit.review,
            "refusal": refusal,
            "whose": whose,
            "notes": formset,
            "forms": list(formset),
            "parts": _parts(questions, formset),
            "photos": queries.photos_of(request.user, visit),
        },
    )


def _whose(request: HttpRequest, visit: Any) -> Any:
    """Return the member whose paper guide an officer types up; None for one's own notes."""
    asked = request.GET.get("member", "")
    if not asked.isdecimal() or not permissions.may_keep(request.user):
        return None
    visitor = visit.visitors.filter(member=int(asked)).select_related("member").first()
    return visitor.member if visitor else None


def _parts(questions: list[Any], formset: Any) -> list[dict[str, Any]]:
    """Return the questions, each with its notes, in the guide's order; what fits none of them last."""
    found = []
    for question in [*questions, None]:
        number = str(question.pk) if question else ""
        of_it = [form for form in formset if str(form["question"].value() or "") == number]
        if of_it:
            found.append({"question": question, "forms": of_it})
    return found


def _save(
    request: HttpRequest,
    formset: Any,
    visit: Any,
    whose: Any,
    questions: dict[int, Any],
    kept: set[Any],
) -> bool:
    """Keep each note that was typed; say at its field what cannot be kept. Whether anything was wrong."""
    wrong = not formset.is_valid()
    for form in formset:
        said = form.cleaned_data if form.is_valid() else None
        if said is None or not (said.get("words") or said["key"] in kept):
            continue
        noted = actions.Noted(
            key=said["key"],
            words=said.get("words") or "",
            whose=said["whose"],
            consent=said["consent"],
            question=questions.get(said.get("question") or 0),
        )
        try:
            actions.write_note(visit=visit, noted=noted, member=whose, **said_by(request))
        except ScrutinyRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
            wrong = True
    return wrong


def _told(request: HttpRequest, formset: Any, wrong: bool) -> dict[str, Any]:
    """What the script hears: what is kept, what is not and why, and what it should ask."""
    errors: dict[str, list[str]] = {}
    asked: list[str] = []
    known = naming.known_names()
    for form in formset:
        for messages_ in form.errors.values():
            errors.setdefault("A note", []).extend(messages_)
        asked += naming.who_it_may_tell(form["words"].value() or "", known)
    at = timezone.localtime().strftime("%H:%M")
    said = f"Saved at {at}."
    if asked:
        said += f" Look again: {asked[0]} Notes never say who a service user is."
    return {"had": "", "at": at, "said": said, "errors": errors if wrong else {}, "clashes": []}


@login_required
@never_cache
def photo_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a photograph to a visit."""
    visit = visit_of(request, pk)
    permissions.may_visit(request.user).or_raise()
    form = PhotoForm(request.POST or None, request.FILES or None, initial={"key": uuid.uuid4()})

    def do() -> None:
        said = form.cleaned_data
        file = said["file"]
        actions.add_photo(
            visit=visit,
            key=said["key"],
            name=file.name,
            content=file.read(MOST_BYTES + 1),
            caption=said["caption"],
            people=said["people"],
            consent=said["consent"],
            **said_by(request),
        )
        messages.success(request, "The photograph is added.")

    return ask(
        request, form, do, done=reverse("visits:notes", args=[visit.pk]), title="Add a photograph",
        button="Add the photograph", caption=visit.place,
    )  # fmt: skip


@login_required
@never_cache
@require_safe
def photo(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The photograph itself, for those who visit."""
    permissions.may_visit(request.user).or_raise()
    found = get_object_or_404(queries.photos_visible_to(request.user), key=key)
    response = HttpResponse(bytes(found.content.held), content_type=found.content.mime)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
def photo_remove(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Take a photograph away for good."""
    permissions.may_visit(request.user).or_raise()
    found = get_object_or_404(queries.photos_visible_to(request.user), key=key)
    back = redirect("visits:notes", found.visit_id)
    actions.remove_photo(photo=found, **said_by(request))
    messages.success(request, "The photograph is gone for good.")
    return back
