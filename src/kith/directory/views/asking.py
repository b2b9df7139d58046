"""Asking a form's questions, and acting on the answers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from kith.directory import downloads
from kith.directory.actions import DirectoryRefused, SentTooMuch
from kith.places.queries import NotAPostcode, NotInTheCounty


def ask(
    request: HttpRequest,
    form: Form,
    title: str,
    act: Callable[[], Any],
    then: Callable[[Any], str],
    *,
    back: str,
    said: str = "Saved.",
    more: dict[str, Any] | None = None,
    template: str = "directory/question.html",
) -> HttpResponse:
    """Ask a form's questions; act on the answers, and go on. What is refused is said at its field."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = act()
        except DirectoryRefused as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            status = 429 if isinstance(problem, SentTooMuch) else 200
        except (NotAPostcode, NotInTheCounty) as problem:
            form.add_error("postcode" if "postcode" in form.fields else None, str(problem))
        else:
            messages.success(request, said)
            return redirect(then(made))
    context = {"form": form, "title": title, "back": back, **(more or {})}
    return render(request, template, context, status=status)


def file_of(numbers: list[int], kind: str) -> StreamingHttpResponse:
    """Hand out services by their numbers as a file, written as it is sent. Raises Http404."""
    if kind not in downloads.KINDS:
        raise Http404
    answer = StreamingHttpResponse(
        downloads.written(numbers, kind), content_type=downloads.KINDS[kind]
    )
    name = f"services-{timezone.localdate().isoformat()}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
