"""The register of one session: who is expected, who came, who dropped in, and what differs."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kith.audit.actions import saw_once
from kith.casework import queries as casework
from kith.supports import actions, permissions, queries
from kith.supports.forms import CHOICES, REASONS, CancelForm, DropInForm
from kith.supports.views.asking import ask, hub_of, said_by, session_of
from kith.supports.views.groups import tabs
from kith.typed.text import tidy_text

KEYS = {status for status, _ in CHOICES}
WHY = {reason for reason, _ in REASONS}


@login_required
@never_cache
def registers(request: HttpRequest) -> HttpResponse:
    """Show the registers that are to be taken: one's own, or the hub's for its manager."""
    team, teams = hub_of(request)
    today = timezone.localdate()
    return render(
        request,
        "supports/registers.html",
        {
            "rows": queries.registers(
                request.user, queries.mine_to_take(request.user, today), today
            ),
            "whole_hub": casework.gives_families(request.user),
            "days": queries.ASKED_FOR.days,
            "today": today,
            "tabs": tabs(request, "registers", team, teams),
        },
    )


@login_required
@never_cache
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a session's register, and take it."""
    session = session_of(request, pk)
    may = permissions.may_mark(request.user, session)
    if request.method == "POST":
        may.or_raise()
        return _save(request, session)
    return _page(request, session, may)


def read_marks(
    request: HttpRequest,
) -> tuple[list[actions.Mark], int | None, list[tuple[str, str]]]:
    """Return what was marked on a register's page, how many others came, and what is wrong."""
    marks, problems = _marks(request), []
    others_text = tidy_text(request.POST.get("others", "").strip()[:10])
    others: int | None = None
    if others_text:
        if others_text.isdecimal() and int(others_text) <= actions.MOST_OTHERS:
            others = int(others_text)
        else:
            problems.append(
                ("others", f"Write how many came who are on no record: 0 to {actions.MOST_OTHERS}")
            )
    if marks is None:
        problems.append(("register", "Something on this page was not understood. Mark it again."))
    return marks or [], others, problems


def _save(request: HttpRequest, session: Any) -> HttpResponse:
    marks, others, problems = read_marks(request)
    if not problems:
        try:
            came = actions.mark(session=session, marks=marks, others=others, **said_by(request))
        except actions.NotPossible as refusal:
            problems.append(("register", str(refusal)))
        else:
            return _saved(request, session, came)
    may = permissions.may_mark(request.user, session)
    typed_others = request.POST.get("others", "")[:10]
    return _page(request, session, may, problems=problems, typed=marks, others=typed_others)


def _marks(request: HttpRequest) -> list[actions.Mark] | None:
    """Return what was marked on the page; None where that cannot be."""
    everybody = "all_came" in request.POST
    marks = []
    for name, had in request.POST.items():
        if not name.startswith("had-"):
            continue
        number = name.removeprefix("had-")
        status = request.POST.get(f"mark-{number}", "")
        if everybody and not status:
            status = "attended"
        reason = request.POST.get(f"why-{number}", "") or "unknown" if status == "missed" else ""
        good = number.isdecimal() and len(number) < 19 and had.isdecimal() and len(had) < 10
        if not good or status not in KEYS or (reason and reason not in WHY):
            return None
        marks.append(actions.Mark(int(number), status, reason, int(had)))
    return marks


def _saved(request: HttpRequest, session: Any, came: actions.Marked) -> HttpResponse:
    done = len(came.changed)
    if came.differing:
        n = len(came.differing)
        messages.warning(
            request,
            f"Somebody else marked {n} of these differently while you did. Nothing of theirs is lost: "
            "decide below.",
        )
    left = queries.register_of(request.user, session).not_marked
    told = "One mark is saved." if done == 1 else f"{done} marks are saved." if done else "Saved."
    if left:
        told += f" {left} {'is' if left == 1 else 'are'} not marked yet."
    messages.success(request, told)
    query = f"?saved={came.batch}" if done else ""
    return redirect(reverse("supports:register", args=[session.pk]) + query)


def _page(
    request: HttpRequest,
    session: Any,
    may: Any,
    *,
    problems: list[tuple[str, str]] | None = None,
    typed: list[actions.Mark] | None = None,
    others: str | None = None,
) -> HttpResponse:
    register = queries.register_of(request.user, session)
    now = timezone.now()
    for family_id in {line.family.pk for line in register.lines}:
        saw_once(viewer=request.user, family_id=family_id, page="register", at=now)
    batch, undone = queries.batch_of(request.user, session, request.GET.get("saved", ""))
    chosen = {mark.person: mark for mark in typed or []}
    today = timezone.localdate()
    return render(
        request,
        "supports/register.html",
        {
            "session": session,
            "support": session.support,
            "register": register,
            "rows": [_row(line, chosen.get(line.person.pk)) for line in register.lines],
            "choices": CHOICES,
            "reasons": REASONS,
            "others": session.others or "" if others is None else others,
            "problems": problems,
            "may_mark": may and session.cancelled_at is None and session.on <= today,
            "may_cancel": may and session.cancelled_at is None and session.taken_at is None,
            "to_come": session.on > today,
            "why_not": "" if may else may.reason,
            "batch": batch if undone else None,
            "undo": undone,
        },
    )


def _row(line: queries.Line, typed: actions.Mark | None) -> dict[str, Any]:
    """Return a line as the page shows it: with what was typed where the page came back."""
    return {
        "line": line,
        "number": line.person.pk,
        "status": typed.status if typed else line.status,
        "reason": (typed.reason if typed else line.reason) or "unknown",
        "had": typed.had if typed else line.had,
    }


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one saving marked."""
    session = session_of(request, pk)
    permissions.may_mark(request.user, session).or_raise()
    batch, _ = queries.batch_of(request.user, session, request.POST.get("batch", ""))
    try:
        undone = actions.undo(session=session, batch=batch, **said_by(request)) if batch else 0
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        if undone:
            told = "One mark is" if undone == 1 else f"{undone} marks are"
            messages.success(request, f"{told} as before.")
        else:
            messages.info(request, "There is nothing to take back: it was marked again since.")
    return redirect("supports:register", pk)


@login_required
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide between two marks."""
    differing = get_object_or_404(queries.differing_visible_to(request.user), pk=pk)
    session = differing.attendance.session
    permissions.may_cancel(request.user, session).or_raise()
    keep = request.POST.get("keep", "")
    if keep not in ("theirs", "register"):
        messages.error(request, "Choose which of the two marks is right.")
        return redirect("supports:register", session.pk)
    try:
        actions.settle(differing=differing, take=keep == "theirs", **said_by(request))
    except actions.NotPossible as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, "Decided.")
    return redirect("supports:register", session.pk)


@login_required
@never_cache
def drop_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Find somebody who came without a place, and put them on the register."""
    session = session_of(request, pk)
    permissions.may_mark(request.user, session).or_raise()
    text = tidy_text(request.GET.get("q", ""))[:200].strip()
    found = queries.could_drop_in(request.user, session, text) if text else []
    form = DropInForm(request.POST or None, found=found) if found else None
    here = reverse("supports:register", args=[pk])
    context = {"session": session, "support": session.support, "text": text, "found": found}
    if form is None:
        if request.method == "POST":
            return redirect(f"{reverse('supports:drop_in', args=[pk])}?q={text}")
        return render(request, "supports/drop_in.html", {"back": here, **context})

    def do() -> None:
        one = form.found[form.cleaned_data["who"]]
        actions.drop_in(session=session, family=one.family, person=one.person, **said_by(request))
        messages.success(request, f"{one.person} is on the register, and came.")

    return ask(request, form, do, done=here, template="supports/drop_in.html", **context)


@login_required
@never_cache
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a session."""
    session = session_of(request, pk)
    permissions.may_cancel(request.user, session).or_raise()
    if session.cancelled_at is not None:
        raise Http404
    form = CancelForm(request.POST or None)

    def do() -> None:
        actions.cancel_session(session=session, **form.cleaned_data, **said_by(request))
        messages.success(request, "The session is cancelled. Tell those who would have come.")

    return ask(
        request,
        form,
        do,
        done=reverse("supports:one", args=[session.support_id]),
        title="Cancel this session",
        caption=f"{session.support}, {session}",
        button="Cancel the session",
    )
