"""Pages for groups without an account: what is said of their services, and that it is true."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kith.accounts.links import Opened, State, may_try, new_link, open_link
from kith.accounts.viewer import front_door, seeing_as
from kith.directory import actions, assured, proposed, queries
from kith.directory.proposal_forms import OwnServiceForm, begin_with, unsent
from kith.directory.said import lines_of, mark_of
from kith.directory.views.asking import ask

# Who does nothing for so long opens the link once more. A form is long, and a telephone rings.
STAYS_OPEN, KEPT = timedelta(hours=2), "directory_confirm"
PAGES = ["GET", "HEAD", "POST"]
TOO_MUCH = (
    "Too much was sent in this while. What you wrote is still here: send it again in an hour."
)


@never_cache
@require_http_methods(PAGES)
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open the link of a letter: it stays out of the addresses of the pages that follow, so that
    nobody who sees one, or a list of them, can open it.

    Opening it changes nothing: programs that look through mail open every link.
    """
    opened = open_link(request, secret, assured.LINK)
    provider = assured.provider_opened(opened.subject_id or 0)
    if provider is None:
        return _over(request, opened, secret)
    _keep_open(request, secret)
    return (
        _page(request, provider) if request.method == "POST" else redirect("directory:confirming")
    )


@never_cache
@require_http_methods(PAGES)
def page(request: HttpRequest) -> HttpResponse:
    """Show a provider what is said of its services; a press of the button says that it is true."""
    opened, secret = _opened(request)
    provider = assured.provider_opened(opened.subject_id or 0)
    if provider is None:
        return _over(request, opened, secret)
    return _page(request, provider)


def _page(request: HttpRequest, provider: Any) -> HttpResponse:
    if request.method == "POST":
        read = _read(request.POST.getlist("read"))
        came = actions.confirm(provider=provider, read=read, by=None, at=timezone.now())
        for service in came.changed:
            messages.warning(
                request, f"{service.name} was changed while you read. Please read it again."
            )
        if came.true:
            messages.success(request, "Thank you. Everybody can read that it was checked today.")
        return redirect("directory:confirming")
    today = timezone.localdate()
    due = list(assured.to_check(today).filter(provider=provider))
    numbers = {one.pk for one in due}
    others = [one for one in assured.kept_by(provider) if one.pk not in numbers]
    sent, told = proposed.open_of([*due, *others]), _told(due)
    told |= {pk: one.made_at for pk, one in sent.items() if one.state == "waiting"}
    context = {
        "provider": provider,
        "entries": [_entry(one, today, told.get(one.pk), sent.get(one.pk)) for one in due],
        "ask": any(one.pk not in told for one in due),
        "others": [(one, sent.get(one.pk)) for one in others],
    }
    return render(request, "directory/confirm.html", context)


@never_cache
@require_http_methods(PAGES)
def changed(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let a provider without an account say what should stand of a service of its own.

    It is shown as before until those who keep the directory have decided. Where the link has closed
    meanwhile, what was written stays on the page that says so, to be sent again from there.
    """
    opened, secret = _opened(request)
    provider = assured.provider_opened(opened.subject_id or 0)
    if provider is None:
        return _over(request, opened, secret, written=request.method == "POST")
    service = assured.kept_by(provider).filter(uid=uid).first()
    if service is None:
        raise Http404
    known = proposed.open_of([service]).get(service.pk)
    stands = proposed.values_of(service)
    initial = begin_with(known.proposed if known else stands)
    if known:
        initial |= {"words": known.words, "revision": known.revision}
    form = OwnServiceForm(
        request.POST or None, initial=initial, giver=provider, stands=stands, sent=known.proposed if known else {}
    )  # fmt: skip

    def send() -> Any:
        if not may_try(request, "propose_by_link", key=str(provider.uid)):
            raise actions.SentTooMuch(TOO_MUCH)
        return actions.propose(
            provider=provider, service=service, details=form.details(), held=form.held.values(), known=known,
            words=form.cleaned_data["words"], revision=form.cleaned_data["revision"] or 0,
            by=None, mailbox=opened.sent_to, at=timezone.now(),
        )  # fmt: skip

    return ask(
        request, form, f"What has changed: {service.name}", send,
        lambda made: reverse("directory:confirming"),
        back=reverse("directory:confirming"),
        said="Thank you. Whoever keeps the directory reads it, and writes to you. Until then families "
        "read what stood before.",
        more={"lines": lines_of(service), "answer": known.answer if known else "", "button": "Send", "forms": list(form.held)},
        template="directory/own_entry.html",
    )  # fmt: skip


@never_cache
@require_POST
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let a provider without an account take back what it sent about a service of its own."""
    opened, secret = _opened(request)
    provider = assured.provider_opened(opened.subject_id or 0)
    if provider is None:
        return _over(request, opened, secret)
    service = assured.kept_by(provider).filter(uid=uid).first()
    known = proposed.open_of([service]).get(service.pk) if service else None
    if known is None:
        messages.warning(request, "It was decided, or taken back, already.")
        return redirect("directory:confirming")
    try:
        actions.withdraw(proposal=known, by=None, at=timezone.now())
    except actions.DirectoryRefused as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, "Taken back. Families read what stands here.")
    return redirect("directory:confirming")


@never_cache
@require_POST
def send_new_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Send a new link in the place of one that is over, to the mailbox that had it."""
    if fresh := new_link(request, secret, assured.LINK):
        actions.tell_new_link(secret=fresh[0], to=fresh[1], at=timezone.now())
    # The same words whatever happened: whoever asks learns no address.
    return render(request, "directory/confirm_sent.html")


def _keep_open(request: HttpRequest, secret: str) -> None:
    until = (timezone.now() + STAYS_OPEN).isoformat()
    request.session[KEPT] = {"secret": secret, "until": until}


def _opened(request: HttpRequest) -> tuple[Opened, str]:
    """Return what the link opens that was opened here a while ago at most, and its secret."""
    kept = request.session.get(KEPT)
    if not kept or datetime.fromisoformat(kept["until"]) < timezone.now():
        request.session.pop(KEPT, None)
        return Opened(State.UNKNOWN), ""
    opened = open_link(request, kept["secret"], assured.LINK)
    if opened.state is State.OPEN:
        _keep_open(request, kept["secret"])
    return opened, kept["secret"]


def _over(
    request: HttpRequest, opened: Opened, secret: str, *, written: bool = False
) -> HttpResponse:
    context = {
        "over": opened.state is State.OVER,
        "too_many": opened.state is State.TOO_MANY,
        "replaced": opened.state is State.UNKNOWN and assured.provider_of_link(secret) is not None,
        "secret": secret,
        "closed": not secret,
        "unsent": unsent(request.POST) if written else None,
    }
    return render(request, "directory/confirm_over.html", context, status=opened.status)


def _told(services: list[Any]) -> dict[int, Any]:
    """Return when providers told of a change that nobody has made yet, by the service's number."""
    with seeing_as(front_door()):
        return assured.changes_told(services)


def _entry(service: Any, today: Any, told: Any, sent: Any) -> dict[str, Any]:
    return {
        "service": service,
        "told": told,
        "sent": sent,
        "fresh": queries.freshness(service, today),
        "lines": lines_of(service),
        "mark": mark_of(service),
    }


def _read(values: list[str]) -> dict[UUID, str]:
    """Return what stood on the page that was sent: the marks of services, by their id."""
    found = {}
    for value in values:
        uid, _, mark = value.partition(" ")
        try:
            found[UUID(uid)] = mark
        except ValueError:
            continue
    return found
