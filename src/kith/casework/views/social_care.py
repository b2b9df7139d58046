"""What children's social care sees by its private link: one request, its receipt and its decision."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kith.casework import actions, stepping_up
from kith.casework.stepping_up_forms import DecisionForm, ReceiptForm
from kith.casework.views.by_code import ByCode
from kith.casework.views.stepping_up import on_paper

DECIDED = "decided"  # two forms stand on the page
PAGE = ByCode(
    "step_up",
    stepping_up.STEP_UP,
    stepping_up.page_opened,
    what="the request",
    over="casework/stepping_up/over.html",
)


@never_cache
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open a request by its link: a code is sent to where the link went, and asked for."""
    return PAGE.link(request, secret)


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the request, and ask for a receipt and a decision."""
    found, refused = _mine(request)
    if found is None:
        return refused
    return _show(request, found)


@never_cache
@require_safe
def pdf(request: HttpRequest) -> HttpResponse:
    """Give the request as PDF."""
    found, refused = _mine(request)
    return on_paper(found) if found else refused


@never_cache
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """Take social care's receipt."""
    found, refused = _mine(request)
    if found is None:
        return refused
    form = ReceiptForm(request.POST, by_link=True)
    if form.is_valid() and _done(form, actions.keep_receipt, found):
        messages.success(request, "Thank you. The hub knows that you have it.")
        return redirect("step_up:page")
    return _show(request, found, receipt_form=form)


@never_cache
@require_POST
def decision(request: HttpRequest) -> HttpResponse:
    """Take what social care decided."""
    found, refused = _mine(request)
    if found is None:
        return refused
    form = DecisionForm(request.POST, step_up=found, by_link=True, prefix=DECIDED)
    if form.is_valid() and _done(form, actions.keep_decision, found):
        request.session.pop(PAGE.name, None)
        return render(request, "casework/stepping_up/thanks.html", {})
    return _show(request, found, decision_form=form)


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the request on this computer."""
    return PAGE.leave(request)


def _done(form: Form, act: Any, found: Any) -> bool:
    try:
        act(step_up=found, **form.cleaned_data, by=None, at=timezone.now())
    except actions.NotPossible as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _show(request: HttpRequest, found: Any, **forms: Any) -> HttpResponse:
    shown = {
        "receipt_form": ReceiptForm(by_link=True),
        "decision_form": DecisionForm(step_up=found, by_link=True, prefix=DECIDED),
    } | forms
    tried = next(iter(forms.values()), None)
    return render(
        request, "casework/stepping_up/page.html", {"step_up": found, "form": tried, **shown}
    )


def _mine(request: HttpRequest) -> tuple[Any, HttpResponse]:
    page, refused = PAGE.mine(request)
    return (stepping_up.opened_by_link(None) if page else None), refused
