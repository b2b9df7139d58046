"""What a hub gives: the list, one of them, its sessions, and how they are attended."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.casework import queries as casework
from kith.directory.queries import core_items
from kith.supports import actions, leading, permissions, queries
from kith.supports.forms import EndForm, SessionForm, SupportForm
from kith.supports.views.asking import ask, hub_of, said_by, support_of

BEFORE, AHEAD = timedelta(weeks=13), timedelta(weeks=5)
# How many weeks the page of attendance may look back.
WEEKS = {"4": "4 weeks", "13": "13 weeks", "26": "26 weeks", "52": "52 weeks"}


@login_required
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """Show what a hub gives."""
    team, teams = hub_of(request)
    ended = "ended" in request.GET
    today = timezone.localdate()
    return render(
        request,
        "supports/listed.html",
        {
            "team": team,
            "teams": teams,
            "ended": ended,
            "rows": queries.given_by(request.user, team, today, ended=ended),
            "may_give": permissions.may_give(request.user, team),
            "tabs": tabs(request, "all", team, teams),
        },
    )


def tabs(request: HttpRequest, here: str, team: Any, teams: list[Any]) -> list[dict[str, Any]]:
    """Return the ways between the lists of this room."""
    hub = f"?hub={team.pk}" if teams and team else ""
    return [
        {"label": label, "href": reverse(f"supports:{name}") + hub, "current": name == here}
        for name, label in (
            ("all", "Groups and sessions"),
            ("registers", "Registers to take"),
            ("attendance", "Attendance"),
        )
    ]


@login_required
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Set up something the hub gives."""
    team, _ = hub_of(request)
    permissions.may_give(request.user, team).or_raise()
    today = timezone.localdate()
    workers = list(casework.workers_of(request.user, team, today))
    form = SupportForm(
        request.POST or None,
        workers=workers,
        core=core_items(today),
        initial={"leader": str(request.user.pk), "minutes": 60},
    )

    def do() -> None:
        made = actions.set_up(team=team, **form.answers, **said_by(request))
        messages.success(request, f"{made} is set up.")

    return ask(
        request,
        form,
        do,
        done=f"{reverse('supports:all')}?hub={team.pk}",
        title="Set up a group or session",
        caption=team,
        button="Set it up",
    )


@login_required
@never_cache
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a support: when it is held, who is placed on it, and how its registers are."""
    support = support_of(request, pk)
    today = timezone.localdate()
    sessions = queries.sessions_of(
        request.user, support, today, since=today - BEFORE, until=today + AHEAD
    )
    may = permissions.may_give(request.user, support.team_id)
    return render(
        request,
        "supports/one.html",
        {
            "support": support,
            "ended": support.until is not None and support.until < today,
            "placed": queries.placed_on(request.user, support, today),
            "coming": [held for held in sessions if held.session.on > today][::-1],
            "past": [held for held in sessions if held.session.on <= today],
            "weeks": BEFORE.days // 7,
            "leaders": leading.leading_now(request.user, support, today),
            "may_give": may,
            "today": today,
        },
    )


@login_required
@never_cache
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how something is given."""
    support = support_of(request, pk)
    permissions.may_give(request.user, support.team_id).or_raise()
    workers = list(casework.workers_of(request.user, support.team, timezone.localdate()))
    if support.leader not in workers:
        workers.append(support.leader)
    form = SupportForm(
        request.POST or None,
        workers=workers,
        core=core_items(timezone.localdate(), support.core_code),
        change=True,
        initial={
            name: getattr(support, name)
            for name in ("name", "words", "place", "minutes", "places", "core_code")
        }
        | {"leader": str(support.leader_id), "starts": f"{support.starts:%H:%M}"},
    )

    def do() -> None:
        actions.change(support=support, **form.answers, **said_by(request))
        messages.success(request, "Changed. Sessions to come go along.")

    return ask(
        request,
        form,
        do,
        done=reverse("supports:one", args=[pk]),
        title="Change it",
        caption=support,
        button="Save",
    )


@login_required
@never_cache
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End what a hub gives."""
    support = support_of(request, pk)
    permissions.may_give(request.user, support.team_id).or_raise()
    form = EndForm(request.POST or None, must=True, initial={"until": timezone.localdate()})

    def do() -> None:
        answers = form.cleaned_data
        actions.end(
            support=support, until=answers["until"], reason=answers["words"], **said_by(request)
        )
        messages.success(request, f"{support} ends on {answers['until']:%-d %B %Y}.")

    return ask(
        request,
        form,
        do,
        done=reverse("supports:one", args=[pk]),
        title="End it",
        caption=support,
        text="Everybody’s place on it ends with it, and sessions after its last day are cancelled.",
        button="End it",
    )


@login_required
@never_cache
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold a support once more."""
    support = support_of(request, pk)
    permissions.may_give(request.user, support.team_id).or_raise()
    form = SessionForm(
        request.POST or None,
        initial={
            "on": timezone.localdate(),
            "starts": f"{support.starts:%H:%M}",
            "minutes": support.minutes,
        },
    )

    def do() -> None:
        actions.add_session(support=support, **form.cleaned_data, **said_by(request))
        messages.success(request, "The session is added.")

    return ask(
        request,
        form,
        do,
        done=reverse("supports:one", args=[pk]),
        title="Add a session",
        caption=support,
        button="Add it",
    )


@login_required
@never_cache
def attendance(request: HttpRequest) -> HttpResponse:
    """Show how a hub's groups and sessions are attended, and what is missing."""
    team, teams = hub_of(request)
    asked = request.GET.get("weeks", "")
    weeks = asked if asked in WEEKS else "13"
    until = timezone.localdate()
    since = until - timedelta(weeks=int(weeks))
    rows, together = queries.attendance_by_group(request.user, team, since, until)
    return render(
        request,
        "supports/attendance.html",
        {
            "team": team,
            "teams": teams,
            "rows": rows,
            "together": together,
            "since": since,
            "until": until,
            "weeks": weeks,
            "choices": WEEKS.items(),
            "tabs": tabs(request, "attendance", team, teams),
        },
    )
