"""How a hub looks after its work: how much each family needs, and supervision."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.casework import actions, auditing, oversight, permissions, promises, queries
from kith.casework import intensity as counting
from kith.casework.oversight_forms import (
    AgreedActionForm,
    IntensityForm,
    ReflectionForm,
    SupervisionForm,
    WeightsForm,
    WordsForm,
)
from kith.casework.views.asking import ask, ask_about, case_of, note_sight, said_by, words_stay
from kith.casework.views.drafts import Typing
from kith.casework.views.hub import A_PAGE, hub_asked_for, hub_page
from kith.hubs.calendar import promise_days


def case_facts(request: HttpRequest, case: Any) -> dict[str, Any]:
    """Return what a case's page says of the hub's oversight."""
    spoken_about = list(oversight.reflections_of(request.user, case))
    today = timezone.localdate()
    return {
        "spoken_about": [_reflection(one, today) for one in spoken_about],
        "last_spoken": spoken_about[0] if spoken_about else None,
        "agreed": {one.action_id for said in spoken_about for one in said.agreed.all()},
        "audits": auditing.findings_of(request.user, case),
        "counts_as": counting.weights()[case.intensity],
        "intensity_set": oversight.intensity_changes_of(request.user, case).first(),
        "may_set_intensity": permissions.may_set_intensity(request.user, case),
    }


@login_required
@never_cache
def intensity(request: HttpRequest, reference: str) -> HttpResponse:
    """Say how much work a family needs."""
    found = case_of(request, reference)
    permissions.may_set_intensity(request.user, found).or_raise()
    form = IntensityForm(request.POST or None, case=found, weights=counting.explained())

    def do() -> None:
        actions.set_intensity(case=found, **form.cleaned_data, **said_by(request))
        messages.success(request, "Saved. The caseload counts it from now on.")

    return ask_about(
        request, found, form, do, title="How much work does the family need?", button="Save"
    )


@login_required
@never_cache
def weights(request: HttpRequest) -> HttpResponse:
    """Set as how many families one counts, by intensity."""
    permissions.may_set_weights(request.user).or_raise()
    form = WeightsForm(request.POST or None, weights=counting.explained())

    def do() -> None:
        actions.set_weights(weights=form.cleaned_data, **said_by(request))
        messages.success(request, "Saved. Every caseload counts so from now on.")

    return ask(
        request,
        form,
        do,
        done=reverse("casework:weights"),
        template="casework/oversight/weights.html",
        weights=counting.explained(),
        settings_url=reverse("county_settings"),
    )


# Supervision


@login_required
@never_cache
def supervision(request: HttpRequest) -> HttpResponse:
    """Show with whom a manager has talked, which cases wait to be spoken about, and one's own."""
    team, now = hub_asked_for(request), timezone.now()
    viewer = request.user
    supervises, leads = oversight.supervises(viewer, team), queries.gives_families(viewer)
    waiting = oversight.not_spoken_about(viewer, now, team, None if leads else viewer.pk)
    page = Paginator(waiting, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "casework/oversight/supervision.html",
        {
            "talks": [
                (one, one.overdue(timezone.localdate(now)))
                for one in (oversight.talks(viewer, team, now) if supervises else [])
            ],
            "supervises": supervises,
            "leads": leads,
            "rows": page,
            "page": page,
            "own": oversight.supervisions_with(viewer, viewer, team),
            "kept_for": permissions.DRAFTS_KEPT_FOR.days,
            "unfinished": [_unfinished(one, viewer) for one in oversight.unfinished(viewer, team)],
            "days": promise_days("supervised"),
            "team": team,
            **hub_page(request, "supervision", team),
        },
    )


@never_cache
@words_stay
def supervision_new(request: HttpRequest) -> HttpResponse:
    """Write down that a manager and a worker have talked."""
    team = hub_asked_for(request)
    if not oversight.supervises(request.user, team):
        raise PermissionDenied("Only a manager of this hub can write down a supervision.")
    today = timezone.localdate()
    workers = [one for one in queries.workers_of(request.user, team, today) if one != request.user]
    typing = Typing(request, team=team)
    form = SupervisionForm(
        request.POST or None,
        workers=workers,
        initial=typing.begin_with(held_on=today, worker=request.GET.get("worker", "")),
    )
    if answered := typing.answer(form):
        return answered
    held: list[Any] = []

    def do() -> None:
        answers = form.cleaned_data
        held.append(
            actions.hold_supervision(
                **answers | {"worker": form.workers[answers["worker"]]},
                team=team,
                **said_by(request),
            )
        )

    if request.method == "POST" and form.is_valid():
        try:
            typing.saving(form, do)()
        except actions.NotPossible as refusal:
            field = {actions.TooEarly: "next_on", actions.NotOfThisHub: "worker"}
            form.add_error(field.get(type(refusal), "held_on"), str(refusal))
        else:
            messages.success(request, "Kept. Now write what you said about each case.")
            return redirect("casework:supervision_one", held[0].pk)
    return render(
        request,
        "casework/oversight/question.html",
        {
            "form": form,
            "title": "Write down a supervision",
            "caption": team,
            "back": _list_of(team),
            "back_label": "Supervision",
            "button": "Save and go on to the cases",
            **typing.context(),
        },
    )


@login_required
@never_cache
def supervision_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a supervision: the words about the worker, and the cases spoken about."""
    held = _held(request, pk)
    viewer, today = request.user, timezone.localdate()
    reflections = list(oversight.reflections_in(viewer, held))
    for reflection in reflections:
        note_sight(request, reflection.case.family, "supervision")
    may_write = permissions.may_supervise(viewer, held.worker_id, held.team_id)
    return render(
        request,
        "casework/oversight/one.html",
        {
            "held": held,
            "additions": oversight.additions_to(viewer, held),
            "reflections": [_reflection(one, today) for one in reflections],
            "agreed_before": [
                (action, promises.action(action, today))
                for action in oversight.agreed_before(viewer, held)
            ],
            "others": oversight.supervisions_with(viewer, held.worker, held.team).exclude(
                pk=held.pk
            )[:24],
            "waiting": oversight.to_speak_about(viewer, held) if may_write else [],
            "kept_for": permissions.DRAFTS_KEPT_FOR.days,
            "unfinished": [
                _unfinished(one, viewer)
                for one in oversight.unfinished(viewer, held.team)
                if one.supervision_id == held.pk
            ],
            "may_write": may_write,
            "may_add": permissions.may_add_to_supervision(viewer, held),
            "back": _list_of(held.team),
            "late": held.late,
        },
    )


@never_cache
@words_stay
def supervision_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add to what was said about the worker."""
    held = _held(request, pk)
    permissions.may_add_to_supervision(request.user, held).or_raise()
    typing = Typing(request, team=held.team, supervision=held)
    form = WordsForm(request.POST or None, initial=typing.begin_with())
    form.fields["words"].help_text = (
        "It stands under the first words, with your name and today’s date. Only the two who talked "
        "and whoever manages the hub can read it."
    )

    def do() -> None:
        actions.add_to_supervision(supervision=held, **form.cleaned_data, **said_by(request))
        messages.success(request, "Your words stand under the first.")

    return _ask_in(request, held, form, do, typing, title="Add to this supervision", button="Save")


@never_cache
@words_stay
def supervision_case(request: HttpRequest, pk: int, reference: str) -> HttpResponse:
    """Write down what was said of a case, and an action that was agreed."""
    held, case = _held(request, pk), case_of(request, reference)
    permissions.may_supervise(request.user, held.worker_id, held.team_id).or_raise()
    note_sight(request, case.family, "supervision")
    said = oversight.reflections_of(request.user, case).filter(supervision=held)
    if request.method == "GET" and said.exists():
        messages.info(
            request, f"What you said of {case.reference} is written down. Add to it here."
        )
        add = reverse("casework:supervision_case_add", args=[held.pk, case.reference])
        return redirect(f"{add}?{request.GET.urlencode()}")
    typing = Typing(request, team=held.team, supervision=held, case=case)
    form = ReflectionForm(
        request.POST or None,
        owners=[held.worker, held.manager],
        initial=typing.begin_with(owner=held.worker_id),
    )

    def do() -> None:
        answers = form.cleaned_data
        said = said_by(request)
        with transaction.atomic():
            reflection = actions.reflect(
                supervision=held, case=case, words=answers["words"], **said
            )
            if answers["what"]:
                actions.agree_action(
                    reflection=reflection,
                    what=answers["what"],
                    owner=form.owners[answers["owner"]],
                    due_on=answers["due_on"],
                    **said,
                )
        messages.success(request, f"What you said about {case.family.name} is kept.")

    return _ask_in(
        request,
        held,
        form,
        do,
        typing,
        title=f"What did you say about {case.family.name}?",
        button="Save",
        case=case,
        last=oversight.reflections_of(request.user, case).first(),
    )


@never_cache
@words_stay
def supervision_case_add(request: HttpRequest, pk: int, reference: str) -> HttpResponse:
    """Add to what was said of a case."""
    held, case, reflection = _said_of(request, pk, reference)
    permissions.may_add_to_supervision(request.user, held).or_raise()
    typing = Typing(request, team=held.team, supervision=held, case=case)
    form = WordsForm(request.POST or None, initial=typing.begin_with())

    def do() -> None:
        actions.add_to_reflection(reflection=reflection, **form.cleaned_data, **said_by(request))
        messages.success(request, "Your words stand under the first.")

    return _ask_in(
        request,
        held,
        form,
        do,
        typing,
        title=f"Add to what was said about {case.family.name}",
        button="Save",
        case=case,
        last=reflection,
    )


@never_cache
@words_stay
def supervision_action(request: HttpRequest, pk: int, reference: str) -> HttpResponse:
    """Agree one more action for a case that was spoken about."""
    held, case, reflection = _said_of(request, pk, reference)
    permissions.may_supervise(request.user, held.worker_id, held.team_id).or_raise()
    form = AgreedActionForm(
        request.POST or None,
        owners=[held.worker, held.manager],
        initial={"owner": held.worker_id},
    )

    def do() -> None:
        answers = form.cleaned_data
        actions.agree_action(
            reflection=reflection,
            what=answers["what"],
            owner=form.owners[answers["owner"]],
            due_on=answers["due_on"],
            **said_by(request),
        )
        messages.success(request, "The action is in the plan.")

    return _ask_in(
        request,
        held,
        form,
        do,
        title=f"Agree an action for {case.family.name}",
        button="Save action",
        case=case,
        last=reflection,
    )


def _held(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(oversight.supervisions_visible_to(request.user), pk=pk)


def _said_of(request: HttpRequest, pk: int, reference: str) -> tuple[Any, Any, Any]:
    held, case = _held(request, pk), case_of(request, reference)
    reflection = oversight.reflections_of(request.user, case).filter(supervision=held).first()
    if reflection is None:
        raise Http404
    note_sight(request, case.family, "supervision")
    return held, case, reflection


def _ask_in(
    request: HttpRequest,
    held: Any,
    form: Form,
    do: Callable[[], None],
    typing: Typing | None = None,
    **context: Any,
) -> HttpResponse:
    """Ask one question about a supervision, and go back to its page when it is answered.

    With `typing`, what is typed is kept meanwhile.
    """
    if typing is not None:
        if answered := typing.answer(form):
            return answered
        do = typing.saving(form, do)
        context |= typing.context()
    return ask(
        request,
        form,
        do,
        done=reverse("casework:supervision_one", args=[held.pk]),
        template="casework/oversight/question.html",
        held=held,
        back_label="Supervision",
        **context,
    )


def _reflection(reflection: Any, today: Any) -> dict[str, Any]:
    return {
        "said": reflection,
        "late": reflection.late,
        "actions": [
            (one.action, promises.action(one.action, today)) for one in reflection.agreed.all()
        ],
    }


def _unfinished(draft: Any, viewer: Any) -> dict[str, Any]:
    """What somebody typed and has not saved: what it is about, and where they go on with it."""
    held, case = draft.supervision, draft.case
    if held is None:
        href, title = _list_of(draft.team, "supervision_new"), "A new supervision"
    elif case is None:
        href = reverse("casework:supervision_add", args=[held.pk]) + "?"
        title = f"Words about {held.worker}"
    else:
        first = permissions.may_supervise(viewer, held.worker_id, held.team_id)
        name = "supervision_case" if first else "supervision_case_add"
        href = reverse(f"casework:{name}", args=[held.pk, case.reference]) + "?"
        title = f"What was said about {case.family.name}"
    return {"draft": draft, "href": f"{href}&draft={draft.pk}", "title": title, "held": held}


def _list_of(team: Any, page: str = "supervision") -> str:
    return f"{reverse(f'casework:{page}')}?hub={team.pk}"
