"""Answering recommendations on pages: for the council, and by owners who come by the link of a letter."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kith.accounts.links import Opened, State, open_link
from kith.scrutiny import permissions
from kith.scrutiny import recommendation_forms as forms
from kith.scrutiny import recommendation_queries as queries
from kith.scrutiny.actions import answering, tracking
from kith.scrutiny.actions.answering import Promise
from kith.scrutiny.views.asking import acted, said_by
from kith.scrutiny.views.recommendations import ask_about, found_of
from kith.ui.sending import as_file

STAYS_OPEN, KEPT = timedelta(hours=2), "recommendation_answer"


def _form(request: HttpRequest, found: Any, parts: Any, earlier: Any) -> forms.AnswerForm:
    return forms.AnswerForm(
        request.POST or None,
        request.FILES or None,
        asked=found,
        parts=parts,
        earlier=earlier,
        initial={"by_whom": found.owner},
    )


@login_required
@never_cache
def answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Answer for the council, or write down an answer that came."""
    found = found_of(request, uid, permissions.may_answer)
    form = _form(request, found, found.parts.all(), queries.files_to_replace(found))

    def do() -> None:
        answering.answer(recommendation=found, reply=form.reply, **said_by(request))
        messages.success(request, "The answer is written down.")

    return ask_about(
        request, found, form, do, "Answer the recommendation", "Answer", text=found.words
    )


@login_required
@never_cache
@require_safe
def file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out a file that came with an answer, also one that is not published."""
    sent = _file_of(request, uid, permissions.may_see)
    return as_file(bytes(sent.content.held), sent.file_name, sent.content.mime, shown=True)


@login_required
@never_cache
def withdraw_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a file of an answer back from the public, or keep it inside."""
    sent = _file_of(request, uid, permissions.may_keep)
    form = forms.WhyForm(request.POST or None)

    def do() -> None:
        because = form.cleaned_data["because"]
        tracking.withdraw_file(attached=sent, because=because, **said_by(request))
        messages.success(request, "It is withdrawn. Nobody of the public can open it.")

    return ask_about(
        request, sent.answer.recommendation, form, do, f"Withdraw “{sent}”", "Withdraw it",
        text="The record keeps it; the public is told only that it is gone.",
    )  # fmt: skip


def _file_of(request: HttpRequest, uid: UUID, may: Callable[[Any], Any]) -> Any:
    may(request.user).or_raise()
    found = queries.file_called(request.user, uid)  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


@login_required
@never_cache
def promise(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say what will be done, and by when."""
    found = found_of(request, uid, permissions.may_answer)
    form = forms.PromiseForm(request.POST or None)

    def do() -> None:
        answering.promise(
            recommendation=found, promise=Promise(**form.cleaned_data), **said_by(request)
        )

    return ask_about(request, found, form, do, "Say what will be done", "Save")


@login_required
@never_cache
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that what was promised is done."""
    permissions.may_answer(request.user).or_raise()
    promised = queries.promised_numbered(request.user, pk)
    if promised is None:
        raise Http404
    found = promised.recommendation
    form = forms.DoneForm(request.POST or None, initial={"done_on": timezone.localdate()})

    def do() -> None:
        answering.keep_promise(promised=promised, **form.cleaned_data, **said_by(request))

    return ask_about(request, found, form, do, "It is done", "Save", text=promised.words)


@login_required
@never_cache
def progress(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say how far it is."""
    found = found_of(request, uid, permissions.may_answer)
    form = forms.ProgressForm(
        request.POST or None, initial={"on": timezone.localdate(), "by_whom": found.owner}
    )

    def do() -> None:
        answering.say_progress(recommendation=found, **form.cleaned_data, **said_by(request))

    return ask_about(request, found, form, do, "Say how far it is", "Save")


# Owners without an account


@never_cache
@require_safe
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open the link of a letter. Opening it changes nothing."""
    opened = open_link(request, secret, queries.LINK)
    if opened.state is not State.OPEN or queries.opened_by_link() is None:
        return _over(request, opened)
    until = (timezone.now() + STAYS_OPEN).isoformat()
    request.session[KEPT] = {"secret": secret, "until": until}
    return redirect("recommendations:by_link")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest) -> HttpResponse:
    """Let an owner without an account answer."""
    kept = request.session.get(KEPT)
    if not kept or datetime.fromisoformat(kept["until"]) < timezone.now():
        request.session.pop(KEPT, None)
        return _over(request, Opened(State.UNKNOWN))
    opened = open_link(request, kept["secret"], queries.LINK)
    found: Any = queries.opened_by_link() if opened.state is State.OPEN else None
    if found is None:
        return _over(request, opened)
    form = _form(request, found, found.open_parts, found.earlier)

    def do() -> None:
        answering.answer(recommendation=found, reply=form.reply, by=None, at=timezone.now())

    if acted(request, form, do):
        messages.success(request, "Thank you. The committee has your answer.")
        return redirect("recommendations:by_link")
    return render(
        request,
        "scrutiny/recommendations/by_link.html",
        {"found": found, "form": form, "given": found.given},
    )


def _over(request: HttpRequest, opened: Opened) -> HttpResponse:
    status = opened.status if opened.state is not State.OPEN else 404
    return render(request, "scrutiny/recommendations/over.html", status=status)
