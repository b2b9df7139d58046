"""What is asked when a service is to take a family: of the worker or the desk, and of the service."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from kith.casework.referring import decides, mailbox, ways_to
from kith.families.queries import Member
from kith.referrals.sendings import BY_SERVICE
from kith.ui.fields import ChoosingForm, DateField, PlainTextField

THROUGH_US = "us"


class ReferForm(ChoosingForm):
    """Who it is for, who agreed, what the service is told, and how it is asked."""

    people = forms.MultipleChoiceField(
        label="Who is it for?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who it is for"},
    )
    words = PlainTextField(
        label="What does the service need to know?",
        help_text="Only what they need to decide, and to be of help. The family may read it.",
        lines=True,
        rows=5,
        max_length=3000,
        error_messages={"required": "Write what the service needs to know"},
    )
    way = forms.ChoiceField(
        label="How does the service reach the family?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the service reaches the family"},
    )
    agreed_by = forms.ChoiceField(
        label="Who agreed that the service is told this?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose who agreed. If nobody did, tell the family of the service instead"
        },
    )
    agreed_how = forms.ChoiceField(
        label="How did they agree?",
        choices=[("spoken", "They said so"), ("written", "They signed")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how they agreed"},
    )
    how = forms.ChoiceField(
        label="How is the service asked?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the service is asked"},
    )
    spoke_with = PlainTextField(label="With whom did you speak?", max_length=200, required=False)
    ask_on = DateField(
        label="When will you ask how it went?",
        help_text="Leave it empty if there is nothing to ask.",
        required=False,
    )
    reveals = {"how": {"phone": ["spoke_with"]}}
    layout = {"spoke_with": {"optional": False}, "ask_on": {"optional": False}}

    def __init__(
        self, *args: Any, service: Any, people: Sequence[Member], today: date, **named: Any
    ) -> None:
        super().__init__(*args, **named)
        self.members = {str(one.person.pk): one for one in people}
        self.ways = ways_to(people)
        agree = [one for one in people if decides(one, today)]
        self.offer("people", [(key, _called(one)) for key, one in self.members.items()])
        self.offer("agreed_by", [(str(one.person.pk), _called(one)) for one in agree])
        ways = [(key, f"{one.name}, {way.value}") for key, (one, way) in self.ways.items()]
        self.offer("way", [*ways, (THROUGH_US, "Through us: they ring us first")])
        to = mailbox(service)
        by_link = [("link", f"By e-mail to {to}: a private link, without names")] if to else []
        self.offer("how", [*by_link, ("phone", "I rang them")])

    def clean(self) -> dict[str, Any]:
        """With whom somebody spoke is needed where they rang."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("how") == "phone" and not answers.get("spoke_with", "").strip():
            self.add_error("spoke_with", "Write with whom you spoke")
        return answers

    def answers(self) -> dict[str, Any]:
        """Return what was answered, as the action takes it; call it on a valid form."""
        given = dict(self.cleaned_data)
        return given | {
            "people": [self.members[key] for key in given["people"]],
            "agreed_by": self.members[given["agreed_by"]],
            "way": self.ways.get(given["way"]),
        }


class SendOnForm(ReferForm):
    """The same, where the desk decides a request by it: with the reason, and words for the sender."""

    reason = PlainTextField(
        label="Reason, for the record",
        help_text="Colleagues and the family may read it. Say what you weighed.",
        lines=True,
        max_length=4000,
        error_messages={"required": "Write the reason for this decision"},
    )
    sender_words = PlainTextField(
        label="Words for the sender",
        help_text="They are sent as soon as you confirm.",
        lines=True,
        max_length=4000,
        error_messages={"required": "Write what the sender is told"},
    )
    field_order = ["reason", "sender_words"]


class ServiceAnswerForm(forms.Form):
    """What a service says to what it was asked."""

    outcome = forms.ChoiceField(
        label="Can you help them?",
        choices=BY_SERVICE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you can say"},
    )
    words = PlainTextField(
        label="Anything to add",
        help_text="For example from when, or why not. Whoever asked you reads it, and may tell the family.",
        lines=True,
        rows=3,
        max_length=1000,
        required=False,
    )
    said_by = PlainTextField(
        label="Your name",
        max_length=120,
        error_messages={"required": "Write your name"},
    )


def _called(member: Member) -> str:
    return f"{member.name or 'Unborn child'}, {member.role_name.lower()}"
