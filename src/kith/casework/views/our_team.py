"""What somebody of a partner sees of the team around a family: signed in, or by a link and a code."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kith.audit.actions import saw_once
from kith.casework import actions, permissions, reading
from kith.casework import team as teams
from kith.casework.forms import DoneForm
from kith.casework.team_forms import AnswerForm
from kith.casework.views.asking import ask, said_by
from kith.casework.views.assessment import on_paper
from kith.casework.views.by_code import ByCode

PAGE = ByCode("our_team", teams.TEAM_PAGE, teams.page_opened, what="your page of the team")


# With an account


@login_required
@never_cache
@require_safe
def our_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a partner's own part in a team."""
    seen = teams.seen_by_member(request.user, _mine(request, pk), timezone.localdate())
    saw_once(viewer=request.user, family_id=seen.case.family_id, page="our_team", at=timezone.now())
    return _show(request, seen, signed_in=True)


@login_required
@never_cache
def answer(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    """Say whether one will come to a meeting."""
    seen = teams.seen_by_member(request.user, _mine(request, pk), timezone.localdate())
    done = reverse("casework:our_team", args=[pk])
    return _answer(request, seen, seat, done, said_by(request))


@login_required
@never_cache
@require_safe
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a partner the assessment that the family agreed it reads."""
    return _assessment(request, request.user, _mine(request, pk))


@login_required
@never_cache
@require_safe
def assessment_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same, as PDF."""
    return _assessment(request, request.user, _mine(request, pk), paper=True)


# By a link and a code


@never_cache
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open the page by its link: a code is sent, and asked for."""
    return PAGE.link(request, secret)


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show somebody without an account their part in a team."""
    found, refused = PAGE.mine(request)
    if found is None:
        return refused
    seen = teams.seen_by_member(None, found.member, timezone.localdate())
    return _show(request, seen, signed_in=False)


@never_cache
def page_answer(request: HttpRequest, seat: int) -> HttpResponse:
    """Say whether one will come to a meeting."""
    found, refused = PAGE.mine(request)
    if found is None:
        return refused
    seen = teams.seen_by_member(None, found.member, timezone.localdate())
    said = {"by": None, "at": timezone.now()}
    return _answer(request, seen, seat, reverse("our_team:page"), said)


@never_cache
def page_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an action is done."""
    found, refused = PAGE.mine(request)
    if found is None:
        return refused
    seen = teams.seen_by_member(None, found.member, timezone.localdate())
    action = next((one for one, _ in seen.actions if one.pk == pk), None)
    if action is None:
        raise Http404
    form = DoneForm(request.POST or None)

    def do() -> None:
        actions.complete_action(
            action=action,
            came_of_it=form.cleaned_data["came_of_it"],
            member=found.member,
            by=None,
            at=timezone.now(),
        )
        messages.success(request, "Thank you. The action is done.")

    return _ask(
        request, seen, form, do, reverse("our_team:page"),
        title="This is done", button="Mark as done", words=action.what,
    )  # fmt: skip


@never_cache
@require_safe
def page_assessment(request: HttpRequest) -> HttpResponse:
    """Show somebody without an account the assessment that the family agreed they read."""
    found, refused = PAGE.mine(request)
    return refused if found is None else _assessment(request, None, found.member)


@never_cache
@require_safe
def page_assessment_pdf(request: HttpRequest) -> HttpResponse:
    """The same, as PDF."""
    found, refused = PAGE.mine(request)
    return refused if found is None else _assessment(request, None, found.member, paper=True)


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page on this computer."""
    return PAGE.leave(request)


def _mine(request: HttpRequest, pk: int) -> Any:
    permissions.may_own_actions(request.user).or_raise()
    found = next((one for one in teams.mine(request.user) if one.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _assessment(
    request: HttpRequest, viewer: Any, member: Any, *, paper: bool = False
) -> HttpResponse:
    now = timezone.now()
    seen = teams.seen_by_member(viewer, member, timezone.localdate())
    share = seen.reads.share
    if share is None:
        raise Http404
    actions.note_look(share=share, case=seen.case, on_paper=paper, by=viewer, at=now)
    if viewer is not None:
        saw_once(
            viewer=viewer, family_id=seen.case.family_id, page="assessment", at=now, right="agreed"
        )
    parts = reading.read(viewer, share)
    if paper:
        also = "Without what it says of people outside the home: the family did not agree to that."
        return on_paper(
            viewer, share.assessment, parts=parts, called=member.family_known_as,
            also=also if share.without else "",
        )  # fmt: skip
    return render(
        request,
        "casework/team/ours_assessment.html",
        {"seen": seen, "share": share, "read": parts, "signed_in": viewer is not None},
    )


def _show(request: HttpRequest, seen: Any, *, signed_in: bool) -> HttpResponse:
    return render(request, "casework/team/ours.html", {"seen": seen, "signed_in": signed_in})


def _answer(
    request: HttpRequest, seen: Any, number: int, done: str, said: dict[str, Any]
) -> HttpResponse:
    found = next((pair for pair in seen.to_come if pair[0].pk == number), None)
    if found is None:
        raise Http404
    seat, meeting = found
    form = AnswerForm(
        request.POST or None, initial={"reply": seat.reply, "words": seat.reply_words}
    )

    def do() -> None:
        actions.answer_meeting(seat=seat, **form.cleaned_data, **said)
        messages.success(request, "Thank you. Your answer is kept.")

    return _ask(
        request, seen, form, do, done, title="Will you come?", button="Send", meeting=meeting
    )


def _ask(
    request: HttpRequest, seen: Any, form: Any, do: Any, done: str, **context: Any
) -> HttpResponse:
    return ask(
        request, form, do, done=done, template="casework/team/ours_question.html", seen=seen,
        **context,
    )  # fmt: skip
