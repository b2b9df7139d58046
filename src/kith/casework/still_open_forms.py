"""What is asked about each thing that is open when a case ends or changes hubs."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from kith.casework.still_open import ENDS, LONGEST, UNTIL, Becomes, StillOpen
from kith.ui.fields import DateField


class StillOpenForm(forms.Form):
    """One question for each thing that is open, and one for all that is not answered.

    `seen` are the keys of what the page showed: what came since is asked about, never swept along.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    reveals: dict[str, dict[str, list[str]]] = {}
    layout: dict[str, dict[str, Any]] = {}

    def __init__(
        self, *args: Any, still_open: Sequence[StillOpen], today: date, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.still_open, self.today = still_open, today
        self.asked = [one for one in still_open if one.asked]
        self.reveals, self.layout = dict(self.reveals), dict(self.layout)
        self.initial["seen"] = " ".join(one.key for one in still_open)
        for one in self.asked:
            self._ask(one)
        if self.asked:
            self.fields["rest_ends"] = forms.BooleanField(
                label="Whatever I have not answered here ends today", required=False
            )

    def _ask(self, one: StillOpen) -> None:
        name = f"becomes_{one.key}"
        self.fields[name] = forms.ChoiceField(
            label=one.what,
            help_text=one.facts,
            choices=one.may,
            widget=forms.RadioSelect,
            required=False,
        )
        self.layout[name] = {"small": True, "optional": False, "size": "s"}
        if UNTIL in dict(one.may):
            until = f"until_{one.key}"
            latest = one.latest or self.today + LONGEST
            self.fields[until] = DateField(
                label="Last day",
                help_text=f"From today until {latest:%-d %B %Y}",
                earliest=self.today,
                latest=latest,
                required=False,
            )
            self.layout[until] = {"optional": False}
            self.reveals[name] = {UNTIL: [until]}

    @property
    def questions(self) -> list[Any]:
        """The questions, as they are drawn."""
        return [self[f"becomes_{one.key}"] for one in self.asked]

    @property
    def told(self) -> list[StillOpen]:
        """What is told and not asked: there is only one thing that can become of it."""
        return [one for one in self.still_open if not one.asked]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        seen = answers.get("seen", "").split()
        for one in self.asked:
            name, until = f"becomes_{one.key}", f"until_{one.key}"
            new = one.key not in seen
            if not answers.get(name) and name not in self.errors:
                if new and answers.get("rest_ends"):
                    self.add_error(
                        name, f"This came after you opened the page: {one.what}. Choose."
                    )
                elif not answers.get("rest_ends"):
                    self.add_error(name, f"Choose what becomes of this: {one.what}")
            elif answers.get(name) == UNTIL and not answers.get(until) and until not in self.errors:
                self.add_error(until, f"Give the last day of this: {one.what}")
        if new_told := [one.what for one in self.told if one.key not in seen]:
            self.add_error(
                None, f"This came after you opened the page, so look again: {'; '.join(new_told)}"
            )
        # Shown now, it counts as seen when the page is sent again.
        data: Any = self.data
        self.data = {**data.dict(), "seen": self.initial["seen"]}
        return answers

    @property
    def becomes(self) -> dict[str, Becomes]:
        """What was decided about each thing that was seen. Call after is_valid()."""
        return {
            one.key: Becomes(
                self.cleaned_data.get(f"becomes_{one.key}") or ENDS,
                self.cleaned_data.get(f"until_{one.key}")
                if self.cleaned_data.get(f"becomes_{one.key}") == UNTIL
                else None,
            )
            for one in self.asked
        }

    @property
    def others(self) -> dict[str, Any]:
        """The other answers of the form. Call after is_valid()."""
        own = ("seen", "rest_ends", "becomes_", "until_")
        return {
            name: answer for name, answer in self.cleaned_data.items() if not name.startswith(own)
        }
