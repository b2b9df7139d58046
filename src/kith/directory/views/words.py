"""Pages for the words of the directory: kinds of help, groups, words that mean the same, school terms."""

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
from kith.directory import actions, queries, spoken
from kith.directory.views.asking import ask
from kith.directory.words_forms import (
    RetireForm,
    SameMeaningForm,
    SchoolTermForm,
    TermForm,
    of_term,
    parts,
)
from kith.ui.tongues import offered

PAGES = ["GET", "HEAD", "POST"]
LINES = 30  # of the county's words on a page, to be written in another language
LISTS = {"kinds": ("category", "Kinds of help"), "groups": ("target", "Who help is for")}
PARTS = (
    ("Kinds of help", "directory:words", "kinds"),
    ("Who help is for", "directory:words", "groups"),
    ("Words that mean the same", "directory:same_meanings", ""),
    ("School terms", "directory:school_terms", ""),
    ("Other languages", "directory:tongues", ""),
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


@require_safe
@needs(P.DIRECTORY_EDIT_ALL)
def tongues(request: HttpRequest) -> HttpResponse:
    """Show of each language how much of the county's own words is written in it."""
    told = [(one, spoken.progress(one.code)) for one in offered() if one.foreign]
    context = {"tabs": _tabs("Other languages"), "languages": told}
    return render(request, "directory/tongues.html", context)


@require_http_methods(PAGES)
@needs(P.DIRECTORY_EDIT_ALL)
def said_in(request: HttpRequest, language: str, kind: str) -> HttpResponse:
    """Write the county's words in a language beside the English: what is missing first."""
    tongue = next((one for one in offered() if one.foreign and one.code == language), None)
    label = dict(spoken.Kind.choices).get(kind)
    if tongue is None or label is None:
        raise Http404
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems, kept = _write_said(request, kind, language)
        if not problems:
            messages.success(
                request, f"Kept: {kept} in {tongue.name}." if kept else "Nothing was different."
            )
            return redirect(request.get_full_path())
    page = Paginator(spoken.lines(kind, language), LINES).get_page(request.GET.get("page"))
    context = {
        "tongue_written": tongue,
        "label": label,
        "page": page,
        "rows": [
            (line, request.POST.get(line.name, line.words), problems.get(line.name, ""))
            for line in page
        ],
        "problems": problems,
    }
    return render(request, "directory/said_in.html", context)


def _write_said(request: HttpRequest, kind: str, language: str) -> tuple[dict[str, str], int]:
    """Write what was sent, all that can be; return what could not, by its name, and how much was."""
    problems: dict[str, str] = {}
    kept = 0
    for line in spoken.lines(kind, language):
        if line.name not in request.POST:
            continue
        words = request.POST[line.name].replace("\0", "").strip()
        same = words == line.words
        if same and not (line.stale and f"still-{line.name}" in request.POST):
            continue
        try:
            actions.say_in(
                thing=line.thing, field=line.field, language=language, words=words,
                english=request.POST.get(f"english-{line.name}", ""), **_said(request),
            )  # fmt: skip
        except actions.DirectoryRefused as problem:
            problems[line.name] = str(problem)
        else:
            kept += 1
    return problems, kept


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
