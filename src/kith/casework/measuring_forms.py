"""What is asked about measures, attendance and exclusions, and of those who give feedback."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kith.casework import first_measures
from kith.casework.attendance_file import MOST_BYTES
from kith.casework.models import Exclusion, Measure
from kith.families.queries import Member
from kith.ui.fields import DateField, PlainTextField, ScannedFileField

ANSWERS = [(str(n), word) for n, word in enumerate(first_measures.OFTEN)]
MUCH = [(str(n), word) for n, word in enumerate(first_measures.MUCH)]


def _whom(people: Sequence[Member], about: str) -> list[tuple[int, str]]:
    return [
        (one.person.pk, one.name)
        for one in people
        if one.is_child == (about == Measure.About.CHILD) and (one.name or not one.is_child)
    ]


class OfSomebodyForm(forms.Form):
    """A value of somebody, and where it is from."""

    source = PlainTextField(
        label="Who told you, or where is it from?",
        max_length=200,
        error_messages={"required": "Say who told you, or where it is from"},
    )

    def __init__(self, *args: Any, people: Sequence[Member], about: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {one.person.pk: one.person for one in people}
        if about == Measure.About.FAMILY:
            return
        choices = _whom(people, about)
        self.fields["person"] = forms.TypedChoiceField(
            label="Who is it about?",
            coerce=int,
            choices=choices,
            widget=forms.RadioSelect,
            initial=choices[0][0] if len(choices) == 1 else None,
            error_messages={"required": "Choose who it is about"},
        )
        self.order_fields(["person"])

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        answers["person"] = self.people.get(answers.get("person") or 0)
        return answers


class ScoreForm(OfSomebodyForm):
    """Answers to a short questionnaire, or a score that was worked out elsewhere."""

    mark_optional = False
    on = DateField(label="Day", past=True)

    def __init__(self, *args: Any, measure: Measure, **options: Any) -> None:
        super().__init__(*args, about=measure.about, **options)
        self.measure = measure
        self.fields["source"].help_text = "For example: Grace herself, the class teacher"
        if measure.kind == Measure.Kind.SCORE:
            self.fields["value"] = forms.DecimalField(
                label=f"Score, from {measure.low} to {measure.high}",
                help_text=measure.get_better_display(),
                min_value=measure.low,
                max_value=measure.high,
                max_digits=5,
                decimal_places=1,
                error_messages={
                    "required": f"Enter a score from {measure.low} to {measure.high}",
                    "invalid": "Enter a number",
                    "min_value": f"Enter {measure.low} or more",
                    "max_value": f"Enter {measure.high} or less",
                },
            )
            self.layout = {"value": {"width": 4}}
        for number, question in enumerate(measure.questions):
            self.fields[f"q{number}"] = forms.ChoiceField(
                label=question, choices=ANSWERS, widget=forms.RadioSelect, required=False
            )

    @property
    def said(self) -> dict[str, Any]:
        """What was answered, as `keep_score` takes it."""
        answers = dict(self.cleaned_data)
        said = {name: answers[name] for name in ("person", "on", "source")}
        if self.measure.kind == Measure.Kind.SCORE:
            return said | {"value": answers["value"]}
        given = [answers[f"q{number}"] for number in range(len(self.measure.questions))]
        return said | {"answers": [int(one) if one else None for one in given]}


def _sessions(label: str, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=0,
        max_value=900,
        error_messages={
            "required": f"Enter {label[0].lower()}{label[1:]}, 0 for none",
            "invalid": "Enter a whole number",
            "min_value": "Enter 0 or more",
            "max_value": "Enter 900 or less",
        },
    )


class AttendanceForm(OfSomebodyForm):
    """How many sessions a child attended from a day to a day."""

    first = DateField(
        label="First day", past=True, error_messages={"required": "Enter the first day"}
    )
    last = DateField(label="Last day", past=True, error_messages={"required": "Enter the last day"})
    possible = _sessions("Sessions that were possible", "A school day has two.")
    attended = _sessions("Sessions attended")
    authorised = _sessions("Absences that the school authorised")
    unauthorised = _sessions("Absences that it did not")
    layout = {name: {"width": 4} for name in ("possible", "attended", "authorised", "unauthorised")}
    field_order = ("person", "first", "last", "possible", "attended", "authorised", "unauthorised")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, about=Measure.About.CHILD, **options)
        self.order_fields(self.field_order)


class ExclusionForm(OfSomebodyForm):
    """A school sent a child away."""

    on = DateField(label="First day", past=True, error_messages={"required": "Enter the first day"})
    kind = forms.ChoiceField(
        label="What was it?",
        choices=Exclusion.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it was"},
    )
    sessions = forms.IntegerField(
        label="For how many sessions?",
        help_text="A school day has two.",
        min_value=1,
        max_value=90,
        required=False,
        error_messages={
            "invalid": "Enter a whole number",
            "min_value": "Enter 1 or more",
            "max_value": "Enter 90 or less",
        },
    )
    reveals = {"kind": {"suspension": ["sessions"]}}
    layout = {"sessions": {"width": 3, "optional": False}}
    field_order = ("person", "on", "kind", "sessions")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, about=Measure.About.CHILD, **options)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        suspended = answers.get("kind") == Exclusion.Kind.SUSPENSION
        if suspended and not answers.get("sessions") and not self.has_error("sessions"):
            self.add_error("sessions", "Enter for how many sessions")
        return answers


class MistakeForm(forms.Form):
    reason = PlainTextField(
        label="What is wrong with it?",
        help_text="It stays readable, marked as a mistake, and counts to nothing.",
        max_length=300,
        error_messages={"required": "Write what is wrong with it"},
    )


class FileForm(forms.Form):
    file = ScannedFileField(
        largest=MOST_BYTES,
        label="File (CSV)",
        error_messages={"required": "Choose a file", "empty": "The file is empty"},
    )
    although = forms.BooleanField(
        label="Keep the rows that are right, even where others are wrong", required=False
    )


class MeasureForm(forms.Form):
    """A new measure, or a new version of one."""

    name = PlainTextField(label="Name", max_length=120, error_messages={"required": "Enter a name"})
    kind = forms.ChoiceField(
        label="What is entered?",
        choices=[
            ("score", "A score worked out elsewhere: the questions are not ours"),
            ("questions", "Answers to questions that we wrote ourselves"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is entered"},
    )
    low = forms.IntegerField(label="Lowest score", min_value=-999, max_value=9999, required=False)
    high = forms.IntegerField(label="Highest score", min_value=-999, max_value=9999, required=False)
    questions = PlainTextField(
        label="Questions, one on each line",
        help_text="Only words that are free to use: many questionnaires are licensed. Each is answered "
        "from “never” (0) to “always” (4), and the answers are added up.",
        lines=True,
        rows=8,
        max_length=4000,
        required=False,
    )
    about = forms.ChoiceField(
        label="Of whom is it?",
        choices=Measure.About.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose of whom it is"},
    )
    better = forms.ChoiceField(
        label="Which way is better?",
        choices=Measure.Better.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which way is better"},
    )
    meaning = PlainTextField(
        label="What do the numbers mean, and what not?",
        lines=True,
        rows=3,
        max_length=1000,
        error_messages={"required": "Write what the numbers mean"},
    )
    source = PlainTextField(
        label="Whose is it, and under which licence?",
        max_length=300,
        error_messages={"required": "Write whose it is"},
    )
    reveals = {"kind": {"score": ["low", "high"], "questions": ["questions"]}}
    layout = {
        "low": {"width": 4, "optional": False},
        "high": {"width": 4, "optional": False},
        "questions": {"optional": False},
    }

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("kind") == "score":
            for name in ("low", "high"):
                if answers.get(name) is None and not self.has_error(name):
                    self.add_error(name, "Enter a number")
        return answers

    @property
    def said(self) -> dict[str, Any]:
        """What was answered, as `release_measure` takes it."""
        answers = dict(self.cleaned_data)
        answers["questions"] = answers["questions"].splitlines()
        return answers | {"low": answers["low"] or 0, "high": answers["high"] or 0}


class FeedbackForm(forms.Form):
    """What somebody thinks of the help."""

    mark_optional = False
    words = PlainTextField(
        label="Anything else?", lines=True, rows=4, max_length=3000, required=False
    )

    def __init__(self, *args: Any, of: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asked = first_measures.FEEDBACK[of]
        for key, question in self.asked.items():
            self.fields[key] = forms.ChoiceField(
                label=question, choices=MUCH, widget=forms.RadioSelect, required=False
            )
        self.order_fields([*self.asked, "words"])

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(answers.values()):
            self.add_error(next(iter(self.asked)), "Answer something, or write what you think.")
        return answers

    @property
    def said(self) -> dict[str, Any]:
        """What was answered, as `give_feedback` takes it."""
        given = {key: self.cleaned_data[key] for key in self.asked}
        return {
            "answers": {key: int(answer) for key, answer in given.items() if answer},
            "words": self.cleaned_data["words"],
        }
