"""A family's places on groups and sessions, and how it attends them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.audit.actions import saw_once
from kith.families import queries as families
from kith.supports import actions, permissions, queries
from kith.supports.forms import EndForm, PlaceForm
from kith.supports.views.asking import ask, said_by


def _records(request: HttpRequest, reference: str) -> list[Any]:
    records = families.records_called(request.user, reference)
    if not records:
        raise Http404
    return records


@login_required
@never_cache
def family(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what a family's people are placed on, and how they attend."""
    records = _records(request, reference)
    found, now = records[0], timezone.now()
    saw_once(viewer=request.user, family_id=found.pk, page="supports", at=now)
    today = timezone.localdate()
    places = queries.places_of(request.user, records, today)
    return render(
        request,
        "supports/family.html",
        {
            "family": found,
            "case": queries.open_case_of(request.user, records),
            "now": [(one, _may(request, one)) for one in places if not one.over],
            "before": [one for one in places if one.over],
            "came": queries.came_to(request.user, records),
            "may_place": bool(queries.could_be_placed(request.user, records, today)),
        },
    )


def _may(request: HttpRequest, one: queries.Place) -> bool:
    return one.placement.until is None and bool(
        permissions.may_place(request.user, one.placement.support)
    )


@login_required
@never_cache
def place(request: HttpRequest, reference: str) -> HttpResponse:
    """Place people of a family on a group or session."""
    records = _records(request, reference)
    found, today = records[0], timezone.localdate()
    saw_once(viewer=request.user, family_id=found.pk, page="supports", at=timezone.now())
    back = reverse("supports:family", args=[reference])
    given = queries.could_be_placed(request.user, records, today)
    if not given:
        messages.info(request, "No hub of yours that works with this family gives anything yet.")
        return redirect(back)
    case = queries.open_case_of(request.user, records)
    members = list(families.people_of(request.user, found, records=records))
    form = PlaceForm(
        request.POST or None,
        given=given,
        members=members,
        goals=queries.goals_in_hand(request.user, case),
        initial={"since": today},
    )

    def do() -> None:
        made = actions.place(family=found, case=case, **form.answers, **said_by(request))
        who = ", ".join(one.person.given_names for one in made)
        messages.success(request, f"{who}: placed on {made[0].what}.")

    return ask(
        request,
        form,
        do,
        done=back,
        title="Place people on a group or session",
        caption=f"{found.name}, {found.reference}",
        button="Place them",
    )


@login_required
@never_cache
def end_place(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's place."""
    found = get_object_or_404(queries.placements_visible_to(request.user), pk=pk)
    permissions.may_place(request.user, found.support).or_raise()
    form = EndForm(request.POST or None, must=False, initial={"until": timezone.localdate()})

    def do() -> None:
        actions.end_placement(placement=found, **form.cleaned_data, **said_by(request))
        messages.success(request, "The place has ended.")

    return ask(
        request,
        form,
        do,
        done=reverse("supports:family", args=[found.family.reference]),
        title=f"End the place on {found.what}",
        caption=f"{found.person}, {found.family.name}",
        button="End the place",
    )
