"""What is asked when social care is to take a family up: of the worker, the manager, social care."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from kith.casework.models import Sharing, StepUp
from kith.casework.referring import decides
from kith.casework.sharing import giver
from kith.families.queries import Member
from kith.partners.models import Organisation
from kith.ui.fields import PlainTextField

GROUNDS = [choice for choice in Sharing.Ground.choices if choice[0] != Sharing.Ground.CONSENT]


class StepUpForm(forms.Form):
    """Why early help is not enough, what was tried, and whether the family agrees."""

    organisation = forms.TypedChoiceField(
        label="Which part of children’s social care?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whom to ask"},
    )
    reason = PlainTextField(
        label="Why is early help not enough?",
        help_text="What you saw and heard, when, and what may happen to each child. Facts first, then "
        "what you make of them.",
        lines=True,
        rows=7,
        max_length=6000,
        error_messages={"required": "Write why early help is not enough"},
    )
    tried = PlainTextField(
        label="What was tried, and what came of it?",
        lines=True,
        rows=5,
        max_length=4000,
        error_messages={"required": "Write what was tried"},
    )
    agreed = forms.ChoiceField(
        label="Does the family agree that social care is asked?",
        choices=[("yes", "Yes"), ("no", "No, or asking would put somebody in danger")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the family agrees"},
    )
    who = forms.ChoiceField(label="Who agreed?", widget=forms.RadioSelect, required=False)
    how = forms.ChoiceField(
        label="How did they agree?",
        choices=[("spoken", "They said so"), ("written", "They signed")],
        widget=forms.RadioSelect,
        required=False,
    )
    ground = forms.ChoiceField(
        label="On what ground in law?", choices=GROUNDS, widget=forms.RadioSelect, required=False
    )
    ground_reason = PlainTextField(
        label="Why without their agreement?",
        help_text="A manager reads it and decides.",
        lines=True,
        rows=4,
        max_length=2000,
        required=False,
    )
    reveals = {"agreed": {"yes": ["who", "how"], "no": ["ground", "ground_reason"]}}
    layout = {name: {"optional": False} for name in ("who", "how", "ground", "ground_reason")}

    def __init__(
        self,
        *args: Any,
        desks: Sequence[Organisation],
        people: Sequence[Member],
        today: date,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.desks = {one.pk: one for one in desks}
        self.people = {str(one.person.pk): one for one in people if decides(one, today)}
        self.fields["organisation"].choices = [(pk, str(one)) for pk, one in self.desks.items()]  # type: ignore[attr-defined]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.name}, {one.role_name.lower()}") for key, one in self.people.items()
        ]
        if len(self.desks) == 1:
            self.initial["organisation"] = next(iter(self.desks))

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        needed = {
            "yes": {"who": "Choose who agreed", "how": "Choose how they agreed"},
            "no": {
                "ground": "Choose the ground in law",
                "ground_reason": "Write why social care is told without their agreement",
            },
        }
        for name, message in needed.get(answers.get("agreed", ""), {}).items():
            if not answers.get(name) and not self.has_error(name):
                self.add_error(name, message)
        return answers

    @property
    def said(self) -> dict[str, Any]:
        """What was answered, as `ask_step_up` takes it."""
        answers = self.cleaned_data
        said = {name: answers[name] for name in ("reason", "tried")}
        said["organisation"] = self.desks[answers["organisation"]]
        if answers["agreed"] == "no":
            return {**said, "ground": answers["ground"], "ground_reason": answers["ground_reason"]}
        member = self.people[answers["who"]]
        return {
            **said,
            "ground": Sharing.Ground.CONSENT,
            "agreed_by": member.name,
            "giver": giver(member),
            "how": answers["how"],
        }


class SendForm(forms.Form):
    """How social care is asked."""

    way = forms.ChoiceField(
        label="How is social care asked?",
        choices=StepUp.Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how social care is asked"},
    )
    spoke_with = PlainTextField(
        label="With whom did you speak?",
        help_text="Their name and what they do. Write down the receipt next, if they have it.",
        max_length=200,
        required=False,
    )
    instead = PlainTextField(
        label="Why do you decide, and no manager of the hub?",
        help_text="For example, that the manager is ill and nobody covers. The hub is told, and reads it.",
        max_length=300,
        error_messages={"required": "Write why no manager of the hub decides"},
    )
    reveals = {"way": {"phone": ["spoke_with"]}}
    layout = {"spoke_with": {"optional": False}}

    def __init__(
        self, *args: Any, step_up: StepUp, for_the_hub: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if for_the_hub:
            del self.fields["instead"]
        to = step_up.organisation.email
        self.hints = {
            "way": {
                "email": f"To {to}. It opens this request and nothing else, until they have decided."
                if to
                else "We have no address of them.",
                "phone": "Danger now? Ring first, and write it down here afterwards.",
            }
        }

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("way") == "phone" and not answers.get("spoke_with"):
            self.add_error("spoke_with", "Say with whom you spoke")
        return answers


class WhyForm(forms.Form):
    """Why social care is not asked, or is asked no more."""

    reason = PlainTextField(
        lines=True, rows=4, max_length=2000, error_messages={"required": "Write why"}
    )

    def __init__(self, *args: Any, asked: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].label = asked


class StepDownReceiptForm(forms.Form):
    """What social care is told when a hub has a family that it stepped down."""

    words = PlainTextField(
        label="What is social care told?",
        help_text="Who works with the family, and when they are first seen. It goes to whoever sent the "
        "step-down, by e-mail.",
        lines=True,
        rows=4,
        max_length=2000,
        error_messages={"required": "Write what social care is told"},
    )


class ReceiptForm(forms.Form):
    """Who at social care has it, and under which number."""

    received_by = PlainTextField(
        label="Who at social care has it?",
        help_text="Name and role",
        max_length=200,
        error_messages={"required": "Enter who at social care has it"},
    )
    their_reference = PlainTextField(
        label="Their reference", max_length=100, required=False, help_text="If they gave one"
    )
    layout = {"their_reference": {"width": 20}}

    def __init__(self, *args: Any, by_link: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if by_link:
            self.fields["received_by"].label = "Your name and role"
            self.fields["received_by"].help_text = ""
            self.fields["received_by"].error_messages["required"] = "Enter your name and role"
            self.fields["their_reference"].label = "Your reference"
            self.fields["their_reference"].help_text = "So that the hub can ask after it"


class DecisionForm(ReceiptForm):
    """What social care decided; with who has it, where that was not said before."""

    decision = forms.ChoiceField(
        label="What did social care decide?",
        choices=StepUp.Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what social care decided"},
    )
    words = PlainTextField(
        label="What should the hub know?",
        help_text="Who takes the family up and when; or why not, and what the hub should watch.",
        lines=True,
        rows=4,
        max_length=3000,
        required=False,
    )
    layout = ReceiptForm.layout | {"words": {"optional": False}}

    def __init__(self, *args: Any, step_up: StepUp, by_link: bool = False, **options: Any) -> None:
        super().__init__(*args, by_link=by_link, **options)
        if step_up.state != StepUp.State.SENT:
            del self.fields["received_by"], self.fields["their_reference"]
        if by_link:
            self.fields["decision"].label = "What have you decided?"

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        decided = answers.get("decision")
        if decided and decided != StepUp.Decision.ACCEPTED and not answers.get("words"):
            self.add_error("words", "Write why, so that the hub knows how to go on")
        return answers
