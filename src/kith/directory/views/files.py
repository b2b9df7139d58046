"""Services in a table: the template, sending one, what is wrong with it, and importing it."""

import csv
import io
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.directory import actions, brought, queries, template
from kith.directory.actions import DirectoryRefused
from kith.typed.tables import Unreadable
from kith.ui.fields import ScannedFileField

KEEPERS = (P.DIRECTORY_EDIT, P.DIRECTORY_EDIT_ALL)
COLOURS = {"new": "green", "changed": "blue"}
OUTCOMES = {"new": "New", "changed": "Changed", "same": "As it was", "refused": "Not imported"}


class FileForm(forms.Form):
    """A table to send."""

    file = ScannedFileField(
        largest=template.LIMITS.bytes,
        label="Your file",
        help_text="A spreadsheet (.xlsx) or a CSV file, up to 10,000 rows and 10 MB.",
        max_length=150,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*KEEPERS)
def listed(request: HttpRequest) -> HttpResponse:
    """Take a table of services, and show those that were sent."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            # One byte more than may be, so that too large is said and not cut.
            content = sent.read(template.LIMITS.bytes + 1)
            file = actions.send_table(
                name=sent.name, content=content, by=request.user, at=timezone.now()
            )
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
        else:
            return redirect("directory:file", file.uid)
    columns = [(column, template.explained(column)) for column in template.COLUMNS]
    context = {"form": form, "files": brought.service_files()[:20], "columns": columns}
    return render(request, "directory/files.html", context)


@require_safe
@needs(*KEEPERS)
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what is wrong with a table, what it would change, or what it changed."""
    file = _file(uid)
    context = {
        "file": file,
        "job": file.job,
        "own": file.job is not None and file.job.by_id == request.user.pk,
        "good": file.rows - file.bad_rows,
        "counts": [(name, file.counts.get(key)) for key, name in OUTCOMES.items()],
        "colours": COLOURS,
        "names": OUTCOMES,
        "importable": not file.job_id and file.bad_rows < file.rows,
    }
    return render(request, "directory/file.html", context)


@require_POST
@needs(*KEEPERS)
def bring(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Import a table, or its good rows."""
    try:
        actions.import_table(
            file=_file(uid), good_rows_only=request.POST.get("rows") == "good",
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except DirectoryRefused as refused:
        messages.error(request, str(refused))
    return redirect("directory:file", uid)


@require_safe
@needs(*KEEPERS)
def empty(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the empty template."""
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerow(column.title for column in template.COLUMNS)
        content, mime = ("\ufeff" + text.getvalue()).encode(), "text/csv; charset=utf-8"
    elif kind == "xlsx":
        names = (
            [term.name for term in queries.terms(taxonomy)] for taxonomy in ("category", "target")
        )
        content = template.workbook(*names)
        mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="services.{kind}"'}
    return HttpResponse(content, content_type=mime, headers=headers)


def _file(uid: UUID) -> Any:
    found = brought.service_file(uid)
    if found is None:
        raise Http404
    return found
