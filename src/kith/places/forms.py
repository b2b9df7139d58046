"""Forms about places: a postcode field for every module, and the upload of an official file."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from kith.places.files import MOST_BYTES
from kith.typed.text import tidy_text
from kith.ui.fields import PlainTextField, ScannedFileField

YEAR_MISSING = "Enter a year of four digits, such as 2025."
FIRST_YEAR, LAST_YEAR = 2001, 2100


class UploadForm(forms.Form):
    """An official file, and for figures the year that they are for."""

    file = ScannedFileField(
        largest=MOST_BYTES,
        label="File",
        help_text=f"CSV or GeoJSON, {MOST_BYTES // 1024 // 1024} MB at most.",
        error_messages={
            "required": "Choose a file.",
            "empty": "This file is empty. Choose another.",
            "max_length": "The file’s name is too long. Give it a shorter one.",
        },
        allow_empty_file=False,
        max_length=200,
    )
    year = PlainTextField(
        label="Year that the figures are for",
        help_text="For example, 2025",
        max_length=20,
        error_messages={"required": YEAR_MISSING},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    layout = {"year": {"width": 4}}

    def __init__(self, *args: Any, needs_year: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not needs_year:
            del self.fields["year"]

    def clean_year(self) -> int:
        """Take a year of four digits."""
        typed: str = self.cleaned_data["year"]
        if not (typed.isascii() and typed.isdigit() and len(typed) == 4):
            raise forms.ValidationError(YEAR_MISSING)
        if not FIRST_YEAR <= int(typed) <= LAST_YEAR:
            raise forms.ValidationError(f"Enter a year from {FIRST_YEAR} to {LAST_YEAR}.")
        return int(typed)

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is too large before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                f"This file is larger than {MOST_BYTES // 1024 // 1024} MB. Keep only the rows of "
                "this county, or choose boundaries that are generalised."
            )
        file.name = tidy_text(PurePath(file.name or "file").name)[:200] or "file"
        return file
