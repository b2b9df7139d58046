"""Pages about other directories: what would come of them, what came, and what is to be settled."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.directory import actions, brought
from kith.directory.actions import DirectoryRefused
from kith.directory.actions.bringing import WORDS
from kith.directory.source_forms import SourceForm, TermsForm, of_source
from kith.directory.views.asking import ask

A_PAGE, TERMS_A_PAGE, READINGS_SHOWN = 100, 50, 10
PAGES = ["GET", "HEAD", "POST"]
COLOURS = {
    "new": "green", "changed": "blue", "differs": "yellow", "gone": "grey", "refused": "red",
}  # fmt: skip


@require_safe
@needs(P.DIRECTORY_EDIT_ALL)
def listed(request: HttpRequest) -> HttpResponse:
    """List the other directories."""
    sources = [(source, brought.readings(source).first()) for source in brought.sources()]
    return render(request, "directory/sources.html", {"sources": sources})


@require_http_methods(PAGES)
@needs(P.DIRECTORY_EDIT_ALL)
def write(request: HttpRequest, uid: UUID | None = None) -> HttpResponse:
    """Add another directory, or change what is said of it."""
    known = _source(uid) if uid else None
    form = SourceForm(request.POST or None, initial=of_source(known) if known else None)
    back = reverse("directory:source", args=[uid]) if uid else reverse("directory:sources")
    return ask(
        request, form, f"Change {known.name}" if known else "Add another directory",
        lambda: actions.write_source(details=form.details(), known=known, **_said(request)),
        lambda made: reverse("directory:source", args=[made.uid]),
        back=back,
    )  # fmt: skip


@require_safe
@needs(P.DIRECTORY_EDIT_ALL)
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a directory: what came of it, and what is to be settled."""
    source = _source(uid)
    readings = list(brought.readings(source)[:READINGS_SHOWN])
    context = {
        "source": source,
        "readings": [(each, _counts(each)) for each in readings],
        "at_work": any(each.job and each.job.at_work for each in readings),
        "imported": any(each.kind == "import" and each.ended_at for each in readings),
        "looked": any(each.ended_at for each in readings),
        "terms": brought.source_terms(source).count(),
        "without": brought.source_terms(source).filter(term=None, count__gt=0).count(),
        "differences": [
            (each, WORDS.get(each.field, each.field)) for each in brought.differences(source)
        ],
    }
    return render(request, "directory/source.html", context)


@require_http_methods(PAGES)
@needs(P.DIRECTORY_EDIT_ALL)
def terms(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say what the terms of another directory mean."""
    source = _source(uid)
    page = Paginator(brought.source_terms(source), TERMS_A_PAGE).get_page(request.GET.get("page"))
    form = TermsForm(request.POST or None, theirs=list(page.object_list))
    if request.method == "POST" and form.is_valid():
        count = actions.choose_terms(source=source, chosen=form.chosen(), **_said(request))
        messages.success(
            request,
            f"Saved: {count} changed. What has come already is sorted anew when you import again.",
        )
        return redirect(f"{request.path}?page={page.number}")
    lines = [(one, form[name]) for name, one in form.theirs.items()]
    context = {"source": source, "form": form, "page": page, "lines": lines}
    return render(request, "directory/source_terms.html", context)


@require_POST
@needs(P.DIRECTORY_EDIT_ALL)
def look(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Look what would come, and change nothing."""
    return _read(request, uid, kind="look")


@require_POST
@needs(P.DIRECTORY_EDIT_ALL)
def bring(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Import what there is."""
    return _read(request, uid, kind="import", take_away=request.POST.get("take_away") == "yes")


def _read(request: HttpRequest, uid: UUID, **how: Any) -> HttpResponse:
    try:
        reading = actions.read_source(source=_source(uid), **how, **_said(request))
    except DirectoryRefused as refused:
        messages.error(request, str(refused))
        return redirect("directory:source", uid)
    return redirect("directory:reading", uid, reading.pk)


@require_safe
@needs(P.DIRECTORY_EDIT_ALL)
def reading(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """Show what came of each service when a directory was read, or would come."""
    source = _source(uid)
    found = brought.readings(source).filter(pk=number).first() if number < 2**62 else None
    if found is None:
        raise Http404
    chosen = request.GET.get("outcome", "")
    page = Paginator(brought.records_of(found, chosen), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "source": source,
        "reading": found,
        "job": found.job,
        "own": found.job is not None and found.by_id == request.user.pk,
        "counts": _counts(found),
        "chosen": chosen,
        "colours": COLOURS,
        "page": page,
    }
    return render(request, "directory/reading.html", context)


@require_POST
@needs(P.DIRECTORY_EDIT_ALL)
def settle(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """Take what they say of a field, or keep ours."""
    found = brought.brought_numbered(_source(uid), number) if number < 2**62 else None
    if found is None:
        raise Http404
    take = request.POST.get("take") == "theirs"
    try:
        actions.settle(
            brought=found, name=request.POST.get("field", ""), take=take, **_said(request)
        )
    except DirectoryRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Theirs was taken." if take else "Ours stays.")
    return redirect("directory:source", uid)


def _counts(reading: Any) -> list[tuple[str, str, int]]:
    """Return how many services came to each outcome: its key, its name, and the number."""
    counts = reading.counts if reading.ended_at else brought.outcomes_of(reading)
    return [(key, name, counts[key]) for key, name in brought.OUTCOMES if counts.get(key)]


def _said(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "at": timezone.now()}


def _source(uid: UUID) -> Any:
    found = brought.source_called(uid)
    if found is None:
        raise Http404
    return found
