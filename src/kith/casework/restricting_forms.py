"""What is asked to keep a record, or an address, to named people."""

from collections.abc import Iterable
from typing import Any

from django import forms

from kith.accounts.models import User
from kith.families.models import Restriction
from kith.ui.fields import PlainTextField


class _Naming(forms.Form):
    def __init__(self, *args: Any, people: Iterable[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.users = {str(person.pk): person for person in people}

    def offer(self, name: str, *, empty: bool = False) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        choices = [
            (key, f"{person.name}, {person.job_title}" if person.job_title else person.name)
            for key, person in self.users.items()
        ]
        field.choices = [("", "Choose"), *choices] if empty else choices


class RestrictForm(_Naming):
    reason = forms.ChoiceField(
        label="Why?",
        choices=Restriction.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why"},
    )
    words = PlainTextField(
        label="In your words",
        help_text="Those named read this, and the data protection officer. Do not write the address.",
        lines=True,
        rows=3,
        max_length=1000,
        error_messages={"required": "Write why"},
    )
    people = forms.MultipleChoiceField(
        label="Who may see it?",
        help_text="Only people who could see the family already. Name whoever works with it.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Name at least one person who may see it"},
    )
    layout = {"reason": {"small": True}, "people": {"small": True}}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("people")

    def named(self) -> list[User]:
        """Return the people chosen."""
        return [self.users[key] for key in self.cleaned_data["people"]]


class NumberForm(forms.Form):
    reference = PlainTextField(
        label="Number of the family",
        help_text="For example, F-004217",
        max_length=12,
        error_messages={"required": "Write the number of the family"},
    )
    layout = {"reference": {"width": 10}}


class NameForm(_Naming):
    person = forms.ChoiceField(
        label="Who may see it too?", error_messages={"required": "Choose a person"}
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("person", empty=True)


class LiftForm(forms.Form):
    words = PlainTextField(
        label="Why need it not be kept to named people any more?",
        max_length=300,
        error_messages={"required": "Write why"},
    )
