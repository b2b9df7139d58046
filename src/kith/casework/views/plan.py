"""The plan of a case, and the actions that a worker or a partner has taken on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kith.audit.actions import saw_once
from kith.casework import actions, family_actions, permissions, promises, queries
from kith.casework import team as teams
from kith.casework.forms import (
    ActionForm,
    DoneForm,
    DueForm,
    EndGoalForm,
    GoalForm,
    ReasonForm,
    ReviewForm,
)
from kith.casework.views.asking import (
    ask,
    ask_about,
    case_of,
    must_work,
    note_sight,
    said_by,
)
from kith.families import queries as families
from kith.hubs.calendar import promised
from kith.referrals import sendings
from kith.referrals.print import as_pdf
from kith.ui.queries import county_look


@login_required
@never_cache
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """Plan an action."""
    found = case_of(request, reference)
    must_work(request, found)
    workers_here = list(queries.workers_of(request.user, found.team, timezone.localdate()))
    people = families.people_of(request.user, found.family)
    initials = ", ".join(
        f"{person.person.given_names[:1]}.{person.person.family_name[:1]}."
        for person in people
        if person.is_child and person.died_on is None
    )
    form = ActionForm(
        request.POST or None,
        workers=workers_here,
        partners=list(queries.partners_to_choose(request.user)),
        people=family_actions.who_may_take_on(request.user, found.family, timezone.localdate()),
        goals=_in_hand(request, found),
        initial={
            "who": "worker",
            "owner": found.worker_id or request.user.pk,
            "family_known_as": f"{initials} ({found.reference})" if initials else found.reference,
        },
    )

    held = _meeting(request, found)

    def do() -> None:
        answers = form.cleaned_data
        actions.plan_action(
            case=found,
            meeting=held.meeting if held else None,
            what=answers["what"],
            owner=answers["owner"],
            organisation=answers["organisation"],
            person=answers["person"],
            family_known_as=answers["family_known_as"],
            goal=answers["goal"],
            due_on=answers["due_on"],
            **said_by(request),
        )
        messages.success(request, "The action is in the plan.")

    return _ask_after(request, found, held, form, do, title="Plan an action", button="Save action")


def _meeting(request: HttpRequest, case: Any) -> Any:
    """Return the meeting of the team from which this question was opened, if it was."""
    number = request.GET.get("meeting", "")
    return teams.meeting(request.user, case, int(number)) if number.isdecimal() else None


def _ask_after(
    request: HttpRequest, case: Any, held: Any, form: Form, do: Callable[[], None], **context: Any
) -> HttpResponse:
    """Ask about a case, and go back to the meeting from which the question was opened, if it was."""
    if held is None:
        return ask_about(request, case, form, do, **context)
    done = reverse("casework:meeting", args=[case.reference, held.meeting.pk])
    return ask(
        request, form, do, done=done, template="casework/question.html", case=case, **context
    )


def _in_hand(request: HttpRequest, case: Any) -> list[Any]:
    return [one.goal for one in queries.goals_of(request.user, case) if one.goal.ended_on is None]


@login_required
@never_cache
@require_safe
def pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """Print the plan, for the family and those who help it."""
    found = case_of(request, reference)
    note_sight(request, found.family, "plan")
    return on_paper(request.user, found)


def on_paper(viewer: Any, case: Any) -> HttpResponse:
    """Return the plan that was agreed with the family as tagged PDF: what should be different, who
    does what, who helps and when they meet."""
    now, today = timezone.now(), timezone.localdate()
    members = [
        one for one in teams.members_of(viewer, case) if one.until is None and not one.withheld_at
    ]
    reviews = list(queries.reviews_of(viewer, case)[:1])
    goals = [(one.goal.words, _standing(one)) for one in queries.goals_of(viewer, case)]
    planned = []
    for action in queries.agreed_plan_of(viewer, case):
        told = f"{action.who}. {promises.action(action, today).words}."
        planned.append((action.what, f"{told} {action.came_of_it}".strip()))
    meetings = [
        f"{timezone.localtime(one.meeting.starts_at):%-d %B %Y at %H:%M}, {one.meeting.place}"
        for one in teams.meetings_of(viewer, case)
        if one.meeting.starts_at > now and one.meeting.cancelled_at is None
    ]
    lead = [
        f"{case.family.name}, {case.reference}, {case.team}",
        f"As it stands on {today:%-d %B %Y}."
        + (f" Looked at next by {reviews[0].next_on:%-d %B %Y}." if reviews else ""),
    ]
    if leads := teams.lead_of(members, case):
        lead.append(f"Lead professional: {leads}.")
    sections: list[dict[str, Any]] = [
        {"title": "What should be different", "head": ("Goal", "How it stands"), "rows": goals},
        {"title": "Who does what", "head": ("What", "Who, and how it stands"), "rows": planned},
        {
            "title": "Who helps",
            "head": ("Who", "As what"),
            "rows": [(one.name, f"{one.role}, {one.of}") for one in members],
        },
        {"title": "When we meet", "lines": meetings},
    ]
    document = as_pdf(
        title="The family’s plan",
        reference=case.reference,
        county=county_look().county_name,
        lead=lead,
        sections=[one for one in sections if one.get("rows") or one.get("lines")]
        or [{"title": "The plan", "lines": ["Nothing is planned yet."]}],
    )
    name = f"plan-{case.reference}-{today}.pdf"
    return HttpResponse(
        document,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _standing(one: Any) -> str:
    """Say of a goal how it will be known, and how near it is."""
    known = f"We will know by: {one.goal.measure}."
    if one.goal.ended_on:
        return f"{known} {one.goal.get_ending_display()} on {one.goal.ended_on:%-d %B %Y}."
    if one.last:
        return f"{known} {one.last.score} of 10 on {one.last.on:%-d %B %Y}."
    return f"{known} Not looked at yet."


@login_required
@never_cache
def goal(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down a goal in the family's words."""
    found = case_of(request, reference)
    must_work(request, found)
    form = GoalForm(request.POST or None)

    def do() -> None:
        actions.set_goal(case=found, **form.cleaned_data, **said_by(request))
        messages.success(request, "The goal is in the plan.")

    return ask_about(request, found, form, do, title="Set a goal", button="Save goal")


@login_required
@never_cache
def goal_end(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Say that a goal is reached, changed or given up."""
    found = case_of(request, reference)
    must_work(request, found)
    ended = next(
        (one.goal for one in queries.goals_of(request.user, found) if one.goal.pk == pk), None
    )
    if ended is None:
        raise Http404
    form = EndGoalForm(request.POST or None)

    def do() -> None:
        actions.end_goal(goal=ended, **form.cleaned_data, **said_by(request))
        messages.success(request, "The goal has ended.")

    return ask_about(
        request, found, form, do, title=f"How did “{ended.words}” end?", button="End this goal"
    )


@login_required
@never_cache
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down a review of the plan."""
    found = case_of(request, reference)
    must_work(request, found)
    today = timezone.localdate()
    next_on = promised("reviewed", timezone.now()).date()
    held = _meeting(request, found)
    initial: dict[str, Any] = {"held_on": today, "next_on": next_on}
    if held:
        day = timezone.localdate(held.meeting.starts_at)
        initial |= {"held_on": day, "present": ", ".join(held.present)[:300]}
    form = ReviewForm(request.POST or None, goals=_in_hand(request, found), initial=initial)

    def do() -> None:
        answers = form.cleaned_data
        actions.review_plan(
            case=found,
            held_on=answers["held_on"],
            present=answers["present"],
            words=answers["words"],
            progress=form.progress,
            next_on=answers["next_on"],
            **said_by(request),
        )
        messages.success(request, "The review is kept.")

    return _ask_after(request, found, held, form, do, title="Review the plan", button="Save review")


@login_required
@never_cache
def my_actions(request: HttpRequest) -> HttpResponse:
    """Show a partner the actions that its organisation has taken on, and no more of the family
    than the hub chose to say."""
    permissions.may_own_actions(request.user).or_raise()
    today = timezone.localdate()
    found = list(queries.partner_actions(request.user))
    for family_id in queries.families_of_actions(request.user, found):
        saw_once(viewer=request.user, family_id=family_id, page="our_actions", at=timezone.now())
    rows = [(action, promises.action(action, today)) for action in found]
    return render(
        request,
        "casework/my_actions.html",
        {
            "teams": teams.mine(request.user),
            "asked": sendings.asked_of(request.user)[:50],
            "open": [row for row in rows if not row[0].ended],
            "ended": [row for row in rows if row[0].ended][:50],
        },
    )


@login_required
@never_cache
def action_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an action is done. A partner's people come here too."""
    form = DoneForm(request.POST or None)

    def do(action: Any) -> None:
        actions.complete_action(
            action=action, came_of_it=form.cleaned_data["came_of_it"], **said_by(request)
        )
        messages.success(request, "Thank you. The action is done.")

    return _ask_about_action(request, pk, form, do, title="This is done", button="Mark as done")


@login_required
@never_cache
def action_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an action will not be done."""
    form = ReasonForm(request.POST or None)

    def do(action: Any) -> None:
        actions.drop_action(action=action, reason=form.cleaned_data["reason"], **said_by(request))
        messages.success(request, "The action is dropped.")

    return _ask_about_action(
        request, pk, form, do, title="This will not be done", button="Drop it", hub_only=True
    )


@login_required
@never_cache
def action_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an action another day."""
    form = DueForm(request.POST or None)

    def do(action: Any) -> None:
        actions.change_due_date(action=action, **form.cleaned_data, **said_by(request))
        messages.success(request, "The action has a new day.")

    return _ask_about_action(
        request, pk, form, do, title="Change the day", button="Save", hub_only=True
    )


@login_required
@never_cache
@require_POST
def action_give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a partner see an action again, since the family agrees once more."""
    action = get_object_or_404(
        queries.actions_visible_to(request.user).select_related("owner_organisation"), pk=pk
    )
    # A partner sees the action without its case.
    case = get_object_or_404(queries.with_names(request.user), pk=action.case_id)
    try:
        actions.give_back_action(action=action, **said_by(request))
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{action.owner_organisation} sees this again, and is told.")
    return redirect("casework:case", case.reference)


def _ask_about_action(
    request: HttpRequest,
    pk: int,
    form: Form,
    do: Callable[[Any], None],
    *,
    title: str,
    button: str,
    hub_only: bool = False,
) -> HttpResponse:
    action = get_object_or_404(
        queries.actions_visible_to(request.user).select_related("owner_organisation"), pk=pk
    )
    # A partner sees the action without its case.
    case = queries.with_names(request.user).filter(pk=action.case_id).first()
    if case is None and hub_only:
        raise Http404
    if case is not None:
        permissions.may_finish(request.user, action, case.team_id).or_raise()
    back = (
        reverse("casework:case", args=[case.reference]) if case else reverse("casework:my_actions")
    )
    return ask(
        request,
        form,
        lambda: do(action),
        done=back,
        template="casework/question.html",
        case=case,
        action=action,
        title=title,
        button=button,
    )
