"""What these pages share: finding the case, asking one question, and noting who looked."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from kith.audit.actions import saw_once
from kith.casework import actions, queries
from kith.families import queries as families

# Where on the form a refusal is said; the rest is said above it.
AT_FIELD: dict[type[Exception], tuple[str, ...]] = {
    actions.AlreadyWritten: ("held_on",),
    actions.InTheFuture: ("time", "held_on", "since"),
    actions.TooEarly: ("on", "due_on", "next_on", "until"),
    actions.NotShared: ("organisation",),
    actions.WithWhomUnclear: ("with_whom",),
    actions.ConsentNeeded: ("purpose",),
    actions.CompetenceUnclear: ("competence",),
    actions.NotSafe: ("way",),
    actions.TooManyFamilies: ("reason",),
    actions.NotOfThisHub: ("worker", "owner"),
    actions.ReasonMissing: ("reason",),
    actions.SameHub: ("hub",),
    actions.ActionsOpen: ("drop_actions",),
    actions.SameIntensity: ("intensity",),
    actions.WeightsOutOfOrder: ("intensive",),
}


def case_of(request: HttpRequest, reference: str) -> Any:
    """Return a case that this person may see; 404 otherwise."""
    return get_object_or_404(queries.with_names(request.user), reference=reference)


def said_by(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and when."""
    return {"by": request.user, "at": timezone.now()}


def ask_about(
    request: HttpRequest,
    case: Any,
    form: Form,
    do: Callable[[], None],
    *,
    template: str = "casework/question.html",
    **context: Any,
) -> HttpResponse:
    """Ask one question about a case, and go back to its page when it is answered."""
    back = reverse("casework:case", args=[case.reference])
    return ask(request, form, do, done=back, template=template, case=case, **context)


def ask(
    request: HttpRequest,
    form: Form,
    do: Callable[[], None],
    *,
    done: str,
    template: str,
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


def note_sight(request: HttpRequest, family: Any, page: str, standings: Any = None) -> None:
    """Note that this person saw a family's record, and by what right.

    `standings` are those in force with the family, where they are at hand.
    """
    if standings is None:
        standings = families.teams_with_standing(request.user, family, records=[family])
    saw_once(
        viewer=request.user,
        family_id=family.pk,
        page=page,
        at=timezone.now(),
        right=queries.right_to_see(request.user, family, standings),
    )
