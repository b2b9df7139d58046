"""Forms about partner organisations."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kith.partners.actions import Details
from kith.partners.models import Organisation
from kith.places.queries import NotAPostcode, NotInTheCounty, find_postcode
from kith.ui.fields import PlainTextField

Kind, Phase = Organisation.Kind, Organisation.Phase


class FilterForm(forms.Form):
    """What to list."""

    q = PlainTextField(label="Name, place or school number", max_length=100, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("", "Any"), *Kind.choices], required=False)
    phase = forms.ChoiceField(
        label="Phase of school", choices=[("", "Any"), *Phase.choices], required=False
    )
    only = forms.ChoiceField(
        label="Show",
        choices=[
            ("", "All that we work with"),
            ("takes", "Those that take requests"),
            ("team", "Those whose people sign in"),
            ("past", "Those that we no longer work with"),
        ],
        required=False,
    )
    mark_optional = False


class PartnerForm(forms.Form):
    """What is said about a partner."""

    name = PlainTextField(label="Name", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose a kind"), *Kind.choices])
    phase = forms.ChoiceField(
        label="Phase",
        help_text="For schools only.",
        choices=[("", "None"), *Phase.choices],
        required=False,
    )
    urn = forms.IntegerField(
        label="Number in the register of schools (URN)",
        help_text="Six digits. For schools only.",
        min_value=100_000,
        max_value=999_999,
        required=False,
        error_messages={
            "min_value": "Enter a number of six digits.",
            "max_value": "Enter a number of six digits.",
        },
    )
    address = PlainTextField(label="Address", lines=True, rows=3, max_length=500, required=False)
    postcode = PlainTextField(label="Postcode", max_length=40, required=False)
    phone = PlainTextField(label="Telephone", max_length=40, required=False)
    email = forms.EmailField(label="E-mail address", max_length=254, required=False)
    takes_requests = forms.BooleanField(
        label="The county desk may send requests on to it", required=False
    )
    active = forms.BooleanField(label="We work with it now", required=False, initial=True)
    layout = {"postcode": {"width": 10}, "phone": {"width": 20}, "urn": {"width": 10}}

    def clean_postcode(self) -> str:
        """Return a postcode of the county."""
        text: str = self.cleaned_data["postcode"]
        if not text:
            return ""
        try:
            return str(find_postcode(text))
        except (NotAPostcode, NotInTheCounty) as problem:
            raise ValidationError(str(problem)) from None

    def clean(self) -> dict[str, Any]:
        """Refuse a phase or a school's number for what is no school."""
        data = super().clean() or {}
        if data.get("kind") and data["kind"] != Kind.SCHOOL:
            for name in ("phase", "urn"):
                if data.get(name):
                    self.add_error(name, "Only a school has this. Leave it empty.")
        return data

    def details(self) -> Details:
        """Return what was filled in. Call it once the form is valid."""
        return Details(**self.cleaned_data)
