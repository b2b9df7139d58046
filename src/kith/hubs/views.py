"""Pages of the hubs: public ones to find yours, and the county's own to change them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission
from kith.hubs import actions, maps, queries
from kith.hubs.calendar import DEFAULTS, promise_days
from kith.hubs.forms import (
    NO_HUB,
    ClosedDayForm,
    DayForm,
    HubForm,
    MoveForm,
    PostForm,
    PromisesForm,
)
from kith.hubs.permissions import may_edit_hubs, may_see_staff
from kith.places.queries import NotAPostcode, NotInTheCounty, distance_km, find_postcode

PAGES = ["GET", "HEAD", "POST"]
NEAREST_SHOWN = 3


@require_safe
def hubs(request: HttpRequest) -> HttpResponse:
    """List the hubs, and find the one for a postcode. Public."""
    today = timezone.localdate()
    context: dict[str, Any] = {
        "hubs": queries.all_hubs(),
        "picture": maps.of_county(today),
        "typed": request.GET.get("postcode", "")[:40].replace("\0", ""),
        "may_edit": request.user.is_authenticated and may_edit_hubs(request.user),
    }
    if "postcode" in request.GET:
        try:
            place = find_postcode(request.GET["postcode"][:200])
        except (NotAPostcode, NotInTheCounty) as problem:
            context["problem"] = str(problem)
            context["problems"] = [{"message": problem, "href": "#postcode"}]
        else:
            hub = queries.hub_of_postcode(place, today)
            away = queries.nearest_hubs(place.easting, place.northing)
            context |= {"place": place, "hub": hub, "nearest": away[:NEAREST_SHOWN]}
            if hub is not None:
                context["km"] = distance_km(
                    place.easting, place.northing, hub.easting, hub.northing
                )
    return render(request, "hubs/hubs.html", context)


@require_safe
def hub(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a hub. Public, but for who works there."""
    shown = get_object_or_404(queries.all_hubs(), slug=slug)
    today = timezone.localdate()
    context = {"hub": shown, "picture": maps.of_hub(shown, today)}
    if request.user.is_authenticated and may_see_staff(request.user):
        roles = queries.roles_at(shown, today)
        context |= {
            "posts": [
                (post, roles.get(post.user_id, [])) for post in queries.posts_of(shown, today)
            ],
            "shows_staff": True,
            "changes": queries.changes_of(shown)[:50],
            "may_edit": bool(may_edit_hubs(request.user)),
            "today": today,
        }
    return render(request, "hubs/hub.html", context)


@require_http_methods(PAGES)
@needs(Permission.HUB_EDIT)
def new(request: HttpRequest) -> HttpResponse:
    """Open a hub."""
    form = HubForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_hub(by=request.user, at=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]
        except actions.NameTaken as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, f"{opened.name} is open. Now draw its area.")
            return redirect("hubs:hub", opened.slug)
    return render(
        request, "hubs/form.html", {"form": form, "title": "Open a hub", "button": "Open"}
    )


@require_http_methods(PAGES)
@needs(Permission.HUB_EDIT)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what is said about a hub."""
    shown = get_object_or_404(queries.all_hubs(), slug=slug)
    initial = {name: getattr(shown, name) for name in HubForm.base_fields}
    form = HubForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_hub(
                hub=shown,
                by=request.user,  # type: ignore[arg-type]
                at=timezone.now(),
                **form.cleaned_data,
            )
        except actions.NameTaken as problem:
            form.add_error("name", str(problem))
        else:
            messages.success(request, "The changes are saved.")
            return redirect("hubs:hub", shown.slug)
    context = {"form": form, "hub": shown, "title": f"Change {shown.name}", "button": "Save"}
    return render(request, "hubs/form.html", context)


@require_http_methods(PAGES)
@needs(Permission.HUB_EDIT)
def add_post(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a person a post at a hub."""
    shown = get_object_or_404(queries.all_hubs(), slug=slug)
    today = timezone.localdate()
    form = PostForm(request.POST or None, initial={"since": today, "families_at_once": 15})
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.add_post(
                hub=shown,
                by=request.user,  # type: ignore[arg-type]
                at=timezone.now(),
                **form.cleaned_data,
            )
        except actions.PostRefused as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, f"{post.user} has a post at {shown.name}.")
            return redirect("hubs:hub", shown.slug)
    context = {"form": form, "hub": shown, "title": f"Add a post at {shown.name}", "button": "Add"}
    return render(request, "hubs/form.html", context)


@require_http_methods(PAGES)
@needs(Permission.HUB_EDIT)
def change_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or end a post."""
    post = get_object_or_404(queries.posts(), pk=pk)
    names = [name for name in PostForm.base_fields if name != "user"]
    initial = {name: getattr(post, name) for name in names}
    form = PostForm(request.POST or None, initial=initial, whose=post.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_post(
                post=post,
                by=request.user,  # type: ignore[arg-type]
                at=timezone.now(),
                **form.cleaned_data,
            )
        except actions.PostRefused as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            messages.success(request, f"The post of {post.user} is changed.")
            return redirect("hubs:hub", post.hub.slug)
    title = f"{post.user} at {post.hub.name}"
    context = {"form": form, "hub": post.hub, "title": title, "button": "Save"}
    return render(request, "hubs/form.html", context)


@require_http_methods(PAGES)
@needs(Permission.HUB_EDIT)
def area(request: HttpRequest, slug: str) -> HttpResponse:
    """Move neighbourhoods of a hub to another from a day on."""
    shown = get_object_or_404(queries.all_hubs(), slug=slug)
    return _move(
        request,
        places=[
            (held.neighbourhood_id, held.neighbourhood.name)
            for held in queries.catchment_of(shown, timezone.localdate())
        ],
        not_to=shown.slug,
        context={"hub": shown, "title": f"Move neighbourhoods of {shown.name}"},
        back=("hubs:hub", shown.slug),
    )


@require_http_methods(PAGES)
@needs(Permission.HUB_EDIT)
def without_hub(request: HttpRequest) -> HttpResponse:
    """Give neighbourhoods that have no hub to one."""
    places = queries.neighbourhoods_without_hub(timezone.localdate())
    return _move(
        request,
        places=[(place.code, place.name) for place in places],
        not_to="",
        context={"title": "Neighbourhoods without a hub"},
        back=("hubs:areas",),
    )


def _move(
    request: HttpRequest,
    *,
    places: list[tuple[str, str]],
    not_to: str,
    context: dict[str, Any],
    back: tuple[str, ...],
) -> HttpResponse:
    form = MoveForm(request.POST or None, today=timezone.localdate(), places=places, not_to=not_to)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["hub"]
        to = None if wanted == NO_HUB else queries.all_hubs().filter(slug=wanted).first()
        try:
            moved = actions.move_neighbourhoods(
                codes=form.cleaned_data["neighbourhoods"],
                hub=to,
                since=form.cleaned_data["since"],
                by=request.user,  # type: ignore[arg-type]
                at=timezone.now(),
            )
        except actions.CannotMove as problem:
            form.add_error("since", str(problem))
        else:
            where = to.name if to else "no hub"
            messages.success(
                request,
                f"{moved} neighbourhood{'s' if moved != 1 else ''} "
                f"belong{'' if moved != 1 else 's'} to {where} "
                f"from {form.cleaned_data['since']:%-d %B %Y}.",
            )
            return redirect(*back)
    return render(request, "hubs/move.html", {"form": form, "places": places, **context})


@require_http_methods(PAGES)
@needs(Permission.HUB_EDIT)
def areas(request: HttpRequest) -> HttpResponse:
    """Propose areas by the nearest hub: first what would change, then, when confirmed, change it."""
    today = timezone.localdate()
    form = DayForm(request.POST or None, today=today)
    since = today
    if request.method == "POST" and form.is_valid():
        since = form.cleaned_data["since"]
        # Only what has been looked at is done: another day is shown first.
        if request.POST.get("confirm") == since.isoformat():
            try:
                moves = actions.propose_catchments(since=since, by=request.user, at=timezone.now())  # type: ignore[arg-type]
            except actions.CannotMove as problem:
                form.add_error("since", str(problem))
            else:
                many = "neighbourhoods belong" if len(moves) != 1 else "neighbourhood belongs"
                messages.success(
                    request, f"{len(moves)} {many} to another hub from {since:%-d %B %Y}."
                )
                return redirect("hubs:hubs")
    context = {
        "form": form,
        "moves": queries.moves_to_nearest(since),
        "since": since,
        "without_hub": queries.neighbourhoods_without_hub(today).count(),
    }
    return render(request, "hubs/areas.html", context)


@require_http_methods(PAGES)
@login_required
def promises(request: HttpRequest) -> HttpResponse:
    """Set what the county promises, and see which days do not count."""
    if not request.user.can(Permission.SETTINGS_EDIT):  # type: ignore[union-attr]
        raise PermissionDenied("Only the county lead or an administrator can change promises.")
    form = PromisesForm(
        request.POST or None, initial={str(key): promise_days(str(key)) for key in DEFAULTS}
    )
    if request.method == "POST" and form.is_valid():
        actions.set_promises(days=form.cleaned_data, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        messages.success(
            request, "The promises are saved. What was promised before keeps its date."
        )
        return redirect("hubs:promises")
    return _promises_page(request, form, ClosedDayForm(prefix="day"))


@require_POST
@needs(Permission.SETTINGS_EDIT)
def add_closed_day(request: HttpRequest) -> HttpResponse:
    """Add a day that does not count."""
    form = ClosedDayForm(request.POST, prefix="day")
    if form.is_valid():
        try:
            actions.add_closed_day(by=request.user, at=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]
        except actions.AlreadyClosed as problem:
            form.add_error("day", str(problem))
        else:
            messages.success(request, f"{form.cleaned_data['day']:%-d %B %Y} does not count.")
            return redirect("hubs:promises")
    initial = {str(key): promise_days(str(key)) for key in DEFAULTS}
    return _promises_page(request, PromisesForm(initial=initial), form)


@require_POST
@needs(Permission.SETTINGS_EDIT)
def remove_closed_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a day count again."""
    closed = queries.closed_days_from(timezone.localdate()).filter(pk=pk).first()
    if closed is None:
        raise Http404
    actions.remove_closed_day(closed_day=closed, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    messages.success(request, f"{closed.day:%-d %B %Y} counts as a working day again.")
    return redirect("hubs:promises")


@require_POST
@needs(Permission.SETTINGS_EDIT)
def add_bank_holidays(request: HttpRequest) -> HttpResponse:
    """Add England's bank holidays as far as they are known."""
    new_days = actions.add_bank_holidays(by=request.user, at=timezone.now())  # type: ignore[arg-type]
    if new_days:
        messages.success(request, f"{new_days} bank holidays are added.")
    else:
        messages.info(request, "All bank holidays that are known are on the list already.")
    return redirect("hubs:promises")


def _promises_page(
    request: HttpRequest, form: PromisesForm, day_form: ClosedDayForm
) -> HttpResponse:
    context = {
        "form": form,
        "day_form": day_form,
        "days": queries.closed_days_from(timezone.localdate()),
    }
    return render(request, "hubs/promises.html", context)
