"""What is asked about themes and what they rest on."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from kith.scrutiny.models import Evidence, Item, Theme
from kith.ui.fields import ChoosingForm, PlainTextField

LEAVE_OUT, NEW = "out", "new"


class ProposeForm(forms.Form):
    """How alike the sentences of a theme are."""

    cut = forms.ChoiceField(
        label="How wide should the themes be?",
        choices=[
            ("usual", "As usual"),
            ("wide", "Wider: fewer themes"),
            ("narrow", "Narrower: more alike, more left over"),
        ],
    )


class MoveForm(ChoosingForm):
    """Which sentences go where."""

    evidence = forms.MultipleChoiceField(
        label="Sentences",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one sentence"},
    )
    to = forms.ChoiceField(
        label="Move what is ticked to", error_messages={"required": "Choose where to"}
    )
    title = PlainTextField(label="Name of the new theme", max_length=150, required=False)
    mark_optional = False

    def __init__(
        self, *args: Any, evidence: Sequence[Evidence], themes: Sequence[Theme], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.pieces = {str(one.pk): one for one in evidence}
        self.themes = {str(one.pk): one for one in themes}
        self.offer("evidence", [(key, one.words) for key, one in self.pieces.items()])
        self.offer(
            "to",
            [
                ("", "Choose"),
                *((key, one.title) for key, one in self.themes.items()),
                (NEW, "A new theme, named below"),
                (LEAVE_OUT, "Nowhere: leave them out"),
            ],
        )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("to") == NEW and not answers.get("title") and "title" not in self.errors:
            self.add_error("title", "Name the new theme")
        return answers

    @property
    def chosen(self) -> list[Evidence]:
        return [self.pieces[key] for key in self.cleaned_data["evidence"]]


class ThemeForm(forms.Form):
    """What a theme is called, and what it finds."""

    title = PlainTextField(label="Name of the theme", max_length=150)
    findings = PlainTextField(
        label="What the committee finds",
        lines=True,
        rows=10,
        max_length=10_000,
        required=False,
        help_text="For the report, once the committee has agreed it. Name nobody.",
    )


class IntoForm(ChoosingForm):
    """Into which theme another goes."""

    into = forms.ChoiceField(
        label="Put it together with which theme?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a theme"},
    )

    def __init__(self, *args: Any, themes: Sequence[Theme], **options: Any) -> None:
        super().__init__(*args, **options)
        self.themes = {str(one.pk): one for one in themes}
        self.offer("into", [(key, one.title) for key, one in self.themes.items()])

    @property
    def chosen(self) -> Theme:
        return self.themes[self.cleaned_data["into"]]


class EvidenceForm(ChoosingForm):
    """A figure, a paper, or something heard elsewhere."""

    figure = forms.ChoiceField(
        label="Which figure?",
        required=False,
        help_text="Leave it empty for a paper, or something that was heard elsewhere.",
    )
    words = PlainTextField(
        label="What does it say?",
        lines=True,
        rows=4,
        max_length=2000,
        required=False,
        help_text="Of a figure, you may leave this empty: its values of the last year are written down. Of "
        "a paper, say which and where.",
    )

    def __init__(self, *args: Any, figures: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("figure", [("", "No figure"), *figures])

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not answers.get("figure") and not answers.get("words") and "words" not in self.errors:
            self.add_error("words", "Write what it says, or choose a figure")
        return answers


class AgreedForm(ChoosingForm):
    """In which item of a meeting the committee agreed it."""

    item = forms.ChoiceField(
        label="In which item did the committee agree it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an item"},
    )

    def __init__(self, *args: Any, items: Sequence[Item], **options: Any) -> None:
        super().__init__(*args, **options)
        self.items = {str(one.pk): one for one in items}
        self.offer("item", [(key, _called(one)) for key, one in self.items.items()])

    @property
    def chosen(self) -> Item:
        return self.items[self.cleaned_data["item"]]


def _called(item: Item) -> str:
    day = f"{timezone.localtime(item.meeting.starts_at):%-d %B %Y}"
    return f"{day}: {item.number} {item.title}".replace("  ", " ")
