"""The forward plan of a committee, and the executive's key decisions."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.scrutiny import published, queries
from kith.scrutiny.actions import plan, publishing
from kith.scrutiny.actions.common import pairs
from kith.scrutiny.forms import (
    CallInForm,
    CloseEntryForm,
    DecisionForm,
    EntryForm,
    OutcomeForm,
)
from kith.scrutiny.permissions import may_keep
from kith.scrutiny.views.asking import ask, committee_of, do, said_by
from kith.scrutiny.views.minutes import offer_when

PAGES = ["GET", "HEAD", "POST"]
OPEN = ("suggested", "planned", "on_agenda")


@require_safe
@never_cache
@needs(P.SCRUTINY_SEE)
def of_committee(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the forward plan: what is to come, and what became of the rest."""
    committee = committee_of(slug)
    found = list(queries.plan_of(request.user, committee))  # type: ignore[arg-type]
    context = {
        "committee": committee,
        "open": [one for one in found if one.state in OPEN],
        "closed": [one for one in found if one.state not in OPEN],
        "may_keep": may_keep(request.user),  # type: ignore[arg-type]
        "shown": published.plan(committee),
    }
    return render(request, "scrutiny/plan.html", context)


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def write(request: HttpRequest, slug: str, number: int = 0) -> HttpResponse:
    """Add a line, or change it."""
    committee = committee_of(slug)
    entry = queries.plan_of(request.user, committee).filter(pk=number).first() if number else None  # type: ignore[arg-type]
    if number and entry is None:
        raise Http404
    coming = queries.meetings_from(request.user, timezone.now()).filter(committee=committee)  # type: ignore[arg-type]
    known = {str(one.pk): one for one in coming}
    initial = pairs(entry, EntryForm.base_fields) if entry else {}
    if entry:
        initial["due_meeting"] = str(entry.due_meeting_id or "")
        initial["due_month"] = entry.due_month.isoformat() if entry.due_month else ""
        if entry.due_meeting:
            known.setdefault(str(entry.due_meeting_id), entry.due_meeting)
    form = EntryForm(request.POST or None, initial=initial)
    offer_when(form, known)
    then = reverse("scrutiny:plan", args=[slug])
    return ask(
        request,
        form,
        "Change the line" if entry else "Add to the forward plan",
        lambda: plan.keep_entry(
            committee=committee, details=form.details(known), entry=entry, **said_by(request)
        ),
        lambda _: then,
        back=then,
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def close(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say what became of a line."""
    committee = committee_of(slug)
    entry = queries.plan_of(request.user, committee).filter(pk=number).first()  # type: ignore[arg-type]
    if entry is None:
        raise Http404
    form = CloseEntryForm(request.POST or None)
    then = reverse("scrutiny:plan", args=[slug])
    return ask(
        request,
        form,
        entry.title,
        lambda: plan.close_entry(
            entry=entry,
            done=form.cleaned_data["done"] == "yes",
            outcome=form.cleaned_data["outcome"],
            **said_by(request),
        ),
        lambda _: then,
        back=then,
    )


@require_POST
@needs(P.SCRUTINY_KEEP)
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish the forward plan as it stands."""
    committee = committee_of(slug)
    return do(
        request,
        lambda: publishing.publish_plan(committee=committee, **said_by(request)),
        reverse("scrutiny:plan", args=[slug]),
        "The public reads the plan as it stands now.",
    )


@require_safe
@never_cache
@needs(P.SCRUTINY_SEE)
def decisions(request: HttpRequest) -> HttpResponse:
    """Show the executive's decisions to come and taken."""
    found = list(queries.key_decisions(request.user))  # type: ignore[arg-type]
    context = {
        "coming": [one for one in found if not one.decided_on],
        "taken": [one for one in found if one.decided_on],
        "may_keep": may_keep(request.user),  # type: ignore[arg-type]
    }
    return render(request, "scrutiny/decisions.html", context)


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def decision(request: HttpRequest, number: int = 0) -> HttpResponse:
    """Add a decision to come, or say what was decided. It is published at once."""
    known = queries.key_decisions(request.user).filter(pk=number).first() if number else None  # type: ignore[arg-type]
    if number and known is None:
        raise Http404
    form = DecisionForm(request.POST or None, initial=DecisionForm.of(known) if known else {})

    def act() -> None:
        kept = plan.keep_decision(details=form.cleaned_data, decision=known, **said_by(request))
        publishing.publish_decision(decision=kept, **said_by(request))

    then = reverse("scrutiny:decisions")
    return ask(
        request,
        form,
        "Change the decision" if known else "A decision to come",
        act,
        lambda _: then,
        back=then,
        said="It is published.",
        note="At least 28 clear days before a key decision the public must be able to read this "
        "(SI 2012/2089, regulation 9).",
    )


def _decision_of(request: HttpRequest, number: int) -> Any:
    found = queries.key_decisions(request.user).filter(pk=number).first()  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def call_in(request: HttpRequest, number: int) -> HttpResponse:
    """Write down that members called a decision in."""
    found = _decision_of(request, number)
    known = {str(one.pk): one for one in queries.committees() if one.kind in ("scrutiny", "joint")}
    form = CallInForm(request.POST or None, initial={"on": timezone.localdate()})
    form.offer("committee", [(pk, str(one)) for pk, one in known.items()])

    def act() -> None:
        said = form.cleaned_data
        kept = plan.call_in(
            decision=found,
            committee=known[said["committee"]],
            on=said["on"],
            because=said["because"],
            **said_by(request),
        )
        publishing.publish_decision(decision=kept, **said_by(request))

    then = reverse("scrutiny:decisions")
    return ask(
        request, form, f"Call in “{found.title}”", act, lambda _: then, back=then,
        said="It is called in, and stands in the committee’s forward plan.", button="Call it in",
    )  # fmt: skip


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def end_call_in(request: HttpRequest, number: int) -> HttpResponse:
    """Write down what the committee said of a decision that was called in."""
    found = _decision_of(request, number)
    form = OutcomeForm(request.POST or None, initial={"outcome": found.call_in_outcome})

    def act() -> None:
        kept = plan.end_call_in(decision=found, **form.cleaned_data, **said_by(request))
        publishing.publish_decision(decision=kept, **said_by(request))

    then = reverse("scrutiny:decisions")
    title = f"What became of the call-in of “{found.title}”?"
    return ask(request, form, title, act, lambda _: then, back=then, said="It is published.")
