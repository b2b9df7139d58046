"""Asking children's social care to take a family up: the worker's words, the manager's, the answer."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kith.casework import actions, permissions, queries, stepping_up
from kith.casework.stepping_up_forms import (
    DecisionForm,
    ReceiptForm,
    SendForm,
    StepDownReceiptForm,
    StepUpForm,
    WhyForm,
)
from kith.casework.views.asking import ask, ask_about, case_of, note_sight, said_by, words_stay
from kith.casework.views.hub import hub_asked_for, hub_page
from kith.families import queries as families
from kith.referrals import actions as referral_actions
from kith.referrals import queries as referrals
from kith.referrals.print import as_pdf


@login_required
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """Show what a hub asks of social care, and how it stands."""
    if not queries.teams_of(request.user):
        raise Http404
    every = request.GET.get("hub") == "all" and len(queries.teams_of(request.user)) > 1
    team = None if every else hub_asked_for(request)
    found = list(stepping_up.listed(request.user, timezone.now(), team))
    return render(
        request,
        "casework/stepping_up/listed.html",
        {
            "team": team,
            "every": True,
            "rows": [one for one in found if one.state == "asked"],
            "sent": [one for one in found if one.state in ("sent", "received")],
            "over": [one for one in found if one.state == "decided"],
            "days": stepping_up.SHOWN_FOR.days,
            **hub_page(request, "step_ups", team),
        },
    )


@never_cache
@words_stay
def ask_manager(request: HttpRequest, reference: str) -> HttpResponse:
    """Say why early help is not enough, and ask the manager."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    form = StepUpForm(
        request.POST or None,
        desks=stepping_up.organisations(request.user),
        people=families.people_of(request.user, found.family),
        today=timezone.localdate(),
    )

    def do() -> None:
        actions.ask_step_up(case=found, **form.said, **said_by(request))
        if permissions.may_step_up(request.user, found):
            messages.success(request, "It is written down. Send it, or decide otherwise.")
        else:
            messages.success(request, "Your manager is asked. Until then nothing has been sent.")

    return ask_about(
        request,
        found,
        form,
        do,
        template="casework/stepping_up/ask.html",
        desks=bool(form.desks),
    )


@login_required
@never_cache
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was asked of social care, how it stands, and what can be done."""
    found = _of(request, pk)
    note_sight(request, found.case.family, "step_up")
    may_step_up = permissions.may_step_up(request.user, found.case)
    may_work = permissions.may_work(request.user, found.case)
    return render(
        request,
        "casework/stepping_up/one.html",
        {
            "step_up": found,
            "case": found.case,
            "may_approve": may_step_up and found.state == "asked",
            "may_withdraw": may_step_up and found.state in ("sent", "received"),
            "may_keep_receipt": may_work and found.state == "sent",
            "may_keep_decision": may_work and found.state in ("sent", "received"),
            "may_close": found.decision == "accepted"
            and found.case.closed_at is None
            and permissions.may_close(request.user, found.case),
        },
    )


@login_required
@never_cache
@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Give what was sent to social care as PDF."""
    found = _of(request, pk)
    if not found.document:
        raise Http404
    note_sight(request, found.case.family, "step_up")
    return on_paper(found)


def on_paper(step_up: Any) -> HttpResponse:
    """Return what social care reads as PDF."""
    known = step_up.document
    made = as_pdf(
        title=f"Request to children’s social care: {known['family']}",
        reference=known["reference"],
        county=settings.KITH_COUNTY,
        lead=[f"To {step_up.organisation}.", "Confidential: for this desk alone."],
        sections=known["sections"],
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{known["reference"]}-social-care.pdf"'
    return response


@login_required
@never_cache
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve that social care is asked, and say how."""
    found = _of(request, pk)
    permissions.may_step_up(request.user, found.case).or_raise()
    for_the_hub = permissions.manages(request.user, found.case)
    form = SendForm(request.POST or None, step_up=found, for_the_hub=for_the_hub)

    def do() -> None:
        sent = actions.send_step_up(step_up=found, **form.cleaned_data, **said_by(request))
        messages.success(
            request,
            f"{sent.organisation} is asked. The case stays with {found.case.team} until it answers.",
        )

    return _ask(
        request, found, form, do, title="Send this to social care", button="Send to social care"
    )


@login_required
@never_cache
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide that social care is not asked."""
    found = _of(request, pk)
    permissions.may_step_up(request.user, found.case).or_raise()
    form = WhyForm(request.POST or None, asked="Why is social care not asked?")

    def do() -> None:
        actions.refuse_step_up(step_up=found, **form.cleaned_data, **said_by(request))
        messages.success(request, "The worker is told why.")

    return _ask(request, found, form, do, title="Do not ask social care", button="Save")


@login_required
@never_cache
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask social care no more."""
    found = _of(request, pk)
    permissions.may_step_up(request.user, found.case).or_raise()
    form = WhyForm(request.POST or None, asked="Why is social care asked no more?")

    def do() -> None:
        actions.withdraw_step_up(step_up=found, **form.cleaned_data, **said_by(request))
        messages.success(request, "Taken back: its link opens nothing. Ring social care as well.")

    return _ask(request, found, form, do, title="Take this request back", button="Take it back")


@login_required
@never_cache
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who at social care has it."""
    found = _of(request, pk)
    permissions.may_work(request.user, found.case).or_raise()
    form = ReceiptForm(request.POST or None)

    def do() -> None:
        actions.keep_receipt(step_up=found, **form.cleaned_data, **said_by(request))
        messages.success(request, "The receipt is written down.")

    return _ask(request, found, form, do, title="Write down the receipt", button="Save receipt")


@login_required
@never_cache
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what social care decided."""
    found = _of(request, pk)
    permissions.may_work(request.user, found.case).or_raise()
    form = DecisionForm(request.POST or None, step_up=found)

    def do() -> None:
        actions.keep_decision(step_up=found, **form.cleaned_data, **said_by(request))
        messages.success(request, "What social care decided is written down.")

    return _ask(
        request, found, form, do, title="What did social care decide?", button="Save decision"
    )


@login_required
@never_cache
def give_receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell social care that the hub has a family that it stepped down."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    if referrals.step_down_of(request.user, found.referral) is None:
        raise Http404
    form = StepDownReceiptForm(request.POST or None)

    def do() -> None:
        try:
            referral_actions.give_receipt(
                referral=found.referral, **form.cleaned_data, **said_by(request)
            )
        except referral_actions.ReceiptGiven as given:
            messages.info(request, str(given))
        else:
            messages.success(request, "Social care has your receipt.")

    return ask_about(
        request,
        found,
        form,
        do,
        title="Give social care your receipt",
        button="Send the receipt",
    )


def _of(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(stepping_up.visible_to(request.user), pk=pk)


def _ask(request: HttpRequest, step_up: Any, form: Any, do: Any, **context: Any) -> HttpResponse:
    return ask(
        request,
        form,
        do,
        done=reverse("casework:step_up", args=[step_up.pk]),
        template="casework/stepping_up/question.html",
        case=step_up.case,
        step_up=step_up,
        **context,
    )
