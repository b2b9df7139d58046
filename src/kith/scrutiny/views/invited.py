"""Answering an invitation to a committee by the link of its letter, without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kith.accounts.links import State, open_link
from kith.scrutiny.actions import inviting
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.search_forms import ComingForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, secret: str) -> HttpResponse:
    """Let somebody say whether they come. Opening the link changes nothing."""
    opened = open_link(request, secret, inviting.LINK)
    found = inviting.opened_by_link() if opened.state is State.OPEN else None
    if found is None:
        status = opened.status if opened.state is not State.OPEN else 404
        return render(request, "scrutiny/public/invited.html", {"over": True}, status=status)
    form = ComingForm(request.POST or None)
    done = False
    if request.method == "POST" and form.is_valid():
        try:
            found = inviting.answer(**form.cleaned_data, at=timezone.now())
        except ScrutinyRefused as problem:
            form.add_error(problem.field or None, str(problem))
        else:
            done = True
    item = inviting.PRIVATE if found.item.exempt else found.item.title
    context = {
        "invited": found,
        "meeting": found.item.meeting,
        "item": item,
        "form": form,
        "done": done,
    }
    return render(request, "scrutiny/public/invited.html", context)
