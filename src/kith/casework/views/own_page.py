"""The family's own page: giving and ending it (for workers), opening and using it (for the family)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kith.accounts.viewer import front_door, seeing_as
from kith.casework import actions, permissions, queries
from kith.casework import own_page as pages
from kith.casework.sharing_forms import FamilyWordsForm, GivePageForm, HandForm, OwnActionForm
from kith.casework.views.asking import ask, ask_about, case_of, said_by
from kith.casework.views.assessment import on_paper
from kith.casework.views.by_code import ByCode
from kith.casework.views.plan import on_paper as plan_on_paper
from kith.families import queries as families

PAGE = ByCode("own_page", pages.FAMILY_PAGE, pages.opened_page)


# For workers


@login_required
@never_cache
def give(request: HttpRequest, reference: str) -> HttpResponse:
    """Give somebody of the family their own page."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    people = families.people_of(request.user, found.family)
    form = GivePageForm(request.POST or None, people=people)

    def do() -> None:
        made = actions.give_page(case=found, way=form.cleaned_data["way"], **said_by(request))
        messages.success(request, f"{made.name} has been sent a link to their page.")

    return ask_about(
        request, found, form, do, template="casework/own_page/give.html", ways=bool(form.ways)
    )


@login_required
@never_cache
def end(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """End somebody's page, after asking once more."""
    found = case_of(request, reference)
    permissions.may_work(request.user, found).or_raise()
    one = next(
        (
            p
            for p in pages.pages_of(
                request.user, families.together_with(request.user, found.family)
            )
            if p.pk == pk
        ),
        None,
    )
    if one is None:
        raise Http404
    if request.method == "POST":
        actions.end_page(page=one, case=found, **said_by(request))
        messages.success(request, f"The page of {one.name} is ended: its link opens nothing.")
        return redirect("casework:case", found.reference)
    return render(request, "casework/own_page/end.html", {"case": found, "page": one})


@login_required
@never_cache
def hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a signed assessment on somebody's own page."""
    found = get_object_or_404(queries.assessments_visible_to(request.user), pk=pk)
    permissions.may_work(request.user, found.case).or_raise()
    offered = pages.pages_of(request.user, families.together_with(request.user, found.case.family))
    form = HandForm(request.POST or None, pages=offered)

    def do() -> None:
        chosen = form.cleaned_data["page"]
        actions.hand_assessment(assessment=found, page=chosen, **said_by(request))
        messages.success(request, f"It is on the page of {chosen.name}, who has been told.")

    return ask(
        request,
        form,
        do,
        done=reverse("casework:assessment", args=[pk]),
        template="casework/own_page/hand.html",
        case=found.case,
        people=found.people.order_by("order"),
        pages=offered,
    )


# For the family


@never_cache
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """The assessment that was put on the page, as PDF."""
    found, refused = PAGE.mine(request)
    if found is None:
        return refused
    with seeing_as(front_door()):
        one = next((one for one in pages.handed(found) if one.pk == pk), None)
        if one is None:
            raise Http404
        return on_paper(front_door(), one)


@never_cache
def plan(request: HttpRequest) -> HttpResponse:
    """The plan, as PDF."""
    found, refused = PAGE.mine(request)
    if found is None:
        return refused
    own = pages.read(None, found, timezone.now())
    if own.case is None:
        raise Http404
    with seeing_as(front_door()):
        return plan_on_paper(front_door(), own.case)


@never_cache
def action(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the family say how something comes on that it took on."""
    now = timezone.now()
    found, refused = PAGE.mine(request)
    if found is None:
        return refused
    one = next((own for own in pages.read(None, found, now).own if own.action.pk == pk), None)
    if one is None:
        raise Http404
    if not one.may_say:
        messages.info(request, "This is over by now. Ring your worker if you want to say more.")
        return redirect("own_page:page")
    form = OwnActionForm(request.POST or None, initial={"says": request.GET.get("says", "")})

    def do() -> None:
        actions.say_of_action(page=found, action=one.action, at=now, **form.cleaned_data)
        messages.success(
            request, "Thank you. We have told your worker, who gets in touch with you."
        )

    return ask(
        request, form, do, done=reverse("own_page:page"),
        template="casework/own_page/action.html", one=one,
    )  # fmt: skip


@never_cache
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open the page by its link: a code is sent, and asked for."""
    return PAGE.link(request, secret)


@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Show somebody their page, and keep what they write on it."""
    now = timezone.now()
    found, refused = PAGE.mine(request)
    if found is None:
        return refused
    form = FamilyWordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_words(page=found, words=form.cleaned_data["words"], at=now)
        messages.success(request, "Thank you. We have kept it, and told your worker.")
        return redirect("own_page:page")
    own = pages.read(None, found, now)
    return render(
        request,
        "casework/own_page/page.html",
        {
            "own": own,
            "form": form,
            "now": [line for line in own.agreed if line.in_force],
            "before": [line for line in own.agreed if line.sharing.ended_at],
        },
    )


@never_cache
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the family take back what it agreed to, after asking once more."""
    now = timezone.now()
    found, refused = PAGE.mine(request)
    if found is None:
        return refused
    line = next(
        (
            line
            for line in pages.read(None, found, now).agreed
            if line.sharing.pk == pk and line.in_force and line.sharing.ground == "consent"
        ),
        None,
    )
    if line is None:
        raise Http404
    if request.method == "POST":
        try:
            actions.take_back(
                sharing=line.sharing,
                said_by=found.name,
                words=request.POST.get("words", "").replace("\0", "")[:2000],
                page=found,
                by=None,
                at=now,
            )
            messages.success(request, "You have taken it back. Nothing more is shared from now on.")
        except actions.AlreadyEnded as ended:
            messages.info(request, str(ended))
        return redirect("own_page:page")
    return render(request, "casework/own_page/take_back.html", {"line": line})


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page on this computer."""
    return PAGE.leave(request)
