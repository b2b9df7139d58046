"""Watching, stopping and repeating long work."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kith.accounts.permissions import Permission
from kith.jobs import actions, queries

if TYPE_CHECKING:
    from kith.jobs.models import Job

A_PAGE = 50
NOT_FACTS = ("said", "see")


class StateForm(forms.Form):
    """Which jobs to show."""

    mark_optional = False
    state = forms.ChoiceField(label="State", required=False, choices=queries.STATES)
    week = forms.BooleanField(label="Last seven days only", required=False)


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """List what one has asked for."""
    return _listed(request, queries.mine(request.user), "What you have asked for", everyone=False)


@login_required
def everyones(request: HttpRequest) -> HttpResponse:
    """List what everybody has asked for."""
    if not request.user.can(Permission.JOB_SEE_ALL):
        raise PermissionDenied("Only county leads and administrators see everybody's work.")
    form = StateForm(request.GET)
    form.is_valid()
    since = timezone.now() - timedelta(days=7) if form.cleaned_data.get("week") else None
    jobs = queries.everyones(request.user, form.cleaned_data.get("state", ""), since=since)
    return _listed(request, jobs, "What everybody has asked for", everyone=True, form=form)


@login_required
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """Show how far one piece of work is, and what came of it."""
    job = _find(request, pk)
    facts = [
        (name.replace("_", " ").capitalize(), value)
        for name, value in job.result.items()
        if name not in NOT_FACTS and isinstance(value, (str, int, float))
    ]
    return render(request, "jobs/one.html", {"job": job, "facts": facts})


@login_required
def progress(request: HttpRequest, pk: str) -> HttpResponse:
    """Answer a page that watches: how far it is; and once it has ended, show the page anew."""
    job = _find(request, pk)
    response = render(request, "jobs/progress.html", {"job": job})
    if not job.at_work:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def cancel(request: HttpRequest, pk: str) -> HttpResponse:
    """Stop work."""
    job = _find(request, pk)
    try:
        actions.cancel(job=job, by=request.user, at=timezone.now())
    except actions.AlreadyEnded as ended:
        messages.info(request, str(ended))
    return redirect("jobs:one", pk=job.pk)


@login_required
@require_POST
def again(request: HttpRequest, pk: str) -> HttpResponse:
    """Start work again."""
    job = _find(request, pk)
    try:
        actions.again(job=job, by=request.user, at=timezone.now())
    except actions.NotEnded as not_ended:
        messages.info(request, str(not_ended))
    return redirect("jobs:one", pk=job.pk)


def _find(request: HttpRequest, pk: str) -> "Job":
    return get_object_or_404(queries.visible_to(request.user).select_related("by"), pk=pk)


def _listed(
    request: HttpRequest,
    jobs: "QuerySet[Job]",
    heading: str,
    *,
    everyone: bool,
    form: StateForm | None = None,
) -> HttpResponse:
    context = {
        "page": Paginator(jobs, A_PAGE).get_page(request.GET.get("page")),
        "heading": heading,
        "everyone": everyone,
        "all_too": request.user.can(Permission.JOB_SEE_ALL),
        "form": form,
    }
    return render(request, "jobs/listed.html", context)
