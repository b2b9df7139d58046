"""Forms for those who keep the directory."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kith.directory import ages, queries
from kith.directory.actions import Giver, Times, Told, Where
from kith.directory.models import Access, Place, Provider, Schedule, Service, Term
from kith.hubs.models import Hub, Weekday
from kith.ui.fields import ChoosingForm, ClockField, DateField, PlainTextField

Every = Schedule.Every
YES_NO = [("", "Not known"), ("yes", "Yes"), ("no", "No")]


class FilterForm(forms.Form):
    """What to list."""

    q = PlainTextField(label="Name, provider or place", max_length=100, required=False)
    only = forms.ChoiceField(
        label="Show",
        choices=[
            ("", "All that run"),
            ("stale", "Not checked for three months"),
            ("drafts", "Drafts, which nobody else sees"),
            ("ended", "Ended"),
        ],
        required=False,
    )


class ServiceForm(ChoosingForm):
    """What is said of a service."""

    name = PlainTextField(label="What is it called?", max_length=200)
    also_called = PlainTextField(label="Also called", max_length=200, required=False)
    provider = forms.ChoiceField(
        label="Who gives it?", error_messages={"required": "Choose who gives it"}
    )
    description = PlainTextField(
        label="What is it?", help_text="As you would say it to a parent.", lines=True, rows=4, max_length=2000
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label="What kind of help is it?", widget=forms.CheckboxSelectMultiple, required=False
    )
    targets = forms.MultipleChoiceField(
        label="Is it for some people above all?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    youngest = PlainTextField(
        label="From which age?", help_text="For example: 7, or 18 months. Empty: from birth.", max_length=20, required=False
    )  # fmt: skip
    oldest = PlainTextField(
        label="Up to which age?", help_text="The whole year counts: 4 is until the fifth birthday.", max_length=20, required=False
    )  # fmt: skip
    who_for = PlainTextField(
        label="Who is it for?", lines=True, rows=2, max_length=1000, required=False
    )
    not_for = PlainTextField(
        label="Who is it not for?", lines=True, rows=2, max_length=1000, required=False
    )
    route = forms.ChoiceField(
        label="How does somebody get it?", choices=Service.Route.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose how somebody gets it"},
    )  # fmt: skip
    how_to_ask = PlainTextField(
        label="What should they say or bring?", lines=True, rows=2, max_length=1000, required=False
    )
    phone = PlainTextField(label="Telephone", max_length=40, required=False)
    email = forms.EmailField(
        label="E-mail", help_text="Of the group, never of a person.", required=False
    )
    url = forms.URLField(label="Website", assume_scheme="https", max_length=500, required=False)
    status = forms.ChoiceField(
        label="Does it run?",
        choices=Service.Status.choices,
        widget=forms.RadioSelect,
        initial="active",
    )
    alert = PlainTextField(label="What must people know today?", max_length=300, required=False)
    taking = forms.ChoiceField(
        label="Can somebody new come?",
        choices=Service.Taking.choices,
        widget=forms.RadioSelect,
        initial="open",
    )
    taking_until = DateField(label="Until when is that known?", required=False)
    free = forms.ChoiceField(label="Is it free?", choices=YES_NO, required=False)
    cost = PlainTextField(
        label="What does it cost?", lines=True, rows=2, max_length=500, required=False
    )
    languages = PlainTextField(
        label="In which languages?",
        help_text="With commas between.",
        max_length=300,
        required=False,
    )
    interpreters = PlainTextField(label="Interpreters", max_length=200, required=False)
    accreditations = PlainTextField(
        label="Accredited by", lines=True, rows=2, max_length=500, required=False
    )
    area_names = PlainTextField(
        label="Only for people who live in", help_text="Districts, with commas between. Empty: for everybody.", max_length=300, required=False
    )  # fmt: skip
    professional_only = forms.BooleanField(label="Only professionals find it", required=False)
    published = forms.BooleanField(label="Publish it", required=False)
    layout = {
        "kinds": {"small": True, "folded": True},
        "targets": {"small": True},
        "youngest": {"width": 10},
        "oldest": {"width": 10},
    }

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.givers = {str(one.uid): one for one in queries.providers()}
        self.terms: dict[str, Term] = {
            one.code: one for one in (*queries.terms("category"), *queries.terms("target"))
        }
        if "provider" in self.fields:
            self._offer_givers()
        self.offer("kinds", queries.terms_to_choose("category"))
        self.offer("targets", queries.terms_to_choose("target"))

    def _offer_givers(self) -> None:
        self.offer(
            "provider", [("", "Choose"), *((uid, one.name) for uid, one in self.givers.items())]
        )

    def clean_youngest(self) -> int | None:
        """Read the first month."""
        return self._age("youngest", 0)

    def clean_oldest(self) -> int | None:
        """Read the last month."""
        return self._age("oldest", 1)

    def _age(self, name: str, end: int) -> int | None:
        text = self.cleaned_data[name]
        try:
            return ages.read(text)[end] if text.strip() else None
        except ages.NotAnAge as problem:
            raise ValidationError(str(problem)) from None

    def details(self) -> Told:
        """Return what was said."""
        given = self.cleaned_data
        same = (
            "name", "also_called", "description", "who_for", "not_for", "route", "how_to_ask", "phone", "email",
            "url", "status", "alert", "taking", "taking_until", "cost", "interpreters", "accreditations",
            "professional_only", "published",
        )  # fmt: skip
        return Told(
            provider=self.givers[given["provider"]],
            terms=tuple(self.terms[code] for code in (*given["kinds"], *given["targets"])),
            from_months=given["youngest"],
            to_months=given["oldest"],
            free={"yes": True, "no": False}.get(given["free"]),
            languages=_parts(given["languages"]),
            area_names=_parts(given["area_names"]),
            **{name: given[name] for name in same},
        )


def said_of(service: Service) -> dict[str, Any]:
    """Return what a form about a service begins with."""
    names = [name for name in ServiceForm.base_fields if hasattr(service, name)]
    terms = [tag.term for tag in service.tags.all()]
    return {name: getattr(service, name) for name in names} | {
        # Whoever changes what is hidden has checked it: then it is read again.
        "published": service.published or service.hidden_on is not None,
        "provider": str(service.provider.uid),
        "kinds": [term.code for term in terms if term.taxonomy == Term.Taxonomy.CATEGORY],
        "targets": [term.code for term in terms if term.taxonomy == Term.Taxonomy.TARGET],
        "youngest": ages.typed(service.from_months),
        "oldest": ages.typed(service.to_months, last=True),
        "free": {True: "yes", False: "no"}.get(service.free, ""),  # type: ignore[arg-type]
        "languages": ", ".join(service.languages),
        "area_names": ", ".join(service.area_names),
    }


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


class ProviderForm(forms.Form):
    """Who gives services."""

    name = PlainTextField(label="Name", max_length=200)
    description = PlainTextField(label="Who are they?", lines=True, rows=3, max_length=1000)
    website = forms.URLField(label="Website", assume_scheme="https", max_length=500, required=False)
    email = forms.EmailField(label="E-mail that everybody may read", required=False)
    charity_number = PlainTextField(label="Charity number", max_length=20, required=False)
    keeper_email = forms.EmailField(
        label="Whom do we ask whether it is still true?", help_text="Not shown to anybody else. A shared mailbox, if there is one.", required=False
    )  # fmt: skip

    def details(self) -> Giver:
        """Return what was said."""
        return Giver(**self.cleaned_data)


class PlaceForm(ChoosingForm):
    """Where services are given."""

    name = PlainTextField(label="What is the place called?", max_length=200)
    kind = forms.ChoiceField(
        label="What is it?", choices=Place.Kind.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )  # fmt: skip
    shown = forms.ChoiceField(
        label="How much of the address may everybody know?", choices=Place.Shown.choices,
        widget=forms.RadioSelect, initial="full",
    )  # fmt: skip
    address = PlainTextField(
        label="Address", help_text="Without town and postcode.", max_length=300, required=False
    )
    town = PlainTextField(label="Town or village", max_length=100, required=False)
    postcode = PlainTextField(label="Postcode", max_length=10, required=False)
    transport = PlainTextField(
        label="How to get there", lines=True, rows=2, max_length=500, required=False
    )
    access = forms.MultipleChoiceField(
        label="What is there?",
        choices=Access.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    hub = forms.ChoiceField(label="Is it a hub’s own?", required=False)
    hints = {
        "shown": {
            "area": "The map shows the middle of the neighbourhood, and only the first half of the postcode is kept.",
            "on_request": "Nothing is shown; those who keep the directory see it.",
            "never": "Nothing is kept by which it could be found.",
        }
    }
    layout = {"postcode": {"width": 10}, "access": {"small": True}}

    def __init__(self, *args: Any, hubs: Sequence[Hub], **named: Any) -> None:
        super().__init__(*args, **named)
        self.hubs = {hub.slug: hub for hub in hubs}
        self.offer("hub", [("", "No"), *((slug, hub.name) for slug, hub in self.hubs.items())])

    def details(self) -> Where:
        """Return what was said."""
        given = dict(self.cleaned_data)
        return Where(
            **given | {"hub": self.hubs.get(given["hub"]), "access": tuple(given["access"])}
        )


class AtPlaceForm(PlaceForm):
    """At which place a service is given: one that is known, or a new one, told of here."""

    which = forms.ChoiceField(
        label="Which place is it?",
        choices=[("known", "One that the directory has"), ("new", "A new place")],
        widget=forms.RadioSelect,
        initial="known",
    )
    place = forms.ChoiceField(label="Where?", required=False)
    words = PlainTextField(
        label="Where in it?",
        help_text="For example: the room behind the library.",
        max_length=300,
        required=False,
    )
    field_order = ("which", "place")
    reveals = {"which": {"known": ["place"], "new": list(PlaceForm.base_fields)}}

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name in PlaceForm.base_fields:
            self.fields[name].required = False
        self.places = {str(place.uid): place for place in queries.places()}
        shown = (
            (uid, ", ".join(dict.fromkeys(part for part in (one.name, one.town) if part)))
            for uid, one in self.places.items()
        )
        self.offer("place", [("", "Choose"), *shown])

    def clean(self) -> dict[str, Any]:
        """Ask for the place, or for what a new one must have."""
        given = super().clean() or self.cleaned_data
        needed = {"name": "Enter what the place is called.", "kind": "Choose what it is."}
        if given.get("which") == "known":
            needed = {"place": "Choose where, or choose “A new place”."}
        for name, message in needed.items():
            if not given.get(name) and name not in self.errors:
                self.add_error(name, message)
        return given

    def known(self) -> Place | None:
        """Return the place that was chosen; None where it is a new one."""
        given = self.cleaned_data
        return self.places[given["place"]] if given["which"] == "known" else None

    def details(self) -> Where:
        """Return what was said of a new place."""
        given = {name: self.cleaned_data[name] for name in PlaceForm.base_fields}
        given |= {"hub": self.hubs.get(given["hub"]), "access": tuple(given["access"])}
        return Where(**given | {"shown": given["shown"] or Place.Shown.FULL})


class TimesForm(ChoosingForm):
    """When a service is held."""

    every = forms.ChoiceField(
        label="How often?", choices=Every.choices, widget=forms.RadioSelect, initial="week"
    )
    weekday = forms.TypedChoiceField(
        label="On which day?", choices=[("", "Choose"), *Weekday.choices], coerce=int, empty_value=None, required=False
    )  # fmt: skip
    nth = forms.TypedChoiceField(
        label="Which one of the month?", choices=[("", "Choose"), *Schedule.Nth.choices], coerce=int, empty_value=None, required=False
    )  # fmt: skip
    opens = ClockField(label="From", help_text="For example: 10am", required=False)
    closes = ClockField(label="To", help_text="For example: 11.30am", required=False)
    since = DateField(
        label="First day",
        help_text="Every two weeks: one of the days. Once: the day.",
        required=False,
    )
    until = DateField(label="Last day", help_text="Empty while no end is known.", required=False)
    term_time_only = forms.BooleanField(label="In school terms only", required=False)
    bank_holidays = forms.BooleanField(label="Held on bank holidays too", required=False)
    held = forms.ChoiceField(label="At which place?", required=False)
    words = PlainTextField(label="Anything else about the times?", max_length=300, required=False)
    reveals = {"every": {"month_day": ["nth"]}}
    layout = {"opens": {"width": 5}, "closes": {"width": 5}}

    def __init__(self, *args: Any, service: Service | None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.rooms = {str(one.uid): one for one in service.at_places.all()} if service else {}
        rooms = ((uid, str(one.place)) for uid, one in self.rooms.items())
        self.offer("held", [("", "Wherever it is"), *rooms])

    def details(self) -> dict[str, Any]:
        """Return what was said: the times, and at which place."""
        given = dict(self.cleaned_data)
        held = self.rooms.get(given.pop("held"))
        return {"details": Times(**given), "held": held}


class CallOffForm(forms.Form):
    """A day on which a service is not held."""

    day = DateField(label="On which day is it not held?")
    words = PlainTextField(label="Why?", max_length=200, required=False)


def of_provider(known: Provider) -> dict[str, Any]:
    """Return what a form about a provider begins with."""
    return {name: getattr(known, name) for name in ProviderForm.base_fields}


def of_place(known: Place) -> dict[str, Any]:
    """Return what a form about a place begins with."""
    found = {name: getattr(known, name) for name in PlaceForm.base_fields}
    return found | {"hub": known.hub.slug if known.hub else ""}


class CheckingForm(ChoosingForm):
    """What needs checking, to list."""

    q = PlainTextField(label="Name, provider or place", max_length=100, required=False)
    only = forms.ChoiceField(
        label="Show",
        choices=[
            ("", "All that need checking"),
            ("due", "Due within a fortnight"),
            ("overdue", "Overdue"),
            ("hidden", "Hidden"),
        ],
        required=False,
    )
    hub = forms.ChoiceField(label="Given at", required=False)

    def __init__(self, *args: Any, hubs: Iterable[Hub], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("hub", [("", "Any place"), *((hub.slug, hub.name) for hub in hubs)])


class HidingForm(forms.Form):
    """When nobody reads any more what nobody confirmed."""

    months = forms.ChoiceField(
        label="After how many months is an entry hidden that nobody has confirmed?",
        help_text="Whoever gives the service is asked from two and a half months on, and has two weeks’ warning.",
        choices=[*((str(number), f"{number} months") for number in range(4, 25)), ("never", "Never")],
        error_messages={"required": "Choose after how many months, or never"},
    )  # fmt: skip

    def chosen(self) -> int | None:
        """Return the number of months; None for never."""
        chosen = self.cleaned_data["months"]
        return None if chosen == "never" else int(chosen)
