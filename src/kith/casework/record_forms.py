"""What is asked about who a family is: each form is one page, one thing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from kith.analytics.kinship import Oddity
from kith.families.living import OnADay, Somebody
from kith.families.models import ContactDetail, Membership, OtherName, Person, Relationship
from kith.referrals.summary import DISABILITY_NAMES, ETHNICITY_NAMES
from kith.typed.text import tidy_text
from kith.ui.fields import ChoosingForm, DateField, PlainTextField

YES_NO = [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")]
Choices = Sequence[tuple[Any, str]]


def _when(label: str = "Since when?", **options: Any) -> DateField:
    return DateField(
        label=label,
        past=True,
        required=False,
        help_text=options.pop("help_text", "Leave it empty if nobody knows."),
        **options,
    )


class SureForm(ChoosingForm):
    """Asks, where an answer looks odd, whether it is right: one tick for each thing."""

    def sure_of(self) -> list[str]:
        return self.data.getlist("sure_of") if isinstance(self.data, QueryDict) else []

    def ask_whether_right(self, oddities: Sequence[Oddity]) -> None:
        self.fields["sure_of"] = forms.MultipleChoiceField(
            label="Is this right?",
            choices=[(oddity.key, f"Yes: {oddity.words}") for oddity in oddities],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )


class PersonForm(ChoosingForm):
    """Who somebody is, and how they belong to the family."""

    mark = forms.CharField(widget=forms.HiddenInput, required=False)
    given_names = PlainTextField(label="First names", max_length=100, required=False)
    family_name = PlainTextField(label="Last name", max_length=100, required=False)
    known_as = PlainTextField(
        label="What are they called?", help_text="If it is another name.", required=False,
        max_length=100,
    )  # fmt: skip
    role = forms.ChoiceField(
        label="In this family they are",
        choices=[("", "Choose"), *Membership.Role.choices],
        error_messages={"required": "Choose what they are in this family"},
    )
    born = forms.ChoiceField(
        label="Have they been born?",
        choices=[("born", "Yes"), ("unborn", "Not yet: a child is expected")],
        widget=forms.RadioSelect,
        initial="born",
    )
    date_of_birth = DateField(label="Date of birth", past=True, required=False)
    expected_on = DateField(label="Day expected", required=False)
    sex = forms.ChoiceField(label="Sex", choices=Person.Sex.choices, initial="U")
    parental_responsibility = forms.ChoiceField(
        label="Do they have parental responsibility for the children?",
        help_text="The law’s word for the right to decide for a child. A mother has it; others may.",
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=False,
        initial="unknown",
    )
    lives_here = forms.BooleanField(label="They live with the family", required=False, initial=True)
    since = _when("Since when do they belong to the family?")
    language = PlainTextField(label="First language", max_length=60, required=False)
    interpreter_needed = forms.BooleanField(label="They need an interpreter", required=False)
    ethnicity = forms.ChoiceField(
        label="Ethnic background",
        choices=[("", "Not known"), *ETHNICITY_NAMES.items()],
        required=False,
    )
    disabilities = forms.MultipleChoiceField(
        label="Difficulties with any of these",
        choices=list(DISABILITY_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    young_carer = forms.BooleanField(
        label="Young carer: a child who looks after somebody at home", required=False
    )

    reveals = {"born": {"born": ["date_of_birth"], "unborn": ["expected_on"]}}
    layout = {
        "expected_on": {"optional": False},
        "parental_responsibility": {"small": True, "optional": False},
        "disabilities": {"small": True},
    }

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        unborn = answers.get("born") == "unborn"
        if unborn and answers.get("role") not in (None, "", "child"):
            self.add_error("born", "An adult has been born. Choose Yes.")
        if unborn and not answers.get("expected_on") and not self.has_error("expected_on"):
            self.add_error("expected_on", "Give the day on which the child is expected.")
        if not unborn and not (answers.get("given_names") or answers.get("family_name")):
            self.add_error("given_names", "Write a first name or a last name.")
        return answers

    def changes(self) -> dict[str, Any]:
        """Return the fields of the person, and of how they belong."""
        answers = dict(self.cleaned_data)
        del answers["mark"]
        unborn = answers.pop("born") == "unborn"
        answers["date_of_birth"] = None if unborn else answers["date_of_birth"]
        answers["expected_on"] = answers["expected_on"] if unborn else None
        answers["parental_responsibility"] = {"yes": True, "no": False}.get(
            answers["parental_responsibility"]
        )
        return answers

    @staticmethod
    def said(person: Any, membership: Any) -> dict[str, Any]:
        """Return what a record says, to begin with."""
        said = {
            name: getattr(person, name)
            for name in PersonForm.base_fields
            if name not in ("mark", "born", *OF_BELONGING)
        }
        said |= {name: getattr(membership, name) for name in OF_BELONGING}
        said["parental_responsibility"] = {True: "yes", False: "no", None: "unknown"}[
            membership.parental_responsibility
        ]
        said["born"] = "unborn" if person.expected_on and not person.date_of_birth else "born"
        return said


OF_BELONGING = ("role", "parental_responsibility", "lives_here", "since")


class NewNameForm(forms.Form):
    given_names = PlainTextField(label="First names", max_length=100)
    family_name = PlainTextField(label="Last name", max_length=100, required=False)
    on = _when("Since when do they have this name?")


class OtherNameForm(forms.Form):
    kind = forms.ChoiceField(
        label="What kind of name is it?",
        choices=OtherName.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of name it is"},
    )
    given_names = PlainTextField(label="First names", max_length=100, required=False)
    family_name = PlainTextField(label="Last name", max_length=100, required=False)
    since = _when("From when?")
    until = _when("Until when?")

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not (answers.get("given_names") or answers.get("family_name")) and not self.errors:
            self.add_error("given_names", "Write a first name or a last name.")
        return answers


class BornForm(forms.Form):
    on = DateField(label="Date of birth", past=True)
    given_names = PlainTextField(label="First names", max_length=100)
    family_name = PlainTextField(label="Last name", max_length=100, required=False)
    sex = forms.ChoiceField(label="Sex", choices=Person.Sex.choices, initial="U")


class OnForm(forms.Form):
    """On which day something happened."""

    on = DateField(label="Day", past=True)

    def __init__(self, *args: Any, label: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].label = label or "Day"


class UntilForm(forms.Form):
    """When something ended."""

    until = DateField(label="Since when is that so?", past=True)

    def __init__(self, *args: Any, label: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if label:
            self.fields["until"].label = label


class JoinForm(forms.Form):
    role = forms.ChoiceField(label="In this family they are", choices=Membership.Role.choices)
    since = _when("Since when are they back?")
    lives_here = forms.BooleanField(label="They live with the family", required=False, initial=True)


class FindKnownForm(forms.Form):
    """Whom to look for among the people known already."""

    q = PlainTextField(
        label="Name, date of birth, postcode or telephone",
        help_text="Whole words, in any spelling and any order. For example: kate okafor 12/3/2015",
        max_length=200,
        error_messages={
            "required": "Write a name, a date of birth, a postcode or a telephone number"
        },
    )


class KnownForm(SureForm):
    """How somebody of another family belongs to this one too."""

    role = forms.ChoiceField(
        label="In this family they are",
        choices=[("", "Choose"), *Membership.Role.choices],
        error_messages={"required": "Choose what they are in this family"},
    )
    since = _when("Since when do they belong to this family?")
    lives_here = forms.BooleanField(
        label="They live with this family too", required=False, initial=True
    )
    kind = forms.ChoiceField(
        label="What are they to somebody of this family?",
        choices=[("", "Not written down now"), *Relationship.Kind.choices],
        required=False,
    )
    other = forms.TypedChoiceField(label="To whom?", coerce=int, empty_value=None, required=False)
    parental_responsibility = forms.ChoiceField(
        label="Do they have parental responsibility for the children of this family?",
        help_text="Of an adult. The law’s word for the right to decide for a child.",
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=False,
        initial="unknown",
    )
    knowing = forms.BooleanField(
        label="I know who will see them from now on, and it is safe",
        error_messages={"required": "Say that you know who will see them from now on"},
    )
    layout = {
        "parental_responsibility": {"small": True, "optional": False},
        "kind": {"optional": False},
        "other": {"optional": False},
        "sure_of": {"optional": False},
    }

    def __init__(self, *args: Any, people: Choices, kept: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("other", [("", "Choose"), *people])
        if not kept:
            del self.fields["knowing"]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("kind") and not answers.get("other") and not self.has_error("other"):
            self.add_error("other", "Choose to whom.")
        if answers.get("other") and not answers.get("kind") and not self.has_error("kind"):
            self.add_error("kind", "Choose what they are to them.")
        return answers

    def said(self) -> dict[str, Any]:
        """Return what was answered, as the action takes it."""
        answers = dict(self.cleaned_data)
        answers.pop("other")
        answers["parental_responsibility"] = {"yes": True, "no": False}.get(
            answers["parental_responsibility"]
        )
        answers["sure_of"] = self.sure_of()
        return answers


class RelationshipForm(SureForm):
    kind = forms.ChoiceField(
        label="What are they?",
        choices=[("", "Choose"), *Relationship.Kind.choices],
        error_messages={"required": "Choose what they are"},
    )
    other = forms.TypedChoiceField(
        label="Of whom?", coerce=int, error_messages={"required": "Choose a person"}
    )
    parental_responsibility = forms.ChoiceField(
        label="Do they have parental responsibility for them?",
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=False,
        initial="unknown",
    )
    since = _when()
    until = _when(
        "Until when?", help_text="For what is over, such as a former partner. Else leave it empty."
    )
    layout = {
        "parental_responsibility": {"small": True, "optional": False},
        "sure_of": {"optional": False},
    }

    def __init__(self, *args: Any, people: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("other", [("", "Choose"), *people])

    def said(self) -> dict[str, Any]:
        """Return what was answered, as the action takes it."""
        answers = dict(self.cleaned_data)
        answers.pop("other")
        answers["parental_responsibility"] = {"yes": True, "no": False}.get(
            answers["parental_responsibility"]
        )
        answers["sure_of"] = self.sure_of()
        return answers


class WayForm(forms.Form):
    """A way to reach somebody."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=ContactDetail.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose telephone or e-mail"},
    )
    value = PlainTextField(label="Number or address", max_length=254)
    safe = forms.BooleanField(label="It is safe to use", required=False, initial=True)
    preferred = forms.BooleanField(label="They like to be reached this way", required=False)
    advice = PlainTextField(
        label="What to mind", help_text="Such as “Not after six”", max_length=300, required=False
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        value = tidy_text(answers.get("value", ""))
        if answers.get("kind") == ContactDetail.Kind.EMAIL and value:
            try:
                forms.EmailField().clean(value)
            except forms.ValidationError:
                self.add_error("value", "Write the e-mail address like name@example.com.")
        digits = [sign for sign in value if sign.isdigit()]
        if answers.get("kind") == ContactDetail.Kind.PHONE and value and len(digits) < 9:
            self.add_error("value", "Write the whole number, with the area code.")
        return answers


class SafeForm(forms.Form):
    """Whether a way to reach somebody is safe."""

    safe = forms.BooleanField(label="It is safe to use", required=False)
    advice = PlainTextField(label="What to mind", max_length=300, required=False)


class HomeForm(forms.Form):
    postcode = PlainTextField(label="Postcode", max_length=10, required=False)
    lines = PlainTextField(label="Address", lines=True, rows=3, max_length=300, required=False)
    called = PlainTextField(
        label="What is this home called?",
        help_text="Where the children have two, such as “Dad’s flat”",
        max_length=60,
        required=False,
    )
    since = _when("Since when does somebody of the family live there?")
    people = forms.TypedMultipleChoiceField(
        label="Who lives there?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    safe = forms.BooleanField(label="It is safe to send post there", required=False, initial=True)
    first = forms.ChoiceField(
        choices=[
            ("kept", "Yes. Whoever is not ticked above lives there still"),
            ("left", "No. The family has moved from there to this home"),
            ("unsaid", "I do not know"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the family still has its other home"},
    )
    layout = {"postcode": {"width": 10}, "people": {"small": True}}

    def __init__(self, *args: Any, people: Choices, known: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if known:
            self.fields["first"].label = f"Does the family still live at {known} too?"
        else:
            del self.fields["first"]
        field = self.fields["people"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = list(people)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not (answers.get("postcode") or answers.get("lines")) and not self.errors:
            self.add_error("postcode", "Write the postcode, or the address.")
        if answers.get("first") == "left" and not answers.get("since"):
            self.add_error("since", "Give the day on which they moved.")
        return answers


class HomeChangeForm(forms.Form):
    called = PlainTextField(label="What is this home called?", max_length=60, required=False)
    safe = forms.BooleanField(label="It is safe to send post there", required=False)


class MoveInForm(ChoosingForm):
    person = forms.TypedChoiceField(
        label="Who?", coerce=int, error_messages={"required": "Choose who lives there"}
    )
    since = _when()
    until = _when("Until when?", help_text="For a time that is over. Else leave it empty.")
    pattern = PlainTextField(
        label="On which days?",
        help_text="Where they have two homes, such as “Friday to Sunday, every other week”",
        max_length=120,
        required=False,
    )

    def __init__(self, *args: Any, people: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("person", [("", "Choose"), *people])


KNEW = [
    ("now", "What we know now about that day"),
    ("then", "What we knew on that day"),
]


class AsAtForm(forms.Form):
    """A past day, and which of two questions to ask of it."""

    mark_optional = False
    on = DateField(label="Day", past=True)
    knew = forms.ChoiceField(
        label="Which record?", choices=KNEW, widget=forms.RadioSelect, initial="now"
    )
    hints = {
        "knew": {
            "now": "With all that was learned and corrected since.",
            "then": "As whoever opened the record that evening would have seen it.",
        }
    }
    layout = {"knew": {"small": True}}


def people_to_choose(found: OnADay, *, but: Somebody | None = None) -> list[tuple[int, str]]:
    """Return the people of a family who live, with what they are in it."""
    return [
        (one.number, f"{one.name} ({one.role_name.lower()})")
        for one in found.people
        if one.died is None and (but is None or one.number != but.number)
    ]
