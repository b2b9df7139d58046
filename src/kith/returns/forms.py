"""What is asked before a return is made."""

from datetime import date
from typing import Any

from django import forms

from kith.returns.actions import FORMS
from kith.returns.models import Return
from kith.returns.workbook import LARGEST
from kith.ui.fields import DateField, ScannedFileField


class WorkbookForm(forms.Form):
    """A workbook to read."""

    file = ScannedFileField(
        largest=LARGEST,
        label="Workbook",
        help_text=f"A workbook (.xlsx), up to {LARGEST // 1024 // 1024} MB.",
        error_messages={
            "required": "Choose a workbook.",
            "missing": "Choose a workbook.",
            "empty": "The file is empty. Choose another.",
            "max_length": "Give the file a shorter name.",
        },
        max_length=150,
    )


class AskForm(forms.Form):
    """The day of a return and, where there is a choice, the form of its file."""

    on = DateField(label="Day", past=True)
    form = forms.ChoiceField(label="File", widget=forms.RadioSelect)
    layout: dict[str, dict[str, Any]] = {}

    def __init__(self, *args: Any, kind: str, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        names = dict(Return.Form.choices)
        self.fields["form"].choices = [(form, names[form]) for form in FORMS[kind]]  # type: ignore[attr-defined]
        self.fields["form"].initial = FORMS[kind][0]
        self.fields["on"].initial = today
        if kind == Return.Kind.ANNEX_A:
            self.fields["on"].label = "Date of the inspection"
        if len(FORMS[kind]) == 1:
            self.fields["form"].required = False
            self.fields["form"].widget = forms.HiddenInput()

    def clean_form(self) -> str:
        """Where there is one form there is nothing to choose."""
        return str(self.cleaned_data.get("form") or self.fields["form"].initial)
