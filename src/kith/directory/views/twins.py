"""Entries that may stand twice: why, side by side, and whether they are one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.directory import actions, twins
from kith.directory.proposal_forms import TogetherForm
from kith.directory.said import lines_of
from kith.directory.views.asking import ask
from kith.ui.fields import PlainTextField

A_PAGE = 20
PAGES = ["GET", "HEAD", "POST"]
KEEPERS = (P.DIRECTORY_EDIT, P.DIRECTORY_EDIT_ALL)
TABS = {"open": "To decide", "together": "Put together", "apart": "Not the same"}


class NotSameForm(forms.Form):
    """Why two entries tell of two services."""

    why = PlainTextField(
        label="Why are they not the same?",
        max_length=300,
        error_messages={"required": "Say in a few words why they are two"},
    )


@require_safe
@needs(*KEEPERS)
def listed(request: HttpRequest) -> HttpResponse:
    """List entries that may stand twice, the likeliest first; or what was said of others."""
    which = request.GET.get("only", "open")
    which = which if which in TABS else "open"
    here = reverse("directory:twins")
    context = {
        "page": Paginator(twins.listed(twins.KINDS[which]), A_PAGE).get_page(
            request.GET.get("page")
        ),
        "which": which,
        "tabs": [
            {"label": label, "href": f"{here}?only={key}", "current": key == which}
            for key, label in TABS.items()
        ],
    }
    return render(request, "directory/twins.html", context)


@require_POST
@needs(*KEEPERS)
def look(request: HttpRequest) -> HttpResponse:
    """Look through the directory now, and not only in the night."""
    many = actions.find_twins(**_said(request))
    messages.success(
        request,
        f"{many} pair{'s' if many != 1 else ''} of entries may be the same."
        if many
        else "No two entries look the same.",
    )
    return redirect("directory:twins")


@require_http_methods(PAGES)
@needs(*KEEPERS)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show two entries side by side, with what speaks for it that they are one, and against."""
    pair = _pair(pk)
    form = NotSameForm(request.POST or None)
    return ask(
        request, form, "Are these one service?",
        lambda: actions.say_not_same(pair=pair, **form.cleaned_data, **_said(request)),
        lambda made: reverse("directory:twins"),
        back=reverse("directory:twins"),
        said="Kept: these are two. They are not suggested again, unless more speaks for it.",
        more={
            "pair": pair,
            "rows": _rows(pair),
            "changed": twins.changed_since(pair) if pair.state == "one" else [],
        },
        template="directory/twin.html",
    )  # fmt: skip


@require_http_methods(PAGES)
@needs(*KEEPERS)
def together(request: HttpRequest, pk: int, which: str) -> HttpResponse:
    """Choose, field by field, what the entry that stays says, and put the two together."""
    pair = _pair(pk)
    if pair.state != "open":
        messages.info(request, f"Somebody else was first: {pair.get_state_display().lower()}.")
        return redirect("directory:twin", pk)
    kept, other = (pair.one, pair.other) if which == "first" else (pair.other, pair.one)
    lines, now, theirs = twins.beside(kept, other)
    form = TogetherForm(
        request.POST or None,
        initial={"mark": twins.mark_of(now, theirs)},
        lines=lines,
        stands=now,
        sent=theirs,
    )
    return ask(
        request, form, f"Put together: {kept.name}",
        lambda: actions.put_together(
            pair=pair, kept=kept, keep=form.keep(), agreed=form.agreed(), reworded=form.reworded(),
            mark=form.cleaned_data["mark"], **_said(request),
        ),
        lambda made: reverse("directory:kept", args=[made.uid]),
        back=reverse("directory:twin", args=[pk]),
        said="They are one entry now. The other's page leads here.",
        more={"pair": pair, "kept": kept, "other": other},
        template="directory/together.html",
    )  # fmt: skip


@require_POST
@needs(*KEEPERS)
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Let both stand again as they did."""
    return _do(request, pk, actions.part, "Both stand again as they did.")


@require_POST
@needs(*KEEPERS)
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that two entries are not the same."""
    return _do(request, pk, actions.ask_again, "Taken back. It is to decide again.")


def _do(request: HttpRequest, pk: int, act: Any, said: str) -> HttpResponse:
    try:
        act(pair=_pair(pk), **_said(request))
    except actions.DirectoryRefused as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, said)
    return redirect("directory:twin", pk)


def _rows(pair: Any) -> list[tuple[str, str, str, bool]]:
    """Return both entries line by line: what it is called, each one's words, and whether they differ."""
    one, other = (_told(service) for service in (pair.one, pair.other))
    labels = list(dict.fromkeys([*one, *other]))
    return [
        (label, one.get(label, ""), other.get(label, ""), one.get(label) != other.get(label))
        for label in labels
    ]


def _told(service: Any) -> dict[str, str]:
    found = {"Name": service.name, "Given by": service.provider.name}
    for line in lines_of(service):
        found[line.label] = "\n".join(filter(None, (found.get(line.label), line.words)))
    return found


def _pair(pk: int) -> Any:
    found = twins.pair_numbered(pk)
    if found is None:
        raise Http404
    return found


def _said(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "at": timezone.now()}
