"""Pages of returns: asking, what must be mended, taking the file, and reading another's workbook."""

import csv
from collections import Counter
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kith.analytics.returns.faults import KINDS
from kith.returns import actions, queries
from kith.returns.files import report_lines
from kith.returns.forms import AskForm, WorkbookForm
from kith.returns.permissions import may_make, may_see_list
from kith.returns.workbook import LARGEST, Unreadable

if TYPE_CHECKING:
    from kith.returns.models import Return

A_PAGE = 50
MOST_SHOWN = 1_000
ABOUT = {
    "annex_a": (
        "For an inspection by Ofsted: contacts, early help assessments and referrals of the six "
        "months before its date, a row for each child."
    ),
    "ssd": (
        "Eight tables of six years, in the columns that councils’ analysts share: people, families, "
        "addresses, contacts, episodes, involvements, professionals and departments."
    ),
    "cin": (
        "What early help knows of each child passed to children’s social care in the year to "
        "31 March, in the elements of the DfE’s census, for social care’s system to complete."
    ),
}


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show which returns can be made, and which were."""
    may_see_list(request.user).or_raise()
    page = Paginator(queries.listed(request.user), A_PAGE).get_page(request.GET.get("page"))
    maker = may_make(request.user)
    kinds = [(key, queries.KIND_NAMES[key], about) for key, about in ABOUT.items()]
    context = {
        "page": page,
        "kinds": kinds if maker else [],
        "maker": maker,
        "kept_days": actions.KEPT_DAYS,
    }
    return render(request, "returns/listed.html", context)


@login_required
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for a return."""
    may_make(request.user).or_raise()
    if kind not in ABOUT:
        raise Http404
    now = timezone.now()
    typed = request.POST if request.method == "POST" else None
    form = AskForm(typed, kind=kind, today=timezone.localdate(now))
    if form.is_bound and form.is_valid():
        asked = actions.ask(
            kind=kind,
            form=form.cleaned_data["form"],
            on=form.cleaned_data["on"],
            by=request.user,
            at=now,
        )
        return redirect("jobs:one", asked.job_id)
    context = {
        "form": form,
        "name": queries.KIND_NAMES[kind],
        "about": ABOUT[kind],
        "kept_days": actions.KEPT_DAYS,
    }
    return render(request, "returns/ask.html", context)


@login_required
@never_cache
@require_safe
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """Show what a return tells, and what a person must mend before it is right."""
    made = _find(request, pk)
    chosen = request.GET.get("kind", "")
    chosen = chosen if chosen in KINDS else ""
    mine = made.by_id == request.user.pk
    page = Paginator(queries.to_mend(request.user, made, chosen), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "made": made,
        "mine": mine,
        "file": mine and queries.has_file(request.user, made),
        "counts": [(KINDS[key], made.faults[key]) for key in KINDS if made.faults.get(key)],
        "total": sum(made.faults.values()),
        "chosen": KINDS.get(chosen),
        "page": page,
        "places": queries.places(request.user, list(page)),
        "kept_days": actions.KEPT_DAYS,
    }
    return render(request, "returns/one.html", context)


@login_required
@never_cache
@require_safe
def take(request: HttpRequest, pk: str) -> HttpResponse:
    """Give the file to whoever asked for it."""
    made = _find(request, pk)
    try:
        kept = actions.take(made=made, by=request.user, at=timezone.now())
    except actions.Forgotten:
        raise Http404 from None
    response = HttpResponse(bytes(kept.content), content_type=kept.content_type)
    response["Content-Disposition"] = f'attachment; filename="{kept.name}"'
    return response


@login_required
@require_POST
def forget(request: HttpRequest, pk: str) -> HttpResponse:
    """Throw the file away."""
    made = _find(request, pk)
    if made.by_id != request.user.pk:
        raise Http404
    actions.forget(made=made, by=request.user, at=timezone.now())
    messages.success(request, "The file is thrown away.")
    return redirect("returns:one", made.pk)


@login_required
@never_cache
def read(request: HttpRequest) -> HttpResponse:
    """Read a workbook, and report every value that is wrong."""
    may_make(request.user).or_raise()
    bound = request.method == "POST"
    form = WorkbookForm(request.POST, request.FILES) if bound else WorkbookForm()
    report = None
    if form.is_bound and form.is_valid():
        # One byte more than may be, so that too large is said and not cut.
        content = form.cleaned_data["file"].read(LARGEST + 1)
        try:
            report = actions.read_workbook(content=content, by=request.user, at=timezone.now())
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
    if report is not None and request.POST.get("as") == "csv":
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="annex-a-report.csv"'
        csv.writer(response).writerows(report_lines(report))
        return response
    context = {
        "form": form if report is None else WorkbookForm(),
        "report": report,
        "by_column": Counter((one.sheet, one.column) for one in report.wrong).items()
        if report
        else [],
        "findings": report.wrong[:MOST_SHOWN] if report else [],
        "more": report is not None and len(report.wrong) > MOST_SHOWN,
        "understood": [(*key, count) for key, count in report.understood.items()][:MOST_SHOWN]
        if report
        else [],
        "understood_cells": sum(report.understood.values()) if report else 0,
    }
    return render(request, "returns/read.html", context)


def _find(request: HttpRequest, pk: str) -> "Return":
    may_see_list(request.user).or_raise()
    return get_object_or_404(queries.listed(request.user), pk=pk)
