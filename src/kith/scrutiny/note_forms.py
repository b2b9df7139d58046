"""What is typed on a visit: a note under each question, and photographs."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from kith.referrals.attachments import MOST_BYTES
from kith.scrutiny.models import GuideQuestion, VisitNote
from kith.ui.fields import PlainTextField, ScannedFileField


class NoteForm(forms.Form):
    """One note: its words, and whose they are."""

    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-note-key": True}))
    question = forms.IntegerField(required=False, widget=forms.HiddenInput)
    words = PlainTextField(label="Note", lines=True, rows=3, max_length=2000, required=False)
    whose = forms.ChoiceField(
        label="Whose words?", choices=VisitNote.Whose.choices, initial=VisitNote.Whose.OWN
    )
    consent = forms.BooleanField(
        label="They agreed to my noting this, and I do not say who they are", required=False
    )
    mark_optional = False
    asks: Sequence[str] = ()  # what in the words may say who somebody is


NoteFormSet = forms.formset_factory(NoteForm, extra=0, max_num=400, absolute_max=400)


def blocks(questions: list[GuideQuestion], notes: list[VisitNote]) -> list[dict[str, Any]]:
    """Return what stands in the forms at first: under each question what was noted, and an empty one."""
    found = []
    for question in [*questions, None]:
        number = question.pk if question else None
        for note in notes:
            if note.question_id == number and note.words:
                found.append(
                    {
                        "key": note.key,
                        "question": number,
                        "words": note.words,
                        "whose": note.whose,
                        "consent": note.consent,
                    }
                )
        found.append({"key": uuid.uuid4(), "question": number})
    return found


class PhotoForm(forms.Form):
    """A photograph, and whether those on it agreed."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    file = ScannedFileField(
        largest=MOST_BYTES,
        label="Photograph",
        help_text=f"A JPEG or PNG of {MOST_BYTES // 1024**2} MB or less. Where and when it was taken is "
        "removed from the file.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    caption = PlainTextField(
        label="What does it show?",
        max_length=200,
        help_text="No names. It is read aloud to those who cannot see it.",
    )
    people = forms.BooleanField(label="Somebody can be known on it", required=False)
    consent = forms.BooleanField(label="Everybody on it agreed", required=False)
