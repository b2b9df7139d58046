"""Asking how things are after help has ended: the hub's list, and writing down a try."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.casework import actions, following, permissions, queries
from kith.casework.oversight_forms import FollowUpForm
from kith.casework.views.asking import ask, case_of, said_by
from kith.casework.views.hub import hub_asked_for, hub_page


@login_required
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """Show whom the hub is to ask how things are, and what came of asking."""
    if not queries.teams_of(request.user):
        raise Http404
    every = request.GET.get("hub") == "all" and len(queries.teams_of(request.user)) > 1
    team, now = None if every else hub_asked_for(request), timezone.now()
    return render(
        request,
        "casework/following/listed.html",
        {
            "team": team,
            "rows": [
                (one, permissions.may_work(request.user, one.case))
                for one in following.owed(request.user, now, team)
            ],
            "came": [
                (came, _words(came.outcomes))
                for came in following.came_of_it(request.user, now, team)
            ],
            "tries": following.MOST_TRIES,
            "weeks": following.ASKED_FOR.days // 7,
            **hub_page(request, "follow_ups", team),
        },
    )


def _words(outcomes: dict[str, int]) -> str:
    return ", ".join(
        f"{label}: {outcomes[key]}" for key, label in following.OUTCOMES if outcomes.get(key)
    )


@login_required
@never_cache
def record(request: HttpRequest, reference: str, months: int) -> HttpResponse:
    """Write down a try to ask a family how things are."""
    found: Any = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    if months not in following.MONTHS:
        raise Http404
    form = FollowUpForm(request.POST or None, initial={"on": timezone.localdate()})

    def do() -> None:
        answers = form.cleaned_data | {"reached": form.cleaned_data["reached"] == "yes"}
        actions.follow_up(case=found, months=months, **answers, **said_by(request))
        messages.success(request, "Thank you. It is written down.")

    return ask(
        request,
        form,
        do,
        done=reverse("casework:follow_ups"),
        template="casework/following/record.html",
        case=found,
        months=months,
    )
