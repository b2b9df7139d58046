"""Pages about what the hubs offer: one core offer, each hub's local offer, and what is not offered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.directory import actions, nearby, queries, spoken
from kith.directory.ages import in_words
from kith.directory.forms import AgreeForm, ConsultForm, ItemForm, NotOfferedForm, OfferingForm
from kith.directory.permissions import may_keep_directory, may_say_not_offered, may_say_offering
from kith.directory.views.asking import ask
from kith.hubs.calendar import promise_days
from kith.hubs.queries import all_hubs, hub_for_postcode, people_for_posts
from kith.partners.queries import schools
from kith.ui.tongues import foreign, in_their_language

PAGES = ["GET", "HEAD", "POST"]
NEWS = timedelta(days=92)  # of which changes a school is told: a term's
SHORT = 5  # services under a heading before the rest is folded


@require_safe
def hub_offer(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a hub offers: the core offer, its local offer, and what it does not offer."""
    hub, user = _hub(slug), request.user
    today, signed_in = timezone.localdate(), user.is_authenticated
    offer = queries.offer_in_force(today)
    standings = queries.core_standings()
    context = {
        "hub": hub,
        "offer": offer,
        "items": [(item, standings.get((item.code, hub.pk))) for item in offer.items.all()]
        if offer
        else [],
        "local": queries.local_offer(hub),
        "absent": [one for one in queries.not_offered(today) if one.hub_id in (None, hub.pk)],
        "figures": dict(queries.figure_names(for_standards=False)),
        "may_figures": signed_in
        and (user.can(P.FIGURES_COUNTY) or user.can(P.FIGURES_HUB, in_team=hub.team)),
        "may_say": signed_in and bool(may_say_offering(user, hub)),
    }
    return render(request, "directory/hub_offer.html", context)


@require_safe
def school_offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a school what its hub offers it, what there is near it, and what there is not."""
    school = schools().filter(pk=pk).first()
    if school is None:
        raise Http404
    today = timezone.localdate()
    hub = nearby.hub_of_school(school, today)
    offer, standings = queries.offer_in_force(today), queries.core_standings()
    spot, months = nearby.spot_of(school, hub), nearby.AGES.get(school.phase)
    near, more = nearby.services_near(spot, months) if spot else ([], 0)
    since = today - NEWS
    services_since, changed = nearby.changes(hub, near, since)
    context = {
        "school": school,
        "hub": hub,
        "in_its_area": hub and hub_for_postcode(school.postcode, today) == hub,
        "days": promise_days("first_contact"),
        "offer": offer,
        "items": [(item, standings.get((item.code, hub.pk))) for item in offer.items.all()]
        if offer and hub
        else [],
        "local": queries.local_offer(hub) if hub else [],
        "absent": [
            one for one in queries.not_offered(today) if one.hub_id in (None, hub and hub.pk)
        ],
        "ages": in_words(*months) if months else "",
        "near": [
            (title, [(service, place, nearby.miles_away(km)) for service, place, km in those])
            for title, those in nearby.by_heading(near)
        ],
        "more": more,
        "since": since,
        "services_since": services_since if services_since > since else None,
        "changed": changed,
        "figures": dict(queries.figure_names(for_standards=False)),
        "SHORT": SHORT,
    }
    return render(request, "directory/school_offer.html", context)


@require_http_methods(PAGES)
@needs(P.DIRECTORY_EDIT, P.DIRECTORY_EDIT_ALL)
def say(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Say how a hub stands to something of the core offer."""
    hub = _hub(slug)
    may_say_offering(request.user, hub).or_raise()  # type: ignore[arg-type]
    offer = queries.offer_in_force(timezone.localdate())
    item = next((one for one in offer.items.all() if one.code == code), None) if offer else None
    if item is None:
        raise Http404
    known = queries.core_standings().get((code, hub.pk))
    form = OfferingForm(
        request.POST or None,
        initial=_said(known),
        people=people_for_posts(),
        measured=item.measured,
        entries=queries.entries_at(hub),
    )
    return _back(
        request, form, f"{item.name} at {hub.name} hub",
        lambda: actions.say_offering(
            hub=hub, code=code, standing=_with_entry(form), by=request.user, at=timezone.now()  # type: ignore[arg-type]
        ),
        reverse("directory:hub_offer", args=[slug]),
        {"item": item},
    )  # fmt: skip


@require_POST
@needs(P.DIRECTORY_EDIT, P.DIRECTORY_EDIT_ALL)
def confirm(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Say today whether a standard that no data show is met."""
    hub = _hub(slug)
    may_say_offering(request.user, hub).or_raise()  # type: ignore[arg-type]
    met = {"yes": True, "no": False}.get(request.POST.get("met", ""))
    if met is None:
        messages.error(request, "Choose whether the standard is met.")
    else:
        try:
            actions.confirm_standard(
                hub=hub, code=code, met=met, by=request.user, at=timezone.now()
            )  # type: ignore[arg-type]
        except actions.DirectoryRefused as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, "Written down, with today’s date and your name.")
    return redirect("offer_standard", slug, code)


@require_http_methods(PAGES)
@needs(P.DIRECTORY_EDIT, P.DIRECTORY_EDIT_ALL)
def say_local(request: HttpRequest, slug: str, uid: Any) -> HttpResponse:
    """Say that a service is of a hub's local offer, and which need it answers."""
    hub = _hub(slug)
    may_say_offering(request.user, hub).or_raise()  # type: ignore[arg-type]
    service = queries.find_published(uid)
    if service is None:
        raise Http404
    known = queries.local_offer(hub).filter(service=service).first()
    form = OfferingForm(
        request.POST or None,
        initial=_said(known),
        people=people_for_posts(),
        figures=queries.figure_names(for_standards=False),
        core=False,
    )
    return _back(
        request, form, f"{service.name} in the local offer of {hub.name}",
        lambda: actions.say_offering(
            hub=hub, service=service, standing=form.standing(), by=request.user, at=timezone.now()  # type: ignore[arg-type]
        ),
        reverse("directory:hub_offer", args=[slug]),
    )  # fmt: skip


@require_safe
@needs(P.OFFER_AGREE)
def versions(request: HttpRequest) -> HttpResponse:
    """List the versions of the core offer."""
    found = list(queries.offers())
    context = {
        "offers": found,
        "in_force": queries.offer_in_force(timezone.localdate()),
        "in_the_making": any(offer.state != offer.State.AGREED for offer in found),
    }
    return render(request, "directory/versions.html", context)


@require_POST
@needs(P.OFFER_AGREE)
def draft(request: HttpRequest) -> HttpResponse:
    """Begin the next version."""
    try:
        offer = actions.draft_offer(by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except actions.DirectoryRefused as problem:
        messages.error(request, str(problem))
        return redirect("directory:versions")
    return redirect("directory:version", offer.version)


@require_safe
@needs(P.OFFER_AGREE)
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show a version, with what can be done with it."""
    offer = _version(number)
    figures = dict(queries.figure_names(for_standards=True))
    items = [(item, figures.get(item.indicator, "")) for item in offer.items.all()]
    return render(request, "directory/version.html", {"offer": offer, "items": items})


@require_http_methods(PAGES)
@needs(P.OFFER_AGREE)
def item(request: HttpRequest, number: int, code: str = "") -> HttpResponse:
    """Write something of a version that is not agreed yet."""
    offer = _version(number)
    found = next((one for one in offer.items.all() if one.code == code), None)
    if (code and found is None) or offer.state == offer.State.AGREED:
        raise Http404
    initial = {name: getattr(found, name) for name in ItemForm.base_fields} if found else None
    figures = queries.figure_names(for_standards=True)
    form = ItemForm(request.POST or None, initial=initial, figures=figures)
    return _back(
        request, form, found.name if found else "Add to the core offer",
        lambda: actions.write_item(
            offer=offer, item=found, details=_item(form.cleaned_data), by=request.user,  # type: ignore[arg-type]
            at=timezone.now(),
        ),
        reverse("directory:version", args=[number]),
    )  # fmt: skip


@require_POST
@needs(P.OFFER_AGREE)
def take_out(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Take something out of a version that is not agreed yet."""
    found = next((one for one in _version(number).items.all() if one.code == code), None)
    if found is None:
        raise Http404
    try:
        actions.take_out_item(item=found, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except actions.DirectoryRefused as problem:
        messages.error(request, str(problem))
    return redirect("directory:version", number)


@require_http_methods(PAGES)
@needs(P.OFFER_AGREE)
def consult(request: HttpRequest, number: int) -> HttpResponse:
    """Write down that a version is out for consultation."""
    offer, form = _version(number), ConsultForm(request.POST or None)
    return _back(
        request, form, f"Version {number}: consultation",
        lambda: actions.consult(offer=offer, **form.cleaned_data, by=request.user, at=timezone.now()),  # type: ignore[arg-type]
        reverse("directory:version", args=[number]),
    )  # fmt: skip


@require_http_methods(PAGES)
@needs(P.OFFER_AGREE)
def agree(request: HttpRequest, number: int) -> HttpResponse:
    """Put a version in force."""
    offer, form = _version(number), AgreeForm(request.POST or None)
    return _back(
        request, form, f"Version {number}: put in force",
        lambda: actions.agree_offer(offer=offer, **form.cleaned_data, by=request.user, at=timezone.now()),  # type: ignore[arg-type]
        reverse("directory:version", args=[number]),
        {"warn": "From then on its words never change: to change them, begin the next version."},
    )  # fmt: skip


@require_safe
@in_their_language
def not_offered(request: HttpRequest) -> HttpResponse:
    """List what people ask for and do not get, and where to go instead."""
    user = request.user
    context = {
        "absent": queries.not_offered(timezone.localdate()),
        "today": timezone.localdate(),
        "may_write": user.is_authenticated and bool(may_keep_directory(user)),
    }
    if tongue := foreign(request):
        context["spoken"] = spoken.words_in(tongue)
    return render(request, "directory/not_offered.html", context)


@require_http_methods(PAGES)
@needs(P.DIRECTORY_EDIT, P.DIRECTORY_EDIT_ALL)
def write_not_offered(request: HttpRequest, uid: Any = None) -> HttpResponse:
    """Say that something is not offered, and where to go instead."""
    user: Any = request.user
    known = queries.not_offered_called(uid) if uid else None
    if uid and known is None:
        raise Http404
    hubs = [hub for hub in all_hubs() if may_say_offering(user, hub)]
    everywhere = bool(may_say_not_offered(user, None))
    if known:
        may_say_not_offered(user, known.hub).or_raise()
    form = NotOfferedForm(
        request.POST or None,
        # What people ask for and do not find is brought here by its name ("asked_for").
        initial=_absent(known)
        | (
            {}
            if known
            else {name: request.GET.get(name, "")[:300] for name in ("title", "hub", "synonyms")}
        ),
        hubs=hubs,
        everywhere=everywhere,
    )
    return _back(
        request, form, known.title if known else "Something that is not offered",
        lambda: actions.write_not_offered(details=form.details(), known=known, by=user, at=timezone.now()),
        reverse("directory:not_offered"),
    )  # fmt: skip


def _back(
    request: HttpRequest,
    form: Form,
    title: str,
    act: Callable[[], Any],
    back: str,
    more: Any = None,
) -> HttpResponse:
    return ask(request, form, title, act, lambda made: back, back=back, more=more)


def _item(given: dict[str, Any]) -> actions.Item:
    return actions.Item(**{**given, "entry_shows": tuple(given["entry_shows"])})


def _with_entry(form: OfferingForm) -> actions.Standing:
    uid = form.cleaned_data.get("entry")
    entry = queries.find_published(UUID(uid)) if uid else None
    return replace(form.standing(), entry=entry)


def _hub(slug: str) -> Any:
    found = next((hub for hub in all_hubs() if hub.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _version(number: int) -> Any:
    found = queries.offer_called(number)
    if found is None:
        raise Http404
    return found


def _said(known: Any) -> dict[str, Any]:
    if known is None:
        return {}
    names = ("state", "since", "reason", "instead", "review_on", "need", "figure", "due_on")
    said = {True: "yes", False: "no"}.get(known.standard_said, "")
    return {name: getattr(known, name) for name in names} | {
        "entry": str(known.service.uid) if known.service else "",
        "owner": str(known.owner_id or ""),
        "standard_said": said,
    }


def _absent(known: Any) -> dict[str, Any]:
    if known is None:
        return {}
    names = ("title", "words", "instead", "review_on", "until")
    return {name: getattr(known, name) for name in names} | {
        "hub": known.hub.slug if known.hub else "",
        "synonyms": ", ".join(known.synonyms),
        "services": "\n".join(str(service.uid) for service in known.services.all()),
    }
