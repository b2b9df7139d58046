"""Pages about places: what is loaded, and taking in official files."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission
from kith.places import actions, deprivation, importing, population, queries
from kith.places.files import WrongFile
from kith.places.forms import UploadForm
from kith.ui.maps import Area, Map

MOST_PROBLEMS = 1000
A_PAGE = 100
FIGURE_NAMES = {**population.NAMES, **deprivation.NAMES}


@require_safe
@needs(Permission.PLACES_IMPORT, Permission.PARTNER_EDIT)
def imports(request: HttpRequest) -> HttpResponse:
    """Say what is loaded, and which official files can be taken in."""
    context = {
        "counts": queries.counts(),
        "importers": importing.offered_to(request.user),  # type: ignore[arg-type]
        "taken_in": queries.uploads_taken_in()[:20],
    }
    return render(request, "places/imports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PLACES_IMPORT, Permission.PARTNER_EDIT)
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Upload an official file: what it would change comes next, or all that is wrong with it."""
    importer = importing.importers.get(key)
    if importer is None:
        raise Http404
    if not importing.may_take_in(request.user, importer):  # type: ignore[arg-type]
        raise PermissionDenied("Your role does not include taking in this kind of file.")
    form = UploadForm(request.POST or None, request.FILES or None, importer=importer)
    problems = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept, _ = actions.keep_upload(
                importer=importer,
                name=file.name,
                data=file.read(),
                year=form.cleaned_data.get("year"),
                status=form.cleaned_data.get("status", ""),
                by=request.user,  # type: ignore[arg-type]
                at=timezone.now(),
            )
        except WrongFile as wrong:
            problems = wrong.problems
            many = f"{len(problems):,} things are" if len(problems) > 1 else "something is"
            form.add_error("file", f"Nothing was changed: {many} wrong with this file. See below.")
        else:
            return redirect("places:uploaded", kept.pk)
    context = {
        "importer": importer,
        "form": form,
        "problems": problems[:MOST_PROBLEMS],
        "more": max(0, len(problems) - MOST_PROBLEMS),
    }
    return render(request, "places/upload.html", context, status=422 if problems else 200)


@require_safe
@needs(Permission.PLACES_IMPORT, Permission.PARTNER_EDIT)
def uploaded(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what a file would change, before it does."""
    kept = queries.find_upload(pk)
    importer = importing.importers.get(kept.importer) if kept else None
    if kept is None or importer is None or not importing.may_take_in(request.user, importer):  # type: ignore[arg-type]
        raise Http404
    preview, problems = None, []
    if kept.content is not None:
        try:
            preview = importer.preview(actions.read_upload(importer, kept))
        except WrongFile as wrong:
            problems = wrong.problems
    context = {"upload": kept, "importer": importer, "preview": preview, "problems": problems}
    return render(request, "places/uploaded.html", context)


@require_POST
@needs(Permission.PLACES_IMPORT, Permission.PARTNER_EDIT)
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a file in, in the background."""
    kept = queries.find_upload(pk)
    importer = importing.importers.get(kept.importer) if kept else None
    if kept is None or importer is None or not importing.may_take_in(request.user, importer):  # type: ignore[arg-type]
        raise Http404
    try:
        job = actions.ask_to_take_in(upload=kept, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except actions.AlreadyTakenIn as already:
        messages.info(request, str(already))
        return redirect("places:imports")
    return redirect("jobs:one", job.pk)


@require_safe
@login_required
def neighbourhoods(request: HttpRequest) -> HttpResponse:
    """List neighbourhoods, or official areas where they have been taken in."""
    kind = "lsoa" if request.GET.get("kind") == "lsoa" else "sector"
    text = request.GET.get("q", "").replace("\0", "").strip()[:60]
    found = queries.neighbourhoods_named(kind, text)
    context = {
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "kind": kind,
        "text": text,
        "counts": queries.counts(),
    }
    return render(request, "places/neighbourhoods.html", context)


@require_safe
@login_required
def neighbourhood(request: HttpRequest, code: str) -> HttpResponse:
    """Show one neighbourhood on a map, with its published figures."""
    place = queries.find_neighbourhood(code)
    if place is None:
        raise Http404
    figures = [
        (FIGURE_NAMES.get(figure.name, figure.name), figure.year, figure.value, figure.source)
        for figure in queries.figures_of([code])
    ]
    picture = Map(
        title=place.name,
        areas=[Area(name=place.name, outline=place.outline, facts=(place.district.name,), shade=3)],
        headings=("Neighbourhood", "District"),
        description=f"The outline of {place.name}, in {place.district.name}.",
    )
    return render(
        request,
        "places/neighbourhood.html",
        {"place": place, "figures": figures, "picture": picture},
    )
