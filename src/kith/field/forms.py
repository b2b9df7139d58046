"""What is asked about visits."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from kith.casework.models import Case, Contact
from kith.field.models import Reason
from kith.ui.fields import ClockField, DateField, PlainTextField


class VisitForm(forms.Form):
    """Whom somebody means to visit, and when."""

    case = forms.ChoiceField(
        label="Whom do you visit?", error_messages={"required": "Choose a family"}
    )
    on = DateField(label="On which day?")
    starts = ClockField(label="At what time?", help_text="For example, 14:30", required=False)
    words = PlainTextField(label="What for?", max_length=200, required=False)
    layout = {"starts": {"width": 5}}

    def __init__(self, *args: Any, cases: Sequence[Case], **options: Any) -> None:
        super().__init__(*args, **options)
        self.cases = {case.reference: case for case in cases}
        self.fields["case"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a family"),
            *((case.reference, f"{case.family.name}, {case.reference}") for case in cases),
        ]


# What a person may choose; the rest is said by what happened.
REASONS = [
    (reason.value, reason.label)
    for reason in Reason
    if reason not in (Reason.CLOSED, Reason.MOVED, Reason.EARLIER)
]


class CameOfItForm(forms.Form):
    """What came of a visit that was planned."""

    came = forms.ChoiceField(
        label="What came of it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what came of it"},
    )
    reason = forms.ChoiceField(
        label="Why not?", choices=REASONS, widget=forms.RadioSelect, required=False
    )
    why = PlainTextField(label="In words", max_length=300, required=False)
    layout = {"reason": {"small": True, "optional": False}}

    def __init__(
        self, *args: Any, contacts: Sequence[Contact], to_come: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.contacts = {str(contact.pk): contact for contact in contacts}
        not_made = "It will not be made" if to_come else "It was not made"
        self.fields["came"].choices = [  # type: ignore[attr-defined]
            *((key, _contact(contact)) for key, contact in self.contacts.items()),
            ("not_made", not_made),
        ]
        self.reveals = {"came": {"not_made": ["reason", "why"]}}
        if not contacts:
            self.initial.setdefault("came", "not_made")

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("came") == "not_made":
            if not answers.get("reason") and "reason" not in self.errors:
                self.add_error("reason", "Choose why it was not made")
            elif answers.get("reason") == Reason.OTHER and not answers.get("why"):
                self.add_error("why", "Write why it was not made")
        return answers


def _contact(contact: Contact) -> str:
    when = timezone.localtime(contact.at)
    whom = f"with {contact.with_whom}" if contact.succeeded else "nobody reached"
    return f"{contact.get_how_display()}, {when:%-d %B at %H:%M}, {whom}"
