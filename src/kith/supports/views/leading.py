"""What somebody of a partner, or a volunteer, leads for a hub; and who leads, for the hub."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kith.accounts.permissions import Permission
from kith.audit.actions import saw_once
from kith.supports import actions, leading, permissions, queries
from kith.supports.forms import CHOICES, REASONS, LeadForm, ToKnowForm
from kith.supports.views.asking import ask, said_by, support_of
from kith.supports.views.register import read_marks


@login_required
@never_cache
def led(request: HttpRequest) -> HttpResponse:
    """Show the sessions that this person leads for a hub."""
    if not request.user.can(Permission.REGISTER_LEAD):
        raise Http404
    today = timezone.localdate()
    led = leading.led(request.user, today)
    lists = [
        (title, [(one, *_state(one, today)) for one in sessions])
        for title, sessions in (
            ("Today, and still to take", led.to_take),
            ("To come", led.to_come),
            ("Over", led.over),
        )
        if sessions
    ]
    return render(request, "supports/led.html", {"lists": lists})


def _state(session: Any, today: Any) -> tuple[str, str]:
    if session.cancelled_at is not None:
        return "Cancelled", "grey"
    if session.on > today:
        return "To come", "blue"
    return ("Taken", "green") if session.taken_at else ("To take", "orange")


@login_required
@never_cache
def led_register(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the register of a session that this person leads, and take it."""
    today = timezone.localdate()
    session = get_object_or_404(leading.sessions_of(request.user, today), pk=pk)
    problems: list[tuple[str, str]] = []
    typed: dict[int, actions.Mark] = {}
    others: str | None = None
    if request.method == "POST":
        marks, number, problems = read_marks(request)
        if not problems:
            try:
                came = actions.mark(session=session, marks=marks, others=number, **said_by(request))
            except actions.NotPossible as refusal:
                problems = [("register", str(refusal))]
            else:
                return _saved(request, session, came)
        typed = {mark.person: mark for mark in marks}
        others = request.POST.get("others", "")[:10]
    names = leading.names_on(request.user, session)
    now = timezone.now()
    for family_id in {one.family for one in names}:
        saw_once(viewer=request.user, family_id=family_id, page="register", at=now)
    marked = leading.marks_on(request.user, session)
    rows = [_row(one, marked.get(one.person), typed.get(one.person)) for one in names]
    return render(
        request,
        "supports/led_register.html",
        {
            "session": session,
            "rows": rows,
            "open": sum(not row["status"] for row in rows),
            "choices": CHOICES,
            "reasons": REASONS,
            "others": session.others or "" if others is None else others,
            "problems": problems,
            "to_come": session.on > today,
            "differing": queries.differs_from(request.user, session),
        },
    )


def _row(one: leading.Name, line: Any, typed: Any) -> dict[str, Any]:
    said = typed or line
    return {
        "line": {"name": one.name, "to_know": one.to_know, "dropped_in": not one.placed},
        "number": one.person,
        "status": said.status if said else "",
        "reason": (said.reason if said else "") or "unknown",
        "had": typed.had if typed else line.turn if line else 0,
    }


def _saved(request: HttpRequest, session: Any, came: actions.Marked) -> HttpResponse:
    done = len(came.changed)
    if came.differing:
        messages.warning(
            request,
            "Somebody at the hub marked differently meanwhile. Both marks are kept, and the hub "
            "decides.",
        )
    told = "One mark is saved." if done == 1 else f"{done} marks are saved." if done else "Saved."
    messages.success(request, told)
    return redirect("supports:led_register", session.pk)


# For the hub


@login_required
@never_cache
def let_lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody of a partner, or a volunteer, lead a support."""
    support = support_of(request, pk)
    permissions.may_give(request.user, support.team_id).or_raise()
    form = LeadForm(request.POST or None, initial={"since": timezone.localdate()})

    def do() -> None:
        made = actions.let_lead(support=support, **form.cleaned_data, **said_by(request))
        messages.success(request, f"{made.user} leads it, and is told by e-mail.")

    return ask(
        request,
        form,
        do,
        done=reverse("supports:one", args=[pk]),
        title="Let a partner or volunteer lead it",
        caption=support,
        text="They see the names on its registers and what you wrote that they must know, and mark "
        "who came. They see nothing else of the families. You stay answerable.",
        button="Let them lead",
    )


@login_required
@require_POST
def stop_leading(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody lead no more."""
    found = get_object_or_404(leading.leadings(request.user), pk=pk)
    permissions.may_give(request.user, found.team_id).or_raise()
    try:
        actions.stop_leading(leading=found, **said_by(request))
    except actions.NotPossible as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, f"{found.user} leads it no more, and sees no name any more.")
    return redirect("supports:one", found.support_id)


@login_required
@never_cache
def to_know(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what whoever leads must know of somebody."""
    found = get_object_or_404(queries.placements_visible_to(request.user), pk=pk)
    permissions.may_place(request.user, found.support).or_raise()
    form = ToKnowForm(request.POST or None, initial={"words": found.to_know})

    def do() -> None:
        actions.say_to_know(placement=found, **form.cleaned_data, **said_by(request))
        messages.success(request, "Saved.")

    return ask(
        request,
        form,
        do,
        done=reverse("supports:family", args=[found.family.reference]),
        title="What to know",
        caption=f"{found.person}, {found.what}",
        button="Save",
    )
