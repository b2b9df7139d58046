"""Case audits: drawing cases by chance, writing down what is found, and the results by hub."""

import secrets
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.casework import actions, auditing, permissions, promises, queries
from kith.casework.oversight_forms import AgreedActionForm, DrawForm, FindingForm, QuestionsForm
from kith.casework.views.asking import ask, note_sight, said_by, words_stay
from kith.casework.views.hub import hub_page

A_YEAR = timedelta(days=365)


@login_required
@never_cache
def audits(request: HttpRequest) -> HttpResponse:
    """Show the audits, and the results of the last year by hub."""
    teams = _teams(request)
    return render(
        request,
        "casework/oversight/audits.html",
        {
            "audits": auditing.audits(request.user)[:100],
            "grades": auditing.GRADES,
            "results": auditing.results(request.user, timezone.now() - A_YEAR),
            "may_change_form": permissions.may_change_form(request.user),
            **hub_page(request, "audits", teams[0]),
            "teams": [],
        },
    )


@login_required
@never_cache
def draw(request: HttpRequest) -> HttpResponse:
    """Draw cases by chance."""
    teams, county = _teams(request), auditing.audits_county(request.user)
    form = DrawForm(
        request.POST or None,
        teams=teams,
        county=county,
        initial={
            "since": timezone.localdate() - timedelta(days=182),
            "how_many": 6,
            "which": "open",
        },
    )
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            drawn = actions.draw_sample(
                **answers | {"team": form.teams.get(answers["team"])},
                seed=secrets.token_hex(8),
                **said_by(request),
            )
        except actions.NotPossible as refusal:
            field = {actions.NothingToDraw: "how_many", actions.InTheFuture: "since"}
            form.add_error(field.get(type(refusal)), str(refusal))
        else:
            messages.success(request, "The cases are drawn.")
            return redirect("casework:audit", drawn.pk)
    return render(
        request,
        "casework/oversight/question.html",
        {
            "form": form,
            "title": "Draw cases for an audit",
            "back": reverse("casework:audits"),
            "back_label": "Audits",
            "button": "Draw",
        },
    )


@login_required
@never_cache
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a sample: how it was drawn, and what was found of each case."""
    _teams(request)
    found = get_object_or_404(auditing.audits(request.user), pk=pk)
    cases = list(auditing.drawn_cases(request.user, found))
    return render(
        request,
        "casework/oversight/audit.html",
        {
            "audit": found,
            "cases": [(one, permissions.may_audit(request.user, one)) for one in cases],
            "done": sum(1 for one in cases if hasattr(one, "finding")),
            "fair": auditing.fair(request.user, found),
        },
    )


@login_required
@never_cache
def audited(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an audit found of a case."""
    one = _drawn(request, pk)
    note_sight(request, one.case.family, "audit")
    today = timezone.localdate()
    finding = getattr(one, "finding", None)
    return render(
        request,
        "casework/oversight/audited.html",
        {
            "one": one,
            "finding": finding,
            "rows": auditing.answers(request.user, one),
            "follows": [
                (link.action, promises.action(link.action, today))
                for link in (finding.follows.all() if finding else [])
            ],
            "may_audit": permissions.may_audit(request.user, one),
        },
    )


@never_cache
@words_stay
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was found of a case."""
    one = _drawn(request, pk)
    permissions.may_audit(request.user, one).or_raise()
    note_sight(request, one.case.family, "audit")
    form = FindingForm(request.POST or None, questions=one.audit.form.questions)

    def do() -> None:
        actions.write_finding(
            audited=one,
            answers=form.answers,
            grade=form.cleaned_data["grade"],
            good=form.cleaned_data["good"],
            better=form.cleaned_data["better"],
            **said_by(request),
        )
        then = "" if one.case.closed_at else " Say now what must be done, if anything."
        messages.success(request, f"What you found is kept.{then}")

    return _ask_of(request, one, form, do, title="What did you find?", button="Save")


@login_required
@never_cache
def action(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what must be done after an audit, by whom and when."""
    one = _drawn(request, pk)
    permissions.may_audit(request.user, one).or_raise()
    finding = getattr(one, "finding", None)
    if finding is None:
        return redirect("casework:audit_write", one.pk)
    if one.case.closed_at and request.method == "GET":
        return redirect("casework:audited", one.pk)
    workers = list(queries.workers_of(request.user, one.case.team, timezone.localdate()))
    form = AgreedActionForm(
        request.POST or None, owners=workers, initial={"owner": one.case.worker_id}
    )

    def do() -> None:
        answers = form.cleaned_data
        actions.require_action(
            finding=finding,
            what=answers["what"],
            owner=form.owners[answers["owner"]],
            due_on=answers["due_on"],
            **said_by(request),
        )
        messages.success(request, "The action is in the plan.")

    return _ask_of(request, one, form, do, title="What must be done?", button="Save action")


@login_required
@never_cache
def questions(request: HttpRequest) -> HttpResponse:
    """Show the questions of case audits, and put new ones into use."""
    permissions.may_change_form(request.user).or_raise()
    versions = list(auditing.forms(request.user))
    form = QuestionsForm(
        request.POST or None, initial={"questions": "\n".join(versions[0].questions)}
    )

    def do() -> None:
        actions.release_audit_form(
            questions=form.cleaned_data["questions"].splitlines(),
            changes=form.cleaned_data["changes"],
            **said_by(request),
        )
        messages.success(request, "The new questions are in use for audits drawn from now on.")

    return ask(
        request,
        form,
        do,
        done=reverse("casework:audit_questions"),
        template="casework/oversight/audit_questions.html",
        versions=versions,
        settings_url=reverse("county_settings"),
    )


def _teams(request: HttpRequest) -> list[Any]:
    teams = auditing.teams_to_audit(request.user)
    if not teams:
        raise PermissionDenied("Only hub managers and county leads audit cases.")
    return teams


def _drawn(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(auditing.to_audit(request.user), pk=pk)


def _ask_of(request: HttpRequest, one: Any, form: Any, do: Any, **context: Any) -> HttpResponse:
    return ask(
        request,
        form,
        do,
        done=reverse("casework:audited", args=[one.pk]),
        template="casework/oversight/question.html",
        back_label="Audit",
        caption=f"{one.case.family.name}, {one.case.reference}",
        case=None,
        **context,
    )
