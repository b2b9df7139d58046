"""Forms for partners who propose what is said of their services, and for those who decide."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from kith.directory import ages
from kith.directory.actions import Told
from kith.directory.held import in_order
from kith.directory.held_forms import OwnPlaceForm, WhereAndWhen, other_times
from kith.directory.keeping_forms import ServiceForm, TimesForm
from kith.directory.models import Provider
from kith.directory.proposed import WORDED, Line, Values, terms_of
from kith.ui.fields import ChoosingForm, PlainTextField

AS_PROPOSED, AS_NOW, REWORDED = "proposed", "now", "reworded"
AGREE, SAY = "agree-", "say-"  # before the name of a line, questions that follow on it


class OwnServiceForm(ServiceForm):
    """What a partner would say of a service of its own."""

    provider = None  # type: ignore[assignment]
    professional_only = None  # type: ignore[assignment]
    published = None  # type: ignore[assignment]
    words = PlainTextField(
        label="Is there anything else that we should know?",
        lines=True,
        rows=3,
        max_length=2000,
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, giver: Provider, stands: Values, sent: Values, **named: Any
    ) -> None:
        super().__init__(data, **named)
        self.giver = giver
        own = ({name: one[name] for name in in_order(one)} for one in (stands, sent))
        self.held = WhereAndWhen(data, **dict(zip(("stands", "sent"), own, strict=True)))

    def is_valid(self) -> bool:
        """Say whether all was said as it can be, of places and times too."""
        return all([super().is_valid(), self.held.is_valid() if self.is_bound else False])

    def details(self) -> Told:
        """Return what was said."""
        self.cleaned_data |= {"provider": str(self.giver.uid)}
        self.cleaned_data |= {"published": True, "professional_only": False}
        return super().details()


@dataclass(frozen=True)
class Unsent:
    """What was sent from a form that nobody may open any more, so that it can be sent once more."""

    given: list[tuple[str, str]]  # all of it, as it came
    words: list[tuple[str, str]]  # what was typed, with its question


def unsent(sent: QueryDict) -> Unsent:
    """Return what a browser sent of an `OwnServiceForm`, with nothing of what stands."""
    given = [
        (name, value)
        for name, values in sent.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    of_service = OwnServiceForm.base_fields
    of_held = {**OwnPlaceForm.base_fields, **TimesForm.base_fields}
    words = []
    for name, value in given:
        known = of_held if "-" in name else of_service
        field = known.get(name.rpartition("-")[2])
        if isinstance(field, forms.CharField) and value.strip():
            words.append((str(field.label), value))
    return Unsent(given, words)


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
    said = "As proposed"

    def __init__(
        self, data: Any = None, *, lines: list[Line], stands: Values, sent: Values, **named: Any
    ) -> None:
        super().__init__(data, **named)
        self.lines, ask = lines, bool(stands)
        self.times = other_times(data, stands=stands, sent=sent, before=SAY)
        self.reveals = {line.name: {REWORDED: [SAY + line.name]} for line in lines}
        self.layout: dict[str, dict[str, Any]] = {
            name: {"optional": False} for line in lines for name in (line.name, SAY + line.name)
        }
        for line in lines:
            choices = [(AS_PROPOSED, self.said)]
            choices += [(AS_NOW, "As it stands now")] if ask else []
            if line.name in WORDED:
                choices.append((REWORDED, "In other words"))
                self.fields[SAY + line.name] = field = deepcopy(ServiceForm.base_fields[line.name])
                field.required, field.initial = False, line.proposed
                field.label, field.help_text = f"{line.label}, in other words", ""
            elif line.name in self.times:
                choices.append((REWORDED, "At other times"))
                self._ask_times(line.name)
            elif not ask:
                continue
            self.fields[line.name] = forms.ChoiceField(
                label=f"What is to stand: {line.label}",
                choices=choices,
                widget=forms.RadioSelect,
                required=ask,  # all of what is new stands, unless it is said in other words
                # Where somebody else has changed it too, a person says which.
                initial=None if line.clash else AS_PROPOSED,
                error_messages={"required": f"Choose what is to stand: {line.label}"},
            )
            if line.weakens:
                self.fields[AGREE + line.name] = forms.BooleanField(
                    label="Everybody may know more of the address than now", required=False
                )

    def _ask_times(self, name: str) -> None:
        """Ask for other times among the other questions, under the names of their own form."""
        times = self.times[name]
        own = {f"{times.prefix}-{field}": times[field] for field in times.fields}
        self.reveals[name] = {REWORDED: list(own)}
        for key, bound in own.items():
            self.fields[key] = field = bound.field
            field.initial = bound.initial
            self.layout[key] = times.layout.get(bound.name, {})

    @property
    def pairs(self) -> list[tuple[Line, list[Any]]]:
        """Return each change, with the questions about it."""
        names = ((line, (line.name, AGREE + line.name)) for line in self.lines)
        return [
            (line, [self[name] for name in pair if name in self.fields]) for line, pair in names
        ]

    def clean(self) -> dict[str, Any]:
        """Let nothing be shown of an address that is not shown now, unless somebody says so."""
        given = super().clean() or self.cleaned_data
        for line in self.lines:
            agree, say = AGREE + line.name, SAY + line.name
            if line.name in self.times:
                self._clean_times(line.name, given.get(line.name) == REWORDED)
            elif given.get(line.name) != REWORDED:
                self.errors.pop(say, None)  # nobody asked for it
            elif not given.get(say) and say not in self.errors:
                self.add_error(say, "Enter what is to stand, or choose “As it stands now”.")
            if agree in self.fields and given.get(line.name) == AS_PROPOSED and not given[agree]:
                self.add_error(
                    agree,
                    "Tick this if everybody may know it. Otherwise choose “As it stands now”.",
                )
        return given

    def _clean_times(self, name: str, asked: bool) -> None:
        times = self.times[name]
        for field in times.fields:
            self.errors.pop(f"{times.prefix}-{field}", None)
        if asked and not times.is_valid():
            for field, problems in times.errors.as_data().items():
                self.add_error(
                    f"{times.prefix}-{field}" if field in times.fields else None, problems
                )

    def reworded(self) -> Values:
        """Return what is to stand in other words."""
        lists = {"languages", "area_names"}
        given = {line.name: self.cleaned_data.get(SAY + line.name) for line in self.lines}
        times = {
            name: form.value()
            for name, form in self.times.items()
            if self.cleaned_data.get(name) == REWORDED
        }
        return times | {
            name: [part.strip() for part in text.split(",") if part.strip()]
            if name in lists
            else text
            for name, text in given.items()
            if text and self.cleaned_data.get(name) == REWORDED
        }

    def agreed(self) -> set[str]:
        """Return the places of which everybody may know more than now."""
        return {line.name for line in self.lines if self.cleaned_data.get(AGREE + line.name)}

    def keep(self) -> set[str]:
        """Return what is to stay as it stands now."""
        return {line.name for line in self.lines if self.cleaned_data.get(line.name) == AS_NOW}


class PutBackForm(ApproveForm):
    """Which of what stood once is to stand again."""

    said = "As it stood then"


class TogetherForm(ApproveForm):
    """What of an entry that stood twice the one that stays is to say: what it does not say yet, and where
    and when, comes from the other unless somebody says otherwise."""

    said = "As in the other"

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for line in self.lines:
            if line.now and line.name != "terms":
                self.fields[line.name].initial = AS_NOW


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
