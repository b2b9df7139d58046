"""Forms of families. Which records may be put together is decided by the action."""

from typing import Any

from django import forms

from kith.families.queries import LikelySame, Member, Preview
from kith.ui.fields import PlainTextField


class MergeForm(forms.Form):
    """Which record stays, and who is whom. Who is likely the same is chosen to begin with; a
    person sees once more who is put together before it is done."""

    mark_optional = False
    keep = forms.ChoiceField(
        label="Which record stays?",
        widget=forms.RadioSelect,
        help_text="The other points to it. Nothing is lost, and it can be undone.",
    )

    def __init__(self, *args: Any, preview: Preview, **options: Any) -> None:
        super().__init__(*args, **options)
        self.preview = preview
        self.layout = {"keep": {"size": "m"}}
        records = (preview.kept, preview.gone)
        keep = self.fields["keep"]
        assert isinstance(keep, forms.ChoiceField)
        keep.choices = [
            (record.reference, f"{record.name}, {record.reference}") for record in records
        ]
        keep.initial = preview.kept.reference
        suggested: dict[Any, LikelySame] = {}
        begun_with: dict[Any, str] = {}
        for pair in preview.same_people:  # the likeliest first
            suggested.setdefault(pair.other.pk, pair)
            mine = str(pair.person.pk)
            if pair.comparison.likely and mine not in begun_with.values():
                begun_with.setdefault(pair.other.pk, mine)
        for member in preview.gone_people:
            likeness = suggested.get(member.person.pk)
            self.fields[self.name_for(member)] = forms.ChoiceField(
                label=f"{_named(member)} of {preview.gone.reference} is",
                required=False,
                initial=begun_with.get(member.person.pk, ""),
                help_text=_advice(likeness) if likeness else "",
                choices=[
                    ("", "somebody else"),
                    *((str(one.person.pk), _named(one)) for one in preview.kept_people),
                ],
            )

    @staticmethod
    def name_for(member: Member) -> str:
        return f"person_{member.person.pk}"

    def clean(self) -> dict[str, Any]:
        """Nobody of one record is two people of the other."""
        chosen: dict[str, str] = {}
        for member in self.preview.gone_people:
            name = self.name_for(member)
            number = self.cleaned_data.get(name)
            if number and number in chosen:
                self.add_error(name, "Choose each person once. Somebody else is them already")
            elif number:
                chosen[number] = name
        return self.cleaned_data

    def who_is_whom(self) -> tuple[list[str], list[str]]:
        """Return in words who is put together with whom, and who stays somebody else."""
        preview, pairs = self.preview, self.same_people()
        named = {one.person.pk: _named(one) for one in preview.kept_people + preview.gone_people}
        together = {person.pk for pair in pairs for person in pair}
        both = [(named[person.pk], named[other.pk]) for person, other in pairs]
        return (
            [f"{a}, on both records" if a == b else f"{a} and {b}" for a, b in both],
            [
                f"{_named(one)}, {record.reference}"
                for record, people in (
                    (preview.kept, preview.kept_people),
                    (preview.gone, preview.gone_people),
                )
                for one in people
                if one.person.pk not in together
            ],
        )

    def same_people(self) -> list[tuple[Any, Any]]:
        """Return the pairs chosen: of the record shown first, and of the other."""
        of_kept = {str(one.person.pk): one.person for one in self.preview.kept_people}
        return [
            (of_kept[number], member.person)
            for member in self.preview.gone_people
            if (number := self.cleaned_data.get(self.name_for(member)))
        ]


class TwoPeopleForm(forms.Form):
    """Which two people of one family's records to look at."""

    mark_optional = False
    one = forms.TypedChoiceField(
        label="This person", coerce=int, error_messages={"required": "Choose a person"}
    )
    other = forms.TypedChoiceField(
        label="and this person",
        coerce=int,
        error_messages={"required": "Choose a second person"},
    )

    def __init__(self, *args: Any, members: list[Member], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "Choose"), *((str(one.person.pk), _named(one)) for one in members)]
        for field in self.fields.values():
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """A person is not compared with themselves."""
        chosen = super().clean() or {}
        if chosen.get("one") and chosen.get("one") == chosen.get("other"):
            self.add_error("other", "Choose two different people")
        return chosen


class OnePersonForm(forms.Form):
    """Two people are one: which record stays, and why."""

    keep = forms.TypedChoiceField(label="Which record stays?", coerce=int, widget=forms.RadioSelect)
    reason = PlainTextField(
        label="Why are they one person?",
        help_text="What you know beside what stands above, such as “The school entered her twice”.",
        max_length=300,
        error_messages={"required": "Write why they are one person"},
    )

    def __init__(self, *args: Any, members: list[Member], **options: Any) -> None:
        super().__init__(*args, **options)
        keep = self.fields["keep"]
        assert isinstance(keep, forms.ChoiceField)
        keep.choices = [(one.person.pk, _named(one)) for one in members]


def _named(member: Member) -> str:
    born = member.date_of_birth or member.expected_on
    when = f", {born.day} {born:%B %Y}" if born else ""
    return f"{member.name} ({member.role_name.lower()}{when})"


def _advice(pair: Any) -> str:
    return f"{pair.comparison.words} as {pair.person}. The reasons are above."
