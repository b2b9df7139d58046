"""Finding services for a family without leaving its case, telling them of it, and how it went."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from kith.casework import actions, permissions
from kith.casework.views.asking import ask, case_of, must_work, note_sight, said_by, words_stay
from kith.directory.queries import services_among
from kith.directory.views import finding
from kith.families import queries as families
from kith.referrals import sendings
from kith.referrals.sending_forms import HowItWentForm, SignpostForm


@never_cache
@words_stay
def find(request: HttpRequest, reference: str) -> HttpResponse:
    """Find services for a family. What is looked for is sent, not asked in the address, so that no
    postcode of a family stands in one."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    note_sight(request, found.family, "services")
    ages, begin = sendings.begin_with(request.user, found.family, timezone.localdate())
    context = {"case": found, "closed": found.closed_at is not None, "ages": ages}
    return render(
        request, "casework/signposting/find.html", context | finding.searched(request, begin)
    )


@never_cache
@words_stay
def signpost(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down of which services a family was told."""
    found = case_of(request, reference)
    must_work(request, found)
    # What was hidden since it was chosen is refused at its place, and nothing typed is lost.
    sent = request.method == "POST"
    services = [
        one for one in services_among(finding.numbers_chosen(request)) if one.published or sent
    ]
    if not services:
        messages.info(request, "Choose at least one service.")
        return redirect("casework:find_services", found.reference)
    form = SignpostForm(
        request.POST or None,
        services=services,
        people=families.living_of(request.user, found.family),
        initial={
            "services": [str(one.uid) for one in services],
            "ask_on": sendings.ask_on(timezone.localdate()),
        },
    )

    def do() -> None:
        made = actions.signpost(case=found, **form.answers(), **said_by(request))
        many = "the service" if len(made) == 1 else f"{len(made)} services"
        messages.success(request, f"It is written down that they were told of {many}.")

    return _ask(request, form, do, found, title="Tell the family of services", services=services)


@never_cache
@words_stay
def outcome(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down how it went with a service."""
    found = case_of(request, reference)
    must_work(request, found)
    records = families.together_with(request.user, found.family)
    sending = get_object_or_404(sendings.of_family(request.user, records), pk=pk)
    form = HowItWentForm(request.POST or None, initial={"on": timezone.localdate()})

    def do() -> None:
        actions.say_how_it_went(
            case=found, sending=sending, **form.cleaned_data, **said_by(request)
        )
        messages.success(request, "Thank you. It is written down.")

    return _ask(request, form, do, found, title="How did it go?", sending=sending)


def _ask(request: HttpRequest, form: Form, do: Any, case: Any, **context: Any) -> HttpResponse:
    done = reverse("casework:case", args=[case.reference]) + "#services"
    context |= {"template": "casework/question.html", "button": "Save"}
    return ask(request, form, do, done=done, case=case, **context)
