"""Papers of an item: adding, withdrawing and handing them out."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.scrutiny import published, queries
from kith.scrutiny.actions import drawing, papers, publishing
from kith.scrutiny.actions.common import pairs
from kith.scrutiny.forms import WhyForm
from kith.scrutiny.paper_forms import PaperForm
from kith.scrutiny.report_forms import UpdateForm
from kith.scrutiny.views.asking import ask, do, item_of, said_by
from kith.ui.sending import as_file

PAGES = ["GET", "HEAD", "POST"]


def page_of(item: Any) -> str:
    return f"{reverse('scrutiny:meeting', args=[item.meeting.uid])}#item-{item.pk}"


def paper_of(request: HttpRequest, uid: UUID) -> Any:
    """Return a paper of a meeting that this person may read; 404 otherwise."""
    found = queries.paper_called(request.user, uid)  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def add(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Add a paper to an item."""
    item = item_of(request, uid)
    return _write(request, item, None, f"Add a paper to “{item.title}”")


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change a paper, or add the file that was to follow."""
    paper = paper_of(request, uid)
    return _write(request, paper.item, paper, "Change the paper")


def _write(request: HttpRequest, item: Any, paper: Any, title: str) -> HttpResponse:
    initial = pairs(paper, PaperForm.base_fields) if paper else {}
    form = PaperForm(request.POST or None, request.FILES or None, initial=initial)
    said = "Kept."
    if item.meeting.state != "planned":
        said = "Kept. The public reads it when you publish a supplement."
    then = page_of(item)
    return ask(
        request,
        form,
        title,
        lambda: papers.keep_paper(
            item=item, details=form.details(), file=form.sent(), paper=paper, **said_by(request)
        ),
        lambda _: then,
        back=then,
        said=said,
        with_files=True,
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def update(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write an information update under an item, from the figures of today."""
    item = item_of(request, uid)
    form = UpdateForm(request.POST or None)
    return ask(
        request,
        form,
        f"Write an information update for “{item.title}”",
        lambda: drawing.draw_update(item=item, key=form.cleaned_data["about"], **said_by(request)),
        lambda paper: reverse("scrutiny:own_paper", args=[paper.uid]),
        back=page_of(item),
        said="Written from the figures of today. Write it again until the agenda is published.",
        button="Write it",
        note="It says what each figure is, where it comes from, what one can tell of a change, and what is missing.",
    )


@require_safe
@never_cache
@needs(P.SCRUTINY_SEE)
def own_paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a paper that wrote itself to members and officers, also before it is published."""
    paper = paper_of(request, uid)
    if not paper.sections:
        raise Http404
    return render(request, "scrutiny/own_paper.html", {"paper": paper, "back": page_of(paper.item)})


@require_POST
@needs(P.SCRUTINY_KEEP)
def take_off(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a paper away that was never published."""
    paper = paper_of(request, uid)
    then = page_of(paper.item)
    return do(request, lambda: papers.take_off_paper(paper=paper, **said_by(request)), then)


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Withdraw a paper that should not have been published."""
    paper = paper_of(request, uid)
    form = WhyForm(request.POST or None)
    form.fields["why"].help_text = "The record keeps it; the public is told only that it is gone."
    then = page_of(paper.item)
    return ask(
        request,
        form,
        f"Withdraw “{paper}”",
        lambda: publishing.withdraw_paper(
            paper=paper, because=form.cleaned_data["why"], **said_by(request)
        ),
        lambda _: then,
        back=then,
        said="It is withdrawn. Nobody of the public can open it any more.",
        button="Withdraw it",
    )


@require_safe
@never_cache
@needs(P.SCRUTINY_SEE)
def own_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand a paper to a member or an officer, also one that is not for the public."""
    paper = paper_of(request, uid)
    if paper.content is None:
        raise Http404
    return as_file(bytes(paper.content.held), paper.file_name, paper.content.mime, shown=True)


@require_safe
def public_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand a published paper to anybody."""
    shown = published.thing(uid, "file")
    if shown is None or (not shown.gone_at and not shown.sha):
        raise Http404
    if shown.gone_at:
        return HttpResponse("This paper is no longer published.", status=410)
    etag = f'"{shown.sha}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    else:
        held = published.content(shown)
        told, save = shown.content, request.GET.get("save")
        answer = as_file(held, told["file_name"], told["mime"], shown=not save)
    answer["ETag"] = etag
    # It may be withdrawn: whoever keeps a copy asks again.
    answer["Cache-Control"] = "public, no-cache"
    return answer


@require_safe
def pack(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out the reports pack of a meeting."""
    shown = published.thing(uid, "meeting")
    if shown is None or shown.gone_at or not shown.sha:
        raise Http404
    name = f"reports-pack-{shown.day}.pdf"
    return as_file(published.content(shown), name, "application/pdf", shown=True)
