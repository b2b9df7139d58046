"""Choosing and wording paragraphs; saying why words stay."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kith.typed.text import tidy_text

LONGEST = 4_000


class WriteForm(forms.Form):
    """The title, and for each paragraph whether it is told and in which words."""

    mark_optional = False
    title = forms.CharField(
        label="Title",
        max_length=150,
        help_text="What it is about, with nobody’s name in it.",
        error_messages={"required": "Give the study a title."},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, paragraphs: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.paragraphs = paragraphs
        for part in paragraphs:
            self.fields[f"tell-{part.key}"] = forms.BooleanField(
                label=f"Tell this: {part.heading.lower()}",
                required=False,
                initial=part.chosen,
                help_text=part.warning,
            )
            self.fields[f"words-{part.key}"] = forms.CharField(
                label=part.heading,
                required=False,
                initial=part.words,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": min(10, 3 + len(part.words) // 90)}),
            )

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The paragraphs, each with its two fields."""
        return [
            (part, self[f"tell-{part.key}"], self[f"words-{part.key}"]) for part in self.paragraphs
        ]

    def clean_title(self) -> str:
        return tidy_text(self.cleaned_data["title"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for part in self.paragraphs:
            words = tidy_text(cleaned.get(f"words-{part.key}", ""), lines=True)
            if cleaned.get(f"tell-{part.key}") and not words and f"words-{part.key}" in cleaned:
                self.add_error(
                    f"words-{part.key}", "Write what is told, or take the tick away above."
                )
        return cleaned

    def words(self) -> dict[str, tuple[bool, str]]:
        """Return for each paragraph whether it is told, and how."""
        return {
            part.key: (
                bool(self.cleaned_data.get(f"tell-{part.key}")),
                tidy_text(self.cleaned_data.get(f"words-{part.key}", ""), lines=True),
            )
            for part in self.paragraphs
        }


class StaysForm(forms.Form):
    """Why each thing that was found stays."""

    mark_optional = False

    def __init__(self, *args: Any, found: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.marks: dict[str, str] = {}
        for number, one in found:
            name = f"why-{number}"
            if one.finding.mark in self.marks.values():
                continue
            self.marks[name] = one.finding.mark
            self.fields[name] = forms.CharField(
                label=f"{number}. “{one.finding.said}” stays because",
                help_text=f"{one.heading}. {one.finding.why}",
                required=False,
                max_length=300,
                initial=one.stays.why if one.stays else "",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.marks and not any(cleaned.get(name) for name in self.marks) and not self.errors:
            self.add_error(
                next(iter(self.marks)),
                "Write why at least one of them stays, or change the words.",
            )
        return cleaned

    def why(self) -> dict[str, str]:
        """Return the answers that were given, by what was found."""
        return {
            mark: tidy_text(self.cleaned_data.get(name, "")) for name, mark in self.marks.items()
        }


class WordsForm(forms.Form):
    """One thing to say in words: what should change, or why."""

    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=1_000)

    def __init__(self, *args: Any, label: str, needed: str, hint: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["words"]
        field.label, field.help_text = label, hint
        field.error_messages["required"] = needed

    def clean_words(self) -> str:
        return tidy_text(self.cleaned_data["words"], lines=True)
