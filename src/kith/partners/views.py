"""Pages about partner organisations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.partners import actions, queries
from kith.partners.forms import FilterForm, PartnerForm
from kith.partners.permissions import may_edit_partners
from kith.partners.sources import source_code, source_name
from kith.places.counts import newest_of_school

A_PAGE = 50
PAGES = ["GET", "HEAD", "POST"]


@require_safe
@needs(P.PARTNER_EDIT, P.REFERRAL_SEE, P.FAMILY_SEE)
def organisations(request: HttpRequest) -> HttpResponse:
    """List partners."""
    form = FilterForm(request.GET)
    wanted = {}
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("kind", "phase", "only")}
        wanted["text"] = form.cleaned_data["q"]
    context = {
        "form": form,
        "page": Paginator(queries.listed(**wanted), A_PAGE).get_page(request.GET.get("page")),
        "may_edit": may_edit_partners(request.user),  # type: ignore[arg-type]
    }
    return render(request, "partners/organisations.html", context)


@require_safe
@needs(P.PARTNER_EDIT, P.REFERRAL_SEE, P.FAMILY_SEE)
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a partner."""
    partner = get_object_or_404(queries.everybody(), pk=pk)
    code = source_code(partner.kind)
    team_page = ""
    if partner.team is not None and request.user.can(P.PEOPLE_MANAGE):  # type: ignore[union-attr]
        try:
            team_page = reverse("accounts:team", args=[partner.team.pk])
        except NoReverseMatch:
            team_page = ""
    context = {
        "partner": partner,
        "source": f"{code}: {source_name(code)}",
        "team_page": team_page,
        "has_results": bool(partner.urn and newest_of_school(partner.urn)),
        "may_edit": may_edit_partners(request.user),  # type: ignore[arg-type]
    }
    return render(request, "partners/organisation.html", context)


@require_http_methods(PAGES)
@needs(P.PARTNER_EDIT)
def add(request: HttpRequest) -> HttpResponse:
    """Add a partner."""
    form = PartnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            partner = actions.add_partner(
                details=form.details(),
                by=request.user,  # type: ignore[arg-type]
                at=timezone.now(),
            )
        except actions.PartnerRefused as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, f"{partner} is added.")
            return redirect("partners:organisation", partner.pk)
    return render(request, "partners/form.html", {"form": form, "title": "Add a partner"})


@require_http_methods(PAGES)
@needs(P.PARTNER_EDIT)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a partner."""
    partner = get_object_or_404(queries.everybody(), pk=pk)
    initial = {name: getattr(partner, name) for name in PartnerForm.base_fields}
    form = PartnerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_partner(
                partner=partner,
                details=form.details(),
                by=request.user,  # type: ignore[arg-type]
                at=timezone.now(),
            )
        except actions.PartnerRefused as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, "The changes are saved.")
            return redirect("partners:organisation", partner.pk)
    context = {"form": form, "partner": partner, "title": f"Change {partner}"}
    return render(request, "partners/form.html", context)


@require_POST
@needs(P.PARTNER_EDIT)
def give_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a partner's people sign in."""
    partner = get_object_or_404(queries.everybody(), pk=pk)
    actions.give_team(partner=partner, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    messages.success(
        request, f"{partner} has a team. An administrator can now add its people to it."
    )
    return redirect("partners:organisation", partner.pk)
