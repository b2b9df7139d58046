"""Where a child learns: adding it, ending it, and putting it right."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kith.casework import actions, schooling
from kith.casework.school_forms import (
    SchoolEndForm,
    SchoolingForm,
    SchoolMistakeForm,
    SendForm,
)
from kith.casework.views.asking import said_by
from kith.casework.views.record import Asked, ask, correct, found_or_404, write_down


@login_required
@never_cache
def school_add(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down where a child learns, or learned."""
    asked = Asked(request, reference)
    one, belongs = asked.somebody(pk), asked.membership(pk)
    running = schooling.running(request.user, belongs.person)
    before = running[0] if len(running) == 1 else None
    goes = before is not None and before.setting in before.NAMED
    form = SchoolingForm(
        request.POST or None,
        former=_spoken_of(before) if goes else "",
        out=None if goes else before,
    )

    def do() -> None:
        left = form.cleaned_data.get("former") == "left"
        ends = left or form.ends_being_out(form.cleaned_data)
        actions.add_schooling(
            person=belongs.person,
            family=belongs.family,
            left=before if ends else None,
            left_ending=form.cleaned_data.get("left_ending", "") if left else "",
            **form.said(),
            **said_by(request),
        )

    return ask(
        asked,
        form,
        do,
        title=f"Where {one.name} learns",
        button="Add",
        done=asked.page_of(pk),
        said="It is written down.",
    )


@login_required
@never_cache
def school_correct(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Put right what is written down of where a child learned."""
    asked = Asked(request, reference)
    spell = found_or_404(schooling.spell(request.user, asked.records, pk))
    begin = SchoolingForm.of(spell) | {"mark": actions.mark_of_schooling(spell)}
    form = SchoolingForm(request.POST or None, initial=begin, spell=spell)
    return correct(
        asked,
        form,
        partial(actions.correct_schooling, spell=spell, family=asked.family),
        begin=begin,
        answers=form.said,
        title=f"Correct: {_spoken_of(spell)}",
        done=asked.page_of(spell.person.head_id),
        said="It is corrected. What it said before is kept.",
        hint="This is for what was written down wrongly. For a child who has left, or has another"
        " support now, use the links on their page: then what was true before stays known.",
    )


@login_required
@never_cache
def school_end(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down that a child no longer learns somewhere."""
    asked = Asked(request, reference)
    spell = found_or_404(schooling.spell(request.user, asked.records, pk))
    form = SchoolEndForm(request.POST or None)

    return write_down(
        asked,
        form,
        partial(actions.end_schooling, spell=spell, family=asked.family),
        title=f"{spell.person}: {_spoken_of(spell)}. This is over",
        done=asked.page_of(spell.person.head_id),
        said="It is written down. Add where they learn now.",
    )


@login_required
@never_cache
def school_send(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down that a child has another support for special educational needs."""
    asked = Asked(request, reference)
    spell = found_or_404(schooling.spell(request.user, asked.records, pk))
    form = SendForm(request.POST or None)

    return write_down(
        asked,
        form,
        partial(actions.change_send, spell=spell, family=asked.family),
        title=f"{spell.person}: another support for special educational needs",
        done=asked.page_of(spell.person.head_id),
        said="It is written down. What it was before stays known.",
        hint=f"Written down now: {spell.get_send_display() or 'not known'}.",
    )


@login_required
@never_cache
def school_mistake(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Say that something should never have been written down."""
    asked = Asked(request, reference)
    spell = found_or_404(schooling.spell(request.user, asked.records, pk))
    form = SchoolMistakeForm(request.POST or None)

    return write_down(
        asked,
        form,
        partial(actions.say_schooling_mistaken, spell=spell, family=asked.family),
        title=f"{spell.person}: {_spoken_of(spell)}. Written down by mistake",
        button="Take it off the record",
        done=asked.page_of(spell.person.head_id),
        said="It is off the record. That it stood there is kept.",
    )


def _spoken_of(spell: Any) -> str:
    return str(spell.name or spell.get_setting_display())
