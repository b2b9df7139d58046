"""What is asked about where a child learns."""

from typing import Any

from django import forms

from kith.casework.models import Schooling
from kith.partners import queries as partners
from kith.partners.models import Organisation
from kith.ui.fields import DateField, PlainTextField

MOST_FOUND = 15
AS_TYPED = "Use the name as I typed it"
NONE_OF_THESE = "None of these: use the name as I typed it"
EMPTY_IF_UNKNOWN = "Leave it empty if nobody knows."
SOURCE = "Who says so?"
SOURCE_HINT = "Or where it was taken from, such as “Her mother” or “The school’s letter”"
NOT_KNOWN = ("", "Not known")
# Kith writes these itself.
OWN_ENDINGS = (Schooling.Ending.SEND, Schooling.Ending.DIED)
ENDINGS = [
    NOT_KNOWN,
    *((key, label) for key, label in Schooling.Ending.choices if key not in OWN_ENDINGS),
]
OF_ADDING = ("former", "left_ending")


class SchoolingForm(forms.Form):
    """Where a child learns: a school of the register, found by its name without needing a script;
    another; or none."""

    mark = forms.CharField(widget=forms.HiddenInput, required=False)
    setting = forms.ChoiceField(
        label="Where do they learn?",
        choices=Schooling.Setting.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where they learn"},
    )
    name = PlainTextField(
        label="Name of the school or place",
        help_text="Type its name, or part of it. Leave it empty for a child who is taught at home"
        " or goes to no school.",
        max_length=200,
        required=False,
    )
    chosen = forms.ChoiceField(widget=forms.HiddenInput, required=False)
    send = forms.ChoiceField(
        label="Support for special educational needs",
        choices=[NOT_KNOWN, *Schooling.Send.choices],
        required=False,
    )
    since = DateField(label="Since when?", past=True, required=False, help_text=EMPTY_IF_UNKNOWN)
    former = forms.ChoiceField(
        choices=[
            ("left", "No, they left it on the day given above"),
            ("both", "Yes, they go to both"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether they still go to the other place"},
    )
    left_ending = forms.ChoiceField(label="Why did they leave it?", choices=ENDINGS, required=False)
    until = DateField(
        label="Until when?",
        past=True,
        required=False,
        help_text="For what is over. Else leave it empty.",
    )
    ending = forms.ChoiceField(label="Why did it end?", choices=ENDINGS, required=False)
    source = PlainTextField(label=SOURCE, help_text=SOURCE_HINT, max_length=200)

    reveals = {"former": {"left": ["left_ending"]}}
    layout = {"name": {"optional": False}, "chosen": {"optional": False}}

    def __init__(
        self, *args: Any, former: str = "", out: Any = None, spell: Any = None, **options: Any
    ) -> None:
        self.spell, self.out = spell, out
        super().__init__(*args, **options)
        if former:
            self.fields["former"].label = f"Do they still go to {former}?"
        else:
            del self.fields["former"], self.fields["left_ending"]
        if spell is not None and spell.ending in OWN_ENDINGS:
            own = (spell.ending, spell.get_ending_display())
            field = self.fields["ending"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*ENDINGS, own]
        # What is chosen is read from what was found, below.
        chosen = self.fields["chosen"]
        assert isinstance(chosen, forms.ChoiceField)
        said = str(self.data.get(self.add_prefix("chosen"), ""))
        chosen.choices = [("", ""), (said, said)]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        setting, name = answers.get("setting"), answers.get("name", "")
        answers["organisation"] = None
        if setting in Schooling.NAMED:
            if not name and not self.has_error("name"):
                self.add_error("name", "Write the name of the school or place.")
            elif name:
                answers["organisation"] = self._found(name)
        elif setting and name:
            self.add_error(
                "name",
                "Take the name out, or choose above that they go there: a child who is taught at home"
                " or not in school has no school.",
            )
        if answers.get("ending") and not answers.get("until") and not self.has_error("until"):
            self.add_error("until", "Give the day on which it ended.")
        undated = not answers.get("since") and not self.has_error("since")
        if undated and answers.get("former") == "left":
            self.add_error("since", "Give the day on which they began, and left the other.")
        elif undated and self.ends_being_out(answers):
            self.add_error(
                "since",
                f"Give the day: until then, “{self.out.get_setting_display()}” stands there.",
            )
        if answers.get("until") and answers.get("former") == "left":
            self.add_error(
                "former",
                "What is over did not end where they learn now. Choose Yes, or leave the end empty.",
            )
        return answers

    def ends_being_out(self, answers: dict[str, Any]) -> bool:
        """Say whether a child who was taught at home, or not in school (`out`), is that no more."""
        return (
            self.out is not None
            and bool(answers.get("setting"))
            and answers["setting"] != self.out.setting
            and not answers.get("until")
        )

    def _found(self, typed: str) -> Organisation | None:
        """Return the school that is meant; ask where that is not clear."""
        chosen = str(self.data.get(self.add_prefix("chosen"), ""))
        known = self.spell.organisation if self.spell is not None else None
        if known is not None and typed == self.spell.name and not chosen:
            return known  # type: ignore[no-any-return]
        found = list(partners.schools(typed)[:MOST_FOUND])
        by_number = {str(one.pk): one for one in found}
        exact = [one for one in found if one.name.casefold() == typed.casefold()]
        if chosen in by_number:
            return by_number[chosen]
        if chosen == "none" or (self.spell is not None and typed == self.spell.name):
            return None
        if len(exact) == 1:
            return exact[0]
        self._ask(found, typed)
        return None

    def _ask(self, found: list[Organisation], typed: str) -> None:
        field = forms.ChoiceField(
            label=f"Which one do you mean by “{typed}”?" if found else f"We do not know “{typed}”",
            choices=[
                *((str(one.pk), _described(one)) for one in found),
                ("none", NONE_OF_THESE if found else AS_TYPED),
            ],
            widget=forms.RadioSelect,
            required=False,
            help_text="There are more. Type more of the name to see fewer."
            if len(found) == MOST_FOUND
            else "",
        )
        self.fields["chosen"] = field
        # Drawn from the field as it is now, not as it was when the answers were read.
        self._bound_fields_cache.pop("chosen", None)  # type: ignore[attr-defined]
        self.add_error(
            "chosen",
            "Choose one of those we found, or “none of these”."
            if found
            else "Check the spelling, or choose “use the name as I typed it”.",
        )

    def said(self) -> dict[str, Any]:
        """Return what was answered, as the actions take it."""
        answers = dict(self.cleaned_data)
        for name in ("mark", "chosen", *OF_ADDING):
            answers.pop(name, None)
        if answers["organisation"]:
            answers["name"] = answers["organisation"].name
        return answers

    @staticmethod
    def of(spell: Schooling) -> dict[str, Any]:
        """Return what is written down, to begin with."""
        names = ("setting", "name", "send", "since", "until", "ending", "source")
        return {name: getattr(spell, name) for name in names}


def _described(one: Organisation) -> str:
    place = one.postcode or (one.address.splitlines() or [""])[-1]
    return f"{one.name}, {place}" if place else one.name


class SchoolEndForm(forms.Form):
    until = DateField(label="Since when do they no longer go there?", past=True)
    ending = forms.ChoiceField(label="Why did it end?", choices=ENDINGS, required=False)


class SendForm(forms.Form):
    send = forms.ChoiceField(
        label="Which support do they have now?",
        choices=Schooling.Send.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the support they have now"},
    )
    since = DateField(label="Since when?", past=True)
    source = PlainTextField(label=SOURCE, help_text=SOURCE_HINT, max_length=200)


class SchoolMistakeForm(forms.Form):
    why = PlainTextField(
        label="Why should this not stand here?",
        help_text="Such as “It is her cousin’s school”",
        max_length=300,
        error_messages={"required": "Say why it should not stand there"},
    )
