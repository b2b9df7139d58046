"""The pages of case studies: writing, checking and releasing one; reading what was released."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kith.casestudies import actions, counts, permissions, queries
from kith.casestudies.forms import StaysForm, WordsForm, WriteForm
from kith.casework.actions import NotPossible
from kith.casework.views.asking import ask, case_of, note_sight, said_by
from kith.referrals.print import as_pdf
from kith.ui.queries import county_look

COLOURS = {"draft": "yellow", "released": "green", "withdrawn": "red", "dropped": "grey"}


@login_required
@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show what was released, and what the person's hubs are writing."""
    permissions.may_see_list(request.user).or_raise()
    today = timezone.localdate()
    reader = permissions.may_read(request.user)
    found = queries.released(request.user) if reader else []
    return render(
        request,
        "casestudies/listed.html",
        {
            "reader": reader,
            "released": [(one, queries.stands(request.user, one, today)) for one in found],
            "rows": queries.to_release(request.user),
            "in_hand": queries.in_hand(request.user)[:100],
        },
    )


@login_required
@never_cache
@require_safe
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the study of a case; or begin one, if the family agreed."""
    case = case_of(request, reference)
    study = queries.of_case(request.user, case)
    if study is not None:
        return redirect("casestudies:one", study.pk)
    note_sight(request, case.family, "case_study")
    today = timezone.localdate()
    return render(
        request,
        "casestudies/begin.html",
        {
            "case": case,
            "may_write": permissions.may_write(request.user, case),
            "why_not": (why_not := queries.why_no_consent(request.user, case.family, today)),
            "restricted": why_not == queries.RESTRICTED,
            "consent": queries.in_force(request.user, case.family, today).first(),
        },
    )


@login_required
@require_POST
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """Make the draft, in one click."""
    case = case_of(request, reference)
    permissions.may_write(request.user, case).or_raise()
    try:
        study = actions.begin(case=case, **said_by(request))
    except actions.StudyExists:
        messages.info(request, "A colleague has just begun one. Here it is.")
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "The draft is made. Read it, choose what is told, and word it.")
        return redirect("casestudies:one", study.pk)
    return redirect("casestudies:of_case", case.reference)


@login_required
@never_cache
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a study with what was found in it, who agreed, and who had it."""
    study = _study(request, pk)
    note_sight(request, study.case.family, "case_study")
    now = timezone.now()
    user, today = request.user, timezone.localdate(now)
    checked = queries.look_through(user, study, now)
    parts = queries.paragraphs(user, study)
    return render(
        request,
        "casestudies/one.html",
        {
            "study": study,
            "case": study.case,
            "colour": COLOURS.get(study.status, "blue"),
            "checked": checked,
            "found": list(enumerate(checked.found, start=1)),
            "left_out": [part for part in parts if not part.chosen],
            "consents": queries.consents(user, study.case.family),
            "why_not": (why_not := queries.why_no_consent(user, study.case.family, today)),
            "restricted": why_not == queries.RESTRICTED,
            "may_write": permissions.may_write(user, study.case),
            "may_release": permissions.may_release(user, study),
            "may_withdraw": permissions.may_withdraw(user, study),
            "may_read": permissions.may_read(user),
            "readings": queries.readings_of(user, study),
            "stands": study.released is not None and queries.stands(user, study.released, today),
            "definition": counts.DEFINITION,
            "source": counts.SOURCE,
            "fewest": counts.FEWEST,
        },
    )


@login_required
@never_cache
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the paragraphs, and word them."""
    study = _study(request, pk)
    permissions.may_write(request.user, study.case).or_raise()
    if study.status != "draft":
        return redirect("casestudies:one", study.pk)
    parts = queries.paragraphs(request.user, study)
    form = WriteForm(
        request.POST or None,
        paragraphs=parts,
        initial={"title": study.title, "revision": study.revision},
    )
    theirs: list[Any] = []
    if form.is_bound and form.is_valid():
        try:
            actions.write(
                study=study,
                title=form.cleaned_data["title"],
                words=form.words(),
                revision=form.cleaned_data["revision"],
                **said_by(request),
            )
        except actions.WrittenMeanwhile as refusal:
            form.add_error(None, str(refusal))
            # What they see beside their own words now is what they save over, knowing it.
            form.data = request.POST.copy()
            form.data["revision"] = str(study.revision)
            theirs = [part for part in parts if form.words()[part.key] != (part.chosen, part.words)]
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved. What is still found in it is marked below.")
            return redirect("casestudies:one", study.pk)
    return render(
        request,
        "casestudies/write.html",
        {"form": form, "study": study, "case": study.case, "theirs": theirs},
    )


@login_required
@never_cache
def stays(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why words stay in which something was found."""
    study = _study(request, pk)
    permissions.may_write(request.user, study.case).or_raise()
    checked = queries.look_through(request.user, study, timezone.now())
    soft = [(n, f) for n, f in enumerate(checked.found, start=1) if not f.finding.hard]
    if study.status != "draft" or not soft:
        return redirect("casestudies:one", study.pk)
    form = StaysForm(request.POST or None, found=soft)

    def do() -> None:
        actions.keep(study=study, why=form.why(), **said_by(request))
        messages.success(request, "Your reasons are kept. The manager reads them.")

    return _ask(
        request, study, form, do, title="Say why these words stay", button="Save the reasons"
    )


@login_required
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to a manager."""
    study = _study(request, pk)
    permissions.may_write(request.user, study.case).or_raise()
    done = "It is with a manager now: somebody who did not write in it reads and releases it."
    return _do(request, study, lambda: actions.send(study=study, **said_by(request)), done)


@login_required
@never_cache
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for something else first."""
    study = _study(request, pk)
    permissions.may_release(request.user, study).or_raise()
    form = WordsForm(
        request.POST or None, label="What should change?", needed="Write what should change."
    )

    def do() -> None:
        actions.send_back(study=study, words=form.cleaned_data["words"], **said_by(request))
        messages.success(request, "It is sent back, with your words.")

    return _ask(request, study, form, do, title="Send it back", button="Send it back")


@login_required
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Release it to its readers."""
    study = _study(request, pk)
    permissions.may_release(request.user, study).or_raise()
    typed = request.POST.get("revision", "")
    revision = int(typed) if typed.isdecimal() and len(typed) < 9 else -1

    def do() -> None:
        actions.release(study=study, revision=revision, **said_by(request))

    return _do(request, study, do, "It is released. These words stay as they are.")


@login_required
@require_POST
def rewrite(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it in hand again."""
    study = _study(request, pk)
    permissions.may_write(request.user, study.case).or_raise()
    done = "It is in hand again. What was released stays until it is released anew."
    return _do(request, study, lambda: actions.rewrite(study=study, **said_by(request)), done)


@login_required
@never_cache
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Use it no further."""
    study = _study(request, pk)
    permissions.may_write(request.user, study.case).or_raise()
    form = WordsForm(
        request.POST or None, label="Why is it not used?", needed="Write why it is not used."
    )

    def do() -> None:
        actions.drop(study=study, because=form.cleaned_data["words"], **said_by(request))
        messages.success(request, "The study is put away. Another can be begun.")

    return _ask(request, study, form, do, title="Do not use this study", button="Put it away")


@login_required
@never_cache
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let nobody read it any more."""
    study = _study(request, pk)
    permissions.may_withdraw(request.user, study).or_raise()
    form = WordsForm(
        request.POST or None,
        label="Why is it withdrawn?",
        needed="Write why it is withdrawn.",
        hint="For the hub’s own record. Readers are told only that it was withdrawn.",
    )

    def do() -> None:
        actions.withdraw(study=study, because=form.cleaned_data["words"], **said_by(request))
        messages.success(request, "Nobody can read it any more. Who had it is listed below.")

    return _ask(request, study, form, do, title="Withdraw this study", button="Withdraw it")


@login_required
@never_cache
@require_safe
def read(request: HttpRequest, pk: str) -> HttpResponse:
    """Show a released study to whoever may read it."""
    permissions.may_read(request.user).or_raise()
    found = get_object_or_404(queries.released(request.user), pk=pk)
    try:
        version = actions.read(released=found, how="page", **said_by(request))
    except actions.NotToBeRead:
        return render(request, "casestudies/withdrawn.html", {"one": found})
    study = queries.study_of(request.user, found)
    return render(
        request, "casestudies/read.html", {"one": found, "version": version, "study": study}
    )


@login_required
@never_cache
@require_safe
def pdf(request: HttpRequest, pk: str) -> HttpResponse:
    """A released study as accessible PDF."""
    permissions.may_read(request.user).or_raise()
    found = get_object_or_404(queries.released(request.user), pk=pk)
    try:
        version = actions.read(released=found, how="pdf", **said_by(request))
    except actions.NotToBeRead:
        return redirect("casestudies:read", found.pk)
    document = as_pdf(
        title=version.title,
        reference=f"Case study, version {version.version}",
        county=county_look().county_name,
        lead=[
            f"Released on {timezone.localdate(version.at):%-d %B %Y}. A real family, told with its "
            "agreement: names are changed, days and ages are given roughly, and places are not named.",
            "The family may take its agreement back. Look online before you use a copy.",
        ],
        sections=[
            {"title": heading, "lines": [line for line in words.splitlines() if line.strip()]}
            for heading, words in version.paragraphs
        ],
    )
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="case-study.pdf"'
    return response


def _study(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(queries.visible_to(request.user), pk=pk)


def _do(request: HttpRequest, study: Any, do: Callable[[], Any], done: str) -> HttpResponse:
    try:
        do()
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("casestudies:one", study.pk)


def _ask(
    request: HttpRequest, study: Any, form: Any, do: Callable[[], None], *, title: str, button: str
) -> HttpResponse:
    return ask(
        request,
        form,
        do,
        done=reverse("casestudies:one", args=[study.pk]),
        template="casestudies/question.html",
        case=None,
        study=study,
        title=title,
        button=button,
    )
