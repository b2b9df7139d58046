"""What is asked of those who look after a hub's work. Each form is one page, one thing."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from kith.casework.intensity import Weight, plain
from kith.casework.models import Case, Intensity
from kith.ui.fields import PlainTextField


class IntensityForm(forms.Form):
    was = forms.CharField(widget=forms.HiddenInput)
    intensity = forms.ChoiceField(
        label="How much work does the family need at present?",
        choices=Intensity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much work the family needs"},
    )
    reason = PlainTextField(
        label="Why?",
        help_text="For colleagues, and so that the family could read it. It stays on the case.",
        max_length=300,
        error_messages={"required": "Write why"},
    )

    def __init__(self, *args: Any, case: Case, weights: Sequence[Weight], **options: Any) -> None:
        options["initial"] = {"was": case.intensity, "intensity": case.intensity}
        super().__init__(*args, **options)
        self.hints = {
            "intensity": {
                one.key: f"{one.meaning} Counts as {plain(one.counts)}." for one in weights
            }
        }


class WeightsForm(forms.Form):
    """As how many usual families one of each intensity counts."""

    def __init__(self, *args: Any, weights: Sequence[Weight], **options: Any) -> None:
        options["initial"] = {one.key: plain(one.counts) for one in weights}
        super().__init__(*args, **options)
        for one in weights:
            self.fields[one.key] = forms.DecimalField(
                label=f"{one.name} counts as",
                help_text=one.meaning,
                min_value=Decimal("0.1"),
                max_value=Decimal(10),
                max_digits=3,
                decimal_places=1,
                error_messages={
                    "required": f"Enter what a family of {one.name.lower()} intensity counts",
                    "invalid": "Enter a number, such as 1.5",
                    "max_decimal_places": "Give one place after the point at most, such as 1.5",
                    "max_digits": "Enter a number from 0.1 to 10, such as 1.5",
                    "max_whole_digits": "Enter a number from 0.1 to 10",
                    "min_value": "Enter 0.1 or more",
                    "max_value": "Enter 10 or less",
                },
            )
        self.layout = {one.key: {"width": 3} for one in weights}
