"""How a hub looks after its work: how much each family needs."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from kith.casework import actions, oversight, permissions
from kith.casework import intensity as counting
from kith.casework.oversight_forms import IntensityForm, WeightsForm
from kith.casework.views.asking import ask, ask_about, case_of, said_by


def case_facts(request: HttpRequest, case: Any) -> dict[str, Any]:
    """Return what a case's page says of the hub's oversight."""
    return {
        "counts_as": counting.weights()[case.intensity],
        "intensity_set": oversight.intensity_changes_of(request.user, case).first(),
        "may_set_intensity": permissions.may_set_intensity(request.user, case),
    }


@login_required
@never_cache
def intensity(request: HttpRequest, reference: str) -> HttpResponse:
    """Say how much work a family needs."""
    found = case_of(request, reference)
    permissions.may_set_intensity(request.user, found).or_raise()
    form = IntensityForm(request.POST or None, case=found, weights=counting.explained())

    def do() -> None:
        actions.set_intensity(case=found, **form.cleaned_data, **said_by(request))
        messages.success(request, "Saved. The caseload counts it from now on.")

    return ask_about(
        request, found, form, do, title="How much work does the family need?", button="Save"
    )


@login_required
@never_cache
def weights(request: HttpRequest) -> HttpResponse:
    """Set as how many families one counts, by intensity."""
    permissions.may_set_weights(request.user).or_raise()
    form = WeightsForm(request.POST or None, weights=counting.explained())

    def do() -> None:
        actions.set_weights(weights=form.cleaned_data, **said_by(request))
        messages.success(request, "Saved. Every caseload counts so from now on.")

    return ask(
        request,
        form,
        do,
        done=reverse("casework:weights"),
        template="casework/oversight/weights.html",
        weights=counting.explained(),
        settings_url=reverse("county_settings"),
    )
