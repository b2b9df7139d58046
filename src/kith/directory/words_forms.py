"""Forms for the words of the directory: kinds of help, groups, words that mean the same, school terms."""

from typing import Any

from django import forms

from kith.directory import queries
from kith.directory.actions import Kind
from kith.directory.models import Term
from kith.ui.fields import ChoosingForm, DateField, PlainTextField

COMMAS = "With commas between."


class TermForm(ChoosingForm):
    """What is said of a kind of help, or of a group that help is for."""

    name = PlainTextField(label="What is it called?", max_length=120)
    description = PlainTextField(
        label="What is it?", help_text="A sentence, for people who choose it and for other systems.", max_length=300
    )  # fmt: skip
    parent = forms.ChoiceField(label="Under which heading?", required=False)
    synonyms = PlainTextField(
        label="Other words that people use for it", help_text=f"{COMMAS} Who types one finds what is sorted here.", max_length=600, required=False
    )  # fmt: skip
    order = forms.IntegerField(
        label="Place in the list", help_text="Small numbers stand first; those that are the same, by name.", min_value=0, max_value=999, initial=10
    )  # fmt: skip
    layout = {"order": {"width": 3}}

    def __init__(self, *args: Any, taxonomy: str, known: Term | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.headings = {
            one.code: one
            for one in queries.terms(taxonomy)
            if one.parent_id is None and one != known
        }
        self.offer(
            "parent",
            [("", "It is a heading itself"), *((code, one.name) for code, one in self.headings.items())],
        )  # fmt: skip
        if taxonomy == Term.Taxonomy.TARGET:
            del self.fields["parent"]

    def details(self) -> Kind:
        """Return what was said."""
        given = self.cleaned_data
        return Kind(
            name=given["name"],
            description=given["description"],
            parent=self.headings.get(given.get("parent", "")),
            synonyms=parts(given["synonyms"]),
            order=given["order"],
        )


class RetireForm(ChoosingForm):
    """What becomes of the services that are sorted under a term."""

    into = forms.ChoiceField(label="Sort them under another instead?", required=False)

    def __init__(self, *args: Any, term: Term, **named: Any) -> None:
        super().__init__(*args, **named)
        self.others = {one.code: one for one in queries.terms(term.taxonomy) if one.pk != term.pk}
        named_ = (
            (code, f"{one.parent}: {one}" if one.parent else one.name)
            for code, one in self.others.items()
        )
        self.offer("into", [("", "No"), *named_])

    def other(self) -> Term | None:
        """Return the term that was chosen."""
        return self.others.get(self.cleaned_data["into"])


class SameMeaningForm(forms.Form):
    """Words that mean the same."""

    words = PlainTextField(
        label="Which words mean the same?",
        help_text=f"{COMMAS} For example: food bank, larder, food parcel",
        lines=True,
        rows=2,
        max_length=600,
    )


class SchoolTermForm(forms.Form):
    """A stretch of days in which schools are open."""

    name = PlainTextField(
        label="What is it called?", help_text="For example: Autumn term, first half 2027", max_length=60
    )  # fmt: skip
    since = DateField(label="First day of school")
    until = DateField(label="Last day of school")


def parts(text: str) -> tuple[str, ...]:
    """Return what stands between commas, each once."""
    found = (part.strip()[:80] for part in text.split(","))
    return tuple({part.casefold(): part for part in found if part}.values())


def of_term(known: Term) -> dict[str, Any]:
    """Return what a form about a term begins with."""
    return {
        "name": known.name,
        "description": known.description,
        "parent": known.parent.code if known.parent else "",
        "synonyms": ", ".join(known.synonyms),
        "order": known.order,
    }
