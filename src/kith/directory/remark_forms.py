"""Forms for saying something about an entry of the directory, and for answering."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kith.directory.models import Remark
from kith.hubs.models import Hub
from kith.ui.fields import ChoosingForm, PlainTextField

MOST = 2000
Topic = Remark.Topic


class RemarkForm(forms.Form):
    """What anybody may say about an entry."""

    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[(one.value, _(one.label)) for one in Topic if one != Topic.CHANGED],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about")},
    )
    words = PlainTextField(
        label=_("What do you want to tell us?"),
        help_text=_("Do not write anything about yourself or your family that we need not know."),
        lines=True,
        max_length=MOST,
        required=False,
    )
    email = forms.EmailField(
        label=_("Your e-mail address, if you want an answer"), required=False, max_length=254
    )
    # People do not see this field. Programs that fill in every form do.
    subject = forms.CharField(
        label="Leave this empty",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("words") and given.get("topic") not in (None, Topic.THANKS):
            self.add_error("words", _("Write what is wrong, so that we can put it right."))
        return given

    @property
    def is_a_program(self) -> bool:
        """Say whether the field was filled in that people do not see."""
        return bool(self.cleaned_data["subject"])

    def said(self) -> dict[str, str]:
        """Return what was said."""
        return {name: self.cleaned_data[name] for name in ("topic", "words", "email")}


class AnswerForm(forms.Form):
    """What becomes of something that was said."""

    reply = PlainTextField(
        label="Your reply", help_text="Goes by e-mail. Leave it empty to close this without one.",
        lines=True, max_length=MOST, required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, may_reply: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_reply:
            del self.fields["reply"]


class RemarksForm(ChoosingForm):
    """Which remarks to list."""

    state = forms.ChoiceField(
        label="Show", choices=[("", "Open"), ("done", "Done"), ("all", "All")], required=False
    )
    whose = forms.ChoiceField(
        label="Who sees to it", choices=[("", "Anybody"), ("mine", "Me")], required=False
    )
    hub = forms.ChoiceField(label="Given at", required=False)

    def __init__(self, *args: Any, hubs: Iterable[Hub], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("hub", [("", "Any place"), *((hub.slug, hub.name) for hub in hubs)])
