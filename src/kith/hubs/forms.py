"""Forms about hubs."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kith.hubs.calendar import EVERY_DAY
from kith.hubs.models import Promise
from kith.hubs.queries import all_hubs, people_for_posts
from kith.places.queries import NotAPostcode, NotInTheCounty, find_postcode
from kith.ui.fields import DateField, PlainTextField

NO_HUB = "none"


class PostcodeField(PlainTextField):
    """A postcode of the county, however it is typed; the value is its tidy form."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Postcode")
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return str(find_postcode(text))
        except (NotAPostcode, NotInTheCounty) as problem:
            raise ValidationError(str(problem)) from None


class HubForm(forms.Form):
    """What is said about a hub."""

    name = PlainTextField(label="Name", max_length=100)
    address = PlainTextField(label="Address", lines=True, rows=3, max_length=500, required=False)
    postcode = PostcodeField()
    premises = PlainTextField(
        label="Premises",
        help_text="Rooms, steps and lifts, parking: what a family needs to know.",
        lines=True,
        rows=4,
        max_length=2000,
        required=False,
    )
    shares_with = PlainTextField(
        label="Shares the premises with",
        help_text="For example, a library. Leave empty when the hub has premises of its own.",
        max_length=200,
        required=False,
    )
    opening_hours = PlainTextField(
        label="Opening hours", lines=True, rows=3, max_length=500, required=False
    )
    phone = PlainTextField(label="Telephone", max_length=40, required=False)
    email = forms.EmailField(label="E-mail address", max_length=254, required=False)
    layout = {"postcode": {"width": 10}, "phone": {"width": 20}}


class PostForm(forms.Form):
    """A person's post at a hub."""

    user: forms.ModelChoiceField = forms.ModelChoiceField(
        label="Person", queryset=None, help_text="People with an account at a hub or the county."
    )
    title = PlainTextField(label="Post", help_text="For example, family worker", max_length=100)
    hours_a_week = forms.DecimalField(
        label="Hours a week", min_value=0.5, max_value=60, max_digits=4, decimal_places=1
    )
    families_at_once = forms.IntegerField(
        label="Families at once, at most",
        help_text="How many families this person can work with at the same time.",
        min_value=0,
        max_value=100,
    )
    since = DateField(label="From")
    until = DateField(
        label="Until",
        help_text="The day after the last day. Leave empty while the post is held.",
        required=False,
    )
    layout = {"hours_a_week": {"width": 4}, "families_at_once": {"width": 4}}

    def __init__(self, *args: Any, whose: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if whose is not None:
            del self.fields["user"]
        else:
            self.fields["user"].queryset = people_for_posts()  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """The day from which areas change."""

    since = DateField(label="From which day?")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        options.setdefault("initial", {"since": today})
        super().__init__(*args, **options)
        self.today = today

    def clean_since(self) -> date:
        """Refuse days too far away to be meant."""
        since: date = self.cleaned_data["since"]
        if since > self.today + timedelta(days=366):
            raise ValidationError("Choose a day within a year from today.")
        if since < date(2012, 1, 1):
            raise ValidationError("Choose a day from 2012 on.")
        return since


class MoveForm(DayForm):
    """Neighbourhoods that go to a hub from a day on."""

    neighbourhoods = forms.MultipleChoiceField(
        label="Which neighbourhoods move?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one neighbourhood."},
    )
    hub = forms.ChoiceField(label="To which hub?")
    field_order = ["neighbourhoods", "hub", "since"]
    layout = {"neighbourhoods": {"small": True}}

    def __init__(self, *args: Any, places: list[tuple[str, str]], not_to: str, **options: Any):
        super().__init__(*args, **options)
        self.fields["neighbourhoods"].choices = places  # type: ignore[attr-defined]
        self.fields["hub"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a hub"),
            *((hub.slug, hub.name) for hub in all_hubs() if hub.slug != not_to),
            (NO_HUB, "No hub for now"),
        ]


class PromisesForm(forms.Form):
    """How soon the county does things."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, label in Promise.Key.choices:
            every_day = key in EVERY_DAY
            self.fields[key] = forms.IntegerField(
                label=label.replace(" (days, not working days)", ""),
                help_text="In days, weekends too." if every_day else "In working days.",
                min_value=1,
                max_value=366 if every_day else 60,
            )
        self.layout = {key: {"width": 3} for key in Promise.Key.values}


class ClosedDayForm(forms.Form):
    """A day that does not count as a working day."""

    day = DateField(label="Day")
    name = PlainTextField(label="Why", help_text="For example, county training day", max_length=100)

    def clean_day(self) -> date:
        """Refuse days that cannot be meant."""
        day: date = self.cleaned_data["day"]
        if not date(2012, 1, 1) <= day <= date(2100, 1, 1):
            raise ValidationError("Choose a day between 2012 and 2100.")
        return day
