"""Feedback on an entry: saying something without an account, and what becomes of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.links import may_try
from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.directory import actions, assured, queries
from kith.directory.permissions import may_find_for_professionals
from kith.directory.remark_forms import AnswerForm, RemarkForm, RemarksForm
from kith.directory.views.asking import ask
from kith.hubs.queries import all_hubs
from kith.ui.tongues import in_their_language

PAGES = ["GET", "HEAD", "POST"]
KEEPERS = (P.DIRECTORY_EDIT, P.DIRECTORY_EDIT_ALL)
A_PAGE = 50
TOO_MANY = gettext_noop(
    "Too much was sent from where you are. Your words are still here: send them again in an hour."
)


@never_cache
@require_http_methods(PAGES)
@in_their_language
def say(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let anybody say something about an entry."""
    professional = bool(may_find_for_professionals(request.user))
    service = queries.find_published(uid, professional=professional)
    if service is None:
        raise Http404("This service is no longer listed.")
    form, status = RemarkForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        if form.is_a_program:
            return _thank(request, uid, "")
        if not may_try(request, "say_something", key="directory"):
            form.add_error(None, _(TOO_MANY))
            status = 429
        else:
            said = actions.remark(
                service=service, **form.said(), by=_viewer(request), at=timezone.now()
            )
            return _thank(request, uid, said.reference)
    context = {"form": form, "service": service, "address_days": actions.remarks.ADDRESS_DAYS}
    return render(request, "directory/remark.html", context, status=status)


def _thank(request: HttpRequest, uid: UUID, reference: str) -> HttpResponse:
    words = _("Thank you. Whoever keeps this entry reads what you wrote.")
    if reference:
        words += " " + _("Its number is %(reference)s.") % {"reference": reference}
    messages.success(request, words)
    return redirect("directory:service", uid)


def _viewer(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


@require_safe
@needs(*KEEPERS)
def listed(request: HttpRequest) -> HttpResponse:
    """List what people say about entries, what is open first."""
    hubs = {hub.slug: hub for hub in all_hubs()}
    form = RemarksForm(request.GET, hubs=hubs.values())
    wanted = form.cleaned_data if form.is_valid() else {}
    hub = hubs.get(wanted.get("hub", ""))
    mine = request.user.pk if wanted.get("whose") == "mine" else None
    found = assured.remarks(state=wanted.get("state", ""), owner=mine, hub=hub)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "directory/remarks.html", {"form": form, "page": page})


@require_http_methods(PAGES)
@needs(*KEEPERS)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what somebody said, and let its reader answer."""
    remark = _remark(pk)
    form = AnswerForm(request.POST or None, may_reply=bool(remark.email))
    return ask(
        request, form, remark.reference,
        lambda: actions.answer_remark(
            remark=remark, reply=form.cleaned_data.get("reply", ""), by=request.user, at=timezone.now()  # type: ignore[arg-type]
        ),
        lambda made: reverse("directory:remarks"),
        back=reverse("directory:remarks"),
        said="It is done.",
        more={"remark": remark, "address_days": actions.remarks.ADDRESS_DAYS},
        template="directory/remark_kept.html",
    )  # fmt: skip


@require_POST
@needs(*KEEPERS)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one sees to it."""
    try:
        actions.take_remark(remark=_remark(pk), by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except actions.DirectoryRefused as problem:
        messages.warning(request, str(problem))
    return redirect("directory:remark", pk)


def _remark(pk: int) -> Any:
    found = assured.remark_numbered(pk)
    if found is None:
        raise Http404
    return found
