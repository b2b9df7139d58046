"""What is asked about sharing and the family's own page: who agreed to what, why something is shared
without, taking it back; who gets a page, and what goes on it."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms

from kith.casework.models import FamilyPage, FamilyWords, Sharing
from kith.casework.sharing import giver
from kith.families.models import ContactDetail
from kith.families.queries import Member
from kith.notices.queries import no_provider
from kith.partners.models import Organisation
from kith.referrals.requests import AGENCIES
from kith.ui.fields import DateField, PlainTextField

SOMEBODY_ELSE = "else"


class SharingForm(forms.Form):
    """With whom, what for, and for how long: what both ways of sharing have in common."""

    purpose = forms.ChoiceField(
        label="What for?",
        choices=Sharing.Purpose.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is for"},
    )
    with_whom = forms.ChoiceField(
        label="With whom?",
        help_text="All of a kind, or one organisation. Not asked where it is about the hub alone.",
        required=False,
    )
    since = DateField(label="Since which day?", past=True, help_text="For example, 27 3 2026")
    until = DateField(
        label="Until which day?",
        future=True,
        required=False,
        help_text="Leave empty if nobody named a last day",
    )
    layout = {"with_whom": {"optional": False}}

    def __init__(self, *args: Any, partners: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.partners = {f"o{partner.pk}": partner for partner in partners}
        by_kind = sorted(partners, key=lambda one: (one.get_kind_display(), one.name))
        self.fields["with_whom"].choices = [  # type: ignore[attr-defined]
            ("", "Choose with whom"),
            ("All of a kind", list(AGENCIES.items())),
            *(
                (kind, [(f"o{one.pk}", one.name) for one in group])
                for kind, group in groupby(by_kind, key=lambda one: one.get_kind_display())
            ),
        ]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        chosen = answers.pop("with_whom", "")
        if answers.get("purpose") in Sharing.WITH_NOBODY:
            chosen = ""
        elif not chosen and not self.has_error("with_whom"):
            self.add_error("with_whom", "Choose with whom it may be shared")
        answers["organisation"] = self.partners.get(chosen)
        answers["agency"] = "" if answers["organisation"] else chosen
        return answers


class ConsentForm(SharingForm):
    """Somebody of the family agreed."""

    who = forms.ChoiceField(
        label="Who agreed?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who agreed"},
    )
    name = PlainTextField(label="Their name", max_length=200, required=False)
    giver = forms.ChoiceField(
        label="They are",
        choices=Sharing.Giver.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    competence = PlainTextField(
        label="Why can this young person decide it?",
        help_text="Only below 16: what they understood of it, in their words, and how you know. "
        "Otherwise a parent decides.",
        lines=True,
        rows=3,
        max_length=2000,
        required=False,
    )
    how = forms.ChoiceField(
        label="How did they agree?",
        choices=[("spoken", "They said so"), ("written", "They signed")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how they agreed"},
    )
    of_others = forms.BooleanField(
        label="They may also read what it says of people outside the home: wider family, neighbours, "
        "who else helps. Otherwise that is left out.",
        required=False,
    )
    field_order = (
        *("who", "name", "giver", "competence", "purpose", "of_others", "with_whom", "how"),
        *("since", "until"),
    )
    reveals = {
        "who": {SOMEBODY_ELSE: ["name", "giver"]},
        "purpose": {Sharing.Purpose.ASSESSMENT.value: ["of_others"]},
    }
    layout = SharingForm.layout | {"name": {"optional": False}, "giver": {"optional": False}}

    def __init__(self, *args: Any, people: Sequence[Member], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(member.person.pk): member for member in people}
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            *((key, f"{one.name}, {one.role_name.lower()}") for key, one in self.people.items()),
            (SOMEBODY_ELSE, "Somebody else"),
        ]
        children = [key for key, one in self.people.items() if one.is_child]
        if len(children) == 1:  # a question can stand under one answer only
            self.reveals = self.reveals | {
                "who": self.reveals["who"] | {children[0]: ["competence"]}
            }

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        member = self.people.get(answers.pop("who", ""))
        name = answers.pop("name", "")
        if member is not None:
            answers["given_by"], answers["person"] = member.name, member.person
            answers["giver"] = giver(member)
        elif not self.has_error("who"):
            answers["given_by"], answers["person"] = name, None
            if not name and not self.has_error("name"):
                self.add_error("name", "Enter the name of whoever agreed")
            if not answers.get("giver"):
                self.add_error("giver", "Choose who they are")
        return answers


class WithoutConsentForm(SharingForm):
    """A manager decided to share without consent."""

    ground = forms.ChoiceField(
        label="On which ground?",
        choices=[choice for choice in Sharing.Ground.choices if choice[0] != "consent"],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the ground"},
    )
    reason = PlainTextField(
        label="Why is it shared without consent?",
        help_text="What would happen otherwise, and why asking the family is not possible or not "
        "safe. The family may read this one day.",
        lines=True,
        rows=4,
        max_length=4000,
        error_messages={"required": "Write why this is shared without consent"},
    )
    field_order = ("ground", "reason", "purpose", "with_whom", "since", "until")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # To the rest only the family can agree.
        self.fields["with_whom"].help_text = "All of a kind, or one organisation"
        self.fields["purpose"].choices = [  # type: ignore[attr-defined]
            choice for choice in Sharing.Purpose.choices if choice[0] not in Sharing.WITH_NOBODY
        ]


class GivePageForm(forms.Form):
    """Who of the family gets their own page, and how."""

    way = forms.TypedChoiceField(
        label="Who, and how do they get it?",
        help_text="Only ways that are safe are shown. Nobody else should read what goes there.",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who gets a page, and how"},
    )

    def __init__(self, *args: Any, people: Sequence[Member], **options: Any) -> None:
        super().__init__(*args, **options)
        self.no_texts = bool(no_provider("text"))
        self.ways = {
            detail.pk: detail
            for member in people
            for detail in member.contact_details
            if detail.safe and (detail.kind == ContactDetail.Kind.EMAIL or not self.no_texts)
        }
        names = {detail.pk: member.name for member in people for detail in member.contact_details}
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            (key, f"{names[key]}: {detail.value}") for key, detail in self.ways.items()
        ]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if "way" in answers:
            answers["way"] = self.ways[answers["way"]]
        return answers


class HandForm(forms.Form):
    """Onto whose page an assessment goes."""

    page = forms.TypedChoiceField(
        label="Onto whose page?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whose page"},
    )

    def __init__(self, *args: Any, pages: Sequence[FamilyPage], **options: Any) -> None:
        super().__init__(*args, **options)
        self.pages = {page.pk: page for page in pages}
        self.fields["page"].choices = [(page.pk, page.name) for page in pages]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if "page" in answers:
            answers["page"] = self.pages[answers["page"]]
        return answers


class FamilyWordsForm(forms.Form):
    """What somebody of the family wants to say."""

    words = PlainTextField(
        label="What do you think?",
        help_text="How it goes, what helps, what does not. The people at the hub read it.",
        lines=True,
        rows=5,
        max_length=4000,
        error_messages={"required": "Write what you want to say"},
    )


class OwnActionForm(forms.Form):
    """How something comes on that the family took on."""

    says = forms.ChoiceField(
        label="How does it come on?",
        choices=FamilyWords.Says.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it is done, or you need help with it"},
    )
    words = PlainTextField(
        label="Do you want to say more?",
        help_text="What came of it, or what would help. Your worker reads it.",
        lines=True,
        rows=4,
        max_length=4000,
        required=False,
    )


class TakeBackForm(forms.Form):
    """Somebody takes back what was agreed."""

    said_by = PlainTextField(
        label="Who took it back?",
        max_length=200,
        error_messages={"required": "Enter who took it back"},
    )
    words = PlainTextField(
        label="What did they say?", lines=True, rows=3, max_length=2000, required=False
    )
