"""What changed: values over time of a case, written down by hand or from a file; measures; feedback."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.casework import actions, attendance_file, measuring, permissions
from kith.casework.measuring_forms import (
    AttendanceForm,
    ExclusionForm,
    FeedbackForm,
    FileForm,
    MeasureForm,
    MistakeForm,
    ScoreForm,
)
from kith.casework.views.asking import ask, case_of, note_sight, said_by
from kith.casework.views.own_page import PAGE
from kith.families import queries as families
from kith.referrals.views.sent import sent_or_404

# Where on the form a refusal is said that `asking.AT_FIELD` does not know the place of.
VALUES = {
    "score": measuring.scores_of,
    "attendance": measuring.attendance_of,
    "exclusion": measuring.exclusions_of,
}


@login_required
@never_cache
def changed(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what changed for a family: first, latest and change, with what is missing."""
    found = case_of(request, reference)
    note_sight(request, found.family, "changed")
    return render(
        request,
        "casework/measuring/changed.html",
        {
            "case": found,
            "changed": measuring.what_changed(request.user, found),
            "measures": measuring.measures(request.user),
            "may_work": permissions.may_work(request.user, found),
        },
    )


@login_required
@never_cache
def score(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Write down answers, or a score worked out elsewhere."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    measure = next((one for one in measuring.measures(request.user) if one.key == key), None)
    if measure is None:
        raise Http404
    form = ScoreForm(
        request.POST or None,
        measure=measure,
        people=families.people_of(request.user, found.family),
        initial={"on": timezone.localdate()},
    )

    def do() -> None:
        kept = actions.keep_score(case=found, measure=measure, **form.said, **said_by(request))
        if kept.value is None:
            messages.info(
                request,
                "The answers are kept. Too many are missing for a score: that stays missing.",
            )
        else:
            messages.success(request, "The score is kept.")

    return _ask(request, found, form, do, title=measure.name, button="Save", measure=measure)


@login_required
@never_cache
def attendance(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down a child's attendance."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    form = AttendanceForm(
        request.POST or None, people=families.people_of(request.user, found.family)
    )

    def do() -> None:
        actions.keep_attendance(case=found, **form.cleaned_data, **said_by(request))
        messages.success(request, "The attendance is kept.")

    return _ask(request, found, form, do, title="Attendance at school", button="Save attendance")


@login_required
@never_cache
def exclusion(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down that a school sent a child away."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    form = ExclusionForm(
        request.POST or None, people=families.people_of(request.user, found.family)
    )

    def do() -> None:
        actions.keep_exclusion(case=found, **form.cleaned_data, **said_by(request))
        messages.success(request, "It is kept.")

    return _ask(request, found, form, do, title="Suspension or exclusion", button="Save")


@login_required
@never_cache
def mistake(request: HttpRequest, reference: str, kind: str, pk: int) -> HttpResponse:
    """Say that a value was entered by mistake."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    if kind not in VALUES:
        raise Http404
    value: Any = get_object_or_404(VALUES[kind](request.user, found), pk=pk)
    form = MistakeForm(request.POST or None)

    def do() -> None:
        actions.call_mistake(value=value, why=form.cleaned_data["reason"], **said_by(request))
        messages.success(request, "It counts to nothing any more. Enter what is right.")

    return _ask(request, found, form, do, title=f"A mistake: {value}", button="Say it is a mistake")


def _ask(request: HttpRequest, case: Any, form: Any, do: Any, **context: Any) -> HttpResponse:
    return ask(
        request,
        form,
        do,
        done=reverse("casework:changed", args=[case.reference]),
        template="casework/measuring/question.html",
        case=case,
        **context,
    )


@login_required
@never_cache
def file(request: HttpRequest) -> HttpResponse:
    """Take attendance and exclusions from a file, and report every wrong row."""
    permissions.may_write_attendance(request.user).or_raise()
    form = FileForm(request.POST or None, request.FILES or None)
    filed = None
    if request.method == "POST" and form.is_valid():
        try:
            rows = attendance_file.read(
                form.cleaned_data["file"].read(attendance_file.MOST_BYTES + 1)
            )
            filed = actions.keep_file(
                rows=rows,
                although_some_are_wrong=form.cleaned_data["although"],
                **said_by(request),
            )
        except attendance_file.FileUnreadable as refusal:
            form.add_error("file", str(refusal))
    return render(
        request,
        "casework/measuring/file.html",
        {"form": form, "filed": filed, "columns": attendance_file.COLUMNS},
    )


@login_required
def empty_file(request: HttpRequest) -> HttpResponse:
    """Give a file to fill in."""
    permissions.may_write_attendance(request.user).or_raise()
    response = HttpResponse(attendance_file.empty_file(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="attendance.csv"'
    return response


@login_required
@never_cache
def measures(request: HttpRequest) -> HttpResponse:
    """Show every measure with its versions, to whoever may change them."""
    permissions.may_change_form(request.user).or_raise()
    newest = {one.pk for one in measuring.measures(request.user)}
    return render(
        request,
        "casework/measuring/measures.html",
        {"rows": [(one, one.pk in newest) for one in measuring.versions(request.user)]},
    )


@login_required
@never_cache
def measure(request: HttpRequest, key: str = "") -> HttpResponse:
    """Make a new measure, a new version of one, or have one asked no more."""
    permissions.may_change_form(request.user).or_raise()
    last = next((one for one in measuring.versions(request.user) if one.key == key), None)
    if key and last is None:
        raise Http404
    names = ("name", "kind", "low", "high", "about", "better", "meaning", "source")
    begun = {name: getattr(last, name) for name in names} if last else {}
    if last:
        begun["questions"] = "\n".join(last.questions)
    form = MeasureForm(request.POST or None, initial=begun)

    def do() -> None:
        made = actions.release_measure(
            key=key, in_use="retire" not in request.POST, **form.said, **said_by(request)
        )
        asked = f"version {made.version} is in use" if made.in_use else "is asked no more"
        messages.success(request, f"{made.name}: {asked}.")

    return ask(
        request,
        form,
        do,
        done=reverse("casework:measures"),
        template="casework/measuring/measure.html",
        last=last,
    )


# Feedback


@never_cache
def of_family(request: HttpRequest) -> HttpResponse:
    """Ask somebody of the family, on their own page, what they think of the help."""
    page, refused = PAGE.mine(request)
    if page is None:
        return refused
    case = measuring.case_of_page(page)
    if case is None:
        raise Http404
    form = FeedbackForm(request.POST or None, of="family")
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_feedback(
                case=case, of="family", name=page.name, page=page, **form.said, by=None,
                at=timezone.now(),
            )  # fmt: skip
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Thank you. Your hub reads it.")
            return redirect("own_page:page")
    return render(
        request,
        "casework/measuring/feedback.html",
        {"form": form, "back": reverse("own_page:page"), "title": "How is the help for you?"},
    )


@never_cache
def of_sender(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask whoever sent a request, by account or private link, what they think of what came of it."""
    referral = sent_or_404(request, reference)
    case = measuring.case_of_request(referral)
    if case is None:
        raise Http404
    viewer = request.user if request.user.is_authenticated else None
    form = FeedbackForm(request.POST or None, of="sender")
    back = reverse("referrals:one", args=[reference])
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_feedback(
                case=case, of="sender", name=referral.sender_name, referral=referral, **form.said,
                by=viewer, at=timezone.now(),
            )  # fmt: skip
        except actions.NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Thank you. The hub reads it.")
            return redirect(back)
    return render(
        request,
        "casework/measuring/feedback.html",
        {"form": form, "back": back, "title": "How was it for you?"},
    )
