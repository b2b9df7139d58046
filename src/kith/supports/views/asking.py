"""What these pages share: finding things, asking one question, saying refusals at their fields."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from kith.accounts.permissions import Permission
from kith.casework import queries as casework
from kith.supports import actions, queries

AT_FIELD: dict[type[Exception], tuple[str, ...]] = {
    actions.WrongDay: ("since", "on", "until"),
    actions.SameTime: ("starts",),
    actions.NoPlace: ("people",),
    actions.AlreadyPlaced: ("people", "who"),
    actions.NotKnownHere: ("people", "who"),
    actions.SupportEnded: ("support",),
    actions.NotOfThisHub: ("leader",),
    actions.NoSuchPartner: ("email",),
    actions.LeadsAlready: ("email",),
    actions.ReasonMissing: ("reason", "words", "name"),
}


def said_by(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and when."""
    return {"by": request.user, "at": timezone.now()}


def support_of(request: HttpRequest, pk: int) -> Any:
    """Return a support that this person may know; 404 otherwise."""
    return get_object_or_404(queries.visible_to(request.user), pk=pk)


def session_of(request: HttpRequest, pk: int) -> Any:
    """Return a session that this person may know; 404 otherwise."""
    return get_object_or_404(queries.sessions_visible_to(request.user), pk=pk)


def hub_of(request: HttpRequest) -> tuple[Any, list[Any]]:
    """Return the hub that the page is about, and those to choose from; 404 for whom there is none."""
    teams = casework.teams_of(request.user)
    if not teams:
        raise Http404
    asked = request.GET.get("hub", "")
    team = next((team for team in teams if str(team.pk) == asked), teams[0])
    return team, teams if len(teams) > 1 else []


def works_anywhere(request: HttpRequest) -> bool:
    """Say whether this person works with families in any hub."""
    return bool(request.user.can(Permission.CASE_WORK))


def ask(
    request: HttpRequest,
    form: Form,
    do: Callable[[], None],
    *,
    done: str,
    template: str = "supports/question.html",
    **context: Any,
) -> HttpResponse:
    """Show one thing to answer; do it, or say at its field why it cannot be done."""
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except actions.NotPossible as refusal:
            fields = (name for name in AT_FIELD.get(type(refusal), ()) if name in form.fields)
            form.add_error(next(fields, None), str(refusal))
        else:
            return redirect(done)
    return render(request, template, {"form": form, "back": done, **context})
