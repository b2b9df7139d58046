"""A hub's lists: whom a worker helps, who waits, who is to be reached, how full everybody is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.accounts.viewer import keep_plans
from kith.casework import auditing, intensity, minutes_owed, permissions, promises, queries
from kith.hubs.calendar import promise_days
from kith.ui.templatetags.ui import address

A_PAGE = 50

# What a worker may look at alone, and what to say when there is none of it.
SHOWN = {
    "reach": ("Families to reach", "You have reached every family of yours."),
    "late": ("Your actions that are late", "No action of yours is late."),
    "ask": ("Families to ask", "Nothing that families took on themselves is due."),
    "week": ("Your actions this week", "No action of yours is due in the next seven days."),
}


@login_required
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Show a worker's own families, what is due first. A manager who has none goes to the inbox."""
    if not queries.teams_of(request.user):
        raise Http404
    keep_plans()
    now, today = timezone.now(), timezone.localdate()
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    until = today + timedelta(days=7 if show == "week" else 0)
    cases, due, ask = queries.in_hand(request.user, until=until, today=today)
    if not cases and not show and queries.gives_families(request.user):
        return redirect("casework:inbox")
    if show:
        reach = [case for case in cases if case.first_contact_at is None]
        cases = reach if show == "reach" else []
        due = {
            "late": [action for action in due if action.due_on < today],
            "week": [action for action in due if action.due_on >= today],
        }.get(show, [])
    return render(
        request,
        "casework/mine.html",
        {
            "rows": [_card(case, request.user.pk, now) for case in cases],
            "actions": [(action, promises.due(action.due_on, today)) for action in due],
            "ask": [(action, promises.due(action.due_on, today)) for action in ask]
            if show in ("", "ask")
            else [],
            "show": SHOWN.get(show),
            "tabs": _tabs(request, "cases"),
            "covering": bool(queries.covered_by(request.user)),
        },
    )


@login_required
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the families that wait for a worker, longest waiting first."""
    every = request.GET.get("hub") == "all" and len(queries.teams_of(request.user)) > 1
    team = None if every else hub_asked_for(request)
    now = timezone.now()
    waiting = list(queries.waiting_for_worker(request.user, team))
    return render(
        request,
        "casework/inbox.html",
        {
            "rows": [_row(case, now) for case in waiting],
            "team": team,
            "may_give": any(permissions.may_allocate(request.user, case) for case in waiting),
            "every": True,
            **hub_page(request, "inbox", team),
        },
    )


@login_required
@never_cache
def to_reach(request: HttpRequest) -> HttpResponse:
    """Show the families of one's hubs whom nobody has reached: past the promise, or soon."""
    if not queries.teams_of(request.user):
        raise Http404
    now, when = timezone.now(), "soon" if request.GET.get("when") == "soon" else "late"
    page = Paginator(queries.to_reach(request.user, when, now), A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "casework/to_reach.html",
        {"rows": [_row(case, now) for case in page], "page": page, "late": when == "late"},
    )


@login_required
@never_cache
def open_cases(request: HttpRequest) -> HttpResponse:
    """Show a hub's open cases and who has them: of one worker with `?worker=`."""
    team, now = hub_asked_for(request), timezone.now()
    asked = request.GET.get("worker", "")
    worker = int(asked) if asked.isdecimal() and len(asked) < 10 else None
    page = Paginator(queries.open_cases(request.user, team, worker), A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "casework/open.html",
        {
            "rows": [_row(case, now) for case in page],
            "page": page,
            "worker": page[0].worker if worker and page else None,
            "team": team,
            **hub_page(request, "open", team),
        },
    )


@login_required
@never_cache
def stuck(request: HttpRequest) -> HttpResponse:
    """Show the open cases that have stopped moving, and what each is stuck for."""
    every = request.GET.get("hub") == "all" and len(queries.teams_of(request.user)) > 1
    team, now = None if every else hub_asked_for(request), timezone.now()
    found = queries.stuck(request.user, now, team)
    only = request.GET.get("why", "")
    counts = queries.stuck_by_reason(request.user, now, team)
    page = Paginator(found.filter(**{only: True}) if only in queries.STUCK else found, A_PAGE)
    shown = page.get_page(request.GET.get("page"))
    return render(
        request,
        "casework/stuck.html",
        {
            "rows": [
                (case, [words for key, words in queries.STUCK.items() if getattr(case, key)])
                for case in shown
            ],
            "page": shown,
            "only": queries.STUCK.get(only, ""),
            "counts": [(key, words, counts[key]) for key, words in queries.STUCK.items()],
            "days": {
                key: promise_days(key) for key in ("in_touch", "comes_on", "assessed", "reviewed")
            },
            "minutes_after": minutes_owed.STUCK_AFTER,
            "team": team,
            **hub_page(request, "stuck", team),
        },
    )


@login_required
@never_cache
def workers(request: HttpRequest) -> HttpResponse:
    """Show how much each worker of a hub has in hand."""
    team = hub_asked_for(request)
    loads = queries.caseloads(request.user, team, timezone.localdate())
    return render(
        request,
        "casework/workers.html",
        {
            "loads": loads,
            "families": sum(load.families for load in loads),
            "counted": sum(load.weight for load in loads),
            "weights": intensity.explained(),
            "may_set_weights": permissions.may_set_weights(request.user),
            "at_once": sum(load.at_once or 0 for load in loads if not load.away),
            "team": team,
            **hub_page(request, "workers", team),
        },
    )


def hub_asked_for(request: HttpRequest) -> Any:
    """Return the hub a page is about: `?hub=`, else this person's own first."""
    teams = queries.teams_of(request.user)
    if not teams:
        raise Http404
    asked = request.GET.get("hub", "")
    if not asked:
        return teams[0]
    for team in teams:
        if str(team.pk) == asked:
            return team
    raise Http404


def hub_page(request: HttpRequest, current: str, team: Any) -> dict[str, Any]:
    """Return what the head of a hub's page shows: its tabs, and the hubs to choose from."""
    teams = queries.teams_of(request.user)
    return {
        "tabs": _tabs(request, current, team if len(teams) > 1 else None),
        "teams": teams if len(teams) > 1 else [],
        "current": current,
    }


def _tabs(request: HttpRequest, current: str, team: Any = None) -> list[dict[str, Any]]:
    question = f"?hub={team.pk}" if team else ""
    names = {
        "cases": "My families",
        "inbox": "Waiting for a worker",
        "open": "Open cases",
        "stuck": "Stuck",
        "workers": "Workers",
        "supervision": "Supervision",
        "follow_ups": "After the end",
        "handovers": "Between hubs",
        "step_ups": "Social care",
        "audits": "Audits",
    }
    if not queries.gives_families(request.user):
        del names["handovers"]
    if not auditing.teams_to_audit(request.user):
        del names["audits"]
    if queries.gives_families(request.user) and not queries.mine(request.user).exists():
        del names["cases"]
    return [
        {
            "label": label,
            "href": address(f"casework:{name}") + (question if name != "cases" else ""),
            "current": name == current,
        }
        for name, label in names.items()
    ]


@dataclass(frozen=True)
class Card:
    """A family in a worker's own list, drawn once while it stays as it is."""

    case: queries.InHand
    other: str  # the colleague who has it, where it is not the viewer
    promise: promises.State | None  # of first contact, until it is kept
    due: promises.State | None


def _card(case: queries.InHand, viewer_id: int, now: datetime) -> Card:
    return Card(
        case=case,
        other="" if case.worker_id == viewer_id else case.worker,
        promise=promises.first_contact(case, now) if case.first_contact_at is None else None,
        due=promises.due(case.next_due, timezone.localdate(now)) if case.next_due else None,
    )


def _row(case: Any, now: Any) -> dict[str, Any]:
    next_due = getattr(case, "next_due", None)
    return {
        "case": case,
        "promise": promises.first_contact(case, now),
        "due": promises.due(next_due, timezone.localdate(now)) if next_due else None,
        "days": (timezone.localdate(now) - timezone.localdate(case.opened_at)).days,
    }
