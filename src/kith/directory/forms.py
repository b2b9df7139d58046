"""Forms of the directory."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kith.accounts.models import User
from kith.directory import ages, queries
from kith.directory.actions import Absence, Standing
from kith.directory.finding import WITHIN, Asked, NoSuchPlace, spot_of
from kith.directory.models import Access, CoreItem, Offering, Service
from kith.hubs.models import Hub, Weekday
from kith.ui.fields import ChoosingForm, DateField, PlainTextField


def _miles(number: int) -> object:
    return ngettext_lazy("%(number)d mile", "%(number)d miles", number) % {"number": number}


class FindForm(ChoosingForm):
    """What somebody looks for. Everything may be left out."""

    q = PlainTextField(
        label=_("What are you looking for?"),
        help_text=_("For example: baby group, young carers, debt advice"),
        max_length=200,
        required=False,
    )
    near = PlainTextField(
        label=_("Where?"), help_text=_("A postcode or a town"), max_length=60, required=False
    )
    within = forms.ChoiceField(
        label=_("Within"),
        choices=[
            ("", _("Any distance")),
            *[(key, _miles(int(key))) for key in WITHIN],
        ],
        required=False,
    )
    age = PlainTextField(
        label=_("Age of the child"),
        help_text=_("For example: 7, or 18 months"),
        max_length=20,
        required=False,
    )
    kind = forms.ChoiceField(label=_("Kind of help"), required=False)
    who = forms.ChoiceField(label=_("Who is it for?"), required=False)
    day = forms.MultipleChoiceField(
        label=_("Day"),
        choices=[("today", _("Today")), *[(str(day.value), _(day.label)) for day in Weekday]],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    part = forms.ChoiceField(
        label=_("Time of day"),
        choices=[("", _("Any time")), ("morning", _("Morning")), ("afternoon", _("Afternoon")), ("evening", _("Evening"))],
        required=False,
    )  # fmt: skip
    only = forms.MultipleChoiceField(
        label=_("Only show what is"),
        choices=[("free", _("Free")), ("taking", _("Open to new people")), ("online", _("Online or by telephone"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    access = forms.MultipleChoiceField(
        label=_("The place must have"),
        choices=[(one.value, _(one.label)) for one in Access],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    mark_optional = False
    layout = {
        "near": {"width": 10},
        "age": {"width": 10},
        "day": {"small": True},
        "only": {"small": True},
        "access": {"small": True},
    }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        kinds, who = queries.terms_to_choose("category"), queries.terms_to_choose("target")
        self.offer("kind", [("", _("Any kind")), *kinds])
        self.offer("who", [("", _("Everybody")), *who])
        known = [(name, name) for name in queries.languages()]
        self.offer("language", [("", _("Any language")), *known])

    def clean_near(self) -> Any:
        """Find the place on the map."""
        text = self.cleaned_data["near"]
        try:
            return spot_of(text) if text.strip() else None
        except NoSuchPlace as problem:
            raise ValidationError(str(problem)) from None

    def clean_age(self) -> tuple[int, int] | None:
        """Read the age in months."""
        text = self.cleaned_data["age"]
        try:
            return ages.read(text) if text.strip() else None
        except ages.NotAnAge as problem:
            raise ValidationError(str(problem)) from None

    def clean(self) -> dict[str, Any]:
        """Ask for a place where a distance is chosen."""
        given = super().clean() or self.cleaned_data
        if given.get("within") and not given.get("near") and "near" not in self.errors:
            self.add_error("near", _("Enter a postcode or a town, or choose any distance."))
        return given

    def asked(self) -> Asked:
        """Return what was asked; call it on a valid form."""
        given = self.cleaned_data
        days = {int(day) for day in given["day"] if day != "today"}
        return Asked(
            words=given["q"],
            spot=given["near"],
            within_km=WITHIN.get(given["within"]),
            ages=given["age"],
            days=frozenset(days),
            part=given["part"],
            on=timezone.localdate() if "today" in given["day"] else None,
            free="free" in given["only"],
            taking="taking" in given["only"],
            online="online" in given["only"],
            access=tuple(given["access"]),
            language=given["language"],
            category=given["kind"],
            target=given["who"],
            as_typed="typed" in self.data,
        )


class SchoolForm(forms.Form):
    """Which school."""

    q = PlainTextField(label="Name or postcode of the school", max_length=100, required=False)
    mark_optional = False


class OfferingForm(ChoosingForm):
    """How a hub stands to something of the core offer, or to a service of its local offer."""

    state = forms.ChoiceField(
        label="Is it offered here?",
        choices=Offering.State.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the hub stands to it"},
    )
    since = DateField(label="From when is it planned?", required=False)
    reason = PlainTextField(
        label="Why not?", help_text="Everybody reads it.", lines=True, rows=3, max_length=1000, required=False
    )  # fmt: skip
    instead = PlainTextField(
        label="Where can families go instead?", lines=True, rows=2, max_length=1000, required=False
    )
    review_on = DateField(label="When is this looked at again?", required=False)
    need = PlainTextField(
        label="Which local need does it answer?",
        lines=True,
        rows=2,
        max_length=1000,
        required=False,
    )
    figure = forms.ChoiceField(label="Which figure shows that need?", required=False)
    standard_said = forms.ChoiceField(
        label="Does it meet the standard?",
        choices=[("", "Not said"), ("yes", "Yes"), ("no", "No")],
        required=False,
    )
    entry = forms.ChoiceField(
        label="Which entry of the directory is it?",
        required=False,
        help_text="Its times then show how often it is held, where no group’s register does.",
    )
    owner = forms.ChoiceField(label="Who sees to it that the gap is closed?", required=False)
    due_on = DateField(label="By when?", required=False)
    hints = {"state": {"paused": "It was, and is to be again.", "not_offered": "Families read where to go instead."}}  # fmt: skip

    def __init__(
        self, *args: Any, people: Sequence[User], figures: Sequence[tuple[str, str]] = (),
        core: bool = True, measured: bool = False, entries: Sequence[tuple[str, str]] = (), **named: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **named)
        self.people = {str(person.pk): person for person in people}
        self.offer(
            "owner",
            [("", "Nobody yet"), *((key, str(one)) for key, one in self.people.items())],
        )
        if core:
            del self.fields["need"], self.fields["figure"]
            self.offer("entry", [("", "None, or not of this hub"), *entries])
        else:
            del self.fields["entry"]
            self.fields["need"].required = True
            self.offer("figure", [("", "None"), *figures])
        if measured or not core:
            del self.fields["standard_said"]

    def standing(self) -> Standing:
        """Return what was said."""
        given = self.cleaned_data
        return Standing(
            state=given["state"],
            reason=given["reason"],
            instead=given["instead"],
            need=given.get("need", ""),
            figure=given.get("figure", ""),
            since=given["since"],
            review_on=given["review_on"],
            owner=self.people.get(given["owner"]),
            due_on=given["due_on"],
            standard_said={"yes": True, "no": False}.get(given.get("standard_said", "")),
        )


class ItemForm(ChoosingForm):
    """Something that every hub must offer, in plain words."""

    name = PlainTextField(label="What is it called?", max_length=120)
    words = PlainTextField(
        label="What is it?", help_text="As you would say it to a parent.", lines=True, rows=3, max_length=1000
    )  # fmt: skip
    who_for = PlainTextField(label="Who is it for?", max_length=300)
    standard = PlainTextField(
        label="What standard must every hub meet?",
        help_text="For example: somebody is in touch within five working days.",
        max_length=300,
    )
    indicator = forms.ChoiceField(
        label="Which figure shows whether it is met?",
        required=False,
        help_text="Where none does, the hub says so itself, and the board says that it does.",
    )
    at_least = forms.IntegerField(
        label="Met from how many per cent?", min_value=1, max_value=100, required=False
    )
    at_most = forms.IntegerField(
        label="Or met up to how many days?",
        help_text="Of a figure that is a number of days: half of all take no longer than its median.",
        min_value=1,
        max_value=366,
        required=False,
    )
    every = forms.ChoiceField(
        label="Or how often must it be held?",
        required=False,
        choices=[("", "Not measured"), *CoreItem.Every.choices],
        help_text="Counted from the registers of the hubs’ groups; where there are none, from the times in the directory.",
    )
    term_time_only = forms.BooleanField(label="In term time only", required=False)
    entry_shows = forms.MultipleChoiceField(
        label="What must its entry in the directory show?",
        required=False,
        choices=CoreItem.Entry.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    order = forms.IntegerField(label="Place in the list", min_value=0, max_value=999, initial=10)
    layout = {"at_least": {"width": 3}, "at_most": {"width": 3}, "order": {"width": 3}}

    def __init__(self, *args: Any, figures: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.offer("indicator", [("", "None: the hub says so"), *figures])

    def clean(self) -> dict[str, Any]:
        """Ask how much is enough where a figure is chosen, and the other way round."""
        given = super().clean() or self.cleaned_data
        counted = given.get("indicator") or given.get("every")
        if given.get("indicator") and given.get("every"):
            self.add_error("every", "Choose a figure or how often, not both.")
        if {"at_least", "at_most"} & set(self.errors):
            return given
        limits = [given.get("at_least"), given.get("at_most")]
        if given.get("at_most") and given.get("every"):
            self.add_error("at_most", "Leave out the days. How often it is held is a per cent.")
        elif counted and not any(limits):
            self.add_error("at_least", "Enter from how many per cent the standard is met.")
        if any(limits) and not counted:
            self.add_error("indicator", "Choose a figure or how often, or leave out the number.")
        return given


class ConsultForm(forms.Form):
    """With whom a version is spoken about."""

    on = DateField(label="Out for consultation since")
    whom = PlainTextField(label="With whom?", max_length=300)


class AgreeForm(forms.Form):
    """Who agreed a version, and from when it holds."""

    on = DateField(label="When was it agreed?")
    agreed_by = PlainTextField(
        label="Who agreed it?", help_text="For example: Cabinet", max_length=200
    )
    in_force_from = DateField(label="In force from")


class NotOfferedForm(ChoosingForm):
    """Something that people ask for and do not get."""

    title = PlainTextField(label="What do people ask for?", max_length=160)
    words = PlainTextField(
        label="Why is it not offered?", help_text="Everybody reads it.", lines=True, rows=3, max_length=1000
    )  # fmt: skip
    hub = forms.ChoiceField(label="Where?", required=False)
    synonyms = PlainTextField(
        label="Other words that people use for it", help_text="With commas between.", max_length=300, required=False
    )  # fmt: skip
    instead = PlainTextField(
        label="Where can they go instead?", lines=True, rows=2, max_length=1000, required=False
    )
    services = forms.CharField(
        label="Services to show instead",
        help_text="The last part of their address on Find help; one on each line.",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    review_on = DateField(label="When is this looked at again?")
    until = DateField(
        label="Until", help_text="Leave it empty while it is not offered.", required=False
    )

    def __init__(self, *args: Any, hubs: Sequence[Hub], everywhere: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        self.hubs = {hub.slug: hub for hub in hubs}
        first = [("", "Anywhere in the county")] if everywhere else []
        self.offer("hub", [*first, *((slug, hub.name) for slug, hub in self.hubs.items())])
        self.fields["hub"].required = not everywhere

    def clean_services(self) -> tuple[Service, ...]:
        """Find the services."""
        found = []
        for line in self.cleaned_data["services"].split():
            try:
                service = queries.find_published(UUID(line.rstrip("/").rsplit("/", 1)[-1]))
            except ValueError:
                service = None
            if service is None:
                raise ValidationError(f"There is no listed service at {line[:80]}.")
            found.append(service)
        return tuple(found)

    def details(self) -> Absence:
        """Return what was said."""
        given = self.cleaned_data
        return Absence(
            title=given["title"],
            words=given["words"],
            hub=self.hubs.get(given["hub"]),
            synonyms=tuple(word.strip() for word in given["synonyms"].split(",") if word.strip()),
            instead=given["instead"],
            services=given["services"],
            review_on=given["review_on"],
            until=given["until"],
        )
