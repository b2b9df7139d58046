"""A case goes from one hub to another: offered, read, taken over, declined or taken back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.audit.actions import saw_once
from kith.casework import actions, handing_over, permissions, queries
from kith.casework.handing_over_forms import AnswerForm, OfferForm, TakeOverForm
from kith.casework.views.asking import ask, case_of, said_by, words_stay
from kith.casework.views.hub import hub_asked_for, hub_page
from kith.hubs.queries import all_hubs


@login_required
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """Show the cases that other hubs offer this one, and those that it offers."""
    if not queries.gives_families(request.user):
        raise Http404
    every = request.GET.get("hub") == "all" and len(queries.teams_of(request.user)) > 1
    team = None if every else hub_asked_for(request)
    return render(
        request,
        "casework/handing_over/listed.html",
        {
            "team": team,
            "every": True,
            "rows": handing_over.to_answer(request.user, team),
            "offered": handing_over.offered(request.user, timezone.now(), team),
            "days": handing_over.SHOWN_FOR.days,
            **hub_page(request, "handovers", team),
        },
    )


@never_cache
@words_stay
def offer(request: HttpRequest, reference: str) -> HttpResponse:
    """Offer a case to another hub: a handover, what the family knows, what becomes of agreements."""
    found = case_of(request, reference)
    permissions.may_hand_over(request.user, found).or_raise()
    if found.closed_at and request.method == "GET":
        messages.info(
            request,
            f"{found.reference} is closed, so no other hub can take it over. If the family needs help "
            "again, open it again first.",
        )
        return redirect("casework:case", found.reference)
    waiting = next(
        (
            one
            for one in handing_over.history_of(request.user, found)
            if one["what"] == "waiting" and request.method == "GET"
        ),
        None,
    )
    if waiting:
        return redirect("casework:handover", waiting["offer"])
    today = timezone.localdate()
    known = handing_over.facts(request.user, found, today)
    form = OfferForm(
        request.POST or None,
        hubs=[hub for hub in all_hubs() if hub.team_id != found.team_id],
        initial=handing_over.begin_with(known),
    )

    def do() -> None:
        made = actions.offer_case(case=found, **form.said, **said_by(request))
        messages.success(
            request,
            f"{made.to_team} is asked to take over {found.reference}. Until it has answered, the "
            f"case stays with {made.from_team}.",
        )

    return ask(
        request,
        form,
        do,
        done=reverse("casework:case", args=[found.reference]),
        template="casework/handing_over/offer.html",
        case=found,
        becomes=handing_over.what_becomes(request.user, found, today),
        still_open=known["open"],
    )


@login_required
@never_cache
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one handover: to the hub that offers, and to the hub that is asked."""
    found = _of(request, pk)
    seen = queries.with_names(request.user).filter(pk=found.case_id).first()
    saw_once(
        viewer=request.user,
        family_id=seen.family_id if seen else handing_over.family_of(request.user, found),
        page="handover",
        at=timezone.now(),
    )
    waiting = found.state == "waiting"
    return render(
        request,
        "casework/handing_over/one.html",
        {
            "offer": found,
            "known": handing_over.shown(found),
            "case": seen,
            "may_answer": waiting and permissions.may_take_over(request.user, found),
            "may_withdraw": waiting and seen and permissions.may_hand_over(request.user, seen),
            "days": permissions.STAYS_IN_SIGHT.days,
        },
    )


@login_required
@never_cache
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a case over, and give it to a worker."""
    found = _of(request, pk)
    permissions.may_take_over(request.user, found).or_raise()
    if found.state != "waiting":
        return _over(request, found)
    loads = queries.caseloads(request.user, found.to_team, timezone.localdate())
    today = timezone.localdate()
    form = TakeOverForm(
        request.POST or None,
        loads=loads,
        still_open=handing_over.open_of(request.user, found, today),
        today=today,
    )

    def do() -> None:
        worker = form.workers[form.cleaned_data["worker"]]
        actions.take_over(
            offer=found,
            worker=worker,
            reason=form.cleaned_data["reason"],
            becomes=form.becomes,
            **said_by(request),
        )
        messages.success(
            request, f"{found.to_team} has {found.facts['reference']} now, with {worker}."
        )

    return _answered(request, found, form, do, "casework/handing_over/take_over.html", loads=loads)


@login_required
@never_cache
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a hub does not take a case over, and why."""
    found = _of(request, pk)
    permissions.may_take_over(request.user, found).or_raise()
    if found.state != "waiting":
        return _over(request, found)
    form = AnswerForm(
        request.POST or None,
        asked=f"Why does {found.to_team} not take this case over?",
        hint=f"{found.from_team} reads it, and it stays on the case. Say what would have to be "
        "different, or who else could help.",
        missing="Write why your hub does not take the case over",
    )

    def do() -> None:
        actions.decline_case(offer=found, **form.cleaned_data, **said_by(request))
        messages.success(request, f"{found.from_team} keeps the case, and is told why.")

    return _answered(
        request,
        found,
        form,
        do,
        "casework/handing_over/answer.html",
        done=reverse("casework:handovers"),
        title="Do not take this case over",
        button="Send this answer",
    )


@login_required
@never_cache
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an offer back that nobody has answered yet."""
    found = _of(request, pk)
    seen: Any = get_object_or_404(queries.with_names(request.user), pk=found.case_id)
    permissions.may_hand_over(request.user, seen).or_raise()
    if found.state != "waiting":
        return _over(request, found)
    form = AnswerForm(
        request.POST or None,
        asked="Why does the case stay?",
        hint=f"It stays on the case. {found.to_team} is told only that it need not answer.",
        missing="Write why the case stays",
    )

    def do() -> None:
        actions.withdraw_offer(offer=found, **form.cleaned_data, **said_by(request))
        messages.success(request, f"The offer is taken back. {found.from_team} keeps the case.")

    return _answered(
        request,
        found,
        form,
        do,
        "casework/handing_over/answer.html",
        title="Take this offer back",
        button="Keep the case",
    )


def _of(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(handing_over.visible_to(request.user), pk=pk)


def _over(request: HttpRequest, offer: Any) -> HttpResponse:
    messages.info(
        request,
        f"This was answered already: {offer.get_state_display().lower()} by {offer.answered_by}.",
    )
    return redirect("casework:handover", offer.pk)


def _answered(
    request: HttpRequest,
    offer: Any,
    form: Any,
    do: Any,
    template: str,
    *,
    done: str = "",
    **context: Any,
) -> HttpResponse:
    here = reverse("casework:handover", args=[offer.pk])
    return ask(
        request, form, do, done=done or here, template=template, offer=offer, here=here, **context
    )
