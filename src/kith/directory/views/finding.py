"""Pages on which anybody finds help. Nothing that is typed here is kept."""

import contextlib
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kith.audit.lists import kept
from kith.directory import actions, ages, queries, spoken
from kith.directory.finding import (
    A_PAGE,
    FURTHEST_PAGE,
    Asked,
    Found,
    Result,
    find,
    numbers_found,
    postcode_near,
)
from kith.directory.forms import FindForm
from kith.directory.found_map import of_found
from kith.directory.nearby import miles_away
from kith.directory.permissions import (
    may_find_for_professionals,
    may_keep_directory,
    may_say_offering,
)
from kith.directory.times import Calendar, hours, in_words, next_held
from kith.directory.views.asking import file_of
from kith.hubs.queries import all_hubs
from kith.ui.tongues import foreign, in_their_language

NEXT_TIMES = 4
PLACES_ON_PAPER = 3  # of one service
FOLDED = ("within", "kind", "who", "day", "part", "only", "access", "language")


@dataclass(frozen=True)
class Held:
    """Where a service is given and when, as paper tells it; no place where it is not to be known."""

    place: Any
    times: list[str]


@dataclass(frozen=True)
class Line:
    """A result as the list shows it."""

    result: Result
    ages: str
    miles: str
    next: str  # when it is held next
    held: list[Held]  # on paper, which is read on another day


@require_safe
@in_their_language
def find_help(request: HttpRequest) -> HttpResponse:
    """Find services, by words, place, age, day and more; or choose a kind of help to begin with."""
    form = FindForm(request.GET)
    narrowed = any(name in form.errors or any(request.GET.getlist(name)) for name in FOLDED)
    context: dict[str, Any] = {
        "form": form,
        "more_choices": _more_choices(form) if narrowed else _no_more_chosen(get_language()),
    }
    if form.is_valid() and (asked := form.asked()).anything:
        number = _page_number(request.GET)
        if tongue := foreign(request):
            asked = replace(asked, named=spoken.named(asked.words, tongue))
        found = find(asked, page=number, professional=_professional(request))
        _count(asked, found, number)
        context |= _shown(asked, found, number) | {
            "picture": of_found(found.results) if "map" in request.GET else None,
            "on_map": "map" in request.GET,
        }
    else:
        context["kinds"] = [term for term in queries.terms("category") if term.parent_id is None]
    if tongue := foreign(request):
        found_now = [line.result.service for line in context.get("lines", ())]
        context["spoken"] = spoken.words_in(tongue, found_now)
    return render(request, "directory/find.html", context)


def searched(request: HttpRequest, begin: dict[str, str], *, begun: bool = False) -> dict[str, Any]:
    """Return what a page shows that looks for services with what is sent to it, not with its address;
    `begin` is what stands in the boxes at first: also where something else was sent (`begun`)."""
    form = FindForm(None if begun else request.POST or None, initial=begin)
    narrowed = any(name in form.errors or any(request.POST.getlist(name)) for name in FOLDED)
    context: dict[str, Any] = {"form": form, "more_choices": _more_choices(form, narrowed)}
    if form.is_valid() and (asked := form.asked()).anything:
        number = _page_number(request.POST)
        found = find(asked, page=number, professional=_professional(request))
        _count(asked, found, number)
        sent = [(name, value) for name in form.fields for value in request.POST.getlist(name)]
        context |= _shown(asked, found, number) | {"sent": sent}
    elif form.is_bound and not form.errors:
        form.add_error("q", "Enter what you are looking for, or choose a kind of help")
    return context


def _count(asked: Asked, found: Found, number: int) -> None:
    """Count what nothing was found for; of a list that has other pages, the first alone."""
    if number == 1 and (not found.total or found.some_words_only):
        actions.count_not_found(asked=asked, found=found, at=timezone.now())


def numbers_chosen(request: HttpRequest) -> list[UUID]:
    """Return the services that were chosen of what was found, of those that can be numbers of services."""
    chosen = []
    for text in [*request.GET.getlist("service"), *request.POST.getlist("service")][:A_PAGE]:
        with contextlib.suppress(ValueError):
            chosen.append(UUID(text))
    return chosen


def _shown(asked: Asked, found: Found, number: int) -> dict[str, Any]:
    return {
        "asked": asked,
        "found": found,
        "lines": _lines(found),
        "page": _page(found, number),
        "where": asked.spot.name if asked.spot else "",
        "absent": queries.not_offered_for(asked.words, timezone.localdate()),
    }


def _more_choices(form: FindForm, narrowed: bool = True) -> SafeString:
    context = {"form": form, "narrowed": narrowed}
    return render_to_string("directory/parts/more_choices.html", context)


@kept
def _no_more_chosen(language: str | None) -> SafeString:
    """Draw the folded choices as most people leave them: a third of the page's work.

    In each language by itself."""
    return _more_choices(FindForm(), narrowed=False)


# It changes nothing and tells nothing of whoever sends it: no proof is needed that the form is ours.
@csrf_exempt
@require_POST
def near_me(request: HttpRequest) -> HttpResponse:
    """Look from where a browser says it is: the nearest postcode is what stands in the question, so that
    no coordinates come into an address. They are not kept."""
    asked = request.POST.copy()
    here = asked.pop("here", [""])[0]
    asked["near"] = postcode_near(here) or _("where you are")
    return redirect(f"{reverse('directory:find')}?{asked.urlencode()}")


@require_safe
def download(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Hand out what a search shows, or everything, as a file."""
    form = FindForm(request.GET)
    if not form.is_valid():
        # What is wrong with the search is said where it is typed.
        return redirect(f"{reverse('directory:find')}?{request.GET.urlencode()}")
    asked = form.asked()
    return file_of(numbers_found(asked if asked.anything else Asked()), kind)


@require_safe
@in_their_language
def service(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a service: what it is, who it is for, when and where, and how to get it."""
    found = queries.find_published(uid, professional=_professional(request))
    if found is None:
        if instead := queries.told_by(uid):
            return redirect("directory:service", instead, permanent=True)
        raise Http404("This service is no longer listed.")
    today = timezone.localdate()
    schedules = list(found.schedules.all())
    calendar = queries.calendar(today, [one.pk for one in schedules])
    places = [
        {
            "place": held.place,
            "words": held.words,
            "times": [_times(one, calendar) for one in schedules if one.at_place_id == held.pk],
            "access": queries.access_in_words(held.place),
        }
        for held in found.at_places.all()
    ]
    context = {
        "service": found,
        "ages": ages.in_words(found.from_months, found.to_months),
        "places": places,
        "times": [_times(one, calendar) for one in schedules if one.at_place_id is None],
        "kinds": [tag.term for tag in found.tags.all() if tag.term.taxonomy == "category"],
        "for": [tag.term for tag in found.tags.all() if tag.term.taxonomy == "target"],
        "fresh": queries.freshness(found, today),
        "own_hubs": _own_hubs(request),
        "may_keep": request.user.is_authenticated and bool(may_keep_directory(request.user)),
    }
    if tongue := foreign(request):
        context["spoken"] = spoken.words_in(tongue, [found])
    return render(request, "directory/service.html", context)


def _own_hubs(request: HttpRequest) -> list[Any]:
    """Return the hubs for which this person may say what they offer."""
    user = request.user
    if not user.is_authenticated or not may_keep_directory(user):
        return []
    return [hub for hub in all_hubs() if may_say_offering(user, hub)]


def _times(schedule: Any, calendar: Calendar) -> dict[str, Any]:
    held = next_held(schedule, timezone.localdate(), calendar)
    coming = list(islice(held, NEXT_TIMES))
    return {"words": in_words(schedule), "note": schedule.words, "next": coming}


def _lines(found: Found) -> list[Line]:
    today = timezone.localdate()
    schedules = [one for result in found.results for one in result.service.schedules.all()]
    calendar = queries.calendar(today, [one.pk for one in schedules])
    return [
        Line(
            result,
            ages.in_words(result.service.from_months, result.service.to_months),
            miles_away(result.km),
            _next(result, calendar),
            _held(result),
        )
        for result in found.results
    ]


def _held(result: Result) -> list[Held]:
    """Return at which place a service is held and when: at the nearest, else at the first few."""
    times: dict[int | None, list[str]] = defaultdict(list)
    for one in result.service.schedules.all():
        times[one.at_place.place_id if one.at_place else None].append(in_words(one))
    at_places = [Held(one, times[one["pk"]]) for one in result.given_at[:PLACES_ON_PAPER]]
    return at_places + ([Held(None, times[None])] if times[None] else [])


def _next(result: Result, calendar: Calendar) -> str:
    """Say when a service is held next: today, tomorrow, on a day; "" where no times are known."""
    today = timezone.localdate()
    coming = [
        (day, schedule.opens is None, str(schedule.opens), schedule.pk, schedule)
        for schedule in result.service.schedules.all()
        for day in [next(next_held(schedule, today, calendar), None)]
        if day is not None
    ]
    if not coming:
        return ""
    first = min(coming)
    day, schedule = first[0], first[-1]
    ahead = (day - today).days
    words = _("Today") if not ahead else _("Tomorrow") if ahead == 1 else date_format(day, "l j E")
    return words + hours(schedule)


def _page_number(sent: QueryDict) -> int:
    text = sent.get("page", "1")
    return min(max(int(text), 1), FURTHEST_PAGE) if text.isdecimal() and len(text) < 5 else 1


def _page(found: Found, number: int) -> Page[Any]:
    return Paginator(range(found.total), A_PAGE).get_page(number)


def _professional(request: HttpRequest) -> bool:
    return bool(may_find_for_professionals(request.user))
