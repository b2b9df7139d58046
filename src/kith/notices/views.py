"""The outbox, the words, and the demonstration's letter-box."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from kith.notices import actions, mail, queries, words
from kith.notices.forms import OutboxForm, WordsForm
from kith.notices.permissions import may_edit_wordings, may_see_outbox

A_PAGE = 50
COLOURS = {"waiting": "yellow", "sent": "green", "failed": "red"}


@login_required
def outbox(request: HttpRequest) -> HttpResponse:
    """List what was sent, and what could not be."""
    may_see_outbox(request.user).or_raise()
    form = OutboxForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    notices = queries.outbox(request.user, **wanted)
    context = {
        "page": Paginator(notices, A_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "failed": queries.failed(request.user),
        "names": {wording.key: wording.name for wording in words.registered()},
        "colours": COLOURS,
    }
    return render(request, "notices/outbox.html", context)


@login_required
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one notice."""
    notice = get_object_or_404(queries.visible_to(request.user), pk=pk)
    wording = words.find(notice.key)
    name = wording.name if wording else notice.subject
    return render(
        request,
        "notices/one.html",
        {"notice": notice, "name": name, "colours": COLOURS, "not_shown": words.NOT_SHOWN},
    )


@login_required
@require_POST
def send_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try a failed notice again."""
    notice = get_object_or_404(queries.visible_to(request.user), pk=pk)
    try:
        actions.send_again(notice=notice, by=request.user, at=timezone.now())
    except actions.NotFailed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, "It is being sent again.")
    return redirect("notices:one", pk=pk)


@login_required
def wordings(request: HttpRequest) -> HttpResponse:
    """List the notices whose words a county can change."""
    may_edit_wordings(request.user).or_raise()
    context = {
        "notices": words.notices(),
        "on_pages": [wording for wording in words.registered() if wording.on_page],
        "own": queries.in_own_words(request.user),
    }
    return render(request, "notices/wordings.html", context)


@login_required
def wording(request: HttpRequest, key: str, channel: str = "email") -> HttpResponse:
    """Show what a notice says, try other words in a preview, and keep them."""
    may_edit_wordings(request.user).or_raise()
    found = _found(key, channel)
    now = queries.words_now(found, channel)
    given = request.POST or None
    form = WordsForm(
        given,
        wording=found,
        channel=channel,
        initial={"subject": now.subject, "body": now.body},
    )
    shown = (now.subject, now.body)
    if form.is_bound and form.is_valid():
        shown = form.cleaned_data.get("subject", ""), form.cleaned_data["body"]
        if "save" in request.POST:
            actions.save_wording(
                wording=found,
                channel=channel,
                subject=shown[0],
                body=shown[1],
                by=request.user,
                at=timezone.now(),
            )
            messages.success(request, f"“{found.name}” now says this.")
            return redirect("notices:wording", key=key, channel=channel)
    subject, body = queries.preview(found, subject=shown[0], body=shown[1])
    return render(
        request,
        "notices/wording.html",
        {
            "wording": found,
            "channel": channel,
            "channels": [
                {
                    "label": label,
                    "href": reverse("notices:wording", args=[key, code]),
                    "current": code == channel,
                }
                for code, label in queries.channels_of(found)
            ],
            "now": now,
            "form": form,
            "preview_subject": subject,
            "preview_body": body,
            "trying": form.is_bound and form.is_valid(),
            "no_provider": queries.no_provider(channel),
        },
    )


def _found(key: str, channel: str) -> words.Wording:
    found = words.find(key)
    if found is None or channel not in dict(queries.channels_of(found)):
        raise Http404
    return found


@login_required
@require_POST
def restore(request: HttpRequest, key: str, channel: str) -> HttpResponse:
    """Go back to the words that come with Kith."""
    found = _found(key, channel)
    actions.restore_wording(wording=found, channel=channel, by=request.user, at=timezone.now())
    messages.success(request, f"“{found.name}” says what comes with Kith again.")
    return redirect("notices:wording", key=key, channel=channel)


def letter_box(request: HttpRequest) -> HttpResponse:
    """Show the demonstration's e-mails, which in earnest would go to people."""
    if not settings.DEMO:
        raise Http404
    page = Paginator(mail.letters(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/letter_box.html", {"page": page})


def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one of the demonstration's e-mails."""
    found = mail.letter(pk) if settings.DEMO else None
    if found is None:
        raise Http404
    return render(request, "notices/letter.html", {"letter": found})
