"""What is asked about visits."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kith.casework.forms import ClockField
from kith.casework.models import Case
from kith.ui.fields import DateField, PlainTextField


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
