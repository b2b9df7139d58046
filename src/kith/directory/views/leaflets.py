"""Leaflets, on paper: of a hub, of a school, and of what somebody has found."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kith.accounts.actions.limits import TooMany
from kith.accounts.links import limits_of
from kith.directory import actions, leaflet
from kith.directory.forms import FindForm, SchoolForm
from kith.directory.permissions import may_find_for_professionals
from kith.hubs.queries import all_hubs
from kith.partners.queries import schools
from kith.ui.queries import county_look
from kith.ui.sending import as_file

MOST_SCHOOLS = 20


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Choose the hub or the school whose leaflet to print."""
    form = SchoolForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = list(schools(text)[: MOST_SCHOOLS + 1]) if text else []
    context = {
        "form": form,
        "hubs": all_hubs(),
        "text": text,
        "schools": found[:MOST_SCHOOLS],
        "more": len(found) > MOST_SCHOOLS,
    }
    return render(request, "directory/leaflets.html", context)


@require_safe
def of_hub(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the leaflet of a hub."""
    hub = next((hub for hub in all_hubs() if hub.slug == slug), None)
    if hub is None:
        raise Http404
    return _given(request, leaflet.of_hub(hub, county_look(), timezone.localdate()))


@require_safe
def of_school(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the leaflet of a school."""
    school = schools().filter(pk=pk).first()
    if school is None:
        raise Http404
    return _given(request, leaflet.of_school(school, county_look(), timezone.localdate()))


@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """Give what was found, as a list on paper. Of a question that is wrong, the page says so."""
    form = FindForm(request.GET)
    if not (form.is_valid() and (asked := form.asked()).anything):
        raise Http404("Find something first, then print it.")
    return _given(
        request,
        leaflet.of_found(
            asked, county_look(), timezone.localdate(),
            professional=bool(may_find_for_professionals(request.user)),
        ),
    )  # fmt: skip


def _given(request: HttpRequest, made: leaflet.Leaflet) -> HttpResponse:
    large = request.GET.get("size") == "large"
    try:
        paper = actions.leaflet_on_paper(
            leaflet=made, county=settings.KITH_COUNTY, website=settings.KITH_ADDRESS + "/find-help/", large=large,
            limited=limits_of(request, "make_leaflet", key="everybody"), at=timezone.now(),
        )  # fmt: skip
    except TooMany as too:
        answer = render(request, "directory/too_many_leaflets.html", status=429)
        answer["Retry-After"] = str(too.seconds)
        return answer
    name = f"{made.name}-large-print.pdf" if large else f"{made.name}.pdf"
    return as_file(paper, name, "application/pdf")
