"""What these pages share: finding the case, asking one question, and noting who looked."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kith.audit.actions import saw_once
from kith.casework import actions, handing_over, permissions, queries
from kith.families import queries as families
from kith.referrals.attachments import MOST_BYTES
from kith.ui.sending import send_again

# Where on the form a refusal is said; the rest is said above it.
AT_FIELD: dict[type[Exception], tuple[str, ...]] = {
    actions.AlreadyWritten: ("held_on",),
    actions.InTheFuture: ("time", "held_on", "since"),
    actions.TooLate: ("time",),
    actions.TooEarly: ("last", "on", "due_on", "next_on", "until"),
    actions.NotShared: ("organisation", "member"),
    actions.FileNotTaken: ("attached",),
    actions.WithWhomUnclear: ("with_whom",),
    actions.ConsentNeeded: ("purpose",),
    actions.CompetenceUnclear: ("competence",),
    actions.NotSafe: ("way",),
    actions.TooManyFamilies: ("reason",),
    actions.NotOfThisHub: ("worker", "owner"),
    actions.NobodyAsked: ("members",),
    actions.LeadsAlready: ("member",),
    actions.NotInTeam: ("member",),
    actions.NotForThem: ("members",),
    actions.ReasonMissing: ("reason", "decision"),
    actions.NotTakenUp: ("reason",),
    actions.NoAddress: ("way",),
    actions.InsteadOfWhom: ("instead",),
    actions.NotOfThisFamily: ("person", "member"),
    actions.OutOfRange: ("value", "possible", "sessions"),
    actions.Overlaps: ("first", "on"),
    actions.SameHub: ("hub",),
    actions.LeftOpen: ("rest_ends",),
    actions.SameIntensity: ("intensity",),
    actions.WeightsOutOfOrder: ("intensive",),
}


def words_stay(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for a sign-in, and never lose what somebody typed until theirs had run out: the page that
    answers holds their words, to be sent again."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _signed_out(request)
        return view(request, *args, **named)

    return asked


def _signed_out(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    if request.headers.get("X-Requested-With") == "autosave":
        return JsonResponse({"refused": "You are signed out."}, status=401)
    return send_again(
        request,
        "You were signed out",
        [
            "Your words are not lost: they are still on this page."
            if request.FILES
            else "Nothing is lost: what you typed is still on this page.",
            "Sign in in a new tab. Then come back here and send it again.",
            *(["The files are not kept: add them afterwards."] if request.FILES else []),
        ],
        status=401,
        sign_in=True,
    )


def case_of(request: HttpRequest, reference: str) -> Any:
    """Return a case that this person may see; 404 otherwise."""
    found = queries.case_called(request.user, reference)
    if found is None:
        raise Http404
    return found


def must_work(request: HttpRequest, case: Any) -> None:
    """Let in whoever works on a case. Whoever sends words that they were writing when another hub
    took it over gets them back, with who has it now (`ask`); anybody else is refused."""
    if request.method == "POST" and handing_over.moved(request.user, case, timezone.now()):
        return
    permissions.may_work(request.user, case).or_raise()


def kept(request: HttpRequest, case: Any, words: str) -> None:
    """Say that something is kept, and where another hub took the case over meanwhile."""
    moved = handing_over.moved(request.user, case, timezone.now())
    if moved:
        messages.info(request, f"{words} {moved} Only they go on with it.")
    else:
        messages.success(request, words)


def said_by(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and when."""
    return {"by": request.user, "at": timezone.now()}


def read_files(form: Form) -> list[tuple[str, bytes]]:
    """Return the files of a form by their names; of one that is too large no more than shows it."""
    return [(file.name, file.read(MOST_BYTES + 1)) for file in form.cleaned_data["attached"]]


def ask_about(
    request: HttpRequest,
    case: Any,
    form: Form,
    do: Callable[[], None],
    *,
    template: str = "casework/question.html",
    **context: Any,
) -> HttpResponse:
    """Ask one question about a case, and go back to its page when it is answered."""
    back = reverse("casework:case", args=[case.reference])
    return ask(request, form, do, done=back, template=template, case=case, **context)


def ask(
    request: HttpRequest,
    form: Form,
    do: Callable[[], None],
    *,
    done: str,
    template: str,
    case: Any = None,
    **context: Any,
) -> HttpResponse:
    """Show one thing to answer; do it, or say at its field why it cannot be done."""
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except actions.NotPossible as refusal:
            where = (getattr(refusal, "field", ""), *AT_FIELD.get(type(refusal), ()))
            fields = (name for name in where if name in form.fields)
            form.add_error(next(fields, None), str(refusal))
        except PermissionDenied:
            moved = case and handing_over.moved(request.user, case, timezone.now())
            if not moved:
                raise
            form.add_error(
                None,
                f"{moved} So this is not kept, but your words are still here: copy them and tell "
                "that hub.",
            )
        else:
            return redirect(done)
    return render(request, template, {"form": form, "back": done, "case": case, **context})


def note_sight(request: HttpRequest, family: Any, page: str, standings: Any = None) -> None:
    """Note that this person saw a family's record, and by what right.

    `standings` are those in force with the family, where they are at hand.
    """
    if standings is None:
        standings = families.teams_with_standing(request.user, family, records=[family])
    saw_once(
        viewer=request.user,
        family_id=family.pk,
        page=page,
        at=timezone.now(),
        right=queries.right_to_see(request.user, family, standings),
    )
