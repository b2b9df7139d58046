"""Old minutes, agendas and reports: sent, looked through, and brought into the records."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.analytics.minutes.values import waiting
from kith.scrutiny import old_queries as queries
from kith.scrutiny.actions import importing
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.old_forms import DecideForm, FilesForm
from kith.scrutiny.views.asking import committee_of, do, said_by
from kith.ui.sending import as_file

PAGES = ["GET", "HEAD", "POST"]


def file_of(request: HttpRequest, uid: UUID) -> Any:
    """Return a file that was sent; 404 where there is none."""
    found = queries.file_called(request.user, uid)  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


@require_http_methods(PAGES)
@never_cache
@needs(P.SCRUTINY_KEEP)
def listed(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the files of a committee, and read those that are sent. One that cannot be read is named with
    what to do, and the others go on."""
    committee = committee_of(slug)
    form = FilesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        read = []
        for name, held in form.sent():
            try:
                file, new = importing.read_file(
                    committee=committee, name=name, held=held, **said_by(request)
                )
            except ScrutinyRefused as problem:
                form.add_error("documents", str(problem))
                continue
            read.append(file)
            if not new:
                messages.info(request, f"{name} was read before. It stands once in the list.")
        if not form.errors:
            one = (
                reverse("scrutiny:old_file", args=[read[0].uid]) if len(read) == 1 else request.path
            )
            messages.success(request, "Read. Look through what was found, then bring it in.")
            return redirect(one)
    context = {
        "committee": committee,
        "form": form,
        "files": [
            (file, len(waiting(importing.all_values(file), file.decided)))
            for file in queries.files_of(request.user, committee)  # type: ignore[arg-type]
        ],
    }
    return render(request, "scrutiny/old/listed.html", context)


@require_http_methods(PAGES)
@never_cache
@needs(P.SCRUTINY_KEEP)
def old_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what a file says, and ask what is not certain."""
    file = file_of(request, uid)
    made = importing.all_values(file)
    asked = [one for one in made if one.asks]
    form = DecideForm(request.POST or None, asked, file.lines, decided=file.decided)
    if request.method == "POST" and form.is_valid():
        try:
            importing.decide(file=file, decided=form.said(), **said_by(request))
        except ScrutinyRefused as problem:
            form.add_error(form.field_of(problem.field), str(problem))
        else:
            left = len(waiting(made, file_of(request, uid).decided))
            done = (
                "That was all. Bring it in when you are content." if not left else f"{left} to go."
            )
            messages.success(request, f"Kept. {done}")
            return redirect("scrutiny:old_file", uid=uid)
    context = {
        "file": file,
        "form": form if asked else None,
        "left": waiting(made, file.decided),
        "parts": queries.told(file, made),
        "differences": queries.differences(file),
        "brought": file.brought.count(),
    }
    return render(request, "scrutiny/old/file.html", context)


@require_POST
@needs(P.SCRUTINY_KEEP)
def bring_in(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write what a file says into the records."""
    file = file_of(request, uid)

    def act() -> None:
        brought = importing.bring_in(file=file, **said_by(request))
        messages.success(request, queries.what_was_brought(brought.added, brought.same))

    return do(request, act, reverse("scrutiny:old_file", args=[uid]))


@require_POST
@needs(P.SCRUTINY_KEEP)
def forget(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take away a file of which nothing is in the records."""
    file = file_of(request, uid)
    slug = file.committee.slug
    try:
        importing.forget_file(file=file, **said_by(request))
    except ScrutinyRefused as problem:
        messages.warning(request, str(problem))
        return redirect("scrutiny:old_file", uid=uid)
    messages.success(request, f"{file.name} is taken away.")
    return redirect("scrutiny:old_files", slug=slug)


@require_safe
@never_cache
@needs(P.SCRUTINY_KEEP)
def original(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out a file as it was sent."""
    file = file_of(request, uid)
    return as_file(bytes(file.content.held), file.name, "application/octet-stream")
