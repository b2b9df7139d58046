"""The county's assessment form: its versions, and the next one while it is being made."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kith.casework import actions, permissions, queries
from kith.casework.assessment_form import ABOUT, KINDS, read, tells_of_others
from kith.casework.forms import QuestionForm, ReleaseForm
from kith.casework.views.asking import ask, said_by


@login_required
@never_cache
def versions(request: HttpRequest) -> HttpResponse:
    """Show the form in use, and the version that is being made."""
    permissions.may_change_form(request.user).or_raise()
    forms = list(queries.forms(request.user))
    draft = forms[0] if forms[0].released_at is None else None
    shown = draft or forms[0]
    if request.method == "POST":
        actions.draft_form(**said_by(request))
        return redirect("casework:assessment_form")
    return render(
        request,
        "casework/assessment/form.html",
        {
            "forms": [form for form in forms if form.released_at],
            "draft": draft,
            "settings_url": reverse("county_settings"),
            "form_url": reverse("casework:assessment_form"),
            "sections": [
                (
                    section,
                    ABOUT[section.of],
                    [
                        (one, KINDS[one.kind], tells_of_others(section, one))
                        for one in section.questions
                    ],
                )
                for section in read(shown.definition).sections
            ],
        },
    )


@login_required
@never_cache
def question(request: HttpRequest) -> HttpResponse:
    """Add a question of the county's own."""
    permissions.may_change_form(request.user).or_raise()
    form_now = queries.forms(request.user)[0]
    form = QuestionForm(request.POST or None, definition=read(form_now.definition))

    def do() -> None:
        answers = form.cleaned_data
        actions.add_question(
            form=form_now,
            section=answers["section"],
            label=answers["label"],
            kind=answers["kind"],
            hint=answers["hint"],
            choices=tuple(answers["choices"].splitlines()) if answers["kind"] == "choice" else (),
            needed=answers["needed"],
            of_others=answers["of_others"],
            **said_by(request),
        )
        messages.success(request, "The question is in the new version.")

    return _ask(request, form, do, title="Add a question", button="Add it")


@login_required
@never_cache
@require_POST
def take_out(request: HttpRequest, section: str, key: str) -> HttpResponse:
    """Take out one of the county's own questions."""
    permissions.may_change_form(request.user).or_raise()
    form_now = queries.forms(request.user)[0]
    try:
        actions.remove_question(form=form_now, section=section, key=key, **said_by(request))
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The question is not in the new version.")
    return redirect("casework:assessment_form")


@login_required
@never_cache
def release(request: HttpRequest) -> HttpResponse:
    """Put the new version into use."""
    permissions.may_change_form(request.user).or_raise()
    form_now = queries.forms(request.user)[0]
    form = ReleaseForm(request.POST or None)

    def do() -> None:
        actions.release_form(
            form=form_now, changes=form.cleaned_data["changes"], **said_by(request)
        )
        messages.success(request, f"Version {form_now.version} is in use.")

    return _ask(
        request, form, do, title=f"Use version {form_now.version}", button="Use it from now on"
    )


def _ask(request: HttpRequest, form: object, do: object, **context: str) -> HttpResponse:
    return ask(
        request,
        form,  # type: ignore[arg-type]
        do,  # type: ignore[arg-type]
        done=reverse("casework:assessment_form"),
        template="casework/assessment/form_question.html",
        **context,
    )
