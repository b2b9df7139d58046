"""Asking a form's questions and acting on the answers, as all pages of this room do."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from kith.scrutiny import published, queries
from kith.scrutiny.actions.refusals import ScrutinyRefused


def said_by(request: HttpRequest) -> dict[str, Any]:
    """Return who does something, and when."""
    return {"by": request.user, "at": timezone.now()}


def acted(request: HttpRequest, form: Form, act: Callable[[], Any]) -> bool:
    """Act on a form's answers, if they are right; say whether that was done. What is refused is said at its
    field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except ScrutinyRefused as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return False
    return True


def ask(
    request: HttpRequest,
    form: Form,
    title: str,
    act: Callable[[], Any],
    then: Callable[[Any], str],
    *,
    back: str,
    said: str = "Saved.",
    page: str = "scrutiny/question.html",
    **more: Any,
) -> HttpResponse:
    """Ask a form's questions; act on the answers, and go on. What is refused is said at its field."""
    made: list[Any] = []
    if acted(request, form, lambda: made.append(act())):
        messages.success(request, said)
        return redirect(then(made[0]))
    context = {"form": form, "title": title, "back": back, **more}
    return render(request, page, context)


def do(request: HttpRequest, act: Callable[[], Any], then: str, said: str = "") -> HttpResponse:
    """Do what one click asks for, and go on; say why where it is refused."""
    try:
        act()
    except ScrutinyRefused as problem:
        messages.warning(request, str(problem))
    else:
        if said:
            messages.success(request, said)
    return redirect(then)


def meeting_of(request: HttpRequest, uid: UUID) -> Any:
    """Return a meeting that this person may read; 404 otherwise."""
    found = queries.meeting_called(request.user, uid)  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


def item_of(request: HttpRequest, uid: UUID) -> Any:
    """Return an item of a meeting that this person may read; 404 otherwise."""
    found = queries.item_called(request.user, uid)  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


def committee_of(slug: str) -> Any:
    """Return a committee by its address; 404 otherwise."""
    found = published.committee(slug)
    if found is None:
        raise Http404
    return found
