"""What everybody may read of the committees: meetings, papers, minutes, decisions, and the search.

Nothing here reads the committee's own tables: only who sits where, and what was published.
"""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from kith.scrutiny import published, queries
from kith.scrutiny.search_forms import SearchForm
from kith.scrutiny.views.asking import committee_of

A_PAGE = 20
GONE = 410


@require_safe
def all_committees(request: HttpRequest) -> HttpResponse:
    """Show the committees, their next meetings, and the search."""
    today = timezone.localdate()
    context = {
        "committees": queries.committees(),
        "coming": published.meetings().filter(day__gte=today).order_by("day", "pk")[:A_PAGE],
        "were": published.meetings().filter(day__lt=today)[:5],
        "form": SearchForm(),
        "decisions": published.rows("decision").exists(),
    }
    return render(request, "scrutiny/public/committees.html", context)


@require_safe
def committee(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a committee: who sits on it, its meetings, and its forward plan."""
    found, today = committee_of(slug), timezone.localdate()
    meetings = published.meetings(found)
    page = Paginator(meetings.filter(day__lt=today), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "committee": found,
        "seats": queries.seats_on(found, today),
        "coming": meetings.filter(day__gte=today).order_by("day", "pk"),
        "page": page,
        "plan": published.plan(found),
    }
    return render(request, "scrutiny/public/committee.html", context)


@require_safe
def meeting(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a meeting: its agenda with papers, and its minutes, as they were published."""
    shown = _shown(request, uid, "meeting")
    if isinstance(shown, HttpResponse):
        return shown
    return render(request, "scrutiny/public/meeting.html", _of_meeting(shown.content, shown))


def _of_meeting(content: dict[str, Any], shown: Any) -> dict[str, Any]:
    minutes = content.get("minutes") or {}
    return {
        "shown": shown,
        "told": content["meeting"],
        "agenda": content.get("agenda"),
        "minutes": minutes,
        "items": [
            (item, minutes.get("items", {}).get(item["uid"], []))
            for item in (content.get("agenda") or {}).get("items", [])
        ],
        "editions": published.editions(shown),
    }


@require_safe
def edition(request: HttpRequest, uid: UUID, kind: str, number: int) -> HttpResponse:
    """Show an agenda or minutes as they were published on a day."""
    shown = _shown(request, uid, "meeting")
    if isinstance(shown, HttpResponse):
        return shown
    found = published.editions(shown).filter(kind=kind, number=number).first()
    if found is None:
        raise Http404
    context = {**_of_meeting(found.content, shown), "edition": found}
    return render(request, "scrutiny/public/meeting.html", context)


@require_safe
def item(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one item by itself."""
    shown = _shown(request, uid, "item")
    if isinstance(shown, HttpResponse):
        return shown
    context = {"shown": shown, "item": shown.content, "points": shown.content.get("points", [])}
    return render(request, "scrutiny/public/item.html", context)


@require_safe
def paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a paper: what it is, and its words where it is no file."""
    shown = _shown(request, uid, "file")
    if isinstance(shown, HttpResponse):
        return shown
    return render(request, "scrutiny/public/paper.html", {"shown": shown, "paper": shown.content})


@require_safe
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the report of a review, as it was published last."""
    shown = _shown(request, uid, "review")
    if isinstance(shown, HttpResponse):
        return shown
    below = published.within(shown)
    context = {
        "shown": shown,
        "told": shown.content,
        "practices": [one for one in below if one.kind == "practice"],
        "recommendations": [one for one in below if one.kind == "recommendation"],
        "editions": published.editions(shown),
    }
    return render(request, "scrutiny/public/report.html", context)


@require_safe
def practices(request: HttpRequest) -> HttpResponse:
    """Show all exemplar practice that was published."""
    found = published.rows("practice").order_by("name", "pk")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "scrutiny/public/practices.html", {"page": page})


@require_safe
def practice(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what works somewhere, and who has taken it up."""
    shown = _shown(request, uid, "practice")
    if isinstance(shown, HttpResponse):
        return shown
    return render(request, "scrutiny/public/practice.html", {"shown": shown, "told": shown.content})


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Show the executive's decisions to come, and those that were taken."""
    found = list(published.rows("decision").order_by("-day", "pk")[:200])
    context = {
        "coming": sorted(
            (one for one in found if not one.content["decided_on"]), key=lambda one: str(one.day)
        ),
        "taken": [one for one in found if one.content["decided_on"]],
    }
    return render(request, "scrutiny/public/decisions.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search all that was published, the words highlighted."""
    known = {committee.slug: committee for committee in queries.committees()}
    form = SearchForm(request.GET or None)
    form.offer("committee", [("", "All committees"), *((slug, str(one)) for slug, one in known.items())])  # fmt: skip
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        asked = published.Asked(
            words=said["q"],
            kind=said["kind"],
            committee=known.get(said["committee"]),
            since=said["since"],
            until=said["until"],
        )
        page = Paginator(published.search(asked), A_PAGE).get_page(request.GET.get("page"))
        rows = list(page.object_list)
        told = published.headlines(rows, said["q"]) if said["q"].strip() else {}
        most = bool(said["q"].strip()) and page.paginator.count >= published.MOST_RANKED
        context |= {
            "page": page,
            "most": most,
            "rows": [(row, marked(told.get(row.pk, ""))) for row in rows],
        }
    return render(request, "scrutiny/public/search.html", context)


def marked(text: str) -> SafeString:
    """Return a few words with those that were looked for marked; all else is text and no markup."""
    safe = str(escape(text))
    return mark_safe(safe.replace("«", "<mark>").replace("»", "</mark>"))


def _shown(request: HttpRequest, uid: UUID, kind: str) -> Any:
    """Return what is published; say so where it was taken back. Raises Http404."""
    shown = published.thing(uid, kind)
    if shown is None:
        raise Http404
    if shown.gone_at:
        return render(request, "scrutiny/public/gone.html", {"shown": shown}, status=GONE)
    return shown
