"""Pages of emergency looks: opening a record, and reviewing those who did."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission, refuse
from kith.families import actions, emergencies
from kith.families.actions.emergency import SHORTEST_REASON
from kith.families.context import SESSION_KEY
from kith.families.permissions import already_reviewed, may_review
from kith.ui.fields import DateField, PlainTextField

A_PAGE = 25


class EmergencyForm(forms.Form):
    """Which family, and why now."""

    mark_optional = False
    reference = PlainTextField(
        required=False,
        max_length=20,
        label="The family's number",
        help_text="Such as F-004217. Leave empty if you do not know it.",
    )
    given_names = PlainTextField(
        required=False, max_length=100, label="First names of a child or adult of the family"
    )
    family_name = PlainTextField(required=False, max_length=100, label="Family name")
    date_of_birth = DateField(required=False, past=True, label="Date of birth")
    reason = PlainTextField(
        lines=True,
        max_length=2000,
        label="Why must you see this record now?",
        help_text="Write what has happened, and who is at risk. Somebody else will read it.",
    )

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"])
        if len(reason) < SHORTEST_REASON:
            raise forms.ValidationError("Write a whole sentence: somebody else must understand it.")
        return reason

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        names = [given.get(key) for key in ("given_names", "family_name", "date_of_birth")]
        if not given.get("reference") and not all(names) and not self.errors:
            self.add_error(
                "reference",
                "Enter the family's number; or first names, family name and date of birth.",
            )
        return given


@needs(Permission.FAMILY_EMERGENCY)
def look(request: HttpRequest) -> HttpResponse:
    """Open a family's record for four hours, in an emergency."""
    form = EmergencyForm(request.POST or None, initial={"reference": request.GET.get("family", "")})
    if request.method == "POST" and form.is_valid():
        reference = _reference(request, form)
        if reference:
            try:
                opened = actions.break_glass(
                    family_reference=reference,
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    at=timezone.now(),
                )
            except actions.NoSuchFamily as why:
                actions.note_refused_look(
                    family_reference=reference,
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    at=timezone.now(),
                )
                form.add_error("reference", str(why))
            except actions.ReasonMissing as why:
                form.add_error("reason", str(why))
            else:
                request.session[SESSION_KEY] = opened.until.timestamp()
                messages.success(request, "The record is open to you for four hours.")
                return redirect("casework:family", opened.family.reference)
    return render(request, "families/emergency.html", {"form": form})


def _reference(request: HttpRequest, form: EmergencyForm) -> str:
    """Return the family's number, looked up by a name and birthday where it is not known."""
    given = form.cleaned_data
    if given["reference"]:
        return str(given["reference"])
    found = actions.look_for_in_emergency(
        given_names=given["given_names"],
        family_name=given["family_name"],
        date_of_birth=given["date_of_birth"],
        reason=given["reason"],
        by=request.user,
        at=timezone.now(),
    )
    if len(found) == 1:
        return found[0]
    if found:
        form.add_error("reference", f"There are several: {', '.join(found)}. Enter one number.")
    else:
        form.add_error(
            "family_name",
            "Nobody is recorded with exactly this name and date of birth. Check the spelling.",
        )
    return ""


@needs(Permission.EMERGENCY_REVIEW)
def looks(request: HttpRequest) -> HttpResponse:
    """List emergency looks that wait for a review, or have had it."""
    state = "done" if request.GET.get("state") == "done" else "waiting"
    found = emergencies.reviewed_by(request.user, state)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    known = emergencies.references(request.user, {one.family_id for one in page})
    return render(
        request,
        "families/emergencies.html",
        {
            "page": page,
            "state": state,
            "lines": [(one, known.get(one.family_id, "")) for one in page],
        },
    )


class ReviewForm(forms.Form):
    """Was it justified, and why?"""

    justified = forms.ChoiceField(
        label="Was there a good reason to look?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
    )
    review = PlainTextField(lines=True, max_length=2000, label="What did you find?")


@needs(Permission.EMERGENCY_REVIEW)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether an emergency look was justified."""
    emergency = get_object_or_404(emergencies.reviewed_by(request.user, "all"), pk=pk)
    may = may_review(request.user, emergency)
    if emergency.reviewed_at:
        may = refuse(already_reviewed(emergency, request.user))
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_emergency(
                emergency=emergency,
                justified=form.cleaned_data["justified"] == "yes",
                review=form.cleaned_data["review"],
                by=request.user,
                at=timezone.now(),
            )
        except (actions.AlreadyReviewed, PermissionDenied) as why:
            messages.info(request, str(why))
        else:
            messages.success(request, "Your review is saved.")
        return redirect("families:emergencies")
    known = emergencies.references(request.user, {emergency.family_id})
    return render(
        request,
        "families/review_emergency.html",
        {
            "form": form,
            "emergency": emergency,
            "reference": known.get(emergency.family_id, ""),
            "may": may,
        },
    )
