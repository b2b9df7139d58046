"""What is asked of those who look after a hub's work. Each form is one page, one thing."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from kith.accounts.models import Team, User
from kith.casework.intensity import Weight, plain
from kith.casework.models import AuditFinding, Case, CaseAudit, Contact, Intensity
from kith.ui.fields import DateField, PlainTextField


class IntensityForm(forms.Form):
    was = forms.CharField(widget=forms.HiddenInput)
    intensity = forms.ChoiceField(
        label="How much work does the family need at present?",
        choices=Intensity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much work the family needs"},
    )
    reason = PlainTextField(
        label="Why?",
        help_text="For colleagues, and so that the family could read it. It stays on the case.",
        max_length=300,
        error_messages={"required": "Write why"},
    )

    def __init__(self, *args: Any, case: Case, weights: Sequence[Weight], **options: Any) -> None:
        options["initial"] = {"was": case.intensity, "intensity": case.intensity}
        super().__init__(*args, **options)
        self.hints = {
            "intensity": {
                one.key: f"{one.meaning} Counts as {plain(one.counts)}." for one in weights
            }
        }


class WeightsForm(forms.Form):
    """As how many usual families one of each intensity counts."""

    def __init__(self, *args: Any, weights: Sequence[Weight], **options: Any) -> None:
        options["initial"] = {one.key: plain(one.counts) for one in weights}
        super().__init__(*args, **options)
        for one in weights:
            self.fields[one.key] = forms.DecimalField(
                label=f"{one.name} counts as",
                help_text=one.meaning,
                min_value=Decimal("0.1"),
                max_value=Decimal(10),
                max_digits=3,
                decimal_places=1,
                error_messages={
                    "required": f"Enter what a family of {one.name.lower()} intensity counts",
                    "invalid": "Enter a number, such as 1.5",
                    "max_decimal_places": "Give one place after the point at most, such as 1.5",
                    "max_digits": "Enter a number from 0.1 to 10, such as 1.5",
                    "max_whole_digits": "Enter a number from 0.1 to 10",
                    "min_value": "Enter 0.1 or more",
                    "max_value": "Enter 10 or less",
                },
            )
        self.layout = {one.key: {"width": 3} for one in weights}


class SupervisionForm(forms.Form):
    """That a manager and a worker have talked, and how the worker is."""

    worker = forms.TypedChoiceField(
        label="With whom did you talk?",
        coerce=int,
        error_messages={"required": "Choose the worker"},
    )
    held_on = DateField(label="When?", past=True)
    words = PlainTextField(
        label="How is the worker?",
        help_text="How they are, what they learn and need, leave, training. Nothing about a family "
        "here: that comes next, case by case. Only the two of you and whoever manages the hub can "
        "read this. It cannot be changed; you can add to it.",
        lines=True,
        rows=8,
        max_length=20_000,
        required=False,
    )
    next_on = DateField(label="When do you talk next?", required=False)

    def __init__(self, *args: Any, workers: Sequence[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.workers = {worker.pk: worker for worker in workers}
        self.fields["worker"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a worker"),
            *((worker.pk, str(worker)) for worker in workers),
        ]


class AgreedActionForm(forms.Form):
    """One thing that the worker or the manager will do for a family."""

    what = PlainTextField(
        label="What will be done?",
        help_text="It goes into the family’s plan, and to whoever does it.",
        max_length=300,
        error_messages={"required": "Write what will be done"},
    )
    owner = forms.TypedChoiceField(
        label="Who will do it?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who will do it"},
    )
    due_on = DateField(
        label="By which day?",
        future=True,
        error_messages={"required": "Enter the day by which it will be done"},
    )

    def __init__(self, *args: Any, owners: Sequence[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.owners = {owner.pk: owner for owner in owners}
        self.fields["owner"].choices = [(owner.pk, str(owner)) for owner in owners]  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """Words added to what was said in a supervision."""

    words = PlainTextField(
        label="What do you want to add?",
        help_text="It stands under the first words, with your name and today’s date. It belongs to "
        "the family’s record: write it so that the family could read it.",
        lines=True,
        rows=8,
        max_length=20_000,
        error_messages={"required": "Write what you want to add"},
    )


class ReflectionForm(AgreedActionForm):
    """What was said of a case, and perhaps an action that was agreed."""

    words = PlainTextField(
        label="What did you say about the case, and what do you make of it?",
        help_text="It belongs to the family’s record: write it so that the family could read it. It "
        "cannot be changed; you can add to it.",
        lines=True,
        rows=8,
        max_length=20_000,
        error_messages={"required": "Write what you said about the case"},
    )
    field_order = ["words", "what", "owner", "due_on"]
    layout = {"owner": {"optional": False}, "due_on": {"optional": False}}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["what"].label = "An action that you agreed"
        self.fields[
            "what"
        ].help_text = "It goes into the family’s plan, and to whoever does it. You can add more actions afterwards."
        for name in ("what", "owner", "due_on"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("what"):
            if not answers.get("due_on") and not self.has_error("due_on"):
                self.add_error("due_on", "Enter the day by which it will be done")
            if not answers.get("owner") and not self.has_error("owner"):
                self.add_error("owner", "Choose who will do it")
        elif answers.get("due_on") and not self.has_error("what"):
            self.add_error("what", "Write what will be done by that day, or take the day out")
        return answers


# Case audits


class DrawForm(forms.Form):
    """Which cases a sample is drawn from, and how many."""

    why = PlainTextField(
        label="What is the audit for?",
        help_text="For example: the child’s voice, autumn 2026",
        max_length=200,
        error_messages={"required": "Write what the audit is for"},
    )
    team = forms.ChoiceField(label="Which hub?")
    which = forms.ChoiceField(
        label="Which cases?",
        choices=CaseAudit.Which.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which cases"},
    )
    since = DateField(
        label="Since when?",
        help_text="Open cases: opened on this day or later. Closed cases: closed on this day or later.",
        past=True,
    )
    how_many = forms.IntegerField(
        label="How many cases?",
        min_value=1,
        max_value=50,
        error_messages={
            "required": "Enter how many cases to draw",
            "invalid": "Enter a whole number, such as 6",
            "min_value": "Draw at least 1 case",
            "max_value": "Draw 50 cases at most",
        },
    )
    layout = {"how_many": {"width": 3}}

    def __init__(self, *args: Any, teams: Sequence[Team], county: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.teams = {str(team.pk): team for team in teams}
        every = [("all", "Every hub")] if county else []
        self.fields["team"].choices = [  # type: ignore[attr-defined]
            *every,
            *((key, str(team)) for key, team in self.teams.items()),
        ]


class FindingForm(forms.Form):
    """What somebody found who read the record of a case."""

    def __init__(self, *args: Any, questions: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.layout: dict[str, dict[str, Any]] = {}
        for number, question in enumerate(questions, start=1):
            self.fields[f"answer-{number}"] = forms.ChoiceField(
                label=f"{number}. {question}",
                choices=AuditFinding.Answer.choices,
                widget=forms.RadioSelect,
                error_messages={"required": f"Answer question {number}"},
            )
            self.fields[f"words-{number}"] = PlainTextField(
                label="What shows it?", max_length=500, required=False
            )
            self.layout[f"answer-{number}"] = {"inline": True, "small": True}
        self.count = len(questions)
        self.fields["good"] = PlainTextField(
            label="What is good about this work?",
            lines=True,
            rows=4,
            max_length=5000,
            error_messages={"required": "Write what is good"},
        )
        self.fields["better"] = PlainTextField(
            label="What must get better?",
            help_text="Needed where the work requires improvement or is inadequate.",
            lines=True,
            rows=4,
            max_length=5000,
            required=False,
        )
        self.fields["grade"] = forms.ChoiceField(
            label="How good is the work, for the child?",
            help_text="Your judgement, in the words that Ofsted uses. No sum of the answers gives it.",
            choices=AuditFinding.Grade.choices,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose a grade"},
        )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        poor = answers.get("grade") in ("requires_improvement", "inadequate")
        if poor and not answers.get("better") and not self.has_error("better"):
            self.add_error("better", "Write what must get better")
        return answers

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The answers with their words, in the order of the questions. Call after is_valid()."""
        return [
            (self.cleaned_data[f"answer-{number}"], self.cleaned_data[f"words-{number}"])
            for number in range(1, self.count + 1)
        ]


class FollowUpForm(forms.Form):
    """A try to ask a family how things are, after help has ended."""

    reached = forms.ChoiceField(
        label="Did you reach them?",
        choices=[("yes", "Yes"), ("no", "No, I tried")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you reached them"},
    )
    outcome = forms.ChoiceField(
        label="How are things now, as the family sees it?",
        choices=Case.Outcome.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    how = forms.ChoiceField(
        label="How did you try?",
        choices=Contact.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you tried"},
    )
    on = DateField(label="On which day?", past=True)
    words = PlainTextField(
        label="What did they say?", lines=True, rows=3, max_length=2000, required=False
    )
    layout = {"outcome": {"optional": False}}
    reveals = {"reached": {"yes": ["outcome"]}}

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("reached") == "yes" and not answers.get("outcome"):
            self.add_error("outcome", "Choose how things are")
        return answers


class QuestionsForm(forms.Form):
    """The questions of the next version."""

    questions = PlainTextField(
        label="The questions",
        help_text="One on each line. Each is answered with yes, partly, no, or “the record does not say”.",
        lines=True,
        rows=16,
        max_length=12_000,
        error_messages={"required": "Write at least one question"},
    )
    changes = PlainTextField(
        label="What is new?",
        max_length=300,
        error_messages={"required": "Write what is new"},
    )
