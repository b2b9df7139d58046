"""The search through what the committees published, and through one’s own notes."""

from django import forms

from kith.scrutiny.models import Published
from kith.ui.fields import ChoosingForm, DateField, PlainTextField


class SearchForm(ChoosingForm):
    """What somebody looks for."""

    q = PlainTextField(
        label="Words",
        help_text="“In quotes” together; a minus before a word leaves it out.",
        max_length=200,
        required=False,
    )
    kind = forms.ChoiceField(
        label="Only", choices=[("", "Everything"), *Published.Kind.choices], required=False
    )
    committee = forms.ChoiceField(label="Committee", required=False)
    since = DateField(label="From", required=False)
    until = DateField(label="To", required=False)

    @property
    def is_narrowed(self) -> bool:
        """Say whether more than words is asked for, or something of it is wrong: then it is not folded away."""
        parts = ("kind", "committee", "since", "until")
        return bool(self.errors) or any(
            value for name, value in self.data.items() if name.startswith(parts)
        )


class AlertForm(ChoosingForm):
    """What somebody wants to be told of by e-mail, and where to."""

    words = PlainTextField(
        label="Which words should it hold?",
        help_text="Such as: home visits. Leave it empty for all that a committee publishes.",
        max_length=200,
        required=False,
    )
    committee = forms.ChoiceField(label="Which committee?", required=False)
    email = forms.EmailField(
        label="Your e-mail address",
        help_text="Used for these letters alone, and forgotten when you stop them.",
        max_length=254,
    )
    # People do not see this field. Programs that fill in every form do.
    subject = forms.CharField(
        label="Leave this empty",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )


class NotesForm(forms.Form):
    """Which of their own notes somebody looks for."""

    q = PlainTextField(
        label="Words",
        help_text="In the note, or in the name of its item, paper or committee.",
        max_length=200,
        required=False,
    )
    mark_optional = False


class ComingForm(forms.Form):
    """Whether somebody who was asked comes to a committee."""

    coming = forms.ChoiceField(
        label="Do you come?",
        choices=[("yes", "Yes"), ("instead", "Somebody else comes"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you come."},
    )
    says = PlainTextField(
        label="Who comes instead, or why can nobody come?",
        help_text="A name and a post, or a reason.",
        max_length=250,
        required=False,
    )
