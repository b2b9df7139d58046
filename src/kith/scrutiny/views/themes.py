"""Themes of a review: proposed, then named, merged, split and filled by people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kith.analytics.themes import CONCERN, MEAN_THE_SAME, PRAISE, SAYS_CONCERN, SAYS_NOTHING
from kith.figures import registry
from kith.scrutiny import following, permissions
from kith.scrutiny import theme_queries as queries
from kith.scrutiny.actions import themes as actions
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.theme_forms import (
    LEAVE_OUT,
    NEW,
    AgreedForm,
    EvidenceForm,
    IntoForm,
    MoveForm,
    ProposeForm,
    ThemeForm,
)
from kith.scrutiny.views.asking import acted, do, said_by
from kith.scrutiny.views.visits import ask, review_of, tabs_of

COLOURS = {"proposed": "yellow", "written": "blue", "agreed": "green"}
TONES = {"praise": "green", "concern": "orange"}
VERDICTS = {"agree": "green", "disagree": "red", "cannot tell": "grey"}


def theme_of(request: HttpRequest, uid: UUID) -> Any:
    """Return a theme that this person may work on; refused without the right, 404 otherwise."""
    permissions.may_visit(request.user).or_raise()
    return get_object_or_404(queries.themes_visible_to(request.user), uid=uid)


def _all(review: Any) -> str:
    return reverse("visits:themes", args=[review.uid])


def _one(theme: Any) -> str:
    return reverse("visits:theme", args=[theme.uid])


@login_required
@never_cache
def themes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the themes with their sentences; move those that are ticked."""
    review = review_of(request, uid)
    permissions.may_visit(request.user).or_raise()
    found = queries.themes_of(request.user, review)
    loose = queries.loose(request.user, review)
    movable = [theme for theme in found if theme.state != "agreed"]
    pieces = (
        [one for theme in movable for one in queries.pieces_of(theme)] + loose.rest + loose.left_out
    )
    sent = request.POST if request.method == "POST" else None
    form = MoveForm(sent, evidence=pieces, themes=movable)
    if acted(request, form, lambda: _move(request, review, form)):
        return redirect(_all(review))
    return render(
        request,
        "scrutiny/reviews/themes.html",
        {
            "review": review,
            "tabs": tabs_of(request, review, "visits:themes"),
            "themes": found,
            "loose": loose,
            "form": form,
            "ticked": set(request.POST.getlist("evidence")),
            "same": MEAN_THE_SAME,
            "praise": PRAISE,
            "concern": CONCERN,
            "says_concern": SAYS_CONCERN,
            "says_nothing": SAYS_NOTHING,
            "proposing": ProposeForm(),
            "colours": COLOURS,
            "tones": TONES,
        },
    )


def _move(request: HttpRequest, review: Any, form: MoveForm) -> None:
    to = form.cleaned_data["to"]
    if to == NEW:
        title = form.cleaned_data["title"]
        theme: Any = actions.new_theme(review=review, title=title, **said_by(request))
    else:
        theme = None if to == LEAVE_OUT else form.themes[to]
    many = actions.move_evidence(evidence=form.chosen, theme=theme, **said_by(request))
    where = f"to “{theme.title}”" if theme else "out of all themes"
    messages.success(request, f"{many} sentence{'' if many == 1 else 's'} moved {where}.")


@login_required
@require_POST
def propose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Propose themes from the notes."""
    review = review_of(request, uid)
    permissions.may_visit(request.user).or_raise()
    form = ProposeForm(request.POST)
    cut = form.cleaned_data["cut"] if form.is_valid() else "usual"
    try:
        ran = actions.propose_themes(review=review, cut=cut, **said_by(request))
    except ScrutinyRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request,
            f"{ran.themes} themes proposed from {ran.placed} sentences; {ran.joined} more are proposed to "
            f"join yours, and {ran.rest} fit none. What people placed has not moved.",
        )
    return redirect(_all(review))


@login_required
@never_cache
@require_safe
def theme(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one theme: its findings, where visitors agree, and what it rests on."""
    found = theme_of(request, uid)
    return render(
        request,
        "scrutiny/reviews/theme.html",
        {
            "theme": found,
            "review": found.review,
            "pieces": queries.evidence_of(request.user, found.review).filter(theme=found),
            "agreement": queries.agreement(request.user, found),
            "may_keep": permissions.may_keep(request.user),
            "others": [t for t in queries.themes_of(request.user, found.review) if t != found],
            "colours": COLOURS,
            "tones": TONES,
            "verdicts": VERDICTS,
        },
    )


@login_required
@never_cache
def write(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Name a theme and write its findings."""
    found = theme_of(request, uid)
    form = ThemeForm(
        request.POST or None, initial={"title": found.title, "findings": found.findings}
    )

    def do() -> None:
        said = form.cleaned_data
        actions.write_theme(
            theme=found, title=said["title"], findings=said["findings"], **said_by(request)
        )
        messages.success(request, "The theme is saved. What lies in it stays where it is.")

    return ask(
        request, form, do, done=_one(found), title="Name the theme, write its findings",
        button="Save", caption=found.title,
    )  # fmt: skip


@login_required
@never_cache
def merge(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put a theme together with another."""
    found = theme_of(request, uid)
    others = [
        one
        for one in queries.themes_of(request.user, found.review)
        if one != found and one.state != "agreed"
    ]
    form = IntoForm(request.POST or None, themes=others)

    def do() -> None:
        actions.merge_themes(theme=found, into=form.chosen, **said_by(request))
        messages.success(request, "The two themes are one now.")

    return ask(
        request, form, do, done=_all(found.review), back=_one(found), title="Put two themes together",
        button="Put them together", caption=found.title,
        text="Its sentences and findings go there, and this theme ends.",
    )  # fmt: skip


@login_required
@never_cache
def evidence_new(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Add a figure, a paper, or something heard elsewhere."""
    found = theme_of(request, uid)
    form = EvidenceForm(request.POST or None, figures=registry.to_choose(by="hub"))

    def do() -> None:
        figure = form.cleaned_data["figure"]
        words = form.cleaned_data["words"] or following.said_by_hub(figure, timezone.now())
        actions.add_evidence(theme=found, words=words, figure=figure, **said_by(request))
        messages.success(request, "The evidence is added.")

    return ask(
        request, form, do, done=_one(found), title="Add evidence", button="Add it",
        caption=found.title,
    )  # fmt: skip


@login_required
@never_cache
def agree(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write down in which item the committee agreed the findings."""
    found = theme_of(request, uid)
    permissions.may_keep(request.user).or_raise()
    items = queries.items_to_choose(request.user, found.review)
    form = AgreedForm(request.POST or None, items=items)

    def do() -> None:
        actions.agree_theme(theme=found, item=form.chosen, **said_by(request))
        messages.success(request, "It is written down that the committee agreed these findings.")

    return ask(
        request, form, do, done=_one(found), title="The committee agreed the findings",
        button="Save", caption=found.title,
        text="" if items else "The committee has no meeting yet in which they can have been agreed.",
    )  # fmt: skip


@login_required
@require_POST
def open_again(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a theme in hand again that was agreed."""
    found = theme_of(request, uid)
    permissions.may_keep(request.user).or_raise()

    return do(
        request,
        lambda: actions.open_theme_again(theme=found, **said_by(request)),
        _one(found),
        "The theme is in hand again.",
    )
