"""Who a family is: its people, homes and names, now, before, and as at a past day."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kith.casework import actions as casework
from kith.casework import births, queries, schooling
from kith.casework.record_forms import (
    AsAtForm,
    BornForm,
    HomeChangeForm,
    HomeForm,
    JoinForm,
    MoveInForm,
    NewNameForm,
    OnForm,
    OtherNameForm,
    PersonForm,
    RelationshipForm,
    SafeForm,
    SureForm,
    UntilForm,
    WayForm,
    people_to_choose,
)
from kith.casework.views.asking import note_sight, said_by
from kith.families import actions, living, restricting
from kith.families import queries as families
from kith.families.permissions import may_edit, may_restrict
from kith.referrals import queries as referrals
from kith.referrals.summary import DISABILITY_NAMES, ETHNICITY_NAMES
from kith.ui.templatetags.ui import day


class Asked:
    """A family's record as it stands, for whoever asks; 404 where there is none for them."""

    def __init__(self, request: HttpRequest, reference: str, *, to_change: bool = True) -> None:
        self.records = families.records_called(request.user, reference)
        if not self.records:
            raise Http404
        self.request, self.family = request, self.records[0]
        if to_change:
            may_edit(request.user, self.family).or_raise()
        self.facts = living.facts_now(request.user, self.records)
        self.found = living.on_a_day(self.facts, timezone.localdate(), head=self.family.pk)

    @property
    def back(self) -> str:
        return reverse("casework:record", args=[self.family.reference])

    def somebody(self, pk: int) -> living.Somebody:
        """Return somebody of the family, of now or before."""
        one = self.found.somebody(pk)
        if one is None:
            raise Http404
        return one

    def membership(self, pk: int) -> Any:
        """Return how somebody belongs to the family."""
        return found_or_404(
            living.membership(self.request.user, self.records, self.somebody(pk).membership)
        )

    def person(self, pk: int) -> Any:
        """Return the record that stands for somebody."""
        return found_or_404(families.people_visible_to(self.request.user).filter(pk=pk).first())

    def page_of(self, pk: int) -> str:
        return reverse("casework:person", args=[self.family.reference, pk])


def found_or_404(thing: Any) -> Any:
    if thing is None:
        raise Http404
    return thing


def ask(
    asked: Asked,
    form: Form,
    do: Callable[[], None],
    *,
    title: str,
    button: str = "Save",
    done: str = "",
    said: str = "",
    template: str = "casework/record/question.html",
    **context: Any,
) -> HttpResponse:
    """Show one thing to answer; do it, or say at its field why it cannot be done."""
    request, done = asked.request, done or asked.back
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except actions.NotPossible as refusal:
            if isinstance(refusal, actions.LooksOdd) and isinstance(form, SureForm):
                form.ask_whether_right(refusal.oddities)
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, said)
            return redirect(done)
    return render(
        request,
        template,
        {
            "family": asked.family,
            "form": form,
            "back": done,
            "title": title,
            "button": button,
            **context,
        },
    )


def write_down(asked: Asked, form: Form, act: Callable[..., object], **words: Any) -> HttpResponse:
    """Show one thing to answer, and do with all that is answered what `act` does."""
    said = said_by(asked.request)
    return ask(asked, form, lambda: act(**form.cleaned_data, **said), **words)


def correct(
    asked: Asked,
    form: Form,
    act: Callable[..., object],
    *,
    begin: dict[str, Any],
    answers: Callable[[], dict[str, Any]],
    **words: Any,
) -> HttpResponse:
    """Show what the record says, to put it right. `begin` holds it, with the mark that says whether
    it was changed while somebody wrote: then what it says now is shown beside their answers."""
    request, mark = asked.request, begin["mark"]
    changed = request.method == "POST" and request.POST.get("mark", "") != mark

    def do() -> None:
        act(mark=form.cleaned_data["mark"], **answers(), **said_by(request))

    if changed:
        # What was answered is checked with its own mark; the page that says so carries the new one,
        # so that whoever then saves has seen what the record says now.
        form.is_valid()
        form.data = request.POST.copy()
        form.data["mark"] = mark
    return ask(asked, form, do, now_says=_in_words(form, begin) if changed else [], **words)


def _in_words(form: Form, begin: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what the record says, question by question."""
    rows = []
    for name, field in form.fields.items():
        if name in ("mark", "born"):
            continue
        said = begin.get(name)
        choices = {str(key): str(label) for key, label in getattr(field, "choices", [])}
        if isinstance(said, bool):
            words = "Yes" if said else "No"
        elif isinstance(said, list):
            words = ", ".join(choices.get(str(one), str(one)) for one in said)
        else:
            words = choices.get(str(said), day(said) if isinstance(said, date) else str(said or ""))
        rows.append((str(field.label), words or "Not known"))
    return rows


@login_required
@never_cache
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who is in a family, where they live, and who was and lived there before."""
    asked = Asked(request, reference, to_change=False)
    if asked.family.reference != reference:
        return redirect("casework:record", asked.family.reference)
    note_sight(request, asked.family, "record")
    schooling.put_with(request.user, asked.found, asked.facts)
    schooling.on_the_day(asked.found)
    living.put_other_families(request.user, asked.found, asked.records)
    kept = restricting.of_family(request.user, asked.records)
    return render(
        request,
        "casework/record/record.html",
        {
            "family": asked.family,
            "records": asked.records,
            "found": asked.found,
            "may_edit": may_edit(request.user, asked.family),
            "as_at": AsAtForm(),
            "kept": kept,
            "restricted": any(one.restriction.address_id is None for one in kept),
            "masked": {one.restriction.address_id for one in kept},
            "may_restrict": may_restrict(request.user, asked.family),
            "today": timezone.localdate(),
        },
    )


@login_required
@never_cache
def as_at(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the record as at a past day: what we know now about it, or what we knew then."""
    records = families.records_called(request.user, reference)
    if not records:
        raise Http404
    form = AsAtForm(request.GET)
    found = None
    if form.is_valid():
        on, knew = form.cleaned_data["on"], form.cleaned_data["knew"]
        note_sight(request, records[0], f"as_at:{knew}")
        facts, evening = living.facts_now(request.user, records), None
        if knew == "then":
            evening = timezone.make_aware(datetime.combine(on, time.max))
            facts = living.facts_known(request.user, records, evening)
        found = living.on_a_day(facts, on, head=records[0].pk)
        schooling.put_with(request.user, found, facts, at=evening)
        schooling.on_the_day(found)
    return render(
        request,
        "casework/record/as_at.html",
        {
            "family": records[0],
            "form": form,
            "found": found,
            "knew": form.cleaned_data.get("knew"),
            "begins": records[0].made_at,
        },
    )


@login_required
@never_cache
def person(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Show all that the record says of one person, now and before."""
    asked = Asked(request, reference, to_change=False)
    one = asked.somebody(pk)
    note_sight(request, asked.family, "person")
    schooling.put_with(request.user, asked.found, asked.facts)
    living.put_other_families(request.user, asked.found, asked.records)
    return render(
        request,
        "casework/record/person.html",
        {
            "family": asked.family,
            "one": one,
            "here": one in asked.found.people,
            "taken_home": next(
                (
                    home.row["called"] or home.lines
                    for home in asked.found.homes
                    if one.number in home.taken_number
                ),
                "",
            ),
            "may_edit": may_edit(request.user, asked.family),
            "disabilities": [DISABILITY_NAMES.get(code, code) for code in one.row["disabilities"]],
            "told": referrals.schools_told(request.user, one.number),
            "ethnicity": ETHNICITY_NAMES.get(one.row["ethnicity"], ""),
            "today": timezone.localdate(),
        },
    )


@login_required
@never_cache
def expected(request: HttpRequest) -> HttpResponse:
    """Show the children of one's families who were expected by now."""
    if not queries.teams_of(request.user):
        raise Http404
    rows = births.expected_by_now(request.user, timezone.localdate())
    return render(request, "casework/record/births.html", {"rows": rows})


# --- People ---------------------------------------------------------------------------------------


@login_required
@never_cache
def person_add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a person to a family."""
    asked = Asked(request, reference)
    form = PersonForm(request.POST or None)

    def do() -> None:
        actions.add_member(family=asked.family, **form.changes(), **said_by(request))

    return ask(
        asked, form, do, title="Add a person", button="Add", said="They are on the record now."
    )


@login_required
@never_cache
def person_correct(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Put right what the record says of a person."""
    asked = Asked(request, reference)
    one, belongs = asked.somebody(pk), asked.membership(pk)
    mark = actions.mark_of(belongs.person, belongs)
    begin = PersonForm.said(belongs.person, belongs) | {"mark": mark}
    form = PersonForm(request.POST or None, initial=begin)
    return correct(
        asked,
        form,
        partial(actions.correct_member, membership=belongs),
        begin=begin,
        answers=form.changes,
        title=f"Correct the record of {one.name}",
        done=asked.page_of(pk),
        said="The record is corrected. What it said before is kept.",
        hint="This is for what was written down wrongly. For a new name, a birth or a death, use"
        " the links on their page: then what was true before stays known.",
    )


@login_required
@never_cache
def person_name(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down that somebody has a new name."""
    asked = Asked(request, reference)
    one, belongs = asked.somebody(pk), asked.membership(pk)
    who = belongs.person
    form = NewNameForm(
        request.POST or None,
        initial={"given_names": who.given_names, "family_name": who.family_name},
    )

    return write_down(
        asked,
        form,
        partial(actions.change_name, person=who, family=belongs.family),
        title=f"The new name of {one.name}",
        done=asked.page_of(pk),
        said="The new name is written down. The old one still finds them.",
    )


@login_required
@never_cache
def person_other_name(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down another name of somebody."""
    asked = Asked(request, reference)
    one, belongs = asked.somebody(pk), asked.membership(pk)
    form = OtherNameForm(request.POST or None)

    return write_down(
        asked,
        form,
        partial(actions.add_other_name, person=belongs.person, family=belongs.family),
        title=f"Another name of {one.name}",
        done=asked.page_of(pk),
        said="The name is written down, and finds them.",
    )


@login_required
@never_cache
def person_born(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down that an expected child was born."""
    asked = Asked(request, reference)
    one, belongs = asked.somebody(pk), asked.membership(pk)
    if not one.unborn:
        return redirect(asked.page_of(pk))
    who = belongs.person
    form = BornForm(
        request.POST or None,
        initial={"given_names": who.given_names, "family_name": who.family_name, "sex": who.sex},
    )

    return write_down(
        asked,
        form,
        partial(actions.say_born, person=who, family=belongs.family),
        title="The child is born",
        done=asked.page_of(pk),
        said="The birth is written down.",
        hint="What was written about the child before stays theirs.",
    )


@login_required
@never_cache
def person_died(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down that somebody died, or that a pregnancy ended."""
    asked = Asked(request, reference)
    one, belongs = asked.somebody(pk), asked.membership(pk)
    unborn = one.expected is not None
    form = OnForm(
        request.POST or None, label="When did it end?" if unborn else "When did they die?"
    )

    return write_down(
        asked,
        form,
        partial(casework.record_death, person=belongs.person, family=belongs.family),
        title="The pregnancy ended" if unborn else f"{one.name} has died",
        done=asked.page_of(pk),
        said="It is written down. Nothing more is sent to them."
        if not unborn
        else "It is written down.",
        hint="They stay on the family’s record. Their telephone numbers, e-mail addresses, homes and"
        " schools end on that day, so that no letter or message goes to them. If they had their own"
        " page, its link opens nothing any more.",
    )


@login_required
@require_POST
def person_alive(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take back a death that was written down for the wrong person."""
    asked = Asked(request, reference)
    belongs = asked.membership(pk)
    try:
        alive = casework.undo_death(
            person=belongs.person, family=belongs.family, **said_by(request)
        )
        messages.success(request, _what_stands_again(alive))
    except actions.NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect(asked.page_of(pk))


def _what_stands_again(alive: casework.AliveAgain) -> str:
    counted = (
        (alive.record.ways, "way to reach them", "ways to reach them"),
        (alive.record.homes, "home", "homes"),
        (alive.record.partners, "partner", "partners"),
        (alive.schools, "place of learning", "places of learning"),
    )
    stands = [f"{number} {one if number == 1 else more}" for number, one, more in counted if number]
    said = "Taken back. "
    if stands:
        said += (
            f"What had ended with it stands again: {', '.join(stands)}. See whether it is right."
        )
    else:
        said += "Nothing that stood on their record had ended with it."
    if alive.page_ended:
        said += (
            " Their own page stays ended, since others may have its link by now: give them a new one,"
            " under “The family’s own page” on the page of their case."
        )
    return said


@login_required
@never_cache
def person_leave(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down that somebody no longer belongs to the family."""
    asked = Asked(request, reference)
    one, belongs = asked.somebody(pk), asked.membership(pk)
    form = UntilForm(request.POST or None, label="Since when do they no longer belong to it?")

    return write_down(
        asked,
        form,
        partial(actions.leave_family, membership=belongs),
        title=f"{one.name} has left the family",
        said=f"{one.name} stands under “Before” now.",
        hint="For somebody who moved to another home of the family, write down the move instead.",
    )


@login_required
@never_cache
def person_join(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down that somebody belongs to the family again."""
    asked = Asked(request, reference)
    one, belongs = asked.somebody(pk), asked.membership(pk)
    form = JoinForm(request.POST or None, initial={"role": one.role})

    return write_down(
        asked,
        form,
        partial(actions.join_family, person=belongs.person, family=belongs.family),
        title=f"{one.name} is back",
        said=f"{one.name} belongs to the family again.",
    )


@login_required
@never_cache
def person_relate(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down what somebody is to another of the family."""
    asked = Asked(request, reference)
    one, belongs = asked.somebody(pk), asked.membership(pk)
    others = [
        (other.number, f"{other.name} ({other.role_name.lower()})")
        for other in (*asked.found.people, *asked.found.before)
        if other.number != one.number
    ]
    form = RelationshipForm(request.POST or None, people=others)

    def do() -> None:
        actions.relate(
            person=belongs.person,
            other=asked.membership(form.cleaned_data["other"]).person,
            family=belongs.family,
            **form.said(),
            **said_by(request),
        )

    return ask(
        asked,
        form,
        do,
        title=f"What {one.name} is to somebody",
        done=asked.page_of(pk),
        said="It is written down for both.",
    )


@login_required
@never_cache
def relationship_end(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down that two people are no longer something to each other."""
    asked = Asked(request, reference)
    tie = found_or_404(living.tie(request.user, asked.records, pk))
    form = UntilForm(request.POST or None, label="When did it end?")

    return write_down(
        asked,
        form,
        partial(actions.end_relationship, relationship=tie, family=asked.family),
        title=f"{tie.person}, {tie.get_kind_display().lower()} of {tie.other}: this is over",
        said="It is written down. It stays known for the time before.",
    )


@login_required
@never_cache
def person_way(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Add a way to reach somebody."""
    asked = Asked(request, reference)
    one, belongs = asked.somebody(pk), asked.membership(pk)
    form = WayForm(request.POST or None)

    return write_down(
        asked,
        form,
        partial(actions.add_contact_detail, person=belongs.person),
        title=f"A way to reach {one.name}",
        done=asked.page_of(pk),
        said="It is written down.",
    )


@login_required
@never_cache
def way_safe(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Say whether it is safe to reach somebody in a way."""
    asked = Asked(request, reference)
    way = found_or_404(living.way(request.user, asked.records, pk))
    form = SafeForm(request.POST or None, initial={"safe": way.safe, "advice": way.advice})

    return write_down(
        asked,
        form,
        partial(actions.say_how_safe, detail=way, family=asked.family),
        title=f"Is {way.value} safe to use?",
        done=asked.page_of(way.person.head_id),
        said="It is written down.",
    )


@login_required
@never_cache
def way_end(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down that a number or address no longer reaches somebody."""
    asked = Asked(request, reference)
    way = found_or_404(living.way(request.user, asked.records, pk))
    form = UntilForm(request.POST or None, label="Since when does it no longer reach them?")

    return write_down(
        asked,
        form,
        partial(actions.end_contact_detail, detail=way),
        title=f"{way.value} no longer reaches {way.person}",
        done=asked.page_of(way.person.head_id),
        said="It is not used any more. It still finds them.",
    )


# --- Homes ----------------------------------------------------------------------------------------


@login_required
@never_cache
def home_add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a home of a family, and say who lives there."""
    asked = Asked(request, reference)
    known = asked.found.homes
    form = HomeForm(
        request.POST or None,
        people=people_to_choose(asked.found),
        known=(known[0].row["called"] or known[0].lines) if len(known) == 1 else "",
    )

    def do() -> None:
        answers = dict(form.cleaned_data)
        first = answers.pop("first", "")
        people = [asked.membership(number).person for number in answers.pop("people")]
        stay_on = [asked.membership(number).person for number in known[0].taken_number] if first == "kept" else []  # fmt: skip
        before = living.home(request.user, asked.records, known[0].number) if first else None
        actions.add_home(
            family=asked.family,
            people=people,
            before=before,
            before_left=first == "left",
            stay_on=[one for one in stay_on if one not in people],
            **answers,
            **said_by(request),
        )

    return ask(
        asked,
        form,
        do,
        title="Add a home",
        button="Add this home",
        said="The home is on the record.",
    )


@login_required
@never_cache
def home_change(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Say what a home is called, and whether post may go there."""
    asked = Asked(request, reference)
    home = found_or_404(living.home(request.user, asked.records, pk))
    form = HomeChangeForm(request.POST or None, initial={"called": home.called, "safe": home.safe})

    return write_down(
        asked,
        form,
        partial(actions.say_whether_post_is_safe, address=home),
        title=_called(home),
        said="It is written down.",
    )


@login_required
@never_cache
def home_in(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down that somebody lives at a home."""
    asked = Asked(request, reference)
    home = found_or_404(living.home(request.user, asked.records, pk))
    form = MoveInForm(request.POST or None, people=people_to_choose(asked.found))

    def do() -> None:
        answers = dict(form.cleaned_data)
        who = asked.membership(answers.pop("person")).person
        actions.move_in(person=who, address=home, **answers, **said_by(request))

    return ask(
        asked,
        form,
        do,
        title=f"Who lives at {_called(home)}?",
        said="It is written down. If they left another home, write that down too.",
    )


@login_required
@never_cache
def home_end(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down that a family has left a home."""
    asked = Asked(request, reference)
    home = found_or_404(living.home(request.user, asked.records, pk))
    form = UntilForm(request.POST or None, label="Since when does nobody of the family live there?")

    return write_down(
        asked,
        form,
        partial(actions.leave_home, address=home),
        title=f"The family has left {_called(home)}",
        said="It stands under “Before” now. The family is still found by it.",
    )


@login_required
@never_cache
def stay_end(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write down that somebody no longer lives at a home."""
    asked = Asked(request, reference)
    stay = found_or_404(living.stay(request.user, asked.records, pk))
    form = UntilForm(request.POST or None, label="Since when do they no longer live there?")

    return write_down(
        asked,
        form,
        partial(actions.move_out, stay=stay),
        title=f"{stay.person} has moved out of {_called(stay.address)}",
        said="The move is written down.",
    )


def _called(home: Any) -> str:
    return home.called or home.postcode or "this home"
