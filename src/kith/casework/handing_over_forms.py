"""What is asked when a case goes from one hub to another."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kith.casework.forms import GiveForm
from kith.casework.still_open_forms import StillOpenForm
from kith.hubs.models import Hub
from kith.ui.fields import PlainTextField


class OfferForm(forms.Form):
    """To which hub, why, where things stand, and what the family knows."""

    hub = forms.TypedChoiceField(
        label="Which hub?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a hub"},
    )
    reason = PlainTextField(
        label="Why does another hub take over?",
        help_text="For the record. Whoever sent the request is told that another hub took over, and "
        "not why.",
        lines=True,
        rows=3,
        max_length=2000,
        error_messages={"required": "Write why another hub takes over"},
    )
    stands = PlainTextField(
        label="Where do things stand?",
        help_text="What you know of the family that is not in the plan: what works, what worries "
        "you, how to begin. It begins with the goals that are in hand; change it as you like.",
        lines=True,
        rows=7,
        max_length=6000,
        error_messages={"required": "Write where things stand with the family"},
    )
    due = PlainTextField(
        label="What is due?",
        help_text="It begins with the open actions and the next review.",
        lines=True,
        rows=5,
        max_length=4000,
        required=False,
    )
    family_knows = forms.ChoiceField(
        label="Does the family know?",
        choices=[("yes", "Yes"), ("no", "No, not yet")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the family knows"},
    )
    told = PlainTextField(
        label="What was the family told, and what did they say?",
        lines=True,
        rows=3,
        max_length=2000,
        required=False,
    )
    why_not_told = PlainTextField(
        label="Why does the family not know yet, and who tells them when?",
        lines=True,
        rows=3,
        max_length=2000,
        required=False,
    )
    reveals = {"family_knows": {"yes": ["told"], "no": ["why_not_told"]}}

    def __init__(self, *args: Any, hubs: Sequence[Hub], **options: Any) -> None:
        super().__init__(*args, **options)
        self.hubs = {hub.pk: hub for hub in hubs}
        self.fields["hub"].choices = [(hub.pk, str(hub)) for hub in hubs]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        match answers.get("family_knows"):
            case "yes" if not answers.get("told"):
                self.add_error("told", "Write what the family was told")
            case "no" if not answers.get("why_not_told"):
                self.add_error("why_not_told", "Write why the family was not told")
        return answers

    @property
    def said(self) -> dict[str, Any]:
        """What was answered, as `offer_case` takes it."""
        answers = dict(self.cleaned_data)
        knows = answers.pop("family_knows") == "yes"
        told, why_not = answers.pop("told"), answers.pop("why_not_told")
        return {
            **answers,
            "hub": self.hubs[answers["hub"]],
            "family_knows": knows,
            "told": told if knows else why_not,
        }


class TakeOverForm(StillOpenForm, GiveForm):
    """Which worker takes a case over, and what becomes of visits and places."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, again=False, **options)
        self.fields["worker"].label = "Who will work with the family?"


class AnswerForm(forms.Form):
    """Why a case is not taken over, or stays."""

    reason = PlainTextField(
        lines=True,
        rows=4,
        max_length=2000,
    )

    def __init__(self, *args: Any, asked: str, missing: str, hint: str, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["reason"]
        field.label, field.help_text = asked, hint
        field.error_messages["required"] = missing
