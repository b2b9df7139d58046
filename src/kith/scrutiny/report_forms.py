"""Forms for papers that write themselves: the report of a review, information updates."""

from django import forms

from kith.scrutiny.updates import UPDATES
from kith.ui.fields import ChoosingForm, PlainTextField


class IntroductionForm(forms.Form):
    """What a report begins with."""

    words = PlainTextField(
        label="Introduction",
        help_text="Why the committee looked into this, and how. A line for each paragraph. Without it the report "
        "begins with the aim of the review.",
        lines=True,
        rows=6,
        max_length=10_000,
        required=False,
    )


class PutForm(ChoosingForm):
    """The item under which a report is put."""

    item = forms.ChoiceField(label="Under which item of a coming meeting?")


class UpdateForm(forms.Form):
    """What an information update is about."""

    about = forms.ChoiceField(
        label="What is the update about?",
        choices=[("", "Choose one"), *((key, one.name) for key, one in UPDATES.items())],
    )


class AgainForm(forms.Form):
    """Why there is another edition."""

    because = PlainTextField(label="What changed?", max_length=300)
