"""Pages for the words of the directory: kinds of help, groups, words that mean the same, school terms."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.directory import actions, queries
from kith.directory.views.asking import ask
from kith.directory.words_forms import (
    RetireForm,
    SameMeaningForm,
    SchoolTermForm,
    TermForm,
    of_term,
    parts,
)

PAGES = ["GET", "HEAD", "POST"]
LISTS = {"kinds": ("category", "Kinds of help"), "groups": ("target", "Who help is for")}
PARTS = (
    ("Kinds of help", "directory:words", "kinds"),
    ("Who help is for", "directory:words", "groups"),
    ("Words that mean the same", "directory:same_meanings", ""),
    ("School terms", "directory:school_terms", ""),
)


@require_safe
@needs(P.DIRECTORY_EDIT_ALL)
def words(request: HttpRequest, which: str) -> HttpResponse:
    """List the kinds of help, or the groups that help is for, with how many services use each."""
    taxonomy, title = _list(which)
    found = queries.all_terms(taxonomy)
    context = {
        "tabs": _tabs(title),
        "title": title,
        "which": which,
        "terms": [term for term in found if term.active],
        "retired": [term for term in found if not term.active],
    }
    return render(request, "directory/words.html", context)


@require_http_methods(PAGES)
@needs(P.DIRECTORY_EDIT_ALL)
def term(request: HttpRequest, which: str, uid: UUID | None = None) -> HttpResponse:
    """Add a kind of help or a group, or change what is said of it."""
    taxonomy, title = _list(which)
    known = _term(taxonomy, uid) if uid else None
    form = TermForm(
        request.POST or None, initial=of_term(known) if known else None, taxonomy=taxonomy, known=known
    )  # fmt: skip
    back = reverse("directory:words", args=[which])
    return ask(
        request, form, f"Change “{known.name}”" if known else f"{title}: add",
        lambda: actions.write_term(taxonomy=taxonomy, details=form.details(), known=known, **_said(request)),
        lambda made: back,
        back=back,
    )  # fmt: skip


@require_http_methods(PAGES)
@needs(P.DIRECTORY_EDIT_ALL)
def retire(request: HttpRequest, which: str, uid: UUID) -> HttpResponse:
    """Take a kind of help or a group out of the list, and say what becomes of its services."""
    taxonomy, _ = _list(which)
    known = _term(taxonomy, uid)
    form = RetireForm(request.POST or None, term=known)
    many = f"{known.uses} service{'' if known.uses == 1 else 's'}"
    warn = (
        f"{many} use{'s' if known.uses == 1 else ''} it. What is not sorted under another is not found "
        "by this any more, only by its words."
        if known.uses
        else "No service uses it."
    )
    back = reverse("directory:words", args=[which])
    return ask(
        request, form, f"Retire “{known.name}”",
        lambda: actions.retire_term(term=known, into=form.other(), **_said(request)),
        lambda made: back,
        back=back,
        said=f"“{known.name}” is retired. It can be taken back below.",
        more={"warn": warn, "button": "Retire it"},
    )  # fmt: skip


@require_POST
@needs(P.DIRECTORY_EDIT_ALL)
def take_back(request: HttpRequest, which: str, uid: UUID) -> HttpResponse:
    """Put a retired term back."""
    taxonomy, _ = _list(which)
    try:
        actions.take_term_back(term=_term(taxonomy, uid), **_said(request))
    except actions.DirectoryRefused as problem:
        messages.error(request, str(problem))
    return redirect("directory:words", which)


@require_safe
@needs(P.DIRECTORY_EDIT_ALL)
def same_meanings(request: HttpRequest) -> HttpResponse:
    """List the words that mean the same."""
    title = "Words that mean the same"
    context = {"tabs": _tabs(title), "title": title, "lines": queries.same_meanings()}
    return render(request, "directory/same_meanings.html", context)


@require_http_methods(PAGES)
@needs(P.DIRECTORY_EDIT_ALL)
def same_meaning(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a line of words that mean the same, or change one."""
    known = _found(queries.same_meanings().filter(pk=pk).first()) if pk else None
    form = SameMeaningForm(request.POST or None, initial={"words": str(known)} if known else None)
    back = reverse("directory:same_meanings")
    return ask(
        request, form, "Words that mean the same",
        lambda: actions.write_same_meaning(words=parts(form.cleaned_data["words"]), known=known, **_said(request)),
        lambda made: back,
        back=back,
    )  # fmt: skip


@require_POST
@needs(P.DIRECTORY_EDIT_ALL)
def drop_same_meaning(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that words do not mean the same after all."""
    same = _found(queries.same_meanings().filter(pk=pk).first())
    actions.drop_same_meaning(same=same, **_said(request))
    return redirect("directory:same_meanings")


@require_safe
@needs(P.DIRECTORY_EDIT_ALL)
def school_terms(request: HttpRequest) -> HttpResponse:
    """List the school terms, and ask for the next year's where the last ends soon."""
    today = timezone.localdate()
    context = {
        "tabs": _tabs("School terms"),
        "title": "School terms",
        "terms": queries.school_terms_written(),
        "today": today,
        "end": queries.school_terms_end(today),
    }
    return render(request, "directory/school_terms.html", context)


@require_http_methods(PAGES)
@needs(P.DIRECTORY_EDIT_ALL)
def school_term(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a school term, or change one."""
    known = _found(queries.school_terms_written().filter(pk=pk).first()) if pk else None
    initial = {name: getattr(known, name) for name in SchoolTermForm.base_fields} if known else None
    form = SchoolTermForm(request.POST or None, initial=initial)
    back = reverse("directory:school_terms")
    return ask(
        request, form, f"Change “{known.name}”" if known else "Add a school term",
        lambda: actions.write_school_term(known=known, **form.cleaned_data, **_said(request)),
        lambda made: back,
        back=back,
    )  # fmt: skip


@require_POST
@needs(P.DIRECTORY_EDIT_ALL)
def drop_school_term(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a school term that was written by mistake."""
    known = _found(queries.school_terms_written().filter(pk=pk).first())
    actions.drop_school_term(term=known, **_said(request))
    return redirect("directory:school_terms")


def _tabs(title: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "href": reverse(name, args=[arg] if arg else []),
            "current": label == title,
        }
        for label, name, arg in PARTS
    ]


def _list(which: str) -> tuple[str, str]:
    if which not in LISTS:
        raise Http404
    return LISTS[which]


def _term(taxonomy: str, uid: UUID) -> Any:
    found = queries.term_called(uid)
    return _found(found if found and found.taxonomy == taxonomy else None)


def _found(thing: Any) -> Any:
    if thing is None:
        raise Http404
    return thing


def _said(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "at": timezone.now()}
