"""Asking a form's questions, and acting on the answers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kith.directory.actions import DirectoryRefused
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
    if request.method == "POST" and form.is_valid():
        try:
            made = act()
        except DirectoryRefused as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        except (NotAPostcode, NotInTheCounty) as problem:
            form.add_error("postcode" if "postcode" in form.fields else None, str(problem))
        else:
            messages.success(request, said)
            return redirect(then(made))
    context = {"form": form, "title": title, "back": back, **(more or {})}
    return render(request, template, context)
