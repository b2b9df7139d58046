"""Pages about people: one's own account, and those whom an administrator looks after."""

import logging
from typing import Any

from allauth.socialaccount.providers.openid_connect import views as council_views
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from requests import RequestException

from kith.accounts import actions, forms, queries
from kith.accounts.pages import needs
from kith.accounts.permissions import Permission, may_give_roles, may_make_keys
from kith.accounts.sign_in import needs_second_factor

A_PAGE = 50
logger = logging.getLogger(__name__)


def _refused(form: Form, why: actions.NotPossible) -> None:
    """Put the reason at the field that it is about."""
    form.add_error(why.field if why.field in form.fields else None, str(why))


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Show one's own account: roles, how one signs in, cover."""
    today = timezone.localdate()
    covers = queries.covers_seen_by(request.user, today)
    mine = [c for c in covers if request.user.pk in {c.absent_id, c.covered_by_id}]
    return render(
        request,
        "accounts/me.html",
        {
            "memberships": request.user.current_memberships(),
            "signing_in": queries.signing_in(request.user),
            "needs_second_factor": needs_second_factor(request.user),
            "covers": mine,
            "may_arrange_cover": request.user.can(Permission.COVER_ARRANGE),
        },
    )


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out somewhere else."""
    if actions.end_session(session_id=pk, by=request.user, at=timezone.now()):
        messages.success(request, "That one is signed out.")
    else:
        messages.info(request, "That one had been signed out already.")
    return redirect("usersessions_list")


@login_required
def roles(request: HttpRequest) -> HttpResponse:
    """Say in sentences what each role may do."""
    return render(request, "accounts/roles.html", {"roles": queries.roles_in_words()})


# People


@needs(Permission.PEOPLE_MANAGE)
def people(request: HttpRequest) -> HttpResponse:
    """List and search people."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    state = request.GET.get("state", "open")
    team = request.GET.get("team", "")
    found = queries.search_people(
        request.user,
        text=text,
        state=state,
        team_id=int(team) if team.isascii() and team.isdigit() and len(team) < 10 else None,
        on=timezone.localdate(),
    )
    return render(
        request,
        "accounts/people.html",
        {
            "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
            "text": text,
            "state": state,
            "team": team,
            "teams": queries.teams(),
        },
    )


@needs(Permission.PEOPLE_MANAGE)
def add_person(request: HttpRequest) -> HttpResponse:
    """Make an account, and send its owner the link to choose a password."""
    form = forms.PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add_person(**form.cleaned_data, by=request.user, at=timezone.now())
        except actions.NotPossible as why:
            _refused(form, why)
        else:
            actions.invite(person=person, by=request.user, at=timezone.now())
            messages.success(
                request, f"{person.name} is added, and a link to choose a password is on its way."
            )
            return redirect("accounts:give_role", person.pk)
    return render(request, "accounts/add_person.html", {"form": form})


@needs(Permission.PEOPLE_MANAGE)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person: roles from and until, how they sign in."""
    person = get_object_or_404(queries.people_managed_by(request.user), pk=pk)
    return render(
        request,
        "accounts/person.html",
        {
            "person": person,
            "memberships": queries.memberships_of(person),
            "signing_in": queries.signing_in(person),
            "may_give_roles": may_give_roles(request.user, person),
            "today": timezone.localdate(),
        },
    )


@needs(Permission.PEOPLE_MANAGE)
def correct_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of a person."""
    person = get_object_or_404(queries.people_managed_by(request.user), pk=pk)
    form = forms.PersonForm(request.POST or None, initial=actions.details(person))
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_person(
                person=person, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except actions.NotPossible as why:
            _refused(form, why)
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:person", pk)
    return render(request, "accounts/correct_person.html", {"form": form, "person": person})


@needs(Permission.PEOPLE_MANAGE)
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the link to choose a password once more."""
    person = get_object_or_404(queries.people_managed_by(request.user), pk=pk)
    return _do(
        request,
        pk,
        lambda: actions.invite(person=person, by=request.user, at=timezone.now()),
        f"A link to choose a password is on its way to {person.email}.",
    )


@needs(Permission.PEOPLE_MANAGE)
def end_person(request: HttpRequest, pk: int) -> HttpResponse:
    """End an account, after asking."""
    person = get_object_or_404(queries.people_managed_by(request.user), pk=pk)
    if request.method == "POST":
        return _do(
            request,
            pk,
            lambda: actions.end_person(person=person, by=request.user, at=timezone.now()),
            f"{person.name}'s account is ended. They are signed out everywhere.",
        )
    return render(
        request,
        "accounts/end_person.html",
        {"person": person, "may": may_give_roles(request.user, person)},
    )


@needs(Permission.PEOPLE_MANAGE)
@require_POST
def open_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an ended account."""
    person = get_object_or_404(queries.people_managed_by(request.user), pk=pk)
    return _do(
        request,
        pk,
        lambda: actions.open_again(person=person, by=request.user, at=timezone.now()),
        f"{person.name}'s account is open. Give a role, and send the link to choose a password.",
    )


@needs(Permission.PEOPLE_MANAGE)
@require_POST
def forget_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second step off, for somebody who lost their phone."""
    person = get_object_or_404(queries.people_managed_by(request.user), pk=pk)
    return _do(
        request,
        pk,
        lambda: actions.forget_second_factor(person=person, by=request.user, at=timezone.now()),
        f"{person.name} will set up a new second step when they sign in.",
    )


def _do(request: HttpRequest, pk: int, act: Any, done: str) -> HttpResponse:
    """Do something to a person, say how it went, and show them."""
    try:
        act()
        messages.success(request, done)
    except (actions.NotPossible, PermissionDenied) as why:
        messages.error(request, str(why))
    return redirect("accounts:person", pk)


# Roles


@needs(Permission.PEOPLE_MANAGE)
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person hold a role in a team."""
    person = get_object_or_404(queries.people_managed_by(request.user), pk=pk)
    may_give_roles(request.user, person).or_raise()
    form = forms.RoleForm(
        request.POST or None, teams=queries.teams(), initial={"since": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_role(
                person=person, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except actions.NotPossible as why:
            _refused(form, why)
        else:
            messages.success(request, "The role is given.")
            return redirect("accounts:person", pk)
    return render(request, "accounts/give_role.html", {"form": form, "person": person})


@needs(Permission.PEOPLE_MANAGE)
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role."""
    membership = get_object_or_404(queries.memberships_managed_by(request.user), pk=pk)
    form = forms.EndRoleForm(request.POST or None, initial={"until": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_role(
                membership=membership, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except actions.NotPossible as why:
            _refused(form, why)
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:person", membership.user_id)
    return render(request, "accounts/end_role.html", {"form": form, "membership": membership})


# Teams and keys


@needs(Permission.PEOPLE_MANAGE, Permission.PARTNER_EDIT)
def teams(request: HttpRequest) -> HttpResponse:
    """List the teams."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    kind = request.GET.get("kind", "")
    found = queries.teams(text, kind)
    return render(
        request,
        "accounts/teams.html",
        {
            "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
            "text": text,
            "kind": kind,
            "kinds": queries.team_kinds(),
            "may_manage": request.user.can(Permission.PEOPLE_MANAGE),
        },
    )


@needs(Permission.PEOPLE_MANAGE)
def add_team(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    form = forms.TeamForm(request.POST or None, kinds=queries.team_kinds())
    if request.method == "POST" and form.is_valid():
        try:
            team = actions.add_team(**form.cleaned_data, by=request.user, at=timezone.now())
        except actions.NotPossible as why:
            _refused(form, why)
        else:
            messages.success(request, f"{team.name} is added.")
            return redirect("accounts:team", team.pk)
    return render(request, "accounts/add_team.html", {"form": form})


@needs(Permission.PEOPLE_MANAGE, Permission.PARTNER_EDIT)
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a team: who is in it, and a partner's keys."""
    team = get_object_or_404(queries.teams(), pk=pk)
    return _team(request, team, forms.KeyForm())


def _team(request: HttpRequest, team: Any, form: Form, secret: str = "") -> HttpResponse:
    return render(
        request,
        "accounts/team.html",
        {
            "team": team,
            "people": queries.people_in(team, timezone.localdate()),
            "keys": queries.keys_of(team),
            "form": form if may_make_keys(request.user, team) else None,
            "secret": secret,
            "may_manage": request.user.can(Permission.PEOPLE_MANAGE),
        },
    )


@needs(Permission.PEOPLE_MANAGE)
def change_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a team."""
    team = get_object_or_404(queries.teams(), pk=pk)
    now = {"name": team.name, "email": team.email, "active": team.active}
    form = forms.TeamForm(request.POST or None, new=False, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_team(team=team, **form.cleaned_data, by=request.user, at=timezone.now())
        except actions.NotPossible as why:
            _refused(form, why)
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:team", pk)
    return render(request, "accounts/change_team.html", {"form": form, "team": team})


@needs(Permission.PEOPLE_MANAGE, Permission.PARTNER_EDIT)
@require_POST
def make_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a key for a partner's system, and show its secret this once."""
    team = get_object_or_404(queries.teams(), pk=pk)
    form = forms.KeyForm(request.POST)
    if not form.is_valid():
        return _team(request, team, form)
    _, secret = actions.make_api_key(
        team=team, name=form.cleaned_data["name"], by=request.user, at=timezone.now()
    )
    response = _team(request, team, forms.KeyForm(), secret)
    response["Cache-Control"] = "no-store"
    return response


@needs(Permission.PEOPLE_MANAGE, Permission.PARTNER_EDIT)
@require_POST
def end_key(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """End a key."""
    team = get_object_or_404(queries.teams(), pk=pk)
    found = get_object_or_404(queries.keys_of(team), pk=key)
    try:
        actions.end_api_key(key=found, by=request.user, at=timezone.now())
        messages.success(request, f"{found.name}: the key no longer works.")
    except actions.AlreadyEnded as why:
        messages.info(request, str(why))
    return redirect("accounts:team", pk)


# Cover


@needs(Permission.COVER_ARRANGE)
def cover(request: HttpRequest) -> HttpResponse:
    """List cover that is on or to come, and arrange more."""
    today = timezone.localdate()
    form = forms.CoverForm(
        request.POST or None,
        absent=queries.people_to_cover(request.user, today),
        staff=queries.staff(today),
        initial={"since": today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.arrange_cover(**form.cleaned_data, by=request.user, at=timezone.now())
        except actions.NotPossible as why:
            _refused(form, why)
        except PermissionDenied as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"{made.covered_by} stands in for {made.absent}.")
            return redirect("accounts:cover")
    return render(
        request,
        "accounts/cover.html",
        {"form": form, "covers": queries.covers_seen_by(request.user, today)},
    )


@login_required
@require_POST
def end_cover(request: HttpRequest, pk: int) -> HttpResponse:
    """End cover today."""
    today = timezone.localdate()
    found = next((c for c in queries.covers_seen_by(request.user, today) if c.pk == pk), None)
    if found is None:
        messages.info(request, "That cover has ended.")
        return redirect("accounts:me")
    actions.end_cover(cover=found, by=request.user, at=timezone.now())
    messages.success(request, "The cover is ended.")
    return redirect(
        "accounts:cover" if request.user.can(Permission.COVER_ARRANGE) else "accounts:me"
    )


def council_sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the council's own sign-on; where it is away, say so."""
    try:
        response: HttpResponse = council_views.login(request, provider_id)
    except RequestException:
        logger.warning("The council's sign-on does not answer")
        response = render(request, "socialaccount/authentication_error.html")
    return response
