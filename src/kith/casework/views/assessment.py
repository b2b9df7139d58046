"""The assessment: begun, written part by part, read, signed, printed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kith.accounts.permissions import Permission
from kith.casework import actions, handing_over, permissions, queries
from kith.casework.assessment_form import Part, Question, missing, shown
from kith.casework.forms import (
    PartForm,
    ReasonForm,
    SettleForm,
    StartAssessmentForm,
)
from kith.casework.views.asking import (
    ask,
    ask_about,
    case_of,
    note_sight,
    said_by,
    words_stay,
)
from kith.families import queries as families
from kith.referrals.print import as_pdf
from kith.ui.queries import county_look

A_PAGE = 50
# How two texts are put together, by the kind of question.
JOINED = {"words": "\n\n", "line": "; "}


@login_required
@never_cache
def start(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin an assessment: whom is it about?"""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    form = StartAssessmentForm(
        request.POST or None, members=families.living_of(request.user, found.family)
    )

    begun: list[Any] = []

    def do() -> None:
        people = [form.members[key] for key in form.cleaned_data["people"]]
        begun.append(actions.start_assessment(case=found, people=people, **said_by(request)))
        messages.success(request, "The assessment has begun. Write it with the family.")

    answer = ask_about(request, found, form, do, title="Begin an assessment", button="Begin")
    return redirect("casework:assessment", pk=begun[0].pk) if begun else answer


@login_required
@never_cache
@require_safe
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an assessment: its parts while it is written, all of it to be read afterwards."""
    found = _of(request, pk)
    viewer = request.user
    note_sight(request, found.case.family, "assessment")
    answers = queries.answers_of(viewer, found)
    clashes = queries.clashes_of(viewer, found)
    parts = found.parts()
    words = {key: answer.words for key, answer in answers.items()}
    writing = found.status == "draft" and bool(permissions.may_work(viewer, found.case))
    return render(
        request,
        "casework/assessment/one.html",
        {
            "assessment": found,
            "case": found.case,
            "writing": writing and found.case.closed_at is None,
            "tasks": [_task(found.pk, part, words, clashes) for part in parts],
            "missing": missing(parts, words),
            "clashes": clashes,
            "read": queries.read_assessment(viewer, found),
            "people": found.people.order_by("order"),
            "may_sign": found.status == "sent" and permissions.may_sign(viewer, found),
            "may_hand": permissions.may_work(viewer, found.case),
            "with_manager": found.status == "sent",
            "case_url": reverse("casework:case", args=[found.case.reference]),
            "send_url": reverse("casework:assessment_send", args=[pk]),
            "sign_url": reverse("casework:assessment_sign", args=[pk]),
        },
    )


def _task(pk: int, part: Part, words: dict[str, str], clashes: Any) -> dict[str, str]:
    asked = [slot for slot in part.slots if slot.question.needed]
    owed = [slot for slot in asked if not words.get(slot.key, "").strip()]
    answered = sum(bool(words.get(slot.key)) for slot in part.slots)
    if any(slot.key in clashes for slot in part.slots):
        status, colour = "Two texts to decide on", "red"
    elif owed and answered:
        status, colour = "Begun", "yellow"
    elif owed:
        status, colour = "Not started", "grey"
    else:
        status, colour = ("Nothing needed", "grey") if not answered else ("Enough to sign", "green")
    return {
        "title": part.title,
        "href": reverse("casework:assessment_part", args=[pk, part.key]),
        "status": status,
        "colour": colour,
        "hint": f"{answered} of {len(part.slots)} answered"
        + (f", {len(owed)} needed before signing" if owed else ""),
    }


@never_cache
@words_stay
def part(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Write one part. Saved by a button, and by a script while somebody types."""
    found = _of(request, pk)
    permissions.may_write_down(request.user, found.case, timezone.now()).or_raise()
    parts = found.parts()
    place = next((number for number, one in enumerate(parts) if one.key == key), None)
    if place is None:
        raise Http404
    here, following = parts[place], parts[place + 1 : place + 2]
    answers = queries.answers_of(request.user, found)
    form = PartForm(request.POST or None, part=here, answers=answers)
    by_script = request.headers.get("X-Requested-With") == "autosave"
    moved = handing_over.moved(request.user, found.case, timezone.now())
    if request.method == "POST":
        form.is_valid()
        typed = form.typed()
        try:
            saved = actions.save_answers(assessment=found, answers=typed, **said_by(request))
        except actions.NotPossible as refusal:
            if by_script:
                return JsonResponse({"refused": str(refusal)}, status=409)
            form.add_error(None, str(refusal))
        else:
            if by_script:
                return JsonResponse(_told(found.pk, form, typed, saved))
            if form.is_valid() and moved:
                messages.info(request, f"What you wrote is kept. {moved} They finish it.")
            if form.is_valid() and not saved.clashes:
                to = following[0].key if following and "next" in request.POST else ""
                return (
                    redirect("casework:assessment_part", pk=pk, key=to)
                    if to
                    else redirect("casework:assessment", pk=pk)
                )
            if form.is_valid():
                return redirect(request.path)
    note_sight(request, found.case.family, "assessment")
    clashes = queries.clashes_of(request.user, found)
    return render(
        request,
        "casework/assessment/part.html",
        {
            "assessment": found,
            "case": found.case,
            "part": here,
            "moved": moved,
            "form": form,
            "number": place + 1,
            "of": len(parts),
            "following": following,
            "clashes": [
                (slot.question.label, clash, shown(slot.question, clash.words))
                for slot in here.slots
                for clash in clashes.get(slot.key, ())
            ],
            "taken_over": any(
                answers[slot.key].taken_over for slot in here.slots if slot.key in answers
            ),
            "writing": found.status == "draft" and found.case.closed_at is None,
            "assessment_url": reverse("casework:assessment", args=[pk]),
        },
        status=409 if form.errors and found.status != "draft" else 200,
    )


def _told(pk: int, form: PartForm, typed: dict[str, actions.Typed], saved: actions.Saved) -> Any:
    """What the script hears: what it has before it now, what clashes, and what is wrong."""
    fresh = {
        # Beside a text that clashes one goes on writing: the revision stays the one it began from.
        key: (one.revision if key in saved.clashes else saved.revisions[key], one.words)
        for key, one in typed.items()
    }
    labels = {slot.key: slot.question.label for slot in form.part.slots}
    return {
        "had": form.had_now(fresh),
        "at": timezone.localtime().strftime("%H:%M"),
        "clashes": [
            {
                "label": labels[key],
                "href": reverse("casework:assessment_clash", args=[pk, clash.pk]),
            }
            for key, clash in saved.clashes.items()
        ],
        "errors": {
            labels.get(key, ""): [str(error) for error in errors]
            for key, errors in form.errors.items()
        },
    }


@login_required
@never_cache
def clash(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Say what stands where two people wrote at once."""
    found = _of(request, pk)
    permissions.may_work(request.user, found.case).or_raise()
    other, key = next(
        (
            (one, key)
            for key, waiting in queries.clashes_of(request.user, found).items()
            for one in waiting
            if one.pk == number
        ),
        (None, ""),
    )
    if other is None:
        messages.info(request, "This was decided already.")
        return redirect("casework:assessment", pk=pk)
    answer = queries.answers_of(request.user, found)[key]
    where, question = next(
        (one, slot.question) for one in found.parts() for slot in one.slots if slot.key == key
    )
    form = SettleForm(
        request.POST or None,
        question=question,
        initial={"words": _both(question, answer.words, other.words), "revision": answer.revision},
    )
    if request.method == "POST" and form.is_valid():
        words = {"this": answer.words, "other": other.words}.get(
            request.POST.get("take", ""), form.cleaned_data["words"]
        )
        try:
            actions.settle(
                clash=other, words=words, revision=form.cleaned_data["revision"], **said_by(request)
            )
        except actions.NotPossible as refusal:
            # What stands there has changed: the page is shown as it is now.
            messages.error(request, str(refusal))
            return redirect(request.path)
        messages.success(request, "It is decided. Both texts stay in the history.")
        return redirect("casework:assessment_part", pk=pk, key=where.key)
    return render(
        request,
        "casework/assessment/clash.html",
        {
            "form": form,
            "back": reverse("casework:assessment_part", args=[pk, where.key]),
            "assessment": found,
            "case": found.case,
            "part": where,
            "question": question,
            "answer": answer,
            "other": other,
            "stands": shown(question, answer.words),
            "beside": shown(question, other.words),
            "may_join": question.kind in JOINED,
        },
    )


def _both(question: Question, *texts: str) -> str:
    return JOINED.get(question.kind, "").join(text for text in dict.fromkeys(texts) if text)


@login_required
@never_cache
@require_safe
def to_sign(request: HttpRequest) -> HttpResponse:
    """Show the assessments that wait for a manager of one's hubs."""
    if not request.user.teams_granting(Permission.ASSESSMENT_SIGN):
        raise Http404
    page = Paginator(queries.to_sign(request.user), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "casework/assessment/to_sign.html", {"rows": page, "page": page})


@login_required
@never_cache
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an assessment to the manager."""
    found = _of(request, pk)
    permissions.may_work(request.user, found.case).or_raise()
    if request.method == "POST":
        try:
            actions.send_to_manager(assessment=found, **said_by(request))
        except actions.NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "A manager of the hub will read and sign it.")
    return redirect("casework:assessment", pk=pk)


@login_required
@never_cache
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign an assessment."""
    found = _of(request, pk)
    permissions.may_sign(request.user, found).or_raise()
    if request.method == "POST":
        try:
            actions.sign(assessment=found, **said_by(request))
        except actions.NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The assessment is signed, and stays as it is.")
    return redirect("casework:assessment", pk=pk)


@login_required
@never_cache
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an assessment back to be written further."""
    found = _of(request, pk)
    permissions.may_sign(request.user, found).or_raise()
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = "What is missing, or should be changed?"
    form.fields["reason"].error_messages["required"] = "Write what is missing, or should be changed"

    def do() -> None:
        actions.send_back(assessment=found, reason=form.cleaned_data["reason"], **said_by(request))
        messages.success(request, "The hub goes on writing it, with your words above it.")

    return _ask(request, found, form, do, title="Send it back", button="Send back")


@login_required
@never_cache
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a draft is not used."""
    found = _of(request, pk)
    permissions.may_work(request.user, found.case).or_raise()
    form = ReasonForm(request.POST or None)

    def do() -> None:
        actions.discard(assessment=found, reason=form.cleaned_data["reason"], **said_by(request))
        messages.success(request, "The assessment is not used. What was written is kept.")

    return _ask(
        request, found, form, do, title="Do not use this assessment", button="Do not use it"
    )


@login_required
@never_cache
@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The assessment on paper, as tagged PDF."""
    found = _of(request, pk)
    note_sight(request, found.case.family, "assessment")
    return on_paper(request.user, found)


def on_paper(
    viewer: Any, found: Any, *, parts: Any = None, called: str = "", also: str = ""
) -> HttpResponse:
    """Return an assessment as tagged PDF; for a partner, of these `parts`, as the family is `called`
    to them, and `also` what is said of what was left out."""
    look = county_look()
    lead = [
        f"{called or found.case.family.name}, {found.case.reference}, {found.case.team}",
        "About " + ", ".join(one.name for one in found.people.order_by("order")),
        f"Begun on {timezone.localdate(found.started_at):%-d %B %Y} by {found.started_by}. "
        + (
            f"Signed on {timezone.localdate(found.signed_at):%-d %B %Y} by {found.signed_by}."
            if found.signed_at
            else f"Not signed: {found.get_status_display().lower()}."
        ),
    ]
    if also:
        lead.append(also)
    document = as_pdf(
        title="Early help assessment",
        reference=found.case.reference,
        county=look.county_name,
        lead=lead,
        sections=[
            {
                "title": part.title,
                "rows": [(answer.label, answer.words) for answer in part.answers if answer.words],
            }
            for part in (queries.read_assessment(viewer, found) if parts is None else parts)
            if any(answer.words for answer in part.answers)
        ],
    )
    name = f"assessment-{found.case.reference}-{timezone.localdate(found.started_at)}.pdf"
    return HttpResponse(
        document,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _of(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(queries.assessments_visible_to(request.user), pk=pk)


def _ask(request: HttpRequest, found: Any, form: Any, do: Any, **context: Any) -> HttpResponse:
    return ask(
        request,
        form,
        do,
        done=reverse("casework:assessment", args=[found.pk]),
        template="casework/question.html",
        case=found.case,
        **context,
    )
