"""Forms about other directories."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kith.directory import queries
from kith.directory.actions import OtherDirectory
from kith.directory.models import Source, SourceTerm, Term
from kith.ui.fields import ChoosingForm, PlainTextField


class SourceForm(forms.Form):
    """Another directory."""

    name = PlainTextField(
        label="Whose directory is it?", help_text="For example: Warwickshire County Council.", max_length=150
    )  # fmt: skip
    address = PlainTextField(
        label="Address of its Open Referral UK feed",
        help_text="It begins with https:// and is what comes before /services.",
        max_length=400,
    )
    publishes = forms.BooleanField(
        label="Publish what comes",
        help_text="Else it comes as drafts, which you publish one by one.",
        required=False,
        initial=True,
    )
    daily = forms.BooleanField(
        label="Read it again every day",
        help_text="Look into it and import it once before.",
        required=False,
    )

    def details(self) -> OtherDirectory:
        """Return what was said."""
        return OtherDirectory(**self.cleaned_data)


def of_source(known: Source) -> dict[str, Any]:
    """Return what a form about a source begins with."""
    return {name: getattr(known, name) for name in SourceForm.base_fields}


class TermsForm(ChoosingForm):
    """What some terms of theirs mean: a question for each, named by its number."""

    mark_optional = False

    def __init__(self, *args: Any, theirs: Sequence[SourceTerm], **named: Any) -> None:
        super().__init__(*args, **named)
        self.theirs = {f"term_{one.pk}": one for one in theirs}
        self.ours: dict[str, Term] = {}
        choices: list[tuple[str, object]] = [("", "None of ours")]
        for taxonomy, heading in Term.Taxonomy.choices:
            under = []
            for term in queries.terms(taxonomy):
                key = f"{taxonomy}/{term.code}"
                self.ours[key] = term
                name = f"{term.name} ({term.parent.name})" if term.parent else term.name
                under.append((key, name))
            choices.append((str(heading), sorted(under, key=lambda pair: pair[1])))
        for name, one in self.theirs.items():
            begins = f"{one.term.taxonomy}/{one.term.code}" if one.term else ""
            self.fields[name] = forms.ChoiceField(
                label=one.name, choices=choices, required=False, initial=begins
            )

    def chosen(self) -> dict[str, Term | None]:
        """Return what each means, by its key there."""
        return {
            one.key: self.ours.get(self.cleaned_data[name]) for name, one in self.theirs.items()
        }
