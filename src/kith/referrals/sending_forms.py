"""What is asked when a family is told of services, and of how it went."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kith.families.queries import Member
from kith.referrals.sendings import HOW, OPEN, OUTCOMES
from kith.ui.fields import ChoosingForm, DateField, PlainTextField

ASK = "Leave it empty if there is nothing to ask."


class SignpostForm(ChoosingForm):
    """Of which services a family was told, for whom, and how."""

    services = forms.MultipleChoiceField(
        label="Services",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one service"},
    )
    person = forms.ChoiceField(label="Who is it for?", required=False)
    how = forms.ChoiceField(
        label="How did you tell them?",
        choices=HOW,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you told them"},
    )
    words = PlainTextField(
        label="Why, and what was said", lines=True, rows=3, max_length=2000, required=False
    )
    ask_on = DateField(label="When will you ask how it went?", help_text=ASK, required=False)
    layout = {"how": {"small": True}, "person": {"optional": False}, "ask_on": {"optional": False}}

    def __init__(
        self, *args: Any, services: Sequence[Any], people: Sequence[Member], **named: Any
    ) -> None:
        super().__init__(*args, **named)
        self.offered = {str(one.uid): one for one in services}
        self.people = {str(member.person.pk): member.person for member in people}
        self.offer(
            "services",
            [(key, f"{one.name} ({one.provider.name})") for key, one in self.offered.items()],
        )
        whole = [("", "The whole family")]
        self.offer("person", whole + [(str(one.person.pk), one.name) for one in people])

    def answers(self) -> dict[str, Any]:
        """Return what was answered, as the action takes it; call it on a valid form."""
        given = self.cleaned_data
        return given | {
            "services": [self.offered[key] for key in given["services"]],
            "person": self.people.get(given["person"]),
        }


class HowItWentForm(forms.Form):
    """How it went with a service."""

    outcome = forms.ChoiceField(
        label="How did it go?",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it went"},
    )
    ask_on = DateField(label="When will you ask again?", help_text=ASK, required=False)
    on = DateField(label="On which day did you know?", past=True)
    words = PlainTextField(
        label="What did they say?", lines=True, rows=3, max_length=2000, required=False
    )
    field_order = ["outcome", "on", "words", "ask_on"]
    layout = {"ask_on": {"optional": False}}

    def clean(self) -> dict[str, Any]:
        """Forget a day to ask again where there is nothing left to ask."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("outcome") not in OPEN:
            answers["ask_on"] = None
            self.errors.pop("ask_on", None)
        return answers
