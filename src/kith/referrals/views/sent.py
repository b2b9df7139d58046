"""Following a request: the sender's own list and page, by account or by link; and the family's copy."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kith.accounts.links import State, new_link, open_link
from kith.accounts.permissions import Permission
from kith.referrals import actions, forms, queries
from kith.referrals.actions import drafting
from kith.referrals.drafts import VOICES
from kith.referrals.family_copy import family_copy_of, said
from kith.referrals.permissions import may_open, may_write_step_down
from kith.referrals.print import as_pdf
from kith.referrals.summary import (
    first_names,
    from_kept,
    sections,
    state_for_sender,
)
from kith.referrals.views.keys import keep_key, secret_of, work_with_key
from kith.referrals.views.request import unfinished
from kith.ui.sending import as_file

A_PAGE = 25
# What its sender has heard when they can say what they think of the help.
TELLS_OF_HELP = ("accepted", "first_contact", "ended", "moved", "resumed")
STATES = {
    "": "All",
    "ask": "Waiting for my answer",
    "open": "Waiting for a decision",
    "done": "Decided",
}


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """List what one's organisation has sent, and what one has begun."""
    if not request.user.can(Permission.REFERRAL_SEND):
        raise PermissionDenied("Only partner organisations have a list of requests they sent.")
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    state = request.GET.get("state", "")
    found = queries.search_sent(request.user, text=text, state=state)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    told = queries.last_told(request.user, page)
    return render(
        request,
        "referrals/sent/mine.html",
        {
            "page": page,
            "lines": [
                {
                    "referral": referral,
                    "children": first_names(from_kept(referral.as_sent)),
                    "state": state_for_sender(referral, told.get(referral.pk, "")),
                }
                for referral in page
            ],
            "unfinished": unfinished(request.user),
            "text": text,
            "state": state,
            "states": STATES,
        },
    )


@never_cache
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open a request by its private link; the secret leaves the address at once."""
    opened = open_link(request, secret, queries.SENDERS, queries.FAMILY_COPY)
    if referral := queries.opened_by_link(_viewer(request)).first():
        response = redirect("referrals:one", referral.reference)
        keep_key(request, response, **{referral.reference: secret})
        return response
    if referral := queries.family_copy(_viewer(request)):
        response = redirect("referrals:family_copy", referral.reference)
        keep_key(request, response, **{f"family {referral.reference}": secret})
        return response
    return render(
        request,
        "referrals/sent/link_over.html",
        {"over": opened.state is State.OVER, "secret": secret},
        status=opened.status,
    )


@never_cache
@require_POST
def send_new_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Send a new link in the place of one that is over, to the address that had it."""
    if fresh := new_link(request, secret, "referral"):
        actions.tell_new_link(secret=fresh[0], to=fresh[1], at=timezone.now())
    # The same words whatever happened: whoever asks learns nothing of who sent what.
    return render(request, "referrals/sent/link_sent.html")


@never_cache
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """Show its sender where a request has got to."""
    referral = sent_or_404(request, reference)
    return _show(request, referral)


@never_cache
@require_POST
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the desk's question, or add something."""
    referral = sent_or_404(request, reference)
    form = forms.AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, referral, answer_form=form)
    try:
        actions.answer(
            referral=referral,
            words=form.cleaned_data["words"],
            by=_viewer(request),
            at=timezone.now(),
        )
        messages.success(request, "Thank you. The county desk has your answer.")
    except actions.NothingWaits as over:
        messages.info(request, str(over))
    return redirect("referrals:one", reference)


@never_cache
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a request back, with a reason."""
    referral = sent_or_404(request, reference)
    form = forms.WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(
                referral=referral,
                reason=form.cleaned_data["reason"],
                by=_viewer(request),
                at=timezone.now(),
            )
            messages.success(request, "The request is withdrawn.")
        except actions.NothingWaits as over:
            messages.info(request, str(over))
        return redirect("referrals:one", reference)
    return render(request, "referrals/sent/withdraw.html", {"referral": referral, "form": form})


@never_cache
def pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the sender the request on paper, in full."""
    referral = sent_or_404(request, reference)
    document = as_pdf(
        title=f"Request for help {referral.reference}",
        reference=referral.reference,
        county=settings.KITH_COUNTY,
        lead=[
            f"Received on {said(referral.received_at)}. We decide by {said(referral.decide_by)}.",
            "This paper holds personal information. Keep it safe, and shred it when you are done.",
        ],
        sections=[
            {"title": section.title, "rows": [(row.key, row.value) for row in section.rows]}
            for section in _sections(referral)
        ],
    )
    return as_file(document, f"{referral.reference}.pdf", "application/pdf")


@never_cache
def family_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """Give whoever sent a request, or the family itself, the family's copy on paper."""
    referral = sent_or_404(request, reference, or_family=True)
    copy = _copy(request, referral)
    document = as_pdf(
        title=copy["title"],
        reference=referral.reference,
        county=settings.KITH_COUNTY,
        lead=copy["lead"],
        sections=copy["sections"],
    )
    return as_file(document, f"{referral.reference}-family.pdf", "application/pdf")


@never_cache
def family_copy(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the family its own copy, in plain words."""
    referral = sent_or_404(request, reference, or_family=True)
    return render(
        request,
        "referrals/sent/family_copy.html",
        {
            "referral": referral,
            "copy": _copy(request, referral),
            "by_sender": _is_sender(request, referral),
        },
    )


@never_cache
@require_POST
def make_family_link(request: HttpRequest, reference: str) -> HttpResponse:
    """Make a link that the sender can hand to the family, and show it once."""
    referral = sent_or_404(request, reference)
    secret = drafting.make_family_link(referral=referral, by=_viewer(request), at=timezone.now())
    address = request.build_absolute_uri(reverse("referrals:link", args=[secret]))
    return _show(request, referral, family_link=address)


@never_cache
def attachment(request: HttpRequest, reference: str, file: str) -> HttpResponse:
    """Give a file of a request to whoever may see the request."""
    viewer, _ = work_with_key(request, reference)
    found = get_object_or_404(queries.files_for(viewer), pk=file, referral__reference=reference)
    may_open(found).or_raise()
    return as_file(bytes(found.content), found.name, found.content_type)


def _viewer(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


@never_cache
def step_down(request: HttpRequest, reference: str) -> HttpResponse:
    """Let children's social care say that its request is a step-down."""
    referral = sent_or_404(request, reference)
    viewer = _viewer(request)
    may_write_step_down(viewer, referral).or_raise()
    return ask_step_down(
        request,
        referral,
        viewer,
        back=reverse("referrals:one", args=[reference]),
        kept=queries.step_down_of(viewer, referral),
    )


def ask_step_down(
    request: HttpRequest, referral: Any, viewer: Any, *, back: str, kept: Any
) -> HttpResponse:
    """Ask what a step-down says: of its sender, or of the desk."""
    names = ("plan", "last_on", "watch", "social_worker")
    begun = {name: getattr(kept, name) for name in names} if kept else {}
    form = forms.StepDownForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_step_down(
                referral=referral, **form.cleaned_data, by=viewer, at=timezone.now()
            )
        except actions.DayUnlikely as wrong:
            form.add_error("last_on", str(wrong))
        except actions.ReceiptGiven as given:
            messages.info(request, str(given))
            return redirect(back)
        else:
            messages.success(request, "It is a step-down. The desk and the hub see what it says.")
            return redirect(back)
    return render(
        request,
        "referrals/parts/ask_step_down.html",
        {"referral": referral, "form": form, "back": back},
    )


def sent_or_404(request: HttpRequest, reference: str, *, or_family: bool = False) -> Any:
    """Return a request to whoever sent it, by account or private link; 404 for anybody else."""
    viewer, _ = work_with_key(request, reference)
    referral = queries.mine_or_linked(viewer).filter(reference=reference).first()
    if referral is None and or_family and secret_of(request, f"family {reference}"):
        work_with_key(request, f"family {reference}")
        referral = queries.family_copy(viewer)
        if referral is not None and referral.reference != reference:
            referral = None
    if referral is None:
        raise Http404("There is no such request, or this browser may not see it.")
    return referral


def _show(
    request: HttpRequest,
    referral: Any,
    *,
    answer_form: forms.AnswerForm | None = None,
    family_link: str = "",
) -> HttpResponse:
    viewer = _viewer(request)
    steps = list(queries.steps_of(viewer, referral))
    return render(
        request,
        "referrals/sent/one.html",
        {
            "referral": referral,
            "children": first_names(from_kept(referral.as_sent)),
            "state": state_for_sender(referral, steps[-1].kind if steps else ""),
            "steps": [
                {"title": step.get_kind_display(), "at": step.at, "text": _told(step)}
                for step in steps
            ],
            "question": _question(viewer, referral),
            "sections": _sections(referral),
            "files": queries.files_of(viewer, referral),
            "undecided": referral.status in queries.UNDECIDED,
            "form": answer_form or forms.AnswerForm(),
            "family_link": family_link,
            "link_days": drafting.LINK_DAYS,
            "by_link": viewer is None,
            "for_themselves": VOICES.get(referral.sender_kind) != "worker",
            "may_say": any(step.kind in TELLS_OF_HELP for step in steps),
            "may_step_down": may_write_step_down(viewer, referral),
            "step_down": queries.step_down_of(viewer, referral),
        },
    )


def _told(step: Any) -> str:
    """Return what a step says to the sender: where it went, and the words written for them."""
    where = (step.hub and str(step.hub)) or (step.organisation and str(step.organisation)) or ""
    own = step.words or (step.reason if step.kind == "withdrawn" else "")
    return "\n".join(part for part in (where, own) if part)


def _question(viewer: Any, referral: Any) -> str:
    """Return what the desk has asked and the sender has not answered."""
    if referral.status != "more_asked":
        return ""
    asked: list[str] = []
    for step in queries.steps_of(viewer, referral):
        asked = [*asked, step.words] if step.kind == "asked" else []
    return "\n\n".join(asked)


def _sections(referral: Any) -> list[Any]:
    own = VOICES.get(referral.sender_kind) != "worker"
    needs = queries.all_needs(None)
    names = {need.code: need.plain_name if own else need.name for need in needs}
    return sections(from_kept(referral.as_sent), need_names=names)


def _copy(request: HttpRequest, referral: Any) -> dict[str, Any]:
    names = {need.code: need.plain_name for need in queries.all_needs(None)}
    by_family = not _is_sender(request, referral)
    return family_copy_of(referral, need_names=names, by_family=by_family)


def _is_sender(request: HttpRequest, referral: Any) -> bool:
    return queries.mine_or_linked(_viewer(request)).filter(pk=referral.pk).exists()
