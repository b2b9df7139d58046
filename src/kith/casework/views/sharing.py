"""What a family has agreed to share, and with whom; taking it back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.casework import actions, permissions, queries
from kith.casework import sharing as rules
from kith.casework.sharing_forms import ConsentForm, SharingForm, TakeBackForm, WithoutConsentForm
from kith.casework.views.asking import ask, case_of, note_sight, said_by
from kith.families import queries as families


@login_required
@never_cache
def sharing(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what may be shared of a family now, and what could be before."""
    found = case_of(request, reference)
    note_sight(request, found.family, "sharing")
    lines = rules.agreed(request.user, found.family, timezone.localdate())
    return render(
        request,
        "casework/sharing/all.html",
        {
            "case": found,
            "now": [line for line in lines if line.in_force],
            "before": [line for line in lines if not line.in_force],
            "may_work": permissions.may_work(request.user, found),
            "may_share_without": permissions.may_share_without_consent(request.user, found),
            "closed": found.closed_at is not None,
        },
    )


@login_required
@never_cache
def consent(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down that somebody of the family agreed."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    form = ConsentForm(
        request.POST or None,
        people=families.living_of(request.user, found.family),
        partners=list(queries.partners_to_choose(request.user)),
        initial=_start(request),
    )
    return _ask(
        request,
        found,
        form,
        actions.record_consent,
        title="Write down what the family agreed to",
        button="Save agreement",
        done="The agreement is written down.",
    )


@login_required
@never_cache
def without_consent(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down why something is shared without consent."""
    found = case_of(request, reference)
    permissions.may_share_without_consent(request.user, found).or_raise()
    form = WithoutConsentForm(
        request.POST or None,
        partners=list(queries.partners_to_choose(request.user)),
        initial=_start(request),
    )
    return _ask(
        request,
        found,
        form,
        actions.share_without_consent,
        title="Share without consent",
        button="Save decision",
        done="The decision is written down.",
    )


@login_required
@never_cache
def take_back(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take an agreement back, or end what is shared without."""
    found = case_of(request, reference)
    one = get_object_or_404(rules.visible_to(request.user, found.family), pk=pk)
    permissions.may_end_sharing(request.user, one, [found]).or_raise()
    by_consent = one.ground == one.Ground.CONSENT
    form = TakeBackForm(
        request.POST or None, initial={"said_by": one.given_by if by_consent else request.user.name}
    )

    def do() -> None:
        actions.take_back(sharing=one, **form.cleaned_data, **said_by(request))
        messages.success(request, "It is taken back. Partners no longer see what rested on it.")

    (line,) = rules.lines([one], timezone.localdate())
    return ask(
        request,
        form,
        do,
        done=reverse("casework:sharing", args=[found.reference]),
        template="casework/sharing/take_back.html",
        case=found,
        line=line,
        by_consent=by_consent,
    )


def _start(request: HttpRequest) -> dict[str, Any]:
    organisation = request.GET.get("with", "")
    return {
        "since": timezone.localdate(),
        "purpose": request.GET.get("for", ""),
        "with_whom": f"o{organisation}" if organisation.isdecimal() else "",
    }


def _ask(
    request: HttpRequest,
    case: Any,
    form: SharingForm,
    action: Callable[..., Any],
    *,
    title: str,
    button: str,
    done: str,
) -> HttpResponse:
    def do() -> None:
        action(case=case, **form.cleaned_data, **said_by(request))
        messages.success(request, done)

    return ask(
        request,
        form,
        do,
        done=reverse("casework:sharing", args=[case.reference]),
        template="casework/sharing/question.html",
        case=case,
        title=title,
        button=button,
    )
