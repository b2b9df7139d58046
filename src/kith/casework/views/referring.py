"""Asking a service to take a family: the hub's and the desk's words, and what the service says to it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kith.audit.actions import saw_once
from kith.casework import actions, permissions, referring
from kith.casework.referring_forms import ReferForm, SendOnForm, ServiceAnswerForm
from kith.casework.views.asking import ask, case_of, must_work, said_by, words_stay
from kith.casework.views.by_code import ByCode
from kith.directory.queries import services_among
from kith.directory.views.finding import numbers_chosen
from kith.families import queries as families
from kith.notices.queries import words_to_begin_with
from kith.referrals import actions as referral_actions
from kith.referrals import queries as referrals
from kith.referrals import sendings
from kith.referrals.permissions import may_decide
from kith.referrals.sending_forms import HowItWentForm
from kith.referrals.summary import first_names, from_kept
from kith.referrals.wordings import SEND_ON

PAGE = ByCode(
    "asked",
    sendings.SENDING,
    referring.page_opened,
    what="what you were asked",
    over="casework/referring/over.html",
)


# Of a family that is helped


@never_cache
@words_stay
def refer(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask a service to take a family that is helped."""
    found = case_of(request, reference)
    must_work(request, found)
    service = _service(request)
    if service is None:
        messages.info(request, "Choose one service to ask.")
        return redirect("casework:find_services", found.reference)
    form = ReferForm(
        _sent(request),
        service=service,
        people=families.living_of(request.user, found.family),
        today=timezone.localdate(),
        initial=_begin(),
    )

    def do() -> None:
        made = actions.refer(case=found, service=service, **form.answers(), **said_by(request))
        messages.success(request, _asked(made))

    back = reverse("casework:case", args=[found.reference]) + "#services"
    return _ask(request, form, do, referring.of_case(found), service, back, case=found)


# At the decision of a request


@login_required
@never_cache
def send_on(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide that a service helps the family instead of a hub, and ask it to."""
    referral = _referral(request, reference)
    back = reverse("referrals:at_desk", args=[reference])
    if referral.status not in referrals.UNDECIDED:
        messages.info(request, str(referral_actions.AlreadyDecided(referral)))
        return redirect(back)
    service = _service(request)
    if service is None:
        messages.info(request, "Choose one service to ask.")
        return redirect("referrals:find_services", reference)
    children = first_names(from_kept(referral.as_sent)) or "this family"
    words = words_to_begin_with(
        SEND_ON, {"children": children, "organisation": service, "reference": reference}
    )
    form = SendOnForm(
        _sent(request),
        service=service,
        people=families.living_of(request.user, referral.family),
        today=timezone.localdate(),
        initial=_begin() | {"sender_words": words},
    )

    def do() -> None:
        try:
            made = actions.send_on_to_service(
                referral=referral, service=service, **form.answers(), **said_by(request)
            )
        except referral_actions.AlreadyDecided as already:
            messages.info(request, str(already))
        else:
            messages.success(request, f"Sent on: {reference}. {_asked(made)}")

    return _ask(request, form, do, referring.of_referral(referral), service, back)


@login_required
@never_cache
def went(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down how it went with a service that was named or asked at the decision of a request."""
    referral = _referral(request, reference)
    sending = get_object_or_404(sendings.of_referral(request.user, referral), pk=pk)
    form = HowItWentForm(request.POST or None, initial={"on": timezone.localdate()})

    def do() -> None:
        actions.say_how_it_went_at_desk(sending=sending, **form.cleaned_data, **said_by(request))
        messages.success(request, "Thank you. It is written down.")

    return ask(
        request,
        form,
        do,
        done=reverse("referrals:at_desk", args=[reference]),
        template="casework/referring/went.html",
        referral=referral,
        sending=sending,
    )


def _referral(request: HttpRequest, reference: str) -> Any:
    found = get_object_or_404(
        referrals.visible_to(request.user).select_related("family", "team"), reference=reference
    )
    may_decide(request.user, found).or_raise()
    return found


def _service(request: HttpRequest) -> Any:
    """Return the one service that was chosen; as it is looked at, listed; as words are sent, of any
    state, since what was hidden meanwhile is refused at its place."""
    found = [
        one
        for one in services_among(numbers_chosen(request))
        if one.published or request.method == "POST"
    ]
    return found[0] if len(found) == 1 else None


def _sent(request: HttpRequest) -> Any:
    """Return what was answered here; None for whoever comes with a service that was found."""
    return request.POST if "asked" in request.POST else None


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was answered, to be carried along to where it is confirmed."""
    own = ("csrfmiddlewaretoken", "asked", "service", "confirm", "change")
    return [
        (name, value)
        for name in request.POST
        if name not in own
        for value in request.POST.getlist(name)
    ]


def _begin() -> dict[str, Any]:
    return {"ask_on": referring.ask_on(timezone.localdate())}


def _asked(made: Any) -> str:
    if made.how == "link":
        return f"{made.service_name} is asked, at {made.asked_of}. You hear when it answers."
    return f"It is written down that {made.service_name} was asked."


def _ask(
    request: HttpRequest,
    form: Any,
    do: Callable[[], None],
    asker: referring.Asker,
    service: Any,
    back: str,
    **more: Any,
) -> HttpResponse:
    """Ask; show what the service will read; and send it when that is confirmed."""
    context = {"asker": asker, "service": service, "back": back, **more}
    if request.method == "POST" and "confirm" not in request.POST:
        if form.is_valid() and "change" not in request.POST:
            answers, now = form.answers(), timezone.now()
            agreed = referring.agreed_words(answers["agreed_by"], answers["agreed_how"], now)
            shown = referring.shown_to(
                asker, answers["people"], answers["way"], answers["words"], agreed, request.user, now
            )  # fmt: skip
            return render(
                request,
                "casework/referring/check.html",
                {**context, "shown": shown, "answers": answers, "typed": _typed(request)},
            )
        return render(request, "casework/referring/ask.html", {**context, "form": form})
    return ask(request, form, do, done=back, template="casework/referring/ask.html", **context)


# The service, signed in


@login_required
@never_cache
def asked_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a partner what one of its services was asked, and take its answer."""
    permissions.may_own_actions(request.user).or_raise()
    found = get_object_or_404(sendings.asked_of(request.user), pk=pk)
    saw_once(
        viewer=request.user, family_id=found.family_id, page="service_asked", at=timezone.now()
    )
    form = ServiceAnswerForm(
        request.POST or None, initial={"said_by": request.user.get_full_name()}
    )
    back = reverse("casework:my_actions")
    return _answer(request, found, form, request.user, back, {"back": back})


# The service, by a link and a code


@never_cache
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open what a service was asked by its link: a code is sent to where the link went."""
    return PAGE.link(request, secret)


@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Show a service what it was asked, and take its answer."""
    opened, refused = PAGE.mine(request)
    found = sendings.opened_by_link(None) if opened else None
    if found is None:
        return refused
    form = ServiceAnswerForm(request.POST or None)
    return _answer(request, found, form, None, reverse("asked:page"), {"by_link": True})


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page on this computer."""
    return PAGE.leave(request)


def _answer(
    request: HttpRequest, found: Any, form: Any, by: Any, done: str, more: dict[str, Any]
) -> HttpResponse:
    def do() -> None:
        actions.answer_for_service(sending=found, **form.cleaned_data, by=by, at=timezone.now())
        messages.success(request, "Thank you. Whoever asked you reads it now.")

    own = [one for one in found.outcomes.all() if one.said_by]
    return ask(
        request,
        form,
        do,
        done=done,
        template="casework/referring/asked.html",
        sending=found,
        answers=own,
        **more,
    )
