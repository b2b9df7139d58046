"""Joining somebody known already to another family: found, compared, joined; nothing is copied."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from kith.casework.record_forms import FindKnownForm, KnownForm, people_to_choose
from kith.casework.views.asking import said_by
from kith.casework.views.record import Asked, ask
from kith.families import actions, living, restricting
from kith.families import queries as families


@login_required
@never_cache
def known_find(request: HttpRequest, reference: str) -> HttpResponse:
    """Look for somebody known already, to join them to a family."""
    asked = Asked(request, reference)
    form = FindKnownForm(request.GET if "q" in request.GET else None)
    found: list[families.Found] = []
    if form.is_valid():
        here = {one.number for one in (*asked.found.people, *asked.found.before)}
        found = [
            one
            for one in families.search(request.user, form.cleaned_data["q"])
            if one.person is not None and one.person.pk not in here
        ]
    return render(
        request,
        "casework/record/known_find.html",
        {"family": asked.family, "form": form, "found": found, "asked": form.is_valid()},
    )


@login_required
@never_cache
def known_join(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Compare somebody of another family with the people of this one, and join them to it."""
    asked = Asked(request, reference)
    person = asked.person(pk)
    if person.head_id not in (None, person.pk):
        return redirect("casework:known_join", reference, person.head_id)
    if asked.found.somebody(person.pk) is not None:
        return redirect(asked.page_of(person.pk))
    kept = restricting.kept_to_named(request.user, person)
    theirs = living.families_of(request.user, person)
    form = KnownForm(
        request.POST or None,
        people=people_to_choose(asked.found),
        kept=kept,
    )

    def do() -> None:
        other = form.cleaned_data["other"]
        actions.join_known(
            person=person,
            family=asked.family,
            other=asked.membership(other).person if other else None,
            **form.said(),
            **said_by(request),
        )

    return ask(
        asked,
        form,
        do,
        title=f"Join {person or 'an unborn child'} to this family",
        button="Join them to this family",
        done=asked.back,
        said=f"{person or 'The child'} belongs to this family too. They are one person on both"
        " records.",
        template="casework/record/known_join.html",
        person=person,
        theirs=theirs,
        kept=kept,
        likely=_likely(request, asked, person),
        gain=_who_gains(request, asked, theirs),
        found=asked.found,
    )


def _likely(request: HttpRequest, asked: Asked, person: Any) -> list[families.LikelySame]:
    """Return who of this family may be the same person: then records are put together instead."""
    return [
        pair
        for pair in families.likely_same(request.user, [person.pk])
        if pair.other_family.pk == asked.family.pk
    ]


def _who_gains(request: HttpRequest, asked: Asked, theirs: list[living.Spell]) -> list[str]:
    """Return who works with this family and does not know of the person yet."""
    now = {
        str(held.team or held.user)
        for held in families.teams_with_standing(request.user, asked.family, records=asked.records)
    }
    for one in theirs:
        for record in families.records_called(request.user, one.kind)[:1]:
            now -= {
                str(held.team or held.user)
                for held in families.teams_with_standing(request.user, record)
            }
    return sorted(now)
