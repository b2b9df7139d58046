"""Forms for partners who propose what is said of their services, and for those who decide."""

from datetime import date
from typing import Any

from django import forms

from kith.directory import ages
from kith.directory.actions import Told
from kith.directory.keeping_forms import ServiceForm
from kith.directory.models import Provider
from kith.directory.proposed import Line, Values, terms_of
from kith.ui.fields import ChoosingForm, PlainTextField

AS_PROPOSED, AS_NOW = "proposed", "now"


class OwnServiceForm(ServiceForm):
    """What a partner would say of a service of its own."""

    provider = None  # type: ignore[assignment]
    professional_only = None  # type: ignore[assignment]
    published = None  # type: ignore[assignment]
    words = PlainTextField(
        label="Is anything different about places and times?",
        help_text="Tell us in your own words, and anything else that we should know.",
        lines=True,
        rows=3,
        max_length=2000,
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, giver: Provider, **named: Any) -> None:
        super().__init__(*args, **named)
        self.giver = giver

    def details(self) -> Told:
        """Return what was said."""
        self.cleaned_data |= {"provider": str(self.giver.uid)}
        self.cleaned_data |= {"published": True, "professional_only": False}
        return super().details()


def begin_with(values: Values) -> dict[str, Any]:
    """Return what a form begins with, of plain values."""
    terms = terms_of(values)
    until = values["taking_until"]
    return values | {
        "kinds": [term.code for term in terms if term.taxonomy == "category"],
        "targets": [term.code for term in terms if term.taxonomy == "target"],
        "youngest": ages.typed(values["from_months"]),
        "oldest": ages.typed(values["to_months"], last=True),
        "taking_until": date.fromisoformat(until) if until else None,
        "free": {True: "yes", False: "no"}.get(values["free"], ""),
        "languages": ", ".join(values["languages"]),
        "area_names": ", ".join(values["area_names"]),
    }


class ApproveForm(ChoosingForm):
    """Which of the proposed changes are to stand."""

    mark = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, lines: list[Line], ask: bool = True, **named: Any) -> None:
        super().__init__(*args, **named)
        self.lines = lines
        for line in lines if ask else ():
            self.fields[line.name] = forms.ChoiceField(
                label=f"What is to stand: {line.label}",
                choices=[(AS_PROPOSED, "As proposed"), (AS_NOW, "As it stands now")],
                widget=forms.RadioSelect,
                # Where somebody else has changed it too, a person says which.
                initial=None if line.clash else AS_PROPOSED,
                error_messages={"required": f"Choose what is to stand: {line.label}"},
            )

    @property
    def pairs(self) -> list[tuple[Line, Any]]:
        """Return each change, with the question about it."""
        return [
            (line, self[line.name] if line.name in self.fields else None) for line in self.lines
        ]

    def keep(self) -> set[str]:
        """Return what is to stay as it stands now."""
        return {line.name for line in self.lines if self.cleaned_data.get(line.name) == AS_NOW}


class SendBackForm(forms.Form):
    """Why something cannot stand as proposed."""

    mark = forms.CharField(widget=forms.HiddenInput, max_length=40)
    reason = PlainTextField(
        label="What is to be changed?",
        help_text="They read this by e-mail and on their page.",
        lines=True,
        rows=4,
        max_length=1000,
    )
