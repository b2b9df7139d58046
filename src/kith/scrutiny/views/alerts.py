"""Letters about what committees publish: asking for them, confirming and stopping, all without an account."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kith.accounts.links import State, may_try, open_link
from kith.scrutiny import published
from kith.scrutiny.actions import alerting
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.search_forms import AlertForm

PAGES = ["GET", "HEAD", "POST"]
TOO_MANY = "Too much was asked for from where you are. Try again in an hour."


@never_cache
@require_http_methods(PAGES)
def ask_for(request: HttpRequest) -> HttpResponse:
    """Let anybody ask for letters about a committee, about words, or about one published thing."""
    thing = _thing(request.GET.get("about", ""))
    known = {one.slug: one for one in published.committees() if one.until is None}
    asked = {
        name: request.GET.get(key, "") for name, key in (("words", "q"), ("committee", "committee"))
    }
    form = AlertForm(request.POST or None, initial=asked)
    form.offer("committee", [("", "All committees"), *((slug, str(one)) for slug, one in known.items())])  # fmt: skip
    if thing:
        del form.fields["words"], form.fields["committee"]
    status = 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if said["subject"]:
            return render(request, "scrutiny/public/alert.html", {"asked": True})
        if not may_try(request, "ask_for_alert", key="committees"):
            form.add_error(None, TOO_MANY)
            status = 429
        else:
            try:
                alerting.ask_for(
                    email=said["email"],
                    words=said.get("words", ""),
                    committee=known.get(said.get("committee", "")),
                    thing=thing,
                    at=timezone.now(),
                )
            except ScrutinyRefused as problem:
                form.add_error(problem.field, str(problem))
            else:
                return render(request, "scrutiny/public/alert.html", {"asked": True})
    context = {"form": form, "thing": thing}
    return render(request, "scrutiny/public/alert.html", context, status=status)


def _thing(uid: str) -> Any:
    if not uid:
        return None
    try:
        found = published.any_thing(UUID(uid))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(PAGES)
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """Let the owner of an address confirm. Opening the link changes nothing: programs open links too."""
    opened = open_link(request, secret, alerting.LINK)
    found = alerting.opened_by_link() if opened.state is State.OPEN else None
    if found is None:
        status = opened.status if opened.state is not State.OPEN else 404
        return render(request, "scrutiny/public/alert_over.html", status=status)
    if request.method == "POST":
        alerting.confirm(at=timezone.now())
        found = alerting.opened_by_link()
    return render(request, "scrutiny/public/alert_confirm.html", {"alert": found})


# A mail program stops letters with one request and no form of ours (RFC 8058); the secret is the proof.
@csrf_exempt
@never_cache
@require_http_methods(PAGES)
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """Stop letters and forget the address. Opening the link changes nothing."""
    opened = open_link(request, secret, alerting.LINK)
    found = alerting.opened_by_link() if opened.state is State.OPEN else None
    if found is None:
        status = opened.status if opened.state is not State.OPEN else 404
        return render(request, "scrutiny/public/alert_over.html", status=status)
    about = found.about
    if request.method == "POST":
        alerting.stop(at=timezone.now())
    context = {"about": about, "stopped": request.method == "POST"}
    return render(request, "scrutiny/public/alert_stop.html", context)
