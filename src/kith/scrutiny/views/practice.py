"""The library of exemplar practice."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kith.figures import registry
from kith.scrutiny import permissions
from kith.scrutiny import practice_queries as queries
from kith.scrutiny.actions import practice as actions
from kith.scrutiny.practice_forms import PracticeForm, StopForm, TakeUpForm
from kith.scrutiny.views.asking import said_by
from kith.scrutiny.views.visits import ask, review_of, tabs_of
from kith.scrutiny.visit_queries import hubs_to_choose

FIELDS = ("title", "what", "where", "for_whom", "needs", "shows", "figure", "contact")


def practice_of(request: HttpRequest, uid: UUID) -> Any:
    """Return a practice that this person may read; refused without the right, 404 otherwise."""
    permissions.may_see(request.user).or_raise()
    return get_object_or_404(queries.practices(request.user), uid=uid)


def _page(practice: Any) -> str:
    return reverse("visits:practice", args=[practice.uid])


@login_required
@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the whole library."""
    permissions.may_see(request.user).or_raise()
    return render(
        request,
        "scrutiny/reviews/practices.html",
        {
            "practices": queries.practices(request.user),
            "may_write": permissions.may_answer(request.user),
        },
    )


@login_required
@never_cache
@require_safe
def of_review(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what one review found."""
    review = review_of(request, uid)
    return render(
        request,
        "scrutiny/reviews/practices.html",
        {
            "review": review,
            "tabs": tabs_of(request, review, "visits:of_review"),
            "practices": queries.practices(request.user, review),
            "may_write": permissions.may_answer(request.user),
        },
    )


@login_required
@never_cache
@require_safe
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a practice, who has taken it up, and whether their figures moved."""
    found = practice_of(request, uid)
    return render(
        request,
        "scrutiny/reviews/practice.html",
        {
            "practice": found,
            "lines": queries.taken_up(request.user, found, timezone.now()),
            "figure": registry.name_of(found.figure) if found.figure else "",
            "may_write": permissions.may_answer(request.user),
        },
    )


@login_required
@never_cache
def new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write down what works somewhere, found by a review."""
    review = review_of(request, uid)
    permissions.may_answer(request.user).or_raise()
    form = PracticeForm(
        request.POST or None, hubs=hubs_to_choose(), figures=registry.to_choose(by="hub")
    )

    def do() -> None:
        actions.keep_practice(details=form.details, review=review, **said_by(request))
        messages.success(request, "It is in the library.")

    return ask(
        request, form, do, done=reverse("visits:of_review", args=[review.uid]),
        title="Add exemplar practice", button="Add it", caption=review.title,
    )  # fmt: skip


@login_required
@never_cache
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change what is said of a practice."""
    found = practice_of(request, uid)
    permissions.may_answer(request.user).or_raise()
    form = PracticeForm(
        request.POST or None,
        hubs=hubs_to_choose(),
        figures=registry.to_choose(by="hub"),
        initial={name: getattr(found, name) for name in FIELDS} | {"hub": str(found.hub_id or "")},
    )

    def do() -> None:
        actions.keep_practice(details=form.details, practice=found, **said_by(request))
        messages.success(request, "It is changed.")

    return ask(
        request, form, do, done=_page(found), title="Change the practice", button="Save",
        caption=found.title,
    )  # fmt: skip


@login_required
@never_cache
def take_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write down that another hub took it up."""
    found = practice_of(request, uid)
    permissions.may_answer(request.user).or_raise()
    hubs = [hub for hub in hubs_to_choose() if hub.pk != found.hub_id]
    form = TakeUpForm(request.POST or None, hubs=hubs)

    def do() -> None:
        said = form.cleaned_data
        actions.take_up(
            practice=found,
            hub=form.chosen,
            since=said["since"],
            words=said["words"],
            **said_by(request),
        )
        messages.success(request, "It is written down, with the figure of that day.")

    return ask(
        request, form, do, done=_page(found), title="Another hub takes it up", button="Save",
        caption=found.title,
    )  # fmt: skip


@login_required
@never_cache
def stop(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Write down that a hub does it no longer."""
    found = practice_of(request, uid)
    permissions.may_answer(request.user).or_raise()
    taken = get_object_or_404(found.taken_up, pk=pk)
    form = StopForm(request.POST or None)

    def do() -> None:
        actions.stop_taking_up(taken=taken, on=form.cleaned_data["on"], **said_by(request))
        messages.success(request, "It is written down.")

    return ask(
        request, form, do, done=_page(found), title=f"{taken.hub} does it no longer", button="Save",
        caption=found.title,
    )  # fmt: skip
