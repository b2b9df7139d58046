"""Forms for the papers of an item."""

from typing import Any

from django import forms

from kith.scrutiny.actions.papers import MOST_BYTES
from kith.scrutiny.forms import PARAGRAPHS, ExemptForm
from kith.scrutiny.models import Paper
from kith.ui.fields import DateField, PlainTextField, ScannedFileField


class PaperForm(ExemptForm):
    """A paper: a file, or the promise of one."""

    title = PlainTextField(label="Title", max_length=200)
    kind = forms.ChoiceField(label="What is it?", choices=Paper.Kind.choices)
    author = PlainTextField(label="Who wrote it?", help_text="A post.", required=False)
    file = ScannedFileField(
        label="The file",
        help_text="PDF, Word, OpenDocument, a spreadsheet, text or a picture, up to 100 MB. Without a "
        "file it is shown as “to follow”.",
        largest=MOST_BYTES,
        required=False,
    )
    late_because = PlainTextField(
        label="Which special circumstances make it urgent?",
        help_text="Only of a paper that comes with fewer clear days than the law asks for.",
        lines=True,
        rows=2,
        required=False,
    )
    decision_reference = PlainTextField(
        label="Which decision was taken on it?",
        help_text="Only of an options paper: the reference, such as “Cabinet, item 45/26”.",
        max_length=120,
        required=False,
    )
    decided_on = DateField(label="On which day was it decided?", required=False)
    exempt = forms.BooleanField(label="Not for the public", required=False)
    paragraphs = forms.TypedMultipleChoiceField(
        label="By which paragraph of Schedule 12A?",
        choices=[(number, f"{number}. {words}") for number, words in PARAGRAPHS.items()],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    public_interest = PlainTextField(
        label="Why does the public interest ask for it?", lines=True, rows=2, required=False
    )

    def details(self) -> dict[str, Any]:
        """Return what the action is told, but the file."""
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}

    def sent(self) -> tuple[str, bytes] | None:
        """Return the file's name and what it holds. What is too large is read no further than shows it."""
        file = self.cleaned_data.get("file")
        return (file.name, file.read(MOST_BYTES + 1)) if file else None
