"""The meetings of committees, and who sits on each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kith.accounts.pages import needs
from kith.accounts.permissions import Permission as P
from kith.places.queries import districts
from kith.scrutiny import published, queries
from kith.scrutiny.actions import committees
from kith.scrutiny.actions.common import pairs
from kith.scrutiny.forms import CommitteeForm, EndSeatForm, MemberForm, SeatForm, people
from kith.scrutiny.permissions import may_keep
from kith.scrutiny.views.asking import ask, committee_of, said_by
from kith.scrutiny.visit_queries import hubs_to_choose

PAGES = ["GET", "HEAD", "POST"]
LATEST = 10


@require_safe
@never_cache
@needs(P.SCRUTINY_SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """Show the meetings to come and those that were, with what waits for an officer."""
    user, now = request.user, timezone.now()
    today = timezone.localdate(now)
    context = {
        "coming": queries.meetings_from(user, now)[:LATEST],  # type: ignore[arg-type]
        "were": queries.meetings_before(user, now)[:LATEST],  # type: ignore[arg-type]
        "committees": queries.committees(),
        "may_keep": may_keep(user),  # type: ignore[arg-type]
        "waiting": queries.waiting(user, today),  # type: ignore[arg-type]
    }
    return render(request, "scrutiny/home.html", context)


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def write(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Set up a committee, or change it."""
    committee = committee_of(slug) if slug else None
    initial = pairs(committee, CommitteeForm.base_fields) if committee else {}
    form = CommitteeForm(request.POST or None, initial=initial)
    return ask(
        request,
        form,
        "Change the committee" if committee else "Set up a committee",
        lambda: committees.set_up_committee(
            details=form.details(), committee=committee, **said_by(request)
        ),
        lambda made: reverse("scrutiny:seats", args=[made.slug]),
        back=reverse("scrutiny:seats", args=[slug]) if slug else reverse("scrutiny:home"),
    )


@require_safe
@never_cache
@needs(P.SCRUTINY_SEE)
def seats(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who sits on a committee, and who did."""
    committee = committee_of(slug)
    today = timezone.localdate()
    year_ago = today.replace(year=today.year - 1, day=min(today.day, 28))
    rates = published.attendance_rates(committee, year_ago, today)
    context = {
        "committee": committee,
        "seats": [(seat, rates[seat.member_id]) for seat in queries.seats_on(committee, today)],
        "before": queries.seats_before(committee, today),
        "may_keep": may_keep(request.user),  # type: ignore[arg-type]
    }
    return render(request, "scrutiny/seats.html", context)


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def member(request: HttpRequest, slug: str, uid: str = "") -> HttpResponse:
    """Add a member to choose from, or change who they are."""
    known = queries.member_called(uid) if uid else None
    if uid and known is None:
        raise Http404
    users = {str(one.pk): one for one in queries.accounts_of_members(request.user)}  # type: ignore[arg-type]
    form = MemberForm(request.POST or None, initial=_said_of(known))
    form.offer("account", [("", "None"), *((pk, str(one)) for pk, one in users.items())])
    hubs = {str(one.pk): one for one in hubs_to_choose()}
    form.offer(
        "hub", [("", "Every hub of the district"), *((pk, str(one)) for pk, one in hubs.items())]
    )
    form.offer("district", [("", "Not said"), *((one.code, one.name) for one in districts())])
    return ask(
        request,
        form,
        "Change a member" if known else "Add a person",
        lambda: committees.keep_member(
            details=form.details(users, hubs), member=known, **said_by(request)
        ),
        lambda _: reverse("scrutiny:give_seat" if not known else "scrutiny:seats", args=[slug]),
        back=reverse("scrutiny:seats", args=[slug]),
    )


def _said_of(known: object) -> dict[str, object]:
    if known is None:
        return {}
    told = pairs(known, MemberForm.SAID)
    yes = "yes" if getattr(known, "councillor", True) else "no"
    chosen = {"account": getattr(known, "user_id", None), "hub": getattr(known, "hub_id", None)}
    return {**told, "councillor": yes, **{name: str(pk or "") for name, pk in chosen.items()}}


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def give_seat(request: HttpRequest, slug: str) -> HttpResponse:
    """Give somebody a seat."""
    committee = committee_of(slug)
    found = {str(one.pk): one for one in queries.members()}
    form = SeatForm(request.POST or None, initial={"since": timezone.localdate()})
    form.offer("member", [("", "Choose a member"), *people(found.values())])
    return ask(
        request,
        form,
        "Give a seat",
        lambda: committees.give_seat(
            committee=committee,
            member=found[form.cleaned_data["member"]],
            role=form.cleaned_data["role"],
            votes=form.cleaned_data["votes"],
            since=form.cleaned_data["since"],
            **said_by(request),
        ),
        lambda _: reverse("scrutiny:seats", args=[slug]),
        back=reverse("scrutiny:seats", args=[slug]),
        also=(
            reverse("scrutiny:add_member", args=[slug]),
            "They are not in the list: add a person",
        ),
    )


@require_http_methods(PAGES)
@needs(P.SCRUTINY_KEEP)
def end_seat(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a seat."""
    seat = next((one for one in queries.seats_of(committee_of(slug)) if one.pk == pk), None)
    if seat is None:
        raise Http404
    form = EndSeatForm(request.POST or None, initial={"on": timezone.localdate()})
    return ask(
        request,
        form,
        f"End the seat of {seat.member}",
        lambda: committees.end_seat(
            seat=seat,
            on=form.cleaned_data["on"],
            because=form.cleaned_data["because"],
            **said_by(request),
        ),
        lambda _: reverse("scrutiny:seats", args=[slug]),
        back=reverse("scrutiny:seats", args=[slug]),
    )
