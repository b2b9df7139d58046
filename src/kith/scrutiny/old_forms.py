"""Forms for bringing old minutes, agendas and reports into the records."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from kith.analytics.minutes.formats import LARGEST
from kith.analytics.minutes.values import CHANGED, Value
from kith.ui.fields import PlainTextField, ScannedFilesField


class FilesForm(forms.Form):
    """The files to read."""

    documents = ScannedFilesField(
        label="The files",
        largest=LARGEST,
        error_messages={"required": "Choose at least one file."},
        help_text="Minutes, agendas and review reports: PDF, Word (.docx), a saved web page, ModernGov’s XML or "
        f"text, up to {LARGEST // 1_000_000} MB each. Nothing is in the records until you have looked through it.",
    )

    def sent(self) -> list[tuple[str, bytes]]:
        """Return each file's name and what it holds; of one that is too large no more than shows it."""
        return [(one.name, one.read(LARGEST + 1)) for one in self.cleaned_data["documents"]]


class DecideForm(forms.Form):
    """What of a file is not certain, each with the answers to choose from. What is left out is asked again."""

    mark_optional = False

    def __init__(
        self,
        data: Any,
        asked: Iterable[Value],
        lines: Mapping[str, str],
        *,
        decided: Mapping[str, Any],
    ) -> None:
        super().__init__(data)
        self.places: dict[str, str] = {}
        self.reveals: dict[str, dict[str, list[str]]] = {}
        for number, value in enumerate(asked):
            before = decided.get(value.place, {})
            name, words = f"said_{number}", f"words_{number}"
            self.places[name] = value.place
            stands = lines.get(str(value.line), "") if value.line else ""
            hint = f"Line {value.line}: “{short(stands)}”" if stands else ""
            about = short(value.words)
            quoted = (
                f"“{about}”. " if about and about != value.asks[0] and about not in stands else ""
            )
            self.fields[name] = forms.ChoiceField(
                label=f"{quoted}{' '.join(dict.fromkeys(value.asks))}",
                help_text=hint,
                choices=value.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=before.get("said", ""),
            )
            if CHANGED in dict(value.choices):
                label = dict(value.choices)[CHANGED]
                self.fields[words] = PlainTextField(
                    label=f"{label} …",
                    required=False,
                    lines=len(value.words) > 120,
                    initial=before.get("words") or value.words,
                )
                self.reveals[name] = {CHANGED: [words]}

    def said(self) -> dict[str, dict[str, str]]:
        """Return what was answered, by place."""
        return {
            place: {
                "said": self.cleaned_data[name],
                "words": self.cleaned_data.get(name.replace("said", "words"), ""),
            }
            for name, place in self.places.items()
            if self.cleaned_data.get(name)
        }

    def field_of(self, place: str) -> str | None:
        """Return the field that a refusal about a place is shown at."""
        name = next((name for name, one in self.places.items() if one == place), None)
        words = name.replace("said", "words") if name else ""
        return words if words in self.fields else name


def short(words: str, most: int = 240) -> str:
    """Return words that fit beside a question."""
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]} …"
