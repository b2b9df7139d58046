"""The team around a family, its meetings and their minutes: for the hub, and for whoever leads it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kith.audit.actions import saw_once
from kith.casework import actions, permissions, promises, queries
from kith.casework import team as teams
from kith.casework.forms import ReasonForm
from kith.casework.team_forms import (
    AnswerForm,
    LeadActionForm,
    LeadForm,
    MeetingForm,
    MemberForm,
    MinutesForm,
    SendMinutesForm,
)
from kith.casework.views.asking import ask, case_of, note_sight, said_by
from kith.families import queries as families


@login_required
@never_cache
@require_safe
def team(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the team, who leads it, and its meetings; to a partner who leads it, the plan too."""
    found, within = _case_led(request, reference)
    now, today = timezone.now(), timezone.localdate()
    with within as reader:
        _note_sight(request, found, "team", reader)
        members = teams.members_of(reader, found)
        may_work = permissions.may_work(request.user, found)
        return render(
            request,
            "casework/team/team.html",
            {
                "case": found,
                "lead": teams.lead_of(members, found),
                "members": [one for one in members if one.until is None and not one.withheld_at],
                "before": [one for one in members if one.until or one.withheld_at],
                "meetings": [(one, *one.state(now)) for one in teams.meetings_of(reader, found)],
                "may_work": may_work,
                "may_lead": permissions.may_lead(request.user, found),
                "open": found.closed_at is None,
                "plan": [] if may_work else _plan(reader, found, today),
                "goals": [] if may_work else queries.goals_of(reader, found),
            },
        )


def _plan(reader: Any, case: Any, today: Any) -> list[Any]:
    return [(one, promises.action(one, today)) for one in queries.agreed_plan_of(reader, case)]


@login_required
@never_cache
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """Let a partner's lead professional plan an action. The hub's people have a page of their own."""
    found, within = _case_led(request, reference)
    agreed_at = request.GET.get("meeting", "")
    if permissions.may_work(request.user, found):
        page = reverse("casework:plan", args=[found.reference])
        return redirect(f"{page}?meeting={agreed_at}" if agreed_at.isdecimal() else page)
    with within as reader:
        permissions.may_lead(request.user, found).or_raise()
        held = teams.meeting(reader, found, int(agreed_at)) if agreed_at.isdecimal() else None
        form = LeadActionForm(
            request.POST or None,
            members=_here(reader, found),
            goals=[one.goal for one in queries.goals_of(reader, found) if not one.goal.ended_on],
        )

    def do() -> None:
        actions.plan_as_lead(
            case=found,
            meeting=held.meeting if held else None,
            **form.cleaned_data,
            **said_by(request),
        )
        messages.success(request, f"The action is in the plan. {found.team} has been told.")

    return _ask(
        request,
        found,
        form,
        do,
        meeting=held.meeting.pk if held else None,
        title="Plan an action",
        button="Save action",
    )


@login_required
@never_cache
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add somebody to the team."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    form = MemberForm(
        request.POST or None,
        partners=list(queries.partners_to_choose(request.user)),
        workers=list(queries.workers_of(request.user, found.team, timezone.localdate())),
        people=families.people_of(request.user, found.family),
        initial={"family_known_as": found.family.name},
    )

    def do() -> None:
        answers, said = form.cleaned_data, {"case": found, **said_by(request)}
        if answers["kind"] == "partner":
            made = actions.add_partner(
                organisation=form.partners[answers["organisation"]],
                **{name: answers[name] for name in ("name", "email", "role", "family_known_as")},
                **said,
            )
            messages.success(request, f"{made} is in the team, and has been sent the way to it.")
            return
        if answers["kind"] == "worker":
            made = actions.add_colleague(
                worker=form.workers[answers["worker"]], role=answers["role"], **said
            )
        else:
            made = actions.add_of_family(
                person=form.people[answers["person"]], role=answers["role"], **said
            )
        messages.success(request, f"{made} is in the team.")

    return _ask(request, found, form, do, title="Add somebody to the team", button="Add to team")


@login_required
@never_cache
def lead(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose who leads the team."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    members = [
        one
        for one in teams.members_of(request.user, found)
        if one.until is None and not one.withheld_at and one.kind != "family"
    ]
    form = LeadForm(request.POST or None, members=members)

    def do() -> None:
        chosen = form.members[form.cleaned_data["member"]]
        actions.lead_team(member=chosen, **said_by(request))
        messages.success(request, f"{chosen} leads the team from now on.")

    return _ask(request, found, form, do, title="Lead professional", button="Save")


@login_required
@never_cache
def leave(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Say that somebody is no longer in the team."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    member = _member(request, found, pk)
    form = ReasonForm(request.POST or None)

    def do() -> None:
        actions.leave_team(member=member, because=form.cleaned_data["reason"], **said_by(request))
        messages.success(request, f"{member} is no longer in the team.")

    title = f"{member} leaves the team"
    return _ask(request, found, form, do, title=title, button="End their place in the team")


@login_required
@never_cache
@require_POST
def link(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Send somebody of a partner the way to their page again."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    member = _member(request, found, pk)
    try:
        actions.send_team_link(member=member, **said_by(request))
        messages.success(request, f"{member} has been sent a new link.")
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
    return redirect("casework:team", found.reference)


# Meetings


@login_required
@never_cache
def meeting_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Call a meeting."""
    found, within = _case_led(request, reference)
    with within as reader:
        permissions.may_lead(request.user, found).or_raise()
        members = _here(reader, found)
        hub = getattr(found.team, "hub", None)
        form = MeetingForm(
            request.POST or None,
            members=members,
            initial={"place": f"{found.team} hub" if hub else ""},
        )

    def do() -> None:
        _, untold = actions.call_meeting(case=found, **form.asked, **said_by(request))
        _say_told(request, "Everybody has been asked by e-mail.", untold)

    return _ask(
        request,
        found,
        form,
        do,
        title="Call a meeting",
        button="Call the meeting",
        nobody=not members,
    )


@login_required
@never_cache
@require_safe
def meeting(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Show a meeting: who comes or came, and its minutes."""
    found, within = _case_led(request, reference)
    now = timezone.now()
    with within as reader:
        _note_sight(request, found, "meeting", reader)
        one = _meeting(reader, found, pk)
        minutes = one.minutes
        copies = list(minutes.copies.all()) if minutes else []
        have = {copy.member_id for copy in copies}
        return render(
            request,
            "casework/team/meeting.html",
            {
                "case": found,
                "one": one,
                "meeting": one.meeting,
                "state": one.state(now),
                "to_come": one.meeting.starts_at > now and one.meeting.cancelled_at is None,
                "may_lead": permissions.may_lead(request.user, found) and found.closed_at is None,
                "may_work": permissions.may_work(request.user, found) and found.closed_at is None,
                "minutes": minutes,
                "earlier": one.versions[1:],
                "agreed": teams.agreed_at(reader, found, pk),
                "copies": copies,
                "unsent": [seat for seat in one.seats if seat.member_id not in have],
            },
        )


@login_required
@never_cache
def meeting_change(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Give a meeting another time or place, or ask more people."""
    found, within = _case_led(request, reference)
    with within as reader:
        permissions.may_lead(request.user, found).or_raise()
        one = _meeting(reader, found, pk)
        form = MeetingForm(request.POST or None, members=_here(reader, found), changed=one)

    def do() -> None:
        _, untold = actions.change_meeting(meeting=one.meeting, **form.asked, **said_by(request))
        _say_told(request, "The meeting is changed, and everybody concerned has been told.", untold)

    return _ask(
        request, found, form, do, meeting=pk, title="Change the meeting", button="Save changes"
    )


@login_required
@never_cache
def meeting_cancel(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Call a meeting off."""
    found, within = _case_led(request, reference)
    with within as reader:
        permissions.may_lead(request.user, found).or_raise()
        one = _meeting(reader, found, pk)
    form = ReasonForm(request.POST or None)

    def do() -> None:
        actions.cancel_meeting(
            meeting=one.meeting, because=form.cleaned_data["reason"], **said_by(request)
        )
        messages.success(request, "The meeting is cancelled, and everybody has been told.")

    return _ask(
        request, found, form, do, meeting=pk, title="Cancel the meeting", button="Cancel it"
    )


@login_required
@never_cache
def answer_for(request: HttpRequest, reference: str, pk: int, seat: int) -> HttpResponse:
    """Write down what somebody answered who rang, such as the family."""
    found, within = _case_led(request, reference)
    with within as reader:
        permissions.may_lead(request.user, found).or_raise()
        one = _meeting(reader, found, pk)
    whose = next((held for held in one.seats if held.pk == seat), None)
    if whose is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    form.fields["reply"].label = "Will they come?"
    form.fields["words"].label = "What did they say?"

    def do() -> None:
        actions.answer_meeting(seat=whose, **form.cleaned_data, **said_by(request))
        messages.success(request, f"The answer of {whose.member} is written down.")

    return _ask(
        request, found, form, do, meeting=pk, title=f"Does {whose.member} come?", button="Save"
    )


@login_required
@never_cache
def minutes(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write the minutes, or put them right."""
    found, within = _case_led(request, reference)
    with within as reader:
        permissions.may_lead(request.user, found).or_raise()
        one = _meeting(reader, found, pk)
        # What the hub's people set themselves is nobody's at a meeting.
        plan = [action for action in queries.agreed_plan_of(reader, found) if not action.ended]
    form = MinutesForm(request.POST or None, seats=one.seats, actions=plan, before=one)
    version = one.minutes.version if one.minutes else 0
    began_from = request.POST.get("version", "")
    saved_by_others = request.method == "POST" and began_from != str(version)

    def do() -> None:
        actions.write_minutes(
            meeting=one.meeting,
            after_version=int(began_from) if began_from.isdecimal() else 0,
            attendance=form.attendance,
            others=form.cleaned_data["others"],
            discussion=form.cleaned_data["discussion"],
            decisions=form.decisions,
            **said_by(request),
        )
        messages.success(request, "The minutes are kept. Nobody has been sent them yet.")

    return _ask(
        request,
        found,
        form,
        do,
        template="casework/team/minutes.html",
        meeting=pk,
        title="Minutes",
        one=one,
        version=version,
        theirs=one.minutes if saved_by_others else None,
    )


@login_required
@never_cache
def send(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Send the minutes to those who may see them."""
    found, within = _case_led(request, reference)
    today = timezone.localdate()
    with within as reader:
        permissions.may_lead(request.user, found).or_raise()
        one = _meeting(reader, found, pk)
        if one.minutes is None:
            raise Http404
        have = {copy.member_id for copy in one.minutes.copies.all()}
        asked = [seat.member for seat in one.seats]
        others = [m for m in _here(reader, found) if m.pk not in {a.pk for a in asked}]
        refused = {m.pk: actions.why_not_minutes(m, found, today) for m in (*asked, *others)}
    may = [m for m in (*asked, *others) if not refused[m.pk] and m.pk not in have]
    form = SendMinutesForm(request.POST or None, members=may)

    def do() -> None:
        copies = actions.send_minutes(
            minutes=one.minutes,
            members=[form.offered[number] for number in form.cleaned_data["members"]],
            **said_by(request),
        )
        names = ", ".join(copy.member.name for copy in copies)
        messages.success(request, f"Sent to {names}." if names else "They all had them already.")

    return _ask(
        request,
        found,
        form,
        do,
        template="casework/team/send.html",
        meeting=pk,
        title="Send the minutes",
        may=may,
        refused=[(m, refused[m.pk]) for m in (*asked, *others) if refused[m.pk]],
        have=[m for m in (*asked, *others) if m.pk in have],
    )


def _case_led(request: HttpRequest, reference: str) -> tuple[Any, Any]:
    """Return a case that this person sees, or whose team they lead; and the block to read it in."""
    found = queries.with_names(request.user).filter(reference=reference).first()
    found = found or teams.case_led(request.user, reference)
    if found is None:
        raise Http404
    return found, teams.within(request.user, found)


def _note_sight(request: HttpRequest, case: Any, page: str, reader: Any) -> None:
    """Note who looked: the hub by its standing, a partner since they lead the team."""
    if reader == request.user:
        note_sight(request, case.family, page)
        return
    saw_once(
        viewer=request.user,
        family_id=case.family_id,
        page=page,
        at=timezone.now(),
        right="leads",
    )


def _here(reader: Any, case: Any) -> list[Any]:
    return [
        one for one in teams.members_of(reader, case) if one.until is None and not one.withheld_at
    ]


def _member(request: HttpRequest, case: Any, pk: int) -> Any:
    found = teams.member(request.user, case, pk)
    if found is None:
        raise Http404
    return found


def _meeting(reader: Any, case: Any, pk: int) -> Any:
    found = teams.meeting(reader, case, pk)
    if found is None:
        raise Http404
    return found


def _say_told(request: HttpRequest, words: str, untold: list[Any]) -> None:
    if untold:
        names = ", ".join(one.name for one in untold)
        messages.warning(
            request, f"We have no e-mail address that is safe for {names}: tell them yourself."
        )
    messages.success(request, words)


def _ask(
    request: HttpRequest,
    case: Any,
    form: Any,
    do: Any,
    *,
    template: str = "casework/team/question.html",
    meeting: int | None = None,
    **context: Any,
) -> HttpResponse:
    done = (
        reverse("casework:meeting", args=[case.reference, meeting])
        if meeting
        else reverse("casework:team", args=[case.reference])
    )
    return ask(
        request,
        form,
        do,
        done=done,
        template=template,
        case=case,
        back_to="The meeting" if meeting else "The team",
        **context,
    )
