"""What is asked about supports, their sessions and the people placed on them."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kith.accounts.models import User
from kith.casework.models import Goal
from kith.families.queries import Member
from kith.supports.models import Attendance, Reason, Support
from kith.supports.queries import CouldCome, Given
from kith.ui.fields import ClockField, DateField, PlainTextField

Status = Attendance.Status
CHOICES = [*((status.value, status.label) for status in Status), ("", "Not marked")]


class SupportForm(forms.Form):
    """What is given, where, when, and by whom."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=Support.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )
    name = PlainTextField(
        label="Name", max_length=120, help_text="As people know it. No family’s name."
    )
    words = PlainTextField(
        label="What is it for, and for whom?", lines=True, rows=3, max_length=1000, required=False
    )
    place = PlainTextField(label="Where is it held?", max_length=200)
    leader = forms.ChoiceField(
        label="Who leads it?", error_messages={"required": "Choose who leads it"}
    )
    often = forms.ChoiceField(
        label="How often?",
        choices=[
            ("weekly", "Every week, on the same day"),
            ("once", "On days that I add one by one"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often it is held"},
    )
    since = DateField(
        label="First session", help_text="Every week: later ones are on the same day of the week."
    )
    starts = ClockField(label="Begins at", help_text="For example, 10:00")
    minutes = forms.IntegerField(label="How many minutes?", min_value=5, max_value=720)
    places = forms.IntegerField(
        label="How many can come?",
        min_value=1,
        max_value=500,
        required=False,
        help_text="Leave it empty where there is no limit.",
    )
    core_code = forms.ChoiceField(
        label="Is it part of the core offer?",
        required=False,
        help_text="Its registers then show whether the hub holds it as often as was promised.",
    )
    layout = {
        "starts": {"width": 5},
        "minutes": {"width": 4},
        "places": {"width": 4},
    }

    def __init__(
        self,
        *args: Any,
        workers: Sequence[User],
        core: Sequence[tuple[str, str]] = (),
        change: bool = False,
        **options: Any,
    ):
        super().__init__(*args, **options)
        self.fields["core_code"].choices = [("", "No"), *core]  # type: ignore[attr-defined]
        self.workers = {str(worker.pk): worker for worker in workers}
        self.fields["leader"].choices = [  # type: ignore[attr-defined]
            ("", "Choose somebody"),
            *((key, worker.name) for key, worker in self.workers.items()),
        ]
        if change:
            # What it is, and since when, is not changed: another support begins instead.
            for name in ("kind", "often", "since"):
                del self.fields[name]

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as the actions take them. Call after is_valid()."""
        answers = dict(self.cleaned_data)
        answers["leader"] = self.workers[answers["leader"]]
        if "often" in answers:
            weekly = answers.pop("often") == "weekly"
            answers["weekday"] = answers["since"].weekday() if weekly else None
        return answers


class SessionForm(forms.Form):
    """One more session."""

    on = DateField(label="Day")
    starts = ClockField(label="Begins at", help_text="For example, 10:00")
    minutes = forms.IntegerField(label="How many minutes?", min_value=5, max_value=720)
    place = PlainTextField(label="Where, if not as always?", max_length=200, required=False)
    layout = {"starts": {"width": 5}, "minutes": {"width": 4}}


class CancelForm(forms.Form):
    """Why a session is not held."""

    reason = PlainTextField(
        label="Why is it cancelled?",
        max_length=300,
        error_messages={"required": "Say why it is cancelled"},
    )


class EndForm(forms.Form):
    """When a support, or a place on one, ends, and why."""

    until = DateField(label="Last day")
    words = PlainTextField(label="Why does it end?", max_length=300)

    def __init__(self, *args: Any, must: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"].required = must
        self.fields["words"].error_messages["required"] = "Say why it ends"


class PlaceForm(forms.Form):
    """Who of a family is placed on what, from when, and for which goal."""

    support = forms.ChoiceField(
        label="On what?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a group or session"},
    )
    people = forms.MultipleChoiceField(
        label="Who?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person"},
    )
    since = DateField(label="From which day?")
    to_know = PlainTextField(
        label="What must whoever leads know, to keep them safe?",
        help_text="Allergies, who collects them. A partner or volunteer who leads sees this and the "
        "name, and nothing else.",
        max_length=300,
        required=False,
    )
    goal = forms.ChoiceField(
        label="For which goal of the plan?", widget=forms.RadioSelect, required=False
    )

    def __init__(
        self,
        *args: Any,
        given: Sequence[Given],
        members: Sequence[Member],
        goals: Sequence[Goal],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.supports = {str(one.support.pk): one.support for one in given}
        self.members = {str(member.person.pk): member.person for member in members}
        self.goals = {str(goal.pk): goal for goal in goals}
        fields: dict[str, Any] = dict(self.fields)
        fields["support"].choices = [
            (str(one.support.pk), f"{one.support}{_free(one)}") for one in given
        ]
        fields["people"].choices = [
            (key, f"{member.name}, {member.role_name.lower()}")
            for key, member in zip(self.members, members, strict=True)
        ]
        fields["goal"].choices = [
            *((key, goal.words) for key, goal in self.goals.items()),
            ("", "None of them"),
        ]
        if not goals:
            del self.fields["goal"]

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as the action takes them. Call after is_valid()."""
        answers = self.cleaned_data
        return {
            "support": self.supports[answers["support"]],
            "people": [self.members[key] for key in answers["people"]],
            "since": answers["since"],
            "to_know": answers["to_know"],
            "goal": self.goals.get(answers.get("goal") or ""),
        }


def _free(given: Given) -> str:
    if given.free is None:
        return f" ({given.support.get_kind_display().lower()})"
    left = "full" if not given.free else "one place" if given.free == 1 else f"{given.free} places"
    return f" ({given.support.get_kind_display().lower()}, {left})"


class ToKnowForm(forms.Form):
    """What whoever leads must know of somebody."""

    words = PlainTextField(
        label="What must whoever leads know, to keep them safe?",
        help_text="Allergies, who collects them. A partner or volunteer who leads sees this and the "
        "name, and nothing else. Empty it where there is nothing.",
        max_length=300,
        required=False,
    )


class LeadForm(forms.Form):
    """Who of a partner leads it."""

    email = forms.EmailField(
        label="Their e-mail address",
        help_text="With which they sign in. They are told by e-mail.",
        error_messages={"required": "Give the e-mail address with which they sign in"},
    )
    since = DateField(label="From which day?")
    until = DateField(label="Until which day?", required=False)


class DropInForm(forms.Form):
    """Who came without a place."""

    who = forms.ChoiceField(
        label="Who came?", widget=forms.RadioSelect, error_messages={"required": "Choose who came"}
    )

    def __init__(self, *args: Any, found: Sequence[CouldCome], **options: Any) -> None:
        super().__init__(*args, **options)
        self.found = {str(one.person.pk): one for one in found}
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.person}, {one.role.lower()}, {one.family.name}")
            for key, one in self.found.items()
        ]


REASONS = Reason.choices
