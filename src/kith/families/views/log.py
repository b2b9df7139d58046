"""Pages of the log: what was done, who saw which family, and both as a file."""

import csv
import io
from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission
from kith.audit.actions import record
from kith.families import log
from kith.families.log import DAYS, KINDS, Search
from kith.ui.fields import DateField, PlainTextField

A_PAGE = 50
MOST_LINES = 50_000
reads_the_log = needs(Permission.AUDIT_SEE_ALL, Permission.AUDIT_SEE_TEAM)


class SearchForm(forms.Form):
    """What to look for in the log."""

    mark_optional = False
    who = PlainTextField(required=False, max_length=100, label="Who")
    reference = PlainTextField(
        required=False,
        max_length=20,
        label="Family or request",
        help_text="Its number, such as F-004217",
    )
    what = forms.ChoiceField(required=False, choices=list(KINDS.items()), label="What")
    since = DateField(required=False, label="From")
    until = DateField(required=False, label="To")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day must not be before the first.")
        return given


def _search(request: HttpRequest) -> tuple[SearchForm, Search]:
    """Return what is looked for; the last month where no days are given.

    A search that cannot be understood finds nothing, and says at the field why.
    """
    form = SearchForm(request.GET if request.GET else None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    until = given.get("until") or timezone.localdate()
    if form.is_bound and not form.is_valid():
        return form, Search(since=until, until=until - timedelta(days=1))
    return form, Search(
        since=given.get("since") or until - timedelta(days=DAYS),
        until=until,
        who=given.get("who", ""),
        reference=given.get("reference", ""),
        what=given.get("what", ""),
    )


@reads_the_log
def done(request: HttpRequest) -> HttpResponse:
    """Show what was done, by whom and when, with what changed."""
    form, search = _search(request)
    page = Paginator(log.entries(request.user, search), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "families/log_done.html",
        {
            "form": form,
            "search": search,
            "page": page,
            "lines": log.entry_lines(request.user, page),
            "all": request.user.can(Permission.AUDIT_SEE_ALL),
        },
    )


@reads_the_log
def seen(request: HttpRequest) -> HttpResponse:
    """Show who saw which family."""
    form, search = _search(request)
    form.fields.pop("what")
    page = Paginator(log.sights(request.user, search), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "families/log_seen.html",
        {
            "form": form,
            "search": search,
            "page": page,
            "lines": log.sight_lines(request.user, page),
            "all": request.user.can(Permission.AUDIT_SEE_ALL),
        },
    )


@reads_the_log
def download(request: HttpRequest) -> HttpResponse:
    """Give what the page shows as a file; that it was taken stands in the log too."""
    _, search = _search(request)
    seen = request.GET.get("list") == "seen"
    text = io.StringIO()
    writer = csv.writer(text)
    for row in log.rows(request.user, search, seen=seen, most=MOST_LINES):
        writer.writerow([_harmless(cell) for cell in row])
    record(
        "log.downloaded",
        subject=request.user,
        by=request.user,
        at=timezone.now(),
        after={"list": "seen" if seen else "done", "since": search.since, "until": search.until}
        | {"who": search.who, "reference": search.reference, "what": search.what},
    )
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="log.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking words for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
