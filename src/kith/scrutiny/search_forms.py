"""The search through what the committees published."""

from django import forms

from kith.scrutiny.models import Published
from kith.ui.fields import ChoosingForm, DateField, PlainTextField


class SearchForm(ChoosingForm):
    """What somebody looks for."""

    q = PlainTextField(
        label="Words",
        help_text="“In quotes” together; a minus before a word leaves it out.",
        max_length=200,
        required=False,
    )
    kind = forms.ChoiceField(
        label="Only", choices=[("", "Everything"), *Published.Kind.choices], required=False
    )
    committee = forms.ChoiceField(label="Committee", required=False)
    since = DateField(label="From", required=False)
    until = DateField(label="To", required=False)
