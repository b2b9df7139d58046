"""The fields of forms, by the name under which all rooms above this one use them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from kith.typed.fields import ClockField, DateField, DateParts, PlainTextField, ScannedFileField

__all__ = [
    "ChoosingForm",
    "ClockField",
    "DateField",
    "DateParts",
    "FilesField",
    "PlainTextField",
    "ScannedFileField",
    "ScannedFilesField",
]


class ChoosingForm(forms.Form):
    """A form with choices that are known only when it is asked."""

    def offer(self, name: str, choices: Iterable[Any]) -> None:
        """Say what can be chosen in a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


class _Files(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"multiple": True})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if isinstance(files, MultiValueDict) else files.get(name)


class FilesField(forms.FileField):
    """Any number of files, chosen at once."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            given = [None]  # refused, as one field of one file is
        clean = super().clean
        return [clean(one, initial) for one in given]


class ScannedFilesField(FilesField, ScannedFileField):
    """Any number of files, each scanned for viruses."""
