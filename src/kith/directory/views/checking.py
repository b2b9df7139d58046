"""Pages for those who keep the directory true: what needs checking, and when entries are hidden."""

from dataclasses import dataclass
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
from kith.directory import actions, assured, proposed, queries
from kith.directory.keeping_forms import CheckingForm, HidingForm
from kith.directory.permissions import may_set_hiding
from kith.directory.views.asking import ask
from kith.hubs.queries import all_hubs

A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """An entry that needs checking, as the list shows it. Nobody's mailbox stands here."""

    service: Any
    standing: Any
    fresh: Any
    asked: list[Any]
    keeper: str
    sent: Any  # a change that waits for whoever keeps the directory


@require_safe
@needs(P.DIRECTORY_EDIT, P.DIRECTORY_EDIT_ALL)
def listed(request: HttpRequest) -> HttpResponse:
    """List what must be confirmed: due, overdue or hidden; when it was asked about, and how often."""
    hubs = {hub.slug: hub for hub in all_hubs()}
    form = CheckingForm(request.GET, hubs=hubs.values())
    wanted = form.cleaned_data if form.is_valid() else {}
    today, months = timezone.localdate(), assured.hide_months()
    found = queries.named(assured.to_check(today, wanted.get("only", "")), wanted.get("q", ""))
    if hub := hubs.get(wanted.get("hub", "")):
        found = assured.to_check_at(hub, found)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    desk = assured.desk_team()
    lines, sent = [], proposed.open_of(page.object_list)
    for service in page.object_list:
        team = assured.team_of(service, desk)
        keeper = "its provider" if service.provider.keeper_email else str(team or "nobody")
        lines.append(
            Line(
                service,
                assured.standing_of(service, today, months, desk),
                queries.freshness(service, today),
                assured.asked_of(service),
                keeper,
                sent.get(service.pk),
            )
        )
    context = {"form": form, "page": page, "lines": lines, "months": months}
    context["may_set"] = bool(may_set_hiding(request.user))  # type: ignore[arg-type]
    return render(request, "directory/checking.html", context)


@require_POST
@needs(P.DIRECTORY_EDIT, P.DIRECTORY_EDIT_ALL)
def ask_provider(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write to a service's provider now, about all of its services that need checking."""
    service = queries.service_kept(uid)
    if service is None:
        raise Http404
    provider = service.provider
    try:
        number = actions.ask_provider(provider=provider, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except actions.DirectoryRefused as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(
            request,
            f"{provider.name} has been sent a letter about {number} service{'' if number == 1 else 's'}.",
        )
    return redirect("directory:kept", uid)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(P.SETTINGS_EDIT)
def hiding(request: HttpRequest) -> HttpResponse:
    """Set after how many months nobody reads what nobody confirmed."""
    months = assured.hide_months()
    form = HidingForm(request.POST or None, initial={"months": str(months or "never")})
    return ask(
        request, form, "Entries that nobody confirms",
        lambda: actions.set_hiding(months=form.chosen(), by=request.user, at=timezone.now()),
        lambda made: reverse("directory:hiding"),
        back=reverse("county_settings"),
        more={"warn": "What is hidden already stays hidden until it is confirmed."},
    )  # fmt: skip
