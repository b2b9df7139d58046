"""A case ends, with what becomes of all that is open; and is opened again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.casework import actions, handing_over, permissions, still_open
from kith.casework.forms import CloseForm, ReasonForm
from kith.casework.views.asking import ask_about, case_of, said_by, words_stay
from kith.referrals import queries as referrals


@never_cache
@words_stay
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a case: why, what came of it, words for the sender and the family, and what becomes of
    everything that is open."""
    found = case_of(request, reference)
    permissions.may_close(request.user, found).or_raise()
    today = timezone.localdate()
    taken_up = any(
        one["what"] == "step_up_decided" and one["before"] == "accepted"
        for one in handing_over.history_of(request.user, found)[:1]
    )
    form = CloseForm(
        request.POST or None,
        still_open=still_open.of_case(request.user, found, today),
        today=today,
        initial={"reason": "stepped_up"} if taken_up else {},
    )

    def do() -> None:
        actions.close(case=found, **form.others, becomes=form.becomes, **said_by(request))
        messages.success(
            request, f"{found.reference} is closed. You can print a letter for the family."
        )

    return ask_about(
        request,
        found,
        form,
        do,
        template="casework/close.html",
        title="Close this case",
        button="Close the case",
        family_address=referrals.family_address(request.user, found.referral),
    )


@login_required
@never_cache
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a closed case again, knowing what ended with it."""
    found = case_of(request, reference)
    permissions.may_close(request.user, found).or_raise()
    form = ReasonForm(request.POST or None)

    def do() -> None:
        actions.reopen(case=found, reason=form.cleaned_data["reason"], **said_by(request))
        messages.success(
            request,
            f"{found.reference} is open again and waits for a worker."
            + (" What had ended with it stays ended." if found.became else ""),
        )

    return ask_about(
        request,
        found,
        form,
        do,
        template="casework/reopen.html",
        title="Open this case again",
        button="Open again",
    )
