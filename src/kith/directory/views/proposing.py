"""Pages of partners who keep what is said of their own services, and of those who decide."""

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
from kith.directory import actions, proposed, queries
from kith.directory.proposal_forms import ApproveForm, OwnServiceForm, SendBackForm, begin_with
from kith.directory.views.asking import ask

A_PAGE = 50
PAGES = ["GET", "HEAD", "POST"]
KEEPERS = (P.DIRECTORY_EDIT, P.DIRECTORY_EDIT_ALL)
OPEN = ("waiting", "sent_back")


@require_safe
@needs(P.DIRECTORY_PROPOSE)
def ours(request: HttpRequest) -> HttpResponse:
    """List the services of one's own organisation, and what became of what was proposed."""
    today, user = timezone.localdate(), _user(request)
    proposals = list(proposed.own_proposals(user)[:A_PAGE])
    open_ones = [one for one in proposals if one.state in OPEN]
    context = {
        "lines": [(one, queries.freshness(one, today)) for one in proposed.own_services(user)],
        "known": proposed.own_providers(user).exists(),
        "open": [(one, proposed.lines_of(one)) for one in open_ones],
        "decided": [one for one in proposals if one.state not in OPEN][:10],
        "proposing": {one.service_id for one in open_ones},
    }
    return render(request, "directory/ours.html", context)


@require_http_methods(PAGES)
@needs(P.DIRECTORY_PROPOSE)
def add(request: HttpRequest) -> HttpResponse:
    """Propose a service that is not there yet."""
    giver = _found(proposed.own_providers(_user(request)).first())
    return _propose(request, giver, "Add a service", {})


@require_http_methods(PAGES)
@needs(P.DIRECTORY_PROPOSE)
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Propose what should be said of a service of one's own organisation."""
    user = _user(request)
    service = _found(proposed.own_services(user).filter(uid=uid).first())
    known = proposed.own_proposals(user).filter(service=service, state__in=OPEN).first()
    if known is not None:
        return redirect("directory:own_proposal", known.uid)
    initial = begin_with(proposed.values_of(service))
    return _propose(request, service.provider, f"Change {service.name}", initial, service=service)


@require_http_methods(PAGES)
@needs(P.DIRECTORY_PROPOSE)
def again(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change what was proposed and is not decided, or was sent back."""
    known = _own(request, uid)
    initial = begin_with(known.proposed) | {"words": known.words, "revision": known.revision}
    return _propose(
        request, known.provider, f"Change what you proposed: {known}", initial, service=known.service,
        known=known,
    )  # fmt: skip


@require_POST
@needs(P.DIRECTORY_PROPOSE)
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take back what was proposed."""
    try:
        actions.withdraw(proposal=_own(request, uid), **_said(request))
    except actions.DirectoryRefused as problem:
        messages.error(request, str(problem))
    return redirect("directory:ours")


@require_safe
@needs(*KEEPERS)
def listed(request: HttpRequest) -> HttpResponse:
    """List what partners propose, the longest waiting first; or what was decided."""
    past = request.GET.get("only") == "decided"
    found = proposed.decided() if past else proposed.waiting()
    here = reverse("directory:proposals")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": proposed.waited(page.object_list, timezone.now()),
        "past": past,
        "tabs": [
            {"label": "To decide", "href": here, "current": not past},
            {"label": "Decided", "href": f"{here}?only=decided", "current": past},
        ],
    }
    return render(request, "directory/proposals.html", context)


@require_http_methods(PAGES)
@needs(*KEEPERS)
def decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what a partner proposes beside what stands now; let it stand, all of it or in part."""
    proposal = _found(proposed.proposal_called(uid))
    lines = proposed.lines_of(proposal) if proposal.state == "waiting" else []
    mark = proposed.mark_of(proposal)
    form = ApproveForm(
        request.POST or None,
        initial={"mark": mark},
        lines=lines,
        stands=proposed.now_of(proposal),
        sent=proposal.proposed,
    )
    return ask(
        request, form, str(proposal),
        lambda: actions.approve(
            proposal=proposal, keep=form.keep(), agreed=form.agreed(), reworded=form.reworded(), mark=form.cleaned_data["mark"], **_said(request)
        ),
        lambda made: reverse("directory:kept", args=[made.uid]),
        back=reverse("directory:proposals"),
        said="Approved. Everybody reads it now, and whoever proposed it is told."
        + (" Read what they wrote beside it: is there more to change?" if proposal.words else ""),
        more={"proposal": proposal},
        template="directory/proposal.html",
    )  # fmt: skip


@require_http_methods(PAGES)
@needs(*KEEPERS)
def send_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say why what a partner proposes cannot stand so."""
    proposal = _found(proposed.proposal_called(uid))
    form = SendBackForm(request.POST or None, initial={"mark": proposed.mark_of(proposal)})
    return ask(
        request, form, f"Send back: {proposal}",
        lambda: actions.send_back(proposal=proposal, **form.cleaned_data, **_said(request)),
        lambda made: reverse("directory:proposals"),
        back=reverse("directory:decide", args=[uid]),
        said="Sent back. Whoever proposed it is told why.",
        more={"button": "Send back"},
    )  # fmt: skip


def _propose(
    request: HttpRequest, giver: Any, title: str, initial: dict[str, Any], *, service: Any = None,
    known: Any = None,
) -> HttpResponse:  # fmt: skip
    stands = proposed.values_of(service) if service else {}
    form = OwnServiceForm(
        request.POST or None, initial=initial, giver=giver, stands=stands, sent=known.proposed if known else {}
    )  # fmt: skip
    return ask(
        request, form, title,
        lambda: actions.propose(
            provider=giver, service=service, details=form.details(), held=form.held.values(), known=known,
            words=form.cleaned_data["words"], revision=form.cleaned_data["revision"] or 0, **_said(request),
        ),
        lambda made: reverse("directory:ours"),
        back=reverse("directory:ours"),
        said="Sent. Nobody reads it before it is approved; we write to you.",
        more={"button": "Send for approval", "answer": known.answer if known else "", "forms": list(form.held)},
        template="directory/own_entry.html",
    )  # fmt: skip


def _own(request: HttpRequest, uid: UUID) -> Any:
    return _found(proposed.own_proposals(_user(request)).filter(uid=uid, state__in=OPEN).first())


def _user(request: HttpRequest) -> Any:
    return request.user


def _said(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "at": timezone.now()}


def _found(thing: Any) -> Any:
    if thing is None:
        raise Http404
    return thing
