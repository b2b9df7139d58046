"""A member's own page: what waits for them, what is new to them, and what they wrote and asked."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.scrutiny import division, queries
from kith.scrutiny import member_queries as mine
from kith.scrutiny.search_forms import NotesForm
from kith.scrutiny.views import committees

SHORT = 4  # notes, and answered questions, on the first page
A_PAGE = 30


@require_safe
@never_cache
@needs(P.SCRUTINY_SEE)
def home(request: HttpRequest) -> HttpResponse:
    """Show a member their own page; an officer, and those who answer, the meetings."""
    user: Any = request.user
    member = queries.member_of(user)
    if member is None:
        shown: HttpResponse = committees.listed(request)
        return shown
    now = timezone.now()
    today = timezone.localdate(now)
    seats = mine.seats_held(member, today)
    coming = mine.coming(user, seats, now)
    notes = mine.notes(user)
    asked = mine.questions(user, member)
    recommended = mine.recommended(user, seats, now)
    areas = division.areas_of(member, today)
    changed = division.changed(areas, now)
    context = {
        "member": member,
        "now": now,
        "seats": mine.attended(member, seats, today),
        "coming": coming,
        "unread": sum(one.is_new for one in coming),
        "notes": notes[:SHORT],
        "many_notes": notes.count(),
        "to_make": mine.visits_to_make(user, now),
        "to_note": mine.visits_to_note(user, member, now),
        "open_questions": [one for one in asked if not one.answers],
        "answered": [one for one in asked if one.answers],
        "recommended": recommended,
        "late": sum(bool(line.late) for line, _ in recommended),
        "areas": areas,
        "changed": [one for one in changed if one.known],
        "kept_back": sorted({one.now["name"] for one in changed if not one.known}),
    }
    return render(request, "scrutiny/member.html", context)


@require_safe
@never_cache
@needs(P.SCRUTINY_SEE)
def notes(request: HttpRequest) -> HttpResponse:
    """Show all that somebody wrote for themselves under items, and find words in it."""
    form = NotesForm(request.GET or None)
    words = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    found = mine.notes(request.user, words)  # type: ignore[arg-type]
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "scrutiny/my_notes.html", {"form": form, "words": words, "page": page})
