"""Pages of casework: the accept page of the desk, a hub's lists, the case, the family, a partner's
actions."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.audit.actions import saw_once
from kith.casework import actions, permissions, promises, queries, wordings
from kith.casework.chronology import KINDS, chronology
from kith.casework.forms import (
    AcceptForm,
    ActionForm,
    AdditionForm,
    CloseForm,
    ContactForm,
    DoneForm,
    DueForm,
    GiveForm,
    HandOverForm,
    NoteForm,
    ReasonForm,
)
from kith.casework.suggestions import suggested_hubs
from kith.families import queries as families
from kith.families.permissions import may_merge
from kith.hubs.calendar import promised
from kith.hubs.queries import all_hubs
from kith.notices.queries import words_to_begin_with
from kith.referrals import actions as referral_actions
from kith.referrals import queries as referrals
from kith.referrals.summary import from_kept, sections
from kith.referrals.views.desk import page_of

A_PAGE = 50
# What a worker may look at alone, and what to say when there is none of it.
SHOWN = {
    "reach": ("Families to reach", "You have reached every family of yours."),
    "late": ("Your actions that are late", "No action of yours is late."),
    "week": ("Your actions this week", "No action of yours is due in the next seven days."),
}
# Where on the form a refusal is said; the rest is said above it.
AT_FIELD: dict[type[Exception], tuple[str, ...]] = {
    actions.InTheFuture: ("time",),
    actions.TooEarly: ("on", "due_on"),
    actions.TooManyFamilies: ("reason",),
    actions.NotOfThisHub: ("worker", "owner"),
    actions.ReasonMissing: ("reason",),
    actions.SameHub: ("hub",),
    actions.ActionsOpen: ("drop_actions",),
}


# A hub's lists


@login_required
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Show a worker's own families, what is due first. A manager who has none goes to the inbox."""
    if not queries.teams_of(request.user):
        raise Http404
    now, today = timezone.now(), timezone.localdate()
    show = request.GET.get("show", "")
    cases = list(queries.mine(request.user))
    if not cases and not show and queries.gives_families(request.user):
        return redirect("casework:inbox")
    due = queries.actions_due(request.user, today + timedelta(days=7 if show == "week" else 0))
    match show:
        case "reach":
            cases, due = [case for case in cases if case.first_contact_at is None], due.none()
        case "late":
            cases, due = [], due.filter(due_on__lt=today)
        case "week":
            cases, due = [], due.filter(due_on__gte=today)
    return render(
        request,
        "casework/mine.html",
        {
            "rows": [_row(case, now) for case in cases],
            "actions": [(action, promises.action(action, today)) for action in due],
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
    team = None if every else _team(request)
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
            **_hub_page(request, "inbox", team),
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
    team, now = _team(request), timezone.now()
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
            **_hub_page(request, "open", team),
        },
    )


@login_required
@never_cache
def workers(request: HttpRequest) -> HttpResponse:
    """Show how much each worker of a hub has in hand."""
    team = _team(request)
    loads = queries.caseloads(request.user, team, timezone.localdate())
    return render(
        request,
        "casework/workers.html",
        {
            "loads": loads,
            "families": sum(load.families for load in loads),
            "at_once": sum(load.at_once or 0 for load in loads if not load.away),
            "team": team,
            **_hub_page(request, "workers", team),
        },
    )


# The desk decides


@login_required
@never_cache
def at_desk(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the desk one request, with what each hub knows of the family and its room for more."""
    page = page_of(request, reference)
    if page["undecided"] and page["may_decide"]:
        page["hubs"] = suggested_hubs(request.user, page["referral"], timezone.localdate())
    return render(request, "casework/at_desk.html", page)


@login_required
@never_cache
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """Accept a request for a hub: each hub with what speaks for it."""
    referral = get_object_or_404(
        referrals.visible_to(request.user).select_related("family", "sender_organisation"),
        reference=reference,
    )
    permissions.may_open(request.user).or_raise()
    now = timezone.now()
    suggestions = suggested_hubs(request.user, referral, timezone.localdate())
    best = suggestions[0] if suggestions else None
    ring_by = timezone.localdate(promised("first_contact", now))
    form = AcceptForm(
        request.POST or None,
        suggestions=suggestions,
        initial={
            "hub": best.hub.pk if best and best.reasons() else None,
            "reason": " ".join(best.reasons()) if best else "",
            "words": words_to_begin_with(
                wordings.ACCEPT,
                {"ring_by": f"{ring_by:%-d %B %Y}", "reference": referral.reference},
            ),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            case = actions.open_from_referral(
                referral=referral,
                hub=form.hubs[form.cleaned_data["hub"]],
                reason=form.cleaned_data["reason"],
                words=form.cleaned_data["words"],
                by=request.user,
                at=now,
            )
        except (referral_actions.AlreadyDecided, actions.CaseExists) as refusal:
            messages.warning(request, str(refusal))
            return redirect("referrals:at_desk", referral.reference)
        messages.success(request, f"{case.reference} now waits for a worker at {case.team}.")
        return redirect("referrals:desk")
    return render(
        request,
        "casework/accept.html",
        {
            "referral": referral,
            "form": form,
            "suggestions": suggestions,
            "best": best,
            "ring_by": ring_by,
            "family_address": referrals.family_address(request.user, referral),
        },
    )


# One case


@login_required
@never_cache
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case: how it stands, the people, the plan, contacts and notes."""
    found = _case(request, reference)
    viewer, now, today = request.user, timezone.now(), timezone.localdate()
    _note_sight(request, found.family, "case")
    plan = list(queries.plan_of(viewer, found))
    asked = from_kept(found.referral.as_sent)
    needs = {need.code: need.name for need in referrals.needs(viewer)}
    return render(
        request,
        "casework/case.html",
        {
            "case": found,
            "promise": promises.first_contact(found, now),
            "closed": found.closed_at is not None,
            "plan": [(action, promises.action(action, today)) for action in plan],
            "contacts": queries.contacts_of(viewer, found),
            "notes": queries.notes_of(viewer, found),
            "history": _history(request, found),
            "people": families.people_of(viewer, found.family),
            "addresses": families.addresses_of(viewer, found.family),
            "asked": sections(asked, need_names=needs) if found.referral.as_sent else [],
            "today": today,
            "may_work": permissions.may_work(viewer, found),
            "may_allocate": permissions.may_allocate(viewer, found),
            "may_close": permissions.may_close(viewer, found),
        },
    )


@login_required
@never_cache
def give(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a family to a worker, with an eye on caseloads."""
    found = _case(request, reference)
    permissions.may_allocate(request.user, found).or_raise()
    again = found.worker is not None
    loads = [
        load
        for load in queries.caseloads(request.user, found.team, timezone.localdate())
        if load.worker != found.worker
    ]
    # Whom the page showed as having the family: a colleague may have changed it meanwhile.
    shown = request.POST.get("from_worker", str(found.worker_id or ""))
    form = GiveForm(request.POST or None, loads=loads, again=again)

    def do() -> None:
        worker = form.workers[form.cleaned_data["worker"]]
        said = {"worker": worker, "reason": form.cleaned_data["reason"], **_said(request)}
        if shown != str(found.worker_id or ""):
            with_whom = f"is with {found.worker}" if found.worker else "waits for a worker"
            raise actions.AlreadyGiven(
                f"While you looked, this changed: {found.reference} {with_whom}. Choose again."
            )
        if found.worker is not None:
            actions.reallocate(case=found, from_worker=found.worker, **said)
        else:
            actions.allocate(case=found, **said)
        messages.success(request, f"{found.reference} is now with {worker}.")

    return _ask(
        request,
        form,
        do,
        done=reverse("casework:case", args=[found.reference]),
        template="casework/give.html",
        case=found,
        title=f"Who takes over {found.family.name}?"
        if again
        else f"Who will work with {found.family.name}?",
        loads=loads,
        promise=promises.first_contact(found, timezone.now()),
        button="Give to this worker",
        from_worker=found.worker_id or "",
    )


@login_required
@never_cache
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Record a try to reach the family."""
    found = _case(request, reference)
    permissions.may_work(request.user, found).or_raise()
    now = timezone.now()
    form = ContactForm(request.POST or None, now=now, first=found.first_contact_at is None)

    def do() -> None:
        answers = form.cleaned_data
        actions.record_contact(
            case=found,
            contacted_at=answers["moment"],
            how=answers["how"],
            succeeded=answers["succeeded"] == "yes",
            with_whom=answers["with_whom"],
            words=answers["words"],
            sender_words=answers.get("sender_words", ""),
            **_said(request),
        )
        messages.success(request, "The contact is recorded.")

    return _ask_about(request, found, form, do, title="Record a contact", button="Save contact")


@login_required
@never_cache
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a note to a case."""
    found = _case(request, reference)
    permissions.may_work(request.user, found).or_raise()
    form = NoteForm(request.POST or None, now=timezone.now())

    def do() -> None:
        actions.add_note(
            case=found,
            happened_at=form.cleaned_data["moment"],
            words=form.cleaned_data["words"],
            child_seen=form.cleaned_data["child_seen"],
            **_said(request),
        )
        messages.success(request, "The note is kept.")

    return _ask_about(request, found, form, do, title="Add a note", button="Save note")


@login_required
@never_cache
def addition(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Add to a note, which itself stays as it is."""
    found = _case(request, reference)
    permissions.may_work(request.user, found).or_raise()
    first = get_object_or_404(queries.notes_of(request.user, found), pk=pk)
    form = AdditionForm(request.POST or None)

    def do() -> None:
        said = _said(request)
        actions.add_note(
            case=found,
            happened_at=said["at"],
            words=form.cleaned_data["words"],
            adds_to=first,
            **said,
        )
        messages.success(request, "Your words stand under the note.")

    return _ask_about(request, found, form, do, title="Add to a note", button="Save", note=first)


@login_required
@never_cache
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """Plan an action."""
    found = _case(request, reference)
    permissions.may_work(request.user, found).or_raise()
    workers_here = list(queries.workers_of(request.user, found.team, timezone.localdate()))
    people = families.people_of(request.user, found.family)
    initials = ", ".join(
        f"{person.person.given_names[:1]}.{person.person.family_name[:1]}."
        for person in people
        if person.is_child
    )
    form = ActionForm(
        request.POST or None,
        workers=workers_here,
        partners=list(queries.partners_to_choose(request.user)),
        initial={
            "who": "worker",
            "owner": found.worker_id or request.user.pk,
            "family_known_as": f"{initials} ({found.reference})" if initials else found.reference,
        },
    )

    def do() -> None:
        answers = form.cleaned_data
        actions.plan_action(
            case=found,
            what=answers["what"],
            owner=answers["owner"],
            organisation=answers["organisation"],
            family_known_as=answers["family_known_as"],
            due_on=answers["due_on"],
            **_said(request),
        )
        messages.success(request, "The action is in the plan.")

    return _ask_about(request, found, form, do, title="Plan an action", button="Save action")


@login_required
@never_cache
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand a case to another hub."""
    found = _case(request, reference)
    permissions.may_hand_over(request.user, found).or_raise()
    hubs = [hub for hub in all_hubs() if hub.team_id != found.team_id]
    form = HandOverForm(request.POST or None, hubs=hubs)

    def do() -> None:
        hub = form.hubs[form.cleaned_data["hub"]]
        actions.hand_over(case=found, hub=hub, reason=form.cleaned_data["reason"], **_said(request))
        messages.success(request, f"{found.reference} now waits for a worker at {hub}.")

    return _ask_about(
        request, found, form, do, title="Hand this case to another hub", button="Hand over"
    )


@login_required
@never_cache
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a case: why, what came of it, and words for the sender and the family."""
    found = _case(request, reference)
    permissions.may_close(request.user, found).or_raise()
    open_actions = [action for action in queries.plan_of(request.user, found) if not action.ended]
    form = CloseForm(request.POST or None, open_actions=len(open_actions))

    def do() -> None:
        actions.close(
            case=found,
            **{"drop_actions": False, **form.cleaned_data},
            **_said(request),
        )
        messages.success(
            request, f"{found.reference} is closed. You can print a letter for the family."
        )

    return _ask_about(
        request,
        found,
        form,
        do,
        template="casework/close.html",
        title="Close this case",
        button="Close the case",
        family_address=referrals.family_address(request.user, found.referral),
        open_actions=open_actions,
    )


@login_required
@never_cache
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a closed case again."""
    found = _case(request, reference)
    permissions.may_close(request.user, found).or_raise()
    form = ReasonForm(request.POST or None)

    def do() -> None:
        actions.reopen(case=found, reason=form.cleaned_data["reason"], **_said(request))
        messages.success(request, f"{found.reference} is open again and waits for a worker.")

    return _ask_about(request, found, form, do, title="Open this case again", button="Open again")


@login_required
@never_cache
def letter(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the closing letter for the family, to be printed."""
    found = _case(request, reference)
    permissions.may_work(request.user, found).or_raise()
    if found.closed_at is None:
        raise Http404
    _note_sight(request, found.family, "letter")
    addresses = families.addresses_of(request.user, found.family)
    return render(
        request,
        "casework/letter.html",
        {
            "case": found,
            "people": families.people_of(request.user, found.family),
            "address": next((place for place in addresses if place.until is None), None),
        },
    )


# Actions of the plan


@login_required
@never_cache
def my_actions(request: HttpRequest) -> HttpResponse:
    """Show a partner the actions that its organisation has taken on, and no more of the family
    than the hub chose to say."""
    permissions.may_own_actions(request.user).or_raise()
    today = timezone.localdate()
    rows = [
        (action, promises.action(action, today)) for action in queries.partner_actions(request.user)
    ]
    return render(
        request,
        "casework/my_actions.html",
        {
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
            action=action, came_of_it=form.cleaned_data["came_of_it"], **_said(request)
        )
        messages.success(request, "Thank you. The action is done.")

    return _ask_about_action(request, pk, form, do, title="This is done", button="Mark as done")


@login_required
@never_cache
def action_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an action will not be done."""
    form = ReasonForm(request.POST or None)

    def do(action: Any) -> None:
        actions.drop_action(action=action, reason=form.cleaned_data["reason"], **_said(request))
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
        actions.change_due_date(action=action, **form.cleaned_data, **_said(request))
        messages.success(request, "The action has a new day.")

    return _ask_about_action(
        request, pk, form, do, title="Change the day", button="Save", hub_only=True
    )


# A family


@login_required
@never_cache
def family(request: HttpRequest, reference: str) -> HttpResponse:
    """Show everything that has happened with a family, across all its records."""
    viewer = request.user
    records = families.records_called(viewer, reference)
    if not records:
        raise Http404
    found = records[0]
    if found.reference != reference:
        return redirect("casework:family", reference=found.reference)
    standings = families.teams_with_standing(viewer, records)
    _note_sight(request, found, "family", standings)
    events = chronology(viewer, found, records=records)
    kind = request.GET.get("kind", "")
    shown = [event for event in events if kind not in KINDS or event.kind == kind]
    oldest_first = request.GET.get("order") == "oldest"
    return render(
        request,
        "casework/family.html",
        {
            "family": found,
            "records": records,
            "events": shown[::-1] if oldest_first else shown,
            "oldest_first": oldest_first,
            "tabs": _kinds(request, kind, Counter(event.kind for event in events)),
            "kind": KINDS.get(kind, ""),
            "people": families.people_of(viewer, found, records=records),
            "addresses": families.addresses_of(viewer, found, records=records),
            # The same team may stand by several of the records.
            "teams": dict.fromkeys(
                (standing.team or standing.user, standing.get_reason_display())
                for standing in standings
            ),
            "printed_at": timezone.now(),
            "today": timezone.localdate(),
            "may_merge": bool(may_merge(request.user)),
        },
    )


# What these pages share


def _case(request: HttpRequest, reference: str) -> Any:
    return get_object_or_404(queries.with_names(request.user), reference=reference)


def _said(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and when."""
    return {"by": request.user, "at": timezone.now()}


def _ask_about(
    request: HttpRequest,
    case: Any,
    form: Form,
    do: Callable[[], None],
    *,
    template: str = "casework/question.html",
    **context: Any,
) -> HttpResponse:
    back = reverse("casework:case", args=[case.reference])
    return _ask(request, form, do, done=back, template=template, case=case, **context)


def _ask(
    request: HttpRequest,
    form: Form,
    do: Callable[[], None],
    *,
    done: str,
    template: str,
    **context: Any,
) -> HttpResponse:
    """Show one thing to answer; do it, or say at its field why it cannot be done."""
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except actions.NotPossible as refusal:
            fields = (name for name in AT_FIELD.get(type(refusal), ()) if name in form.fields)
            form.add_error(next(fields, None), str(refusal))
        else:
            return redirect(done)
    return render(request, template, {"form": form, "back": done, **context})


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
    return _ask(
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


def _team(request: HttpRequest) -> Any:
    """The hub a page is about: `?hub=`, else this person's own first."""
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


def _hub_page(request: HttpRequest, current: str, team: Any) -> dict[str, Any]:
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
        "workers": "Workers",
    }
    if queries.gives_families(request.user) and not queries.mine(request.user).exists():
        del names["cases"]
    return [
        {
            "label": label,
            "href": reverse(f"casework:{name}") + (question if name != "cases" else ""),
            "current": name == current,
        }
        for name, label in names.items()
    ]


def _kinds(request: HttpRequest, kind: str, counts: Counter[str]) -> list[dict[str, Any]]:
    order = "&order=oldest" if request.GET.get("order") == "oldest" else ""
    everything = {
        "label": "Everything",
        "href": f"?{order.lstrip('&')}",
        "current": kind not in KINDS,
        "count": sum(counts.values()),
    }
    return [
        everything,
        *(
            {
                "label": label,
                "href": f"?kind={key}{order}",
                "current": key == kind,
                "count": counts[key],
            }
            for key, label in KINDS.items()
            if counts[key]
        ),
    ]


def _row(case: Any, now: Any) -> dict[str, Any]:
    next_due = getattr(case, "next_due", None)
    return {
        "case": case,
        "promise": promises.first_contact(case, now),
        "due": promises.due(next_due, timezone.localdate(now)) if next_due else None,
        "days": (timezone.localdate(now) - timezone.localdate(case.opened_at)).days,
    }


def _history(request: HttpRequest, case: Any) -> list[dict[str, Any]]:
    """Who had the case, from which hub it came, and whether it was opened again."""
    viewer = request.user
    told = [
        {
            "at": given.since,
            "title": f"Given to {given.worker}",
            "by": given.by,
            "text": given.reason,
        }
        for given in queries.allocations_of(viewer, case)
    ]
    told += [
        {
            "at": handed.at,
            "title": f"Handed from {handed.from_team} to {handed.to_team}",
            "by": handed.by,
            "text": handed.reason,
        }
        for handed in queries.handovers_of(viewer, case)
    ]
    told += [
        {"at": opened.at, "title": "Opened again", "by": opened.by, "text": opened.reason}
        for opened in queries.reopenings_of(viewer, case)
    ]
    told.append({"at": case.opened_at, "title": "Opened from the request", "by": "", "text": ""})
    return sorted(told, key=lambda event: event["at"], reverse=True)


def _note_sight(request: HttpRequest, family: Any, page: str, standings: Any = None) -> None:
    if standings is None:
        standings = families.teams_with_standing(request.user, [family])
    saw_once(
        viewer=request.user,
        family_id=family.pk,
        page=page,
        at=timezone.now(),
        right=queries.right_to_see(request.user, family, standings),
    )
