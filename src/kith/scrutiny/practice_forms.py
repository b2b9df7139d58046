"""What is asked about exemplar practice."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kith.hubs.models import Hub
from kith.ui.fields import ChoosingForm, DateField, PlainTextField


class PracticeForm(ChoosingForm):
    """What works, where, for whom, and what it takes."""

    title = PlainTextField(label="What is it called?", max_length=150)
    what = PlainTextField(label="What is done?", lines=True, rows=4, max_length=2000)
    hub = forms.ChoiceField(label="At which hub?", required=False)
    where = PlainTextField(
        label="Where exactly, or at which other place?", max_length=200, required=False
    )
    for_whom = PlainTextField(label="For whom?", max_length=300, required=False)
    needs = PlainTextField(
        label="What does it take?",
        lines=True,
        rows=3,
        max_length=1000,
        required=False,
        help_text="People, money, premises, partners.",
    )
    shows = PlainTextField(
        label="What shows that it works?", lines=True, rows=3, max_length=2000, required=False
    )
    figure = forms.ChoiceField(
        label="Which figure should move where it is taken up?", required=False
    )
    contact = PlainTextField(
        label="Whom can others ask?",
        max_length=200,
        required=False,
        help_text="A post, such as “Hub manager, Witney”. No name.",
    )

    def __init__(
        self,
        *args: Any,
        hubs: Sequence[Hub],
        figures: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.hubs = {str(hub.pk): hub for hub in hubs}
        self.offer("hub", [("", "No hub"), *((key, str(hub)) for key, hub in self.hubs.items())])
        self.offer("figure", [("", "None"), *figures])

    @property
    def details(self) -> dict[str, Any]:
        """The answers as the actions take them. Call after is_valid()."""
        return {**self.cleaned_data, "hub": self.hubs.get(self.cleaned_data["hub"])}


class TakeUpForm(ChoosingForm):
    """Which hub took it up, and since when."""

    hub = forms.ChoiceField(
        label="Which hub?", widget=forms.RadioSelect, error_messages={"required": "Choose a hub"}
    )
    since = DateField(label="Since when?")
    words = PlainTextField(label="In which way?", max_length=300, required=False)

    def __init__(self, *args: Any, hubs: Sequence[Hub], **options: Any) -> None:
        super().__init__(*args, **options)
        self.hubs = {str(hub.pk): hub for hub in hubs}
        self.offer("hub", [(key, str(hub)) for key, hub in self.hubs.items()])

    @property
    def chosen(self) -> Hub:
        return self.hubs[self.cleaned_data["hub"]]


class StopForm(forms.Form):
    """Until when a hub did it."""

    on = DateField(label="Last day")
