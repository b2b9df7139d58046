"""Many requests in one file: sending it, its report, and the rows that came back."""

import csv
import io
from collections.abc import Iterable

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from kith.referrals import queries
from kith.referrals.actions import filing
from kith.referrals.files import LARGEST_FILE, Unreadable, columns
from kith.referrals.permissions import may_send_for_team
from kith.typed.tables import safe_cell
from kith.ui.fields import ScannedFileField

A_PAGE = 100
COLOURS = {"sent": "green", "changed": "teal", "same": "grey", "decided": "grey", "refused": "red"}


class FileForm(forms.Form):
    """A file to send."""

    file = ScannedFileField(
        largest=LARGEST_FILE,
        label="File of requests",
        help_text="A spreadsheet (.xlsx) or a CSV file, up to 2,000 rows and 5 MB.",
        max_length=150,
    )


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """Show the files one's organisation has sent, and take another."""
    if refusal := _refusal(request):
        raise PermissionDenied(refusal)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            # One byte more than may be, so that too large is said and not cut.
            content = sent.read(filing.files.LARGEST_FILE + 1)
            file = filing.send_file(
                name=sent.name, content=content, by=request.user, at=timezone.now()
            )
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
        else:
            return redirect("referrals:file", pk=file.pk)
    page = Paginator(queries.request_files(request.user).defer("content"), 25).get_page(
        request.GET.get("page")
    )
    needs = queries.needs(request.user)
    context = {"form": form, "page": page, "columns": columns(), "needs": needs}
    return render(request, "referrals/files/listed.html", context)


@login_required
def one(request: HttpRequest, pk: str) -> HttpResponse:
    """Show how far a file has been read, and what became of each row."""
    file = get_object_or_404(queries.request_files(request.user).defer("content"), pk=pk)
    outcomes = queries.file_outcomes(request.user, file)
    outcome = request.GET.get("outcome", "")
    rows = queries.file_rows(request.user, file, outcome if outcome in COLOURS else "")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    names = dict(file.read_rows.model.Outcome.choices)
    return render(
        request,
        "referrals/files/one.html",
        {
            "file": file,
            "job": file.job,
            "page": page,
            "colours": COLOURS,
            "outcomes": [(key, names[key], outcomes.get(key, 0)) for key in COLOURS],
            "refused": outcomes.get("refused", 0),
            "chosen": outcome,
        },
    )


@login_required
def not_sent(request: HttpRequest, pk: str) -> HttpResponse:
    """Give back the rows that were refused, with what to mend in each."""
    file = get_object_or_404(queries.request_files(request.user).defer("content"), pk=pk)
    refused = queries.file_rows(request.user, file, "refused").exclude(cells={})
    lines = (
        [
            *(safe_cell(row.cells.get(column.key, "")) for column in columns()),
            safe_cell("; ".join(f"{where}: {what}" for where, what in row.problems)),
        ]
        for row in refused
    )
    heading = [*(column.title for column in columns()), "What to mend"]
    return _csv("not-sent.csv", [heading, *lines])


@login_required
def template(request: HttpRequest) -> HttpResponse:
    """Give an empty file with the headings."""
    return _csv("requests-for-help.csv", [[column.title for column in columns()]])


def _refusal(request: HttpRequest) -> str:
    decision = may_send_for_team(request.user)
    return "" if decision else decision.reason


def _csv(name: str, lines: Iterable[Iterable[str]]) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    # The mark at the beginning tells Excel that these are letters of every language.
    content = "\ufeff" + text.getvalue()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
