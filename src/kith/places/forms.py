"""Forms about places: a postcode field for every module, and the upload of an official file."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from kith.places.files import MOST_BYTES
from kith.places.importing import Importer
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
    status = forms.ChoiceField(
        label="What stage are these results at?",
        required=False,
        widget=forms.RadioSelect,
        help_text="Each stage is kept beside the others. Leave it empty if the file’s name says it.",
    )
    layout = {"year": {"width": 4}, "status": {"inline": True}}

    def __init__(self, *args: Any, importer: Importer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.importer = importer
        self.mark_optional = (
            not importer.statuses
        )  # whether an answer is needed the file’s name decides
        self.most_bytes = importer.most_bytes or MOST_BYTES
        file, year = self.fields["file"], self.fields["year"]
        if importer.most_bytes:
            file.largest = self.most_bytes  # type: ignore[attr-defined]
            file.help_text = f"CSV, {self.most_bytes // 1024 // 1024} MB at most."
        if not importer.needs_year:
            del self.fields["year"]
        elif importer.statuses:
            year.label = "Year in which the tests were taken"
            year.help_text = (
                "For example, 2025 for 2024-25. Leave it empty if the file’s name says it."
            )
            year.required = False
        if importer.statuses:
            self.fields["status"].choices = importer.statuses  # type: ignore[attr-defined]
        else:
            del self.fields["status"]

    def clean_year(self) -> int | None:
        """Take a year of four digits."""
        typed: str = self.cleaned_data["year"]
        if not typed and not self.fields["year"].required:
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) == 4):
            raise forms.ValidationError(YEAR_MISSING)
        if not FIRST_YEAR <= int(typed) <= LAST_YEAR:
            raise forms.ValidationError(f"Enter a year from {FIRST_YEAR} to {LAST_YEAR}.")
        return int(typed)

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is too large before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > self.most_bytes:
            smaller = (
                "Choose the file of one authority."
                if self.importer.most_bytes
                else "Keep only the rows of this county, or choose boundaries that are generalised."
            )
            raise forms.ValidationError(
                f"This file is larger than {self.most_bytes // 1024 // 1024} MB. {smaller}"
            )
        file.name = tidy_text(PurePath(file.name or "file").name)[:200] or "file"
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for the status where the file's name does not tell it, and let them agree."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if not self.importer.statuses or file is None or "status" not in cleaned:
            return cleaned
        told = self.importer.status_in(file.name)
        if not cleaned["status"] and not told:
            words = [words.lower() for _, words in self.importer.statuses]
            self.add_error(
                "status",
                f"Say whether these results are {', '.join(words[:-1])} or {words[-1]}. The file’s name does not.",
            )
        elif told and cleaned["status"] not in ("", told):
            self.add_error(
                "status",
                f"The file’s name says {told}. Choose that, or rename the file if the name is wrong.",
            )
        return cleaned


class ResultsForm(forms.Form):
    """Which Key Stage 2 results somebody wants to see."""

    mark_optional = False

    release = forms.ChoiceField(label="Year and stage", required=False)
    authority = forms.ChoiceField(label="Authority", required=False)
    measure = forms.ChoiceField(label="Measure", required=False)
    district = forms.ChoiceField(label="District", required=False)

    def __init__(self, asked: Any, *, chosen: Mapping[str, str], part: str) -> None:
        super().__init__(
            {
                "release": asked.release.key,
                "authority": asked.authority,
                "measure": asked.measure.key,
                "district": asked.district,
                "sort": chosen.get("sort", ""),
            }
        )
        districts = {place.district: place.district_name for place in asked.results.schools}
        self._offer("release", [(one.key, one.name) for one in asked.releases])
        self._offer("authority", asked.authorities)
        self._offer("measure", [(one.key, one.name) for one in asked.results.measures])
        named = sorted((pair for pair in districts.items() if pair[0]), key=lambda pair: pair[1])
        self._offer("district", [("", "All districts"), *named])
        if part == "years":
            del self.fields["release"]
        if part == "overview":
            del self.fields["measure"]
        if part != "schools" or not named:
            del self.fields["district"]
        if len(asked.authorities) < 2:
            del self.fields["authority"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
