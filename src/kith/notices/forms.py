"""Forms of the outbox and the words."""

from typing import Any

from django import forms

from kith.notices import queries, words
from kith.ui.fields import PlainTextField


class OutboxForm(forms.Form):
    """Which notices to show."""

    mark_optional = False
    state = forms.ChoiceField(label="State", required=False)
    channel = forms.ChoiceField(label="Sent by", required=False)
    key = forms.ChoiceField(label="Notice", required=False)
    about = PlainTextField(label="Sent to", max_length=254, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["state"].choices = [("", "All"), *queries.STATES]  # type: ignore[attr-defined]
        self.fields["channel"].choices = [("", "All"), *queries.CHANNELS]  # type: ignore[attr-defined]
        self.fields["key"].choices = [  # type: ignore[attr-defined]
            ("", "All"),
            *((wording.key, wording.name) for wording in words.notices()),
        ]


class WordsForm(forms.Form):
    """A county's own words for a notice."""

    subject = PlainTextField(label="Subject", max_length=words.LONGEST_SUBJECT)
    body = PlainTextField(label="Words", lines=True, max_length=words.LONGEST_BODY)

    def __init__(self, *args: Any, wording: words.Wording, channel: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.wording = wording
        longest = {"text": words.LONGEST_TEXT, words.PAGE: words.LONGEST_ON_PAGE}.get(channel)
        if longest:
            del self.fields["subject"]
            self.fields["body"] = PlainTextField(label="Words", lines=True, max_length=longest)

    def clean_subject(self) -> str:
        """Refuse fields that a subject may not show."""
        return self._checked("subject", subject=self.cleaned_data["subject"], body="")

    def clean_body(self) -> str:
        """Refuse fields that this notice does not have."""
        return self._checked("body", subject="", body=self.cleaned_data["body"])

    def _checked(self, name: str, *, subject: str, body: str) -> str:
        try:
            words.check_words(self.wording, subject=subject, body=body)
        except (words.UnknownField, words.PersonalSubject) as wrong:
            raise forms.ValidationError(str(wrong)) from None
        return subject or body
