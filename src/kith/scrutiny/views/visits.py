"""Reviews and their programme of visits: who goes where and when, and the guide."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kith.analytics.getting_there import KM_AN_HOUR, MINUTES_TO_PARK
from kith.scrutiny import note_queries, permissions, visit_guide
from kith.scrutiny import visit_queries as queries
from kith.scrutiny.actions import visits as actions
from kith.scrutiny.actions.notes import may_note
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.views.asking import acted, do, said_by
from kith.scrutiny.visit_forms import (
    FirstDayForm,
    QuestionFormSet,
    ReviewForm,
    VisitForm,
    WentForm,
    WhoForm,
    WhyForm,
)
from kith.ui.queries import county_look

TABS = {
    "visits:review": "Programme",
    "visits:guide": "Guide",
    "visits:themes": "Themes",
    "visits:of_review": "Exemplar practice",
    "visits:report": "Report",
}
FOR_VISITORS = {"visits:themes"}
COLOURS = {"planned": "blue", "held": "green", "cancelled": "grey"}


def review_of(request: HttpRequest, uid: UUID) -> Any:
    """Return a review that this person may read; refused without the right, 404 otherwise."""
    permissions.may_see(request.user).or_raise()
    return get_object_or_404(queries.visible_to(request.user), uid=uid)


def visit_of(request: HttpRequest, pk: int) -> Any:
    """Return a visit that this person may know of; refused without the right, 404 otherwise."""
    permissions.may_see(request.user).or_raise()
    return get_object_or_404(queries.visits_visible_to(request.user), pk=pk)


def ask(
    request: HttpRequest,
    form: Form,
    do: Callable[[], None],
    *,
    done: Callable[[], str] | str,
    template: str = "scrutiny/reviews/question.html",
    **context: Any,
) -> HttpResponse:
    """Show one thing to answer; do it, or say at its field why it cannot be done."""
    if acted(request, form, do):
        return redirect(done() if callable(done) else done)
    back = context.pop("back", None) or (done if isinstance(done, str) else "")
    return render(request, template, {"form": form, "back": back, **context})


def tabs_of(request: HttpRequest, review: Any, current: str) -> list[dict[str, Any]]:
    """The parts of a review, as somebody may see them."""
    return [
        {"label": label, "href": reverse(name, args=[review.uid]), "current": name == current}
        for name, label in TABS.items()
        if name not in FOR_VISITORS or permissions.may_visit(request.user)
    ]


@login_required
@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the reviews, and the visits this person makes."""
    permissions.may_see(request.user).or_raise()
    return render(
        request,
        "scrutiny/reviews/listed.html",
        {
            "reviews": queries.reviews(request.user),
            "mine": queries.my_visits(request.user, timezone.now()),
            "may_keep": permissions.may_keep(request.user),
        },
    )


@login_required
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Begin a review."""
    permissions.may_keep(request.user).or_raise()
    today = timezone.localdate()
    committees = queries.committees_to_choose(request.user, today)
    members = {one.pk: one for c in committees for one in queries.sitting(c, today)}
    form = ReviewForm(
        request.POST or None,
        committees=committees,
        members=list(members.values()),
        initial={
            "committee": str(committees[0].pk) if len(committees) == 1 else "",
            "fewest_visitors": 2,
            "began_on": today,
        },
    )
    made: list[Any] = []

    def do() -> None:
        made.append(
            actions.begin_review(
                committee=form.committees[form.cleaned_data["committee"]],
                details=form.details,
                first_day=form.cleaned_data["first_day"],
                **said_by(request),
            )
        )
        messages.success(request, "The review is begun. Check its visits and the guide.")

    return ask(
        request,
        form,
        do,
        done=lambda: reverse("visits:review", args=[made[0].uid]),
        back=reverse("visits:reviews"),
        title="Begin a review",
        button="Begin the review",
    )


@login_required
@never_cache
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change what is said of a review."""
    review = review_of(request, uid)
    permissions.may_keep(request.user).or_raise()
    names = ("title", "aim", "fewest_visitors", "began_on", "return_on")
    form = ReviewForm(
        request.POST or None,
        committees=[review.committee],
        members=queries.sitting(review.committee, timezone.localdate()),
        change=True,
        initial={name: getattr(review, name) for name in names}
        | {"lead": str(review.lead_id or "")},
    )

    def do() -> None:
        actions.change_review(review=review, details=form.details, **said_by(request))
        messages.success(request, "The review is changed.")

    return ask(
        request, form, do, done=_page(review), title="Change the review", button="Save",
        caption=review.title,
    )  # fmt: skip


@login_required
@never_cache
@require_safe
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a review's programme: what is covered, what is missing, what clashes."""
    review = review_of(request, uid)
    visits = queries.visits_of(request.user, review)
    return render(
        request,
        "scrutiny/reviews/review.html",
        {
            "review": review,
            "tabs": tabs_of(request, review, "visits:review"),
            "lines": queries.programme(request.user, review, visits),
            "covered": queries.covered(request.user, review, visits),
            "speed": KM_AN_HOUR,
            "parking": MINUTES_TO_PARK,
            **_may(request),
        },
    )


def _may(request: HttpRequest) -> dict[str, Any]:
    return {
        "colours": COLOURS,
        "may_keep": permissions.may_keep(request.user),
        "may_visit": permissions.may_visit(request.user),
        "me": queries.member_of(request.user),
        "now": timezone.now(),
    }


def _page(review: Any) -> str:
    return reverse("visits:review", args=[review.uid])


def _visit_page(visit: Any) -> str:
    return reverse("visits:visit", args=[visit.pk])


@login_required
@never_cache
def guide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the visit guide; officers write it."""
    review = review_of(request, uid)
    questions = queries.guide_of(request.user, review)
    tabs = tabs_of(request, review, "visits:guide")
    may_keep = permissions.may_keep(request.user)
    if not may_keep:
        if request.method == "POST":
            may_keep.or_raise()
        headed = visit_guide.headed(questions)
        return render(
            request,
            "scrutiny/reviews/guide.html",
            {"review": review, "tabs": tabs, "headed": headed},
        )
    formset = QuestionFormSet(
        request.POST or None,
        initial=[{"number": q.pk, "about": q.about, "words": q.words} for q in questions],
    )
    problems: list[dict[str, str]] = []
    if request.method == "POST" and formset.is_valid():
        asked = [
            (answers.get("number"), answers.get("about") or "other", answers["words"])
            for answers in (form.cleaned_data for form in formset)
            if answers.get("words")
        ]
        try:
            actions.write_guide(review=review, questions=asked, **said_by(request))
        except ScrutinyRefused as refusal:
            problems = [{"message": str(refusal), "href": "#id_form-0-words"}]
        else:
            messages.success(request, "The guide is saved.")
            return redirect("visits:guide", review.uid)
    return render(
        request,
        "scrutiny/reviews/guide.html",
        {
            "review": review,
            "tabs": tabs,
            "questions": formset,
            "forms": [formset, problems],
        },
    )


@login_required
@never_cache
@require_safe
def guide_pdf(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The guide on paper, with lines to write on; `?visit=` puts the visit's day at its head."""
    review = review_of(request, uid)
    asked = request.GET.get("visit", "")
    visit = queries.visit_called(request.user, int(asked)) if asked.isdecimal() else None
    if visit is not None and visit.review_id != review.pk:
        raise Http404
    document = visit_guide.on_paper(
        review,
        queries.guide_of(request.user, review),
        county=county_look().county_name,
        visit=visit,
    )
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="visit-guide.pdf"'
    return response


@login_required
@never_cache
def visit_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Plan one more visit."""
    review = review_of(request, uid)
    permissions.may_keep(request.user).or_raise()
    form = VisitForm(request.POST or None, hubs=queries.hubs_to_choose())

    def do() -> None:
        actions.plan_visit(review=review, details=_details(form), **said_by(request))
        messages.success(
            request, "The visit is planned. Put members down for it, or ask them to sign up."
        )

    return ask(
        request, form, do, done=_page(review), title="Plan a visit", button="Plan the visit",
        caption=review.title,
    )  # fmt: skip


def _details(form: VisitForm) -> dict[str, Any]:
    """What was said of a visit; a hub's own name and address where nothing else was typed."""
    details = form.details
    hub = form.chosen_hub
    if hub is not None:
        own = actions.place_of(hub)
        details |= {
            name: details.get(name) or own[name] for name in ("place", "address", "postcode")
        }
    return details


@login_required
@never_cache
def suggest(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Suggest a visit to each hub that has none."""
    review = review_of(request, uid)
    permissions.may_keep(request.user).or_raise()
    form = FirstDayForm(request.POST or None)

    def do() -> None:
        made = actions.suggest_visits(
            review=review, first_day=form.cleaned_data["first_day"], **said_by(request)
        )
        many = len(made)
        messages.success(
            request,
            "Every hub has a visit already."
            if not many
            else f"{many} visit{'' if many == 1 else 's'} planned. Check each day and time.",
        )

    return ask(
        request, form, do, done=_page(review), title="Visit every hub", button="Plan the visits",
        caption=review.title,
    )  # fmt: skip


@login_required
@never_cache
@require_safe
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one visit: where, when, who goes, and what is asked there."""
    found = visit_of(request, pk)
    lines = queries.programme(
        request.user, found.review, queries.visits_of(request.user, found.review)
    )
    line = next(line for line in lines if line.visit.pk == found.pk)
    return render(
        request,
        "scrutiny/reviews/visit.html",
        {
            "visit": found,
            "review": found.review,
            "line": line,
            "when": actions.when(found),
            "headed": visit_guide.headed(queries.guide_of(request.user, found.review)),
            "noted": note_queries.notes_of(request.user, found),
            "photos": note_queries.photos_of(request.user, found),
            "may_note": not may_note(visit=found, by=request.user, at=timezone.now()),
            "to_come": found.state == "planned" and timezone.now() < found.ends_at,
            "begun": found.state != "cancelled" and timezone.now() >= found.starts_at,
            **_may(request),
        },
    )


@login_required
@never_cache
def visit_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or move a visit."""
    found = visit_of(request, pk)
    permissions.may_keep(request.user).or_raise()
    starts, ends = timezone.localtime(found.starts_at), timezone.localtime(found.ends_at)
    names = ("place", "address", "postcode", "contact", "travel")
    form = VisitForm(
        request.POST or None,
        hubs=queries.hubs_to_choose(),
        change=True,
        initial={name: getattr(found, name) for name in names}
        | {
            "hub": str(found.hub_id or ""),
            "on": starts.date(),
            "starts": f"{starts:%H:%M}",
            "ends": f"{ends:%H:%M}",
        },
    )

    def do() -> None:
        why = form.cleaned_data["why"]
        actions.change_visit(visit=found, details=_details(form), why=why, **said_by(request))
        messages.success(request, "The visit is changed.")

    return ask(
        request, form, do, done=_visit_page(found), title="Change the visit", button="Save",
        caption=found.place,
    )  # fmt: skip


@login_required
@never_cache
def visit_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a visit."""
    found = visit_of(request, pk)
    permissions.may_keep(request.user).or_raise()
    form = WhyForm(
        request.POST or None, label="Why is it cancelled?", needed="Say why it is cancelled"
    )

    def do() -> None:
        why = form.cleaned_data["why"]
        actions.cancel_visit(visit=found, why=why, **said_by(request))
        messages.success(request, "The visit is cancelled, and those who were to go are told.")

    return ask(
        request, form, do, done=_visit_page(found), title="Cancel the visit",
        button="Cancel the visit", caption=found.place,
    )  # fmt: skip


@login_required
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign up for a visit."""
    found = visit_of(request, pk)
    permissions.may_visit(request.user).or_raise()
    me = queries.member_of(request.user)
    if me is None:
        raise Http404

    return do(
        request,
        lambda: actions.put_down(visit=found, member=me, **said_by(request)),
        _visit_page(found),
        "You are on the visit. An e-mail brings it into your calendar.",
    )


@login_required
@never_cache
def put_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a member down for a visit."""
    found = visit_of(request, pk)
    permissions.may_keep(request.user).or_raise()
    there = {one.member_id for one in found.visitors.all()}
    on = timezone.localdate(found.starts_at)
    members = [one for one in queries.sitting(found.review.committee, on) if one.pk not in there]
    form = WhoForm(request.POST or None, members=members)

    def do() -> None:
        actions.put_down(visit=found, member=form.chosen, **said_by(request))
        told = form.chosen.user_id is not None
        messages.success(
            request,
            f"{form.chosen} is on the visit{', and told by e-mail' if told else ''}."
            + ("" if told else " They have no account here: tell them yourself."),
        )

    return ask(
        request, form, do, done=_visit_page(found), title="Put a member down", button="Put them down",
        caption=found.place,
    )  # fmt: skip


@login_required
@require_POST
def take_off(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Take a member off a visit; members themselves, or an officer."""
    found = visit_of(request, pk)
    permissions.may_visit(request.user).or_raise()
    visitor = get_object_or_404(found.visitors, member=member)

    return do(
        request,
        lambda: actions.take_off(visitor=visitor, **said_by(request)),
        _visit_page(found),
        f"{visitor} is not on the visit any more.",
    )


@login_required
@never_cache
def went(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who went."""
    found = visit_of(request, pk)
    permissions.may_visit(request.user).or_raise()
    visitors = list(found.visitors.select_related("member").order_by("member__name"))
    form = WentForm(request.POST or None, visitors=visitors)

    def do() -> None:
        actions.say_who_went(visit=found, went=form.went, **said_by(request))
        messages.success(request, "It is noted who went.")

    return ask(
        request, form, do, done=_visit_page(found), title="Who went?", button="Save",
        caption=found.place, text="" if visitors else "Nobody was down for this visit.",
    )  # fmt: skip
