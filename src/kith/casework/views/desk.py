"""The county desk decides: what hubs know of a family, and accepting for one of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.casework import actions, permissions, wordings
from kith.casework.forms import AcceptForm
from kith.casework.suggestions import suggested_hubs
from kith.hubs.calendar import promised
from kith.notices.queries import words_to_begin_with
from kith.referrals import actions as referral_actions
from kith.referrals import queries as referrals
from kith.referrals.views.desk import page_of


@login_required
@never_cache
def at_desk(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the desk one request, with what each hub knows of the family and its room for more."""
    page = page_of(request, reference)
    if page["undecided"] and page["may_decide"]:
        page["hubs"] = suggested_hubs(request.user, page["referral"], timezone.localdate())
    return render(request, "casework/at_desk.html", page)


@login_required
@never_cache
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """Accept a request for a hub: each hub with what speaks for it."""
    referral = get_object_or_404(
        referrals.visible_to(request.user).select_related("family", "sender_organisation"),
        reference=reference,
    )
    permissions.may_open(request.user).or_raise()
    now = timezone.now()
    suggestions = suggested_hubs(request.user, referral, timezone.localdate())
    best = suggestions[0] if suggestions else None
    ring_by = timezone.localdate(promised("first_contact", now))
    form = AcceptForm(
        request.POST or None,
        suggestions=suggestions,
        initial={
            "hub": best.hub.pk if best and best.reasons() else None,
            "reason": " ".join(best.reasons()) if best else "",
            "words": words_to_begin_with(
                wordings.ACCEPT,
                {"ring_by": f"{ring_by:%-d %B %Y}", "reference": referral.reference},
            ),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            case = actions.open_from_referral(
                referral=referral,
                hub=form.hubs[form.cleaned_data["hub"]],
                reason=form.cleaned_data["reason"],
                words=form.cleaned_data["words"],
                by=request.user,
                at=now,
            )
        except (referral_actions.AlreadyDecided, actions.CaseExists) as refusal:
            messages.warning(request, str(refusal))
            return redirect("referrals:at_desk", referral.reference)
        messages.success(request, f"{case.reference} now waits for a worker at {case.team}.")
        return redirect("referrals:desk")
    return render(
        request,
        "casework/accept.html",
        {
            "referral": referral,
            "form": form,
            "suggestions": suggestions,
            "best": best,
            "ring_by": ring_by,
            "family_address": referrals.family_address(request.user, referral),
        },
    )
